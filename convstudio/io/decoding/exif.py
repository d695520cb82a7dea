"""What EXIF data and XMP say of how a picture stands. They are no pixels, so nothing is decoded for them."""

import re
import struct
from collections.abc import Iterator

ORIENTATION, SHORT = 274, 3
UPRIGHT = 1
DETAILS, MAKER_NOTE, SIZES = 0x8769, 0x927C, (0xA002, 0xA003)  # a directory of its own, and what stands in it
HEAD = b"Exif\0\0"
_STARTS = (b"II*\0", b"MM\0*")
_XMP_ORIENTATION = re.compile(rb"tiff:Orientation(?:\s*=\s*[\"']|\s*>)\s*([1-8])\b")
_MOST_ENTRIES = 4096


def orientation_in(exif: bytes) -> int:
    """The orientation that EXIF data tells, 0 where it tells none that has a meaning."""
    stated = next(_orientations(exif), 0)
    return stated if 1 <= stated <= 8 else 0


def portable(exif: bytes) -> bytes:
    """EXIF data that is true of any picture made of this one; b"" where it is none.

    The small preview, the maker's secret notes, which often hold another, and the size are left out: a person may have
    blurred what they show.
    """
    if not exif.startswith(_STARTS):
        return b""
    from PIL import Image  # noqa: PLC0415 - seldom needed

    try:
        data = Image.Exif()
        data.load(HEAD + exif)
        data[ORIENTATION] = UPRIGHT
        details = data.get_ifd(DETAILS)
        for tag in (MAKER_NOTE, *SIZES):
            details.pop(tag, None)
        return data.tobytes().removeprefix(HEAD)
    except MemoryError:
        raise
    except Exception:  # Pillow stumbles over whatever makes no sense in it
        return b""


def orientation_in_xmp(xmp: bytes) -> int:
    """The orientation that XMP metadata tells, 0 where it tells none."""
    match = _XMP_ORIENTATION.search(xmp)
    return int(match[1]) if match else 0


def _orientations(exif: bytes) -> Iterator[int]:
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
                yield orientation
    except struct.error:
        return
