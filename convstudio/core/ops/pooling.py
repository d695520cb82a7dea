"""Fast pooling: one number for each window, by rows first and columns then."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.geometry.shapes import Shape
from convstudio.core.opencv import cv2
from convstudio.core.ops import arguments, slides, sliding
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.slides import Slide
from convstudio.core.threads import share

Planes = NDArray[np.float32]
BLOCK_NUMBERS = 2**17  # under the windows of one block of rows: it should stay in the second-level cache


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
    slide = slides.pooling(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
    if sliding.suits(slide):
        return sliding.largest(values, slide)
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
    slide = slides.pooling(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=1, ceil_mode=ceil_mode
    )
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
        rows = _counts(slide, 0, is_padding_counted=count_include_pad)
        columns = _counts(slide, 1, is_padding_counted=count_include_pad)
        if _is_halving(slide):
            return _halved(values, slide)
        if sliding.suits(slide):
            return sliding.means(values, slide, rows, columns)
        sums = _reduced(values, slide, np.add, 0.0)
        sums /= rows[:, None] * columns
    return sums


def _is_halving(slide: Slide) -> bool:
    """Whether windows of 2×2 lie side by side, all inside of the picture."""
    _, height, width = slide.source
    rows, columns = slide.output.height * 2, slide.output.width * 2
    return slide.kernel == slide.stride == (2, 2) and not any(slide.pads) and rows <= height and columns <= width


def _halved(planes: Planes, slide: Slide) -> Planes:
    """OpenCV shrinks by two in one vectorised pass: the sum of four numbers times a quarter, which is exact."""
    out = np.empty(slide.output, np.float32)
    _, rows, columns = slide.output
    for plane, target in zip(planes, out, strict=True):
        cv2.resize(plane[: rows * 2, : columns * 2], (columns, rows), dst=target, interpolation=cv2.INTER_AREA)
    return out


def _counts(slide: Slide, axis: int, *, is_padding_counted: bool) -> NDArray[np.float32]:
    """How many pixels count under each window along one axis."""
    length, before, after = slide.source[1 + axis], slide.pads[2 * axis], slide.pads[2 * axis + 1]
    starts = np.arange(slide.output[1 + axis]) * slide.stride[axis] - before
    ends = starts + slide.kernel[axis]
    if is_padding_counted:
        return (np.minimum(ends, length + after) - starts).astype(np.float32)
    return (np.minimum(ends, length) - np.maximum(starts, 0)).astype(np.float32)


def _reduced(planes: Planes, slide: Slide, reduce: np.ufunc, neutral: float) -> Planes:
    """Windows reduced over their rows, then over their columns; blocks of output rows are shared among the cores."""
    out = np.empty(slide.output, np.float32)
    width = slide.source.width
    high = max(1, BLOCK_NUMBERS // (width * slide.stride.vertical))
    blocks = [
        (channel, top, min(top + high, slide.output.height))
        for channel in range(slide.output.channels)
        for top in range(0, slide.output.height, high)
    ]

    def work(block: tuple[int, int, int]) -> None:
        channel, top, bottom = block
        rows = _rows(planes[channel], slide, range(top, bottom), reduce, neutral)
        _columns(rows, slide, reduce, neutral, out[channel, top:bottom])

    share(lambda: work, blocks)
    return out


def _rows(plane: Planes, slide: Slide, outputs: range, reduce: np.ufunc, neutral: float) -> Planes:
    """The rows under the windows of some output rows, reduced to one row for each."""
    step, spread = slide.stride.vertical, slide.dilation.vertical
    first = outputs.start * step - slide.pads.top
    last = (outputs.stop - 1) * step - slide.pads.top + slide.span.vertical
    room = plane[max(first, 0) : max(min(last, len(plane)), 0)]
    if first < 0 or last > len(plane):
        padded = np.full((last - first, plane.shape[1]), neutral, np.float32)
        padded[max(-first, 0) : max(-first, 0) + len(room)] = room
        room = padded
    stop = (len(outputs) - 1) * step + 1
    taps = [room[tap : tap + stop : step] for tap in range(0, slide.kernel.vertical * spread, spread)]
    return _reduced_taps(taps, reduce, np.empty(taps[0].shape, np.float32))


def _columns(rows: Planes, slide: Slide, reduce: np.ufunc, neutral: float, out: Planes) -> None:
    """Windows of rows that are reduced already, reduced along their columns into `out`."""
    step, spread = slide.stride.horizontal, slide.dilation.horizontal
    left, width = slide.pads.left, rows.shape[1]
    last = (slide.output.width - 1) * step - left + slide.span.horizontal
    if left or last > width:
        padded = np.full((len(rows), left + max(last, width)), neutral, np.float32)
        padded[:, left : left + width] = rows
        rows = padded
    stop = (slide.output.width - 1) * step + 1
    taps = [rows[:, tap : tap + stop : step] for tap in range(0, slide.kernel.horizontal * spread, spread)]
    _reduced_taps(taps, reduce, out)


def _reduced_taps(taps: list[Planes], reduce: np.ufunc, out: Planes) -> Planes:
    if len(taps) == 1:
        np.copyto(out, taps[0])
        return out
    reduce(taps[0], taps[1], out=out)
    for tap in taps[2:]:
        reduce(out, tap, out=out)
    return out
