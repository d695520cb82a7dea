"""Cameras, network streams and video files as live sources: the window's side.

A reader process of its own opens the source; it may crash or block, and is killed and started again. One thread here
takes in its newest frame, notices silence and starts readers. What the reader does lives in `reader_process`.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.buffers import Recycler
from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveState, Playback
from convstudio.io.capture.address import absolute_address, kind_of
from convstudio.io.capture.messages import AddressKind, News, Order
from convstudio.io.capture.reader import Reader, ReaderMessage
from convstudio.io.decoding.decoder import Decoder

__all__ = ["AddressKind", "Capture", "kind_of"]

OPENING = {AddressKind.CAMERA: 20.0, AddressKind.STREAM: 9.0, AddressKind.FILE: 20.0}  # seconds; some drivers are slow
TURN = 0.05  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0  # seconds between two attempts
MOST_IDLE_FRAMES = 4  # buffers that wait for a frame
MOST_CRASHES = 3  # of one file's readers, then the file is given up

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Patience:
    """Seconds of silence until the source counts as lost, and seconds more until its reader is killed."""

    silence: float
    grace: float = 0.0


FIRST_FRAME = _Patience(5.0)  # of an opened camera or stream
LIVE = _Patience(1.5, 0.5)  # a short stall ends by itself
VIDEO = _Patience(5.0, 10.0)  # its reader shows signs of life while it waits; seeking can take long


@dataclass
class _ReaderState:
    """What is known of the present reader."""

    patience: _Patience
    last_sign: float  # of life, in seconds of the monotonic clock
    is_held: bool = False  # paused, as far as the reader says
    has_frame: bool = False


class Capture:
    """A live source read in a process of its own.

    `is_seekable` says of a URL whether it is a video with an end, played at its own rate, or a live stream; None asks
    the source.
    """

    def __init__(self, address: str | int, *, name: str, is_seekable: bool | None = None) -> None:
        self.name = name
        self._kind = kind_of(address)
        self._address = address if isinstance(address, int) else absolute_address(address, self._kind)
        self._is_seekable = is_seekable
        self._lock = threading.Lock()  # guards what follows, up to the empty line
        self._reader: Reader | None = None
        self._is_paused = False
        self._is_looping = False
        self._position = 0.0

        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._on_frame: Callable[[Frame, Playback], None]
        self._on_state: Callable[[LiveState, str], None]
        self._memory = Recycler(most_idle=MOST_IDLE_FRAMES)
        self._decoder = Decoder()  # of its own, so that closing ends it
        self._reported: tuple[LiveState, str] | None = None
        self._is_live = self._kind is not AddressKind.FILE
        self._duration = 0.0
        self._has_shown = False
        self._crashes = 0
        self._pause = FIRST_PAUSE

    @property
    def reader_process(self) -> int | None:
        """The number of the process that reads at present."""
        with self._lock:
            return self._reader.process_id if self._reader else None

    def start(self, on_frame: Callable[[Frame, Playback], None], on_state: Callable[[LiveState, str], None]) -> None:
        """Begin to read; both callbacks come from one thread of this source."""
        self._on_frame, self._on_state = on_frame, on_state
        self._thread = threading.Thread(target=self._run, name=f"capture {self.name}", daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Hold the picture. A camera's signal is still watched."""
        with self._lock:
            self._is_paused = True
            self._order(Order.PAUSE)

    def resume(self) -> None:
        """Go on; a video at its end starts again."""
        with self._lock:
            self._is_paused = False
            self._order(Order.RESUME)

    def seek(self, seconds: float) -> None:
        """Show the frame of that time, also while paused; live sources have no other time than now."""
        with self._lock:
            self._position = max(float(seconds), 0.0)
            self._order(Order.SEEK, seconds=self._position)

    def loop(self, *, is_looping: bool) -> None:
        """Whether a video starts again at its end."""
        with self._lock:
            self._is_looping = is_looping
            self._order(Order.LOOP, is_looping=is_looping)

    def close(self) -> None:
        """Stop at once: no callback, thread, process or open file remains."""
        self._closing.set()
        with self._lock:
            if self._reader is not None:
                self._reader.kill()
        if self._thread is not None and self._thread is not threading.current_thread():
            while self._thread.is_alive():
                self._decoder.close()  # it may be at work on a still picture, or about to begin
                self._thread.join(TURN)

    def _order(self, order: Order, **details: object) -> None:
        if self._reader is not None:
            self._reader.order(order, **details)

    def _run(self) -> None:
        """Start readers until one says the last word, or nobody wants them any more."""
        self._report(LiveState.CONNECTING)
        while not self._closing.is_set():
            try:
                is_over = self._read_once()
            except OSError as error:  # no process or no pipe to be had
                reason = error.strerror or type(error).__name__
                self._report(LiveState.LOST, f"“{self.name}” cannot be read ({reason}); ConvStudio keeps trying.")
                is_over = False
            if is_over:
                return
            self._closing.wait(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _read_once(self) -> bool:
        """Listen to one reader until it is of no use any more; whether the source is over then."""
        reader = self._open_reader()
        try:
            return self._listen(reader)
        finally:
            with self._lock:
                self._reader = None
            reader.end()

    def _open_reader(self) -> Reader:
        """Start a reader that takes up where the last one was."""
        reader = Reader(self._memory)
        with self._lock:
            self._reader = reader
            self._order(
                Order.OPEN,
                address=self._address,
                kind=self._kind,
                is_seekable=self._is_seekable,
                is_paused=self._is_paused,
                is_looping=self._is_looping,
                is_held=self._has_shown,
                position=self._position,
            )
            if self._closing.is_set():
                reader.kill()
        return reader

    def _listen(self, reader: Reader) -> bool:
        """Take in all that one reader sends; whether the source is over then and needs no other reader."""
        state = _ReaderState(_Patience(OPENING[self._kind]), time.monotonic())
        self._ask_for_frame()
        while True:
            try:
                message = self._await(reader, state)
            except EOFError:
                return self._closing.is_set() or self._on_crash()
            if self._closing.is_set():
                return True
            if message is None:
                return False
            if message.news is News.FAILED:
                return self._on_failure(message.details)
            if message.news is News.FILE:
                self._show_still(message.data.tobytes())
                return True
            self._follow(message, state)

    def _await(self, reader: Reader, state: _ReaderState) -> ReaderMessage | None:
        """What the reader sends next; None when it was silent for too long."""
        until = state.last_sign + state.patience.silence
        message = reader.receive(until)
        if message is None and not self._closing.is_set():
            silence = f"{state.patience.silence:g} seconds"
            self._report(LiveState.LOST, f"“{self.name}” has sent no picture for {silence}; ConvStudio keeps trying.")
            message = reader.receive(until + state.patience.grace)
        return message

    def _follow(self, message: ReaderMessage, state: _ReaderState) -> None:
        """Hand a frame over, and follow what other news say of the source."""
        news, details = message.news, message.details
        match news:
            case News.OPENED:
                self._is_live, self._duration = bool(details["is_live"]), float(details["duration"])
                state.patience = FIRST_FRAME if self._is_live else VIDEO
            case News.PAUSED | News.PLAYING:
                state.is_held = news is News.PAUSED
            case News.ENDED:
                self._report(LiveState.ENDED, str(details["text"]))
            case News.BEAT | News.LOADING | News.TICK | News.FILE | News.FAILED:
                pass
            case News.FRAME | News.SEEN:
                self._pause = FIRST_PAUSE
                state.has_frame = True
                state.patience = LIVE if self._is_live else VIDEO
        if state.has_frame and news in (News.FRAME, News.SEEN, News.PAUSED, News.PLAYING):
            held = LiveState.FROZEN if self._is_live else LiveState.PAUSED
            self._report(held if state.is_held else LiveState.LIVE)
        if news is News.FRAME:
            self._hand_over(message.data, float(details["position"]))
            self._ask_for_frame()
        if news in (News.FRAME, News.SEEN, News.LOADING, News.OPENED) or (not self._is_live and news is not News.TICK):
            state.last_sign = time.monotonic()

    def _show_still(self, file: bytes) -> None:
        """Show the still picture that the address gives; nothing more comes from there."""
        try:
            frame = self._decoder.decode(file, self.name)
        except ConvStudioError as refusal:
            self._report(LiveState.ENDED, str(refusal))
            return
        finally:
            self._decoder.close()
        if not self._closing.is_set():
            self._on_frame(frame, Playback())
            self._report(LiveState.STILL)

    def _ask_for_frame(self) -> None:
        with self._lock:
            self._order(Order.NEXT)

    def _hand_over(self, pixels: NDArray[np.uint8], position: float) -> None:
        with self._lock:
            self._position = position
            playback = Playback(position, self._duration, self._is_looping)
        self._has_shown = True
        self._on_frame(Frame(pixels, 255, name=self.name), playback)

    def _on_failure(self, details: dict[str, Any]) -> bool:
        """The reader gave up with a sentence: the end of what cannot be had, a pause for what may come back."""
        if "bug" in details:
            _log.error("the reader of %s stopped: %s", self.name, details["bug"])
        is_over = self._kind is AddressKind.FILE or bool(details.get("is_over"))
        self._report(LiveState.ENDED if is_over else LiveState.LOST, str(details["text"]))
        return is_over

    def _on_crash(self) -> bool:
        """The reader died without a word."""
        self._crashes += 1
        if self._kind is AddressKind.FILE and (self._crashes >= MOST_CRASHES or not self._has_shown):
            self._report(
                LiveState.ENDED, f"“{self.name}” makes the video decoder crash; it is damaged, so choose another file."
            )
            return True
        self._report(LiveState.LOST, f"The reader of “{self.name}” stopped; it is being started again.")
        return False

    def _report(self, state: LiveState, sentence: str = "") -> None:
        if not self._closing.is_set() and self._reported != (state, sentence):
            self._reported = (state, sentence)
            self._on_state(state, sentence)
