"""Strips of an output: what one thread of the pool computes at a time, small enough for the cache of its core."""

from typing import NamedTuple


class Strip(NamedTuple):
    """A part of the output of one group."""

    group: int
    top: int
    bottom: int
    left: int
    right: int


class PlaneStrip(NamedTuple):
    """Whole rows of one plane of the output."""

    plane: int
    top: int
    bottom: int

    @property
    def rows(self) -> slice:
        """Which rows of the plane these are."""
        return slice(self.top, self.bottom)
