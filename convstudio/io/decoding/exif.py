"""What EXIF data and XMP say of how a picture stands. They are no pixels, so nothing is decoded for them."""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

ORIENTATION, SHORT = 274, 3
UPRIGHT = 1
_STARTS = (b"II*\0", b"MM\0*")
_XMP_ORIENTATION = re.compile(rb"tiff:Orientation(?:\s*=\s*[\"']|\s*>)\s*([1-8])\b")
_MOST_ENTRIES = 4096


class _Orientation(NamedTuple):
    """The number, and where in the data and in which byte order it stands."""

    number: int
    place: int
    order: str


def orientation_in(exif: bytes) -> int:
    """The orientation that EXIF data tells, 0 where it tells none that has a meaning."""
    stated = next(_orientations(exif), None)
    return stated.number if stated is not None and 1 <= stated.number <= 8 else 0


def upright(exif: bytes) -> bytes:
    """The same EXIF data for a picture that has been turned; nothing else in it moves.

    Examples
    --------
    >>> turned = b"II*\\0\\x08\\0\\0\\0\\1\\0\\x12\\1\\3\\0\\1\\0\\0\\0\\6\\0\\0\\0\\0\\0\\0\\0"
    >>> orientation_in(turned), orientation_in(upright(turned))
    (6, 1)
    """
    changed = bytearray(exif)
    for stated in _orientations(exif):
        struct.pack_into(f"{stated.order}H", changed, stated.place, UPRIGHT)
    return bytes(changed)


def orientation_in_xmp(xmp: bytes) -> int:
    """The orientation that XMP metadata tells, 0 where it tells none."""
    match = _XMP_ORIENTATION.search(xmp)
    return int(match[1]) if match else 0


def _orientations(exif: bytes) -> Iterator[_Orientation]:
    """The orientations in the first directory."""
    if not exif.startswith(_STARTS):
        return
    order = "<" if exif[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for number in range(min(count, _MOST_ENTRIES)):
            place = start + 2 + 12 * number
            tag, kind, _, orientation = struct.unpack_from(f"{order}HHIH", exif, place)
            if tag == ORIENTATION and kind == SHORT:
                yield _Orientation(orientation, place + 8, order)
    except struct.error:
        return
