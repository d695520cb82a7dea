"""Convolution by im2col and GEMM: any shape, any stride; the method for many filters.

im2col copies the windows of a strip side by side into a matrix; GEMM, the matrix product of BLAS, multiplies it by the
filters. This im2col is the small one of Cho and Brand (2017, "MEC"): for each padded row and each column of the kernel
it holds the row of every channel, shifted and strided. The matrix of one output row is a view of that, so only the
columns are copied, not the rows. The rows of all channels are first brought together, so that each shift is one copy.

OpenBLAS packs the operands of a large product first, which takes as long as the arithmetic of few filters. So filters
are taken a few at a time and strips are narrow: then each product is small, and OpenBLAS reads the matrix in place.
"""

from collections.abc import Callable
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convstudio.core.buffers import LINE, aligned
from convstudio.core.cancellation import check
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.regions import tiled, whole
from convstudio.core.geometry.sizes import ceil_division, even_part
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops.padding import fetch, padded
from convstudio.core.ops.strips import Strip
from convstudio.core.threads import FEWEST_STRIPS

Planes = NDArray[np.float32]
STRIP_NUMBERS = 5 * 2**16  # of one strip's matrix: about what the second-level cache holds
ROWS = 7  # of a strip, in heights of the kernel: each row laid out then serves nearly all the windows it can
SMALL_PRODUCT = 10**6  # multiplications; OpenBLAS packs nothing up to here (sgemm_small_kernel_permit)
MOST_FILTERS = 32  # in one product, so that a small one is still wide
NARROWEST = 64


class Im2colBuffer(NamedTuple):
    """Memory in which one thread does im2col, for strips of one size; every row begins on a cache line.

    `rows` is (rows, channels, columns) of the planes, `shifted` a view of it with the kernel's columns as second axis,
    `copies` a copy of that, and `windows` a view of the copy: (output rows, numbers of a window, output columns).
    """

    rows: Planes
    shifted: Planes
    copies: Planes
    windows: Planes


Im2colBuffers = dict[tuple[int, int], Im2colBuffer]  # by the rows and columns of the output


def gemm_strips(window: SlidingWindow, channels: int) -> list[Strip]:
    """The output of every group cut into strips whose matrix stays in the cache.

    Parameters
    ----------
    window
        Kernel, stride, dilation, output and groups.
    channels
        Of one group.
    """
    copies = channels * window.kernel.horizontal
    products = copies * window.kernel.vertical * _filters_at_once(window.output.channels // window.groups)
    wide = max(min(STRIP_NUMBERS // (copies * ROWS * window.kernel.vertical), SMALL_PRODUCT // products), NARROWEST)
    wide = even_part(window.output.width, wide - wide % NARROWEST)
    high = max(STRIP_NUMBERS // (copies * wide * window.stride.vertical), 4) * window.dilation.vertical
    columns = ceil_division(window.output.width, wide)
    high = max(1, min(high, window.output.height * columns * window.groups // FEWEST_STRIPS))
    return [
        Strip(group, *region) for group in range(window.groups) for region in tiled(whole(window.output), high, wide)
    ]


def _filters_at_once(filters: int) -> int:
    """How many filters are one product, at most `MOST_FILTERS` and as even as can be."""
    return even_part(filters, MOST_FILTERS)


def gemm_work(
    planes: Planes, weight: Planes, bias: Planes | None, window: SlidingWindow, out: Planes
) -> Callable[[], Callable[[Strip], None]]:
    """The work on strips, for `threads.run_parallel`.

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

    def make_work() -> Callable[[Strip], None]:
        buffers: Im2colBuffers = {}

        def work(strip: Strip) -> None:
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            filters_of_group = slice(strip.group * filters, (strip.group + 1) * filters)
            target = out[filters_of_group, strip.top : strip.bottom, strip.left : strip.right]
            corner = strip.top * step_y - top, strip.left * step_x - left
            multiply(inputs, corner, matrices[strip.group], window, target, buffers)
            if bias is not None:
                target += bias[filters_of_group, None, None]

        return work

    return make_work


def multiply(
    planes: Planes, corner: tuple[int, int], matrix: Planes, window: SlidingWindow, out: Planes, buffers: Im2colBuffers
) -> None:
    """Fill one strip, whose first window begins at a corner that may lie outside of the planes, where zeros are."""
    step, dilation, taps = window.stride.vertical, window.dilation.vertical, window.kernel.vertical
    common = gcd(step, dilation)
    period, hop = dilation // common, step // common
    width, at_once = out.shape[2], _filters_at_once(len(matrix))
    for phase in range(min(period, out.shape[1])):
        # these output rows read input rows that are the same modulo the dilation
        target = out[:, phase::period].swapaxes(0, 1)
        size = len(target), width
        if size not in buffers:
            buffers[size] = _im2col_buffer(len(planes), *size, hop, window)
        buffer = buffers[size]
        first = corner[0] + phase * step
        rows = range(first, first + ((len(target) - 1) * hop + taps) * dilation, dilation)
        fetch(planes, rows, corner[1], buffer.rows)
        buffer.copies[...] = buffer.shifted
        for start in range(0, len(matrix), at_once):
            check()
            filters = slice(start, start + at_once)
            np.matmul(matrix[filters], buffer.windows, out=target[:, filters])


def _im2col_buffer(channels: int, high: int, wide: int, hop: int, window: SlidingWindow) -> Im2colBuffer:
    """Memory for strips of `high` × `wide` outputs, each row of which begins `hop` of its rows below the last."""
    taps, step, dilation = window.kernel.horizontal, window.stride.horizontal, window.dilation.horizontal
    used = (high - 1) * hop + window.kernel.vertical
    length = _whole_lines((wide - 1) * step + window.span.horizontal)
    flat = aligned(used * channels * length + (taps - 1) * dilation)  # nothing multiplies what is shifted beyond
    rows = flat[: used * channels * length].reshape(used, channels, length)
    row, channel, number = rows.strides
    across = length if step == 1 else wide  # whole lanes of all channels are one copy
    shape, strides = (used, taps, channels, across), (row, dilation * number, channel, step * number)
    shifted = as_strided(flat, shape, strides, writeable=False)
    length = _whole_lines(across)
    copies = aligned(used * taps * channels * length).reshape(used, taps, channels, length)
    row, _, entry, number = copies.strides
    sizes = high, window.kernel.vertical * taps * channels, wide
    windows = as_strided(copies, sizes, (hop * row, entry, number), writeable=False)
    return Im2colBuffer(rows, shifted, copies[..., :across], windows)


def _whole_lines(count: int) -> int:
    """So many numbers or a few more, so that they fill the lines of the cache."""
    return ceil_division(count, LINE) * LINE
