"""Which of its roads a convolution takes, and why: decided by its shape and its weights before any work.

The costs are estimates, good enough to compare roads: they were fitted to the measurements in PERFORMANCE.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.frame import Shape
from convstudio.core.layers import Border
from convstudio.core.ops import arguments, fourier, slides
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.factors import Piece, factors, pieces, spread
from convstudio.core.ops.planewise import Pass
from convstudio.core.ops.slides import Slide
from convstudio.core.ops.workers import cores

Kernel = NDArray[np.float64]

FEWEST_OUTPUTS = 4096  # in a plane; with fewer the calls cost more than the arithmetic
CALL, ADD = 15.0, 20.0  # to filter a plane at all, and to add one to another; the unit is one weight of filter2D
SEPARABLE, TAP = 16.0, 2.5  # sepFilter2D: its two passes, and one number of the column or the row
TRANSFORM = 400.0  # one plane with one kernel, on all cores
WEIGHT, LONE = 0.48, 1.0  # the matrix product: one weight, and the filters that it could do besides a single one
COPY, PAD, OUTPUT = 15.0, 20.0, 27.0  # around it: a number laid out, padded, written


class Kind(StrEnum):
    """The ways to the same numbers."""

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


EVERY = frozenset(Kind)


def explain_road(
    shape: tuple[int, int, int],
    weight: ArrayLike,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    groups: int = 1,
    border: str = Border.ZEROS,
) -> Road:
    """The road that `conv2d` takes with these arguments.

    Two things in the picture can change it: with a NaN or an infinity in it, or with numbers too far apart for
    a Fourier transform, another road is taken that is exact there too.

    Parameters
    ----------
    shape
        (C, H, W) of the input.
    weight
        (filters, C / groups, height, width).
    stride, padding, dilation, groups, border
        As for `conv2d`.

    Raises
    ------
    ConvStudioError
        If `conv2d` would refuse the arguments.

    Examples
    --------
    >>> hat = [1, 2, 3, 4, 3, 2, 1]
    >>> print(explain_road((1, 480, 640), np.outer(hat, hat)[None, None]).reason)
    Each kernel is a column times a row, so 7 + 7 products replace 49 at each pixel.
    """
    weights = arguments.real_array("weight", weight, "filters, channels, height, width")
    slide = slides.convolution(
        Shape(*shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    return choose(slide, weights.astype(np.float64)).road


def choose(slide: Slide, kernels: Kernel, allowed: frozenset[Kind] = EVERY) -> Choice:
    """The cheapest of the allowed roads; the matrix product is always one of them.

    Parameters
    ----------
    slide
        What `slides.convolution` made of the arguments.
    kernels
        (filters, C / groups, kernel height, kernel width).
    allowed
        Roads that the picture leaves open.
    """
    best = Choice(_product(slide, kernels), [])
    if _places(slide) < FEWEST_OUTPUTS:
        return best
    # planes are filtered at every pixel, whatever the stride
    calls = len(kernels) * kernels.shape[1] * slide.stride.vertical * slide.stride.horizontal
    transforms = calls * TRANSFORM * cores() / min(cores(), len(fourier.bands(slide)))
    if Kind.FOURIER in allowed and transforms < best.road.cost:
        best = Choice(_fourier(slide, transforms), [])
    if {Kind.DIRECT, Kind.SEPARABLE} <= allowed and _least_planewise(slide, kernels) < best.road.cost:
        best = min(best, _planewise(slide, kernels), key=lambda choice: choice.road.cost)
    return best


def _places(slide: Slide) -> int:
    return slide.output.height * slide.output.width


def _product(slide: Slide, kernels: Kernel) -> Road:
    filters, cells = len(kernels) // slide.groups, kernels[0].size
    laid_out = kernels.shape[1] * slide.kernel.horizontal * slide.stride.vertical
    cost = slide.groups * ((filters + LONE) * cells * WEIGHT + laid_out * COPY + filters * OUTPUT)
    cost += slide.source.channels * slide.stride.vertical * slide.stride.horizontal * PAD
    matrix = f"a matrix of {filters} × {cells:,} weights"
    reason = (
        f"With only {_places(slide):,} places, one product with {matrix} is quickest."
        if _places(slide) < FEWEST_OUTPUTS
        else f"The windows are laid out once for every filter and multiplied by {matrix}."
    )
    return Road(Kind.PRODUCT, reason, cost)


def _fourier(slide: Slide, cost: float) -> Road:
    cells = slide.kernel.vertical * slide.kernel.horizontal
    reason = (
        f"A Fourier transform costs the same for a kernel of any size, and less than {cells:,} products at each pixel."
    )
    return Road(Kind.FOURIER, reason, cost)


def _least_planewise(slide: Slide, kernels: Kernel) -> float:
    """What filtering plane by plane costs at least, if every kernel were a column times a row."""
    direct = CALL + np.count_nonzero(kernels, axis=(2, 3))
    each = np.minimum(direct, SEPARABLE + TAP * sum(slide.span))
    added = float(each.sum()) + ADD * float(each.size - len(kernels))
    return added * slide.stride.vertical * slide.stride.horizontal


def _planewise(slide: Slide, kernels: Kernel) -> Choice:
    """Each kernel by itself: as a column and a row, or as it is, in pieces where it is large."""
    passes = [[_passes(spread(kernel, slide)) for kernel in channels] for channels in kernels]
    each = [one for channels in passes for some in channels for one in some]
    added = sum(map(_cost, each)) + ADD * (len(each) - len(kernels))
    cost = added * slide.stride.vertical * slide.stride.horizontal
    (height, width), cells = slide.kernel, slide.kernel.vertical * slide.kernel.horizontal
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
