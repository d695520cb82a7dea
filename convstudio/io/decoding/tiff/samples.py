"""The numbers in the strips and tiles of a TIFF file, unpacked and read as its directory says.

Here and not by OpenCV's reader, which takes what it cannot unpack for black, misses some bit depths, palettes and
tiles, and multiplies colours with their opacity. Directories and codecs that are named in a refusal live elsewhere.
"""

import lzma
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.sizes import ceil_division
from convstudio.io.decoding.opencv import Planes, Promise, Raw, UndecodableError, bgr_to_rgb, decode
from convstudio.io.decoding.refusals import cut_off, damaged, undecodable

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK = 0, 1, 2, 3, 5
COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4}  # samples that are no extra ones
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
LETTERS = {UNSIGNED: "u", SIGNED: "i", FLOAT: "f"}
PREMULTIPLIED = 1  # an extra sample: opacity with which the colours are multiplied
UNPACKED, LZW, PACKBITS = 1, 5, 32773
DEFLATE, LZMA = (8, 32946), (34925,)
PICTURES = {34712: "JPEG 2000", 34927: "WebP", 50001: "WebP", 34933: "PNG"}  # a file of its own in each strip or tile
SCHEMES = (UNPACKED, LZW, PACKBITS, *DEFLATE, *LZMA, *PICTURES)
HORIZONTAL, FLOATING = 2, 3  # predictors
MOST_LZMA = 2**28  # bytes of memory
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Layout(NamedTuple):
    """How the numbers of a picture lie in its file."""

    order: str  # "<" or ">"
    width: int
    height: int
    bits: int
    format: int
    samples: int  # of a pixel, opacity included
    extra: tuple[int, ...]  # what those are that are no colours
    photometric: int
    compression: int
    predictor: int
    is_separate: bool  # each sample of the pixels in a plane of its own
    is_fill_reversed: bool  # the lowest bit of each byte comes first
    segment_width: int  # of a strip or tile
    segment_height: int
    is_tiled: bool
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]
    colour_map: tuple[int, ...]


def unpack(data: bytes, layout: Layout, name: str) -> Planes:
    """The pixels and the opacity, not yet turned."""
    numbers = _numbers(data, layout, name)
    colours = layout.samples - len(layout.extra)
    alpha = numbers[:, :, colours] if layout.extra and colours > 0 else None
    greatest = np.iinfo(numbers.dtype).max if numbers.dtype.kind in "iu" else 1.0
    if layout.bits < 8:
        greatest = 2**layout.bits - 1
    if layout.photometric == PALETTE and colours == 1:
        if alpha is not None and layout.bits != 8:
            alpha = np.rint(alpha * (255 / greatest)).astype(np.uint8)
        return Planes(_apply_palette(numbers[:, :, 0], layout, name), alpha)
    if layout.photometric == CMYK and colours == 4:
        return Planes(_cmyk_to_rgb(numbers, layout, name))
    if colours not in (1, 3) or layout.photometric in (PALETTE, CMYK):
        raise ConvStudioError(
            f"“{name}” holds {colours} colours a pixel, but a picture has 1 or 3; save it as grey or RGB first."
        )
    pixels = numbers[:, :, :colours]
    if layout.photometric == WHITE_IS_ZERO and layout.format == UNSIGNED:
        pixels = pixels.dtype.type(greatest) - pixels
    if layout.bits < 8:
        pixels = pixels * np.uint8(255 // greatest)
        alpha = None if alpha is None else alpha * np.uint8(255 // greatest)
    if alpha is not None and layout.extra[0] == PREMULTIPLIED:
        pixels = unpremultiply(pixels, alpha)
    return Planes(pixels, alpha)


def unpremultiply(pixels: Raw, alpha: Raw) -> Raw:
    """Colours that were multiplied with their opacity, without it; what is transparent becomes black."""
    is_whole = pixels.dtype.kind in "iu"
    full = np.iinfo(pixels.dtype).max if is_whole else max(1.0, float(alpha.max()))
    plain = np.empty_like(pixels)
    for row, (colours, opacity) in enumerate(zip(pixels, alpha, strict=True)):
        shares = opacity[:, None].astype(np.float64)
        values = np.divide(colours * float(full), shares, out=np.zeros(colours.shape), where=shares > 0)
        plain[row] = np.minimum(np.rint(values), full) if is_whole else values
    return plain


def _numbers(data: bytes, layout: Layout, name: str) -> Raw:
    """All samples as stored, (H, W, samples); few bits are one number a byte."""
    _check(layout, name)
    size = max(8, layout.bits) // 8
    numbers = np.empty((layout.height, layout.width, layout.samples), f"{LETTERS[layout.format]}{size}")
    step = 1 if layout.is_separate else layout.samples
    for index, (plane, top, left) in enumerate(_segments(layout)):
        if index >= len(layout.offsets):
            raise cut_off(name)
        place = layout.offsets[index]
        length = layout.sizes[index] if index < len(layout.sizes) else len(data) - place
        rows = layout.segment_height if layout.is_tiled else min(layout.segment_height, layout.height - top)
        shape = (rows, layout.segment_width, step)
        if layout.compression in PICTURES:
            values = _picture(data[place : place + length], shape, layout, name)
        else:
            row_bytes = ceil_division(layout.segment_width * step * layout.bits, 8)
            stored = _unpack_segment(data[place : place + length], rows, row_bytes, layout, name)
            values = _values(stored.reshape(rows, row_bytes), shape, layout)
        target = numbers[top : top + rows, left : left + layout.segment_width, plane : plane + step]
        target[...] = values[: target.shape[0], : target.shape[1]]
    return numbers


def _segments(layout: Layout) -> Iterator[tuple[int, int, int]]:
    """First sample, row and column of each strip or tile, in the file's order."""
    for plane in range(layout.samples if layout.is_separate else 1):
        for top in range(0, layout.height, layout.segment_height):
            for left in range(0, layout.width, layout.segment_width):
                yield plane, top, left


def _check(layout: Layout, name: str) -> None:
    if layout.segment_width <= 0 or layout.segment_height <= 0:
        raise damaged(name, "its tiles have no extent")
    if layout.segment_width * layout.segment_height > 4 * max(2**20, layout.width * layout.height):
        raise damaged(name, "its tiles are far larger than it is")
    if layout.compression == UNPACKED or layout.compression in PICTURES:
        return
    is_right = {1: True, HORIZONTAL: layout.bits >= 8, FLOATING: layout.format == FLOAT}
    if not is_right.get(layout.predictor, False):
        raise ConvStudioError(
            f"“{name}” is packed with predictor {layout.predictor} on {layout.bits}-bit values, which is not read; "
            "save it unpacked."
        )


def _unpack_segment(segment: bytes, rows: int, row_bytes: int, layout: Layout, name: str) -> Raw:
    """The bytes of a strip or tile."""
    size = rows * row_bytes
    if layout.is_fill_reversed:
        segment = segment.translate(REVERSED)
    try:
        match layout.compression:
            case scheme if scheme in DEFLATE:
                segment = zlib.decompressobj().decompress(segment, size)
            case scheme if scheme in LZMA:
                segment = lzma.LZMADecompressor(memlimit=MOST_LZMA).decompress(segment, size)
            case scheme if scheme in (LZW, PACKBITS):
                # a TIFF of bytes in this one strip; OpenCV's library unpacks it
                file = _tiff_of_bytes(segment, rows, row_bytes, layout)
                raw, complaint = decode(file, Promise(row_bytes, rows, 1, 8), name)
                if "TIFF_Error" in complaint:  # what it could not unpack is left black
                    raise UndecodableError
                return raw[:, :, 0].reshape(-1)
    except (zlib.error, lzma.LZMAError, UndecodableError):
        raise undecodable(name) from None
    if len(segment) < size:
        raise cut_off(name)
    return np.frombuffer(segment, np.uint8, size)


def _tiff_of_bytes(segment: bytes, rows: int, row_bytes: int, layout: Layout) -> bytes:
    tags = (
        (256, row_bytes),
        (257, rows),
        (258, 8),
        (259, layout.compression),
        (262, BLACK_IS_ZERO),
        (273, 8),
        (277, 1),
        (278, rows),
        (279, len(segment)),
    )
    padding = b"\0" * (len(segment) % 2)
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, number) for tag, number in tags)
    start = struct.pack("<4sI", b"II*\0", 8 + len(segment) + len(padding))
    return b"".join((start, segment, padding, struct.pack("<H", len(tags)), directory, bytes(4)))


def _values(stored: Raw, shape: tuple[int, int, int], layout: Layout) -> Raw:
    """The numbers in rows of bytes, differences of neighbours summed up."""
    rows, width, step = shape
    predictor = 1 if layout.compression == UNPACKED else layout.predictor
    if layout.bits < 8:
        shifts = np.arange(8 - layout.bits, -1, -layout.bits, dtype=np.uint8)
        numbers: Raw = stored[:, :, None] >> shifts & (2**layout.bits - 1)
        return numbers.reshape(rows, -1)[:, : width * step].reshape(shape)
    size = layout.bits // 8
    kind = f"{LETTERS[layout.format]}{size}"
    if predictor == FLOATING:
        sums = np.cumsum(stored.reshape(rows, -1, step), axis=1, dtype=np.uint8).reshape(rows, size, -1)
        return np.ascontiguousarray(sums.transpose(0, 2, 1)).view(f">{kind}").reshape(shape)
    if predictor == HORIZONTAL:
        differences = stored.view(f"{layout.order}u{size}").reshape(shape)
        return np.cumsum(differences, axis=1, dtype=f"u{size}").view(kind)
    return stored.view(layout.order + kind).reshape(shape)


def _picture(segment: bytes, shape: tuple[int, int, int], layout: Layout, name: str) -> Raw:
    """A strip or tile that is a picture file itself."""
    rows, width, step = shape
    try:
        raw, complaint = decode(segment, Promise(width, rows, step, layout.bits), name)
    except UndecodableError:
        complaint, raw = "", np.empty((0, 0, 0), np.uint8)
    if raw.shape[2] != step or complaint:
        raise ConvStudioError(
            f"“{name}” is packed with {PICTURES[layout.compression]} in a way that is not read here; "
            "save it unpacked, or packed with LZW or ZIP."
        )
    if step == 4:
        return np.concatenate([bgr_to_rgb(raw), raw[:, :, 3:]], axis=2)
    return bgr_to_rgb(raw) if step == 3 else raw


def _apply_palette(indices: Raw, layout: Layout, name: str) -> Raw:
    """Colours of a palette, which has 16 bits a colour; some programs write 8."""
    count = 2**layout.bits
    if layout.format != UNSIGNED or layout.bits > 16 or len(layout.colour_map) < 3 * count:
        raise damaged(name, "its palette is not complete")
    table = np.array(layout.colour_map[: 3 * count], np.uint16).reshape(3, count).T
    eight = table >> 8 if table.max() > 255 else table
    colours: Raw = eight.astype(np.uint8)[indices]
    return colours


def _cmyk_to_rgb(numbers: Raw, layout: Layout, name: str) -> Raw:
    """Red, green and blue of cyan, magenta, yellow and black, as libtiff mixes them."""
    if layout.format != UNSIGNED or layout.bits not in (8, 16):
        raise ConvStudioError(f"“{name}” holds {layout.bits}-bit CMYK, which is not read; save it as RGB.")
    full = 2**layout.bits - 1
    mixed = np.empty((*numbers.shape[:2], 3), numbers.dtype)
    for row, inks in enumerate(numbers):
        wide = inks.astype(np.uint32)
        mixed[row] = (full - wide[:, :3]) * (full - wide[:, 3:4]) // full
    return mixed
