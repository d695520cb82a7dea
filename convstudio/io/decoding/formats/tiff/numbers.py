"""What the numbers of a TIFF file mean: grey from either end, colours, a palette, inks, and their opacity.

Unpacking them is the business of `reading`.
"""

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.opencv import Planes, Raw
from convstudio.io.decoding.refusals import damaged

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK = 0, 1, 2, 3, 5
COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4}  # samples that are no extra ones
PREMULTIPLIED = 1  # an extra sample: opacity with which the colours are multiplied
TYPES = (8, 16, 32, 64)  # bits of a value that fill its type


def planes_of(
    numbers: Raw, bits: int, photometric: int, extra: tuple[int, ...], palette: Raw | None, name: str
) -> Planes:
    """The pixels and the opacity of samples (H, W, samples) of so many bits, not yet turned."""
    colours = numbers.shape[2] - len(extra)
    alpha = numbers[:, :, colours] if extra and colours > 0 else None
    is_whole = numbers.dtype.kind in "iu"
    greatest = (2**bits - 1 if bits not in TYPES else np.iinfo(numbers.dtype).max) if is_whole else 1.0
    if photometric == PALETTE and colours == 1:
        if alpha is not None and bits != 8:
            alpha = np.rint(alpha * (255 / greatest)).astype(np.uint8)
        return Planes(_apply_palette(numbers[:, :, 0], palette, bits, name), alpha)
    if photometric == CMYK and colours == 4:
        return Planes(_cmyk_to_rgb(numbers, bits, name))
    if colours not in (1, 3) or photometric in (PALETTE, CMYK):
        raise ConvStudioError(
            f"“{name}” holds {colours} colours a pixel, but a picture has 1 or 3; save it as grey or RGB first."
        )
    pixels = numbers[:, :, :colours]
    if photometric == WHITE_IS_ZERO and numbers.dtype.kind == "u":
        pixels = pixels.dtype.type(greatest) - pixels
    if bits < 8:
        pixels = _spread(pixels, bits)
        alpha = None if alpha is None else _spread(alpha, bits)
    if alpha is not None and extra[0] == PREMULTIPLIED:
        pixels = unpremultiply(pixels, alpha)
    return Planes(pixels, alpha, white=float(greatest) if is_whole and bits > 8 and bits not in TYPES else 0.0)


def _spread(values: Raw, bits: int) -> Raw:
    """Few bits over the range of eight."""
    spread: Raw = np.rint(np.arange(2**bits) * (255 / (2**bits - 1))).astype(np.uint8)[values]
    return spread


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


def _apply_palette(indices: Raw, palette: Raw | None, bits: int, name: str) -> Raw:
    """Colours of a palette, which has 16 bits a colour; some programs write 8."""
    if indices.dtype.kind != "u" or bits > 16 or palette is None or palette.shape[-1] < 2**bits:
        raise damaged(name, "its palette is not complete")
    table = np.asarray(palette, np.uint16).reshape(3, -1).T
    eight = table >> 8 if table.max() > 255 else table
    colours: Raw = eight.astype(np.uint8)[indices]
    return colours


def _cmyk_to_rgb(numbers: Raw, bits: int, name: str) -> Raw:
    """Red, green and blue of cyan, magenta, yellow and black, as libtiff mixes them."""
    if numbers.dtype.kind != "u" or bits not in (8, 16):
        raise ConvStudioError(f"“{name}” holds {bits}-bit CMYK, which is not read; save it as RGB.")
    full = 2**bits - 1
    mixed = np.empty((*numbers.shape[:2], 3), numbers.dtype)
    for row, inks in enumerate(numbers):
        wide = inks.astype(np.uint32)
        mixed[row] = (full - wide[:, :3]) * (full - wide[:, 3:4]) // full
    return mixed
