"""Picture files in: opened and checked here, decoded in a process of its own, handed over as frames.

What headers say is read in `image_headers`, decoding lives in `decoder`. Writing pictures does not live here.
"""

import os
import stat
from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.io import decoder
from convstudio.io.image_headers import Header, read_header

MOST_FILE_BYTES = 2**30
MOST_PIXELS = 2**27
MOST_BYTES = 2**30  # decoded; the decoding process needs some copies of them
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_image(path: str | Path) -> Frame:
    """The picture in a PNG, JPEG, TIFF, BMP or WebP file; may take seconds, so call it off the window's thread."""
    name = shown_name(path)
    try:
        data = _file_bytes(path, name)
    except FileNotFoundError:
        raise ConvStudioError(f"There is no file “{name}” at that place; choose another.") from None
    except PermissionError:
        raise ConvStudioError(
            f"“{name}” may not be read by this user; change its permissions or choose another."
        ) from None
    except (OSError, ValueError) as error:
        if isinstance(error, ConvStudioError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConvStudioError(f"“{name}” cannot be opened ({reason}); choose another file.") from None
    return decode_image(data, name)


def decode_image(data: bytes, name: str) -> Frame:
    """The picture in the bytes of such a file."""
    if not data:
        raise ConvStudioError(f"“{name}” is empty (0 bytes); choose another file.")
    header = read_header(data, name)
    _check_size(header, name)
    return decoder.decode(header.data, header.reading, name)


def shown_name(path: str | Path) -> str:
    """A file's name that can be shown, whatever bytes it is made of."""
    name = os.fsencode(Path(path).name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name) or str(path)


def _file_bytes(path: str | Path, name: str) -> bytes:
    _check_regular(os.stat(path), name)  # before opening, which some devices answer with deeds  # noqa: PTH116
    descriptor = os.open(path, _FLAGS)  # non-blocking, should it have become a pipe in between
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
        about = os.fstat(descriptor)
        _check_regular(about, name)
        if about.st_size > MOST_FILE_BYTES:
            raise ConvStudioError(
                f"“{name}” has {about.st_size:,} bytes, more than the {MOST_FILE_BYTES:,} that are read; "
                "make it smaller with another program first."
            )
        return _all_of(file.fileno(), about.st_size)


def _all_of(descriptor: int, size: int) -> bytes:
    """As many bytes as the file had when it was opened, however many calls that takes."""
    parts = []
    while size > 0 and (part := os.read(descriptor, size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _check_regular(about: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise ConvStudioError(f"“{name}” is a folder; choose a picture file in it.")
    if not stat.S_ISREG(about.st_mode):
        raise ConvStudioError(f"“{name}” is a pipe or a device and not a regular file; choose a picture file.")


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
