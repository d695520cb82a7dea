"""Convolution by FFT, OpenCV's fast Fourier transform: the method for large kernels, whose size hardly matters to it.

filter2D takes it by itself from 130 cells on, tile by tile and in double precision. Its error is a part of the largest
product anywhere, not of the products of one window. So it is allowed only where that is far below the rounding of every
window.
"""

from collections.abc import Callable
from itertools import pairwise
from operator import le, lt

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops.filter2d import dilated
from convstudio.core.ops.padding import padded
from convstudio.core.ops.strips import PlaneStrip
from convstudio.core.threads import cores

Planes = NDArray[np.float32]
Kernel = NDArray[np.float64]

ERROR = 1e-15  # of the largest number times the sum of the weights' magnitudes; measured: 2·10⁻¹⁷
ENOUGH = 1e-10  # of the same: below such a sum of magnitudes the error could be more than 10⁻⁵ of it
LAST_BITS = 2**32 - 1
TILE, TILE_SPANS = 256, 4.5  # the sides of filter2D's transforms at least, and of its tiles in kernels
FEWEST_ROWS = 250  # of a strip; a lower one transforms more of its neighbours than of itself


def largest_magnitudes(planes: Planes, kernels: Kernel, window: SlidingWindow) -> list[float] | None:
    """The largest magnitude of each plane, or None where the transform is not as exact as the direct methods.

    Parameters
    ----------
    planes
        (C, H, W), the padding not in it; what stands in it comes from them.
    kernels
        (filters, C / groups, kernel height, kernel width).
    window
        Kernel, dilation, padding and groups.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.geometry.shapes import Pair
    >>> from convstudio.core.geometry.window import convolution
    >>> window = convolution(Shape(1, 3, 3), 1, kernel=Pair(2, 2))
    >>> largest_magnitudes(np.full((1, 3, 3), -7, np.float32), np.ones((1, 1, 2, 2)), window)
    [7.0]
    >>> largest_magnitudes(np.full((1, 3, 3), np.nan, np.float32), np.ones((1, 1, 2, 2)), window) is None
    True
    """
    filters, channels = len(kernels) // window.groups, kernels.shape[1]
    largest_of_planes = []
    for number, plane in enumerate(planes):
        group, channel = divmod(number, channels)
        magnitudes = np.abs(plane)
        largest = float(magnitudes.max())
        weights = np.abs(kernels[group * filters : (group + 1) * filters, channel])
        if not (np.isfinite(largest) and _is_enough(magnitudes, largest, weights, window)):
            return None
        largest_of_planes.append(largest)
    return largest_of_planes


def _is_enough(magnitudes: Planes, largest: float, weights: Kernel, window: SlidingWindow) -> bool:
    """Whether each window has enough under it, or nothing at all; `weights` are (filters, rows, columns)."""
    smallest = np.where(weights > 0, weights, np.inf).min(axis=(1, 2))
    needed = float((ENOUGH * largest * weights.sum(axis=(1, 2)) / smallest).max())
    is_dense = bool(weights.all())  # else a window's largest number may lie under a weight of 0
    return (
        (is_dense and _least_mean_of_cells(magnitudes, window) >= needed)
        or _smallest(magnitudes) >= needed
        or (is_dense and _smallest(_largest_under_windows(magnitudes, window)) >= needed)
    )


def _least_mean_of_cells(magnitudes: Planes, window: SlidingWindow) -> float:
    """The least mean of cells so small that each window has a whole one under it; 0 where there are none."""
    if window.dilation != (1, 1):
        return 0.0
    top, bottom, left, right = window.pads
    inside = min(window.span.vertical - max(top, bottom), window.span.horizontal - max(left, right))
    side = (inside + 2) // 3  # the last, which begins where another cell ends, may be cut off at the picture's edge
    rows, columns = (length // side if side > 0 else 0 for length in magnitudes.shape)
    if not rows or not columns:
        return 0.0
    whole = magnitudes[: rows * side, : columns * side]
    return float(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA).min())


def _largest_under_windows(magnitudes: Planes, window: SlidingWindow) -> Planes:
    planes = padded(magnitudes[None], window.pads, window.border)[0]
    rows, columns = (size - extent + 1 for size, extent in zip(planes.shape, window.span, strict=True))
    cells = dilated(np.ones(window.kernel), window).astype(np.uint8)
    largest = cv2.dilate(planes, cells, anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)[:rows, :columns]
    return np.ascontiguousarray(largest, np.float32)


def _smallest(magnitudes: Planes) -> float:
    """The smallest but for zeros: the bits of such numbers are in their order, and those of 0 become the last."""
    least = int((magnitudes.view(np.uint32) - np.uint32(1)).min())
    return float("inf") if least == LAST_BITS else float(np.uint32(least + 1).view(np.float32))


def fft_strips(window: SlidingWindow) -> list[PlaneStrip]:
    """The output of every filter, cut so that every core has something to do and OpenCV few tiles to transform."""
    filters, height, _ = window.output
    step, margin = window.stride.vertical, window.span.vertical - 1
    per_filter = max(1, min(ceil_division(cores(), filters), height * step // FEWEST_ROWS))
    tile = cv2.getOptimalDFTSize(max(TILE, round(TILE_SPANS * (margin + 1)) + margin)) - margin
    count = ceil_division(window.source.height + (per_filter - 1) * margin, tile)
    edges = [0]
    for part in range(1, per_filter):
        # rows of whole tiles, less those above and below that are there for the windows only
        rows = (count * part // per_filter - count * (part - 1) // per_filter) * tile - margin
        rows += 0 if edges[1:] else window.pads.top
        edges.append(min(edges[-1] + max(rows // step, 1), height))
    return [
        PlaneStrip(number, top, bottom)
        for number in range(filters)
        for top, bottom in pairwise([*edges, height])
        if top < bottom
    ]


def fft_work(
    planes: Planes, largest: list[float], kernels: Kernel, bias: Planes | None, window: SlidingWindow, out: Planes
) -> Callable[[], Callable[[PlaneStrip], None]]:
    """The work on strips, for `threads.run_parallel`.

    Parameters
    ----------
    planes
        (C, H, W), the padding not in it yet.
    largest
        The largest magnitude of each of them.
    kernels
        (filters, C / groups, kernel height, kernel width).
    bias
        (filters,) or None.
    window
        Kernel, stride, dilation, padding and groups.
    out
        (filters, rows, columns), to be filled.
    """
    channels, filters = kernels.shape[1], len(kernels) // window.groups
    step_y, step_x = window.stride
    anchor = window.pads.top, window.pads.left
    reached = (window.output.height - 1) * step_y + 1, (window.output.width - 1) * step_x + 1
    is_inside = all(map(lt, anchor, window.span)) and all(map(le, reached, window.source[1:]))
    if window.border is not Border.ZEROS or not is_inside:
        planes, anchor = padded(planes, window.pads, window.border), (0, 0)
    _, height, width = planes.shape

    def make_work() -> Callable[[PlaneStrip], None]:
        scratch = np.empty((0, width), np.float32)

        def work(strip: PlaneStrip) -> None:
            nonlocal scratch
            first = strip.plane // filters * channels
            target = out[strip.plane, strip.rows]
            start, stop = strip.top * step_y, (strip.bottom - 1) * step_y + 1
            above, below = max(start - anchor[0], 0), min(stop - 1 - anchor[0] + window.span.vertical, height)
            if len(scratch) < below - above:
                scratch = np.empty((below - above, width), np.float32)
            filtered = scratch[: below - above]
            strided = filtered[start - above : stop - above : step_y, : reached[1] : step_x]
            offset = 0.0 if bias is None else float(bias[strip.plane])
            for channel, kernel in enumerate(kernels[strip.plane]):
                check()
                rows, cells = planes[first + channel, above:below], dilated(kernel, window)
                cv2.filter2D(rows, cv2.CV_32F, cells, dst=filtered, anchor=anchor[::-1], borderType=cv2.BORDER_CONSTANT)
                error = ERROR * largest[first + channel] * float(np.abs(kernel).sum())
                _add(strided, target if channel else offset, error, target)

        return work

    return make_work


def _add(products: Planes, total: Planes | float, error: float, target: Planes) -> None:
    """The total and the products; a product no larger than its error counts as 0, so that black stays black."""
    nothing = cv2.inRange(products, -error, error)
    if cv2.hasNonZero(nothing):
        np.copyto(products, 0, where=nothing.view(np.bool_))
    np.add(total, products, out=target)
