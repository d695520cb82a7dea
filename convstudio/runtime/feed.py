"""The feed: the newest frame of whatever the person looks at, handed from a source's thread to the window's.

It knows nothing of documents and reads no source itself. In what order and how soon frames are taken is decided in
`arrivals`.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil, isfinite

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveSource, LiveState, Playback
from convstudio.runtime.arrivals import Arrival, Arrivals


class Feed(QObject):
    """The newest frame, and what can be said of its source.

    Signals come on the window's thread. While it is busy at most two frames wait; a newer one takes the place of
    the oldest.
    """

    frame_arrived = Signal()
    state_changed = Signal(object, str)  # LiveState, and a sentence or ""
    _posted = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._arrivals = Arrivals(clock)
        self._source: LiveSource | None = None
        self._frame: Frame | None = None
        self._playback = Playback()
        self._source_state = (LiveState.STILL, "")
        self._shown_state = (LiveState.STILL, "")
        self._is_frozen = False
        self._held_back: Arrival | None = None  # the newest frame while frozen
        self._number = 0
        self._is_full: Callable[[], bool] = lambda: False
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setTimerType(Qt.TimerType.PreciseTimer)
        self._gap.timeout.connect(self._deliver)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def frame(self) -> Frame | None:
        """The frame to look at."""
        return self._frame

    @property
    def playback(self) -> Playback:
        """Where a video stands."""
        return self._playback

    @property
    def state(self) -> LiveState:
        return self._shown_state[0]

    @property
    def sentence(self) -> str:
        """What there is to say about the state, or ""."""
        return self._shown_state[1]

    @property
    def number(self) -> int:
        """Counts the frames shown."""
        return self._number

    @property
    def generation(self) -> int:
        """Counts the sources, so that answers about an older one can be told apart."""
        return self._arrivals.generation

    @property
    def is_frozen(self) -> bool:
        return self._is_frozen

    @property
    def frames_per_second(self) -> float:
        """How many frames the source delivers, over the last two seconds; 0 where none come."""
        return self._arrivals.rate

    def show_still(self, frame: Frame) -> None:
        """Show a picture that does not change, and let the earlier source go."""
        self._change_source()
        self._show(Arrival(frame, Playback()))
        self._settle()

    def play(self, source: LiveSource) -> None:
        """Show what a live source delivers, and let the earlier one go; its last frame stays until one arrives."""
        generation = self._change_source()
        try:
            source.start(partial(self._take_frame, generation), partial(self._take_state, generation))
        except Exception:
            self._settle()  # nothing is live now
            raise
        self._source, self._source_state = source, (LiveState.CONNECTING, "")
        self._settle()

    def hold_while(self, is_full: Callable[[], bool]) -> None:
        """Show the next frame of a live source only while this is False; `go_on` tells when it has become so."""
        self._is_full = is_full

    @Slot()
    def go_on(self) -> None:
        """Show the next frame, if one waits."""
        self._deliver()

    def freeze(self) -> None:
        """Hold the frame; the source goes on and its signal is still watched."""
        if self._source is not None:
            self._is_frozen = True
            self._settle()

    def unfreeze(self) -> None:
        """Show the newest frame again."""
        self._is_frozen = False
        held_back, self._held_back = self._held_back, None
        if held_back is not None:
            self._show(held_back)
        self._settle()

    def pause(self) -> None:
        """Stop a video; a camera is frozen."""
        if self._source is not None:
            self._source.pause()

    def resume(self) -> None:
        """Let a paused source go on."""
        if self._source is not None:
            self._source.resume()

    def seek(self, seconds: float) -> None:
        """Go to another time of a video."""
        if self._source is not None:
            self._source.seek(seconds)

    def loop(self, *, is_looping: bool) -> None:
        """Whether a video starts again at its end."""
        if self._source is not None:
            self._source.loop(is_looping=is_looping)
            self._playback = replace(self._playback, is_looping=is_looping)

    def close(self) -> None:
        """Let the source go; the last frame stays as a still picture."""
        self._change_source()
        self._settle()

    def _change_source(self) -> int:
        """Close the source; what is still on its way from it is dropped. The number of the next one."""
        source, self._source = self._source, None
        generation = self._arrivals.begin()
        self._is_frozen, self._held_back = False, None
        self._source_state = (LiveState.STILL, "")
        if source is not None:
            source.close()
        self._playback = Playback()
        return generation

    def _take_frame(self, generation: int, frame: Frame, playback: Playback) -> None:
        """Called on the source's thread."""
        if self._arrivals.bring(generation, Arrival(frame, playback)):
            self._posted.emit()

    def _take_state(self, generation: int, state: LiveState, sentence: str) -> None:
        """Called on the source's thread."""
        if self._arrivals.bring(generation, (state, sentence)):
            self._posted.emit()

    @Slot()
    def _deliver(self) -> None:
        """On the window's thread: take what is due from the queue."""
        while (entry := self._arrivals.take(is_full=self._is_full())) is not None:
            if isinstance(entry, float):
                if isfinite(entry):
                    self._gap.start(ceil(1000 * entry))
                return
            if not isinstance(entry, Arrival):
                self._source_state = entry
                self._settle()
            elif self._is_frozen:
                self._held_back = entry
            else:
                self._show(entry)

    def _show(self, arrival: Arrival) -> None:
        self._frame, self._playback = arrival.frame, arrival.playback
        self._number += 1
        self.frame_arrived.emit()

    def _settle(self) -> None:
        """Emit the state that follows from the source's and from freezing, where it has changed."""
        state, sentence = self._source_state
        if self._is_frozen and state is LiveState.LIVE:
            state = LiveState.FROZEN
        if self._shown_state != (state, sentence):
            self._shown_state = (state, sentence)
            self.state_changed.emit(state, sentence)
