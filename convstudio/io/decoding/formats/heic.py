"""HEIC files, as telephones write them, read by pillow-heif. It is an extra, imported when a file first needs it."""

import numpy as np

from convstudio.io.decoding.formats import extras
from convstudio.io.decoding.formats.pillow import metadata_of
from convstudio.io.decoding.opencv import Planes
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off, undecodable

CODEC = "HEIC"
DEEP = ";16"  # of a mode: 16 bits a value
CUT_OFF = ("end_of_data", "end of file", "truncated")


def read(data: bytes, name: str, page: int) -> Header:
    """The header of a HEIC file; the library turns pictures as the file says."""
    library = extras.pillow_heif(name)
    try:
        file = library.open_heif(data, convert_hdr_to_8bit=False)
        pages = len(file)
        check_page(page, pages, "picture", name)
        image = file[page]
        width, height = image.size
        mode = str(image.mode)
        metadata, _ = metadata_of(image)
    except (EOFError, SyntaxError, OSError, ValueError, RuntimeError, KeyError, IndexError) as error:
        raise _refusal(name, error) from None

    def unpack() -> Planes:
        try:
            pixels = np.asarray(image)
        except (EOFError, SyntaxError, OSError, ValueError, RuntimeError) as error:
            raise _refusal(name, error) from None
        pixels = pixels.reshape(*pixels.shape[:2], -1)
        if pixels.shape[:2] != (height, width) or pixels.shape[2] not in (1, 2, 3, 4):
            raise undecodable(name, CODEC, "another size than its header says")
        colours = 1 if pixels.shape[2] < 3 else 3
        alpha = pixels[:, :, colours] if pixels.shape[2] > colours else None
        return Planes(pixels[:, :, :colours], alpha)

    return Header(width, height, 1, 8 if mode.endswith(DEEP) else 4, unpack, pages, "picture", metadata)


def _refusal(name: str, error: Exception) -> Exception:
    words = str(error)
    return cut_off(name) if any(sign in words.lower() for sign in CUT_OFF) else undecodable(name, CODEC)
