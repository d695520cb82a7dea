"""Regions: rectangles of an output or an input, what they share, what lies around them, and how they are cut.

Regions are integers; nothing here touches an array.
"""

from collections.abc import Iterable, Iterator
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

    def intersection(self, other: "Region") -> "Region":
        """What two regions share; empty (0, 0, 0, 0) where they share nothing.

        Examples
        --------
        >>> Region(0, 4, 0, 4).intersection(Region(2, 9, 3, 9))
        Region(top=2, bottom=4, left=3, right=4)
        """
        shared = Region(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )
        return Region(0, 0, 0, 0) if shared.is_empty else shared

    def clipped(self, shape: Shape) -> "Region":
        """The part inside a plane; empty (0, 0, 0, 0) when there is none."""
        return self.intersection(whole(shape))

    def slices_in(self, other: "Region") -> tuple[slice, slice]:
        """The rows and columns of a region within an array that holds the values of a larger one.

        Examples
        --------
        >>> Region(2, 4, 3, 4).slices_in(Region(1, 9, 3, 9))
        (slice(1, 3, None), slice(0, 1, None))
        """
        return (
            slice(self.top - other.top, self.bottom - other.top),
            slice(self.left - other.left, self.right - other.left),
        )

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


def around(inner: Region, outer: Region) -> tuple[Region, ...]:
    """What of a region lies outside of another: above and below it over the whole width, then left and right of it.

    Examples
    --------
    >>> around(Region(1, 4, 0, 3), Region(0, 4, 0, 4))
    (Region(top=0, bottom=1, left=0, right=4), Region(top=1, bottom=4, left=3, right=4))
    """
    shared = inner.intersection(outer)
    if shared.is_empty:
        return () if outer.is_empty else (outer,)
    sides = (
        Region(outer.top, shared.top, outer.left, outer.right),
        Region(shared.bottom, outer.bottom, outer.left, outer.right),
        Region(shared.top, shared.bottom, outer.left, shared.left),
        Region(shared.top, shared.bottom, shared.right, outer.right),
    )
    return tuple(side for side in sides if not side.is_empty)


def uncovered(region: Region, covers: Iterable[Region]) -> tuple[Region, ...]:
    """What of a region none of the covers holds, in disjoint regions.

    Examples
    --------
    >>> uncovered(Region(0, 4, 0, 4), [Region(0, 4, 0, 3)])
    (Region(top=0, bottom=4, left=3, right=4),)
    """
    gaps = around(Region(0, 0, 0, 0), region)
    for cover in covers:
        gaps = tuple(rest for gap in gaps for rest in around(cover, gap))
    return gaps


def tiled(region: Region, height: int, width: int) -> Iterator[Region]:
    """A region cut into tiles of at most such a size, row by row.

    Examples
    --------
    >>> list(tiled(Region(0, 2, 0, 3), 2, 2))
    [Region(top=0, bottom=2, left=0, right=2), Region(top=0, bottom=2, left=2, right=3)]
    """
    for top in range(region.top, region.bottom, height):
        for left in range(region.left, region.right, width):
            yield Region(top, min(top + height, region.bottom), left, min(left + width, region.right))


def middle(length: int, most: int) -> range:
    """The places in the middle of a length, as many as there are up to a number.

    Examples
    --------
    >>> middle(10, 4), middle(3, 4)
    (range(3, 7), range(0, 3))
    """
    first = max(0, (length - most) // 2)
    return range(first, first + min(length, most))


def surroundings(place: int, length: int, most: int) -> range:
    """The places around one of a length, as many as there are up to a number; near an end the place is off centre.

    Examples
    --------
    >>> surroundings(5, 10, 4), surroundings(0, 10, 4)
    (range(3, 7), range(0, 4))
    """
    count = min(length, most)
    first = min(max(place - count // 2, 0), length - count)
    return range(first, first + count)


def middle_region(shape: Shape, height: int, width: int) -> Region:
    """The region in the middle of a plane, at most so high and wide.

    Examples
    --------
    >>> middle_region(Shape(1, 480, 1000), 640, 640)
    Region(top=0, bottom=480, left=180, right=820)
    """
    rows, columns = middle(shape.height, height), middle(shape.width, width)
    return Region(rows.start, rows.stop, columns.start, columns.stop)
