"""What the header of a NumPy array says: shape and type, how pictures lie in such a shape, and what is no picture."""

import zipfile
from math import prod
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

FEWEST_ROWS = 5  # of a picture, where an axis of 1 to 4 beside it may be channels
LARGEST_KERNEL = 15  # rows or columns; what has more of both is a picture
MOST_ARRAYS = 64  # of a file that are looked at
WEIGHTS = ("weight", "kernel", "bias", "gamma", "beta", "mean", "var")  # in names of a network's arrays


class ArrayDescription(NamedTuple):
    """What stands in the header."""

    shape: tuple[int, ...]
    is_fortran: bool  # the first index runs quickest
    dtype: np.dtype[np.generic]


class ArrayLayout(NamedTuple):
    """How pictures lie in an array: how many, and how its axes become (pages, H, W, channels)."""

    pages: int
    height: int
    width: int
    channels: int
    axes: int  # of one picture: 2, or 3 where one of them is channels
    is_planar: bool = False  # channels come before rows


def layout_of(shape: tuple[int, ...]) -> ArrayLayout | None:
    """How an array of a shape is taken for pictures; None where it is none.

    (H, W) is grey. A last axis of 1 to 4 is channels; so is a first one of 1, 3 or 4. Whatever comes before is pages.

    Examples
    --------
    >>> layout_of((30, 64, 48))
    ArrayLayout(pages=30, height=64, width=48, channels=1, axes=2, is_planar=False)
    >>> layout_of((64, 48, 3)).channels, layout_of((3, 64, 48)).is_planar
    (3, True)
    """
    if len(shape) < 2 or 0 in shape:
        return None
    if len(shape) == 2:
        return ArrayLayout(1, *shape, 1, 2)
    if (shape[-1] <= 4 and min(shape[-3:-1]) >= FEWEST_ROWS) or (len(shape) == 3 and shape[-1] in (3, 4)):
        return ArrayLayout(prod(shape[:-3]), shape[-3], shape[-2], shape[-1], 3)
    if shape[-3] in (1, 3, 4) and min(shape[-2:]) >= FEWEST_ROWS:
        return ArrayLayout(prod(shape[:-3]), shape[-2], shape[-1], shape[-3], 3, is_planar=True)
    return ArrayLayout(prod(shape[:-2]), shape[-2], shape[-1], 1, 2)


def described(stream: IO[bytes]) -> ArrayDescription:
    """The header of an array, which is read to its end; raises ValueError where it is none."""
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read(stream)
    except (MemoryError, OSError):
        raise
    except (
        Exception
    ) as error:  # a header is Python's text, and its tokenizer, parser and types have errors of their own
        raise ValueError("it is no header of an array") from error
    return ArrayDescription(shape, bool(is_fortran), dtype)


def holds_pictures(path: Path) -> bool:
    """Whether every array of a `.npy` or `.npz` file has the size of a picture, and none the name of a weight."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                file.seek(0)
                return _is_picture(file)
            with zipfile.ZipFile(file) as archive:
                names = [name for name in archive.namelist() if name.endswith(".npy")]
                return 0 < len(names) <= MOST_ARRAYS and all(_is_member_a_picture(archive, name) for name in names)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return False  # whoever opens it says why


def _is_member_a_picture(archive: zipfile.ZipFile, name: str) -> bool:
    if any(word in name.lower() for word in WEIGHTS):
        return False
    with archive.open(name) as stream:
        return _is_picture(stream)


def _is_picture(stream: IO[bytes]) -> bool:
    layout = layout_of(described(stream).shape)
    return layout is not None and min(layout.height, layout.width) > LARGEST_KERNEL
