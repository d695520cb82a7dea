"""PNG files in memory, their strips compressed on every core. Reading them is the business of `io.decoding`.

OpenCV's encoder takes as long on one core, and holds the picture and the file twice.
"""

import struct
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from isal import isal_zlib as zlib

from convstudio.core.frame import Pixels
from convstudio.core.progress import Progress, silent
from convstudio.core.threads import run_parallel

# Numbers and layout are those of the PNG specification (RFC 2083), the stream's those of RFC 1950.
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = {1: 0, 3: 2, 4: 6}  # grey, red green blue, and with alpha
_DIFFERENCES = 1  # the filter of every row: each byte less the one of the pixel on its left
_ZLIB = b"\x78\x01"
_STRIP = 2**20  # bytes of pixels
_BASE = 65521  # of Adler's sum


class _Strip(NamedTuple):
    """The compressed stream of one strip, Adler's sum of its bytes, and how many those are."""

    packed: bytes
    adler: int
    size: int


def png(pixels: Pixels, progress: Progress = silent, *, chunks: Iterable[tuple[bytes, bytes]] = ()) -> list[bytes]:
    """The parts of a PNG file of (H, W, 1), (H, W, 3) or (H, W, 4: with alpha) uint8 or uint16 pixels.

    `progress` is called by every thread that packs strips. `chunks` are what comes before them, as kinds and
    bodies.

    Examples
    --------
    >>> b"".join(png(np.zeros((2, 3, 1), np.uint8)))[12:16]
    b'IHDR'
    """
    height, width, channels = pixels.shape
    rows = max(1, _STRIP // (width * channels * pixels.itemsize))
    tops = range(0, height, rows)
    strips: dict[int, _Strip] = {}

    def work(top: int) -> None:
        strips[top] = _deflate(pixels[top : top + rows], is_last=top + rows >= height)
        progress(len(strips) / len(tops))

    run_parallel(lambda: work, tops)
    adler = 1
    head = struct.pack(">IIBBBBB", width, height, pixels.itemsize * 8, _COLOURS[channels], 0, 0, 0)
    parts = [_SIGNATURE, _chunk(b"IHDR", head), *(_chunk(kind, body) for kind, body in chunks)]
    for top in tops:
        strip = strips.pop(top)
        adler = _adler32_combine(adler, strip)
        begin = _ZLIB if top == 0 else b""
        end = struct.pack(">I", adler) if top + rows >= height else b""
        parts.append(_chunk(b"IDAT", begin + strip.packed + end))
    return [*parts, _chunk(b"IEND", b"")]


def _deflate(rows: Pixels, *, is_last: bool) -> _Strip:
    height, width, channels = rows.shape
    step = channels * rows.itemsize
    values = np.ascontiguousarray(rows, rows.dtype.newbyteorder(">")).view(np.uint8).reshape(height, width * step)
    lines = np.empty((height, 1 + width * step), np.uint8)
    lines[:, 0] = _DIFFERENCES
    lines[:, 1 : 1 + step] = values[:, :step]
    np.subtract(values[:, step:], values[:, :-step], out=lines[:, 1 + step :])  # wraps around, as it is defined
    packer = zlib.compressobj(zlib.ISAL_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(lines.data) + packer.flush(zlib.Z_FINISH if is_last else zlib.Z_FULL_FLUSH)
    return _Strip(packed, zlib.adler32(lines.data), lines.size)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _adler32_combine(adler: int, strip: _Strip) -> int:
    """Adler's sum of all strips so far and the next one, as zlib's `adler32_combine` has it."""
    low, high = adler & 0xFFFF, adler >> 16
    added_low, added_high = strip.adler & 0xFFFF, strip.adler >> 16
    # the second sum adds the first once for every further byte; both begin at 1
    total_high = high + added_high + (low - 1) * strip.size
    return (total_high % _BASE) << 16 | (low + added_low - 1) % _BASE
