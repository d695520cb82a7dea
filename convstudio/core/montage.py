"""Many maps on one sheet. What the maps show and where the sheet goes is decided elsewhere."""

from math import ceil, isqrt

import numpy as np

from convstudio.core.frame import Pixels

GAP = 2  # pixels between neighbours


def grid_of(count: int) -> tuple[int, int]:
    """Rows and columns of the nearly square grid that holds so many maps, wider than high where it must be.

    Examples
    --------
    >>> grid_of(6)
    (2, 3)
    """
    columns = isqrt(count - 1) + 1
    return ceil(count / columns), columns


def sheet_size(count: int, height: int, width: int, *, gap: int = GAP) -> tuple[int, int]:
    """Height and width, in pixels, of a sheet with so many maps of a size.

    Examples
    --------
    >>> sheet_size(6, 10, 20)
    (22, 64)
    """
    rows, columns = grid_of(count)
    return rows * height + (rows - 1) * gap, columns * width + (columns - 1) * gap


def montage(maps: Pixels, *, gap: int = GAP) -> Pixels:
    """Lay maps out row by row.

    Parameters
    ----------
    maps
        (count, H, W, channels) of any type.
    gap
        Pixels between neighbours; they and the places left over are 0.

    Returns
    -------
    (height, width, channels) of the same type.

    Examples
    --------
    >>> montage(np.array([[[[1]]], [[[2]]], [[[3]]]]), gap=1)[:, :, 0].tolist()
    [[1, 0, 2], [0, 0, 0], [3, 0, 0]]
    """
    count, height, width, channels = maps.shape
    _, columns = grid_of(count)
    sheet: Pixels = np.zeros((*sheet_size(count, height, width, gap=gap), channels), maps.dtype)
    for number, values in enumerate(maps):
        row, column = divmod(number, columns)
        top, left = row * (height + gap), column * (width + gap)
        sheet[top : top + height, left : left + width] = values
    return sheet
