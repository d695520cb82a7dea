"""Convolution as matrix products: any shape, any stride; the road for many filters.

The planes of a strip are laid out so that a window's numbers are consecutive rows: for each padded row, for each
channel, the row once for each column of the kernel, shifted and strided. The product for one output row then is one
call of BLAS on a view; only the columns are copied, not the rows (Cho and Brand 2017, "MEC").

Filters are taken a few at a time and strips are so narrow that each of these products is a small one for OpenBLAS: it
then reads the layout where it lies, instead of packing it first, which takes as long as the arithmetic of few filters.
"""

from collections.abc import Callable
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convstudio.core.layers import Border
from convstudio.core.ops.borders import padded, patch
from convstudio.core.ops.slides import Slide

Planes = NDArray[np.float32]
STRIP_NUMBERS = 5 * 2**16  # of one strip's layout: about what the second-level cache holds
ROWS = 7  # of a strip, in heights of the kernel: each row laid out then serves nearly all the windows it can
FEWEST_STRIPS = 8  # so that every core has something to do
SMALL_PRODUCT = 10**6  # multiplications; OpenBLAS packs nothing up to here (sgemm_small_kernel_permit)
MOST_FILTERS = 32  # in one product, so that a small one is still wide
NARROWEST = 64


class Strip(NamedTuple):
    """A block of the output of one group."""

    group: int
    top: int
    bottom: int
    left: int
    right: int


def strips(slide: Slide, channels: int) -> list[Strip]:
    """The output of every group cut into blocks whose layout stays in the cache.

    Parameters
    ----------
    slide
        Kernel, stride, dilation, output and groups.
    channels
        Of one group.
    """
    copies = channels * slide.kernel.horizontal
    products = copies * slide.kernel.vertical * _together(slide.output.channels // slide.groups)
    wide = max(min(STRIP_NUMBERS // (copies * ROWS * slide.kernel.vertical), SMALL_PRODUCT // products), NARROWEST)
    wide = _even(slide.output.width, wide - wide % NARROWEST)
    high = max(STRIP_NUMBERS // (copies * wide * slide.stride.vertical), 4) * slide.dilation.vertical
    columns = -(-slide.output.width // wide)
    high = max(1, min(high, slide.output.height * columns * slide.groups // FEWEST_STRIPS))
    return [
        Strip(group, top, min(top + high, slide.output.height), left, min(left + wide, slide.output.width))
        for group in range(slide.groups)
        for top in range(0, slide.output.height, high)
        for left in range(0, slide.output.width, wide)
    ]


def _together(filters: int) -> int:
    """How many filters are one product, at most `MOST_FILTERS` and shared out evenly."""
    return _even(filters, MOST_FILTERS)


def _even(length: int, most: int) -> int:
    """The length of as few equal parts as there can be of at most so many."""
    return -(-length // -(-length // most))


def multiplier(
    planes: Planes, weight: Planes, bias: Planes | None, slide: Slide, out: Planes
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
    slide
        Kernel, stride, dilation, padding and groups.
    out
        (filters, rows, columns), to be filled.
    """
    filters, channels = weight.shape[0] // slide.groups, weight.shape[1]
    matrices = np.ascontiguousarray(weight.transpose(0, 2, 1, 3)).reshape(slide.groups, filters, -1)
    (step_y, step_x), (high, wide) = slide.stride, slide.span
    corner = slide.pads.top, slide.pads.left
    if slide.border is not Border.ZEROS:
        planes, corner = padded(planes, slide.pads, slide.border), (0, 0)

    def make() -> Callable[[Strip], None]:
        scratch = np.empty(0, np.float32)

        def work(strip: Strip) -> None:
            nonlocal scratch
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            chosen = slice(strip.group * filters, (strip.group + 1) * filters)
            rows = range(strip.top * step_y - corner[0], (strip.bottom - 1) * step_y - corner[0] + high)
            columns = range(strip.left * step_x - corner[1], (strip.right - 1) * step_x - corner[1] + wide)
            target = out[chosen, strip.top : strip.bottom, strip.left : strip.right]
            scratch = multiply(patch(inputs, rows, columns), matrices[strip.group], slide, target, scratch)
            if bias is not None:
                target += bias[chosen, None, None]

        return work

    return make


def multiply(room: Planes, matrix: Planes, slide: Slide, out: Planes, scratch: Planes) -> Planes:
    """Fill one strip; `room` starts at its first window. Returns the scratch memory, larger where it had to be."""
    step, spread, taps = slide.stride.vertical, slide.dilation.vertical, slide.kernel.vertical
    common = gcd(step, spread)
    period, hop = spread // common, step // common
    copies, width = room.shape[0] * slide.kernel.horizontal, out.shape[2]
    together = _together(len(matrix))
    for phase in range(min(period, out.shape[1])):
        # these output rows read input rows that are the same modulo the dilation
        target = out[:, phase::period].swapaxes(0, 1)
        lead, used = phase * step, (len(target) - 1) * hop + taps
        if scratch.size < used * copies * width:
            scratch = np.empty(used * copies * width, np.float32)
        laid = scratch[: used * copies * width].reshape(used, copies, width)
        _lay_out(room[:, lead : lead + (used - 1) * spread + 1 : spread], slide, laid)
        row, entry, number = laid.strides
        windows = as_strided(laid, (len(target), taps * copies, width), (hop * row, entry, number), writeable=False)
        for first in range(0, len(matrix), together):
            some = slice(first, first + together)
            np.matmul(matrix[some], windows, out=target[:, some])
    return scratch


def _lay_out(rows: Planes, slide: Slide, laid: Planes) -> None:
    """(rows, channels · kernel width, output width) from (channels, rows, columns), in one copy of one view."""
    taps, step, spread = slide.kernel.horizontal, slide.stride.horizontal, slide.dilation.horizontal
    channel, row, number = rows.strides
    shape = (laid.shape[0], rows.shape[0], taps, laid.shape[2])
    shifted = as_strided(rows, shape, (row, channel, spread * number, step * number), writeable=False)
    np.copyto(laid.reshape(shape), shifted)
