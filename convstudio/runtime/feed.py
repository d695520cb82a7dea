"""The feed: the newest frame of whatever the person looks at, handed from a source's thread to the window's.

Never a queue of frames. It knows nothing of documents, and reads nothing itself: sources are given to it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from convstudio.core.frame import Frame
from convstudio.core.live import LiveSource, LiveState, Playback

RATE_SPAN = 2.0  # seconds over which the frame rate is measured


class Feed(QObject):
    """The newest frame, and what can be said of its source.

    Signals come on the window's thread. `frame_arrived` is never queued twice: while the window is busy, newer frames
    take the place of the one that waits.
    """

    frame_arrived = Signal()
    state_changed = Signal(object, str)  # LiveState, and a sentence or ""
    _posted = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._source: LiveSource | None = None
        self._frame: Frame | None = None
        self._playback = Playback()
        self._source_state = (LiveState.STILL, "")
        self._said = (LiveState.STILL, "")
        self._is_frozen = False
        self._held_back: tuple[Frame, Playback] | None = None  # the newest frame while frozen
        self._number = 0
        self._lock = threading.Lock()  # guards what follows
        self._generation = 0
        self._waiting_frame: tuple[Frame, Playback] | None = None
        self._waiting_states: list[tuple[LiveState, str]] = []
        self._is_posted = False
        self._arrivals: deque[float] = deque()
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
        return self._said[0]

    @property
    def sentence(self) -> str:
        """What there is to say about the state, or ""."""
        return self._said[1]

    @property
    def number(self) -> int:
        """Counts the frames shown."""
        return self._number

    @property
    def generation(self) -> int:
        """Counts the sources, so that answers about an older one can be told apart."""
        return self._generation

    @property
    def is_frozen(self) -> bool:
        return self._is_frozen

    @property
    def frames_per_second(self) -> float:
        """How many frames the source delivers, over the last two seconds; 0 where none come."""
        with self._lock:
            self._forget_arrivals(self._clock())
            if len(self._arrivals) < 2:
                return 0.0
            span = self._arrivals[-1] - self._arrivals[0]
            return (len(self._arrivals) - 1) / span if span > 0 else 0.0

    def show_still(self, frame: Frame) -> None:
        """Show a picture that does not change, and let the earlier source go."""
        self._change_source()
        self._show(frame, Playback())
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
            self._show(*held_back)
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
        with self._lock:
            self._generation += 1
            self._waiting_frame = None
            self._waiting_states.clear()
            self._arrivals.clear()
            generation = self._generation
        self._is_frozen, self._held_back = False, None
        self._source_state = (LiveState.STILL, "")
        if source is not None:
            source.close()
        self._playback = Playback()
        return generation

    def _take_frame(self, generation: int, frame: Frame, playback: Playback) -> None:
        """Called on the source's thread."""
        with self._lock:
            if generation != self._generation:
                return
            now = self._clock()
            self._arrivals.append(now)
            self._forget_arrivals(now)
            self._waiting_frame = (frame, playback)
            self._post()

    def _take_state(self, generation: int, state: LiveState, sentence: str) -> None:
        """Called on the source's thread."""
        with self._lock:
            if generation != self._generation:
                return
            self._waiting_states.append((state, sentence))
            self._post()

    def _post(self) -> None:
        if not self._is_posted:
            self._is_posted = True
            self._posted.emit()

    def _forget_arrivals(self, now: float) -> None:
        while self._arrivals and self._arrivals[0] < now - RATE_SPAN:
            self._arrivals.popleft()

    @Slot()
    def _deliver(self) -> None:
        """Take in, on the window's thread, what waits."""
        with self._lock:
            self._is_posted = False
            generation = self._generation
            waiting, self._waiting_frame = self._waiting_frame, None
            states, self._waiting_states = self._waiting_states, []
        if waiting is not None and self._is_frozen:
            self._held_back = waiting
        elif waiting is not None:
            self._show(*waiting)
        for state in states:
            if generation == self._generation:  # who hears of the frame or a state may change the source
                self._source_state = state
                self._settle()

    def _show(self, frame: Frame, playback: Playback) -> None:
        self._frame, self._playback = frame, playback
        self._number += 1
        self.frame_arrived.emit()

    def _settle(self) -> None:
        """Say the state that follows from the source's and from the person's holding it, where it is news."""
        state, sentence = self._source_state
        if self._is_frozen and state is LiveState.LIVE:
            state = LiveState.FROZEN
        if self._said != (state, sentence):
            self._said = (state, sentence)
            self.state_changed.emit(state, sentence)
