"""Convolution plane by plane with OpenCV's filters: the method for few filters, where nothing is laid out or copied."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops.borders import BORDER_TYPES, padded
from convstudio.core.ops.factors import Piece
from convstudio.core.stopping import check

Planes = NDArray[np.float32]
Kernel = NDArray[np.float64]


class Pass(NamedTuple):
    """One filter of OpenCV over one plane: a piece of a kernel, or a whole kernel as a column and a row."""

    piece: Piece
    column: Kernel | None = None
    row: Kernel | None = None


class _Axis(NamedTuple):
    """Along one axis: the anchor within a piece, and the pixels read and written where it has to lie outside of it."""

    anchor: int
    source: slice
    target: slice


def filterer(
    planes: Planes, passes: list[list[list[Pass]]], bias: Planes | None, window: SlidingWindow, out: Planes
) -> Callable[[], Callable[[int], None]]:
    """What makes the work on filter numbers for `workers.share`.

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
    inside = (
        corner[0] < window.span.vertical and corner[1] < window.span.horizontal and rows <= height and columns <= width
    )
    is_cut = any(len(some) > 1 for channels in passes for some in channels)
    if not inside or window.border is Border.CIRCULAR or (is_cut and window.border is not Border.ZEROS):
        # OpenCV's own borders save a copy where it has the rule and the windows begin on its pixels
        planes, corner, border = padded(planes, window.pads, window.border), (0, 0), cv2.BORDER_CONSTANT
    channels, filters = len(passes[0]), len(passes) // window.groups
    shape = planes.shape[1:]

    def make() -> Callable[[int], None]:
        scratch, whole = np.empty(shape, np.float32), np.empty(shape, np.float32)  # no memory until it is written

        def work(number: int) -> None:
            first = number // filters * channels
            target = out[number]
            total = target if target.shape == shape else whole
            todo = [(planes[first + place], one) for place, some in enumerate(passes[number]) for one in some]
            start = next((place for place, (_, one) in enumerate(todo) if _is_at(one.piece, corner)), None)
            offset = 0.0 if bias is None else float(bias[number])
            if start is None:
                total.fill(offset)
            else:
                plane, one = todo.pop(start)
                _filter(plane, one, total, _axes(one.piece, corner, shape), border, offset)
            for plane, one in todo:
                check()
                _add(plane, one, total, scratch, _axes(one.piece, corner, shape), border)
            if total is not target:
                np.copyto(target, total[:rows:step_y, :columns:step_x])

        return work

    return make


def _is_at(piece: Piece, corner: tuple[int, int]) -> bool:
    """Whether the pixel at the window's anchor lies under the piece, so that the piece fills a whole plane."""
    height, width = piece.cells.shape
    return corner[0] - piece.row in range(height) and corner[1] - piece.column in range(width)


def _axes(piece: Piece, corner: tuple[int, int], shape: tuple[int, ...]) -> tuple[_Axis, _Axis]:
    """How to filter planes of some shape with a piece, rows first."""
    down, across = (
        _axis(begin - first, size, length)
        for begin, first, size, length in zip(corner, piece[:2], piece.cells.shape, shape, strict=True)
    )
    return down, across


def _axis(anchor: int, size: int, length: int) -> _Axis:
    if anchor < 0:
        shift = min(-anchor, length)
        return _Axis(0, slice(shift, length), slice(0, length - shift))
    if anchor >= size:
        shift = min(anchor - size + 1, length)
        return _Axis(size - 1, slice(0, length - shift), slice(shift, length))
    return _Axis(anchor, slice(0, length), slice(0, length))


def _add(plane: Planes, one: Pass, total: Planes, scratch: Planes, axes: tuple[_Axis, _Axis], border: int) -> None:
    """Add a pass to the part of a plane that it reaches; beyond it there is nothing but the border of zeros."""
    down, across = axes
    reached = total[down.target, across.target]
    if reached.size:
        more = scratch[: reached.shape[0], : reached.shape[1]]
        _filter(plane[down.source, across.source], one, more, axes, border, 0.0)
        cv2.add(reached, more, dst=reached)


def _filter(plane: Planes, one: Pass, target: Planes, axes: tuple[_Axis, _Axis], border: int, offset: float) -> None:
    anchor = axes[1].anchor, axes[0].anchor
    if one.column is not None and one.row is not None:
        cv2.sepFilter2D(
            plane, cv2.CV_32F, one.row, one.column, dst=target, anchor=anchor, delta=offset, borderType=border
        )  # fmt: skip
    else:
        cells = one.piece.cells
        cv2.filter2D(plane, cv2.CV_32F, cells, dst=target, anchor=anchor, delta=offset, borderType=border)
