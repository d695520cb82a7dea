"""Picture files written byte by byte from the formats' specifications, not through OpenCV. No test lives here."""

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.sizes import ceil_division
from tests.pictures import SIGNATURE, chunk

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
TIFF_LETTERS = {1: "B", 3: "H", 4: "I"}


def png_file(
    width: int, height: int, bits: int, colour: int, rows: Sequence[bytes], *, before: bytes = b"", after: bytes = b""
) -> bytes:
    """A PNG of unfiltered rows, with chunks before and after the pixels."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    return SIGNATURE + chunk(b"IHDR", header) + before + body + after + chunk(b"IEND", b"")


def animated_png(rows: Sequence[bytes], width: int) -> bytes:
    """A grey PNG with an animation whose second frame lies far outside the picture and is no compressed data."""
    height = len(rows)
    control = chunk(b"acTL", struct.pack(">II", 2, 0))
    first = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0))
    second = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 1, 100_000, 100_000, 2**30, 2**30, 1, 10, 1, 1))
    data = chunk(b"fdAT", struct.pack(">I", 2) + b"no compressed data")
    return png_file(width, height, 8, GREY, rows, before=control + first, after=second + data)


def tiff_file(
    width: int,
    height: int,
    pixels: bytes,
    *,
    bits: int = 8,
    samples: int = 1,
    number: int = 1,
    photometric: int = 1,
    more: Sequence[tuple[int, int]] = (),
) -> bytes:
    """An uncompressed little-endian TIFF of one strip; `number` 1 is unsigned, 2 signed, 3 float."""
    tags: dict[int, tuple[int, tuple[int, ...]]] = {
        256: (4, (width,)),
        257: (4, (height,)),
        258: (3, (bits,) * samples),
        259: (3, (1,)),
        262: (3, (photometric,)),
        273: (4, (8,)),
        277: (3, (samples,)),
        278: (4, (height,)),
        279: (4, (len(pixels),)),
        339: (3, (number,) * samples),
        **{tag: (3, (value,)) for tag, value in more},
    }
    return tiff_of_tags(tags, pixels)


def tiff_in_tiles(
    pixels: NDArray[np.uint8], high: int, wide: int, *, is_separate: bool = False, more: Sequence[tuple[int, int]] = ()
) -> bytes:
    """An uncompressed 8-bit TIFF of (H, W, channels) in tiles, those at the right and below filled up with 7."""
    height, width, samples = pixels.shape
    filled = np.full((ceil_division(height, high) * high, ceil_division(width, wide) * wide, samples), 7, np.uint8)
    filled[:height, :width] = pixels
    planes = [filled[:, :, [n]] for n in range(samples)] if is_separate else [filled]
    tiles = [
        plane[top : top + high, left : left + wide].tobytes()
        for plane in planes
        for top in range(0, height, high)
        for left in range(0, width, wide)
    ]
    size = len(tiles[0])
    tags: dict[int, tuple[int, tuple[int, ...]]] = {
        256: (4, (width,)),
        257: (4, (height,)),
        258: (3, (8,) * samples),
        259: (3, (1,)),
        262: (3, (2 if samples >= 3 else 1,)),
        277: (3, (samples,)),
        284: (3, (2 if is_separate else 1,)),
        322: (3, (wide,)),
        323: (3, (high,)),
        324: (4, tuple(range(8, 8 + size * len(tiles), size))),
        325: (4, (size,) * len(tiles)),
        **{tag: (3, (value,)) for tag, value in more},
    }
    return tiff_of_tags(tags, b"".join(tiles))


def tiff_of_tags(tags: dict[int, tuple[int, tuple[int, ...]]], pixels: bytes) -> bytes:
    """A little-endian TIFF with these numbers, by type, and pixels at byte 8."""
    blob = pixels + b"\0" * (len(pixels) % 2)
    rows = []
    for tag, (kind, values) in sorted(tags.items()):
        field = struct.pack(f"<{len(values)}{TIFF_LETTERS[kind]}", *values)
        if len(field) > 4:
            place, blob = 8 + len(blob), blob + field
            field = struct.pack("<I", place)
        rows.append(struct.pack("<HHI4s", tag, kind, len(values), field))
    directory = struct.pack("<H", len(rows)) + b"".join(rows) + b"\0\0\0\0"
    return b"II*\0" + struct.pack("<I", 8 + len(blob)) + blob + directory


def bmp_file(width: int, height: int, bits: int, rows: Sequence[bytes], *, palette: bytes = b"") -> bytes:
    """A BMP; a negative height means that the first row is the upper one."""
    start = 54 + len(palette)
    body = b"".join(row + b"\0" * (-len(row) % 4) for row in rows)
    about = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, len(body), 0, 0, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + about + palette + body


def exif(orientation: int) -> bytes:
    """EXIF data that tells nothing but the orientation."""
    return b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x112, 3, 1, orientation, 0)


def xmp(orientation: int) -> bytes:
    """XMP metadata that tells nothing but the orientation."""
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="%d"/></rdf:RDF></x:xmpmeta>'
    ) % orientation


def jpeg_with(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment in front."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def jpeg_with_exif(jpeg: bytes, orientation: int) -> bytes:
    """A JPEG with an orientation in it."""
    return jpeg_with(jpeg, 0xE1, b"Exif\0\0" + exif(orientation))


def webp_with_exif(webp: bytes, width: int, height: int, orientation: int) -> bytes:
    """A simple WebP as an extended one with an orientation in it."""
    return webp_with(webp, width, height, b"EXIF", exif(orientation))


def webp_with(webp: bytes, width: int, height: int, kind: bytes, about: bytes) -> bytes:
    """A simple WebP as an extended one with EXIF data or XMP in it."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    flags = {b"EXIF": 8, b"XMP ": 4}[kind]
    chunk = kind + struct.pack("<I", len(about)) + about + b"\0" * (len(about) % 2)
    body = b"WEBPVP8X" + struct.pack("<II", 10, flags) + sides + webp[12:] + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bomb_jpeg() -> bytes:
    """A short JPEG that says it is 65,500×65,500 pixels."""
    size = struct.pack(">BHHB", 8, 65_500, 65_500, 1) + b"\1\x11\0"
    scan = b"\1\1\0\0\x3f\0"
    return b"".join(
        (
            b"\xff\xd8",
            b"\xff\xc0" + struct.pack(">H", len(size) + 2) + size,
            b"\xff\xda" + struct.pack(">H", len(scan) + 2) + scan,
            b"\0" * 100 + b"\xff\xd9",
        )
    )
