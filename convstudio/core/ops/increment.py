"""A changed convolution from the old one: it is linear in its weights, so each change adds one shifted input.

Which changes are worth it and how often they may follow each other is decided in `change`.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.borders import mirrored
from convstudio.core.layers import Amounts, Border, Pair
from convstudio.core.opencv import cv2
from convstudio.core.ops.workers import cores, cut, share

Planes = NDArray[np.float32]
Band = tuple[int, slice]  # a plane and some of its rows
BAND_NUMBERS = 2**19  # at least; a smaller plane costs less than cutting it up for the cores would


class Grid(NamedTuple):
    """Where the windows of a convolution lie on its input."""

    stride: Pair
    dilation: Pair
    pads: Amounts
    border: Border


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


class Window(NamedTuple):
    """Outputs along one axis whose place under a tap lies inside of the input, and where the first of them lies."""

    start: int
    stop: int
    place: int


def updated(old: Planes, x: Planes, updates: Sequence[Update], grid: Grid) -> Planes:
    """New output planes of a convolution whose weights or biases changed a little.

    Parameters
    ----------
    old
        The output before, (filters, rows, columns); it is not touched.
    x
        The input, (C, H, W).
    updates
        One for each output plane.
    grid
        Stride, dilation, padding and border.

    Returns
    -------
    (filters, rows, columns) float32, a new array; each update rounds once or twice.

    Examples
    --------
    >>> x = np.array([[[1, 2, 3]]], np.float32)
    >>> grid = Grid(Pair(1, 1), Pair(1, 1), Amounts(0, 0, 1, 1), Border.ZEROS)
    >>> updated(np.zeros_like(x), x, [Update(taps=(Tap(0, 0, 0, 10.0),))], grid).tolist()
    [[[0.0, 10.0, 20.0]]]
    """
    out = np.empty_like(old)

    def make() -> Callable[[Band], None]:
        def work(band: Band) -> None:
            number, rows = band
            update, before, target = updates[number], old[number, rows], out[number, rows]
            top = grid.pads.top - rows.start * grid.stride.vertical  # as if the first of these rows were the first
            lower = grid._replace(pads=grid.pads._replace(top=top))
            if update.scale != 1 or update.offset:
                _rescale(before, target, update)
                before = target
            elif not update.taps:
                np.copyto(target, before)
            for tap in update.taps:
                _add(before, target, x[tap.source], tap, lower)
                before = target

        return work

    share(make, _bands(old))
    return out


def _bands(planes: Planes) -> list[Band]:
    """What is shared among the cores: whole planes, or, where they are large, halves, quarters … of them."""
    _, height, width = planes.shape
    parts = max(1, min(cores(), height * width // BAND_NUMBERS))
    edges = cut(0, height, parts)
    return [(number, slice(*ends)) for number in range(len(planes)) for ends in pairwise(edges)]


def _rescale(old: Planes, target: Planes, update: Update) -> None:
    if update.scale == 1:
        np.add(old, np.float32(update.offset), out=target)
        return
    np.multiply(old, np.float32(update.scale), out=target)
    if update.offset:
        target += np.float32(update.offset)


def _add(before: Planes, target: Planes, plane: Planes, tap: Tap, grid: Grid) -> None:
    """Make an output plane of what was `before` (which may be the plane itself) and a tap."""
    height, width = target.shape
    down = _window(grid, 0, tap.row, height, plane.shape[0])
    across = _window(grid, 1, tap.column, width, plane.shape[1])
    rows, columns = slice(down.start, down.stop), slice(across.start, across.stop)
    if down.start < down.stop and across.start < across.stop:
        values = plane[down.place :, across.place :]
        _add_inside(before[rows, columns], target[rows, columns], values, tap.amount, grid.stride)
    for here, there in (
        (slice(0, rows.start), slice(0, width)),
        (slice(rows.stop, height), slice(0, width)),
        (rows, slice(0, columns.start)),
        (rows, slice(columns.stop, width)),
    ):
        if here.start == here.stop or there.start == there.stop:
            continue
        if before is not target:
            target[here, there] = before[here, there]
        if grid.border is not Border.ZEROS:
            down_there = _sources(grid, 0, tap.row, range(here.start, here.stop), plane.shape[0])
            across_there = _sources(grid, 1, tap.column, range(there.start, there.stop), plane.shape[1])
            target[here, there] += np.float32(tap.amount) * plane[np.ix_(down_there, across_there)]


def _add_inside(before: Planes, target: Planes, plane: Planes, amount: float, stride: Pair) -> None:
    height, width = target.shape
    values = plane[: (height - 1) * stride.vertical + 1 : stride.vertical]
    values = values[:, : (width - 1) * stride.horizontal + 1 : stride.horizontal]
    if stride == (1, 1):
        cv2.scaleAdd(values, amount, before, dst=target)  # one pass, where NumPy needs two and an array between
    else:
        np.add(before, np.float32(amount) * values, out=target)


def _window(grid: Grid, axis: int, cell: int, outputs: int, length: int) -> Window:
    """The outputs along an axis that read inside of an input of some length."""
    stride = grid.stride[axis]
    shift = cell * grid.dilation[axis] - (grid.pads.top, grid.pads.left)[axis]
    start = min(max(0, -(shift // stride)), outputs)  # the first output whose place is 0 or more
    stop = max(min(outputs, (length - 1 - shift) // stride + 1), start)
    return Window(start, stop, start * stride + shift)


def _sources(grid: Grid, axis: int, cell: int, outputs: range, length: int) -> NDArray[np.intp]:
    """Where outputs that read outside of an input of some length get their values from."""
    shift = cell * grid.dilation[axis] - (grid.pads.top, grid.pads.left)[axis]
    return mirrored(np.arange(outputs.start, outputs.stop) * grid.stride[axis] + shift, length, grid.border)
