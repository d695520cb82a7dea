"""Picture files in: handed to a process of its own, which reads their headers and decodes them, and back as frames.

Files are opened in `files`; headers are read in `headers`, and the process is the business of `decoder`.
"""

from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.io.decoding import decoder
from convstudio.io.files import printable, read_file

MOST_FILE_BYTES = 2**30


def read_image(path: str | Path) -> Frame:
    """The picture in a PNG, JPEG, TIFF, BMP or WebP file; may take seconds, so call it off the window's thread."""
    file = Path(path)
    return decode_image(read_file(file, most=MOST_FILE_BYTES), printable(file))


def decode_image(data: bytes, name: str) -> Frame:
    """The picture in the bytes of such a file."""
    if not data:
        raise ConvStudioError(f"“{name}” is empty (0 bytes); choose another file.")
    return decoder.decode(data, name)
