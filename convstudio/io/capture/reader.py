"""One reader process as the window's side holds it: started, ordered about, listened to, killed.

When to start or give up one is decided in `capture`; the formats are in `capture_wire`.
"""

import os
import select
import subprocess
import sys
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from io import FileIO
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from convstudio.io.capture.wire import (
    FILE,
    HEADER,
    LONGEST_MESSAGE,
    MAGIC,
    MOST_BYTES,
    Order,
    order_line,
    parsed,
)
from convstudio.io.processes import python_command

PIPE = 2**20  # bytes in flight; the most that Linux grants everybody, a fourth of the switches between processes
DYING = 1.0  # seconds for a killed process to go; a driver can hold it longer, and then nobody can do more


@dataclass(frozen=True, eq=False)
class Arrived:
    """A frame, the file of a still picture, or a message where both are None."""

    pixels: NDArray[np.uint8] | None = None
    file: bytes | None = None
    position: float = 0.0
    message: dict[str, Any] = field(default_factory=dict)


class Memory:
    """Memory of frames, used again once nobody looks at the frame any more."""

    def __init__(self) -> None:
        self._free: deque[bytearray] = deque()

    def array(self, size: int) -> NDArray[np.uint8]:
        """Memory of that size; it comes back by itself when the array and all views of it are gone."""
        block = bytearray()
        while self._free and len(block) != size:  # other sizes are from before the source changed its own
            block = self._free.pop()
        if len(block) != size:
            block = bytearray(size)
        array = np.frombuffer(block, np.uint8)  # every view keeps this array, as its memory is no array's own
        weakref.finalize(array, self._free.append, block).atexit = False
        return array


class Reader:
    """A reader process and its two pipes."""

    def __init__(self, memory: Memory) -> None:
        command, environment = python_command("convstudio.io.capture.process")
        is_windows = sys.platform == "win32"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            start_new_session=not is_windows,  # Ctrl+C in the terminal is meant for the window
            creationflags=0x08000000 if is_windows else 0,  # CREATE_NO_WINDOW
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._output = self._process.stdin, cast("FileIO", self._process.stdout)
        self._memory = memory
        self._header = bytearray(HEADER.size)
        self._body: NDArray[np.uint8] | None = None
        self._filled = 0
        self._can_wait = _waiting(self._output.fileno())
        if sys.platform != "win32":
            os.set_blocking(self._orders.fileno(), False)
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415 - not on Windows

            with suppress(OSError):
                fcntl.fcntl(self._output.fileno(), fcntl.F_SETPIPE_SZ, PIPE)

    @property
    def process_id(self) -> int:
        return self._process.pid

    def order(self, order: Order, **details: object) -> None:
        """Ask something of the reader; one that is dead or deaf is noticed elsewhere."""
        with suppress(OSError, ValueError):
            self._orders.write(order_line(order, **details))

    def receive(self, until: float) -> Arrived | None:
        """The next frame or message; None when it is not complete by then. EOFError when the reader is gone."""
        if self._body is None:
            if not self._fill(memoryview(self._header), until):
                return None
            self._body = self._memory.array(self._size())
        if not self._fill(self._body.data, until):
            return None
        body, self._body = self._body, None
        _, channels, height, width, _, position = HEADER.unpack(self._header)
        if not channels:
            return Arrived(message=parsed(body.data))
        if channels == FILE:
            return Arrived(file=body.tobytes())
        return Arrived(body.reshape(height, width, channels), position=position)

    def kill(self) -> None:
        """End the process now; its thread here hears of it at once."""
        self._process.kill()

    def end(self) -> None:
        """Leave nothing of the process behind."""
        self._process.kill()
        for pipe in (self._orders, self._output):
            with suppress(OSError):
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING)

    def _size(self) -> int:
        magic, channels, height, width, size, _ = HEADER.unpack(self._header)
        most = MOST_BYTES if channels else LONGEST_MESSAGE
        if (
            magic != MAGIC
            or size > most
            or (channels not in (0, FILE) and (channels not in (1, 3) or size != channels * height * width))
        ):
            raise EOFError("what came is no frame")
        return int(size)

    def _fill(self, view: memoryview, until: float) -> bool:
        """Fill the rest of the memory; False when the time is over first, and then the next call goes on."""
        while self._filled < len(view):
            if not self._can_wait(until - time.monotonic()):
                return False
            count = self._output.readinto(view[self._filled :])
            if not count:
                raise EOFError("the reader is gone")
            self._filled += count
        self._filled = 0
        return True


def _waiting(descriptor: int) -> Callable[[float], bool]:
    """A function that waits for something to read, so many seconds at most."""
    if not hasattr(select, "poll"):
        return lambda seconds: seconds > 0  # Windows cannot wait for a pipe; the read does, until the next tick
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return lambda seconds: bool(poll.poll(max(seconds, 0) * 1000))
