"""Convolution plane by plane with OpenCV's filter2D and sepFilter2D: the method for few filters, which copies nothing.

A kernel that is separable becomes a column and a row. One that filter2D would transform is cut into parts; OpenCV
filters with each of them, and the results are added up.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.sizes import even_part
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops.padding import BORDER_TYPES, padded

Planes = NDArray[np.float32]
Kernel = NDArray[np.float64]

ROUNDING = 2.0**-21  # of each weight: what is left of float32 weights after a division and two products
MOST_CELLS = 129  # from 130 on filter2D goes through a Fourier transform


class KernelPart(NamedTuple):
    """A part of a kernel, and where its first cell lies in it."""

    row: int
    column: int
    cells: Kernel


class Pass(NamedTuple):
    """One call of OpenCV for one plane: with a part of a kernel, or with a whole kernel as a column and a row."""

    part: KernelPart
    column: Kernel | None = None
    row: Kernel | None = None


class _AxisOfPart(NamedTuple):
    """Along one axis: the anchor within a part, and the pixels read and written where it has to lie outside of it."""

    anchor: int
    source: slice
    target: slice


def dilated(kernel: Kernel, window: SlidingWindow) -> Kernel:
    """A kernel with the zeros that dilation puts between its cells.

    Parameters
    ----------
    kernel
        (kernel height, kernel width).
    window
        Its span and dilation.
    """
    if window.dilation == (1, 1):
        return kernel
    cells = np.zeros(window.span)
    cells[:: window.dilation.vertical, :: window.dilation.horizontal] = kernel
    return cells


def factors(kernel: Kernel) -> tuple[Kernel, Kernel] | None:
    """A column and a row whose product is the kernel to the rounding of float32; None where it is not separable.

    The column and the row cross in the largest cell. They are refused where a single cell differs by more than
    rounding: a pixel under it may be larger than all others, and a cell that is 0 ignores its pixel.

    Examples
    --------
    >>> column, row = factors(np.array([[1.0, 2.0], [2.0, 4.0]]))
    >>> column.tolist(), row.tolist()
    ([0.5, 1.0], [2.0, 4.0])
    >>> factors(np.eye(2)) is None
    True
    """
    pivot_row, pivot_column = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    pivot = kernel[pivot_row, pivot_column]
    if pivot == 0:
        return None
    column, row = kernel[:, pivot_column] / pivot, kernel[pivot_row]
    is_exact = (np.abs(np.outer(column, row) - kernel) <= ROUNDING * np.abs(kernel)).all()
    return (column, row) if is_exact else None


def kernel_parts(kernel: Kernel) -> Iterator[KernelPart]:
    """A kernel cut so small that filter2D computes each part directly; parts of zeros are left out, but for one.

    Examples
    --------
    >>> [(part.row, part.column, part.cells.shape) for part in kernel_parts(np.ones((15, 15)))]
    [(0, 0, (8, 15)), (8, 0, (7, 15))]
    """
    height, width = kernel.shape
    wide = even_part(width, MOST_CELLS)
    high = even_part(height, MOST_CELLS // wide)
    parts = [
        KernelPart(row, column, kernel[row : row + high, column : column + wide])
        for row in range(0, height, high)
        for column in range(0, width, wide)
    ]
    return (part for part in parts if part.cells.any() or len(parts) == 1)


def filter_work(
    planes: Planes, passes: list[list[list[Pass]]], bias: Planes | None, window: SlidingWindow, out: Planes
) -> Callable[[], Callable[[int], None]]:
    """The work on filter numbers, for `threads.run_parallel`.

    Parameters
    ----------
    planes
        (C, H, W), the padding not in it yet.
    passes
        For each filter, for each of its channels, what to add up.
    bias
        (filters,) or None.
    window
        Kernel, stride, dilation, padding and groups.
    out
        (filters, rows, columns), to be filled.
    """
    (_, height, width), (step_y, step_x) = window.source, window.stride
    rows, columns = (window.output.height - 1) * step_y + 1, (window.output.width - 1) * step_x + 1
    corner, border = (window.pads.top, window.pads.left), BORDER_TYPES[window.border]
    is_inside = (
        corner[0] < window.span.vertical and corner[1] < window.span.horizontal and rows <= height and columns <= width
    )
    is_cut = any(len(of_channel) > 1 for of_filter in passes for of_channel in of_filter)
    if not is_inside or window.border is Border.CIRCULAR or (is_cut and window.border is not Border.ZEROS):
        # OpenCV's own borders save a copy where it has the rule and the windows begin on its pixels
        planes, corner, border = padded(planes, window.pads, window.border), (0, 0), cv2.BORDER_CONSTANT
    channels, filters = len(passes[0]), len(passes) // window.groups
    shape = planes.shape[1:]

    def make_work() -> Callable[[int], None]:
        scratch, unstrided = np.empty(shape, np.float32), np.empty(shape, np.float32)  # no memory until it is written

        def work(number: int) -> None:
            first = number // filters * channels
            target = out[number]
            total = target if target.shape == shape else unstrided
            calls = [
                (planes[first + channel], call)
                for channel, of_channel in enumerate(passes[number])
                for call in of_channel
            ]
            start = next((place for place, (_, call) in enumerate(calls) if _is_at(call.part, corner)), None)
            offset = 0.0 if bias is None else float(bias[number])
            if start is None:
                total.fill(offset)
            else:
                plane, call = calls.pop(start)
                _filter(plane, call, total, _axes(call.part, corner, shape), border, offset)
            for plane, call in calls:
                check()
                _add(plane, call, total, scratch, _axes(call.part, corner, shape), border)
            if total is not target:
                np.copyto(target, total[:rows:step_y, :columns:step_x])

        return work

    return make_work


def _is_at(part: KernelPart, corner: tuple[int, int]) -> bool:
    """Whether the pixel at the window's anchor lies under the part, so that the part fills a whole plane."""
    height, width = part.cells.shape
    return corner[0] - part.row in range(height) and corner[1] - part.column in range(width)


def _axes(part: KernelPart, corner: tuple[int, int], shape: tuple[int, ...]) -> tuple[_AxisOfPart, _AxisOfPart]:
    """How to filter planes of a shape with a part of a kernel, rows first."""
    down, across = (
        _axis(begin - first, size, length)
        for begin, first, size, length in zip(corner, part[:2], part.cells.shape, shape, strict=True)
    )
    return down, across


def _axis(anchor: int, size: int, length: int) -> _AxisOfPart:
    if anchor < 0:
        shift = min(-anchor, length)
        return _AxisOfPart(0, slice(shift, length), slice(0, length - shift))
    if anchor >= size:
        shift = min(anchor - size + 1, length)
        return _AxisOfPart(size - 1, slice(0, length - shift), slice(shift, length))
    return _AxisOfPart(anchor, slice(0, length), slice(0, length))


def _add(
    plane: Planes, call: Pass, total: Planes, scratch: Planes, axes: tuple[_AxisOfPart, _AxisOfPart], border: int
) -> None:
    """Add a pass to the part of a plane that it reaches; beyond it there is nothing but the border of zeros."""
    down, across = axes
    reached = total[down.target, across.target]
    if reached.size:
        sums = scratch[: reached.shape[0], : reached.shape[1]]
        _filter(plane[down.source, across.source], call, sums, axes, border, 0.0)
        cv2.add(reached, sums, dst=reached)


def _filter(
    plane: Planes, call: Pass, target: Planes, axes: tuple[_AxisOfPart, _AxisOfPart], border: int, offset: float
) -> None:
    anchor = axes[1].anchor, axes[0].anchor
    if call.column is not None and call.row is not None:
        cv2.sepFilter2D(
            plane, cv2.CV_32F, call.row, call.column, dst=target, anchor=anchor, delta=offset, borderType=border
        )  # fmt: skip
    else:
        cells = call.part.cells
        cv2.filter2D(plane, cv2.CV_32F, cells, dst=target, anchor=anchor, delta=offset, borderType=border)
