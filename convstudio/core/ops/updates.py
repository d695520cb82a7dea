"""What a changed weight adds to an output plane, and what outputs read under it: values for `increment` and the JIT."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import mirrored
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops.strips import PlaneStrip
from convstudio.core.threads import cores, cut

Planes = NDArray[np.float32]
STRIP_NUMBERS = 2**18  # at least; a smaller plane costs less than cutting it up for the cores would
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


class TapSources(NamedTuple):
    """What the outputs along one axis read under a tap."""

    start: int  # of those whose places lie inside of the input
    stop: int
    sources: NDArray[np.intp]  # for every output, where its number comes from
    address: int  # of these

    def of(self, outputs: slice) -> "TapSources":
        """What a run of the outputs reads."""
        start, stop = (
            min(max(end - outputs.start, 0), outputs.stop - outputs.start) for end in (self.start, self.stop)
        )
        sources = self.sources[outputs]
        return TapSources(start, stop, sources, sources.ctypes.data)


@lru_cache(64)  # a drag changes the same weight again and again
def tap_sources(window: SlidingWindow, axis: int, cell: int, outputs: int, length: int) -> TapSources:
    """What so many outputs along an axis read of a plane of such a length under a cell of the kernel."""
    stride = window.stride[axis]
    shift = cell * window.dilation[axis] - (window.pads.top, window.pads.left)[axis]
    start = min(max(0, -(shift // stride)), outputs)  # the first output whose place is 0 or more
    stop = max(min(outputs, (length - 1 - shift) // stride + 1), start)
    sources = np.arange(shift, shift + outputs * stride, stride, dtype=np.intp)
    for padding in (slice(start), slice(stop, None)):
        sources[padding] = mirrored(sources[padding], length, window.border)
    return TapSources(start, stop, sources, sources.ctypes.data)


def plane_strips(planes: Planes) -> list[PlaneStrip]:
    """What the threads share: whole planes, or, where they are large, some rows of them; none is empty."""
    _, height, width = planes.shape
    edges = cut(0, height, min(max(1, min(PARTS * cores(), height * width // STRIP_NUMBERS)), max(height, 1)))
    return [PlaneStrip(number, *ends) for number in range(len(planes)) for ends in pairwise(edges)]
