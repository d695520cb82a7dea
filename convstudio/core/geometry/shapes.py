"""Shapes of stacks of planes, and pairs of numbers for the two axes. Which sizes a layer makes is in `sizes`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

MOST_WHOLE = 2**22  # pixels of a frame up to which every output is computed and kept as a whole


class Shape(NamedTuple):
    """The extent of a stack of planes, in pixels.

    Examples
    --------
    >>> str(Shape(3, 480, 640))
    '640×480×3'
    """

    channels: int
    height: int
    width: int

    def __str__(self) -> str:
        return f"{self.width}×{self.height}×{self.channels}"

    @property
    def size(self) -> int:
        """Number of values."""
        return self.channels * self.height * self.width

    @property
    def is_large(self) -> bool:
        """Whether a frame of this shape is computed region by region."""
        return self.height * self.width > MOST_WHOLE


class Pair(NamedTuple):
    """One number for each axis, vertical first."""

    vertical: int
    horizontal: int

    @classmethod
    def of(cls, value: "int | Sequence[int]") -> "Pair":
        """One number for both axes, or a (vertical, horizontal) pair."""
        if isinstance(value, (int, np.integer)):
            return cls(int(value), int(value))
        vertical, horizontal = value
        return cls(int(vertical), int(horizontal))

    def __str__(self) -> str:
        return f"{self.vertical}×{self.horizontal}"


ONE = Pair(1, 1)
