"""Edits of one kernel plane, a float64 array (height, width); each returns a new one. Layers are in `filters`."""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.size import anchor, check_size
from convstudio.core.wording import without_noise

Plane = NDArray[np.float64]

MOST_WHOLE = 1000.0  # factors are shown as whole numbers up to this one

# The outer cells of a 3×3 kernel, counter-clockwise from the right.
_RING = ((1, 2), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0), (2, 1), (2, 2))


def total(plane: ArrayLike) -> float:
    """The sum of the weights; 0 where only rounding is left of what cancels.

    Examples
    --------
    >>> total([[0.1, 0.2, -0.3]])
    0.0
    """
    values = _copy(plane)
    return without_noise(float(values.sum()), float(np.abs(values).sum()))


def normalise(plane: ArrayLike) -> Plane:
    """Divide by the sum, so that flat areas keep their brightness; a kernel whose sum is 0 is left as it is.

    Examples
    --------
    >>> normalise([[1, 2, 1]]).tolist(), normalise([[1, 0, -1]]).tolist()
    ([[0.25, 0.5, 0.25]], [[1.0, 0.0, -1.0]])
    """
    values, whole = _copy(plane), total(plane)
    return values / whole if whole else values


def zero_sum(plane: ArrayLike) -> Plane:
    """Subtract the mean, so that flat areas give 0.

    Examples
    --------
    >>> zero_sum([[3, 0, 0]]).tolist()
    [[2.0, -1.0, -1.0]]
    """
    values = _copy(plane)
    centred: Plane = values - values.mean()
    return centred


def negate(plane: ArrayLike) -> Plane:
    """Change every sign.

    Examples
    --------
    >>> negate([[1, 0, -1]]).tolist()
    [[-1.0, 0.0, 1.0]]
    """
    return 0.0 - _copy(plane)


def scale(plane: ArrayLike, factor: float) -> Plane:
    """Multiply every weight.

    Examples
    --------
    >>> scale([[1, -1]], 2).tolist()
    [[2.0, -2.0]]
    """
    return _copy(plane) * factor + 0.0


def flip_horizontal(plane: ArrayLike) -> Plane:
    """Exchange left and right.

    Examples
    --------
    >>> flip_horizontal([[1, 2, 3]]).tolist()
    [[3.0, 2.0, 1.0]]
    """
    return _copy(plane)[:, ::-1].copy()


def flip_vertical(plane: ArrayLike) -> Plane:
    """Exchange top and bottom.

    Examples
    --------
    >>> flip_vertical([[1], [2]]).tolist()
    [[2.0], [1.0]]
    """
    return _copy(plane)[::-1].copy()


def transpose(plane: ArrayLike) -> Plane:
    """Exchange rows and columns.

    Examples
    --------
    >>> transpose([[1, 2]]).tolist()
    [[1.0], [2.0]]
    """
    return _copy(plane).T.copy()


def rotate(plane: ArrayLike, quarters: int = 1) -> Plane:
    """Turn by so many quarters of a circle, counter-clockwise; height and width change places at odd ones.

    Examples
    --------
    >>> rotate([[1, 2]]).tolist()
    [[2.0], [1.0]]
    """
    return np.rot90(_copy(plane), quarters).copy()


def rotate_ring(plane: ArrayLike) -> Plane:
    """Turn a 3×3 kernel by 45° counter-clockwise: each outer cell moves on by one, the middle stays.

    Raises
    ------
    ConvStudioError
        If it is not 3×3.

    Examples
    --------
    >>> rotate_ring([[5, 5, 5], [-3, 0, -3], [-3, -3, -3]]).tolist()
    [[5.0, 5.0, -3.0], [5.0, 0.0, -3.0], [-3.0, -3.0, -3.0]]
    """
    values = _copy(plane)
    if values.shape != (3, 3):
        height, width = values.shape
        raise ConvStudioError(
            f"Only a 3×3 kernel can be turned by 45°, and this one is {height}×{width}; turn it by 90° instead."
        )
    turned = values.copy()
    for (row, column), (next_row, next_column) in zip(_RING, _RING[1:] + _RING[:1], strict=True):
        turned[next_row, next_column] = values[row, column]
    return turned


def shift(plane: ArrayLike, *, down: int = 0, right: int = 0) -> Plane:
    """Move the weights; those that leave at one side come in at the other.

    Examples
    --------
    >>> shift([[1, 2, 3]], right=1).tolist()
    [[3.0, 1.0, 2.0]]
    """
    return np.roll(_copy(plane), (down, right), axis=(0, 1))


def symmetrise(plane: ArrayLike) -> Plane:
    """Average with the mirror images, and where it is square with the quarter turns: the same to all sides.

    Examples
    --------
    >>> symmetrise([[4, 0, 0], [0, 8, 0], [0, 0, 0]]).tolist()
    [[1.0, 0.0, 1.0], [0.0, 8.0, 0.0], [1.0, 0.0, 1.0]]
    """
    values = _copy(plane)
    if values.shape[0] == values.shape[1]:
        values = (values + values.T) / 2
    values = (values + values[::-1]) / 2
    return (values + values[:, ::-1]) / 2


def randomise(plane: ArrayLike, seed: int) -> Plane:
    """Draw every weight anew: normal numbers of He's spread √(2 / cells), with four decimals.

    Examples
    --------
    >>> bool((randomise([[0.0] * 3] * 3, 7) == randomise([[1.0] * 3] * 3, 7)).all())
    True
    """
    values = _copy(plane)
    drawn = np.random.default_rng(seed).normal(0.0, sqrt(2 / values.size), values.shape)
    return np.round(drawn, 4) + 0.0


def resized(plane: ArrayLike, height: int, width: int) -> Plane:
    """Cut to another size or extend with zeros around the anchor, the cell that lies on the output's own place.

    The anchor is the middle cell, of two middle ones the upper or left one. So what the kernel does stays in place.

    Raises
    ------
    ConvStudioError
        If a side is not 1 to 31.

    Examples
    --------
    >>> resized([[1, 2, 3]], 1, 4).tolist(), resized([[1, 2, 3]], 1, 1).tolist()
    ([[1.0, 2.0, 3.0, 0.0]], [[2.0]])
    """
    check_size(height, width)
    values = _copy(plane)
    for axis, length in enumerate((height, width)):
        old = values.shape[axis]
        before = anchor(length) - anchor(old)
        after = length - old - before
        values = np.delete(values, [*range(-min(before, 0)), *range(old + min(after, 0), old)], axis)
        amounts = [(0, 0), (0, 0)]
        amounts[axis] = (max(before, 0), max(after, 0))
        values = np.pad(values, amounts)
    return values


def rank(plane: ArrayLike, *, tolerance: float = 1e-9) -> int:
    """How many column-times-row products the kernel is a sum of; singular values below tolerance × the largest are 0.

    Examples
    --------
    >>> rank([[1, 2, 1], [2, 4, 2], [1, 2, 1]]), rank([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    (1, 2)
    """
    singular = np.linalg.svd(_copy(plane), compute_uv=False)
    return int((singular > tolerance * singular[0]).sum()) if singular[0] > 0 else 0


def separable(plane: ArrayLike, *, tolerance: float = 1e-9) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """The column and the row whose product the kernel is, or None where there is no such pair (or it is all zero).

    Where the column can be whole numbers, it is.

    Examples
    --------
    >>> column, row = separable([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> column.tolist(), row.tolist()
    ([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0])
    """
    values = _copy(plane)
    if rank(values, tolerance=tolerance) != 1:
        return None
    top, left = np.unravel_index(np.argmax(np.abs(values)), values.shape)
    row, column = values[top].copy(), values[:, left] / values[top, left]
    present = np.abs(column[np.abs(column) > tolerance])
    whole = column / present.min()
    if np.abs(whole).max() <= MOST_WHOLE and np.abs(whole - np.round(whole)).max() <= tolerance:
        return np.round(whole) + 0.0, row * present.min() + 0.0
    return column + 0.0, row


def _copy(plane: ArrayLike) -> Plane:
    values = np.array(plane, dtype=np.float64)
    if values.ndim != 2 or values.size == 0:
        raise ConvStudioError(f"A kernel plane has rows and columns, not the shape {values.shape}; give both.")
    return values
