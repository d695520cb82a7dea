"""How large a kernel may be, and where its anchor lies. Shapes of layers and pictures are the plan's."""

from convstudio.core.errors import ConvStudioError

MOST_CELLS = 31  # of a kernel, on each axis


def check_size(height: int, width: int) -> None:
    """Refuse kernels that are not 1 to 31 cells high and wide.

    Examples
    --------
    >>> check_size(31, 1)
    """
    for what, count in (("rows", height), ("columns", width)):
        if not 1 <= count <= MOST_CELLS:
            raise ConvStudioError(
                f"A kernel has 1 to {MOST_CELLS} {what}, not {count}; choose a number from 1 to {MOST_CELLS}."
            )


def anchor(length: int) -> int:
    """The cell that lies on the output's own place: the middle one, of two middle ones the first.

    This is what "same" padding does, here as in PyTorch: it adds the smaller half first.

    Examples
    --------
    >>> anchor(3), anchor(4)
    (1, 1)
    """
    return (length - 1) // 2
