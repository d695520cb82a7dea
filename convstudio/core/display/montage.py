"""Many maps on one sheet. What the maps show and where the sheet goes is decided elsewhere."""

from math import ceil, isqrt

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


def corners(count: int, height: int, width: int, *, gap: int = GAP) -> tuple[tuple[int, int], ...]:
    """The top row and the left column of each map on the sheet, laid out row by row.

    Examples
    --------
    >>> corners(3, 10, 20)
    ((0, 0), (0, 22), (12, 0))
    """
    _, columns = grid_of(count)
    return tuple((number // columns * (height + gap), number % columns * (width + gap)) for number in range(count))
