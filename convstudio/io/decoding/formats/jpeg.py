"""JPEG files: their segments are read here, their pixels by OpenCV, and those of 12 bits by imagecodecs."""

import re
import struct

from convstudio.core.errors import ConvStudioError
from convstudio.core.metadata import Metadata
from convstudio.io.decoding.exif import orientation_in, orientation_in_xmp
from convstudio.io.decoding.formats import extras
from convstudio.io.decoding.opencv import Planes, Promise, UndecodableError, bgr_to_rgb, decode, warning
from convstudio.io.decoding.picture import NO_END, Header, check_page, check_part_count
from convstudio.io.decoding.refusals import cut_off, undecodable

FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
COMMON = (0xC0, 0xC1, 0xC2)  # sequential and progressive, Huffman codes
SEQUENTIAL = (0xC0, 0xC1)
CODES = 0xC4
HOLE = bytes(32)  # more than a block of pixels, where zeros do not end one
BARE = (0x01, *range(0xD0, 0xD9))  # markers without a length
SCAN, END = 0xDA, b"\xff\xd9"
MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # within a scan, what ends it
XMP, EXIF, PROFILE, JFIF = b"http://ns.adobe.com/xap/1.0/\0", b"Exif\0\0", b"ICC_PROFILE\0", b"JFIF\0"
CENTIMETRES = 2.54  # an inch
DEEP = 12  # bits of a value, beside 8


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
        self.exif, self.by_xmp, self.scans = b"", 0, _Scans(0)
        self.profile: dict[int, bytes] = {}  # its pieces by their number
        self.resolution: tuple[float, float] | None = None
        self.has_end = self.has_hole = False
        self._zeros_mean: dict[int, int] = {}  # what a code of zeros stands for, by the number of a table of codes
        self._scan_end = 0  # where a scan began in which zeros are no data

    def take(self, marker: int, body: bytes, end: int) -> None:
        """A segment without its marker and length, and where it ends in the file."""
        self._scan_end = 0
        if marker == SCAN:
            self.scans.take(body)
            is_flat = self._zeros_mean.get(0x10 | body[2] & 15, 0) == 0  # zeros end one block after another
            self._scan_end = end if self.marker in SEQUENTIAL and not is_flat else 0
        elif marker == CODES:
            self._take_codes(body)
        elif self.scans.count:
            return  # between scans
        elif marker in FRAMES:
            self.marker, self.frame, self.scans = marker, body, _Scans(body[5])
            self.scans.name_components(body)
        elif 0xE0 <= marker <= 0xE2:
            self._take_aside(marker, body)

    def _take_aside(self, marker: int, body: bytes) -> None:
        """What stands beside the pixels: EXIF data, XMP, a piece of the profile, the resolution."""
        if marker == 0xE1 and body.startswith(EXIF):
            self.exif = self.exif or body.removeprefix(EXIF)
        elif marker == 0xE1 and body.startswith(XMP):
            self.by_xmp = self.by_xmp or orientation_in_xmp(body)
        elif marker == 0xE2 and body.startswith(PROFILE) and len(body) > len(PROFILE) + 2:
            self.profile.setdefault(body[len(PROFILE)], body[len(PROFILE) + 2 :])
        elif marker == 0xE0 and body.startswith(JFIF) and len(body) >= 12 and body[7] in (1, 2):
            across, down = struct.unpack_from(">HH", body, 8)
            scale = CENTIMETRES if body[7] == 2 else 1.0
            self.resolution = (across * scale, down * scale) if across and down else None

    def _take_codes(self, tables: bytes) -> None:
        """Tables of codes: a number, how many codes there are of each length, and what they stand for."""
        place = 0
        while place + 17 < len(tables):
            self._zeros_mean[tables[place]] = tables[place + 17]  # the first code of all is made of zeros
            place += 17 + sum(tables[place + 1 : place + 17])

    def look_for_hole(self, data: bytes, end: int) -> None:
        """Zeros that no encoder writes, in the scan that ends here; decoders take them for pixels, often silently."""
        if self._scan_end:
            self.has_hole = self.has_hole or data.find(HOLE, self._scan_end, end) >= 0


def _parts(data: bytes, name: str) -> _Jpeg:
    jpeg, place, number, first_scan = _Jpeg(), 2, 0, 0
    # what lies between two segments is nothing, or junk that decoders leap over
    while (following := MARKER.search(data, place)) is not None:
        number += 1
        check_part_count(number, name)
        place = following.start()
        jpeg.look_for_hole(data, place)
        marker = data[place + 1]
        if marker == END[1] and first_scan:
            jpeg.has_end = True
            return jpeg
        if marker in BARE or marker == END[1]:
            place += 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if end > len(data):
            break
        jpeg.take(marker, data[place + 4 : end], end)
        first_scan = first_scan or (place if marker == SCAN else 0)
        place = end
    if not first_scan:
        raise cut_off(name)
    jpeg.has_end = data.find(END, first_scan) >= 0  # behind something that only looks like a segment
    return jpeg


def read(data: bytes, name: str, page: int) -> Header:
    """The header of a JPEG; its pixels are there once all numbers of all its components are."""
    check_page(page, 1, "page", name)
    parts = _parts(data, name)
    frame = parts.frame
    if not parts.has_end and not parts.scans.are_complete:
        raise cut_off(name)
    bits, height, width, components = struct.unpack_from(">BHHB", frame) if frame else (8, 0, 0, 0)
    promise = Promise(width, height, 1 if components == 1 else 3, 8)

    def unpack() -> Planes:
        return _unpack(data, parts, promise, name) if bits == 8 else _unpack_deep(data, parts, promise, bits, name)

    metadata = Metadata(
        b"".join(parts.profile[number] for number in sorted(parts.profile)), parts.exif, parts.resolution
    )
    orientation = orientation_in(parts.exif) or parts.by_xmp or 1
    value_bytes = promise.channels * (1 if bits == 8 else 2)
    return Header(width, height, orientation, value_bytes, unpack, metadata=metadata)


def _unpack(data: bytes, parts: _Jpeg, promise: Promise, name: str) -> Planes:
    try:
        whole = data if parts.has_end else data.rstrip(b"\xff") + END
        raw, complaint = decode(whole, promise, name)
    except UndecodableError:
        if parts.marker in COMMON:
            raise undecodable(name, "JPEG") from None
        raise ConvStudioError(
            f"“{name}” is a JPEG of a rare kind (SOF{parts.marker - 0xC0}: lossless, hierarchical or with arithmetic "
            "codes), which is not read; save it as PNG or as a common JPEG."
        ) from None
    if not parts.has_end and complaint:
        raise cut_off(name)
    note = warning(complaint)
    if parts.has_hole and not complaint:
        note = f"Part of it may be wrong: at least {len(HOLE)} bytes amid its pixels are zero."
    if not parts.has_end:
        note = f"{NO_END} {note}".rstrip()
    return Planes(bgr_to_rgb(raw) if raw.shape[2] >= 3 else raw, note=note)


def _unpack_deep(data: bytes, parts: _Jpeg, promise: Promise, bits: int, name: str) -> Planes:
    """A JPEG of 12 bits a value, which medical cameras write."""
    if bits != DEEP:
        raise ConvStudioError(
            f"“{name}” is a JPEG of {bits} bits a value, which is not read; save it with 8 bits, or as TIFF."
        )
    whole = data if parts.has_end else data.rstrip(b"\xff") + END
    pixels = extras.decode(whole, name, extras.ExtraCodec.JPEG_12)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    if pixels.shape != (promise.height, promise.width, promise.channels):
        raise undecodable(name, extras.ExtraCodec.JPEG_12)
    return Planes(pixels, note="" if parts.has_end else NO_END, white=float(2**DEEP - 1))
