"""The decoding process: `python -m convstudio.io.decoder_process`, started by `io.decoder` and by nobody else.

It turns the bytes of one picture after another into pixels until its input ends. It may crash; its memory and time are
limited. Files are opened and headers checked on the other side.
"""

import os
import signal
import sys
from contextlib import suppress
from io import BufferedReader, FileIO
from typing import Any, NamedTuple

# Arithmetic libraries start a thread for each core at import, and reserve memory for each.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from convstudio.core.opencv import cv2  # noqa: E402
from convstudio.io.decoder_wire import DECODING, MEMORY, Reading, Verdict, head, message  # noqa: E402

GRACE = 10  # seconds after which a decoder that nobody killed in time ends itself
LARGEST = float(np.finfo(np.float32).max)  # all arithmetic is done in float32

Raw = NDArray[Any]


class Decoded(NamedTuple):
    """Pixels (H, W, 1 or 3) with red first, opacity (H, W) or None, and the value that means white."""

    pixels: Raw
    alpha: Raw | None
    white: float


class _NotNumbersError(Exception):
    """A float picture holds NaN, infinity or numbers beyond float32."""


def main() -> None:
    """Answer requests until the input ends."""
    _limit_self()
    incoming, outgoing = BufferedReader(FileIO(0, closefd=False)), _own_output()
    _send(outgoing, message({"is": Verdict.DECODED}))  # ready: everything is imported
    while (wanted := head(incoming.read)) is not None:
        data = np.empty(wanted.pop("size"), np.uint8)
        if incoming.readinto(data.data) < data.size:
            return
        _set_alarm(int(DECODING) + GRACE)
        _answer(outgoing, data, Reading(**wanted))
        _set_alarm(0)


def decode(data: NDArray[np.uint8], reading: Reading) -> Decoded | None:
    """Decode a picture and read its numbers as the header says; None where it is damaged."""
    raw = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if raw is None or raw.shape[:2] != (reading.height, reading.width * (1 + reading.is_interleaved)):
        return None
    pixels, alpha = _separated(raw.reshape(*raw.shape[:2], -1), reading)
    if reading.is_white_zero:
        pixels = np.iinfo(pixels.dtype).max - pixels
    pixels, white = _in_known_units(pixels)
    if alpha is not None:
        alpha = np.ascontiguousarray(_oriented(alpha, reading.orientation), dtype=pixels.dtype)
    return Decoded(np.ascontiguousarray(_oriented(pixels, reading.orientation)), alpha, white)


def _separated(raw: Raw, reading: Reading) -> tuple[Raw, Raw | None]:
    """Colour (red first) or grey on one side, opacity on the other."""
    if reading.is_interleaved:
        pairs = raw.reshape(reading.height, reading.width, 2)
        for start in range(0, reading.width, reading.run) if reading.run else ():
            run = pairs[:, start : start + reading.run]
            np.cumsum(run, axis=1, dtype=run.dtype, out=run)
        return pairs[:, :, :1], pairs[:, :, 1]
    alpha = None
    channels = raw.shape[2]
    if channels == 4 and reading.has_alpha and not (reading.is_alpha_doubtful and not raw[:, :, 3].any()):
        alpha = raw[:, :, 3]
    if channels >= 3:
        return (raw[:, :, :1] if reading.is_grey else _red_first(raw)), alpha
    grey = raw[:, :, :1]
    if reading.clear_grey is not None:
        alpha = np.where(grey[:, :, 0] == reading.clear_grey, 0, np.iinfo(grey.dtype).max)
    return grey, alpha


def _red_first(raw: Raw) -> Raw:
    codes = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
    if raw.dtype.name in ("uint8", "uint16", "float32") and raw.shape[2] in codes:
        return np.asarray(cv2.cvtColor(raw, codes[raw.shape[2]]))  # thirty times as quick as copying a view
    return raw[:, :, 2::-1]


def _in_known_units(pixels: Raw) -> tuple[Raw, float]:
    """Values as a frame may hold them, and white: a float picture beyond 1 has its greatest value for white."""
    match pixels.dtype.name:
        case "uint8" | "uint16":
            return pixels, float(np.iinfo(pixels.dtype).max)
        case "int8" | "int16":
            return pixels.astype(np.float32), float(np.iinfo(pixels.dtype).max)
        case "float32" | "float64":
            least, greatest = float(pixels.min()), float(pixels.max())
            if not (least >= -LARGEST and greatest <= LARGEST):  # also so where they are NaN
                raise _NotNumbersError
            return pixels, max(1.0, greatest)
        case _:
            return pixels.astype(np.float64), float(np.iinfo(pixels.dtype).max)


def _oriented(plane: Raw, orientation: int) -> Raw:
    """Turned and mirrored so that the picture stands upright, by EXIF's numbers 1 to 8."""
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    return plane[:, ::-1] if orientation in (2, 3, 6, 7) else plane


def _answer(outgoing: FileIO, data: NDArray[np.uint8], reading: Reading) -> None:
    try:
        decoded = decode(data, reading)
    except MemoryError:
        _send(outgoing, message({"is": Verdict.TOO_MUCH}))
        return
    except _NotNumbersError:
        _send(outgoing, message({"is": Verdict.NOT_NUMBERS}))
        return
    except cv2.error as error:
        is_memory = error.code == cv2.Error.STS_NO_MEM
        _send(outgoing, message({"is": Verdict.TOO_MUCH if is_memory else Verdict.DAMAGED}))
        return
    if decoded is None:
        _send(outgoing, message({"is": Verdict.DAMAGED}))
        return
    about = {
        "is": Verdict.DECODED,
        "shape": decoded.pixels.shape,
        "type": decoded.pixels.dtype.name,
        "has_alpha": decoded.alpha is not None,
        "white": decoded.white,
    }
    _send(outgoing, message(about))
    for plane in (decoded.pixels, decoded.alpha):
        if plane is not None:
            _send(outgoing, plane.reshape(-1).view(np.uint8).data)


def _send(outgoing: FileIO, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[outgoing.write(rest) :]


def _set_alarm(seconds: int) -> None:
    """End this process after so many seconds, should nobody be left to do it; 0 calls it off."""
    if sys.platform != "win32":
        signal.alarm(seconds)


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
