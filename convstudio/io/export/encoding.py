"""Pictures as bytes of a file format, in memory. What to save is `export`'s, where to write it `files`'."""

import io
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Pixels
from convstudio.core.metadata import NO_METADATA, Metadata
from convstudio.core.opencv import cv2
from convstudio.core.progress import Progress, silent
from convstudio.io.export.metadata import in_jpeg, in_webp, png_chunks
from convstudio.io.export.png import png
from convstudio.io.export.tiff import tiff
from convstudio.io.files import Part
from convstudio.io.sessions.carried import png_chunk

_TILE_VALUES = 2**20  # values converted at a time, in float64


class Format(StrEnum):
    """What a picture can be saved as."""

    PNG = "png"
    TIFF = "tiff"
    JPEG = "jpeg"
    WEBP = "webp"
    NPY = "npy"


class Depth(StrEnum):
    """How finely each number is kept: in 8 or 16 bits, or as it is."""

    EIGHT = "8"
    SIXTEEN = "16"
    FLOAT = "float"


_DEPTHS = {
    Format.PNG: (Depth.EIGHT, Depth.SIXTEEN),
    Format.TIFF: (Depth.EIGHT, Depth.SIXTEEN, Depth.FLOAT),
    Format.JPEG: (Depth.EIGHT,),
    Format.WEBP: (Depth.EIGHT,),
    Format.NPY: (Depth.EIGHT, Depth.SIXTEEN, Depth.FLOAT),
}
_SUFFIXES = {
    Format.PNG: (".png",),
    Format.TIFF: (".tiff", ".tif"),
    Format.JPEG: (".jpg", ".jpeg"),
    Format.WEBP: (".webp",),
    Format.NPY: (".npy",),
}
_TITLES = {Format.PNG: "PNG", Format.TIFF: "TIFF", Format.JPEG: "JPEG", Format.WEBP: "WebP", Format.NPY: "NPY"}
_LONGEST = {Format.JPEG: 65_500, Format.WEBP: 16_383}  # JPEG_MAX_DIMENSION of libjpeg; 14 bits in a WebP file
_TYPES: dict[Depth, type[np.unsignedinteger[Any]]] = {Depth.EIGHT: np.uint8, Depth.SIXTEEN: np.uint16}


def depths_of(kind: Format) -> tuple[Depth, ...]:
    """The depths that a format can keep."""
    return _DEPTHS[kind]


def has_alpha(kind: Format) -> bool:
    """Whether a format has a place for an opacity plane."""
    return kind in (Format.PNG, Format.TIFF, Format.WEBP)


def suffix_of(kind: Format) -> str:
    """What names of such files end in."""
    return _SUFFIXES[kind][0]


def format_of(path: Path) -> Format | None:
    """The format that a file's name promises, if it is one of ours."""
    suffix = path.suffix.lower()
    return next((kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes), None)


def combination_problem(kind: Format, depth: Depth) -> str:
    """Why a format cannot keep a depth, and what to do; "" where it can."""
    if depth in _DEPTHS[kind]:
        return ""
    absent = "floats" if depth is Depth.FLOAT else f"{depth} bits"
    other = "TIFF or NPY" if depth is Depth.FLOAT else "PNG or TIFF"
    own = " or ".join(_DEPTHS[kind])
    return f"A {_TITLES[kind]} file keeps {own} bits for each value and no {absent}; choose {other}, or another depth."


def encode(array: Pixels, kind: Format, depth: Depth, *, white: float | None = None, quality: int = 95) -> bytes:
    """The bytes of such a file; `encoded_parts` spares the memory of putting them together."""
    return b"".join(encoded_parts(array, kind, depth, white=white, quality=quality))


def encoded_parts(
    array: Pixels,
    kind: Format,
    depth: Depth,
    *,
    white: float | None = None,
    quality: int = 95,
    recipe: bytes = b"",
    metadata: Metadata = NO_METADATA,
    progress: Progress = silent,
) -> list[Part]:
    """The parts of a file that holds (H, W), (H, W, 1), (H, W, 3: red, green, blue) or (H, W, 4: and alpha) values.

    `white` is the value of full brightness, by default the largest number of the array's type; it becomes the largest
    number of the depth. Floats stay as they are. A PNG or TIFF carries `recipe`, as `sessions.carried` makes it. Of
    `metadata` a file carries what its format has a place for. A large PNG or TIFF takes long; `progress` hears its
    share.
    """
    problem = combination_problem(kind, depth)
    if problem:
        raise ConvStudioError(problem)
    pixels = array[:, :, None] if array.ndim == 2 else array
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4) or pixels.size == 0:
        shape = "×".join(map(str, array.shape))
        raise ConvStudioError(f"Values of the shape {shape} are no picture; choose 1, 3 or 4 channels.")
    height, width, channels = pixels.shape
    longest = _LONGEST.get(kind, 2**31 - 1)
    if max(height, width) > longest:
        raise ConvStudioError(
            f"A {_TITLES[kind]} file has at most {longest:,} pixels on each side, but the picture has "
            f"{width}×{height}; choose PNG, TIFF or NPY."
        )
    if channels == 4 and kind is Format.JPEG:
        raise ConvStudioError("A JPEG file has no place for an alpha channel; leave alpha out, or choose PNG.")
    converted = _floats(pixels) if depth is Depth.FLOAT else quantised(pixels, depth, white=white)
    match kind:
        case Format.NPY:
            return _npy(converted[:, :, 0] if channels == 1 else converted)
        case Format.TIFF:
            return tiff(converted, progress, description=recipe, metadata=metadata)
        case Format.PNG:
            texts = [(b"iTXt", png_chunk(recipe))] if recipe else []
            return [*png(converted, progress, chunks=[*texts, *png_chunks(metadata)])]
        case Format.JPEG:
            return [in_jpeg(_imencode(converted, kind, quality), metadata)]
        case Format.WEBP:
            data = _imencode(converted, kind, quality)
            return [in_webp(data, metadata, width, height, has_alpha=channels == 4)]


def quantised(values: Pixels, depth: Depth, *, white: float | None = None) -> Pixels:
    """Values as whole numbers of 8 or 16 bits: white the largest, halves to the even one, the rest clipped.

    What is not a number becomes 0.
    """
    dtype = _TYPES[depth]
    most = int(np.iinfo(dtype).max)
    full = _white_of(values) if white is None else white
    if values.dtype == dtype and full == most:
        return values
    result: NDArray[Any] = np.empty(values.shape, dtype)
    rows = max(1, _TILE_VALUES // max(1, values[0].size))
    for top in range(0, len(values), rows):
        # multiplied before it is divided: a half stays exactly a half
        tile = values[top : top + rows].astype(np.float64) * most / full
        np.rint(tile, out=tile)
        np.clip(tile, 0, most, out=tile)
        result[top : top + rows] = np.nan_to_num(tile, copy=False)
    return result


def outside(values: Pixels, depth: Depth, *, white: float | None = None) -> int:
    """How many values would be clipped: those that round to a number below 0 or above white, or are none."""
    if depth is Depth.FLOAT:
        return 0
    most = int(np.iinfo(_TYPES[depth]).max)
    step = _step(values, depth, white)
    within = (values >= -step / 2) & (values <= (most + 0.5) * step)
    return values.size - int(np.count_nonzero(within))


def below(values: Pixels, depth: Depth, *, white: float | None = None) -> int:
    """How many values would be clipped because they round to a number below 0."""
    return 0 if depth is Depth.FLOAT else int(np.count_nonzero(values < -_step(values, depth, white) / 2))


def _step(values: Pixels, depth: Depth, white: float | None) -> float:
    """What one of a file's numbers stands for."""
    return (_white_of(values) if white is None else white) / int(np.iinfo(_TYPES[depth]).max)


def _white_of(values: Pixels) -> float:
    return float(np.iinfo(values.dtype).max) if values.dtype.kind in "iu" else 1.0


def _floats(values: Pixels) -> Pixels:
    """Values in the smallest float type that holds them exactly."""
    return values.astype(np.result_type(values.dtype, np.float32), copy=False)


def _npy(values: Pixels) -> list[Part]:
    file, values = io.BytesIO(), np.ascontiguousarray(values)
    np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(values))
    return [file.getvalue(), values.reshape(-1).view(np.uint8).data]


def _imencode(values: Pixels, kind: Format, quality: int) -> bytes:
    if not 1 <= quality <= 100:
        raise ConvStudioError(f"The quality is {quality}, but it goes from 1 to 100; choose a number between them.")
    flags = {
        Format.JPEG: [cv2.IMWRITE_JPEG_QUALITY, quality],
        Format.WEBP: [cv2.IMWRITE_WEBP_QUALITY, quality],
    }.get(kind, [])
    order = {3: [2, 1, 0], 4: [2, 1, 0, 3]}.get(values.shape[2])  # OpenCV wants blue, green, red
    is_done, data = cv2.imencode(suffix_of(kind), np.ascontiguousarray(values[:, :, order] if order else values), flags)
    if not is_done:
        height, width = values.shape[:2]
        raise ConvStudioError(
            f"The picture of {width}×{height} pixels could not be made a {_TITLES[kind]} file; choose TIFF or NPY."
        )
    return bytes(data.tobytes())
