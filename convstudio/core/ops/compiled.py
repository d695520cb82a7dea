"""Convolution by the compiled loop of `microkernel`: the road that adds products up where the planes lie.

Windows that lie wholly inside of the planes are read there. For those that reach into the padding, for strides along
the rows, and for many planes, the few rows of a strip are copied.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.frame import Shape
from convstudio.core.layers import Amounts, Border, Pair
from convstudio.core.ops import windows
from convstudio.core.ops.borders import padded
from convstudio.core.ops.microkernel import Microkernel, microkernel
from convstudio.core.ops.native import Processor
from convstudio.core.ops.slides import Slide
from convstudio.core.ops.windows import Room, Windows
from convstudio.core.ops.workers import share

Planes = NDArray[np.float32]
CACHED = 2**17  # numbers that one strip reads at most if it reads them more than once: half a megabyte
FEWEST_STRIPS = 8  # so that every core has something to do
FEWEST_ROWS = 16  # of such a strip, lest it read more around it than in it
MOST_NUMBERS = 2**14  # of a window: the roundings of more could all be to one side
MOST_ROWS = 15  # that a window reads where they lie: more of them push each other out of the cache
FEWEST_CELLS = 49  # of a kernel that two rows share: with fewer, looking for what is not finite costs more


class Strip(NamedTuple):
    """A block of the output of one group."""

    group: int
    top: int
    bottom: int
    left: int
    right: int


class Share(NamedTuple):
    """What is computed together: some filters, or some rows of one filter."""

    first: int  # of the filters
    rows: int
    kernel: Microkernel
    weights: Planes  # (channels, kernel height and more for more rows, kernel width, filters or rows)
    bias: Planes


def suits(slide: Slide, found: Processor) -> bool:
    """Whether a row of the output fills a vector, and the sums are short enough to be exact to 10⁻⁵."""
    numbers = slide.source.channels // slide.groups * slide.kernel.vertical * slide.kernel.horizontal
    return slide.output.width >= found.lanes and numbers <= MOST_NUMBERS


def shares(filters: int, most: int) -> list[int]:
    """How many filters are computed together: as few shares as there can be, as even as can be.

    Examples
    --------
    >>> shares(6, most=8), shares(9, most=8), shares(17, most=8)
    ([6], [5, 4], [6, 6, 5])
    """
    count = -(-filters // most)
    return [(filters + place) // count for place in reversed(range(count))]


def rows_together(slide: Slide) -> int:
    """How many rows of an only filter are computed together, if all numbers are finite.

    A lone row waits for its pixels to be read; two share them, which pays where there are many.
    """
    is_lone = slide.output.channels == slide.groups and slide.output.height > 1
    cells = slide.kernel.vertical * slide.kernel.horizontal
    return 2 if is_lone and slide.dilation.vertical == 1 and cells >= FEWEST_CELLS else 1


def reads_in_place(slide: Slide) -> bool:
    """Whether windows that lie inside of the planes are read there, without a copy."""
    rows = slide.source.channels // slide.groups * slide.kernel.vertical
    return slide.stride.horizontal == 1 and rows <= MOST_ROWS


def convolve(
    planes: Planes, weight: Planes, bias: Planes | None, slide: Slide, out: Planes, found: Processor, *, rows: int
) -> None:
    """Fill `out`, the output of a slide that suits this processor.

    Parameters
    ----------
    planes
        (C, H, W), the padding not in it yet.
    weight
        (filters, C / groups, kernel height, kernel width).
    bias
        (filters,) or None.
    slide
        Kernel, stride, dilation, padding and groups.
    out
        (filters, rows, columns).
    found
        The processor.
    rows
        How many are computed together: one, or `rows_together` if all numbers are finite, for each is then multiplied
        by zeros, too.
    """
    if slide.border is not Border.ZEROS:
        planes = padded(planes, slide.pads, slide.border)
        slide = replace(slide, source=Shape(*planes.shape), pads=Amounts(0, 0, 0, 0), border=Border.ZEROS)
    channels, (down, across) = weight.shape[1], slide.stride
    high = slide.kernel.vertical + (rows - 1) * down
    inputs = [planes[group * channels : (group + 1) * channels] for group in range(slide.groups)]
    lying = [windows.in_place(some, high, slide) for some in inputs]
    groups = _groups(weight, bias, slide, found, rows)
    inside = _inside(slide, Pair(rows, found.lanes)) if reads_in_place(slide) else None

    def make() -> Callable[[Strip], None]:
        rooms: dict[tuple[int, int], Room] = {}

        def work(strip: Strip) -> None:
            corner = strip.top * down - slide.pads.top, strip.left * across - slide.pads.left
            if inside and _is_within(strip, inside):
                source = lying[strip.group]
                source = source._replace(address=source.address + 4 * (corner[0] * source.row + corner[1]))
            else:
                size = strip.bottom - strip.top, strip.right - strip.left
                if size not in rooms:
                    rooms[size] = windows.room(channels, high, size, slide)
                windows.fill(rooms[size], inputs[strip.group], corner, slide)
                source = rooms[size].windows
            for some in groups[strip.group]:
                _add_up(source, some, strip, down, out)

        return work

    share(make, list(_strips(slide, inside, rows, reads=len(groups[0]))))


def _groups(weight: Planes, bias: Planes | None, slide: Slide, found: Processor, rows: int) -> list[list[Share]]:
    offsets = np.zeros(len(weight), np.float32) if bias is None else bias
    counts = shares(len(weight) // slide.groups, found.filters)
    edges = list(accumulate(counts * slide.groups, initial=0))
    made = [
        Share(
            first, rows, microkernel(found, (last - first) * rows),
            _laid(weight[first:last], slide.stride.vertical, rows), np.tile(offsets[first:last], rows),
        )
        for first, last in pairwise(edges)
    ]  # fmt: skip
    return [made[start : start + len(counts)] for start in range(0, len(made), len(counts))]


def _laid(weight: Planes, step: int, rows: int) -> Planes:
    """The weights in the order in which they are read; each row of several has its own among zeros."""
    filters, channels, high, wide = weight.shape
    laid = np.zeros((channels, high + (rows - 1) * step, wide, filters * rows), np.float32)
    for row in range(rows):
        target = laid[:, row * step : row * step + high, :, row * filters : (row + 1) * filters]
        target[...] = weight.transpose(1, 2, 3, 0)
    return laid


def _inside(slide: Slide, least: Pair) -> Strip | None:
    """The outputs whose windows lie inside of the planes; around them is room for the least size, or nothing."""
    (_, height, width), (_, rows, columns), pads = slide.source, slide.output, slide.pads
    down, across = slide.stride
    top, left = -(-pads.top // down), -(-pads.left // across)
    bottom = min((height + pads.top - slide.span.vertical) // down + 1, rows)
    right = min((width + pads.left - slide.span.horizontal) // across + 1, columns)
    top, left = max(top, least.vertical) if top else 0, max(left, least.horizontal) if left else 0
    bottom = bottom if bottom == rows else min(bottom, rows - least.vertical)
    right = right if right == columns else min(right, columns - least.horizontal)
    is_room = bottom - top >= least.vertical and right - left >= least.horizontal
    return Strip(0, top, bottom, left, right) if is_room else None


def _is_within(strip: Strip, inside: Strip) -> bool:
    return (
        inside.top <= strip.top
        and strip.bottom <= inside.bottom
        and inside.left <= strip.left
        and strip.right <= inside.right
    )


def _strips(slide: Slide, inside: Strip | None, least: int, reads: int) -> Iterator[Strip]:
    """The output of every group in parts, of at least so many rows; each is inside, or around it."""
    _, height, width = slide.output
    for group in range(slide.groups):
        if inside is None:
            yield from _cut(Strip(group, 0, height, 0, width), slide, least, is_cached=True)
            continue
        _, top, bottom, left, right = inside
        yield from _cut(inside._replace(group=group), slide, least, is_cached=reads > 1)
        for around in (
            (0, top, 0, width), (bottom, height, 0, width), (top, bottom, 0, left), (top, bottom, right, width),
        ):  # fmt: skip
            yield from _cut(Strip(group, *around), slide, least, is_cached=True)


def _cut(strip: Strip, slide: Slide, least: int, *, is_cached: bool) -> Iterator[Strip]:
    """A strip in parts: some for every core, and so small that the cache holds what they read."""
    high, wide = strip.bottom - strip.top, strip.right - strip.left
    if not high or not wide:
        return
    rows, columns = slide.output.height * slide.output.width * slide.groups // (FEWEST_STRIPS * wide), 1
    if is_cached:
        row = slide.source.channels // slide.groups * slide.stride.horizontal * wide
        rows = min(rows, max(CACHED // row - slide.span.vertical, FEWEST_ROWS) // slide.stride.vertical)
        columns = min(-(-row * (rows * slide.stride.vertical + slide.span.vertical) // CACHED), max(wide // 64, 1))
    across = _edges(strip.left, strip.right, columns)
    for top, bottom in pairwise(_edges(strip.top, strip.bottom, -(-high // max(rows, 2 * least)))):
        for left, right in pairwise(across):
            yield Strip(strip.group, top, bottom, left, right)


def _edges(first: int, last: int, parts: int) -> list[int]:
    return [first + (last - first) * part // parts for part in range(parts + 1)]


def _add_up(source: Windows, some: Share, strip: Strip, down: int, out: Planes) -> None:
    _, height, width = out.shape
    high, wide = strip.bottom - strip.top, strip.right - strip.left
    loop = some.kernel.loop(wide)
    plane = height * width if some.rows == 1 else width
    row = down * source.row
    # rows that are left are computed with some of those before
    for first, count in ((0, high // some.rows), (high - some.rows, int(high % some.rows > 0))):
        if count:
            place = (some.first * height + strip.top + first) * width + strip.left
            loop(
                out.ctypes.data + 4 * place, plane, some.rows * width,
                source.address + 4 * first * row, some.rows * row, source.offsets.ctypes.data,
                some.weights.ctypes.data, len(source.offsets), count, wide, some.bias.ctypes.data,
            )  # fmt: skip
