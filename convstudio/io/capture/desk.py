"""The reader's desk: between the thread that reads the source and those that talk to the window's process.

It holds the newest frame and never a queue of them, the orders that still have to be carried out, and messages.
Opening and playing sources does not live here.
"""

import os
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.io.capture.wire import HEADER, MAGIC, News, Order, file_bytes, news_bytes, parsed

Raw = NDArray[np.uint8]
TICK = 0.4  # seconds


@dataclass(frozen=True)
class Wishes:
    """What the window wants of the source now; `seek` is given once."""

    is_paused: bool
    is_looping: bool
    seek: float | None
    is_resumed: bool


class Desk:
    """Everything shared by the reader's three threads, under one condition."""

    def __init__(self, out: int, *, is_paused: bool, is_looping: bool) -> None:
        self._out = out
        self._changed = threading.Condition()
        self._is_paused = is_paused
        self._is_looping = is_looping
        self._seek: float | None = None
        self._is_resumed = False
        self._has_orders = False
        self._is_wanted = False
        self._newest: tuple[Raw, float] | None = None
        self._spares: list[Raw] = []
        self._messages: list[bytes] = []
        self._is_writing = False
        self._converted = np.empty((0, 0, 3), np.uint8)

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def take_order(self, order: dict[str, Any]) -> None:
        """Note what the window asks; a newer wish replaces an older one."""
        with self._changed:
            match order["do"]:
                case Order.NEXT:
                    self._is_wanted = True
                case Order.PAUSE:
                    self._is_paused = True
                    self._messages.append(news_bytes(News.PAUSED))
                case Order.RESUME:
                    self._is_paused = False
                    self._is_resumed = True
                    self._messages.append(news_bytes(News.PLAYING))
                case Order.SEEK:
                    self._seek = float(order["seconds"])
                case Order.LOOP:
                    self._is_looping = bool(order["is_looping"])
            self._has_orders = self._has_orders or order["do"] != Order.NEXT
            self._changed.notify_all()

    def wait(self, seconds: float) -> Wishes:
        """Wait until something is asked or the time is over, and say what is wanted then."""
        with self._changed:
            if seconds > 0:
                self._changed.wait_for(lambda: self._has_orders, seconds)
            wishes = Wishes(self._is_paused, self._is_looping, self._seek, self._is_resumed)
            self._seek, self._is_resumed, self._has_orders = None, False, False
            return wishes

    def spare(self) -> Raw | None:
        """Memory of a frame that nobody needs any more, to be overwritten."""
        with self._changed:
            return self._spares.pop() if self._spares else None

    def publish(self, picture: Raw, position: float) -> None:
        """Make this the newest frame; one that was not fetched yet is forgotten."""
        with self._changed:
            if self._newest is not None:
                self._spares.append(self._newest[0])
            self._newest = (picture, position)
            self._changed.notify_all()

    def say(self, news: News, **details: object) -> None:
        """Tell the window something, after the frame that is on its way."""
        with self._changed:
            if self._messages and news in (News.BEAT, News.SEEN, News.LOADING):
                return  # any message is a sign of life; these must not pile up in front of a slow window
            self._messages.append(news_bytes(news, **details))
            self._changed.notify_all()

    def hand_over(self, file: bytes) -> None:
        """Send the file of a still picture, which is all there is."""
        with self._changed:
            self._newest = None
            self._messages.append(file_bytes(file))
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until everything said has gone out."""
        with self._changed:
            self._changed.wait_for(lambda: not self._messages and not self._is_writing)

    def write_forever(self) -> None:
        """Send the newest frame whenever one is wanted, and messages; the window's end going away ends the process."""
        while True:
            with self._changed:
                has_work = self._changed.wait_for(self._can_write, TICK)
                frame, messages = None, [news_bytes(News.TICK)]
                if has_work:
                    frame, self._newest = self._newest, None
                    messages, self._messages = self._messages, []
                self._is_wanted = self._is_wanted and frame is None
                self._is_writing = True
            try:
                if frame is not None:
                    self._write_frame(*frame)
                self._write(b"".join(messages))
            except OSError:
                os._exit(0)
            with self._changed:
                if frame is not None and len(self._spares) < 2:
                    self._spares.append(frame[0])
                self._is_writing = False
                self._changed.notify_all()

    def _can_write(self) -> bool:
        return self._is_wanted if self._newest is not None else bool(self._messages)

    def _write_frame(self, picture: Raw, position: float) -> None:
        if picture.ndim == 3 and picture.shape[2] >= 3:
            code = cv2.COLOR_BGR2RGB if picture.shape[2] == 3 else cv2.COLOR_BGRA2RGB
            if self._converted.shape[:2] != picture.shape[:2]:
                self._converted = np.empty((*picture.shape[:2], 3), np.uint8)
            cv2.cvtColor(picture, code, dst=self._converted)
            picture = self._converted
        channels = picture.shape[2] if picture.ndim == 3 else 1
        self._write(HEADER.pack(MAGIC, channels, *picture.shape[:2], picture.nbytes, position))
        self._write(np.ascontiguousarray(picture).data.cast("B"))

    def _write(self, data: bytes | memoryview) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._out, left) :]


def follow_orders(desk: Desk, lines: Any) -> None:
    """Read orders until the window's end goes away; then end the process, even where a read is blocked."""
    for line in lines:
        desk.take_order(parsed(line))
    os._exit(0)
