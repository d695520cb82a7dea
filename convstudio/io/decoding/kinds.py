"""Which kind of picture file some bytes begin. The standard library alone: the window asks this of every file."""

import re
from enum import StrEnum


class PictureFormat(StrEnum):
    """A format of files that are read."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WebP"
    GIF = "GIF"
    AVIF = "AVIF"
    HEIC = "HEIC"
    JPEG_2000 = "JPEG 2000"
    NETPBM = "PGM, PPM or PFM"
    RADIANCE = "Radiance HDR"
    OPEN_EXR = "OpenEXR"
    ARRAY = "NumPy array"
    ARRAYS = "NumPy arrays"


SUFFIXES = (
    *(".png", ".apng", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".avif", ".heic", ".heif", ".jp2"),
    *(".j2k", ".pgm", ".ppm", ".pbm", ".pnm", ".pfm", ".hdr", ".exr"),
)
"""What names of picture files end in; arrays, which may be something else, are left out. The content decides."""

_STARTS: tuple[tuple[bytes, PictureFormat], ...] = (
    (b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
    (b"\xff\xd8\xff", PictureFormat.JPEG),
    (b"II*\0", PictureFormat.TIFF),
    (b"MM\0*", PictureFormat.TIFF),
    (b"II+\0", PictureFormat.TIFF),
    (b"MM\0+", PictureFormat.TIFF),
    (b"BM", PictureFormat.BMP),
    (b"GIF87a", PictureFormat.GIF),
    (b"GIF89a", PictureFormat.GIF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", PictureFormat.JPEG_2000),
    (b"\xff\x4f\xff\x51", PictureFormat.JPEG_2000),
    (b"#?RADIANCE", PictureFormat.RADIANCE),
    (b"#?RGBE", PictureFormat.RADIANCE),
    (b"\x76\x2f\x31\x01", PictureFormat.OPEN_EXR),
    (b"\x93NUMPY", PictureFormat.ARRAY),
    (b"PK\3\4", PictureFormat.ARRAYS),
)
_NETPBM = re.compile(rb"P[1-6Ff][ \t\r\n#]")
_AVIF, _HEIC = (b"avif", b"avis"), (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def picture_format(data: bytes) -> PictureFormat | None:
    """The format of a file by its first bytes, whatever its name says.

    Examples
    --------
    >>> picture_format(b"GIF89a")
    <PictureFormat.GIF: 'GIF'>
    """
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if data[4:8] == b"ftyp":
        brands = data[8 : min(int.from_bytes(data[:4], "big"), 64)]
        if any(brand in brands for brand in _AVIF):
            return PictureFormat.AVIF
        if any(brand in brands for brand in _HEIC):
            return PictureFormat.HEIC
    return PictureFormat.NETPBM if _NETPBM.match(data) else None
