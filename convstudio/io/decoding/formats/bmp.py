"""Bitmaps (BMP): their headers, which differ by program and year, and their pixels, plain or as run lengths.

They are unpacked here and not by OpenCV, which takes a palette of the 12-byte header for grey, loses its place in run
lengths of some widths, and widens 5 bits so that white becomes 248.
"""

import struct
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.metadata import Metadata
from convstudio.io.decoding.opencv import Planes, bgr_to_rgb
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off

Bytes = NDArray[np.uint8]

FILE_HEADER, OLD, COMMON, WITH_ALPHA, OS2 = 14, 12, 40, 56, 64  # bytes
PLAIN, RUNS_OF_8, RUNS_OF_4, MASKED, JPEG, PNG, MASKED_WITH_ALPHA = range(7)
OS2_HUFFMAN, OS2_RUNS_OF_24 = 3, 4  # what these numbers mean behind a header of OS/2
PACKINGS = {JPEG: "JPEG", PNG: "PNG", 11: "CMYK", 12: "CMYK run lengths", 13: "CMYK run lengths"}
BITS = (1, 2, 4, 8, 16, 24, 32)
MASKS = {16: (0x7C00, 0x03E0, 0x001F, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0xFF000000)}
END_OF_LINE, END_OF_PICTURE = -1, -1
INCH = 0.0254  # metres


class BmpHeader(NamedTuple):
    """What a bitmap's header says; masks are those of red, green, blue and opacity."""

    width: int
    height: int
    is_upper_first: bool
    bits: int
    packing: int
    palette: Bytes  # (colours, 3), red first
    masks: tuple[int, int, int, int]
    start: int  # of the pixels, in the file


def read(data: bytes, name: str) -> BmpHeader:
    """The header of a bitmap; raises struct.error where the file ends within it."""
    start, size = struct.unpack_from("<II", data, 10)
    packing, colours = PLAIN, 0
    if size == OLD:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
    else:
        width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
        if size >= 20:
            (packing,) = struct.unpack_from("<I", data, 30)
        if size >= 36:
            (colours,) = struct.unpack_from("<I", data, 46)
    _check_packing(packing, bits, size, name)
    masks, masks_size = _masks(data, size, packing, bits)
    first = FILE_HEADER + size + masks_size
    entry = 3 if size == OLD else 4
    count = min(colours or 2**bits, 2**bits, max(0, start - first) // entry, (len(data) - first) // entry)
    palette = np.zeros((2**bits if bits <= 8 else 0, 3), np.uint8)
    if bits <= 8 and count > 0:
        stored = np.frombuffer(data, np.uint8, count * entry, first).reshape(count, entry)
        palette[:count] = stored[:, 2::-1]
    bitmap = BmpHeader(width, abs(height), height < 0, bits, packing, palette, masks, start)
    if packing not in (RUNS_OF_8, RUNS_OF_4) and start + _least_bytes(bitmap) > len(data):
        raise cut_off(name)
    return bitmap


def header(data: bytes, name: str, page: int) -> Header:
    """What every format says of its picture."""
    check_page(page, 1, "page", name)
    bitmap = read(data, name)
    across, down = struct.unpack_from("<ii", data, 38) if struct.unpack_from("<I", data, 14)[0] >= COMMON else (0, 0)
    resolution = (across * INCH, down * INCH) if across > 0 and down > 0 else None
    return Header(
        bitmap.width, bitmap.height, 1, 4, partial(unpack, data, bitmap, name), metadata=Metadata(resolution=resolution)
    )


def _check_packing(packing: int, bits: int, size: int, name: str) -> None:
    if size in (16, OS2) and packing in (OS2_HUFFMAN, OS2_RUNS_OF_24):
        words = "Huffman codes" if packing == OS2_HUFFMAN else "run lengths of 24 bits"
    elif packing > MASKED_WITH_ALPHA or packing in PACKINGS:
        words = PACKINGS.get(packing, f"method {packing}")
    elif bits not in BITS:
        raise ConvStudioError(
            f"“{name}” has {bits} bits a pixel, which are not read from BMP files; save it with 8, 24 or 32 bits."
        )
    elif {RUNS_OF_8: 8, RUNS_OF_4: 4}.get(packing, bits) != bits:
        raise ConvStudioError(
            f"“{name}” is damaged: it says that {bits} bits a pixel are packed as run lengths; copy it again."
        )
    else:
        return
    raise ConvStudioError(f"“{name}” is packed with {words}, which is not read from BMP files; save it as PNG.")


def _masks(data: bytes, size: int, packing: int, bits: int) -> tuple[tuple[int, int, int, int], int]:
    """Where in a pixel its values lie, and how many bytes between header and palette say so."""
    if packing not in (MASKED, MASKED_WITH_ALPHA):
        return MASKS.get(bits, (0, 0, 0, 0)), 0
    count = 4 if size >= WITH_ALPHA or packing == MASKED_WITH_ALPHA else 3
    masks = struct.unpack_from(f"<{count}I", data, FILE_HEADER + COMMON)
    red, green, blue, alpha = (*masks, 0)[:4]
    return (red, green, blue, alpha), (4 * count if size == COMMON else 0)


def _row_bytes(header: BmpHeader) -> int:
    return (header.width * header.bits + 31) // 32 * 4


def _least_bytes(header: BmpHeader) -> int:
    """Of the pixels, without what fills up the last row."""
    return _row_bytes(header) * (header.height - 1) + ceil_division(header.width * header.bits, 8)


def unpack(data: bytes, bitmap: BmpHeader, name: str) -> Planes:
    """The pixels; grey where the whole palette is."""
    if bitmap.packing in (RUNS_OF_8, RUNS_OF_4):
        rows = _run_lengths(data, bitmap, name)
    else:
        size = _row_bytes(bitmap) * bitmap.height
        stored = np.frombuffer(data, np.uint8, min(size, len(data) - bitmap.start), bitmap.start)
        rows = np.pad(stored, (0, size - stored.size)).reshape(bitmap.height, -1)
    if not bitmap.is_upper_first:
        rows = rows[::-1]
    if bitmap.bits <= 8:
        indices = rows if bitmap.packing in (RUNS_OF_8, RUNS_OF_4) else _indices(rows, bitmap.bits)
        is_grey = bool((bitmap.palette == bitmap.palette[:, :1]).all())
        return Planes(bitmap.palette[:, : 1 if is_grey else 3][indices[:, : bitmap.width]])
    if bitmap.bits == 24:
        stored = np.ascontiguousarray(rows[:, : 3 * bitmap.width])
        return Planes(bgr_to_rgb(stored.reshape(bitmap.height, bitmap.width, 3)))
    values = rows.view("<u4" if bitmap.bits == 32 else "<u2")[:, : bitmap.width]
    *colours, alpha = (_values(values, mask, name) for mask in bitmap.masks)
    has_alpha = bitmap.masks[3] != 0 and alpha.any()  # many programs leave the fourth byte empty
    return Planes(np.stack(colours, axis=2), alpha if has_alpha else None)


def _indices(rows: Bytes, bits: int) -> Bytes:
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    indices: Bytes = rows[:, :, None] >> shifts & (2**bits - 1)
    return indices.reshape(len(rows), -1)


def _values(pixels: NDArray[np.uint32] | NDArray[np.uint16], mask: int, name: str) -> Bytes:
    """The bits under a mask, spread over 0 to 255 so that the greatest number becomes white."""
    if mask == 0:
        return np.zeros(pixels.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    greatest = mask >> shift
    if greatest & (greatest + 1) or mask >= 2 ** (8 * pixels.itemsize):
        raise ConvStudioError(f"“{name}” is damaged: the mask {mask:#x} of its colours has gaps; copy it again.")
    if greatest == 255:
        return (pixels >> shift).astype(np.uint8)
    excess = max(0, greatest.bit_length() - 16)  # more bits than make a difference
    values = pixels >> (shift + excess) & (greatest >> excess)
    greatest >>= excess
    spread = (np.arange(greatest + 1) * 510 + greatest) // (2 * greatest)  # rounded
    widened: Bytes = spread.astype(np.uint8)[values]
    return widened


def _run_lengths(data: bytes, header: BmpHeader, name: str) -> Bytes:
    """The indices of run lengths; what they leap over is 0."""
    width, height = header.width, header.height
    rows = bytearray(width * height)
    x, y = 0, 0
    for indices, right, down in _runs(data, header.start, header.bits):
        if indices and x < width:
            place = y * width + x
            rows[place : place + min(len(indices), width - x)] = indices[: width - x]
        x, y = 0 if right == END_OF_LINE else x + right, y + down
        if down == END_OF_PICTURE or y >= height:
            break
    else:
        if y < height - 1 or x < width:
            raise cut_off(name)
    return np.frombuffer(rows, np.uint8).reshape(height, width)


def _runs(data: bytes, place: int, bits: int) -> Iterator[tuple[bytes, int, int]]:
    """Indices, and how far to the right and down the next ones are; ends where the data do."""
    while place + 1 < len(data):
        count, value = data[place], data[place + 1]
        place += 2
        if count:
            yield (_indices_of_bytes(bytes([value]), bits) * count)[:count], count, 0
            continue
        match value:
            case 0:
                yield b"", END_OF_LINE, 1
            case 1:
                yield b"", 0, END_OF_PICTURE
            case 2:
                if place + 1 < len(data):
                    yield b"", data[place], data[place + 1]
                place += 2
            case _:
                size = ceil_division(value * bits, 8)
                if place + size <= len(data):
                    yield _indices_of_bytes(data[place : place + size], bits)[:value], value, 0
                place += size + size % 2


def _indices_of_bytes(stored: bytes, bits: int) -> bytes:
    return stored if bits == 8 else bytes(half for byte in stored for half in (byte >> 4, byte & 15))
