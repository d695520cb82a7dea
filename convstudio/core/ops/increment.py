"""A changed convolution from the old one: it is linear in its weights, so each change adds one shifted input.

Which changes are worth it and how often they may follow each other is decided in `change`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import Border, mirrored
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops import memory
from convstudio.core.ops.jit import passes
from convstudio.core.ops.jit.crew import make_all, parts
from convstudio.core.ops.jit.native import Processor
from convstudio.core.ops.jit.shifted import shifted_sum
from convstudio.core.ops.roads import machine_code
from convstudio.core.threads import cut, share

Planes = NDArray[np.float32]
Band = tuple[int, slice]  # a plane and some of its rows
BAND_NUMBERS = 2**18  # at least; a smaller plane costs less than cutting it up for the cores would


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
    address: int  # of these

    def of(self, band: slice) -> "Reach":
        """What some of the outputs read."""
        start, stop = (min(max(end - band.start, 0), band.stop - band.start) for end in (self.start, self.stop))
        sources = self.sources[band]
        return Reach(start, stop, sources, sources.ctypes.data)


def updated(old: Planes, x: Planes, updates: Sequence[Update], window: SlidingWindow) -> Planes:
    """New output planes of a convolution whose weights or biases changed a little.

    Parameters
    ----------
    old
        The output before, (filters, rows, columns); it is not touched.
    x
        The input, (C, H, W).
    updates
        One for each output plane.
    window
        How the windows of both lie on the input.

    Returns
    -------
    (filters, rows, columns) float32, a new array; each update rounds once or twice.

    Examples
    --------
    >>> from convstudio.core.geometry.padding import Amounts
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.geometry.window import convolution
    >>> x = np.array([[[1, 2, 3]]], np.float32)
    >>> window = convolution(Shape(1, 1, 3), 1, kernel=Pair(1, 3), pads=Amounts(0, 0, 1, 1))
    >>> updated(np.zeros_like(x), x, [Update(taps=(Tap(0, 0, 0, 10.0),))], window).tolist()
    [[[0.0, 10.0, 20.0]]]
    """
    out, found = memory.empty(old.shape), machine_code()
    is_shift = window.stride == (1, 1) and old.flags.c_contiguous and x.flags.c_contiguous
    if found is not None and is_shift and old.shape[2] >= found.lanes:
        _by_machine_code(old, out, x, updates, window, found)
        return out

    def work(band: Band) -> None:
        number, rows = band
        update, before, target = updates[number], old[number, rows], out[number, rows]
        if _rescales(update):
            _rescale(before, target, update)
            before = target
        elif not update.taps:
            np.copyto(target, before)
        for tap in update.taps:
            if before is not target:
                np.copyto(target, before)
            _add(target, x[tap.source], tap, window, rows, old.shape[1])
            before = target

    share(lambda: work, _bands(old))
    return out


def _by_machine_code(
    old: Planes, out: Planes, x: Planes, updates: Sequence[Update], window: SlidingWindow, found: Processor
) -> None:
    """Each band by one call after the other. None may write where it reads, so they write here and there in turns."""
    (_, height, width), (_, x_height, x_width) = old.shape, x.shape
    shifted, rescaled = shifted_sum(found), passes.affine(found)
    is_chain = any(len(update.taps) + _rescales(update) > 1 for update in updates)
    between = memory.empty(old.shape) if is_chain else out
    rooms = out.ctypes.data, between.ctypes.data
    is_large = int(old.size >= passes.LARGE)

    def calls(band: Band) -> Iterator[bytes]:
        number, rows = band
        update, count = updates[number], rows.stop - rows.start
        skip = 4 * (number * height + rows.start) * width
        before, left = old.ctypes.data + skip, len(update.taps)
        if _rescales(update) or not left:
            to, around = rooms[left % 2] + skip, is_large and not left
            yield rescaled.call(to, before, count * width, update.scale, update.offset, around)
            before = to
        for tap in update.taps:
            left -= 1
            to, around = rooms[left % 2] + skip, is_large and not left
            down = _reach(window, 0, tap.row, height, x_height)
            across = _reach(window, 1, tap.column, width, x_width)
            yield shifted.call(
                to, before, x[tap.source].ctypes.data, x_width, down.address + 8 * rows.start, across.address,
                count, width, across.start, across.stop, tap.amount, around,
            )  # fmt: skip
            before = to

    make_all([list(calls(band)) for band in _bands(old)])


def _rescales(update: Update) -> bool:
    return update.scale != 1 or update.offset != 0


def _bands(planes: Planes) -> list[Band]:
    """What is shared among the cores: whole planes, or, where they are large, parts of them; none without a row."""
    _, height, width = planes.shape
    edges = cut(0, height, min(parts(height * width, BAND_NUMBERS), max(height, 1)))
    return [(number, slice(*ends)) for number in range(len(planes)) for ends in pairwise(edges)]


def _rescale(old: Planes, target: Planes, update: Update) -> None:
    if update.scale == 1:
        np.add(old, np.float32(update.offset), out=target)
        return
    np.multiply(old, np.float32(update.scale), out=target)
    if update.offset:
        target += np.float32(update.offset)


def _add(target: Planes, plane: Planes, tap: Tap, window: SlidingWindow, band: slice, height: int) -> None:
    """Add a tap to a band of an output plane of such a height."""
    down = _reach(window, 0, tap.row, height, plane.shape[0]).of(band)
    across = _reach(window, 1, tap.column, target.shape[1], plane.shape[1])
    rows, columns = slice(down.start, down.stop), slice(across.start, across.stop)
    if down.start < down.stop and across.start < across.stop:
        values = plane[down.sources[down.start] :, across.sources[across.start] :]
        _add_inside(target[rows, columns], values, tap.amount, window.stride)
    if window.border is not Border.ZEROS:
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


@lru_cache(64)  # a drag changes the same weight again and again
def _reach(window: SlidingWindow, axis: int, cell: int, outputs: int, length: int) -> Reach:
    """What so many outputs along an axis read of a plane of such a length under a cell of the kernel."""
    stride = window.stride[axis]
    shift = cell * window.dilation[axis] - (window.pads.top, window.pads.left)[axis]
    start = min(max(0, -(shift // stride)), outputs)  # the first output whose place is 0 or more
    stop = max(min(outputs, (length - 1 - shift) // stride + 1), start)
    sources = np.arange(shift, shift + outputs * stride, stride, dtype=np.intp)
    for beside in (slice(start), slice(stop, None)):
        sources[beside] = mirrored(sources[beside], length, window.border)
    return Reach(start, stop, sources, sources.ctypes.data)
