"""The program's side of the decoding process: started early, asked one picture at a time, replaced when it dies.

Which files may be decoded and how is decided in that process (`decoder_process`), not here.
NumPy is imported when the first picture comes: the process imports it on another core, and should not wait for that.
"""

import atexit
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.wire import DECODING, Verdict, head, message
from convstudio.io.processes import python_command

if TYPE_CHECKING:
    from convstudio.core.frame import Frame, Pixels

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

STARTING = 30.0  # seconds to import everything, on a machine that is busy
MOST_CRASHES = 2  # once it may have been killed for another reason than the file
MODULE = "convstudio.io.decoding.process"
PIPE_BYTES = 2**20  # what Linux lets anybody have
GLANCE = 0.25  # seconds between two looks at how much a process has worked


class _GoneError(Exception):
    """The process ended before it had answered."""


@dataclass
class _Process:
    """One decoding process and its two pipes."""

    popen: subprocess.Popen[bytes]
    is_ready: bool = False

    @classmethod
    def started(cls, module: str) -> "_Process":
        command, environment = python_command(module)
        popen = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        for pipe in (popen.stdin, popen.stdout):
            _widen(pipe)
        return cls(popen)

    def asked(self, data: bytes, name: str) -> "tuple[dict[str, Any], Pixels | None, Pixels | None]":
        """Its answer, and the pixels and the opacity where there are any."""
        try:
            self._write(message({"name": name, "size": len(data)}))
            self._write(data)
            about = self.answer()
            if about["is"] != Verdict.DECODED:
                return about, None, None
            height, width, channels = about["shape"]
            pixels = self._plane((height, width, channels), about["type"])
            return about, pixels, self._plane((height, width), about["type"]) if about["has_alpha"] else None
        except OSError as error:
            raise _GoneError from error

    def answer(self) -> dict[str, Any]:
        """The head of the next answer."""
        about = head(self._read)
        if about is None:
            raise _GoneError
        return about

    def end(self) -> None:
        """Kill it, and leave neither a zombie nor an open pipe."""
        self.popen.kill()
        self.popen.wait()
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                pipe.close()

    def _write(self, data: bytes) -> None:
        pipe, rest = cast("FileIO", self.popen.stdin), memoryview(data)
        while rest:
            rest = rest[pipe.write(rest) :]

    def _read(self, size: int) -> bytes:
        place = bytearray(size)
        self._fill(memoryview(place))
        return bytes(place)

    def _plane(self, shape: tuple[int, ...], kind: str) -> "Pixels":
        import numpy as np  # noqa: PLC0415 - see above

        plane = np.empty(shape, kind)
        self._fill(plane.reshape(-1).view(np.uint8).data)
        return plane

    def _fill(self, rest: memoryview) -> None:
        pipe = cast("FileIO", self.popen.stdout)
        while rest:
            count = pipe.readinto(rest)
            if not count:
                raise _GoneError
            rest = rest[count:]


def _widen(pipe: IO[bytes] | None) -> None:
    """Give a pipe more room, where the system can: each turn between the processes then moves more."""
    if sys.platform == "linux" and pipe is not None:
        with suppress(OSError):  # this person may have no more
            fcntl(pipe, F_SETPIPE_SZ, PIPE_BYTES)


class Decoder:
    """Decodes pictures in a process that lives until it dies, overruns its time, or is closed."""

    def __init__(self, *, patience: float = DECODING, module: str = MODULE) -> None:
        self._patience = patience
        self._module = module
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closings = 0

    @property
    def process_id(self) -> int | None:
        """The number of the process, or None where there is none."""
        process = self._process
        return process.popen.pid if process else None

    def prewarm(self) -> None:
        """Start the process unless there is one; returns at once."""
        if not self._lock.acquire(blocking=False):
            return  # somebody is decoding, so there is one
        try:
            self._alive()
        except OSError:
            return  # said when a picture is wanted
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process, also in the middle of a picture; the next picture starts another."""
        self._closings += 1
        process = self._process
        if process is not None:
            process.popen.kill()  # whoever waits for it holds the lock, and lets go now
        with self._lock:
            self._drop()

    def decode(self, data: bytes, name: str) -> "Frame":
        """Decode the bytes of a picture file, or say in a sentence why not."""
        from convstudio.core.frame import Frame  # noqa: PLC0415 - it imports NumPy

        closings, is_crash = self._closings, False
        with self._lock:
            for _ in range(MOST_CRASHES):
                try:
                    about, pixels, alpha = self._asked(data, name)
                except _GoneError:
                    is_crash = self._drop()
                    if self._closings != closings:
                        raise ConvStudioError(f"“{name}” was not read, because reading was stopped.") from None
                    continue
                if pixels is None:
                    raise ConvStudioError(_why_not(about, name))
                return Frame(pixels, about["white"], alpha=alpha, name=name, note=about["note"])
        if not is_crash:
            raise ConvStudioError(f"“{name}” cannot be read, because decoding does not start; reinstall ConvStudio.")
        raise ConvStudioError(
            f"“{name}” is damaged: decoding it crashed, and nothing else was harmed; copy or download it again."
        )

    def _asked(self, data: bytes, name: str) -> "tuple[dict[str, Any], Pixels | None, Pixels | None]":
        try:
            process = self._alive()
        except OSError as error:
            raise ConvStudioError(
                f"“{name}” cannot be read, because no process to decode it could be started ({error.strerror})."
            ) from error
        if not process.is_ready:
            with _Deadline(process, STARTING):
                process.answer()
            process.is_ready = True
        deadline = _Deadline(process, self._patience)
        try:
            with deadline:
                return process.asked(data, name)
        except _GoneError:
            if not deadline.is_over:
                raise
            self._drop()
            raise ConvStudioError(
                f"“{name}” takes more than {self._patience:g} seconds of work to decode and was given up; "
                "it may be damaged, or too large."
            ) from None

    def _alive(self) -> _Process:
        if self._process is not None and self._process.popen.poll() is not None:
            self._drop()
        if self._process is None:
            self._process = _Process.started(self._module)
        return self._process

    def _drop(self) -> bool:
        """Be rid of the process; says whether it had ever been ready."""
        process, self._process = self._process, None
        if process is None:
            return False
        process.end()
        return process.is_ready


class _Deadline:
    """Kills a process that works for longer than the block may take, or stands still for as long.

    Time in which others have the cores is not counted: a good picture must not be given up because of them.
    """

    def __init__(self, process: _Process, seconds: float) -> None:
        self.is_over = False
        self._process = process
        self._seconds = seconds
        self._is_left = threading.Event()
        self._watch = threading.Thread(target=self._look, name="convstudio-decoding", daemon=True)

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._is_left.set()
        self._watch.join()

    def _look(self) -> None:
        number = self._process.popen.pid
        first = last = _work_of(number)
        moved = time.monotonic()
        while not self._is_left.wait(min(GLANCE, self._seconds / 2)):
            work, now = _work_of(number), time.monotonic()
            if work != last:
                last, moved = work, now
            if work - first > self._seconds or now - moved > self._seconds:
                self.is_over = True
                self._process.popen.kill()
                return


def _work_of(process: int) -> float:
    """Seconds for which a process has had a core; where the system tells nobody, time itself stands for it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _why_not(about: dict[str, Any], name: str) -> str:
    if about["is"] == Verdict.REFUSED:
        return str(about["why"])
    import logging  # noqa: PLC0415 - seldom needed, and this module is imported before everything else

    logging.getLogger(__name__).error("“%s” could not be read:\n%s", name, about.get("trace", ""))
    return f"“{name}” cannot be read: its content is of a kind that nobody thought of here; save it again as PNG."


DECODER = Decoder()
decode = DECODER.decode
prewarm = DECODER.prewarm
close = DECODER.close
atexit.register(close)
