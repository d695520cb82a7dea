"""Fast pooling: one number for each window, by rows first and columns then.

Windows that move by one pixel are OpenCV's filters, over strips that stay in the cache.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops import arguments
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.strips import PlaneStrip
from convstudio.core.threads import run_parallel

Planes = NDArray[np.float32]
REDUCED_NUMBERS = 2**17  # under the windows of a strip that NumPy reduces: the second-level cache should hold them
FILTERED_NUMBERS = (
    2**17
)  # of the input of one strip that OpenCV filters: with its output it should stay in the second-level cache
SEPARABLE_CELLS = 25  # from here two passes of ones are quicker than one
FEWEST_OUTPUTS = 4096  # below, OpenCV's filters cost more to call than they save


def max_pool2d(
    x: ArrayLike,
    window: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    ceil_mode: bool = False,
) -> Planes:
    """The largest value of each window, as PyTorch's function of this name finds it.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    window
        Height and width; one number stands for both, here and below.
    stride
        Steps of the window; the window itself unless given.
    padding
        One number, (vertical, horizontal), ((top, bottom), (left, right)), "valid" or "same"; at most the window's
        span − 1 on each side. It never wins.
    dilation
        Distance between the pixels under the window.
    ceil_mode
        Whether a last window may reach past the end; it never starts in the far padding.

    Returns
    -------
    (C, rows, columns) float32. A window with a NaN gives NaN; one with nothing but padding gives −∞.

    Raises
    ------
    ConvStudioError
        If an argument is not of its form or the window does not fit.

    Examples
    --------
    >>> max_pool2d([[[1, 5], [2, 0]]], 2).tolist()
    [[[5.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    sliding = arguments.pooling_window(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
    if _moves_by_one(sliding):
        return _largest_by_opencv(values, sliding)
    return _reduced(values, sliding, np.maximum, -np.inf)


def min_pool2d(
    x: ArrayLike,
    window: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    ceil_mode: bool = False,
) -> Planes:
    """The smallest value of each window; the arguments are those of `max_pool2d`.

    Returns
    -------
    (C, rows, columns) float32. A window with a NaN gives NaN; one with nothing but padding gives ∞.

    Examples
    --------
    >>> min_pool2d([[[1, 5], [2, 0]]], 2).tolist()
    [[[0.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    with np.errstate(all="ignore"):
        negative = np.negative(np.ascontiguousarray(planes, np.float32))
    out = max_pool2d(negative, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    return np.negative(out, out=out)


def avg_pool2d(
    x: ArrayLike,
    window: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Planes:
    """The mean of each window, as PyTorch's function of this name computes it.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    window
        Height and width; one number stands for both, here and below.
    stride
        Steps of the window; the window itself unless given.
    padding
        One number, (vertical, horizontal), ((top, bottom), (left, right)), "valid" or "same"; at most the window's
        height or width − 1 on each side. It is zero.
    ceil_mode
        Whether a last window may reach past the end; it never starts in the far padding.
    count_include_pad
        Whether pixels of the padding count in the mean. What lies beyond the padding (in ceil mode) never does.

    Returns
    -------
    (C, rows, columns) float32.

    Raises
    ------
    ConvStudioError
        If an argument is not of its form or the window does not fit.

    Examples
    --------
    >>> avg_pool2d([[[1, 5], [2, 0]]], 2).tolist()
    [[[2.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    sliding = arguments.pooling_window(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=1, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
        rows = _counts(sliding, 0, is_padding_counted=count_include_pad)
        columns = _counts(sliding, 1, is_padding_counted=count_include_pad)
        if _is_halving(sliding):
            return _halved(values, sliding)
        if _moves_by_one(sliding):
            return _means_by_opencv(values, sliding, rows, columns)
        sums = _reduced(values, sliding, np.add, 0.0)
        sums /= rows[:, None] * columns
    return sums


def _is_halving(sliding: SlidingWindow) -> bool:
    """Whether windows of 2×2 lie side by side, all inside of the picture."""
    _, height, width = sliding.source
    rows, columns = sliding.output.height * 2, sliding.output.width * 2
    return sliding.kernel == sliding.stride == (2, 2) and not any(sliding.pads) and rows <= height and columns <= width


def _halved(planes: Planes, sliding: SlidingWindow) -> Planes:
    """OpenCV shrinks by two in one vectorised pass: the sum of four numbers times a quarter, which is exact."""
    out = np.empty(sliding.output, np.float32)
    _, rows, columns = sliding.output
    for plane, target in zip(planes, out, strict=True):
        cv2.resize(plane[: rows * 2, : columns * 2], (columns, rows), dst=target, interpolation=cv2.INTER_AREA)
    return out


def _counts(sliding: SlidingWindow, axis: int, *, is_padding_counted: bool) -> NDArray[np.float32]:
    """How many pixels count under each window along one axis."""
    length, before, after = sliding.source[1 + axis], sliding.pads[2 * axis], sliding.pads[2 * axis + 1]
    starts = np.arange(sliding.output[1 + axis]) * sliding.stride[axis] - before
    ends = starts + sliding.kernel[axis]
    if is_padding_counted:
        return (np.minimum(ends, length + after) - starts).astype(np.float32)
    return (np.minimum(ends, length) - np.maximum(starts, 0)).astype(np.float32)


def _reduced(planes: Planes, sliding: SlidingWindow, reduce: np.ufunc, neutral: float) -> Planes:
    """Windows reduced over their rows, then over their columns; the threads share strips of output rows."""
    out = np.empty(sliding.output, np.float32)
    width = sliding.source.width
    high = max(1, REDUCED_NUMBERS // (width * sliding.stride.vertical))

    def work(strip: PlaneStrip) -> None:
        rows = _rows(planes[strip.plane], sliding, range(strip.top, strip.bottom), reduce, neutral)
        _columns(rows, sliding, reduce, neutral, out[strip.plane, strip.rows])

    run_parallel(lambda: work, _strips(sliding, high))
    return out


def _strips(sliding: SlidingWindow, high: int) -> list[PlaneStrip]:
    """The output of every channel in strips of so many rows; the last may be lower."""
    return [
        PlaneStrip(channel, top, min(top + high, sliding.output.height))
        for channel in range(sliding.output.channels)
        for top in range(0, sliding.output.height, high)
    ]


def _rows(plane: Planes, sliding: SlidingWindow, outputs: range, reduce: np.ufunc, neutral: float) -> Planes:
    """The rows under the windows of a run of output rows, reduced to one row for each."""
    step, dilation = sliding.stride.vertical, sliding.dilation.vertical
    first = outputs.start * step - sliding.pads.top
    last = (outputs.stop - 1) * step - sliding.pads.top + sliding.span.vertical
    inputs = plane[max(first, 0) : max(min(last, len(plane)), 0)]
    if first < 0 or last > len(plane):
        padded = np.full((last - first, plane.shape[1]), neutral, np.float32)
        padded[max(-first, 0) : max(-first, 0) + len(inputs)] = inputs
        inputs = padded
    stop = (len(outputs) - 1) * step + 1
    taps = [inputs[tap : tap + stop : step] for tap in range(0, sliding.kernel.vertical * dilation, dilation)]
    return _reduced_taps(taps, reduce, np.empty(taps[0].shape, np.float32))


def _columns(rows: Planes, sliding: SlidingWindow, reduce: np.ufunc, neutral: float, out: Planes) -> None:
    """Windows of rows that are reduced already, reduced along their columns into `out`."""
    step, dilation = sliding.stride.horizontal, sliding.dilation.horizontal
    left, width = sliding.pads.left, rows.shape[1]
    last = (sliding.output.width - 1) * step - left + sliding.span.horizontal
    if left or last > width:
        padded = np.full((len(rows), left + max(last, width)), neutral, np.float32)
        padded[:, left : left + width] = rows
        rows = padded
    stop = (sliding.output.width - 1) * step + 1
    taps = [rows[:, tap : tap + stop : step] for tap in range(0, sliding.kernel.horizontal * dilation, dilation)]
    _reduced_taps(taps, reduce, out)


def _reduced_taps(taps: list[Planes], reduce: np.ufunc, out: Planes) -> Planes:
    if len(taps) == 1:
        np.copyto(out, taps[0])
        return out
    reduce(taps[0], taps[1], out=out)
    for tap in taps[2:]:
        reduce(out, tap, out=out)
    return out


def _moves_by_one(sliding: SlidingWindow) -> bool:
    """Whether the window moves by one and OpenCV has it."""
    is_dense = sliding.stride == (1, 1) and sliding.dilation == (1, 1)
    return is_dense and sliding.output.height * sliding.output.width >= FEWEST_OUTPUTS


def _largest_by_opencv(planes: Planes, sliding: SlidingWindow) -> Planes:
    """The largest number of each window; (C, H, W) to (C, rows, columns)."""
    window = np.ones(sliding.kernel, np.uint8)

    def fill(inputs: Planes, target: Planes, _: slice) -> None:
        if np.isnan(np.max(inputs)):
            _largest_or_nan(inputs, sliding, target)
            return
        largest = cv2.dilate(inputs, window, anchor=(0, 0))
        np.copyto(target, largest[: target.shape[0], : target.shape[1]])

    return _by_strips(planes, sliding, -np.inf, fill)


def _largest_or_nan(inputs: Planes, sliding: SlidingWindow, target: Planes) -> None:
    """OpenCV's comparisons lose a NaN; NumPy's keep it."""
    high, wide = target.shape
    rows = inputs[:high].copy()
    for y in range(1, sliding.kernel.vertical):
        np.maximum(rows, inputs[y : y + high], out=rows)
    np.copyto(target, rows[:, :wide])
    for x in range(1, sliding.kernel.horizontal):
        np.maximum(target, rows[:, x : x + wide], out=target)


def _means_by_opencv(planes: Planes, sliding: SlidingWindow, rows: Planes, columns: Planes) -> Planes:
    """The sum of each window over what it counts; (C, H, W) to (C, rows, columns).

    `rows` and `columns` say how many pixels count under each window along each axis. The sums are plain ones:
    running sums would carry a NaN, or the rounding of a large number, into windows that do not hold it.
    """
    high, wide = np.ones(sliding.kernel.vertical), np.ones(sliding.kernel.horizontal)
    is_square = high.size * wide.size < SEPARABLE_CELLS
    square = np.ones(sliding.kernel)

    def fill(inputs: Planes, target: Planes, strip: slice) -> None:
        if is_square:
            sums = cv2.filter2D(inputs, cv2.CV_32F, square, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        else:
            sums = cv2.sepFilter2D(inputs, cv2.CV_32F, wide, high, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        np.divide(sums[: target.shape[0], : target.shape[1]], rows[strip, None] * columns, out=target)

    return _by_strips(planes, sliding, 0.0, fill)


def _by_strips(
    planes: Planes, sliding: SlidingWindow, neutral: float, fill: Callable[[Planes, Planes, slice], None]
) -> Planes:
    """`fill` gets the padded rows under a strip, the strip of the output, and which of its rows that is."""
    out = np.empty(sliding.output, np.float32)
    high = max(FILTERED_NUMBERS // sliding.source.width, sliding.kernel.vertical)

    def work(strip: PlaneStrip) -> None:
        inputs = _inputs(planes[strip.plane], sliding, strip, neutral)
        fill(inputs, out[strip.plane, strip.rows], strip.rows)

    run_parallel(lambda: work, _strips(sliding, high))
    return out


def _inputs(plane: Planes, sliding: SlidingWindow, strip: PlaneStrip, neutral: float) -> Planes:
    """The rows under a strip of the output with their padding; a view where there is none."""
    top, _, left, right = sliding.pads
    start, stop = strip.top - top, strip.bottom - 1 - top + sliding.kernel.vertical
    rows = plane[max(start, 0) : max(min(stop, len(plane)), 0)]
    if start >= 0 and stop <= len(plane) and not left and not right:
        return rows
    padded = np.full((stop - start, left + plane.shape[1] + right), neutral, np.float32)
    above = max(-start, 0)
    padded[above : above + len(rows), left : left + plane.shape[1]] = rows
    return padded
