"""Convolution by the loops of `microkernels`: products are added up where the planes lie.

The loops read windows that lie wholly inside of large planes in place. The rows of a strip are copied first where
windows reach into the padding, where there is a stride along the rows, and where planes are many or small.

A window is the address of its first number and a table of offsets: how far the others lie from the first, in the order
of the weights. Windows side by side must have their numbers side by side. So a stride along the rows asks for a copy
with the columns sorted, and windows that reach into the padding for a copy with zeros around.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.buffers import aligned
from convstudio.core.cancellation import check
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.regions import Region, around, whole
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops.jit.llvm import Code, Processor
from convstudio.core.ops.jit.microkernels import (
    FEWEST_COLUMNS,
    PART,
    Microkernel,
    columns_at_once,
    filter_microkernel,
    pixel_microkernel,
)
from convstudio.core.ops.jit.thread_pool import batches, run_all, running
from convstudio.core.ops.padding import fetch, padded
from convstudio.core.ops.strips import Strip
from convstudio.core.threads import FEWEST_STRIPS, cut, run_parallel, run_serial

Planes = NDArray[np.float32]
MOST_NUMBERS = 2**12  # of a window: the error of its sum is at most 9.5·10⁻⁶ of the magnitudes
MOST_SPAN = 64  # of a window on an axis: copies of more read more around the windows than under them
MOST_ROWS = 15  # that a window reads where they lie: more of them push each other out of the cache
MOST_ROWS_OF_VECTORS = 96  # of a filter microkernel, which reads each row once for twice as many filters
EFFORT_OF_AN_OUTPUT = 256  # multiply-adds in the time that it takes to write one number into new memory
FEWEST_CELLS = 49  # of a kernel that two rows share: with fewer, looking for what is not finite costs more
CACHED = 2**17  # numbers that one strip reads at most if it reads them more than once: half a megabyte
FEWEST_ROWS = 16  # of such a strip, lest it read more around it than in it
FEWEST_SUMS = 2**22  # of a strip: handing it to a thread takes as long


class FilterTile(NamedTuple):
    """What a microkernel computes at once: several filters, or several rows of one filter."""

    first: int  # of the filters
    rows: int
    kernel: Microkernel
    weights: int  # address of (channels, kernel height and more for more rows, kernel width, filters or rows)
    bias: int  # address of as many as filters or rows
    arrays: tuple[Planes, Planes]  # what is at these addresses


class OffsetTable(NamedTuple):
    """How far the numbers of a window lie from its first."""

    offsets: NDArray[np.int64]
    address: int

    @property
    def length(self) -> int:
        """Numbers of a window."""
        return len(self.offsets)


class WindowLayout(NamedTuple):
    """Where windows find their numbers in memory."""

    address: int  # of the first number of the first window
    row: int  # numbers from one row of planes to the next
    table: OffsetTable


class WindowBuffer(NamedTuple):
    """A copy of what windows cover: as it is fetched, and with the columns sorted."""

    fetched: Planes  # (rows, channels, columns)
    sorted: Planes  # (rows, channels, columns modulo the stride, others)
    layout: WindowLayout


def suits(window: SlidingWindow, cpu: Processor) -> bool:
    """Whether a row of the output fills a vector, sums are exact to 10⁻⁵, and little is copied that no window reads."""
    numbers = window.source.channels // window.groups * window.kernel.vertical * window.kernel.horizontal
    is_dense = max(window.span) <= MOST_SPAN and all(
        step <= length for step, length in zip(window.stride, window.kernel, strict=True)
    )
    return window.output.width >= cpu.lanes and numbers <= MOST_NUMBERS and is_dense


def filters_per_tile(window: SlidingWindow, cpu: Processor) -> list[int]:
    """How many filters of a group each tile has.

    As many as a vector has lanes, where the filter microkernel suits the kernel. The other filters are in as few tiles
    as there can be, as even as can be.
    """
    vectors = _filter_vectors(window, cpu)
    left = window.output.channels // window.groups - vectors * cpu.lanes
    count = ceil_division(left, cpu.filters)
    return [cpu.lanes] * vectors + [(left + place) // count for place in reversed(range(count))]


def _filter_vectors(window: SlidingWindow, cpu: Processor) -> int:
    """How many vectors of filters a group has for the filter microkernel; none where it does not suit the kernel.

    Windows side by side must share what lies in a row, and the columns must not be sorted by the stride.
    """
    is_close = window.stride.horizontal == window.dilation.horizontal == 1
    is_shared = columns_at_once(cpu, window.kernel.horizontal) >= FEWEST_COLUMNS
    is_suitable = is_close and is_shared and cpu.lanes > cpu.filters
    return window.output.channels // window.groups // cpu.lanes if is_suitable else 0


def rows_at_once(window: SlidingWindow) -> int:
    """How many rows of an only filter a tile has, if all numbers are finite.

    A lone row waits for its pixels to be read; two share them, which pays where there are many. There must not be more
    than are one sum: its parts would end elsewhere in the second row, and a flat picture would come out in stripes.
    """
    is_lone = window.output.channels == window.groups and window.output.height > 1 and window.dilation.vertical == 1
    numbers = window.source.channels // window.groups * window.kernel.horizontal
    is_one_sum = numbers * (window.kernel.vertical + window.stride.vertical) <= PART
    return 2 if is_lone and is_one_sum and window.kernel.vertical * window.kernel.horizontal >= FEWEST_CELLS else 1


def reads_in_place(window: SlidingWindow, cpu: Processor) -> bool:
    """Whether windows that lie inside of the planes are read there, without a copy."""
    channels = window.source.channels // window.groups
    is_large = channels * window.source.height * window.source.width > CACHED
    most = MOST_ROWS_OF_VECTORS if _filter_vectors(window, cpu) else MOST_ROWS
    return is_large and window.stride.horizontal == 1 and channels * window.kernel.vertical <= most


def convolve(
    planes: Planes,
    weight: Planes,
    bias: Planes | None,
    window: SlidingWindow,
    out: Planes,
    cpu: Processor,
    *,
    rows: int,
) -> None:
    """Fill `out`, the output of a window that suits this processor.

    Parameters
    ----------
    planes
        (C, H, W), the padding not in it yet.
    weight
        (filters, C / groups, kernel height, kernel width).
    bias
        (filters,) or None.
    window
        Kernel, stride, dilation, padding and groups.
    out
        (filters, rows, columns).
    cpu
        The processor.
    rows
        How many a tile has: one, or `rows_at_once` if all numbers are finite: each is then multiplied by zeros, too.
    """
    if window.border is not Border.ZEROS:
        planes = padded(planes, window.pads, window.border)
        window = replace(window, source=Shape(*planes.shape), pads=Amounts(0, 0, 0, 0), border=Border.ZEROS)
    channels = weight.shape[1]
    high = window.kernel.vertical + (rows - 1) * window.stride.vertical
    groups = _tiles_of_groups(weight, bias, window, cpu, rows)
    interior = _interior(window, Pair(rows, cpu.lanes)) if reads_in_place(window, cpu) else None
    layout = _layout_in_place(planes, channels, high, window) if interior else None
    address, plane = out.ctypes.data, planes[0].size * channels

    def make_work() -> Callable[[Strip], None]:
        buffers: dict[tuple[int, int], WindowBuffer] = {}

        def work(strip: Strip) -> None:
            size = strip.bottom - strip.top, strip.right - strip.left
            if size not in buffers:
                buffers[size] = _window_buffer(channels, high, size, window)
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            _fill(buffers[size], inputs, _corner(strip, window), window)
            for code, arguments in _calls(buffers[size].layout, groups[strip.group], strip, window, address):
                check()
                code(*arguments)

        return work

    if not interior or not layout:
        run_parallel(make_work, list(_all_strips(window, rows)))
        return
    tasks = []
    for strip in _interior_strips(window, interior, rows, reads=len(groups[0])):
        top, left = _corner(strip, window)
        first = strip.group * plane + top * layout.row + left
        source = layout._replace(address=layout.address + 4 * first)
        calls = _calls(source, groups[strip.group], strip, window, address)
        tasks.append([code.call(*arguments) for code, arguments in calls])
    numbers = channels * window.kernel.vertical * window.kernel.horizontal
    first_batch, *other_batches = batches(tasks, out.size * (numbers + EFFORT_OF_AN_OUTPUT))
    with running(first_batch):
        run_serial(make_work, _border_strips(window, interior, rows))
    for batch in other_batches:
        check()
        run_all(batch)


def _corner(strip: Strip, window: SlidingWindow) -> tuple[int, int]:
    """Where the first window of a strip begins."""
    (down, across), pads = window.stride, window.pads
    return strip.top * down - pads.top, strip.left * across - pads.left


def _tiles_of_groups(
    weight: Planes, bias: Planes | None, window: SlidingWindow, cpu: Processor, rows: int
) -> list[list[FilterTile]]:
    biases = np.zeros(len(weight), np.float32) if bias is None else bias
    counts = filters_per_tile(window, cpu)
    edges = accumulate(counts * window.groups, initial=0)
    tiles = [_filter_tile(weight[a:b], biases[a:b], a, window, cpu, rows) for a, b in pairwise(edges)]
    return [tiles[start : start + len(counts)] for start in range(0, len(tiles), len(counts))]


def _filter_tile(
    weight: Planes, bias: Planes, first: int, window: SlidingWindow, cpu: Processor, rows: int
) -> FilterTile:
    """Weights in the order in which they are read; each row of several has its own among zeros."""
    (filters, channels, high, wide), step = weight.shape, window.stride.vertical
    weights = np.zeros((channels, high + (rows - 1) * step, wide, filters * rows), np.float32)
    for row in range(rows):
        target = weights[:, row * step : row * step + high, :, row * filters : (row + 1) * filters]
        target[...] = weight.transpose(1, 2, 3, 0)
    repeated = np.tile(bias, rows)
    if filters == cpu.lanes and _filter_vectors(window, cpu):
        kernel = filter_microkernel(cpu, columns_at_once(cpu, wide))
    else:
        kernel = pixel_microkernel(cpu, filters * rows)
    return FilterTile(first, rows, kernel, weights.ctypes.data, repeated.ctypes.data, (weights, repeated))


def _calls(
    source: WindowLayout, tiles: list[FilterTile], strip: Strip, window: SlidingWindow, out: int
) -> Iterator[tuple[Code, tuple[int, ...]]]:
    """The calls that fill a strip of the outputs of these tiles."""
    _, height, width = window.output
    high, wide = strip.bottom - strip.top, strip.right - strip.left
    row = window.stride.vertical * source.row
    for tile in tiles:
        plane = height * width if tile.rows == 1 else width
        # rows that are left are computed with those before them
        for first, count in ((0, high // tile.rows), (high - tile.rows, int(high % tile.rows > 0))):
            if count:
                place = (tile.first * height + strip.top + first) * width + strip.left
                yield (
                    tile.kernel.loop(wide),
                    (
                        out + 4 * place, plane, tile.rows * width, source.address + 4 * first * row, tile.rows * row,
                        source.table.address, tile.weights, source.table.length, count, wide, tile.bias,
                    ),
                )  # fmt: skip


def _interior(window: SlidingWindow, least: Pair) -> Strip | None:
    """The outputs whose windows lie inside of the planes; around them is room for the least size, or nothing."""
    (_, height, width), (_, rows, columns), pads = window.source, window.output, window.pads
    down, across = window.stride
    top, left = ceil_division(pads.top, down), ceil_division(pads.left, across)
    bottom = min((height + pads.top - window.span.vertical) // down + 1, rows)
    right = min((width + pads.left - window.span.horizontal) // across + 1, columns)
    top, left = max(top, least.vertical) if top else 0, max(left, least.horizontal) if left else 0
    bottom = bottom if bottom == rows else min(bottom, rows - least.vertical)
    right = right if right == columns else min(right, columns - least.horizontal)
    is_room = bottom - top >= least.vertical and right - left >= least.horizontal
    return Strip(0, top, bottom, left, right) if is_room else None


def _all_strips(window: SlidingWindow, least: int) -> Iterator[Strip]:
    """The output of every group in strips of at least so many rows."""
    _, height, width = window.output
    for group in range(window.groups):
        yield from _cut(Strip(group, 0, height, 0, width), window, least, is_cached=True)


def _interior_strips(window: SlidingWindow, interior: Strip, least: int, reads: int) -> Iterator[Strip]:
    """The interior of every group in strips of at least so many rows; `reads` is how often each is read."""
    for group in range(window.groups):
        yield from _cut(interior._replace(group=group), window, least, is_cached=reads > 1)


def _border_strips(window: SlidingWindow, interior: Strip, least: int) -> Iterator[Strip]:
    """The rest of every group: the regions around the interior."""
    _, top, bottom, left, right = interior
    for group in range(window.groups):
        for region in around(Region(top, bottom, left, right), whole(window.output)):
            yield from _cut(Strip(group, *region), window, least, is_cached=True)


def _cut(strip: Strip, window: SlidingWindow, least: int, *, is_cached: bool) -> Iterator[Strip]:
    """A strip in smaller ones: several for every core, and so small that the cache holds what they read."""
    high, wide = strip.bottom - strip.top, strip.right - strip.left
    if not high or not wide:
        return
    channels, filters = window.source.channels // window.groups, window.output.channels // window.groups
    sums = channels * window.kernel.vertical * window.kernel.horizontal * filters * wide
    evenly = window.output.height * window.output.width * window.groups // (FEWEST_STRIPS * wide)
    rows, columns = max(evenly, FEWEST_SUMS // sums), 1
    if is_cached:
        row = channels * window.stride.horizontal * wide
        rows = min(rows, max(CACHED // row - window.span.vertical, FEWEST_ROWS) // window.stride.vertical)
        columns = min(
            ceil_division(row * (rows * window.stride.vertical + window.span.vertical), CACHED), max(wide // 64, 1)
        )
    across = cut(strip.left, strip.right, columns)
    for top, bottom in pairwise(cut(strip.top, strip.bottom, ceil_division(high, max(rows, 2 * least)))):
        for left, right in pairwise(across):
            yield Strip(strip.group, top, bottom, left, right)


def _layout_in_place(planes: Planes, channels: int, high: int, window: SlidingWindow) -> WindowLayout:
    """Windows of so many channels and `high` rows of the kernel over planes; they begin where the planes do."""
    _, height, width = planes.shape
    return WindowLayout(planes.ctypes.data, width, _offset_table((channels, high), (height * width, width, 1), window))


def _window_buffer(channels: int, high: int, size: tuple[int, int], window: SlidingWindow) -> WindowBuffer:
    """Memory for `size` windows of `high` rows of the kernel, rows first."""
    (down, step), span = window.stride, window.span
    rows, length = (size[0] - 1) * down + span.vertical, size[1] + (span.horizontal - 1) // step
    fetched = aligned(rows * channels * length * step).reshape(rows, channels, length * step)
    columns = fetched[:, :, None] if step == 1 else aligned(fetched.size).reshape(rows, channels, step, length)
    row = channels * length * step
    table = _offset_table((channels, high), (length * step, row, length), window)
    return WindowBuffer(fetched, columns, WindowLayout(columns.ctypes.data, row, table))


def _fill(target: WindowBuffer, planes: Planes, corner: tuple[int, int], window: SlidingWindow) -> None:
    """Copy what windows cover into a buffer; the first begins at a corner that may lie outside of the planes."""
    fetch(planes, range(corner[0], corner[0] + len(target.fetched)), corner[1], target.fetched)
    step = window.stride.horizontal
    if step > 1:
        for first in range(step):
            target.sorted[:, :, first] = target.fetched[:, :, first::step]


def _offset_table(counts: tuple[int, int], distances: tuple[int, int, int], window: SlidingWindow) -> OffsetTable:
    """For channels and rows of the kernel; `distances` are from one channel to the next, from one row to the next, and
    between columns that the stride takes to different windows.
    """
    (channels, high), (plane, row, length), step = counts, distances, window.stride.horizontal
    columns = np.arange(window.kernel.horizontal) * window.dilation.horizontal
    sides = columns // step + columns % step * length if step > 1 else columns
    down = np.arange(high)[:, None] * window.dilation.vertical * row
    offsets = np.ascontiguousarray(np.arange(channels)[:, None, None] * plane + down + sides, np.int64).reshape(-1)
    return OffsetTable(offsets, offsets.ctypes.data)
