"""Fast transposed convolution: every input pixel stamps its multiple of the kernel onto the output.

Without dilation it is a convolution: with a stride of s, every s-th output row reads the same rows of the kernel, those
that are s apart. So s·s small kernels slide over the input as if they were filters of their own, in one matrix product,
and their outputs are put between each other (Shi et al. 2016, "sub-pixel convolution").
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.cancellation import check
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops import arguments
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.gemm import Im2colBuffers, gemm_strips, multiply
from convstudio.core.ops.strips import Strip
from convstudio.core.threads import run_parallel

Planes = NDArray[np.float32]
AT_ONCE = 2**20  # numbers that are written between two checks whether the work is still wanted
STAMP_BYTES = 2**20  # of the stamps of some rows: it should stay in the second-level cache


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = 0,
    output_padding: PairLike = 0,
    dilation: PairLike = 1,
    groups: int = 1,
) -> Planes:
    """Enlarge planes with filters, as PyTorch's function of this name does.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    weight
        (C, filters / groups, height, width).
    bias
        One number for each filter.
    stride
        Distance on the output between the stamps of neighbouring pixels; one number or (vertical, horizontal), here
        and below.
    padding
        How much is cut off: one number, (vertical, horizontal) or ((top, bottom), (left, right)).
    output_padding
        Rows and columns added below and to the right; smaller than the stride or the dilation.
    dilation
        Distance on the output between the numbers of one kernel.
    groups
        Filters and channels are split into so many parts that do not see each other.

    Returns
    -------
    (filters, rows, columns) float32.

    Raises
    ------
    ConvStudioError
        If an argument is not of its form or they do not fit together.

    Examples
    --------
    >>> conv_transpose2d([[[1, 2]]], [[[[1, 1, 1]]]], stride=2).tolist()
    [[[1.0, 1.0, 3.0, 2.0, 2.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    weights = arguments.real_array("weight", weight, "channels, filters, height, width")
    window = arguments.transposed_window(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, output_padding=output_padding, dilation=dilation, groups=groups,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, window.output.channels)
    with np.errstate(all="ignore"):
        inputs, kernels = np.ascontiguousarray(planes, np.float32), np.ascontiguousarray(weights, np.float32)
        added = None if offsets is None else offsets.astype(np.float32)
        if _suits_phases(inputs, kernels, window):
            return interleaved(inputs, kernels, added, window)
        out = stamped(inputs, kernels, window)
        if added is not None:
            for plane, offset in zip(out, added, strict=True):
                check()
                np.add(plane, offset, out=plane)
    return out


def stamped(planes: Planes, weight: Planes, window: SlidingWindow) -> Planes:
    """`conv_transpose2d` with its arguments made exact: products of some rows, added where they belong."""
    channels, height, width = window.output
    top, bottom, left, right = window.pads
    inputs, rows, columns = planes.shape
    (taps_y, taps_x), (step_y, step_x), (dilation_y, dilation_x) = window.kernel, window.stride, window.dilation
    canvas = np.zeros((channels, top + height + bottom, left + width + right), np.float32)
    across = (columns - 1) * step_x + 1
    high = max(1, STAMP_BYTES // (channels // window.groups * taps_y * taps_x * columns * 4))
    parts = zip(*(np.split(array, window.groups) for array in (planes, weight, canvas)), strict=True)
    for pixels, kernels, target in parts:
        matrix = kernels.reshape(inputs // window.groups, -1).T
        for start in range(0, rows, high):
            check()
            inputs_of_rows = pixels[:, start : start + high]
            count = inputs_of_rows.shape[1]
            stamps = (matrix @ inputs_of_rows.reshape(len(inputs_of_rows), -1)).reshape(
                -1, taps_y, taps_x, count, columns
            )
            down = (count - 1) * step_y + 1
            for i, j in np.ndindex(taps_y, taps_x):
                y, x = start * step_y + i * dilation_y, j * dilation_x
                target[:, y : y + down : step_y, x : x + across : step_x] += stamps[:, i, j]
    return np.ascontiguousarray(canvas[:, top : top + height, left : left + width])


def _suits_phases(planes: Planes, weight: Planes, window: SlidingWindow) -> bool:
    """Whether this method gives the same: it multiplies by zeros that are in neither array, so both must be finite."""
    return window.dilation == (1, 1) and bool(np.isfinite(weight).all()) and bool(np.isfinite(planes).all())


def interleaved(planes: Planes, weight: Planes, bias: Planes | None, window: SlidingWindow) -> Planes:
    """The transposed convolution of exact arguments.

    Parameters
    ----------
    planes
        (C, H, W).
    weight
        (C, filters / groups, kernel height, kernel width).
    bias
        (filters,) or None.
    window
        Kernel, stride, groups and output; the pads are what is cut off.

    Examples
    --------
    >>> window = SlidingWindow(Shape(1, 1, 2), Shape(1, 1, 5), Pair(1, 3), Pair(1, 2), Pair(1, 1), Amounts(0, 0, 0, 0))
    >>> interleaved(np.float32([[[1, 2]]]), np.float32([[[[1, 1, 1]]]]), None, window).tolist()
    [[[1.0, 1.0, 3.0, 2.0, 2.0]]]
    """
    (step_y, step_x), inner = window.stride, _inner(window)
    out = np.zeros(window.output, np.float32)
    matrices = _matrices(weight, window, inner)
    filters, channels = window.output.channels // window.groups, window.source.channels // window.groups

    def make_work() -> Callable[[Strip], None]:
        buffers: Im2colBuffers = {}

        def work(strip: Strip) -> None:
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            corner = strip.top - inner.pads.top, strip.left - inner.pads.left
            high, wide = strip.bottom - strip.top, strip.right - strip.left
            phases = np.empty((filters * step_y * step_x, high, wide), np.float32)
            multiply(inputs, corner, matrices[strip.group], inner, phases, buffers)
            target = out[strip.group * filters : (strip.group + 1) * filters]
            _put(phases.reshape(filters, step_y, step_x, high, wide), strip, window, target)

        return work

    run_parallel(make_work, gemm_strips(inner, channels))
    if bias is not None:
        for plane, added in zip(out, bias, strict=True):
            check()
            np.add(plane, added, out=plane)
    return out


def _inner(window: SlidingWindow) -> SlidingWindow:
    """The convolution over the input: its padding is all that a small kernel can reach."""
    small = Pair(
        ceil_division(window.kernel.vertical, window.stride.vertical),
        ceil_division(window.kernel.horizontal, window.stride.horizontal),
    )
    above, before = small.vertical - 1, small.horizontal - 1
    output = Shape(
        window.output.channels * window.stride.vertical * window.stride.horizontal,
        window.source.height + above,
        window.source.width + before,
    )
    pads = Amounts(above, above, before, before)
    return SlidingWindow(window.source, output, small, pads=pads, groups=window.groups)


def _matrices(weight: Planes, window: SlidingWindow, inner: SlidingWindow) -> Planes:
    """(groups, filters · steps · steps, kernel height · kernel width · channels): each small kernel, turned around."""
    (step_y, step_x), (high, wide), groups = window.stride, inner.kernel, window.groups
    channels, filters = weight.shape[0] // groups, weight.shape[1]
    full = np.zeros((weight.shape[0], filters, high * step_y, wide * step_x), np.float32)
    full[:, :, : window.kernel.vertical, : window.kernel.horizontal] = weight
    parts = full.reshape(groups, channels, filters, high, step_y, wide, step_x)[:, :, :, ::-1, :, ::-1]
    return np.ascontiguousarray(parts.transpose(0, 2, 4, 6, 3, 5, 1)).reshape(groups, filters * step_y * step_x, -1)


def _put(phases: Planes, strip: Strip, window: SlidingWindow, out: Planes) -> None:
    """Put the phases of a strip between each other; what is cut off is left out."""
    (step_y, step_x), (top, _, left, _) = window.stride, window.pads
    at_once = max(1, AT_ONCE // phases[0, 0, 0].size)
    for y, x in np.ndindex(step_y, step_x):
        rows, phase_rows = _places(strip.top, strip.bottom, step_y, y - top, out.shape[1])
        columns, phase_columns = _places(strip.left, strip.right, step_x, x - left, out.shape[2])
        for start in range(0, len(out), at_once):
            check()
            filters = slice(start, start + at_once)
            out[filters, rows, columns] = phases[filters, y, x, phase_rows, phase_columns]


def _places(start: int, stop: int, step: int, shift: int, length: int) -> tuple[slice, slice]:
    """Where numbers start … stop − 1 go along an axis of the output, and which of them do.

    Examples
    --------
    >>> _places(0, 4, 2, -3, 4)
    (slice(1, 4, 2), slice(2, 4, None))
    """
    first = max(start, ceil_division(-shift, step))
    last = min(stop, ceil_division(length - shift, step))
    if last <= first:
        return slice(0, 0), slice(0, 0)
    return slice(first * step + shift, (last - 1) * step + shift + 1, step), slice(first - start, last - start)
