"""What the headers of picture files say, read before anything is decoded: size, depth, orientation, completeness.

PNG, JPEG, BMP and WebP are read here, TIFF by `image_tiff_header`. Pixels are not decoded here.
"""

import struct
import zlib
from enum import StrEnum
from typing import NamedTuple, NoReturn

from convstudio.core.errors import ConvStudioError
from convstudio.io import image_tiff_header
from convstudio.io.decoder_wire import Reading
from convstudio.io.image_tiff import is_tiff, orientation_in

PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # what pixels are made of; no animation, no profiles
PNG_CHANNELS = {0: 1, 2: 3, 3: 4, 4: 4, 6: 4}  # as decoded, by colour type
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE = (0x01, *range(0xD0, 0xD9))  # markers without a length
WEBP_ALPHA = 0x10


class Kind(StrEnum):
    """A format of files that are read."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WebP"


class Header(NamedTuple):
    """What will be decoded: the bytes to give to the decoder, how to read them, and how large the picture becomes."""

    kind: Kind
    data: bytes
    reading: Reading
    value_bytes: int  # of all channels of one pixel, decoded


def kind_of(data: bytes) -> Kind | None:
    """The format of a file by its first bytes, whatever its name says."""
    if data.startswith(PNG):
        return Kind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if is_tiff(data):
        return Kind.TIFF
    if data.startswith(b"BM"):
        return Kind.BMP
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    return None


def read_header(data: bytes, name: str) -> Header:
    """Read the header of a picture file; refuses what is no picture, is cut off, or contradicts itself."""
    kind = kind_of(data)
    try:
        match kind:
            case Kind.PNG:
                return _png(data, name)
            case Kind.JPEG:
                return _jpeg(data, name)
            case Kind.TIFF:
                return Header(kind, *image_tiff_header.read(data, name))
            case Kind.BMP:
                return _bmp(data, name)
            case Kind.WEBP:
                return _webp(data, name)
            case None:
                raise ConvStudioError(
                    f"“{name}” is not a picture that can be read; choose a PNG, JPEG, TIFF, BMP or WebP file."
                )
    except (struct.error, IndexError):
        _cut_off(name)


def _png_parts(data: bytes, name: str) -> list[tuple[bytes, bytes]]:
    """Type and whole of each part up to the last; those that make up pixels with a right checksum."""
    parts, place, kind = [], len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, place)
        part = data[place : place + 12 + length]
        if len(part) < 12 + length:
            _cut_off(name)
        if kind in PNG_KEPT and zlib.crc32(part[4:-4]) != int.from_bytes(part[-4:], "big"):
            _damaged(name, f"the checksum of its part “{kind.decode()}” is wrong")
        parts.append((kind, part))
        place += len(part)
    return parts


def _png(data: bytes, name: str) -> Header:
    parts = _png_parts(data, name)
    kept = [PNG, *(part for kind, part in parts if kind in PNG_KEPT)]
    clear = next((part[8:-4] for kind, part in parts if kind == b"tRNS"), b"")
    orientation = next((orientation_in(part[8:-4]) for kind, part in parts if kind == b"eXIf"), 1)
    if kept[1][4:8] != b"IHDR":
        _damaged(name, "it does not begin with its size")
    width, height, bits, colour = struct.unpack_from(">IIBB", kept[1], 8)
    if colour not in PNG_CHANNELS:
        _damaged(name, f"there is no colour type {colour}")
    clear_grey = None
    if colour == 0 and len(clear) == 2:
        clear_grey = int.from_bytes(clear, "big") * (255 // (2**bits - 1) if bits < 8 else 1)
    reading = Reading(width, height, orientation, is_grey=colour == 4, clear_grey=clear_grey)
    return Header(Kind.PNG, b"".join(kept), reading, (PNG_CHANNELS[colour] + bool(clear)) * (2 if bits == 16 else 1))


def _jpeg(data: bytes, name: str) -> Header:
    place, orientation, size = 2, 1, (0, 0, 0)
    while True:
        if data[place] != 0xFF:
            _damaged(name, f"its part at byte {place} begins with no marker")
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker in JPEG_BARE:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        body = data[place + 4 : place + 2 + length]
        if marker == 0xE1 and body.startswith(b"Exif\0\0") and orientation == 1:
            orientation = orientation_in(body[6:])
        if marker in JPEG_FRAMES:
            size = struct.unpack_from(">HHB", body, 1)
        place += 2 + length
        if marker == 0xDA:  # the picture itself follows
            break
    if data.find(b"\xff\xd9", place) < 0:
        _cut_off(name)
    height, width, components = size
    reading = Reading(width, height, orientation, has_alpha=False)
    return Header(Kind.JPEG, data, reading, 1 if components == 1 else 3)


def _bmp(data: bytes, name: str) -> Header:
    start, header = struct.unpack_from("<II", data, 10)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        is_packed = False
    else:
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
        is_packed = packing in (1, 2, 4, 5)  # run lengths, JPEG, PNG
    height = abs(height)
    if not is_packed and start + (width * bits + 31) // 32 * 4 * height > len(data):
        _cut_off(name)
    return Header(Kind.BMP, data, Reading(width, height, is_alpha_doubtful=True), 4)


def _webp(data: bytes, name: str) -> Header:
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        _cut_off(name)
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        has_alpha = bool(data[20] & WEBP_ALPHA)
    elif kind == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        width, height, has_alpha = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, bool(packed >> 28 & 1)
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
        has_alpha = False
    orientation = _webp_orientation(data) if kind == b"VP8X" else 1
    return Header(Kind.WEBP, data, Reading(width, height, orientation, has_alpha=has_alpha), 4)


def _webp_orientation(data: bytes) -> int:
    place = 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"EXIF":
            return orientation_in(data[place + 8 : place + 8 + length].removeprefix(b"Exif\0\0"))
        place += 8 + length + length % 2
    return 1


def _cut_off(name: str) -> NoReturn:
    raise ConvStudioError(
        f"“{name}” is damaged: it ends before its picture is complete; copy or download it again."
    ) from None


def _damaged(name: str, why: str) -> NoReturn:
    raise ConvStudioError(f"“{name}” is damaged: {why}; copy or download it again.")
