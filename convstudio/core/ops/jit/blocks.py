"""The blocks of an output that machine code computes one by one: those whose windows lie inside, and those around.

Each is so small that the cache holds what it reads more than once, and so large that handing it over is no work.
"""

from collections.abc import Iterator
from itertools import pairwise

from convstudio.core.geometry import regions
from convstudio.core.geometry.regions import Region, whole
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.geometry.window import SlidingWindow, Strip
from convstudio.core.threads import FEWEST_STRIPS, cut

CACHED = 2**17  # numbers that one strip reads at most if it reads them more than once: half a megabyte
FEWEST_ROWS = 16  # of such a strip, lest it read more around it than in it
FEWEST_SUMS = 2**22  # of a strip: handing it over takes as long


def inside(window: SlidingWindow, least: Pair) -> Strip | None:
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


def everywhere(window: SlidingWindow, least: int) -> Iterator[Strip]:
    """The output of every group in parts of at least so many rows."""
    _, height, width = window.output
    for group in range(window.groups):
        yield from _cut(Strip(group, 0, height, 0, width), window, least, is_cached=True)


def within(window: SlidingWindow, inside: Strip, least: int, reads: int) -> Iterator[Strip]:
    """What lies inside of every group in parts of at least so many rows; `reads` is how often each is read."""
    for group in range(window.groups):
        yield from _cut(inside._replace(group=group), window, least, is_cached=reads > 1)


def around(window: SlidingWindow, inside: Strip, least: int) -> Iterator[Strip]:
    """The rest of every group."""
    _, top, bottom, left, right = inside
    for group in range(window.groups):
        for region in regions.around(Region(top, bottom, left, right), whole(window.output)):
            yield from _cut(Strip(group, *region), window, least, is_cached=True)


def _cut(strip: Strip, window: SlidingWindow, least: int, *, is_cached: bool) -> Iterator[Strip]:
    """A strip in parts: some for every core, and so small that the cache holds what they read."""
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
