"""The program's side of the decoding process: started early, asked one picture at a time, replaced when it dies.

Which files may be decoded and how is decided in that process (`decoder_process`), not here.
NumPy is imported when the first picture comes: the process imports it on another core, and should not wait for that.
"""

import atexit
import threading
from typing import TYPE_CHECKING

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.messages import DECODING, Reply
from convstudio.io.processes import Child, Deadline, Head, Message

if TYPE_CHECKING:
    from convstudio.core.frame import Frame, Pixels

STARTING = 30.0  # seconds to import everything, on a machine that is busy
MOST_CRASHES = 2  # once it may have been killed for another reason than the file
MODULE = "convstudio.io.decoding.decoder_process"
ENVIRONMENT = {"OPENCV_LOG_LEVEL": "WARNING"}  # the person reads what OpenCV warns of
MOST_BYTES = 2**32  # of the planes of a picture: more than the process has memory for


class _GoneError(Exception):
    """The process ended before it had answered."""


class Decoder:
    """Decodes pictures in a process that lives until it dies, overruns its time, or is closed."""

    def __init__(self, *, patience: float = DECODING, module: str = MODULE) -> None:
        self._patience = patience
        self._module = module
        self._lock = threading.Lock()
        self._process: Child | None = None
        self._is_ready = False
        self._closings = 0

    @property
    def process_id(self) -> int | None:
        """The number of the process, or None where there is none."""
        process = self._process
        return process.number if process else None

    def prewarm(self) -> None:
        """Start the process unless there is one; returns at once."""
        if not self._lock.acquire(blocking=False):
            return  # somebody is decoding, so there is one
        try:
            self._alive()
        except OSError:
            return  # the next picture says why
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process, also in the middle of a picture; the next picture starts another."""
        self._closings += 1
        process = self._process
        if process is not None:
            process.kill()  # whoever waits for it holds the lock, and lets go now
        with self._lock:
            self._drop()

    def decode(self, data: bytes, name: str, *, page: int = 0) -> "Frame":
        """Decode one picture of the bytes of a file, its first or another page; or say in a sentence why not."""
        closings, is_crash = self._closings, False
        with self._lock:
            for _ in range(MOST_CRASHES):
                try:
                    reply = self._ask(data, name, page)
                except _GoneError:
                    is_crash = self._drop()
                    if self._closings != closings:
                        raise ConvStudioError(f"“{name}” was not read, because reading was stopped.") from None
                    continue
                if reply.head["is"] != Reply.DECODED:
                    raise ConvStudioError(_why_not(reply.head, name))
                return _frame(reply, name)
        if not is_crash:
            raise ConvStudioError(f"“{name}” cannot be read, because decoding does not start; reinstall ConvStudio.")
        raise ConvStudioError(
            f"“{name}” is damaged: decoding it crashed, and nothing else was harmed; copy or download it again."
        )

    def _ask(self, data: bytes, name: str, page: int) -> Message:
        try:
            process = self._alive()
        except OSError as error:
            raise ConvStudioError(
                f"“{name}” cannot be read, because no process to decode it could be started ({error.strerror})."
            ) from error
        deadline = Deadline(process, self._patience)
        try:
            if not self._is_ready:
                with Deadline(process, STARTING):
                    process.receive()
                self._is_ready = True
            with deadline:
                process.send({"name": name, "page": page}, data)
                return process.receive()
        except (OSError, EOFError):
            if not deadline.is_over:
                raise _GoneError from None
            self._drop()
            raise ConvStudioError(
                f"“{name}” takes more than {self._patience:g} seconds of work to decode and was given up; "
                "it may be damaged, or too large."
            ) from None

    def _alive(self) -> Child:
        if self._process is not None and self._process.has_ended:
            self._drop()
        if self._process is None:
            self._process = Child(self._module, environment=ENVIRONMENT, room=_room)
        return self._process

    def _drop(self) -> bool:
        """Be rid of the process; says whether it had ever been ready."""
        process, was_ready = self._process, self._is_ready
        self._process, self._is_ready = None, False
        if process is not None:
            process.end()
        return was_ready


def _room(_: Head, size: int) -> memoryview:
    """Memory for the planes of a picture."""
    if not size:
        return memoryview(b"")
    if size > MOST_BYTES:
        raise ValueError("no picture is as large")
    import numpy as np  # noqa: PLC0415 - see above

    return np.empty(size, np.uint8).data


def _frame(reply: Message, name: str) -> "Frame":
    """The picture: pixels (H, W, 1 or 3), its opacity (H, W) where there is one, and what comes with it."""
    import numpy as np  # noqa: PLC0415 - see above

    from convstudio.core.frame import Frame, Pages  # noqa: PLC0415 - it imports NumPy
    from convstudio.core.metadata import Metadata  # noqa: PLC0415

    head = reply.head
    height, width, channels = head["shape"]
    rest = head["profile"] + head["exif"]
    values: Pixels = np.frombuffer(reply.body[: len(reply.body) - rest], head["type"])
    aside = bytes(reply.body[len(reply.body) - rest :])
    count = height * width * channels
    resolution = head["resolution"]
    return Frame(
        values[:count].reshape(height, width, channels),
        head["white"],
        alpha=values[count:].reshape(height, width) if head["has_alpha"] else None,
        name=name,
        note=head["note"],
        pages=Pages(head["page"], head["pages"], head["unit"]),
        metadata=Metadata(
            aside[: head["profile"]], aside[head["profile"] :], (resolution[0], resolution[1]) if resolution else None
        ),
    )


def _why_not(reply: Head, name: str) -> str:
    if reply["is"] == Reply.REFUSED:
        return str(reply["why"])
    import logging  # noqa: PLC0415 - seldom needed, and this module is imported before everything else

    logging.getLogger(__name__).error("“%s” could not be read:\n%s", name, reply.get("trace", ""))
    return f"“{name}” cannot be read: its content is of a kind that nobody thought of here; save it again as PNG."


DECODER = Decoder()
decode = DECODER.decode
prewarm = DECODER.prewarm
close = DECODER.close
atexit.register(close)
