"""Which method computes a convolution, and why: decided by its shape and its weights before any work.

Each method has a function that estimates its cost and says a reason; `choose` takes the cheapest. Costs are good enough
to compare methods: their constants were fitted to what `tests/benchmarks` measured. The unit is the time that filter2D
takes for one weight at one pixel.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
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
from convstudio.core.ops import arguments, fft, jit
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.filter2d import KernelPart, Pass, dilated, factors, kernel_parts
from convstudio.core.threads import cores
from convstudio.core.wording import counted

Kernel = NDArray[np.float64]

FEWEST_OUTPUTS = 4096  # in a plane; with fewer the calls cost more than the arithmetic
CALL, ADD = 15.0, 20.0  # filter2D: to filter a plane at all, and to add one plane to another
SEPARABLE, TAP = 16.0, 2.0  # sepFilter2D: its two passes, and one number of the column or the row
TRANSFORM = 400.0  # one plane with one kernel, on all cores
WEIGHT, LONE = 0.48, 1.0  # GEMM: one weight, and the filters that it could do besides a single one
COPY, PAD, OUTPUT = 15.0, 20.0, 27.0  # im2col: a number copied, padded, written
SUM, FEWEST_SUMS = 0.3, 2.5  # the JIT: one product, and those that it could do while it reads one number
FILLED, STRIP = 22.0, 1e6  # a number that it writes, and a strip that a thread takes
MOST_CACHED = 2**13  # weights of filters whose choice is cached: 64 kB


class Method(StrEnum):
    """The methods of a convolution, all for the same numbers; the words are for people."""

    COMPILED = "machine code"
    DIRECT = "direct"
    SEPARABLE = "separable"
    FFT = "Fourier transform"
    GEMM = "matrix product"


@dataclass(frozen=True)
class Estimate:
    """A method to compute a convolution, why this one, and what it costs.

    `cost` is for the numbers of all filters at one place, in the time that filter2D takes for one weight at one pixel.
    """

    method: Method
    reason: str
    cost: float


Passes = list[list[list[Pass]]]  # for each filter, for each of its channels


class Choice(NamedTuple):
    """A method, and for filter2D and sepFilter2D the calls whose results are added up."""

    estimate: Estimate
    passes: Passes


EVERY = frozenset(Method)
_allowed: ContextVar[frozenset[Method]] = ContextVar("allowed", default=EVERY)


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
    an FFT, another method is taken that is exact there too. Code is compiled when it would have saved as much time as
    compiling takes, or by `jit.compile_all`; until then the next best method is taken.

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
        From `arguments.convolution_window`.
    kernels
        (filters, C / groups, kernel height, kernel width).
    allowed
        Methods that the picture leaves open.
    """
    allowed, cpu = allowed & _allowed.get(), jit.usable()
    if kernels.size > MOST_CACHED:
        return _cheapest(window, kernels, allowed, cpu)
    return _cached(window, kernels.shape, kernels.tobytes(), allowed, cpu)


@lru_cache(64)  # frames of a video and tiles of a picture ask for the same one again
def _cached(
    window: SlidingWindow, shape: tuple[int, ...], weights: bytes, allowed: frozenset[Method], cpu: jit.Processor | None
) -> Choice:
    return _cheapest(window, np.frombuffer(weights).reshape(shape), allowed, cpu)


def _cheapest(window: SlidingWindow, kernels: Kernel, allowed: frozenset[Method], cpu: jit.Processor | None) -> Choice:
    gemm = Choice(estimate_gemm(window, kernels), [])
    if Method.GEMM in allowed and places(window) < FEWEST_OUTPUTS:
        return gemm
    choices = [gemm] if Method.GEMM in allowed else []
    if Method.COMPILED in allowed and cpu and jit.suits(window, cpu):
        choices.append(Choice(estimate_jit(window, cpu), []))
    if Method.FFT in allowed:
        choices.append(Choice(estimate_fft(window, kernels), []))
    least = min(map(_cost_of, choices), default=inf)
    if {Method.DIRECT, Method.SEPARABLE} & allowed and least_cost_of_filter2d(window, kernels) < least:
        filtered = estimate_filter2d(window, kernels)
        choices += [filtered] if filtered.estimate.method in allowed else []
    return min(choices, key=_cost_of, default=gemm)


def _cost_of(choice: Choice) -> float:
    return choice.estimate.cost


@contextmanager
def only(*methods: Method) -> Iterator[None]:
    """Take none but these methods, to compare them; a matrix product where none of them is possible.

    Examples
    --------
    >>> with only(Method.DIRECT):
    ...     print(explain_method((1, 480, 640), np.ones((1, 1, 3, 3))).method)
    direct
    """
    token = _allowed.set(frozenset(methods))
    try:
        yield
    finally:
        _allowed.reset(token)


def is_allowed(method: Method) -> bool:
    """Whether such a method may be taken."""
    return method in _allowed.get()


def compiling_cpu() -> jit.Processor | None:
    """The processor for which the JIT has compiled its code already, where that may be used."""
    return jit.usable() if jit.is_compiled() and is_allowed(Method.COMPILED) else None


def places(window: SlidingWindow) -> int:
    """The outputs of one filter."""
    return window.output.height * window.output.width


def estimate_gemm(window: SlidingWindow, kernels: Kernel) -> Estimate:
    """im2col, and a matrix product with the filters."""
    filters, cells = len(kernels) // window.groups, kernels[0].size
    copied = kernels.shape[1] * window.kernel.horizontal * window.stride.vertical
    cost = window.groups * ((filters + LONE) * cells * WEIGHT + copied * COPY + filters * OUTPUT)
    cost += window.source.channels * window.stride.vertical * window.stride.horizontal * PAD
    matrix = f"a matrix of {filters} × {counted(cells, 'weight')}"
    reason = (
        f"With only {counted(places(window), 'place')}, one product with {matrix} is quickest."
        if places(window) < FEWEST_OUTPUTS
        else f"The windows are laid out once for every filter and multiplied by {matrix}."
    )
    return Estimate(Method.GEMM, reason, cost)


def estimate_jit(window: SlidingWindow, cpu: jit.Processor) -> Estimate:
    """The loops that the JIT compiles for such a processor."""
    channels, (high, wide), (down, across) = window.source.channels // window.groups, window.kernel, window.stride
    tiles, rows = jit.filters_per_tile(window, cpu), jit.rows_at_once(window)
    numbers = channels * (high + (rows - 1) * down) * wide / rows
    sums = sum(max(filters * rows, FEWEST_SUMS) for filters in tiles)
    cost = window.groups * numbers * sums * SUM + window.output.channels * FILLED
    is_in_place = jit.reads_in_place(window, cpu)
    strips = window.groups * (5 if is_in_place else 1)
    cost += strips * STRIP / places(window)
    if window.border is not Border.ZEROS or not is_in_place:
        copies = 2 if across > 1 else 1  # one to sort the columns
        cost += copies * window.source.channels * down * across * PAD
    at_once = tiles[0] * rows
    counts = f"{rows} rows" if rows > 1 else counted(at_once, "filter")
    pixels = jit.vectors_per_tile(cpu, at_once) * cpu.lanes
    reason = f"The sums of {counts} × {pixels} pixels at a time stay in its registers."
    return Estimate(Method.COMPILED, reason, cost)


def estimate_fft(window: SlidingWindow, kernels: Kernel) -> Estimate:
    """An FFT of every plane with every kernel, at every pixel whatever the stride."""
    calls = len(kernels) * kernels.shape[1] * window.stride.vertical * window.stride.horizontal
    products = counted(window.kernel.vertical * window.kernel.horizontal, "product")
    cost = calls * TRANSFORM * cores() / min(cores(), len(fft.fft_strips(window)))
    reason = f"A Fourier transform costs the same for a kernel of any size, and less than {products} at each pixel."
    return Estimate(Method.FFT, reason, cost)


def least_cost_of_filter2d(window: SlidingWindow, kernels: Kernel) -> float:
    """What `estimate_filter2d` gives at least: the cost if every kernel were separable. It factors none."""
    direct = CALL + np.count_nonzero(kernels, axis=(2, 3))
    costs = np.minimum(direct, SEPARABLE + TAP * sum(window.span))
    total = float(costs.sum()) + ADD * float(costs.size - len(kernels))
    return total * window.stride.vertical * window.stride.horizontal * _slowdown(len(kernels))


def _slowdown(filters: int) -> float:
    """How much longer it takes because a core computes whole filters; OpenCV itself spreads only a single one."""
    return max(1.0, ceil_division(filters, cores()) * cores() / filters) if filters > 1 else 1.0


def estimate_filter2d(window: SlidingWindow, kernels: Kernel) -> Choice:
    """Each kernel by itself: as a column and a row, or as it is, in parts where it is large."""
    passes = [[_passes(dilated(kernel, window)) for kernel in of_filter] for of_filter in kernels]
    calls = [call for of_filter in passes for of_channel in of_filter for call in of_channel]
    total = sum(map(_cost_of_pass, calls)) + ADD * (len(calls) - len(kernels))
    cost = total * window.stride.vertical * window.stride.horizontal * _slowdown(len(kernels))
    (height, width), cells = window.kernel, window.kernel.vertical * window.kernel.horizontal
    if calls and all(call.column is not None for call in calls):
        reason = f"Each kernel is a column times a row, so {height} + {width} products replace {cells:,} at each pixel."
        return Choice(Estimate(Method.SEPARABLE, reason, cost), passes)
    count = max(len(of_channel) for of_filter in passes for of_channel in of_filter)
    reason = (
        f"Each kernel is cut into {count} pieces, which filter the planes where they lie and are added up."
        if count > 1
        else f"Each plane is filtered with its {height}×{width} kernel where it lies; nothing is laid out or copied."
    )
    return Choice(Estimate(Method.DIRECT, reason, cost), passes)


def _passes(cells: Kernel) -> list[Pass]:
    direct = [Pass(part) for part in kernel_parts(cells)]
    if SEPARABLE + TAP * sum(cells.shape) < sum(map(_cost_of_pass, direct)) + ADD * (len(direct) - 1):
        column_and_row = factors(cells)
        if column_and_row is not None:
            return [Pass(KernelPart(0, 0, cells), *column_and_row)]
    return direct


def _cost_of_pass(call: Pass) -> float:
    if call.column is None:
        return CALL + int(np.count_nonzero(call.part.cells))
    return SEPARABLE + TAP * float(sum(call.part.cells.shape))
