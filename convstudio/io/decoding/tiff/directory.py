"""Directories of TIFF files, and what EXIF data and XMP tell, the former in the same form. Pixels do not live here."""

import re
import struct
from typing import NamedTuple

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 256, 257, 258, 259, 262, 266
STRIPS, ORIENTATION, SAMPLES, STRIP_ROWS, STRIP_SIZES, PLANES, PREDICTOR = 273, 274, 277, 278, 279, 284, 317
COLOUR_MAP, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_SIZES, EXTRA, FORMAT = 320, 322, 323, 324, 325, 338, 339
JPEG_PLACE, JPEG_SIZE, XMP = 513, 514, 700

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_LETTERS = {1: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}
_XMP_ORIENTATION = re.compile(rb"tiff:Orientation(?:\s*=\s*[\"']|\s*>)\s*([1-8])\b")
_MOST_ENTRIES = 4096
_MOST_VALUES = 2**20  # of one entry


class DirectoryEntry(NamedTuple):
    """One entry: its type, how many values it has, the bytes of its value field, and where in the file those lie."""

    kind: int
    length: int
    field: bytes
    place: int


class Directory(NamedTuple):
    """The first directory of a file."""

    order: str  # "<" or ">"
    is_big: bool  # 64-bit offsets
    entries: dict[int, DirectoryEntry]

    def values(self, data: bytes, tag: int, *, most: int = _MOST_VALUES) -> tuple[int, ...]:
        """The first whole numbers of an entry; none where it is missing or lies outside the file."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind not in _LETTERS:
            return ()
        size = _SIZES[entry.kind] * entry.length
        start = 0
        source = entry.field
        if size > len(entry.field):
            start = int.from_bytes(entry.field, "little" if self.order == "<" else "big")
            source = data
        if start + size > len(source):
            return ()
        count = min(entry.length, most)
        return struct.unpack_from(f"{self.order}{count}{_LETTERS[entry.kind]}", source, start)

    def length(self, tag: int) -> int:
        """How many numbers an entry has."""
        return self.entries[tag].length if tag in self.entries else 0

    def value(self, data: bytes, tag: int, default: int) -> int:
        """The first number of an entry."""
        values = self.values(data, tag, most=1)
        return values[0] if values else default


def is_tiff(data: bytes) -> bool:
    """Whether the bytes begin as a TIFF file does."""
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_directory(data: bytes) -> Directory:
    """The first directory; raises struct.error where the bytes end too early."""
    order = "<" if data[:2] == b"II" else ">"
    is_big = 43 in data[2:4]
    (start,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
    if start > len(data):  # offsets of 2⁶³ and more are no places that Python knows
        raise struct.error("the directory lies outside of the file")
    (count,) = struct.unpack_from(order + ("Q" if is_big else "H"), data, start)
    if count > _MOST_ENTRIES:
        raise struct.error("too many entries")
    row = struct.Struct(order + ("HHQ8s" if is_big else "HHI4s"))
    first = start + (8 if is_big else 2)
    entries: dict[int, DirectoryEntry] = {}
    for number in range(count):
        tag, kind, length, field = row.unpack_from(data, first + number * row.size)
        place = first + (number + 1) * row.size - len(field)
        entries.setdefault(tag, DirectoryEntry(kind, length, field, place))
    return Directory(order, is_big, entries)


def orientation_in(exif: bytes) -> int:
    """The orientation that EXIF data tells, 0 where it tells none that has a meaning."""
    if not is_tiff(exif):
        return 0
    try:
        orientation = read_directory(exif).value(exif, ORIENTATION, 0)
    except struct.error:
        return 0
    return orientation if 1 <= orientation <= 8 else 0


def orientation_in_xmp(xmp: bytes) -> int:
    """The orientation that XMP metadata tells, 0 where it tells none."""
    match = _XMP_ORIENTATION.search(xmp)
    return int(match[1]) if match else 0


def is_complete(data: bytes, directory: Directory) -> bool:
    """Whether all strips or tiles lie within the file."""
    for offsets, sizes in ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES)):
        pairs = zip(directory.values(data, offsets), directory.values(data, sizes), strict=False)
        if any(offset + size > len(data) for offset, size in pairs):
            return False
    return True


def patch(data: bytes, directory: Directory, numbers: dict[int, int]) -> bytes:
    """The file with other small numbers in those of these entries that it has."""
    changed = bytearray(data)
    for tag, number in numbers.items():
        entry = directory.entries.get(tag)
        if entry is not None and entry.kind in _LETTERS:
            struct.pack_into(directory.order + _LETTERS[entry.kind], changed, entry.place, number)
    return bytes(changed)
