"""Which module reads the header of a picture file. All of it happens in the decoding process.

Modules are imported when the first file of their kind comes: a library that nobody needs costs nothing.
"""

import struct
from importlib import import_module

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.kinds import PictureFormat, picture_format
from convstudio.io.decoding.picture import Header
from convstudio.io.decoding.refusals import cut_off

FORMATS = "convstudio.io.decoding.formats"
READERS = {
    PictureFormat.PNG: "png.read",
    PictureFormat.JPEG: "jpeg.read",
    PictureFormat.TIFF: "tiff.reading.read",
    PictureFormat.BMP: "bmp.header",
    PictureFormat.WEBP: "webp.read",
    PictureFormat.GIF: "pillow.gif",
    PictureFormat.AVIF: "pillow.avif",
    PictureFormat.HEIC: "heic.read",
    PictureFormat.JPEG_2000: "jpeg2000.read",
    PictureFormat.NETPBM: "netpbm.read",
    PictureFormat.RADIANCE: "floating.radiance",
    PictureFormat.OPEN_EXR: "floating.open_exr",
    PictureFormat.ARRAY: "arrays.array",
    PictureFormat.ARRAYS: "arrays.arrays",
}
"""The function that reads each format: (data, name, page) → Header."""


def read_header(data: bytes, name: str, page: int = 0) -> Header:
    """Read the header of a picture file; refuses what is no picture, is cut off, or contradicts itself."""
    kind = picture_format(data)
    if kind is None:
        raise ConvStudioError(
            f"“{name}” is not a picture that can be read; choose a PNG, JPEG, TIFF, BMP, WebP, GIF, AVIF, HEIC, "
            "JPEG 2000, PGM, PPM, HDR or NumPy file."
        )
    module, _, function = READERS[kind].rpartition(".")
    read = getattr(import_module(f"{FORMATS}.{module}"), function)
    try:
        header: Header = read(data, name, page)
    except (struct.error, IndexError):
        raise cut_off(name) from None
    return header
