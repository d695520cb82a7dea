"""Pooling with stride 1: OpenCV's filters over strips that stay in the cache. No window skips a pixel here."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.core.ops.slides import Slide
from convstudio.core.threads import share

Planes = NDArray[np.float32]

STRIP_NUMBERS = 2**17  # of one strip's input: with its output it should stay in the second-level cache
SEPARABLE_CELLS = 25  # from here two passes of ones are quicker than one
FEWEST_OUTPUTS = 4096  # below, OpenCV's filters cost more to call than they save


def suits(slide: Slide) -> bool:
    """Whether the window moves by one and OpenCV has it."""
    is_dense = slide.stride == (1, 1) and slide.dilation == (1, 1)
    return is_dense and slide.output.height * slide.output.width >= FEWEST_OUTPUTS


def largest(planes: Planes, slide: Slide) -> Planes:
    """The largest number of each window; (C, H, W) to (C, rows, columns)."""
    window = np.ones(slide.kernel, np.uint8)

    def fill(patch: Planes, target: Planes, _: slice) -> None:
        if np.isnan(np.max(patch)):
            _largest_or_nan(patch, slide, target)
            return
        found = cv2.dilate(patch, window, anchor=(0, 0))
        np.copyto(target, found[: target.shape[0], : target.shape[1]])

    return _by_strips(planes, slide, -np.inf, fill)


def _largest_or_nan(patch: Planes, slide: Slide, target: Planes) -> None:
    """OpenCV's comparisons lose a NaN; NumPy's keep it."""
    high, wide = target.shape
    rows = patch[:high].copy()
    for y in range(1, slide.kernel.vertical):
        np.maximum(rows, patch[y : y + high], out=rows)
    np.copyto(target, rows[:, :wide])
    for x in range(1, slide.kernel.horizontal):
        np.maximum(target, rows[:, x : x + wide], out=target)


def means(planes: Planes, slide: Slide, rows: Planes, columns: Planes) -> Planes:
    """The sum of each window over what it counts; (C, H, W) to (C, rows, columns).

    `rows` and `columns` say how many pixels count under each window along each axis. The sums are plain ones:
    running sums would carry a NaN, or the rounding of a large number, into windows that do not hold it.
    """
    high, wide = np.ones(slide.kernel.vertical), np.ones(slide.kernel.horizontal)
    is_square = high.size * wide.size < SEPARABLE_CELLS
    square = np.ones(slide.kernel)

    def fill(patch: Planes, target: Planes, chosen: slice) -> None:
        if is_square:
            found = cv2.filter2D(patch, cv2.CV_32F, square, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        else:
            found = cv2.sepFilter2D(patch, cv2.CV_32F, wide, high, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        np.divide(found[: target.shape[0], : target.shape[1]], rows[chosen, None] * columns, out=target)

    return _by_strips(planes, slide, 0.0, fill)


def _by_strips(planes: Planes, slide: Slide, neutral: float, fill: Callable[[Planes, Planes, slice], None]) -> Planes:
    """`fill` gets the padded rows under a strip, the strip of the output, and which of its rows that is."""
    out = np.empty(slide.output, np.float32)
    high = max(STRIP_NUMBERS // slide.source.width, slide.kernel.vertical)
    strips = [
        (channel, slice(top, min(top + high, slide.output.height)))
        for channel in range(slide.output.channels)
        for top in range(0, slide.output.height, high)
    ]

    def work(strip: tuple[int, slice]) -> None:
        channel, rows = strip
        fill(_patch(planes[channel], slide, rows, neutral), out[channel, rows], rows)

    share(lambda: work, strips)
    return out


def _patch(plane: Planes, slide: Slide, rows: slice, neutral: float) -> Planes:
    """The rows under some output rows with their padding; a view where there is none."""
    top, _, left, right = slide.pads
    start, stop = rows.start - top, rows.stop - 1 - top + slide.kernel.vertical
    seen = plane[max(start, 0) : max(min(stop, len(plane)), 0)]
    if start >= 0 and stop <= len(plane) and not left and not right:
        return seen
    room = np.full((stop - start, left + plane.shape[1] + right), neutral, np.float32)
    above = max(-start, 0)
    room[above : above + len(seen), left : left + plane.shape[1]] = seen
    return room
