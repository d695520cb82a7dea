"""Numbers made colours: the last step to a screen or an 8-bit file, and the only one that clips."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.colours import Colours, diverging_colours
from convstudio.core.document import Display, DisplayMode
from convstudio.core.opencv import cv2
from convstudio.core.ops.workers import share
from convstudio.core.scale import Scale
from convstudio.core.tone import Tone, is_measured, is_sampled, thinning, tone_of, usual_magnitude

STRIP_NUMBERS = 2**19  # of the values coloured and counted at a time; smaller ones wait for Python more than they save


@dataclass(frozen=True, eq=False)
class Picture:
    """What is on screen: colours, and what they mean.

    Parameters
    ----------
    pixels
        (H, W, 3) uint8, red, green, blue.
    mode
        How they were made; never automatic.
    low, high
        The values at the two ends of the colour bar, in the source's units.
    least, most
        The smallest and the largest value of the planes.
    negative, clipped
        Shares (0 … 1) of values below 0, and of values outside low … high.
    is_colour
        Whether three planes were taken as red, green and blue.
    """

    pixels: Colours
    mode: DisplayMode
    low: float
    high: float
    least: float
    most: float
    negative: float
    clipped: float
    is_colour: bool

    @cached_property
    def screen(self) -> NDArray[np.uint8]:
        """The pixels in the order of screens, (H, W, 4) uint8: blue, green, red and 255; painted five times as fast."""
        return _bytes(cv2.cvtColor(self.pixels, cv2.COLOR_RGB2BGRA))


def picture(planes: NDArray[np.float32], display: Display, scale: Scale) -> Picture:
    """Make one plane, or three as red, green and blue, visible.

    Parameters
    ----------
    planes
        (1, H, W) or (3, H, W) float32.
    display
        How the person wants it shown. Automatic means signed where values swing around zero, else clip.
    scale
        What counts as full brightness, and whether values swing around zero.

    Notes
    -----
    automatic: clip, or for values that swing around zero signed with the ends at ± the magnitude that 99.5 % of the
    values stay below, since a few sharp edges would leave all else pale. signed: 0 is neutral, the ends are ± the
    largest magnitude; clip: 0 … white; absolute: |v| from 0 to the largest
    magnitude; offset: 0 is mid-grey, the ends are ± half of white; stretch: smallest … largest. A fixed limit takes the
    place of the measured one (of white in clip and offset).

    Examples
    --------
    >>> made = picture(np.array([[[-1, 0, 1]]], np.float32), Display(DisplayMode.SIGNED), Scale(255, True))
    >>> made.pixels[0, 1].tolist(), made.low, made.high
    ([247, 247, 247], -1.0, 1.0)
    """
    depth, height, width = planes.shape
    thin = thinning(height, width)
    usual = usual_magnitude(planes[:, ::thin, ::thin]) if thin and is_sampled(display, scale) else None
    ends = extremes(planes) if usual is None and is_measured(display, scale) else (0.0, 0.0)
    tone = tone_of(display, scale, *ends, usual)
    floor = -tone.high if tone.mode is DisplayMode.ABSOLUTE else tone.low
    pixels = np.empty((height, width, 3), np.uint8)
    counts: list[_Count] = []

    def work(rows: slice) -> None:
        strip = planes[:, rows]
        coloured(strip, tone, pixels[rows])
        counts.append(_count(strip, floor, tone.high))

    share(lambda: work, _strips(planes))
    return Picture(
        pixels=pixels,
        mode=tone.mode,
        low=tone.low,
        high=tone.high,
        least=min(count.least for count in counts),
        most=max(count.most for count in counts),
        negative=sum(count.negative for count in counts) / planes.size,
        clipped=sum(count.outside for count in counts) / planes.size,
        is_colour=depth == 3,
    )


def picture_of_bytes(pixels: Colours) -> Picture:
    """What `picture` makes of an 8-bit source from 0 to 255: its colours are there already.

    Examples
    --------
    >>> made = picture_of_bytes(np.array([[[7], [9]]], np.uint8))
    >>> made.pixels[0].tolist(), made.least, made.most
    ([[7, 7, 7], [9, 9, 9]], 7.0, 9.0)
    """
    is_colour = pixels.shape[2] == 3
    return Picture(
        pixels=pixels if is_colour else _bytes(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)),
        mode=DisplayMode.CLIP,
        low=0.0,
        high=255.0,
        least=float(pixels.min()),
        most=float(pixels.max()),
        negative=0.0,
        clipped=0.0,
        is_colour=is_colour,
    )


class _Count(NamedTuple):
    """What is told of some values: their extremes, and how many are negative or outside of the colours."""

    least: float
    most: float
    negative: int
    outside: int


def _count(planes: NDArray[np.float32], low: float, high: float) -> _Count:
    least, most = _extremes(planes)
    return _Count(
        least,
        most,
        int(np.count_nonzero(planes < 0)) if least < 0 else 0,
        (int(np.count_nonzero(planes < np.float32(low))) if least < low else 0)
        + (int(np.count_nonzero(planes > np.float32(high))) if most > high else 0),
    )


def _strips(planes: NDArray[np.float32]) -> list[slice]:
    depth, height, width = planes.shape
    high = max(1, STRIP_NUMBERS // (depth * width))
    return [slice(top, min(top + high, height)) for top in range(0, height, high)]


def coloured(planes: NDArray[np.float32], tone: Tone, out: Colours | None = None) -> Colours:
    """The colours of one plane, or of three as red, green and blue, (H, W, 3) uint8: one value at a time.

    They are written to `out` where it is given.

    Examples
    --------
    >>> coloured(np.array([[[0, 5, 20]]], np.float32), Tone(DisplayMode.CLIP, 0.0, 10.0))[0, :, 0].tolist()
    [0, 128, 255]
    """
    bottom = 1 if tone.mode is DisplayMode.SIGNED else 0
    slope = (255 - bottom) / (tone.high - tone.low)
    gain, shift = slope, bottom - tone.low * slope
    levels = [_levels(plane, gain, shift, is_absolute=tone.mode is DisplayMode.ABSOLUTE) for plane in planes]
    if len(planes) == 3:
        return _bytes(cv2.merge(levels, out))
    if tone.mode is DisplayMode.SIGNED:
        return _bytes(cv2.applyColorMap(levels[0], diverging_colours()[:, None], out))
    return _bytes(cv2.cvtColor(levels[0], cv2.COLOR_GRAY2RGB, out))


def extremes(planes: NDArray[np.float32]) -> tuple[float, float]:
    """The smallest and the largest value.

    Examples
    --------
    >>> extremes(np.array([[[3, -2]]], np.float32))
    (-2.0, 3.0)
    """
    found: list[tuple[float, float]] = []
    share(lambda: lambda rows: found.append(_extremes(planes[:, rows])), _strips(planes))
    return min(least for least, _ in found), max(most for _, most in found)


def _extremes(planes: NDArray[np.float32]) -> tuple[float, float]:
    found = [cv2.minMaxLoc(plane) for plane in planes]
    return min(float(least) for least, *_ in found), max(float(most) for _, most, *_ in found)


def _levels(plane: NDArray[np.float32], gain: float, shift: float, *, is_absolute: bool) -> Colours:
    if is_absolute:
        plane = np.abs(plane)
    # one saturating pass from float to 8 bits
    return _bytes(cv2.addWeighted(plane, gain, plane, 0.0, shift, dtype=cv2.CV_8U))


def _bytes(array: object) -> Colours:
    return np.asarray(array, np.uint8)  # what it is already: OpenCV's annotations do not say so
