"""Colouring: values made colours within a display range, and counted on the way. Only here are values clipped.

JIT-compiled code does it in one pass, where it is there, and OpenCV in one for each step; both round alike.
"""

from functools import cache
from itertools import pairwise
from math import isfinite, isinf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colours import INFINITE, NO_NUMBER, Colours, SignedScale, diverging_colours
from convstudio.core.display.ranges import ROUNDING, DisplayRange
from convstudio.core.opencv import cv2
from convstudio.core.ops import jit
from convstudio.core.ops.methods import compiling_cpu
from convstudio.core.recipe.document import DisplayMode
from convstudio.core.threads import cut, run_parallel

Planes = NDArray[np.float32]
FARTHEST, NEAREST = 1e38, 1e-35
"""How far out colours end, and how near to each other their ends are: what float32 can reckon with on the way."""
FEW_NUMBERS = 2**20  # values of which it takes a fraction of a millisecond to look for NaNs
STRIP_NUMBERS = 2**19  # of the values that OpenCV does at a time; fewer wait for Python more than they save


class Statistics(NamedTuple):
    """Statistics of some values: their extremes, and how many are negative or outside of the colours."""

    least: float
    most: float
    negative: int
    outside: int


class _Levels(NamedTuple):
    """Level = gain · value + shift, from 0 to 255; and the values at which the colours end."""

    gain: float
    shift: float
    low: float
    high: float
    is_absolute: bool


def planes_shown(planes: Planes, mode: DisplayMode) -> Planes:
    """The planes that become colours: of red, green and blue that swing around zero their mean, else all there are.

    Examples
    --------
    >>> planes_shown(np.array([[[3]], [[-1]], [[4]]], np.float32), DisplayMode.SIGNED).tolist()
    [[[2.0]]]
    """
    if mode is not DisplayMode.SIGNED or len(planes) == 1:
        return planes
    mean = np.empty(planes.shape[1:], np.float32)

    def work(rows: slice) -> None:
        red, green, blue = planes[:, rows]
        total = cv2.add(cv2.add(red, green), blue)  # before it is divided, so that what cancels is 0
        np.multiply(total, np.float32(1 / 3), out=mean[rows])

    run_parallel(lambda: work, _strips(planes))
    return mean[None]


def painted(planes: Planes, display_range: DisplayRange, *, has_gaps: bool = False) -> tuple[Colours, Statistics]:
    """One plane, or three as red, green and blue, in the colours of a screen, and statistics of what is shown of them.

    Parameters
    ----------
    planes
        (1, H, W) or (3, H, W).
    display_range
        What the ends of the colours stand for.
    has_gaps
        Whether some values may be NaN although all others are finite; of few values that is looked up, and compiled
        code always tells.

    Returns
    -------
    (H, W, 4) uint8: blue, green, red and 255, `NO_NUMBER` where a value is NaN and `INFINITE` where one is infinite;
    and the count, which leaves NaNs out.

    Examples
    --------
    >>> display_range = DisplayRange(DisplayMode.CLIP, 0.0, 10.0)
    >>> colours, statistics = painted(np.array([[[0, 5, -3, 20]]], np.float32), display_range)
    >>> colours[0, 1].tolist(), statistics
    ([128, 128, 128, 255], Statistics(least=-3.0, most=20.0, negative=1, outside=2))
    """
    cpu, levels = compiling_cpu(), _levels(display_range)
    if cpu is not None and planes[0].size >= cpu.lanes:
        screen, statistics, may_have_gaps = _in_one_pass(planes, display_range, levels, cpu)
        if may_have_gaps or _is_endless(statistics):
            _mark_gaps(screen, planes_shown(planes, display_range.mode), statistics)
        return screen, statistics
    planes = planes_shown(planes, display_range.mode)
    screen, statistics = _step_by_step(planes, display_range, levels), _statistics(planes, levels)
    if has_gaps or planes.size <= FEW_NUMBERS or not isfinite(statistics.least + statistics.most):
        _mark_gaps(screen, planes, statistics)
    return screen, statistics


def coloured(planes: Planes, display_range: DisplayRange, *, has_gaps: bool = False) -> tuple[Colours, Statistics]:
    """What `painted` shows as (H, W, 3) uint8, red, green and blue, and statistics of the numbers.

    Examples
    --------
    >>> colours, statistics = coloured(np.array([[[0, 5, 20]]], np.float32), DisplayRange(DisplayMode.CLIP, 0.0, 10.0))
    >>> colours[0, :, 0].tolist(), statistics.outside
    ([0, 128, 255], 1)
    """
    screen, statistics = painted(planes, display_range, has_gaps=has_gaps)
    return _bytes(cv2.cvtColor(screen, cv2.COLOR_BGRA2RGB)), statistics


def _is_endless(statistics: Statistics) -> bool:
    return isinf(statistics.least) or isinf(statistics.most)


def _mark_gaps(screen: Colours, planes: Planes, statistics: Statistics) -> None:
    """Paint what is infinite, and what is no number, in colours of their own."""
    if _is_endless(statistics):
        screen[np.isinf(planes).any(axis=0)] = *reversed(INFINITE), 255
    if any(np.isnan(cv2.sumElems(plane)[0]) for plane in planes):  # so also of ∞ − ∞
        screen[np.isnan(planes).any(axis=0)] = *reversed(NO_NUMBER), 255


def extremes(planes: Planes) -> tuple[float, float]:
    """The smallest and the largest number; NaN where there is none.

    Examples
    --------
    >>> extremes(np.array([[[3, -2]]], np.float32))
    (-2.0, 3.0)
    """
    ends: list[tuple[float, float]] = []
    run_parallel(lambda: lambda rows: ends.append(_extremes(planes[:, rows])), _strips(planes))
    least, most = zip(*ends, strict=True)
    return float(np.fmin.reduce(least)), float(np.fmax.reduce(most))


def _strips(planes: Planes) -> list[slice]:
    """The rows of planes in parts; none without a row."""
    height = planes.shape[1]
    count = max(1, min(planes.size // STRIP_NUMBERS, height))
    return [slice(*ends) for ends in pairwise(cut(0, height, count))]


def _levels(display_range: DisplayRange) -> _Levels:
    is_signed, is_absolute = display_range.mode is DisplayMode.SIGNED, display_range.mode is DisplayMode.ABSOLUTE
    bottom = 1 if is_signed else 0
    wider = max(1.0, NEAREST / (display_range.high - display_range.low))
    low, high = (min(max(end * wider, -FARTHEST), FARTHEST) for end in (display_range.low, display_range.high))
    gain = (255 - bottom) / (high - low)
    slack = ROUNDING * (high - low)  # so that white under weights whose sum is 1 stays within white
    return _Levels(gain, bottom - low * gain, -high - slack if is_absolute else low - slack, high + slack, is_absolute)


def _in_one_pass(
    planes: Planes, display_range: DisplayRange, levels: _Levels, cpu: jit.Processor
) -> tuple[Colours, Statistics, bool]:
    """The colours, the count, and whether there may be a NaN."""
    is_signed, is_colour = display_range.mode is DisplayMode.SIGNED, len(planes) == 3
    if is_signed:
        colours = jit.ColourMode.MEAN_MAP if is_colour else jit.ColourMode.MAP
    else:
        colours = jit.ColourMode.RGB if is_colour else jit.ColourMode.GREY
    screen, counts, may_have_gaps = jit.coloured(
        planes, colours, **levels._asdict(), table=_table(display_range.signed_scale), cpu=cpu
    )
    return screen, Statistics(*counts), may_have_gaps


def _step_by_step(planes: Planes, display_range: DisplayRange, levels: _Levels) -> Colours:
    screen = np.empty((*planes.shape[1:], 4), np.uint8)

    def work(rows: slice) -> None:
        channels = [_level(plane, levels) for plane in planes[:, rows]]
        if len(channels) == 3:
            cv2.merge([*reversed(channels), np.full_like(channels[0], 255)], screen[rows])
        elif display_range.mode is DisplayMode.SIGNED:
            screen[rows] = _table(display_range.signed_scale)[channels[0]]
        else:
            cv2.cvtColor(channels[0], cv2.COLOR_GRAY2BGRA, screen[rows])

    run_parallel(lambda: work, _strips(planes))
    return screen


def _statistics(planes: Planes, levels: _Levels) -> Statistics:
    low, high = np.float32(levels.low), np.float32(levels.high)
    parts: list[Statistics] = []

    def work(rows: slice) -> None:
        part = planes[:, rows]
        outside = np.count_nonzero(part < low) + np.count_nonzero(part > high)
        parts.append(Statistics(*_extremes(part), int(np.count_nonzero(part < 0)), int(outside)))

    run_parallel(lambda: work, _strips(planes))
    least, most, negative, outside = zip(*parts, strict=True)
    return Statistics(float(np.fmin.reduce(least)), float(np.fmax.reduce(most)), sum(negative), sum(outside))


def _level(plane: Planes, levels: _Levels) -> Colours:
    if levels.is_absolute:
        plane = np.abs(plane)
    span = levels.high - levels.low
    plane = np.clip(plane, levels.low - span, levels.high + span)  # OpenCV makes black of what passes 32 bits
    # one saturating pass from float to 8 bits
    return _bytes(cv2.addWeighted(plane, levels.gain, plane, 0.0, levels.shift, dtype=cv2.CV_8U))


def _extremes(planes: Planes) -> tuple[float, float]:
    if np.isnan(sum(cv2.sumElems(plane)[0] for plane in planes)):  # OpenCV loses numbers beside a NaN
        return float(np.fmin.reduce(planes, axis=None)), float(np.fmax.reduce(planes, axis=None))
    ends = [cv2.minMaxLoc(plane) for plane in planes]
    return min(float(least) for least, *_ in ends), max(float(most) for _, most, *_ in ends)


@cache
def _table(scale: SignedScale) -> Colours:
    """The scale for signed numbers in the order of screens, (256, 4)."""
    return np.hstack([diverging_colours(scale)[:, ::-1], np.full((256, 1), 255, np.uint8)])


def _bytes(array: object) -> Colours:
    return np.asarray(array, np.uint8)  # what it is already: OpenCV's annotations do not say so
