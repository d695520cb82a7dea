"""Convolution by the compiled loops of `microkernel` and `square`: products are added up where the planes lie.

Windows that lie wholly inside of large planes are read there. For those that reach into the padding, for strides along
the rows, and for many or small planes, the few rows of a strip are copied.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.geometry.window import SlidingWindow, Strip
from convstudio.core.ops.borders import padded
from convstudio.core.ops.jit import blocks, windows
from convstudio.core.ops.jit.crew import at_work, bouts, make_all
from convstudio.core.ops.jit.microkernel import PART, Microkernel, microkernel
from convstudio.core.ops.jit.native import Code, Processor
from convstudio.core.ops.jit.square import FEWEST_COLUMNS, columns_together, square
from convstudio.core.ops.jit.windows import Room, Windows
from convstudio.core.stopping import check
from convstudio.core.threads import alone, share

Planes = NDArray[np.float32]
MOST_NUMBERS = 2**12  # of a window: the error of its sum is at most 9.5·10⁻⁶ of the magnitudes
MOST_SPAN = 64  # of a window on an axis: copies of more read more around the windows than under them
MOST_ROWS = 15  # that a window reads where they lie: more of them push each other out of the cache
MOST_ROWS_OF_SQUARES = 96  # they read each row once for twice as many filters
EFFORT_OF_AN_OUTPUT = 256  # multiply-adds in the time that it takes to write one number into new memory
FEWEST_CELLS = 49  # of a kernel that two rows share: with fewer, looking for what is not finite costs more


class Team(NamedTuple):
    """What is computed together: some filters, or some rows of one filter."""

    first: int  # of the filters
    rows: int
    kernel: Microkernel
    weights: int  # address of (channels, kernel height and more for more rows, kernel width, filters or rows)
    bias: int  # address of as many as filters or rows
    arrays: tuple[Planes, Planes]  # what is at these addresses


def suits(window: SlidingWindow, found: Processor) -> bool:
    """Whether a row of the output fills a vector, sums are exact to 10⁻⁵, and little is copied that no window reads."""
    numbers = window.source.channels // window.groups * window.kernel.vertical * window.kernel.horizontal
    is_dense = max(window.span) <= MOST_SPAN and all(
        step <= length for step, length in zip(window.stride, window.kernel, strict=True)
    )
    return window.output.width >= found.lanes and numbers <= MOST_NUMBERS and is_dense


def teams(window: SlidingWindow, found: Processor) -> list[int]:
    """How many filters of a group are computed together.

    As many as a vector has numbers, where the kernel suits `square`; of others as few teams as there can be, as even as
    can be.
    """
    squares = _squares(window, found)
    left = window.output.channels // window.groups - squares * found.lanes
    count = ceil_division(left, found.filters)
    return [found.lanes] * squares + [(left + place) // count for place in reversed(range(count))]


def _squares(window: SlidingWindow, found: Processor) -> int:
    """How many a group has of them; none unless windows side by side share what lies in a row, and unsorted."""
    is_close = window.stride.horizontal == window.dilation.horizontal == 1
    is_shared = columns_together(found, window.kernel.horizontal) >= FEWEST_COLUMNS
    is_square = is_close and is_shared and found.lanes > found.filters
    return window.output.channels // window.groups // found.lanes if is_square else 0


def rows_together(window: SlidingWindow) -> int:
    """How many rows of an only filter are computed together, if all numbers are finite.

    A lone row waits for its pixels to be read; two share them, which pays where there are many. There must not be more
    than are one sum: its parts would end elsewhere in the second row, and a flat picture would come out in stripes.
    """
    is_lone = window.output.channels == window.groups and window.output.height > 1 and window.dilation.vertical == 1
    numbers = window.source.channels // window.groups * window.kernel.horizontal
    is_one_sum = numbers * (window.kernel.vertical + window.stride.vertical) <= PART
    return 2 if is_lone and is_one_sum and window.kernel.vertical * window.kernel.horizontal >= FEWEST_CELLS else 1


def reads_in_place(window: SlidingWindow, found: Processor) -> bool:
    """Whether windows that lie inside of the planes are read there, without a copy."""
    channels = window.source.channels // window.groups
    is_large = channels * window.source.height * window.source.width > blocks.CACHED
    most = MOST_ROWS_OF_SQUARES if _squares(window, found) else MOST_ROWS
    return is_large and window.stride.horizontal == 1 and channels * window.kernel.vertical <= most


def convolve(
    planes: Planes,
    weight: Planes,
    bias: Planes | None,
    window: SlidingWindow,
    out: Planes,
    found: Processor,
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
    found
        The processor.
    rows
        How many are computed together: one, or `rows_together` if all numbers are finite, for each is then multiplied
        by zeros, too.
    """
    if window.border is not Border.ZEROS:
        planes = padded(planes, window.pads, window.border)
        window = replace(window, source=Shape(*planes.shape), pads=Amounts(0, 0, 0, 0), border=Border.ZEROS)
    channels = weight.shape[1]
    high = window.kernel.vertical + (rows - 1) * window.stride.vertical
    groups = _groups(weight, bias, window, found, rows)
    inside = blocks.inside(window, Pair(rows, found.lanes)) if reads_in_place(window, found) else None
    lying = windows.in_place(planes, channels, high, window) if inside else None
    address, plane = out.ctypes.data, planes[0].size * channels

    def beside() -> Callable[[Strip], None]:
        rooms: dict[tuple[int, int], Room] = {}

        def work(strip: Strip) -> None:
            size = strip.bottom - strip.top, strip.right - strip.left
            if size not in rooms:
                rooms[size] = windows.room(channels, high, size, window)
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            windows.fill(rooms[size], inputs, _corner(strip, window), window)
            for code, arguments in _sums(rooms[size].windows, groups[strip.group], strip, window, address):
                check()
                code(*arguments)

        return work

    if not inside or not lying:
        share(beside, list(blocks.everywhere(window, rows)))
        return
    items = []
    for strip in blocks.within(window, inside, rows, reads=len(groups[0])):
        top, left = _corner(strip, window)
        first = strip.group * plane + top * lying.row + left
        source = lying._replace(address=lying.address + 4 * first)
        items.append([code.call(*given) for code, given in _sums(source, groups[strip.group], strip, window, address)])
    numbers = channels * window.kernel.vertical * window.kernel.horizontal
    first, *others = bouts(items, out.size * (numbers + EFFORT_OF_AN_OUTPUT))
    with at_work(first):
        alone(beside, blocks.around(window, inside, rows))
    for bout in others:
        check()
        make_all(bout)


def _corner(strip: Strip, window: SlidingWindow) -> tuple[int, int]:
    """Where the first window of a strip begins."""
    (down, across), pads = window.stride, window.pads
    return strip.top * down - pads.top, strip.left * across - pads.left


def _groups(
    weight: Planes, bias: Planes | None, window: SlidingWindow, found: Processor, rows: int
) -> list[list[Team]]:
    biases = np.zeros(len(weight), np.float32) if bias is None else bias
    counts = teams(window, found)
    edges = accumulate(counts * window.groups, initial=0)
    every = [_team(weight[a:b], biases[a:b], a, window, found, rows) for a, b in pairwise(edges)]
    return [every[start : start + len(counts)] for start in range(0, len(every), len(counts))]


def _team(weight: Planes, bias: Planes, first: int, window: SlidingWindow, found: Processor, rows: int) -> Team:
    """Weights in the order in which they are read; each row of several has its own among zeros."""
    (filters, channels, high, wide), step = weight.shape, window.stride.vertical
    laid = np.zeros((channels, high + (rows - 1) * step, wide, filters * rows), np.float32)
    for row in range(rows):
        target = laid[:, row * step : row * step + high, :, row * filters : (row + 1) * filters]
        target[...] = weight.transpose(1, 2, 3, 0)
    repeated = np.tile(bias, rows)
    if filters == found.lanes and _squares(window, found):
        code = square(found, columns_together(found, wide))
        kernel = Microkernel(found.lanes, code, code)
    else:
        kernel = microkernel(found, filters * rows)
    return Team(first, rows, kernel, laid.ctypes.data, repeated.ctypes.data, (laid, repeated))


def _sums(
    source: Windows, teams: list[Team], strip: Strip, window: SlidingWindow, out: int
) -> Iterator[tuple[Code, tuple[int, ...]]]:
    """The calls that fill a strip of the outputs of some teams."""
    _, height, width = window.output
    high, wide = strip.bottom - strip.top, strip.right - strip.left
    row = window.stride.vertical * source.row
    for team in teams:
        plane = height * width if team.rows == 1 else width
        # rows that are left are computed with some of those before
        for first, count in ((0, high // team.rows), (high - team.rows, int(high % team.rows > 0))):
            if count:
                place = (team.first * height + strip.top + first) * width + strip.left
                yield (
                    team.kernel.loop(wide),
                    (
                        out + 4 * place, plane, team.rows * width, source.address + 4 * first * row, team.rows * row,
                        source.table.address, team.weights, source.table.length, count, wide, team.bias,
                    ),
                )  # fmt: skip
