"""The decoding process: `python -m convstudio.io.decoding.process`, started by `io.decoder` and by nobody else.

It reads the headers of one picture after another and turns their bytes into pixels until its input ends. It may crash;
its memory and its work are limited. Files are opened on the other side.
"""

import os
import signal
import sys
import traceback
from contextlib import suppress
from io import BufferedReader, FileIO
from typing import Any, NamedTuple

# Arithmetic libraries start a thread for each core at import, and reserve memory for each.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ["OPENCV_LOG_LEVEL"] = "WARNING"  # what it warns of is caught and told

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from convstudio.core.errors import ConvStudioError  # noqa: E402
from convstudio.core.opencv import cv2  # noqa: E402
from convstudio.io.decoding.headers import check_size, read_header  # noqa: E402
from convstudio.io.decoding.opencv import capture_complaints  # noqa: E402
from convstudio.io.decoding.wire import DECODING, MEMORY, Verdict, head, message  # noqa: E402

GRACE = 10  # seconds of a core after which a decoder that nobody killed in time ends itself
LARGEST = float(np.finfo(np.float32).max)  # all arithmetic is done in float32
LONGEST_TRACE = 8000  # characters

Raw = NDArray[Any]


class Decoded(NamedTuple):
    """Pixels (H, W, 1 or 3) with red first, opacity (H, W) or None, the value that means white, and what to tell."""

    pixels: Raw
    alpha: Raw | None
    white: float
    note: str


def main() -> None:
    """Answer requests until the input ends."""
    _limit_self()
    incoming, outgoing = BufferedReader(FileIO(0, closefd=False)), _own_output()
    capture_complaints()
    _send(outgoing, message({"is": Verdict.DECODED}))  # ready: everything is imported
    while (request := head(incoming.read)) is not None:
        data = incoming.read(request["size"])
        if len(data) < request["size"]:
            return
        _set_timer(DECODING + GRACE)
        _answer(outgoing, data, request["name"])
        _set_timer(0)


def decode(data: bytes, name: str) -> Decoded:
    """Decode a picture and read its numbers as its header says."""
    header = read_header(data, name)
    check_size(header, name)
    planes = header.unpack()
    pixels, white = _in_known_units(planes.pixels, name)
    alpha = planes.alpha
    if alpha is not None:
        alpha = np.ascontiguousarray(_oriented(alpha, header.orientation), dtype=pixels.dtype)
    return Decoded(np.ascontiguousarray(_oriented(pixels, header.orientation)), alpha, white, planes.note)


def _in_known_units(pixels: Raw, name: str) -> tuple[Raw, float]:
    """Values as a frame may hold them, and white: a float picture beyond 1 has its greatest value for white."""
    match pixels.dtype.name:
        case "uint8" | "uint16":
            return pixels, float(np.iinfo(pixels.dtype).max)
        case "int8" | "int16":
            return pixels.astype(np.float32), float(np.iinfo(pixels.dtype).max)
        case "float16" | "float32" | "float64":
            least, greatest = float(pixels.min()), float(pixels.max())
            if not (least >= -LARGEST and greatest <= LARGEST):  # also so where they are NaN
                raise ConvStudioError(
                    f"“{name}” holds values that are not finite numbers, or are beyond ±3.4·10³⁸; "
                    "replace them with another program first."
                )
            return pixels if pixels.itemsize > 2 else pixels.astype(np.float32), max(1.0, greatest)
        case _:
            return pixels.astype(np.float64), float(np.iinfo(pixels.dtype).max)


def _oriented(plane: Raw, orientation: int) -> Raw:
    """Turned and mirrored so that the picture stands upright, by EXIF's numbers 1 to 8."""
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    return plane[:, ::-1] if orientation in (2, 3, 6, 7) else plane


def _answer(outgoing: FileIO, data: bytes, name: str) -> None:
    try:
        decoded = decode(data, name)
    except ConvStudioError as refusal:
        _send(outgoing, message({"is": Verdict.REFUSED, "why": str(refusal)}))
        return
    except Exception as error:  # no file, however odd, ends more than its own reading
        if isinstance(error, MemoryError) or getattr(error, "code", None) == cv2.Error.STS_NO_MEM:
            why = f"“{name}” needs too much memory to decode; make it smaller with another program first."
            _send(outgoing, message({"is": Verdict.REFUSED, "why": why}))
        elif isinstance(error, cv2.error):
            why = f"“{name}” is damaged and cannot be decoded; copy or download it again."
            _send(outgoing, message({"is": Verdict.REFUSED, "why": why}))
        else:
            _send(outgoing, message({"is": Verdict.FAULT, "trace": traceback.format_exc()[-LONGEST_TRACE:]}))
        return
    about = {
        "is": Verdict.DECODED,
        "shape": decoded.pixels.shape,
        "type": decoded.pixels.dtype.name,
        "has_alpha": decoded.alpha is not None,
        "white": decoded.white,
        "note": decoded.note,
    }
    _send(outgoing, message(about))
    for plane in (decoded.pixels, decoded.alpha):
        if plane is not None:
            _send(outgoing, plane.reshape(-1).view(np.uint8).data)


def _send(outgoing: FileIO, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[outgoing.write(rest) :]


def _set_timer(seconds: float) -> None:
    """End this process after so much work, should nobody be left to do it; 0 calls it off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_self() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _own_output() -> FileIO:
    """The pipe to the parent under a number of its own, so that no library can print into it."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return FileIO(out, "wb")


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # the parent has gone
        main()
