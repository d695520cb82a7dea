"""What OpenCV decodes, compared with what the file's header promises; and what its libraries complain of.

Used in the decoding process alone. Headers are read in `formats`.
"""

import os
import re
import tempfile
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.decoding.refusals import undecodable

Raw = NDArray[Any]
LONGEST_COMPLAINT = 200  # characters of a sentence that are shown
OWN_WORDS = re.compile(r"\[\s*(ERROR|WARN|INFO)")  # how lines of OpenCV's log begin
PASSED_ON = re.compile(r"\[ERROR.*OpenJPEG2000: |.*TIFF_(?:Error |Warning (?=JPEGLib|Fax))")  # those of its libraries
LONGEST_LOG = 2**16  # bytes that are looked at


class Planes(NamedTuple):
    """Pixels (H, W, 1 or 3) with red first, opacity (H, W) or None, a note for the person, and the value of white."""

    pixels: Raw
    alpha: Raw | None = None
    note: str = ""
    white: float = 0.0  # 0: that of the numbers' type


class Promise(NamedTuple):
    """What a header says of the array that decoding gives."""

    width: int
    height: int
    channels: int
    bits: int  # of a value


class UndecodableError(Exception):
    """The decoder says no."""


class _Complaints:
    """What libraries write to the standard error output of this process, once it leads into a file of ours."""

    descriptor: int | None = None

    def take(self) -> str:
        """The first line of a library since the last call; what OpenCV says for itself is not about the pixels."""
        if self.descriptor is None:
            return ""
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        text = os.read(self.descriptor, LONGEST_LOG).decode("utf-8", "replace")
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        os.ftruncate(self.descriptor, 0)
        lines = (line.strip() for line in text.splitlines())
        return next((line for line in lines if line and (OWN_WORDS.match(line) is None or PASSED_ON.match(line))), "")


_complaints = _Complaints()


def capture_complaints() -> None:
    """Redirect standard error to a temporary file, in which the libraries' complaints are looked up."""
    with suppress(OSError):  # no room for a file: pictures are decoded without their warnings
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 2)
        _complaints.descriptor = 2


def decode(data: bytes | memoryview | Raw, promise: Promise, name: str) -> tuple[Raw, str]:
    """The array (H, W, channels) in OpenCV's order, blue first, and the decoder's first complaint, or "".

    It may have more channels than were promised (an opacity that is full everywhere), never fewer.
    """
    _complaints.take()
    raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    complaint = _complaints.take()
    if raw is None:
        raise UndecodableError
    raw = raw.reshape(*raw.shape[:2], -1)
    height, width, channels = raw.shape
    bits = raw.dtype.itemsize * 8
    if (width, height, bits) != (promise.width, promise.height, promise.bits) or channels < promise.channels:
        raise ConvStudioError(
            f"“{name}” says that it has {_describe(*promise)}, but its decoder gives "
            f"{_describe(width, height, channels, bits)}, so it is not shown; save it again with another program."
        )
    return raw, complaint


def decoded(data: bytes | memoryview | Raw, promise: Promise, name: str, codec: str) -> tuple[Raw, str]:
    """As `decode`, where a decoder that says no is named in a sentence."""
    try:
        return decode(data, promise, name)
    except UndecodableError:
        raise undecodable(name, codec) from None


def bgr_to_rgb(raw: Raw) -> Raw:
    """Red, green and blue of an array in OpenCV's order: blue, green, red and perhaps alpha."""
    codes = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
    if raw.dtype.name in ("uint8", "uint16", "float32") and raw.shape[2] in codes:
        return np.asarray(cv2.cvtColor(raw, codes[raw.shape[2]]))  # thirty times as quick as copying a view
    return raw[:, :, 2::-1]


def warning(complaint: str) -> str:
    """The sentence for a picture over whose file its decoder complains."""
    words = PASSED_ON.sub("", complaint)[:LONGEST_COMPLAINT].rstrip(".")
    return f"Part of it may be wrong, its decoder warns: {words}." if words else ""


def _describe(width: int, height: int, channels: int, bits: int) -> str:
    return f"{width}×{height} pixels of {channels} channel{'' if channels == 1 else 's'} with {bits} bits"
