"""Animated GIF files in memory, after the GIF89a specification. What is saved and where is `animation`'s.

OpenCV's own encoder smears yellow around black text on white, so drawings of numbers cannot be read in its files.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check

Rgb = NDArray[np.uint8]
Numbers = NDArray[np.int64]

COLOURS = 255  # of the palette; one more means “as it was before”
UNCHANGED = 255
CLEAR, END, FIRST_FREE, MOST_CODES = 256, 257, 258, 4096  # of LZW with 8-bit values
NARROWEST = 9  # bits of a code behind CLEAR


def gif(frames: Sequence[Rgb], rate: float) -> bytes:
    """The bytes of a film that repeats for ever: (H, W, 3) uint8 red, green, blue, `rate` of them a second.

    Up to 255 different colours are kept exactly; of more, those that are seldom become a neighbour. Behind the first
    frame only the pixels that change are stored.
    """
    height, width, _ = frames[0].shape
    codes = [_colour_numbers(frame) for frame in frames]
    palette = _palette(codes)
    parts = [
        b"GIF89a",
        struct.pack("<HHBBB", width, height, 0xF7, 0, 0),  # one palette of 256 colours for all frames
        palette.table,
        b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00",  # for ever
    ]
    delay = round(100 / rate)
    for number, code in enumerate(codes):
        check()
        has_changed = np.ones(code.shape, dtype=bool) if number == 0 else code != codes[number - 1]
        top, bottom, left, right = _bounds(has_changed)
        part = np.s_[top:bottom, left:right]
        indices = np.full((bottom - top, right - left), UNCHANGED, np.uint8)
        indices[has_changed[part]] = palette.indices_of(code[part][has_changed[part]])
        parts += [
            struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0x05, delay, UNCHANGED, 0),  # what is there stays; one transparent
            struct.pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0),
            b"\x08",
            *_blocks(_lzw(indices.ravel())),
        ]
    return b"".join((*parts, b"\x3b"))


def _colour_numbers(frame: Rgb) -> NDArray[np.int32]:
    """One number for each colour, (H, W)."""
    red, green, blue = (frame[:, :, channel].astype(np.int32) for channel in range(3))
    return red << 16 | green << 8 | blue


def _bounds(has_changed: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Rows and columns around everything that changed; one pixel where nothing did."""
    rows, columns = np.flatnonzero(has_changed.any(axis=1)), np.flatnonzero(has_changed.any(axis=0))
    if len(rows) == 0:
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


@dataclass(frozen=True, eq=False)
class _Palette:
    """The colours of a film in ascending order, and the entry of the table for each of them."""

    colours: NDArray[np.int32]
    entries: NDArray[np.uint8]
    table: bytes

    def indices_of(self, codes: NDArray[np.int32]) -> NDArray[np.uint8]:
        return self.entries[np.searchsorted(self.colours, codes)]


def _palette(codes: Sequence[NDArray[np.int32]]) -> _Palette:
    """At most 255 colours for all frames, by median cut: the widest group of colours is halved again and again."""
    of_frames = [np.unique(code, return_counts=True) for code in codes]
    colours, places = np.unique(np.concatenate([colours for colours, _ in of_frames]), return_inverse=True)
    counts = np.bincount(places, weights=np.concatenate([counts for _, counts in of_frames])).astype(np.float64)
    channels = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    groups = [np.arange(len(colours))]
    spreads = [_spread(channels, groups[0])]
    while len(groups) < COLOURS and max(spreads) > 0:
        widest = int(np.argmax(spreads))
        group = groups.pop(widest)
        spreads.pop(widest)
        for half in _halves(channels, counts, group):
            groups.append(half)
            spreads.append(_spread(channels, half))
    table = np.zeros((256, 3), np.uint8)
    entries = np.zeros(len(colours), np.uint8)
    for number, group in enumerate(groups):
        entries[group] = number
        table[number] = channels[group[np.argmax(counts[group])]]  # a flat colour stays what it is
    return _Palette(colours.astype(np.int32), entries, table.tobytes())


def _spread(channels: NDArray[np.int32], group: NDArray[np.intp]) -> int:
    return int(np.ptp(channels[group], axis=0).max())


def _halves(
    channels: NDArray[np.int32], counts: NDArray[np.float64], group: NDArray[np.intp]
) -> Iterator[NDArray[np.intp]]:
    """A group of at least two colours cut where half of its pixels are on either side, along its widest channel."""
    along = channels[group, np.ptp(channels[group], axis=0).argmax()]
    order = group[np.argsort(along, kind="stable")]
    passed = np.cumsum(counts[order])
    cut = int(np.searchsorted(passed, passed[-1] / 2)) + 1
    cut = min(cut, len(order) - 1)
    yield order[:cut]
    yield order[cut:]


def _lzw(values: NDArray[np.uint8]) -> bytes:
    """LZW codes of growing width, packed from the lowest bit."""
    codes, widths = _codes(values)
    places = np.arange(12)
    bits = np.array(codes)[:, None] >> places & 1
    return np.packbits(bits[places < np.array(widths)[:, None]].astype(np.uint8), bitorder="little").tobytes()


def _codes(values: NDArray[np.uint8]) -> tuple[list[int], list[int]]:
    """The codes for values, and their widths in bits.

    Equal values in a row, most of a drawing, are passed in one go: `runs` holds the codes of one of them, two, three …
    """
    data = values.tobytes()
    ends = np.append(np.flatnonzero(np.diff(values)) + 1, len(values)).tolist()  # where each run of equal values ends
    codes, widths = [CLEAR], [NARROWEST]
    known: dict[int, int] = {}  # code · 256 + the value behind it
    runs: dict[int, list[int]] = {}
    free, width, place, at = FIRST_FREE, NARROWEST, 0, 0
    while place < len(data):
        while ends[at] <= place:
            at += 1
        value = data[place]
        run = runs.setdefault(value, [value])
        left = ends[at] - place
        is_inside = left > len(run)
        code = run[-1] if is_inside else run[left - 1]
        place += min(left, len(run))
        longer = 0
        if not is_inside:
            for following in data[place : place + MOST_CODES]:
                longer = code << 8 | following
                if longer not in known:
                    break
                code = known[longer]
                place += 1
        codes.append(code)
        widths.append(width)
        if free == MOST_CODES:
            codes.append(CLEAR)
            widths.append(width)
            known, runs = {}, {}
            free, width = FIRST_FREE, NARROWEST
            continue
        if is_inside:
            run.append(free)
        else:
            known[longer] = free
        if free == 1 << width:
            width += 1
        free += 1
    return [*codes, END], [*widths, width]


def _blocks(data: bytes) -> Iterator[bytes]:
    """Data in the blocks of at most 255 bytes that a GIF is made of."""
    for start in range(0, len(data), 255):
        block = data[start : start + 255]
        yield bytes([len(block)]) + block
    yield b"\0"
