"""Picture files in: checked here, decoded in a process of its own, handed over as frames.

Files are opened in `files`, headers read in `image_headers`, and decoding lives in `decoder`. Writing does not
live here.
"""

from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.io import decoder
from convstudio.io.files import printable, read_file
from convstudio.io.image_headers import Header, read_header

MOST_FILE_BYTES = 2**30
MOST_PIXELS = 2**27
MOST_BYTES = 2**30  # decoded; the decoding process needs some copies of them


def read_image(path: str | Path) -> Frame:
    """The picture in a PNG, JPEG, TIFF, BMP or WebP file; may take seconds, so call it off the window's thread."""
    file = Path(path)
    return decode_image(read_file(file, most=MOST_FILE_BYTES), printable(file))


def decode_image(data: bytes, name: str) -> Frame:
    """The picture in the bytes of such a file."""
    if not data:
        raise ConvStudioError(f"“{name}” is empty (0 bytes); choose another file.")
    header = read_header(data, name)
    _check_size(header, name)
    return decoder.decode(header.data, header.reading, name)


def _check_size(header: Header, name: str) -> None:
    width, height = header.reading.width, header.reading.height
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
