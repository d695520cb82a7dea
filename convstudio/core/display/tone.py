"""Tone: which values the ends of the colours stand for, decided before the first pixel is coloured.

Values are measured here where a choice of display asks for it; colouring them is `display`'s.
"""

from dataclasses import dataclass
from math import isfinite, ulp

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.scale import Scale
from convstudio.core.recipe.document import Display, DisplayMode

FEWEST_SAMPLES, MOST_SAMPLES, USUAL_SHARE = 4096, 2**16, 0.995
ROUNDING = 2.0**-20  # of the largest magnitude: less is what is left where products cancel, and nothing to be seen
EVERY, LARGEST_FROM = 64, 0.98  # of the samples, those that tell from where on the largest fiftieth is
LEVELS = 4096  # that magnitudes are counted in, to find the usual one among few


@dataclass(frozen=True)
class Tone:
    """How numbers become colours: a mode that is not automatic, and the values at the two ends of its colour bar."""

    mode: DisplayMode
    low: float
    high: float


def mode_of(display: Display, scale: Scale) -> DisplayMode:
    """The mode that a display comes to: automatic is signed where values swing around zero, else clip.

    Examples
    --------
    >>> mode_of(Display(), Scale(255, is_signed=True))
    <DisplayMode.SIGNED: 'signed'>
    """
    if display.mode is not DisplayMode.AUTOMATIC:
        return display.mode
    return DisplayMode.SIGNED if scale.is_signed else DisplayMode.CLIP


def is_measured(display: Display, scale: Scale) -> bool:
    """Whether the ends depend on the values, so that all of them must be seen before the first is coloured.

    Examples
    --------
    >>> is_measured(Display(DisplayMode.SIGNED, limit=4), Scale(255, is_signed=True))
    False
    """
    mode = mode_of(display, scale)
    return mode is DisplayMode.STRETCH or (mode in (DisplayMode.SIGNED, DisplayMode.ABSOLUTE) and not display.limit)


def is_sampled(display: Display, scale: Scale) -> bool:
    """Whether the ends are the magnitude that is usual, and not the largest one.

    Examples
    --------
    >>> is_sampled(Display(), Scale(255, is_signed=True)), is_sampled(Display(), Scale(255, is_signed=False))
    (True, False)
    """
    return display.mode is DisplayMode.AUTOMATIC and scale.is_signed and display.limit is None


def tone_of(display: Display, scale: Scale, least: float, most: float, usual: float | None) -> Tone:
    """The mode and the ends for values between `least` and `most`.

    Parameters
    ----------
    display, scale
        How the person wants it shown, what counts as full brightness and whether values swing around zero.
    least, most
        The extremes of the values; anything where `is_measured` says no.
    usual
        The magnitude that nearly all of them stay below, where `is_sampled` asks for it; None takes the largest.

    Examples
    --------
    >>> tone_of(Display(DisplayMode.STRETCH), Scale(255, is_signed=False), -10.0, 90.0, None)
    Tone(mode=<DisplayMode.STRETCH: 'stretch'>, low=-10.0, high=90.0)
    """
    mode = mode_of(display, scale)
    limit = usual if is_sampled(display, scale) else display.limit
    magnitude = limit or max(-least, most)
    if not (isfinite(magnitude) and magnitude > 0):
        magnitude = scale.white
    match mode:
        case DisplayMode.SIGNED:
            return Tone(mode, -magnitude, magnitude)
        case DisplayMode.ABSOLUTE:
            return Tone(mode, 0.0, magnitude)
        case DisplayMode.OFFSET:
            half = max((limit or scale.white) / 2, ulp(0.0))  # half of the smallest number there is would be 0
            return Tone(mode, -half, half)
        case DisplayMode.STRETCH if isfinite(least) and isfinite(most) and most > least:
            return Tone(mode, least, most)
        case _:
            return Tone(mode, 0.0, limit or scale.white)


def thinning(height: int, width: int) -> int:
    """The distance of the samples from which the usual magnitude of a plane is taken; 0 where none are.

    Examples
    --------
    >>> thinning(10, 10), thinning(512, 512)
    (0, 2)
    """
    if height * width < FEWEST_SAMPLES:
        return 0  # a small grid of numbers is shown to its ends
    return max(1, int((height * width / MOST_SAMPLES) ** 0.5))


def usual_magnitude(samples: NDArray[np.float32]) -> float | None:
    """The magnitude that 99.5 % of the samples stay below; None where it says nothing.

    Examples
    --------
    >>> usual_magnitude(np.zeros((1, 2, 2), np.float32)) is None
    True
    """
    magnitudes = np.abs(samples).ravel()
    if magnitudes.size == 0:
        return None
    rank, most = int(magnitudes.size * USUAL_SHARE), magnitudes.max()
    if most == 0:
        return None
    if np.isfinite(most):
        magnitude, least = _ranked(magnitudes, rank, most), ROUNDING * float(most)
    else:
        magnitude, least = float(np.partition(magnitudes, rank)[rank]), 0.0
    return magnitude if isfinite(magnitude) and magnitude > least else None


def _ranked(magnitudes: NDArray[np.float32], rank: int, most: np.float32) -> float:
    """What `np.partition` gives, which takes thirty times as long where many values are equal.

    A few of them tell which the largest are about; where what is looked for is not among these, all are counted.
    """
    few = np.sort(magnitudes[::EVERY])
    largest = magnitudes[magnitudes >= few[int(few.size * LARGEST_FROM)]]
    if largest.size < magnitudes.size // 8 and rank >= magnitudes.size - largest.size:
        return float(np.sort(largest)[rank - (magnitudes.size - largest.size)])
    levels = (magnitudes / most * np.float32(LEVELS - 1)).astype(np.intp)  # never falls where magnitudes grow
    counts = np.bincount(levels, minlength=LEVELS).cumsum()
    level = int(np.searchsorted(counts, rank, side="right"))
    below = int(counts[level - 1]) if level else 0
    return float(np.sort(magnitudes[levels == level])[rank - below])
