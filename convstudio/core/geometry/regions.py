"""Regions: the part of an output somebody wants, and which part of the input it comes from and goes to.

Regions are integers; nothing here touches an array.
"""

from typing import NamedTuple

from convstudio.core.geometry.shapes import Shape


class Region(NamedTuple):
    """Rows `top` to `bottom` and columns `left` to `right`, the ends not included; may reach outside a plane."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def is_empty(self) -> bool:
        return self.height <= 0 or self.width <= 0

    def clipped(self, shape: Shape) -> "Region":
        """The part inside a plane; empty (0, 0, 0, 0) when there is none."""
        inside = Region(
            max(self.top, 0), min(self.bottom, shape.height), max(self.left, 0), min(self.right, shape.width)
        )
        return Region(0, 0, 0, 0) if inside.is_empty else inside

    def contains(self, row: int, column: int) -> bool:
        return self.top <= row < self.bottom and self.left <= column < self.right


def unit(row: int, column: int) -> Region:
    """The region of one output.

    Examples
    --------
    >>> unit(2, 3)
    Region(top=2, bottom=3, left=3, right=4)
    """
    return Region(row, row + 1, column, column + 1)


def whole(shape: Shape) -> Region:
    """The region of a whole plane."""
    return Region(0, shape.height, 0, shape.width)
