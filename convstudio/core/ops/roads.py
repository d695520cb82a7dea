"""Which of its roads a convolution takes, and why: decided by its shape and its weights before any work."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops import arguments, costs
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.costs import FEWEST_OUTPUTS, Choice, Kernel, Kind, Road
from convstudio.core.ops.jit import compiled, readiness
from convstudio.core.ops.jit.native import Processor

EVERY = frozenset(Kind)
MOST_KEPT = 2**13  # weights of a bank whose choice is kept: 64 kB
_wanted: ContextVar[frozenset[Kind]] = ContextVar("wanted", default=EVERY)


@contextmanager
def only(*kinds: Kind) -> Iterator[None]:
    """Take none but these roads, to compare them; a matrix product where none of them is possible.

    Examples
    --------
    >>> with only(Kind.DIRECT):
    ...     print(explain_road((1, 480, 640), np.ones((1, 1, 3, 3))).kind)
    direct
    """
    token = _wanted.set(frozenset(kinds))
    try:
        yield
    finally:
        _wanted.reset(token)


def is_wanted(kind: Kind) -> bool:
    """Whether such a road may be taken."""
    return kind in _wanted.get()


def machine_code() -> Processor | None:
    """The processor, where its code may be used and is there already."""
    return readiness.usable() if readiness.is_made() and is_wanted(Kind.COMPILED) else None


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
    a Fourier transform, another road is taken that is exact there too. Machine code is made when it has been missed
    for as long as it takes to make it, or by `readiness.make`; until then the next best road is taken.

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
    >>> print(explain_road((1, 480, 640), np.outer(hat, hat)[None, None]).reason)
    Each kernel is a column times a row, so 15 + 15 products replace 225 at each pixel.
    """
    weights = arguments.real_array("weight", weight, "filters, channels, height, width")
    window = arguments.convolution_window(
        Shape(*shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    return choose(window, weights.astype(np.float64)).road


def choose(window: SlidingWindow, kernels: Kernel, allowed: frozenset[Kind] = EVERY) -> Choice:
    """The cheapest of the allowed roads, and the matrix product where none of them is possible.

    Parameters
    ----------
    window
        What `arguments.convolution_window` made of the arguments.
    kernels
        (filters, C / groups, kernel height, kernel width).
    allowed
        Roads that the picture leaves open.
    """
    allowed, found = allowed & _wanted.get(), readiness.usable()
    if kernels.size > MOST_KEPT:
        return _chosen(window, kernels, allowed, found)
    return _kept(window, kernels.shape, kernels.tobytes(), allowed, found)


@lru_cache(64)  # frames of a video, tiles and pieces of a picture ask for the same one again
def _kept(
    window: SlidingWindow, shape: tuple[int, ...], weights: bytes, allowed: frozenset[Kind], found: Processor | None
) -> Choice:
    return _chosen(window, np.frombuffer(weights).reshape(shape), allowed, found)


def _chosen(window: SlidingWindow, kernels: Kernel, allowed: frozenset[Kind], found: Processor | None) -> Choice:
    product = best = Choice(costs.by_product(window, kernels), [])
    if Kind.PRODUCT not in allowed:
        best = Choice(replace(product.road, cost=inf), [])
    elif costs.places(window) < FEWEST_OUTPUTS:
        return product
    if Kind.COMPILED in allowed and found and compiled.suits(window, found):
        best = min(best, Choice(costs.by_machine_code(window, found), []), key=_cost_of)
    if Kind.FOURIER in allowed:
        best = min(best, Choice(costs.by_fourier(window, kernels), []), key=_cost_of)
    if {Kind.DIRECT, Kind.SEPARABLE} & allowed and costs.least_by_planes(window, kernels) < best.road.cost:
        planes = costs.by_planes(window, kernels)
        best = min(best, planes, key=_cost_of) if planes.road.kind in allowed else best
    return product if best.road.cost == inf else best


def _cost_of(choice: Choice) -> float:
    return choice.road.cost
