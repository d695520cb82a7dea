"""Which method a convolution is computed by, and why: decided by its shape and its weights before any work.

The costs are estimates, good enough to compare methods: they were fitted to what `tests/benchmarks` measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops import arguments, fourier, jit
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.factors import Piece, factors, pieces, spread
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


class Method(StrEnum):
    """The ways to the same numbers."""

    COMPILED = "machine code"
    DIRECT = "direct"
    SEPARABLE = "separable"
    FOURIER = "Fourier transform"
    PRODUCT = "matrix product"


@dataclass(frozen=True)
class Estimate:
    """A way to compute a convolution, why this one, and what it costs.

    `cost` estimates the work for the numbers of all filters at one place, in multiplications with an addition each.
    """

    method: Method
    reason: str
    cost: float


Passes = list[list[list[Pass]]]  # for each filter, for each of its channels


class Choice(NamedTuple):
    """A method, and for those that go plane by plane what to add up."""

    estimate: Estimate
    passes: Passes


def places(window: SlidingWindow) -> int:
    """The outputs of one filter."""
    return window.output.height * window.output.width


def by_product(window: SlidingWindow, kernels: Kernel) -> Estimate:
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
    return Estimate(Method.PRODUCT, reason, cost)


def by_machine_code(window: SlidingWindow, cpu: jit.Processor) -> Estimate:
    """The compiled loop on such a processor."""
    channels, (high, wide), (down, across) = window.source.channels // window.groups, window.kernel, window.stride
    sizes, rows = jit.teams(window, cpu), jit.rows_together(window)
    numbers = channels * (high + (rows - 1) * down) * wide / rows
    sums = sum(max(size * rows, FEWEST_SUMS) for size in sizes)
    cost = window.groups * numbers * sums * SUM + window.output.channels * FILLED
    is_in_place = jit.reads_in_place(window, cpu)
    strips = window.groups * (5 if is_in_place else 1)
    cost += strips * STRIP / places(window)
    if window.border is not Border.ZEROS or not is_in_place:
        copies = 2 if across > 1 else 1  # one to sort the columns
        cost += copies * window.source.channels * down * across * PAD
    at_once = sizes[0] * rows
    what = f"{rows} rows" if rows > 1 else counted(at_once, "filter")
    pixels = jit.vectors(cpu, at_once) * cpu.lanes
    reason = f"The sums of {what} × {pixels} pixels at a time stay in its registers."
    return Estimate(Method.COMPILED, reason, cost)


def by_fourier(window: SlidingWindow, kernels: Kernel) -> Estimate:
    """A Fourier transform of every plane with every kernel, at every pixel whatever the stride."""
    calls = len(kernels) * kernels.shape[1] * window.stride.vertical * window.stride.horizontal
    cost = calls * TRANSFORM * cores() / min(cores(), len(fourier.bands(window)))
    cells = window.kernel.vertical * window.kernel.horizontal
    less = counted(cells, "product")
    reason = f"A Fourier transform costs the same for a kernel of any size, and less than {less} at each pixel."
    return Estimate(Method.FOURIER, reason, cost)


def least_by_planes(window: SlidingWindow, kernels: Kernel) -> float:
    """What filtering plane by plane costs at least, if every kernel were a column times a row."""
    direct = CALL + np.count_nonzero(kernels, axis=(2, 3))
    each = np.minimum(direct, SEPARABLE + TAP * sum(window.span))
    added = float(each.sum()) + ADD * float(each.size - len(kernels))
    return added * window.stride.vertical * window.stride.horizontal * _turns(len(kernels))


def _turns(filters: int) -> float:
    """How much longer it takes because one filter is one core's: OpenCV shares out only a single one by itself."""
    return max(1.0, ceil_division(filters, cores()) * cores() / filters) if filters > 1 else 1.0


def by_planes(window: SlidingWindow, kernels: Kernel) -> Choice:
    """Each kernel by itself: as a column and a row, or as it is, in pieces where it is large."""
    passes = [[_passes(spread(kernel, window)) for kernel in channels] for channels in kernels]
    each = [one for channels in passes for some in channels for one in some]
    added = sum(map(_cost, each)) + ADD * (len(each) - len(kernels))
    cost = added * window.stride.vertical * window.stride.horizontal * _turns(len(kernels))
    (height, width), cells = window.kernel, window.kernel.vertical * window.kernel.horizontal
    if each and all(one.column is not None for one in each):
        reason = f"Each kernel is a column times a row, so {height} + {width} products replace {cells:,} at each pixel."
        return Choice(Estimate(Method.SEPARABLE, reason, cost), passes)
    count = max(len(some) for channels in passes for some in channels)
    reason = (
        f"Each kernel is cut into {count} pieces, which filter the planes where they lie and are added up."
        if count > 1
        else f"Each plane is filtered with its {height}×{width} kernel where it lies; nothing is laid out or copied."
    )
    return Choice(Estimate(Method.DIRECT, reason, cost), passes)


def _passes(cells: Kernel) -> list[Pass]:
    whole = [Pass(piece) for piece in pieces(cells)]
    if SEPARABLE + TAP * sum(cells.shape) < sum(map(_cost, whole)) + ADD * (len(whole) - 1):
        cpu = factors(cells)
        if cpu is not None:
            return [Pass(Piece(0, 0, cells), *cpu)]
    return whole


def _cost(one: Pass) -> float:
    if one.column is None:
        return CALL + int(np.count_nonzero(one.piece.cells))
    return SEPARABLE + TAP * float(sum(one.piece.cells.shape))


EVERY = frozenset(Method)
MOST_KEPT = 2**13  # weights of a bank whose choice is kept: 64 kB
_wanted: ContextVar[frozenset[Method]] = ContextVar("wanted", default=EVERY)


@contextmanager
def only(*methods: Method) -> Iterator[None]:
    """Take none but these methods, to compare them; a matrix product where none of them is possible.

    Examples
    --------
    >>> with only(Method.DIRECT):
    ...     print(explain_method((1, 480, 640), np.ones((1, 1, 3, 3))).method)
    direct
    """
    token = _wanted.set(frozenset(methods))
    try:
        yield
    finally:
        _wanted.reset(token)


def is_wanted(method: Method) -> bool:
    """Whether such a method may be taken."""
    return method in _wanted.get()


def compiling_cpu() -> jit.Processor | None:
    """The processor for which there is machine code already, where it may be used."""
    return jit.usable() if jit.is_made() and is_wanted(Method.COMPILED) else None


def explain_method(
    shape: tuple[int, int, int],
    weight: ArrayLike,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    groups: int = 1,
    border: str = Border.ZEROS,
) -> Estimate:
    """The method that `conv2d` takes with these arguments.

    Two things in the picture can change it: with a NaN or an infinity in it, or with numbers too far apart for
    a Fourier transform, another method is taken that is exact there too. Machine code is made when it has been missed
    for as long as it takes to make it, or by `jit.make`; until then the next best method is taken.

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
    >>> hat = np.hanning(15)
    >>> print(explain_method((1, 480, 640), np.outer(hat, hat)[None, None]).reason)
    Each kernel is a column times a row, so 15 + 15 products replace 225 at each pixel.
    """
    weights = arguments.real_array("weight", weight, "filters, channels, height, width")
    window = arguments.convolution_window(
        Shape(*shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    return choose(window, weights.astype(np.float64)).estimate


def choose(window: SlidingWindow, kernels: Kernel, allowed: frozenset[Method] = EVERY) -> Choice:
    """The cheapest of the allowed methods, and the matrix product where none of them is possible.

    Parameters
    ----------
    window
        What `arguments.convolution_window` made of the arguments.
    kernels
        (filters, C / groups, kernel height, kernel width).
    allowed
        Methods that the picture leaves open.
    """
    allowed, cpu = allowed & _wanted.get(), jit.usable()
    if kernels.size > MOST_KEPT:
        return _chosen(window, kernels, allowed, cpu)
    return _kept(window, kernels.shape, kernels.tobytes(), allowed, cpu)


@lru_cache(64)  # frames of a video, tiles and pieces of a picture ask for the same one again
def _kept(
    window: SlidingWindow, shape: tuple[int, ...], weights: bytes, allowed: frozenset[Method], cpu: jit.Processor | None
) -> Choice:
    return _chosen(window, np.frombuffer(weights).reshape(shape), allowed, cpu)


def _chosen(window: SlidingWindow, kernels: Kernel, allowed: frozenset[Method], cpu: jit.Processor | None) -> Choice:
    product = best = Choice(by_product(window, kernels), [])
    if Method.PRODUCT not in allowed:
        best = Choice(replace(product.estimate, cost=inf), [])
    elif places(window) < FEWEST_OUTPUTS:
        return product
    if Method.COMPILED in allowed and cpu and jit.suits(window, cpu):
        best = min(best, Choice(by_machine_code(window, cpu), []), key=_cost_of)
    if Method.FOURIER in allowed:
        best = min(best, Choice(by_fourier(window, kernels), []), key=_cost_of)
    if {Method.DIRECT, Method.SEPARABLE} & allowed and least_by_planes(window, kernels) < best.estimate.cost:
        planes = by_planes(window, kernels)
        best = min(best, planes, key=_cost_of) if planes.estimate.method in allowed else best
    return product if best.estimate.cost == inf else best


def _cost_of(choice: Choice) -> float:
    return choice.estimate.cost
