"""TIFF files in tiles that OpenCV's reader takes for damaged, rewritten as one strip. Other tiles stay as they are.

It rounds the bytes of a tile of up to 8 bits up to whole kibibytes, and where nothing is packed it then misses those
that the file never had.
"""

import numpy as np

from convstudio.io import image_tiff as tiff

UNPACKED, WIDEST, ROUNDED = 1, 8, 1024  # compression, bits, bytes
TOGETHER, SEPARATE = 1, 2  # how the channels of a pixel lie


def without_odd_tiles(data: bytes, directory: tiff.Directory) -> tuple[bytes, tiff.Directory]:
    """The file and its directory with the tiles as one strip, or both as they are where that is not needed."""

    def value(tag: int, default: int) -> int:
        return directory.value(data, tag, default)

    width, height, high = value(tiff.WIDTH, 0), value(tiff.HEIGHT, 0), value(tiff.TILE_HEIGHT, 0)
    bits, samples = value(tiff.BITS, 1), value(tiff.SAMPLES, 1)
    planes = samples if value(tiff.PLANES, TOGETHER) == SEPARATE else 1
    step = bits * samples // planes  # bits of a pixel in a tile
    line = value(tiff.TILE_WIDTH, 0) * step // 8  # bytes of a row of a tile
    if value(tiff.COMPRESSION, UNPACKED) != UNPACKED or bits > WIDEST or 0 in (width, height, high, line, step):
        return data, directory
    bytes_of_row = -(-width * step // 8)
    across, down = -(-bytes_of_row // line), -(-height // high)
    offsets = directory.values(data, tiff.TILES)
    is_whole = len(offsets) == across * down * planes and all(place + high * line <= len(data) for place in offsets)
    is_aligned = value(tiff.TILE_WIDTH, 0) * step % 8 == 0 and (planes == 1 or bits == WIDEST)
    # no valid file is smaller than its pixels; one that names a tile many times must not take more memory than it has
    if high * line % ROUNDED == 0 or not is_whole or not is_aligned or planes * height * bytes_of_row > len(data):
        return data, directory
    rows = np.empty((height, bytes_of_row, planes), np.uint8)
    for number, place in enumerate(offsets):
        plane, top, left = number // (across * down), number // across % down * high, number % across * line
        target = rows[top : top + high, left : left + line, plane]
        tile = np.frombuffer(data, np.uint8, high * line, place).reshape(high, line)
        target[:] = tile[: target.shape[0], : target.shape[1]]
    padding = b"\0" * (len(data) % 2)  # words begin at even places
    changes = {
        **dict.fromkeys((tiff.TILE_WIDTH, tiff.TILE_HEIGHT, tiff.TILES, tiff.TILE_SIZES, tiff.PREDICTOR)),
        tiff.STRIPS: len(data) + len(padding),
        tiff.STRIP_SIZES: rows.size,
        tiff.STRIP_ROWS: height,
        tiff.PLANES: TOGETHER,
    }
    changed = tiff.with_changes(b"".join((data, padding, rows.data)), directory, changes)
    return changed, tiff.read_directory(changed)
