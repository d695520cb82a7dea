"""What a header says of a picture, what unpacking gives, and how large a picture may be. Formats live in `formats`."""

from collections.abc import Callable
from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.metadata import NO_METADATA, Metadata
from convstudio.io.decoding.opencv import Planes

MOST_PIXELS = 2**27
MOST_BYTES = 2**30  # decoded; the decoding process needs some copies of them
MOST_PARTS = 2**18  # of a file; parts of 4 KiB each fill the largest file that is read
NO_END = "Its end mark is missing, but all its pixels are there."


class Header(NamedTuple):
    """How large a picture becomes, how it stands, what unpacks it, and which of how many in its file it is."""

    width: int
    height: int
    orientation: int  # as EXIF counts it
    value_bytes: int  # of all channels of one pixel, decoded
    unpack: Callable[[], Planes]
    pages: int = 1
    unit: str = "page"  # what one of them is called
    metadata: Metadata = NO_METADATA


def check_size(header: Header, name: str) -> None:
    """Refuse what would be too large once it is unpacked."""
    width, height = header.width, header.height
    if width <= 0 or height <= 0:
        raise ConvStudioError(f"“{name}” is damaged: it says that it is {width}×{height} pixels; copy it again.")
    if width * height > MOST_PIXELS:
        raise ConvStudioError(
            f"“{name}” unpacks to {width}×{height} = {width * height:,} pixels, more than the {MOST_PIXELS:,} "
            "that are read; make it smaller with another program first."
        )
    if width * height * header.value_bytes > MOST_BYTES:
        raise ConvStudioError(
            f"“{name}” unpacks to {width * height * header.value_bytes:,} bytes, more than the {MOST_BYTES:,} "
            "that are read; make it smaller or store fewer bits with another program first."
        )


def check_part_count(number: int, name: str) -> None:
    """Refuse a file that is made of countless parts, which are looked at one by one."""
    if number > MOST_PARTS:
        raise ConvStudioError(
            f"“{name}” is made of more than {MOST_PARTS:,} parts, the most that are read; "
            "save it again with another program."
        )


def check_page(page: int, pages: int, unit: str, name: str) -> None:
    """Refuse a page that the file does not have."""
    if not 0 <= page < pages:
        count = f"{pages:,} {unit}{'' if pages == 1 else 's'}"
        raise ConvStudioError(f"“{name}” has {count}, so there is no {unit} {page + 1:,}; choose another.")
