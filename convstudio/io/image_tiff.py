"""Directories of TIFF files: read, and rewritten where OpenCV would misread them. EXIF data has the same form.

OpenCV turns TIFF pictures by itself but no others, multiplies 8-bit colours with their opacity, and cannot read grey
with opacity; a changed directory at the end of the file makes it hand over the numbers as they are stored.
"""

import struct
from typing import NamedTuple

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIPS, ORIENTATION, SAMPLES, STRIP_ROWS, STRIP_SIZES, PLANES, PREDICTOR = 273, 274, 277, 278, 279, 284, 317
TILE_WIDTH, TILE_HEIGHT, TILES, TILE_SIZES, EXTRA, FORMAT = 322, 323, 324, 325, 338, 339

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_LETTERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
_SHORT, _LONG = 3, 4
_LONGS = (WIDTH, HEIGHT, STRIPS, STRIP_ROWS, STRIP_SIZES, TILE_WIDTH)
_MOST_ENTRIES = 4096


class Entry(NamedTuple):
    """One entry: its type, how many values it has, and the bytes of its value field."""

    kind: int
    length: int
    field: bytes


class Directory(NamedTuple):
    """The first directory of a file."""

    order: str  # "<" or ">"
    is_big: bool  # 64-bit offsets
    entries: dict[int, Entry]

    def values(self, data: bytes, tag: int) -> tuple[int, ...]:
        """The whole numbers of an entry; none where it is missing or lies outside the file."""
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
        return struct.unpack_from(f"{self.order}{entry.length}{_LETTERS[entry.kind]}", source, start)

    def value(self, data: bytes, tag: int, default: int) -> int:
        """The first number of an entry."""
        found = self.values(data, tag)
        return found[0] if found else default


def is_tiff(data: bytes) -> bool:
    """Whether the bytes begin as a TIFF file does."""
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_directory(data: bytes) -> Directory:
    """The first directory; raises struct.error where the bytes end too early."""
    order = "<" if data[:2] == b"II" else ">"
    is_big = 43 in data[2:4]
    (start,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
    (count,) = struct.unpack_from(order + ("Q" if is_big else "H"), data, start)
    if count > _MOST_ENTRIES:
        raise struct.error("too many entries")
    row = struct.Struct(order + ("HHQ8s" if is_big else "HHI4s"))
    first = start + (8 if is_big else 2)
    entries: dict[int, Entry] = {}
    for number in range(count):
        tag, kind, length, field = row.unpack_from(data, first + number * row.size)
        entries.setdefault(tag, Entry(kind, length, field))
    return Directory(order, is_big, entries)


def orientation_in(exif: bytes) -> int:
    """The orientation that EXIF data tells, 1 where it tells none that has a meaning."""
    if not is_tiff(exif):
        return 1
    try:
        found = read_directory(exif).value(exif, ORIENTATION, 1)
    except struct.error:
        return 1
    return found if 1 <= found <= 8 else 1


def with_changes(data: bytes, directory: Directory, changes: dict[int, int | None]) -> bytes:
    """The file with a new directory at its end, in which these entries have one value, or are left out (None)."""
    entries = dict(directory.entries)
    letter = "Q" if directory.is_big else "I"
    for tag, value in changes.items():
        if value is None:
            entries.pop(tag, None)
            continue
        kind = _LONG if tag in _LONGS else _SHORT
        field = struct.pack(directory.order + ("I" if kind == _LONG else "H"), value)
        entries[tag] = Entry(kind, 1, field.ljust(8 if directory.is_big else 4, b"\0"))
    row = struct.Struct(directory.order + ("HHQ8s" if directory.is_big else "HHI4s"))
    body = b"".join(row.pack(tag, *entry) for tag, entry in sorted(entries.items()))
    number = struct.pack(directory.order + ("Q" if directory.is_big else "H"), len(entries))
    padding = b"\0" * (-len(data) % 8)
    start = 8 if directory.is_big else 4
    place = struct.pack(directory.order + letter, len(data) + len(padding))
    end = struct.pack(directory.order + letter, 0)
    return b"".join((data[:start], place, data[start + len(place) :], padding, number, body, end))


def is_complete(data: bytes, directory: Directory) -> bool:
    """Whether all strips or tiles lie within the file."""
    for offsets, sizes in ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES)):
        pairs = zip(directory.values(data, offsets), directory.values(data, sizes), strict=False)
        if any(offset + size > len(data) for offset, size in pairs):
            return False
    return True
