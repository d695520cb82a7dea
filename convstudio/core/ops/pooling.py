"""Fast pooling: one number for each window, by rows first and columns then."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.frame import Shape
from convstudio.core.layers import Pair
from convstudio.core.ops import arguments
from convstudio.core.ops.arguments import PaddingLike, PairLike, Slide

Planes = NDArray[np.float32]


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
    slide = arguments.pooling(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
    return _reduced(values, slide, np.maximum, -np.inf)


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
    slide = arguments.pooling(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=1, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        sums = _reduced(np.ascontiguousarray(planes, np.float32), slide, np.add, 0.0)
        rows = _counts(slide, 0, is_padding_counted=count_include_pad)
        columns = _counts(slide, 1, is_padding_counted=count_include_pad)
        sums /= rows[:, None] * columns
    return sums


def _counts(slide: Slide, axis: int, *, is_padding_counted: bool) -> NDArray[np.float32]:
    """How many pixels count under each window along one axis."""
    length, before, after = slide.source[1 + axis], slide.pads[2 * axis], slide.pads[2 * axis + 1]
    starts = np.arange(slide.output[1 + axis]) * slide.stride[axis] - before
    ends = starts + slide.kernel[axis]
    if is_padding_counted:
        return (np.minimum(ends, length + after) - starts).astype(np.float32)
    return (np.minimum(ends, length) - np.maximum(starts, 0)).astype(np.float32)


def _reduced(planes: Planes, slide: Slide, reduce: np.ufunc, neutral: float) -> Planes:
    """Windows reduced over their rows, then over their columns."""
    channels, height, width = slide.source
    top, left = slide.pads.top, slide.pads.left
    below, beside = (
        (slide.output[1 + axis] - 1) * slide.stride[axis] + slide.span[axis] for axis in range(2)
    )  # fmt: skip
    room = np.full((channels, max(below, top + height), max(beside, left + width)), neutral, np.float32)
    room[:, top : top + height, left : left + width] = planes
    for axis in range(2):
        room = _reduced_along(room, slide, axis, reduce)
    return np.ascontiguousarray(room)


def _reduced_along(room: Planes, slide: Slide, axis: int, reduce: np.ufunc) -> Planes:
    taps, step, spread = Pair.of(slide.kernel)[axis], slide.stride[axis], slide.dilation[axis]
    stop = (slide.output[1 + axis] - 1) * step + 1
    views = [
        room[:, tap : tap + stop : step] if axis == 0 else room[:, :, tap : tap + stop : step]
        for tap in range(0, taps * spread, spread)
    ]
    result = views[0].copy()
    for view in views[1:]:
        reduce(result, view, out=result)
    return result
