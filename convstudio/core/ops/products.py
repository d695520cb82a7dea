"""Convolution as matrix products: any shape, any stride; the method for many filters.

The planes of a strip are laid out so that a window's numbers are consecutive rows: for each padded row, for each
column of the kernel, the row of every channel, shifted and strided. The product for one output row then is one call of
BLAS on a view; only the columns are copied, not the rows (Cho and Brand 2017, "MEC"). The rows of all channels are
first brought together, so that each shift is one long copy.

Filters are taken a few at a time and strips are so narrow that each of these products is a small one for OpenBLAS: it
then reads the layout where it lies, instead of packing it first, which takes as long as the arithmetic of few filters.
"""

from collections.abc import Callable
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convstudio.core.buffers import LINE, aligned
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.regions import tiled, whole
from convstudio.core.geometry.sizes import ceil_division, even_part
from convstudio.core.geometry.window import SlidingWindow, Strip
from convstudio.core.ops.borders import fetch, padded
from convstudio.core.stopping import check
from convstudio.core.threads import FEWEST_STRIPS

Planes = NDArray[np.float32]
STRIP_NUMBERS = 5 * 2**16  # of one strip's layout: about what the second-level cache holds
ROWS = 7  # of a strip, in heights of the kernel: each row laid out then serves nearly all the windows it can
SMALL_PRODUCT = 10**6  # multiplications; OpenBLAS packs nothing up to here (sgemm_small_kernel_permit)
MOST_FILTERS = 32  # in one product, so that a small one is still wide
NARROWEST = 64


class Desk(NamedTuple):
    """Where one thread lays out windows, for strips of one size; every row begins on a cache line.

    `room` is (rows, channels, columns) of the planes, `shifted` a view of it with the kernel's columns as second axis,
    `laid` a copy of that, and `windows` a view of the copy: (output rows, numbers of a window, output columns).
    """

    room: Planes
    shifted: Planes
    laid: Planes
    windows: Planes


Desks = dict[tuple[int, int], Desk]  # by the rows and columns of the output


def strips(window: SlidingWindow, channels: int) -> list[Strip]:
    """The output of every group cut into blocks whose layout stays in the cache.

    Parameters
    ----------
    window
        Kernel, stride, dilation, output and groups.
    channels
        Of one group.
    """
    copies = channels * window.kernel.horizontal
    products = copies * window.kernel.vertical * _together(window.output.channels // window.groups)
    wide = max(min(STRIP_NUMBERS // (copies * ROWS * window.kernel.vertical), SMALL_PRODUCT // products), NARROWEST)
    wide = even_part(window.output.width, wide - wide % NARROWEST)
    high = max(STRIP_NUMBERS // (copies * wide * window.stride.vertical), 4) * window.dilation.vertical
    columns = ceil_division(window.output.width, wide)
    high = max(1, min(high, window.output.height * columns * window.groups // FEWEST_STRIPS))
    return [
        Strip(group, *region) for group in range(window.groups) for region in tiled(whole(window.output), high, wide)
    ]


def _together(filters: int) -> int:
    """How many filters are one product, at most `MOST_FILTERS` and shared out evenly."""
    return even_part(filters, MOST_FILTERS)


def multiplier(
    planes: Planes, weight: Planes, bias: Planes | None, window: SlidingWindow, out: Planes
) -> Callable[[], Callable[[Strip], None]]:
    """What makes the work on strips for `workers.share`.

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
        (filters, rows, columns), to be filled.
    """
    filters, channels = weight.shape[0] // window.groups, weight.shape[1]
    matrices = np.ascontiguousarray(weight.transpose(0, 2, 3, 1)).reshape(window.groups, filters, -1)
    step_y, step_x = window.stride
    top, left = window.pads.top, window.pads.left
    if window.border is not Border.ZEROS:
        planes, top, left = padded(planes, window.pads, window.border), 0, 0

    def make() -> Callable[[Strip], None]:
        desks: Desks = {}

        def work(strip: Strip) -> None:
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            chosen = slice(strip.group * filters, (strip.group + 1) * filters)
            target = out[chosen, strip.top : strip.bottom, strip.left : strip.right]
            corner = strip.top * step_y - top, strip.left * step_x - left
            multiply(inputs, corner, matrices[strip.group], window, target, desks)
            if bias is not None:
                target += bias[chosen, None, None]

        return work

    return make


def multiply(
    planes: Planes, corner: tuple[int, int], matrix: Planes, window: SlidingWindow, out: Planes, desks: Desks
) -> None:
    """Fill one strip, whose first window begins at a corner that may lie outside of the planes, where zeros are."""
    step, spread, taps = window.stride.vertical, window.dilation.vertical, window.kernel.vertical
    common = gcd(step, spread)
    period, hop = spread // common, step // common
    width, together = out.shape[2], _together(len(matrix))
    for phase in range(min(period, out.shape[1])):
        # these output rows read input rows that are the same modulo the dilation
        target = out[:, phase::period].swapaxes(0, 1)
        size = len(target), width
        if size not in desks:
            desks[size] = _desk(len(planes), *size, hop, window)
        desk = desks[size]
        first = corner[0] + phase * step
        fetch(planes, range(first, first + ((len(target) - 1) * hop + taps) * spread, spread), corner[1], desk.room)
        desk.laid[...] = desk.shifted
        for start in range(0, len(matrix), together):
            check()
            some = slice(start, start + together)
            np.matmul(matrix[some], desk.windows, out=target[:, some])


def _desk(channels: int, high: int, wide: int, hop: int, window: SlidingWindow) -> Desk:
    """Memory for strips of `high` × `wide` outputs, each row of which begins `hop` of its rows below the last."""
    taps, step, spread = window.kernel.horizontal, window.stride.horizontal, window.dilation.horizontal
    used = (high - 1) * hop + window.kernel.vertical
    lane = _whole_lines((wide - 1) * step + window.span.horizontal)
    flat = aligned(used * channels * lane + (taps - 1) * spread)  # what is shifted beyond the end is never multiplied
    room = flat[: used * channels * lane].reshape(used, channels, lane)
    row, channel, number = room.strides
    across = lane if step == 1 else wide  # whole lanes of all channels are one copy
    shape, strides = (used, taps, channels, across), (row, spread * number, channel, step * number)
    shifted = as_strided(flat, shape, strides, writeable=False)
    lane = _whole_lines(across)
    laid = aligned(used * taps * channels * lane).reshape(used, taps, channels, lane)
    row, _, entry, number = laid.strides
    sizes = high, window.kernel.vertical * taps * channels, wide
    windows = as_strided(laid, sizes, (hop * row, entry, number), writeable=False)
    return Desk(room, shifted, laid[..., :across], windows)


def _whole_lines(count: int) -> int:
    """So many numbers or a few more, so that they fill the lines of the cache."""
    return ceil_division(count, LINE) * LINE
