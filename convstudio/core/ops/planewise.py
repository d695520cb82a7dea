"""Convolution plane by plane with OpenCV's filters: the road for few filters, where nothing is laid out or copied."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from convstudio.core.layers import Border
from convstudio.core.opencv import cv2
from convstudio.core.ops.arguments import Slide
from convstudio.core.ops.borders import BORDER_TYPES, padded

Planes = NDArray[np.float32]
Kernel = NDArray[np.float64]

MOST_PAIRS = 3  # filters times channels of a group; with more the matrix product is quicker
DIRECT_CELLS = 130  # from here filter2D goes through a DFT, whose error is that of the largest numbers around
SEPARABLE_CELLS = 25  # from here two one-dimensional passes are quicker than one two-dimensional
FEWEST_OUTPUTS = 4096


def suits(slide: Slide, kernels: Kernel) -> bool:
    """Whether this road is the shorter one and as exact as the other.

    Parameters
    ----------
    slide
        Kernel, stride, dilation, output and groups.
    kernels
        (filters, C / groups, kernel height, kernel width).
    """
    pairs = len(kernels) // slide.groups * kernels.shape[1]
    wasted = slide.stride.vertical * slide.stride.horizontal
    if pairs > MOST_PAIRS or wasted > 4 or slide.output.width * slide.output.height < FEWEST_OUTPUTS:
        return False
    if slide.span.vertical * slide.span.horizontal < DIRECT_CELLS:
        return True
    return all(factors(spread(kernel, slide)) is not None for kernel in kernels.reshape(-1, *slide.kernel))


def filterer(
    planes: Planes, kernels: Kernel, bias: Planes | None, slide: Slide, out: Planes
) -> Callable[[], Callable[[int], None]]:
    """What makes the work on filter numbers for `workers.share`; the padding is not in `planes` yet."""
    top, left = slide.pads.top, slide.pads.left
    (_, height, width), (step_y, step_x) = slide.source, slide.stride
    rows, columns = (slide.output.height - 1) * step_y + 1, (slide.output.width - 1) * step_x + 1
    inside = top < slide.span.vertical and left < slide.span.horizontal and rows <= height and columns <= width
    if inside and slide.border is not Border.CIRCULAR:
        # OpenCV's own borders save a copy where it has the rule and the windows begin on its pixels
        anchor, border = (left, top), BORDER_TYPES[slide.border]
    else:
        planes = padded(planes, slide.pads, slide.border)
        anchor, border = (0, 0), cv2.BORDER_CONSTANT
    channels, filters = kernels.shape[1], len(kernels) // slide.groups

    def make() -> Callable[[int], None]:
        def work(number: int) -> None:
            first = number // filters * channels
            target = out[number]
            total = target if target.shape == planes.shape[1:] else np.empty(planes.shape[1:], np.float32)
            offset = 0.0 if bias is None else float(bias[number])
            for place, kernel in enumerate(kernels[number]):
                plane, cells = planes[first + place], spread(kernel, slide)
                if place == 0:
                    _filter(plane, cells, total, anchor=anchor, border=border, offset=offset)
                else:
                    scratch = np.empty_like(total)
                    _filter(plane, cells, scratch, anchor=anchor, border=border, offset=0.0)
                    cv2.add(total, scratch, dst=total)
            if total is not target:
                np.copyto(target, total[:rows:step_y, :columns:step_x])

        return work

    return make


def spread(kernel: Kernel, slide: Slide) -> Kernel:
    """A kernel with the zeros that dilation puts between its cells."""
    if slide.dilation == (1, 1):
        return kernel
    cells = np.zeros(slide.span)
    cells[:: slide.dilation.vertical, :: slide.dilation.horizontal] = kernel
    return cells


def factors(kernel: Kernel) -> tuple[Kernel, Kernel] | None:
    """A column and a row whose product is the kernel, far within float32 rounding; None if there are none.

    Examples
    --------
    >>> column, row = factors(np.array([[1.0, 2.0], [2.0, 4.0]]))
    >>> column.tolist(), row.tolist()
    ([0.5, 1.0], [2.0, 4.0])
    """
    row, column = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    pivot = kernel[row, column]
    if pivot == 0:
        return None
    found = kernel[:, column] / pivot, kernel[row]
    return found if np.abs(np.outer(*found) - kernel).max() <= 1e-12 * abs(pivot) else None


def _filter(
    plane: Planes, kernel: Kernel, target: Planes, *, anchor: tuple[int, int], border: int, offset: float
) -> None:
    found = factors(kernel) if kernel.size >= SEPARABLE_CELLS else None
    if found is not None:
        column, row = found
        cv2.sepFilter2D(
            plane, cv2.CV_32F, row, column, dst=target, anchor=anchor, delta=offset, borderType=border
        )  # fmt: skip
    else:
        cv2.filter2D(plane, cv2.CV_32F, kernel, dst=target, anchor=anchor, delta=offset, borderType=border)
