"""Transposed convolution as convolution: the road for kernels without dilation.

With a stride of s, every s-th output row reads the same rows of the kernel, those that are s apart. So s·s small
kernels slide over the input as if they were filters of their own, in one matrix product, and their outputs are put
between each other (Shi et al. 2016, "sub-pixel convolution").
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops.products import Desks, multiply, strips
from convstudio.core.ops.slides import Slide, Strip
from convstudio.core.stopping import check
from convstudio.core.threads import share

Planes = NDArray[np.float32]
AT_ONCE = 2**20  # numbers that are put down between two questions whether the work is still wanted


def suits(planes: Planes, weight: Planes, slide: Slide) -> bool:
    """Whether this road gives the same: it multiplies by zeros that are in neither array, so both must be finite."""
    return slide.dilation == (1, 1) and bool(np.isfinite(weight).all()) and bool(np.isfinite(planes).all())


def interleaved(planes: Planes, weight: Planes, bias: Planes | None, slide: Slide) -> Planes:
    """The transposed convolution of exact arguments.

    Parameters
    ----------
    planes
        (C, H, W).
    weight
        (C, filters / groups, kernel height, kernel width).
    bias
        (filters,) or None.
    slide
        Kernel, stride, groups and output; the pads are what is cut off.

    Examples
    --------
    >>> slide = Slide(Shape(1, 1, 2), Shape(1, 1, 5), Pair(1, 3), Pair(1, 2), Pair(1, 1), Amounts(0, 0, 0, 0))
    >>> interleaved(np.float32([[[1, 2]]]), np.float32([[[[1, 1, 1]]]]), None, slide).tolist()
    [[[1.0, 1.0, 3.0, 2.0, 2.0]]]
    """
    (step_y, step_x), inner = slide.stride, _inner(slide)
    out = np.zeros(slide.output, np.float32)
    matrices = _matrices(weight, slide, inner)
    filters, channels = slide.output.channels // slide.groups, slide.source.channels // slide.groups

    def make() -> Callable[[Strip], None]:
        desks: Desks = {}

        def work(strip: Strip) -> None:
            inputs = planes[strip.group * channels : (strip.group + 1) * channels]
            corner = strip.top - inner.pads.top, strip.left - inner.pads.left
            high, wide = strip.bottom - strip.top, strip.right - strip.left
            made = np.empty((filters * step_y * step_x, high, wide), np.float32)
            multiply(inputs, corner, matrices[strip.group], inner, made, desks)
            target = out[strip.group * filters : (strip.group + 1) * filters]
            _put(made.reshape(filters, step_y, step_x, high, wide), strip, slide, target)

        return work

    share(make, strips(inner, channels))
    if bias is not None:
        for plane, added in zip(out, bias, strict=True):
            check()
            np.add(plane, added, out=plane)
    return out


def _inner(slide: Slide) -> Slide:
    """The convolution over the input: its padding is all that a small kernel can reach."""
    small = Pair(
        -(-slide.kernel.vertical // slide.stride.vertical), -(-slide.kernel.horizontal // slide.stride.horizontal)
    )
    above, before = small.vertical - 1, small.horizontal - 1
    output = Shape(
        slide.output.channels * slide.stride.vertical * slide.stride.horizontal,
        slide.source.height + above,
        slide.source.width + before,
    )
    one = Pair(1, 1)
    return Slide(slide.source, output, small, one, one, Amounts(above, above, before, before), slide.groups)


def _matrices(weight: Planes, slide: Slide, inner: Slide) -> Planes:
    """(groups, filters · steps · steps, kernel height · kernel width · channels): each small kernel, turned around."""
    (step_y, step_x), (high, wide), groups = slide.stride, inner.kernel, slide.groups
    channels, filters = weight.shape[0] // groups, weight.shape[1]
    full = np.zeros((weight.shape[0], filters, high * step_y, wide * step_x), np.float32)
    full[:, :, : slide.kernel.vertical, : slide.kernel.horizontal] = weight
    parts = full.reshape(groups, channels, filters, high, step_y, wide, step_x)[:, :, :, ::-1, :, ::-1]
    return np.ascontiguousarray(parts.transpose(0, 2, 4, 6, 3, 5, 1)).reshape(groups, filters * step_y * step_x, -1)


def _put(made: Planes, strip: Strip, slide: Slide, out: Planes) -> None:
    """Put the phases of a strip between each other; what is cut off is left out."""
    (step_y, step_x), (top, _, left, _) = slide.stride, slide.pads
    together = max(1, AT_ONCE // made[0, 0, 0].size)
    for y, x in np.ndindex(step_y, step_x):
        rows, seen_y = _places(strip.top, strip.bottom, step_y, y - top, out.shape[1])
        columns, seen_x = _places(strip.left, strip.right, step_x, x - left, out.shape[2])
        for start in range(0, len(out), together):
            check()
            some = slice(start, start + together)
            out[some, rows, columns] = made[some, y, x, seen_y, seen_x]


def _places(start: int, stop: int, step: int, shift: int, length: int) -> tuple[slice, slice]:
    """Where numbers start … stop − 1 go along an axis of the output, and which of them do.

    Examples
    --------
    >>> _places(0, 4, 2, -3, 4)
    (slice(1, 4, 2), slice(2, 4, None))
    """
    first = max(start, -(shift // step))
    last = min(stop, -((shift - length) // step))
    if last <= first:
        return slice(0, 0), slice(0, 0)
    return slice(first * step + shift, (last - 1) * step + shift + 1, step), slice(first - start, last - start)
