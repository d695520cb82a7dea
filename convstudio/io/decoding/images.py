"""Picture files in: handed to a process of its own, which reads their headers and decodes them, and back as frames.

Files are opened in `files`; headers are read in `formats`, and the process is the business of `decoder`.
"""

from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.io.decoding import decoder
from convstudio.io.files import printable, read_file

MOST_FILE_BYTES = 2**30


def read_image(path: str | Path, *, page: int = 0) -> Frame:
    """The first picture in a file of any kind that is read, or another page of it, from 0.

    It may take seconds, so call it off the window's thread.
    """
    file = Path(path)
    return decode_image(read_file(file, most=MOST_FILE_BYTES), printable(file), page=page)


def decode_image(data: bytes, name: str, *, page: int = 0) -> Frame:
    """The picture in the bytes of such a file."""
    if not data:
        raise ConvStudioError(f"“{name}” is empty (0 bytes); choose another file.")
    return decoder.decode(data, name, page=page)
