"""What the headers of picture files say, read before anything is decoded: size, depth, orientation, completeness.

PNG, JPEG and WebP are read here and decoded by OpenCV, BMP by `bmp`, TIFF by `tiff`. All of it
happens in the decoding process: a header may be long and be made to be long.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from typing import NamedTuple

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding import bmp
from convstudio.io.decoding.opencv import (
    Planes,
    Promise,
    Raw,
    UndecodableError,
    bgr_to_rgb,
    decode,
    warning,
)
from convstudio.io.decoding.refusals import cut_off, damaged, undecodable
from convstudio.io.decoding.tiff import header as tiff
from convstudio.io.decoding.tiff.directory import is_tiff, orientation_in, orientation_in_xmp

PNG = b"\x89PNG\r\n\x1a\n"
PNG_PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # what pixels are made of; no animation, no profiles
PNG_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 4, 6: 4}  # as decoded, by colour type
PNG_XMP = b"XML:com.adobe.xmp\0"
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_COMMON = (0xC0, 0xC1, 0xC2)  # sequential and progressive, Huffman codes
JPEG_SEQUENTIAL = (0xC0, 0xC1)
JPEG_CODES = 0xC4
JPEG_HOLE = bytes(32)  # more than a block of pixels, where zeros do not end one
JPEG_BARE = (0x01, *range(0xD0, 0xD9))  # markers without a length
JPEG_SCAN, JPEG_END = 0xDA, b"\xff\xd9"
JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # within a scan, what ends it
JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
WEBP_ALPHA = 0x10
NO_END = "Its end mark is missing, but all its pixels are there."
MOST_PIXELS = 2**27
MOST_BYTES = 2**30  # decoded; the decoding process needs some copies of them
MOST_PARTS = 2**18  # of a file; parts of 4 KiB each fill the largest file that is read


class PictureFormat(StrEnum):
    """A format of files that are read."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WebP"


class Header(NamedTuple):
    """How large a picture becomes, how it stands, and what unpacks it."""

    width: int
    height: int
    orientation: int  # as EXIF counts it
    value_bytes: int  # of all channels of one pixel, decoded
    unpack: Callable[[], Planes]


def picture_format(data: bytes) -> PictureFormat | None:
    """The format of a file by its first bytes, whatever its name says."""
    if data.startswith(PNG):
        return PictureFormat.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return PictureFormat.JPEG
    if is_tiff(data):
        return PictureFormat.TIFF
    if data.startswith(b"BM"):
        return PictureFormat.BMP
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureFormat.WEBP
    return None


def read_header(data: bytes, name: str) -> Header:
    """Read the header of a picture file; refuses what is no picture, is cut off, or contradicts itself."""
    try:
        match picture_format(data):
            case PictureFormat.PNG:
                return _png(data, name)
            case PictureFormat.JPEG:
                return _jpeg(data, name)
            case PictureFormat.TIFF:
                layout = tiff.read(data, name)
                unpack = partial(tiff.unpack, data, layout, name)
                return Header(layout.width, layout.height, layout.orientation, layout.value_bytes, unpack)
            case PictureFormat.BMP:
                bitmap = bmp.read(data, name)
                return Header(bitmap.width, bitmap.height, 1, 4, partial(bmp.unpack, data, bitmap, name))
            case PictureFormat.WEBP:
                return _webp(data, name)
            case None:
                raise ConvStudioError(
                    f"“{name}” is not a picture that can be read; choose a PNG, JPEG, TIFF, BMP or WebP file."
                )
    except (struct.error, IndexError):
        raise cut_off(name) from None


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


def _check_part_count(number: int, name: str) -> None:
    if number > MOST_PARTS:
        raise ConvStudioError(
            f"“{name}” is made of more than {MOST_PARTS:,} parts, the most that are read; "
            "save it again with another program."
        )


def _png_chunks(data: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Type and bytes of each chunk that pixels are made of, up to the last, its checksum compared.

    The chunks that say how the picture stands come along.
    """
    place, kind, number, has_pixels = len(PNG), b"", 0, False
    while kind != b"IEND":
        number += 1
        _check_part_count(number, name)
        has_pixels = has_pixels or kind == b"IDAT"
        if has_pixels and PNG_END.startswith(data[place : place + len(PNG_END)]):  # also where only its begin is there
            yield b"IEND", PNG_END
            return
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise cut_off(name)
        if kind in PNG_PIXEL_CHUNKS:
            chunk = data[place:end]
            if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
                raise damaged(name, f"the checksum of its part “{kind.decode()}” is wrong")
            yield kind, chunk
        elif kind in (b"eXIf", b"iTXt"):
            yield kind, data[place:end]
        place = end


def _png(data: bytes, name: str) -> Header:
    chunks, clear, orientations = [PNG], b"", [0, 0]
    for kind, chunk in _png_chunks(data, name):
        body = chunk[8:-4]
        match kind:
            case b"eXIf":
                orientations[0] = orientations[0] or orientation_in(body)
            case b"iTXt":
                orientations[1] = orientations[1] or (orientation_in_xmp(body) if body.startswith(PNG_XMP) else 0)
            case _:
                chunks.append(chunk)
                clear = body if kind == b"tRNS" else clear
    if chunks[1][4:8] != b"IHDR":
        raise damaged(name, "it does not begin with its size")
    width, height, bits, colour = struct.unpack_from(">IIBB", chunks[1], 8)
    if colour not in PNG_CHANNELS:
        raise damaged(name, f"there is no colour type {colour}")
    clear_grey = None
    if colour == 0 and len(clear) == 2:
        clear_grey = int.from_bytes(clear, "big") * (255 // (2**bits - 1) if bits < 8 else 1)
    channels = 4 if clear and colour in (2, 3) else PNG_CHANNELS[colour]
    promise = Promise(width, height, channels, 16 if bits == 16 else 8)
    note = "" if data.find(PNG_END) >= 0 else NO_END

    def unpack() -> Planes:
        raw, _ = _decode(b"".join(chunks), promise, name)
        alpha = raw[:, :, 3] if raw.shape[2] == 4 else None
        if raw.shape[2] >= 3:
            return Planes(raw[:, :, :1] if colour == 4 else bgr_to_rgb(raw), alpha, note)
        if clear_grey is not None:
            alpha = np.where(raw[:, :, 0] == clear_grey, 0, np.iinfo(raw.dtype).max)
        return Planes(raw, alpha, note)

    value_bytes = (PNG_CHANNELS[colour] + bool(clear)) * (2 if bits == 16 else 1)
    return Header(width, height, orientations[0] or orientations[1] or 1, value_bytes, unpack)


class _Scans:
    """Which numbers of a JPEG's components its scans hold to the last bit."""

    def __init__(self, components: int) -> None:
        self.count = 0
        self._missing = {(component, frequency) for component in range(components) for frequency in range(64)}
        self._numbers: dict[int, int] = {}

    def name_components(self, frame: bytes) -> None:
        self._numbers = {frame[6 + 3 * index]: index for index in range(frame[5])}

    def take(self, scan: bytes) -> None:
        """A scan's header, its length left out."""
        self.count += 1
        count = scan[0]
        first, last, bits = struct.unpack_from("3B", scan, 1 + 2 * count)
        if bits & 15 == 0:
            components = {self._numbers.get(scan[1 + 2 * index], -1) for index in range(count)}
            self._missing -= {(component, n) for component in components for n in range(first, last + 1)}

    @property
    def are_complete(self) -> bool:
        return not self._missing


class _Jpeg:
    """What is in a JPEG in front of and between its scans."""

    def __init__(self) -> None:
        self.marker, self.frame = 0, b""  # what it says of the size
        self.exif, self.xmp, self.scans = 0, 0, _Scans(0)
        self.has_end = self.has_hole = False
        self._zeros_mean: dict[int, int] = {}  # what a code of zeros stands for, by the number of a table of codes
        self._scan_end = 0  # where a scan began in which zeros are no data

    def take(self, marker: int, body: bytes, end: int) -> None:
        """A segment without its marker and length, and where it ends in the file."""
        self._scan_end = 0
        if marker == JPEG_SCAN:
            self.scans.take(body)
            is_flat = self._zeros_mean.get(0x10 | body[2] & 15, 0) == 0  # zeros end one block after another
            self._scan_end = end if self.marker in JPEG_SEQUENTIAL and not is_flat else 0
        elif marker == JPEG_CODES:
            self._take_codes(body)
        elif self.scans.count:
            return  # between scans
        elif marker in JPEG_FRAMES:
            self.marker, self.frame, self.scans = marker, body, _Scans(body[5])
            self.scans.name_components(body)
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            self.exif = self.exif or orientation_in(body[6:])
        elif marker == 0xE1 and body.startswith(JPEG_XMP):
            self.xmp = self.xmp or orientation_in_xmp(body)

    def _take_codes(self, tables: bytes) -> None:
        """Tables of codes: a number, how many codes there are of each length, and what they stand for."""
        place = 0
        while place + 17 < len(tables):
            self._zeros_mean[tables[place]] = tables[place + 17]  # the first code of all is made of zeros
            place += 17 + sum(tables[place + 1 : place + 17])

    def look_for_hole(self, data: bytes, end: int) -> None:
        """Zeros that no encoder writes, in the scan that ends here; decoders take them for pixels, often silently."""
        if self._scan_end:
            self.has_hole = self.has_hole or data.find(JPEG_HOLE, self._scan_end, end) >= 0


def _jpeg_parts(data: bytes, name: str) -> _Jpeg:
    jpeg, place, number, first_scan = _Jpeg(), 2, 0, 0
    # what lies between two segments is nothing, or junk that decoders leap over
    while (following := JPEG_MARKER.search(data, place)) is not None:
        number += 1
        _check_part_count(number, name)
        place = following.start()
        jpeg.look_for_hole(data, place)
        marker = data[place + 1]
        if marker == JPEG_END[1] and first_scan:
            jpeg.has_end = True
            return jpeg
        if marker in JPEG_BARE or marker == JPEG_END[1]:
            place += 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if end > len(data):
            break
        jpeg.take(marker, data[place + 4 : end], end)
        first_scan = first_scan or (place if marker == JPEG_SCAN else 0)
        place = end
    if not first_scan:
        raise cut_off(name)
    jpeg.has_end = data.find(JPEG_END, first_scan) >= 0  # behind something that only looks like a segment
    return jpeg


def _jpeg(data: bytes, name: str) -> Header:
    parts = _jpeg_parts(data, name)
    marker, frame = parts.marker, parts.frame
    if not parts.has_end and not parts.scans.are_complete:
        raise cut_off(name)
    bits, height, width, components = struct.unpack_from(">BHHB", frame) if frame else (8, 0, 0, 0)
    if bits != 8:
        raise ConvStudioError(
            f"“{name}” is a JPEG of {bits} bits a value, which is not read; save it with 8 bits, or as TIFF."
        )
    promise = Promise(width, height, 1 if components == 1 else 3, 8)

    def unpack() -> Planes:
        try:
            whole = data if parts.has_end else data.rstrip(b"\xff") + JPEG_END
            raw, complaint = decode(whole, promise, name)
        except UndecodableError:
            if marker in JPEG_COMMON:
                raise undecodable(name) from None
            raise ConvStudioError(
                f"“{name}” is a JPEG of a rare kind (SOF{marker - 0xC0}: lossless, hierarchical or with arithmetic "
                "codes), which is not read; save it as PNG or as a common JPEG."
            ) from None
        if not parts.has_end and complaint:
            raise cut_off(name)
        note = warning(complaint)
        if parts.has_hole and not complaint:
            note = f"Part of it may be wrong: at least {len(JPEG_HOLE)} bytes amid its pixels are zero."
        if not parts.has_end:
            note = f"{NO_END} {note}".rstrip()
        return Planes(bgr_to_rgb(raw) if raw.shape[2] >= 3 else raw, note=note)

    return Header(width, height, parts.exif or parts.xmp or 1, promise.channels, unpack)


def _webp(data: bytes, name: str) -> Header:
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise cut_off(name)
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

    def unpack() -> Planes:
        raw, complaint = _decode(data, Promise(width, height, 3, 8), name)
        alpha = raw[:, :, 3] if has_alpha and raw.shape[2] == 4 else None
        return Planes(bgr_to_rgb(raw), alpha, warning(complaint))

    return Header(width, height, _webp_orientation(data, name) if kind == b"VP8X" else 1, 4, unpack)


def _webp_orientation(data: bytes, name: str) -> int:
    place, exif, xmp, number = 12, 0, 0, 0
    while place + 8 <= len(data):
        number += 1
        _check_part_count(number, name)
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"EXIF":
            exif = exif or orientation_in(data[place + 8 : place + 8 + length].removeprefix(b"Exif\0\0"))
        elif data[place : place + 4] == b"XMP ":
            xmp = xmp or orientation_in_xmp(data[place + 8 : place + 8 + length])
        place += 8 + length + length % 2
    return exif or xmp or 1


def _decode(data: bytes, promise: Promise, name: str) -> tuple[Raw, str]:
    try:
        return decode(data, promise, name)
    except UndecodableError:
        raise undecodable(name) from None
