"""Rank filters: of the values under each window the one with a certain rank, as the median."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops import arguments
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.strips import PlaneStrip
from convstudio.core.threads import run_parallel

Planes = NDArray[np.float32]
SORTED_NUMBERS = 2**17  # under the windows of a strip: they should stay in the second-level cache
MEDIAN = 50.0
OPENCV_SIDES = (3, 5)  # of the windows whose median OpenCV finds in float32


def rank_pool2d(
    x: ArrayLike,
    window: PairLike,
    percentile: float = MEDIAN,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    ceil_mode: bool = False,
) -> Planes:
    """The value of a certain rank under each window: 0 is the smallest, 50 the median, 100 the largest.

    It always is one of the values: of an even number the median is the lower one in the middle, as PyTorch's.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    window
        Height and width; one number stands for both, here and below.
    percentile
        0 to 100: so many of a hundred values lie below.
    stride, padding, dilation, ceil_mode
        As in `max_pool2d`. Pixels of the padding do not count.

    Returns
    -------
    (C, rows, columns) float32. A NaN counts as larger than every number; a window with nothing but padding gives −∞.

    Raises
    ------
    ConvStudioError
        If an argument is not of its form or the window does not fit.

    Examples
    --------
    >>> rank_pool2d([[[1, 5, 2], [0, 9, 3], [4, 8, 7]]], 3).tolist()
    [[[4.0]]]
    """
    if not 0 <= percentile <= 100:
        raise ConvStudioError(f"The percentile is {percentile:g}, but it must lie between 0 and 100.")
    planes = arguments.real_array("input", x, "channels, height, width")
    sliding = arguments.pooling_window(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
    if _is_opencvs(sliding, percentile) and not np.isnan(values).any():
        return _medians_by_opencv(values, sliding)
    return _ranked(values, sliding, percentile, Region(0, sliding.output.height, 0, sliding.output.width))


def _is_opencvs(sliding: SlidingWindow, percentile: float) -> bool:
    high, wide = sliding.kernel
    is_square = high == wide and high in OPENCV_SIDES and sliding.stride == sliding.dilation == (1, 1)
    return is_square and percentile == MEDIAN and min(sliding.source[1:]) >= high


def _medians_by_opencv(planes: Planes, sliding: SlidingWindow) -> Planes:
    """OpenCV repeats the edge of the picture; where a window reaches over it, it is sorted here."""
    out = np.empty(sliding.output, np.float32)
    side = sliding.kernel.vertical
    half = side // 2
    _, height, width = sliding.source
    top, left = sliding.pads.top, sliding.pads.left
    inner = Region(top, top + height - side + 1, left, left + width - side + 1)  # outputs whose windows are all inside

    def work(channel: int) -> None:
        medians = cv2.medianBlur(planes[channel], side)
        out[channel, inner.top : inner.bottom, inner.left : inner.right] = medians[
            half : height - half, half : width - half
        ]

    run_parallel(lambda: work, range(len(planes)))
    _, rows, columns = sliding.output
    for region in (
        Region(0, inner.top, 0, columns),
        Region(inner.bottom, rows, 0, columns),
        Region(inner.top, inner.bottom, 0, inner.left),
        Region(inner.top, inner.bottom, inner.right, columns),
    ):
        if not region.is_empty:
            target = out[:, region.top : region.bottom, region.left : region.right]
            target[:] = _ranked(planes, sliding, MEDIAN, region)
    return out


def _ranked(planes: Planes, sliding: SlidingWindow, percentile: float, region: Region) -> Planes:
    """A region of the output, its windows sorted; the threads share strips of rows."""
    _, height, width = sliding.source
    out = np.empty((len(planes), region.height, region.width), np.float32)
    first = region.left * sliding.stride.horizontal - sliding.pads.left
    last = (region.right - 1) * sliding.stride.horizontal - sliding.pads.left + sliding.span.horizontal
    across = _Cut(first, last, width)
    cells = sliding.kernel.vertical * sliding.kernel.horizontal
    high = max(1, SORTED_NUMBERS // (cells * region.width))
    strips = [
        PlaneStrip(channel, top, min(top + high, region.bottom))
        for channel in range(len(planes))
        for top in range(region.top, region.bottom, high)
    ]

    def work(strip: PlaneStrip) -> None:
        start = strip.top * sliding.stride.vertical - sliding.pads.top
        stop = (strip.bottom - 1) * sliding.stride.vertical - sliding.pads.top + sliding.span.vertical
        down = _Cut(start, stop, height)
        padded = np.full((stop - start, last - first), np.inf, np.float32)  # sorted behind every number
        padded[down.inside, across.inside] = planes[strip.plane][down.source, across.source]
        windows = _windows(padded, sliding).reshape(strip.bottom - strip.top, region.width, cells)
        target = out[strip.plane, strip.top - region.top : strip.bottom - region.top]
        counts = down.counts(sliding, 0, strip.bottom - strip.top)[:, None] * across.counts(sliding, 1, region.width)
        ranks = ((counts - 1) * (percentile / 100)).astype(np.intp)
        if (counts == cells).all():
            rank = int(ranks.flat[0])
            target[:] = np.partition(windows, rank, axis=2)[:, :, rank]
            return
        ordered = np.sort(windows, axis=2)
        np.copyto(target, np.take_along_axis(ordered, np.maximum(ranks, 0)[:, :, None], axis=2)[:, :, 0])
        target[counts == 0] = -np.inf

    run_parallel(lambda: work, strips)
    return out


class _Cut:
    """The places from `start` to `stop` along an axis of so many: which of them are of the picture."""

    def __init__(self, start: int, stop: int, length: int) -> None:
        low, high = min(max(start, 0), length), min(max(stop, 0), length)
        self.source = slice(low, max(low, high))
        self.inside = slice(low - start, max(low, high) - start)
        self._is_real = np.zeros(stop - start, np.intp)
        self._is_real[self.inside] = 1

    def counts(self, sliding: SlidingWindow, axis: int, outputs: int) -> NDArray[np.intp]:
        """How many of them lie under each window."""
        windows = sliding_window_view(self._is_real, sliding.span[axis])[:: sliding.stride[axis]]
        return np.asarray(windows[:outputs, :: sliding.dilation[axis]].sum(axis=1), np.intp)


def _windows(padded: Planes, sliding: SlidingWindow) -> Planes:
    """The windows that begin at every stride, (rows, columns, kernel height, kernel width)."""
    span: Pair = sliding.span
    windows = sliding_window_view(padded, span)[:: sliding.stride.vertical, :: sliding.stride.horizontal]
    return windows[:, :, :: sliding.dilation.vertical, :: sliding.dilation.horizontal]
