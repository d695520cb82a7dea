"""A changed convolution from the old one: it is linear in its weights, so each change adds one shifted input.

Which changes are worth it and how often they may follow each other is decided in `change`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convstudio.core import buffers
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.regions import Region, around
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops import jit
from convstudio.core.ops.methods import compiling_cpu
from convstudio.core.ops.strips import PlaneStrip
from convstudio.core.ops.updates import Tap, TapSources, Update, plane_strips, tap_sources
from convstudio.core.threads import run_parallel

Planes = NDArray[np.float32]


def updated(old: Planes, x: Planes, updates: Sequence[Update], window: SlidingWindow) -> Planes:
    """New output planes of a convolution whose weights or biases changed a little.

    Parameters
    ----------
    old
        The output before, (filters, rows, columns); it is not touched.
    x
        The input, (C, H, W).
    updates
        One for each output plane.
    window
        How the windows of both lie on the input.

    Returns
    -------
    (filters, rows, columns) float32, a new array; each update rounds once or twice.

    Examples
    --------
    >>> from convstudio.core.geometry.padding import Amounts
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.geometry.window import convolution
    >>> x = np.array([[[1, 2, 3]]], np.float32)
    >>> window = convolution(Shape(1, 1, 3), 1, kernel=Pair(1, 3), pads=Amounts(0, 0, 1, 1))
    >>> updated(np.zeros_like(x), x, [Update(taps=(Tap(0, 0, 0, 10.0),))], window).tolist()
    [[[0.0, 10.0, 20.0]]]
    """
    out, cpu = buffers.empty(old.shape), compiling_cpu()
    is_shift = window.stride == (1, 1) and old.flags.c_contiguous and x.flags.c_contiguous
    if cpu is not None and is_shift and old.shape[2] >= cpu.lanes:
        jit.updated(old, out, x, updates, window, cpu)
        return out

    def work(strip: PlaneStrip) -> None:
        place = strip.plane, strip.rows
        update, before, target = updates[strip.plane], old[place], out[place]
        if update.rescales:
            _rescale(before, target, update)
            before = target
        elif not update.taps:
            np.copyto(target, before)
        for tap in update.taps:
            if before is not target:
                np.copyto(target, before)
            _add(target, x[tap.source], tap, window, strip.rows, old.shape[1])
            before = target

    run_parallel(lambda: work, plane_strips(old))
    return out


def _rescale(old: Planes, target: Planes, update: Update) -> None:
    if update.scale == 1:
        np.add(old, np.float32(update.offset), out=target)
        return
    np.multiply(old, np.float32(update.scale), out=target)
    if update.offset:
        target += np.float32(update.offset)


def _add(target: Planes, plane: Planes, tap: Tap, window: SlidingWindow, strip: slice, height: int) -> None:
    """Add a tap to a strip of an output plane of such a height."""
    down = tap_sources(window, 0, tap.row, height, plane.shape[0]).of(strip)
    across = tap_sources(window, 1, tap.column, target.shape[1], plane.shape[1])
    rows, columns = slice(down.start, down.stop), slice(across.start, across.stop)
    if down.start < down.stop and across.start < across.stop:
        values = plane[down.sources[down.start] :, across.sources[across.start] :]
        _add_inside(target[rows, columns], values, tap.amount, window.stride)
    if window.border is not Border.ZEROS:
        _add_padding(target, plane, tap.amount, down, across)


def _add_inside(target: Planes, plane: Planes, amount: float, stride: Pair) -> None:
    height, width = target.shape
    values = plane[: (height - 1) * stride.vertical + 1 : stride.vertical]
    values = values[:, : (width - 1) * stride.horizontal + 1 : stride.horizontal]
    if stride == (1, 1):
        cv2.scaleAdd(values, amount, target, dst=target)  # one pass, where NumPy needs two and an array between
    else:
        target += np.float32(amount) * values


def _add_padding(target: Planes, plane: Planes, amount: float, down: TapSources, across: TapSources) -> None:
    """Outputs whose place is in the padding."""
    height, width = target.shape
    inside, factor = Region(down.start, down.stop, across.start, across.stop), np.float32(amount)
    for top, bottom, left, right in around(inside, Region(0, height, 0, width)):
        values = plane[np.ix_(down.sources[top:bottom], across.sources[left:right])]
        target[top:bottom, left:right] += factor * values
