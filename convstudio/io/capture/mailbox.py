"""The reader's mailbox: what passes between the thread that reads the source and those that talk to the window.

It holds the newest frame and never a queue of them, the orders that still have to be carried out, and news.
Opening and playing sources does not live here.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.io.capture.messages import News, Order
from convstudio.io.processes import Parent

Raw = NDArray[np.uint8]
TICK = 0.4  # seconds


@dataclass(frozen=True)
class Orders:
    """What the window wants of the source now; `seek` comes once."""

    is_paused: bool
    is_looping: bool
    seek: float | None
    is_resumed: bool


class Mailbox:
    """Everything shared by the reader's three threads, under one condition."""

    def __init__(self, parent: Parent, *, is_paused: bool, is_looping: bool) -> None:
        self._parent = parent
        self._changed = threading.Condition()
        self._is_paused = is_paused
        self._is_looping = is_looping
        self._seek: float | None = None
        self._is_resumed = False
        self._has_orders = False
        self._is_frame_due = False
        self._newest: tuple[Raw, float] | None = None
        self._spares: list[Raw] = []
        self._news: list[tuple[dict[str, Any], bytes]] = []
        self._is_sending = False
        self._converted = np.empty((0, 0, 3), np.uint8)

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def take_order(self, order: dict[str, Any]) -> None:
        """Note what the window asks; a newer order replaces an older one."""
        with self._changed:
            match order["do"]:
                case Order.NEXT:
                    self._is_frame_due = True
                case Order.PAUSE:
                    self._is_paused = True
                    self._put(News.PAUSED)
                case Order.RESUME:
                    self._is_paused = False
                    self._is_resumed = True
                    self._put(News.PLAYING)
                case Order.SEEK:
                    self._seek = float(order["seconds"])
                case Order.LOOP:
                    self._is_looping = bool(order["is_looping"])
            self._has_orders = self._has_orders or order["do"] != Order.NEXT
            self._changed.notify_all()

    def wait(self, seconds: float) -> Orders:
        """Wait until something is asked or the time is over, and say what is asked then."""
        with self._changed:
            if seconds > 0:
                self._changed.wait_for(lambda: self._has_orders, seconds)
            orders = Orders(self._is_paused, self._is_looping, self._seek, self._is_resumed)
            self._seek, self._is_resumed, self._has_orders = None, False, False
            return orders

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
            if self._news and news in (News.BEAT, News.SEEN, News.LOADING):
                return  # any news is a sign of life; these must not pile up in front of a slow window
            self._put(news, details)
            self._changed.notify_all()

    def hand_over(self, file: bytes) -> None:
        """Send the file of a still picture, which is all there is."""
        with self._changed:
            self._newest = None
            self._put(News.FILE, body=file)
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until everything said has gone out."""
        with self._changed:
            self._changed.wait_for(lambda: not self._news and not self._is_sending)

    def send_forever(self) -> None:
        """Send the newest frame whenever one is due, and news; the window's end going away ends the process."""
        while True:
            with self._changed:
                has_work = self._changed.wait_for(self._can_send, TICK)
                frame, news = None, [({"is": News.TICK}, b"")]
                if has_work:
                    frame, self._newest = self._newest, None
                    news, self._news = self._news, []
                self._is_frame_due = self._is_frame_due and frame is None
                self._is_sending = True
            try:
                if frame is not None:
                    self._send_frame(*frame)
                for head, body in news:
                    self._parent.send(head, body)
            except OSError:
                os._exit(0)
            with self._changed:
                if frame is not None and len(self._spares) < 2:
                    self._spares.append(frame[0])
                self._is_sending = False
                self._changed.notify_all()

    def _put(self, news: News, details: Mapping[str, object] | None = None, body: bytes = b"") -> None:
        self._news.append(({"is": news, **(details or {})}, body))

    def _can_send(self) -> bool:
        return self._is_frame_due if self._newest is not None else bool(self._news)

    def _send_frame(self, picture: Raw, position: float) -> None:
        if picture.ndim == 3 and picture.shape[2] >= 3:
            code = cv2.COLOR_BGR2RGB if picture.shape[2] == 3 else cv2.COLOR_BGRA2RGB
            if self._converted.shape[:2] != picture.shape[:2]:
                self._converted = np.empty((*picture.shape[:2], 3), np.uint8)
            cv2.cvtColor(picture, code, dst=self._converted)
            picture = self._converted
        channels = picture.shape[2] if picture.ndim == 3 else 1
        head = {"is": News.FRAME, "shape": (*picture.shape[:2], channels), "position": position}
        self._parent.send(head, np.ascontiguousarray(picture).data)


def follow_orders(mailbox: Mailbox, parent: Parent) -> None:
    """Read orders until the window's end goes away; then end the process, even where a read is blocked."""
    while (order := parent.receive()) is not None:
        mailbox.take_order(order.head)
    os._exit(0)
