"""Pictures read back by hand, from the formats' own specifications and not through OpenCV."""

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


def read_png(data: bytes) -> NDArray[Any]:
    """(H, W, channels) of a PNG without palette and interlacing."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, packed, header = 8, b"", b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0]
        header = body if kind == b"IHDR" else header
        packed += body if kind == b"IDAT" else b""
        place += 12 + length
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    assert interlaced == 0
    step = CHANNELS[colour] * depth // 8
    raw = zlib.decompress(packed)
    rows = [bytearray(width * step)]
    for y in range(height):
        start = y * (width * step + 1)
        rows.append(_unfiltered(raw[start], raw[start + 1 : start + 1 + width * step], rows[-1], step))
    dtype = ">u2" if depth == 16 else "u1"
    pixels = np.frombuffer(b"".join(bytes(row) for row in rows[1:]), dtype)
    return pixels.reshape(height, width, CHANNELS[colour]).astype(np.uint16 if depth == 16 else np.uint8)


def _unfiltered(kind: int, row: bytes, above: bytearray, step: int) -> bytearray:
    done = bytearray(len(row))
    for x, value in enumerate(row):
        left = done[x - step] if x >= step else 0
        up = above[x]
        corner = above[x - step] if x >= step else 0
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda neighbour: abs(guess - neighbour))
        done[x] = (value + (0, left, up, (left + up) // 2, paeth)[kind]) % 256
    return done


def tiff_tags(data: bytes) -> dict[int, list[int]]:
    """The numbers of every tag of a little-endian TIFF."""
    assert data[:4] == b"II*\0"
    (place,) = struct.unpack("<I", data[4:8])
    (count,) = struct.unpack("<H", data[place : place + 2])
    tags = {}
    for index in range(count):
        start = place + 2 + 12 * index
        tag, kind, length = struct.unpack("<HHI", data[start : start + 8])
        code, size = {2: ("B", 1), 3: ("H", 2), 4: ("I", 4)}[kind]
        at = start + 8 if length * size <= 4 else struct.unpack("<I", data[start + 8 : start + 12])[0]
        tags[tag] = list(struct.unpack(f"<{length}{code}", data[at : at + length * size]))
    assert list(tags) == sorted(tags)
    return tags


def read_tiff(data: bytes) -> NDArray[Any]:
    """(H, W, channels) of a strip TIFF, unpacked or deflated."""
    tags = tiff_tags(data)
    strips = []
    for offset, length in zip(tags[273], tags[279], strict=True):
        strip = data[offset : offset + length]
        strips.append(zlib.decompress(strip) if tags[259] == [8] else strip)
    letter = {1: "u", 3: "f"}[tags[339][0]]
    pixels = np.frombuffer(b"".join(strips), f"<{letter}{tags[258][0] // 8}")
    pixels = pixels.reshape(tags[257][0], tags[256][0], tags[277][0])
    if tags[317] == [2]:
        pixels = np.cumsum(pixels, axis=1, dtype=pixels.dtype)
    return pixels
