"""What a changed weight adds to an output plane, and what outputs read under it: values of `increment` and of its
compiled path."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import mirrored
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.threads import cores, cut

Planes = NDArray[np.float32]
Band = tuple[int, slice]  # a plane and some of its rows
BAND_NUMBERS = 2**18  # at least; a smaller plane costs less than cutting it up for the cores would
PARTS = 2  # of a large plane for each core, so that who begins late has less to do


class Tap(NamedTuple):
    """One changed weight: what it adds of which input plane, at a row and a column of the kernel as it is applied."""

    source: int
    row: int
    column: int
    amount: float


class Update(NamedTuple):
    """What becomes of one output plane: scale · plane + offset + the taps."""

    scale: float = 1.0
    offset: float = 0.0
    taps: tuple[Tap, ...] = ()

    @property
    def rescales(self) -> bool:
        """Whether the old plane is not taken as it is."""
        return self.scale != 1 or self.offset != 0


class Reach(NamedTuple):
    """What the outputs along one axis read under a tap."""

    start: int  # of those whose places lie inside of the input
    stop: int
    sources: NDArray[np.intp]  # of all: where each one's number comes from
    address: int  # of these

    def of(self, band: slice) -> "Reach":
        """What some of the outputs read."""
        start, stop = (min(max(end - band.start, 0), band.stop - band.start) for end in (self.start, self.stop))
        sources = self.sources[band]
        return Reach(start, stop, sources, sources.ctypes.data)


@lru_cache(64)  # a drag changes the same weight again and again
def reach(window: SlidingWindow, axis: int, cell: int, outputs: int, length: int) -> Reach:
    """What so many outputs along an axis read of a plane of such a length under a cell of the kernel."""
    stride = window.stride[axis]
    shift = cell * window.dilation[axis] - (window.pads.top, window.pads.left)[axis]
    start = min(max(0, -(shift // stride)), outputs)  # the first output whose place is 0 or more
    stop = max(min(outputs, (length - 1 - shift) // stride + 1), start)
    sources = np.arange(shift, shift + outputs * stride, stride, dtype=np.intp)
    for beside in (slice(start), slice(stop, None)):
        sources[beside] = mirrored(sources[beside], length, window.border)
    return Reach(start, stop, sources, sources.ctypes.data)


def bands(planes: Planes) -> list[Band]:
    """What is shared among the cores: whole planes, or, where they are large, parts of them; none without a row."""
    _, height, width = planes.shape
    edges = cut(0, height, min(max(1, min(PARTS * cores(), height * width // BAND_NUMBERS)), max(height, 1)))
    return [(number, slice(*ends)) for number in range(len(planes)) for ends in pairwise(edges)]
