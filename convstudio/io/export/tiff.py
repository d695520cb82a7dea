"""Baseline TIFF files in memory: OpenCV leaves out the tag that says which channel is the alpha."""

import struct

import numpy as np
from isal import isal_zlib as zlib

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Pixels
from convstudio.core.metadata import NO_METADATA, Metadata
from convstudio.core.progress import Progress, silent
from convstudio.core.threads import run_parallel
from convstudio.io.export.metadata import ratios
from convstudio.io.files import Part

# Tags and their numbers are those of the TIFF 6.0 specification (Adobe, 1992); 8 for deflate is its 2002 supplement.
_ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 2, 3, 4, 5, 7
_CODES = {_ASCII: "B", _SHORT: "H", _LONG: "I", _RATIONAL: "I", _UNDEFINED: "B"}
_DEFLATE, _UNPACKED = 8, 1
_STRIP = 2**20  # bytes of pixels, so that readers need little memory
_MOST = 2**32 - 2**16  # offsets have 32 bits


def tiff(
    pixels: Pixels, progress: Progress = silent, *, description: bytes = b"", metadata: Metadata = NO_METADATA
) -> list[Part]:
    """The parts of a TIFF file of (H, W, 1), (H, W, 3) or (H, W, 4: with alpha) pixels, 8 or 16 bits or floats.

    Whole numbers are packed without loss; floats, which hardly shrink, are stored as they are.
    `progress` is called by every thread that packs strips. `description` is text for the tag of that name.
    Of `metadata` profile and resolution are kept.
    """
    height, width, channels = pixels.shape
    is_float = pixels.dtype.kind == "f"
    little = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)
    rows = max(1, _STRIP // (width * channels * little.itemsize))
    strips_by_top: dict[int, Part] = {}
    tops = range(0, height, rows)

    def work(top: int) -> None:
        strips_by_top[top] = _compress(little[top : top + rows], is_float=is_float)
        progress(len(strips_by_top) / len(tops))

    run_parallel(lambda: work, tops)
    strips = [strips_by_top[top] for top in tops]
    lengths = [len(strip) for strip in strips]
    if 8 + sum(lengths) > _MOST:
        raise ConvStudioError(
            f"A TIFF file of {width}×{height}×{channels} values would pass 4 GiB, the most it can hold; choose NPY."
        )
    offsets = [8]
    for length in lengths:
        offsets.append(offsets[-1] + length + length % 2)  # words begin at even places
    end = offsets.pop()
    resolution = ratios(metadata)
    tags = [
        (256, _LONG, [width]),
        (257, _LONG, [height]),
        (258, _SHORT, [little.itemsize * 8] * channels),
        (259, _SHORT, [_UNPACKED if is_float else _DEFLATE]),
        (262, _SHORT, [1 if channels == 1 else 2]),  # 0 is black; red, green, blue
        *([(270, _ASCII, [*description, 0])] if description else []),
        (273, _LONG, offsets),
        (277, _SHORT, [channels]),
        (278, _LONG, [rows]),
        (279, _LONG, lengths),
        *((code, _RATIONAL, ratio) for code, ratio in zip((282, 283), resolution, strict=False)),
        (284, _SHORT, [1]),  # channels lie beside each other
        *([(296, _SHORT, [2])] if resolution else []),  # inches
        (317, _SHORT, [1 if is_float else 2]),  # packed as differences to the pixel on the left
        *([(338, _SHORT, [2])] if channels == 4 else []),  # colours are not multiplied by alpha
        (339, _SHORT, [3 if is_float else 1] * channels),
        *([(34675, _UNDEFINED, [*metadata.profile])] if metadata.profile else []),
    ]
    body = [part for strip in strips for part in (strip, b"\0" * (len(strip) % 2))]
    return [b"II*\0" + struct.pack("<I", end), *body, _directory(tags, end)]


def _compress(rows: Pixels, *, is_float: bool) -> Part:
    if is_float:
        return np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data
    steps = rows.copy()
    steps[:, 1:] -= rows[:, :-1]  # wraps around, as the predictor is defined
    return zlib.compress(steps.data)


def _directory(tags: list[tuple[int, int, list[int]]], start: int) -> bytes:
    place = start + 2 + 12 * len(tags) + 4
    entries, beyond = b"", b""
    for tag, kind, values in tags:
        data = struct.pack(f"<{len(values)}{_CODES[kind]}", *values)
        if len(data) > 4:
            field = struct.pack("<I", place + len(beyond))
            beyond += data + b"\0" * (len(data) % 2)
        else:
            field = data.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, kind, len(values) // 2 if kind == _RATIONAL else len(values)) + field
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0) + beyond
