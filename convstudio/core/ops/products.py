"""Convolution as matrix products: any shape, any stride; the road for many channels.

The planes of a strip are laid out so that a window's numbers are consecutive rows: for each padded row, for each
channel, the row once for each column of the kernel, shifted and strided. The product for one output row then is one
call of BLAS on a view; only the columns are copied, not the rows (Cho and Brand 2017, "MEC").
"""

from math import gcd

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convstudio.core.ops.arguments import Slide

Planes = NDArray[np.float32]
STRIP_BYTES = 2**19  # of one strip's layout: it should stay in the second-level cache


def add_products(room: Planes, weight: Planes, slide: Slide, out: Planes) -> None:
    """Write the convolution of padded planes with `weight` into `out`; one group.

    Parameters
    ----------
    room
        (C, H, W) with the padding in it.
    weight
        (filters, C, kernel height, kernel width).
    slide
        Kernel, stride and dilation; its other numbers are not read.
    out
        (filters, rows, columns).
    """
    filters, channels, rows_of_kernel, _ = weight.shape
    matrix = np.ascontiguousarray(weight.transpose(0, 2, 1, 3)).reshape(filters, -1)
    wide = channels * slide.kernel.horizontal * out.shape[2] * 4
    strip = max(STRIP_BYTES // max(wide * slide.stride.vertical, 1), rows_of_kernel, 8)
    for start in range(0, out.shape[1], strip):
        _one_strip(room, matrix, slide, out[:, start : start + strip], start)


def _one_strip(room: Planes, matrix: Planes, slide: Slide, out: Planes, start: int) -> None:
    step, spread, taps = slide.stride.vertical, slide.dilation.vertical, slide.kernel.vertical
    common = gcd(step, spread)
    period, hop = spread // common, step // common
    for phase in range(min(period, out.shape[1])):
        # these output rows read input rows that are the same modulo the dilation
        target = out[:, phase::period].swapaxes(0, 1)
        lead, used = (start + phase) * step, (len(target) - 1) * hop + taps
        laid = _laid_out(room[:, lead : lead + (used - 1) * spread + 1 : spread], slide, out.shape[2])
        row, entry, number = laid.strides
        windows = as_strided(
            laid, (len(target), taps * laid.shape[1], laid.shape[2]), (hop * row, entry, number), writeable=False
        )
        np.matmul(matrix, windows, out=target)


def _laid_out(rows: Planes, slide: Slide, width: int) -> Planes:
    """(rows, channels · kernel width, output width) from (channels, rows, columns)."""
    channels, height, _ = rows.shape
    taps, step, spread = slide.kernel.horizontal, slide.stride.horizontal, slide.dilation.horizontal
    laid = np.empty((height, channels, taps, width), np.float32)
    for tap in range(taps):
        start = tap * spread
        laid[:, :, tap] = rows[:, :, start : start + (width - 1) * step + 1 : step].swapaxes(0, 1)
    return laid.reshape(height, channels * taps, width)
