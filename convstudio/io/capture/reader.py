"""One reader process as the window's side holds it: started, given orders, listened to, killed.

When to start or give up one is decided in `capture`.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.buffers import Recycler
from convstudio.io.capture.messages import LARGEST, News, Order
from convstudio.io.processes import Child

MODULE = "convstudio.io.capture.reader_process"
ENVIRONMENT = {"OPENCV_IO_MAX_IMAGE_PIXELS": str(LARGEST)}  # a picture of a stream may grow beyond what is shown
MOST_BYTES = 3 * LARGEST  # of a frame or a file


@dataclass(frozen=True, eq=False)
class ReaderMessage:
    """What the reader sent: `data` are a frame (H, W, channels), the bytes of a file, or nothing."""

    news: News
    details: dict[str, Any]
    data: NDArray[np.uint8]


class Reader:
    """A reader process."""

    def __init__(self, memory: Recycler) -> None:
        self._memory = memory
        self._child = Child(MODULE, environment=ENVIRONMENT, room=self._room, waits_to_write=False)

    @property
    def process_id(self) -> int:
        return self._child.number

    def order(self, order: Order, **details: object) -> None:
        """Ask something of the reader; one that is dead or deaf is noticed elsewhere."""
        with suppress(OSError, ValueError):
            self._child.send({"do": order, **details})

    def receive(self, until: float) -> ReaderMessage | None:
        """The next frame or other news; None when it is not complete by then. EOFError when the reader is gone."""
        message = self._child.receive_until(until)
        if message is None:
            return None
        news, data = News(message.head["is"]), np.asarray(message.body)
        return ReaderMessage(news, message.head, data.reshape(message.head["shape"]) if news is News.FRAME else data)

    def kill(self) -> None:
        """End the process now; its thread here hears of it at once."""
        self._child.kill()

    def end(self) -> None:
        """Leave nothing of the process behind."""
        self._child.end()

    def _room(self, head: dict[str, Any], size: int) -> memoryview:
        """Memory for a frame or a file; ValueError for what is none."""
        match News(head["is"]):
            case News.FRAME:
                height, width, channels = head["shape"]
                is_right = channels in (1, 3) and size == height * width * channels > 0
            case News.FILE:
                is_right = True
            case _:
                is_right = size == 0
        if not is_right or size > MOST_BYTES:
            raise ValueError("what came is no frame")
        return self._memory.array((size,), np.uint8).data if size else memoryview(b"")
