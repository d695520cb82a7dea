"""What each road would cost a convolution, and why one would take it, before any work.

The costs are estimates, good enough to compare roads: they were fitted to what `tests/benchmarks` measured.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops import fourier
from convstudio.core.ops.factors import Piece, factors, pieces, spread
from convstudio.core.ops.jit import compiled
from convstudio.core.ops.jit.microkernel import vectors
from convstudio.core.ops.jit.native import Processor
from convstudio.core.ops.planewise import Pass
from convstudio.core.threads import cores
from convstudio.core.wording import counted

Kernel = NDArray[np.float64]

FEWEST_OUTPUTS = 4096  # in a plane; with fewer the calls cost more than the arithmetic
CALL, ADD = 15.0, 20.0  # to filter a plane at all, and to add one to another; the unit is one weight of filter2D
SEPARABLE, TAP = 16.0, 2.0  # sepFilter2D: its two passes, and one number of the column or the row
TRANSFORM = 400.0  # one plane with one kernel, on all cores
WEIGHT, LONE = 0.48, 1.0  # the matrix product: one weight, and the filters that it could do besides a single one
COPY, PAD, OUTPUT = 15.0, 20.0, 27.0  # around it: a number laid out, padded, written
SUM, FEWEST_SUMS = 0.3, 2.5  # the compiled loop: one product, and those that it could do while it reads one number
FILLED, STRIP = 22.0, 1e6  # a number that it writes, and a strip that is handed to it


class Kind(StrEnum):
    """The ways to the same numbers."""

    COMPILED = "machine code"
    DIRECT = "direct"
    SEPARABLE = "separable"
    FOURIER = "Fourier transform"
    PRODUCT = "matrix product"


@dataclass(frozen=True)
class Road:
    """A way to compute a convolution, why this one, and what it costs.

    `cost` estimates the work for the numbers of all filters at one place, in multiplications with an addition each.
    """

    kind: Kind
    reason: str
    cost: float


Passes = list[list[list[Pass]]]  # for each filter, for each of its channels


class Choice(NamedTuple):
    """A road, and for those that go plane by plane what to add up."""

    road: Road
    passes: Passes


def places(window: SlidingWindow) -> int:
    """The outputs of one filter."""
    return window.output.height * window.output.width


def by_product(window: SlidingWindow, kernels: Kernel) -> Road:
    """A matrix product of the windows laid out and the filters."""
    filters, cells = len(kernels) // window.groups, kernels[0].size
    laid_out = kernels.shape[1] * window.kernel.horizontal * window.stride.vertical
    cost = window.groups * ((filters + LONE) * cells * WEIGHT + laid_out * COPY + filters * OUTPUT)
    cost += window.source.channels * window.stride.vertical * window.stride.horizontal * PAD
    matrix = f"a matrix of {filters} × {counted(cells, 'weight')}"
    reason = (
        f"With only {counted(places(window), 'place')}, one product with {matrix} is quickest."
        if places(window) < FEWEST_OUTPUTS
        else f"The windows are laid out once for every filter and multiplied by {matrix}."
    )
    return Road(Kind.PRODUCT, reason, cost)


def by_machine_code(window: SlidingWindow, found: Processor) -> Road:
    """The compiled loop on such a processor."""
    channels, (high, wide), (down, across) = window.source.channels // window.groups, window.kernel, window.stride
    sizes, rows = compiled.teams(window, found), compiled.rows_together(window)
    numbers = channels * (high + (rows - 1) * down) * wide / rows
    sums = sum(max(size * rows, FEWEST_SUMS) for size in sizes)
    cost = window.groups * numbers * sums * SUM + window.output.channels * FILLED
    is_in_place = compiled.reads_in_place(window, found)
    strips = window.groups * (5 if is_in_place else 1)
    cost += strips * STRIP / places(window)
    if window.border is not Border.ZEROS or not is_in_place:
        copies = 2 if across > 1 else 1  # one to sort the columns
        cost += copies * window.source.channels * down * across * PAD
    at_once = sizes[0] * rows
    what = f"{rows} rows" if rows > 1 else counted(at_once, "filter")
    pixels = vectors(found, at_once) * found.lanes
    reason = f"The sums of {what} × {pixels} pixels at a time stay in its registers."
    return Road(Kind.COMPILED, reason, cost)


def by_fourier(window: SlidingWindow, kernels: Kernel) -> Road:
    """A Fourier transform of every plane with every kernel, at every pixel whatever the stride."""
    calls = len(kernels) * kernels.shape[1] * window.stride.vertical * window.stride.horizontal
    cost = calls * TRANSFORM * cores() / min(cores(), len(fourier.bands(window)))
    cells = window.kernel.vertical * window.kernel.horizontal
    less = counted(cells, "product")
    reason = f"A Fourier transform costs the same for a kernel of any size, and less than {less} at each pixel."
    return Road(Kind.FOURIER, reason, cost)


def least_by_planes(window: SlidingWindow, kernels: Kernel) -> float:
    """What filtering plane by plane costs at least, if every kernel were a column times a row."""
    direct = CALL + np.count_nonzero(kernels, axis=(2, 3))
    each = np.minimum(direct, SEPARABLE + TAP * sum(window.span))
    added = float(each.sum()) + ADD * float(each.size - len(kernels))
    return added * window.stride.vertical * window.stride.horizontal * _turns(len(kernels))


def _turns(filters: int) -> float:
    """How much longer it takes because one filter is one core's: OpenCV shares out only a single one by itself."""
    return max(1.0, -(-filters // cores()) * cores() / filters) if filters > 1 else 1.0


def by_planes(window: SlidingWindow, kernels: Kernel) -> Choice:
    """Each kernel by itself: as a column and a row, or as it is, in pieces where it is large."""
    passes = [[_passes(spread(kernel, window)) for kernel in channels] for channels in kernels]
    each = [one for channels in passes for some in channels for one in some]
    added = sum(map(_cost, each)) + ADD * (len(each) - len(kernels))
    cost = added * window.stride.vertical * window.stride.horizontal * _turns(len(kernels))
    (height, width), cells = window.kernel, window.kernel.vertical * window.kernel.horizontal
    if each and all(one.column is not None for one in each):
        reason = f"Each kernel is a column times a row, so {height} + {width} products replace {cells:,} at each pixel."
        return Choice(Road(Kind.SEPARABLE, reason, cost), passes)
    count = max(len(some) for channels in passes for some in channels)
    reason = (
        f"Each kernel is cut into {count} pieces, which filter the planes where they lie and are added up."
        if count > 1
        else f"Each plane is filtered with its {height}×{width} kernel where it lies; nothing is laid out or copied."
    )
    return Choice(Road(Kind.DIRECT, reason, cost), passes)


def _passes(cells: Kernel) -> list[Pass]:
    whole = [Pass(piece) for piece in pieces(cells)]
    if SEPARABLE + TAP * sum(cells.shape) < sum(map(_cost, whole)) + ADD * (len(whole) - 1):
        found = factors(cells)
        if found is not None:
            return [Pass(Piece(0, 0, cells), *found)]
    return whole


def _cost(one: Pass) -> float:
    if one.column is None:
        return CALL + int(np.count_nonzero(one.piece.cells))
    return SEPARABLE + TAP * float(sum(one.piece.cells.shape))
