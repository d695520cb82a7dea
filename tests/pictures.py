"""PNG files written by hand and read by hand, as a road that shares nothing with the product's."""

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels: NDArray[np.uint8]) -> bytes:
    """An 8-bit RGB PNG of (H, W, 3) pixels, every row unfiltered."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write an 8-bit RGB PNG."""
    path.write_bytes(png(pixels))


def read_png(data: bytes) -> NDArray[np.uint8]:
    """The (H, W, C) pixels of an 8-bit grey, RGB or RGBA PNG without interlacing."""
    assert data[:8] == SIGNATURE
    place, packed, header = 8, b"", b""
    while place < len(data):
        (length,), kind = struct.unpack(">I", data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            packed += body
        place += length + 12
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    assert (depth, interlace) == (8, 0)
    channels = {0: 1, 2: 3, 6: 4}[colour]
    raw = zlib.decompress(packed)
    stride = width * channels
    rows = np.zeros((height, stride), np.uint8)
    above = np.zeros(stride, np.int64)
    for number in range(height):
        start = number * (stride + 1)
        kind_of_row = raw[start]
        line = np.frombuffer(raw[start + 1 : start + 1 + stride], np.uint8).astype(np.int64)
        above = _unfiltered(kind_of_row, line, above, channels)
        rows[number] = above
    return rows.reshape(height, width, channels)


def _unfiltered(kind: int, line: NDArray[np.int64], above: NDArray[np.int64], step: int) -> NDArray[np.int64]:
    """One row by the PNG specification's five filters (RFC 2083, section 6)."""
    unfiltered = np.zeros_like(line)
    for place in range(len(line)):
        left = unfiltered[place - step] if place >= step else 0
        up = above[place]
        corner = above[place - step] if place >= step else 0
        match kind:
            case 1:
                guess = left
            case 2:
                guess = up
            case 3:
                guess = (left + up) // 2
            case 4:
                estimate = left + up - corner
                guess = min((left, up, corner), key=lambda value: abs(estimate - value))
            case _:
                guess = 0
        unfiltered[place] = (line[place] + guess) % 256
    return unfiltered
