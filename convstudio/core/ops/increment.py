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
from convstudio.core.ops import memory, passes
from convstudio.core.ops.passes import Sweep
from convstudio.core.ops.roads import machine_code
from convstudio.core.ops.shifted import shifted_sum
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


class Reach(NamedTuple):
    """What the outputs along one axis read under a tap."""

    start: int  # of those whose places lie inside of the input
    stop: int
    sources: NDArray[np.intp]  # of all: where each one's number comes from


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
    out = memory.empty(old.shape)
    found = machine_code()
    most = max((len(update.taps) + (update.scale != 1 or update.offset != 0) for update in updates), default=0)
    is_once = most == 1  # what is written around the cache must not be needed again
    sweep = Sweep(found, is_once and old.size >= passes.LARGE) if found and old.flags.c_contiguous else None

    def make() -> Callable[[Band], None]:
        def work(band: Band) -> None:
            number, rows = band
            update, before, target = updates[number], old[number, rows], out[number, rows]
            top = grid.pads.top - rows.start * grid.stride.vertical  # as if the first of these rows were the first
            lower = grid._replace(pads=grid.pads._replace(top=top))
            if update.scale != 1 or update.offset:
                _rescale(before, target, update, sweep)
                before = target
            elif not update.taps:
                np.copyto(target, before)
            for tap in update.taps:
                _add(before, target, x[tap.source], tap, lower, sweep)
                before = target

        return work

    share(make, _bands(old))
    return out


def _bands(planes: Planes) -> list[Band]:
    """What is shared among the cores: whole planes, or, where they are large, halves, quarters … of them."""
    _, height, width = planes.shape
    parts = max(1, min(cores(), height, height * width // BAND_NUMBERS))  # none without a row
    edges = cut(0, height, parts)
    return [(number, slice(*ends)) for number in range(len(planes)) for ends in pairwise(edges)]


def _rescale(old: Planes, target: Planes, update: Update, sweep: Sweep | None) -> None:
    if sweep:
        code = passes.affine(sweep.found)
        sweep.take(code, old.reshape(-1), target.reshape(-1), factor=update.scale, addend=update.offset)
        return
    if update.scale == 1:
        np.add(old, np.float32(update.offset), out=target)
        return
    np.multiply(old, np.float32(update.scale), out=target)
    if update.offset:
        target += np.float32(update.offset)


def _add(before: Planes, target: Planes, plane: Planes, tap: Tap, grid: Grid, sweep: Sweep | None) -> None:
    """Make an output plane of what was `before` (which may be the plane itself) and a tap."""
    height, width = target.shape
    down, across = _reach(grid, 0, tap.row, height, plane), _reach(grid, 1, tap.column, width, plane)
    is_shift = grid.stride.horizontal == 1 and plane.flags.c_contiguous
    # the loop must not write where it reads, and a row's last vector may lie over the one before
    if sweep and is_shift and before is not target and width >= sweep.found.lanes:
        shifted_sum(sweep.found)(
            target.ctypes.data, before.ctypes.data, plane.ctypes.data, plane.shape[1],
            down.sources.ctypes.data, across.sources.ctypes.data, height, width, across.start, across.stop,
            tap.amount, int(sweep.is_large),
        )  # fmt: skip
        return
    rows, columns = slice(down.start, down.stop), slice(across.start, across.stop)
    if before is not target:
        np.copyto(target, before)
    if down.start < down.stop and across.start < across.stop:
        values = plane[down.sources[down.start] :, across.sources[across.start] :]
        _add_inside(target[rows, columns], values, tap.amount, grid.stride)
    if grid.border is not Border.ZEROS:
        _add_beside(target, plane, tap.amount, down, across)


def _add_inside(target: Planes, plane: Planes, amount: float, stride: Pair) -> None:
    height, width = target.shape
    values = plane[: (height - 1) * stride.vertical + 1 : stride.vertical]
    values = values[:, : (width - 1) * stride.horizontal + 1 : stride.horizontal]
    if stride == (1, 1):
        cv2.scaleAdd(values, amount, target, dst=target)  # one pass, where NumPy needs two and an array between
    else:
        target += np.float32(amount) * values


def _add_beside(target: Planes, plane: Planes, amount: float, down: Reach, across: Reach) -> None:
    """Outputs whose place is in the padding: columns along the rows inside, and whole rows."""
    rows, factor = slice(down.start, down.stop), np.float32(amount)
    for beside in (slice(across.start), slice(across.stop, None)):
        target[rows, beside] += factor * plane[np.ix_(down.sources[rows], across.sources[beside])]
    for beside in (slice(down.start), slice(down.stop, None)):
        target[beside] += factor * plane[np.ix_(down.sources[beside], across.sources)]


def _reach(grid: Grid, axis: int, cell: int, outputs: int, plane: Planes) -> Reach:
    """What so many outputs along an axis read of a plane under a cell of the kernel."""
    stride, length = grid.stride[axis], plane.shape[axis]
    shift = cell * grid.dilation[axis] - (grid.pads.top, grid.pads.left)[axis]
    start = min(max(0, -(shift // stride)), outputs)  # the first output whose place is 0 or more
    stop = max(min(outputs, (length - 1 - shift) // stride + 1), start)
    sources = np.arange(shift, shift + outputs * stride, stride, dtype=np.intp)
    for beside in (slice(start), slice(stop, None)):
        sources[beside] = mirrored(sources[beside], length, grid.border)
    return Reach(start, stop, sources)
