"""Kernels as other kernels that come to the same: a column times a row, and pieces small enough to be added up."""

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.window import SlidingWindow

Kernel = NDArray[np.float64]

ROUNDING = 2.0**-21  # of each weight: what is left of float32 weights after a division and two products
MOST_CELLS = 129  # from 130 on filter2D goes through a Fourier transform


class Piece(NamedTuple):
    """A part of a kernel, and where its first cell lies in it."""

    row: int
    column: int
    cells: Kernel


def spread(kernel: Kernel, window: SlidingWindow) -> Kernel:
    """A kernel with the zeros that dilation puts between its cells.

    Parameters
    ----------
    kernel
        (kernel height, kernel width).
    window
        Its span and dilation.
    """
    if window.dilation == (1, 1):
        return kernel
    cells = np.zeros(window.span)
    cells[:: window.dilation.vertical, :: window.dilation.horizontal] = kernel
    return cells


def factors(kernel: Kernel) -> tuple[Kernel, Kernel] | None:
    """A column and a row whose product is the kernel to the rounding of float32, each cell by itself; None without.

    The column and the row cross in the largest cell. They are refused where one cell differs by more than rounding:
    a pixel under it may be larger than all others, and a cell that is 0 ignores its pixel.

    Examples
    --------
    >>> column, row = factors(np.array([[1.0, 2.0], [2.0, 4.0]]))
    >>> column.tolist(), row.tolist()
    ([0.5, 1.0], [2.0, 4.0])
    >>> factors(np.eye(2)) is None
    True
    """
    row, column = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    pivot = kernel[row, column]
    if pivot == 0:
        return None
    found = kernel[:, column] / pivot, kernel[row]
    is_exact = (np.abs(np.outer(*found) - kernel) <= ROUNDING * np.abs(kernel)).all()
    return found if is_exact else None


def pieces(kernel: Kernel) -> Iterator[Piece]:
    """A kernel cut so that filter2D adds up each piece in place; pieces of zeros are left out, but for one.

    Examples
    --------
    >>> [(piece.row, piece.column, piece.cells.shape) for piece in pieces(np.ones((15, 15)))]
    [(0, 0, (8, 15)), (8, 0, (7, 15))]
    """
    height, width = kernel.shape
    wide = ceil(width / ceil(width / MOST_CELLS))
    high = ceil(height / ceil(height / (MOST_CELLS // wide)))
    made = [
        Piece(row, column, kernel[row : row + high, column : column + wide])
        for row in range(0, height, high)
        for column in range(0, width, wide)
    ]
    return (piece for piece in made if piece.cells.any() or len(made) == 1)
