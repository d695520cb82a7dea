"""Histograms: how many of the values of a picture lie where between the two ends of its display range."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colouring import planes_shown
from convstudio.core.display.ranges import ROUNDING, DisplayRange
from convstudio.core.recipe.document import DisplayMode

BINS = 64
MOST_SAMPLES = 2**14  # values of one plane that are counted: nobody sees a difference to all of them


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of values between the ends of a display range.

    Parameters
    ----------
    counts
        (1, bins), or (3, bins) for red, green and blue.
    display_range
        Its ends are the ends of the first and the last bin.
    """

    counts: NDArray[np.int64]
    display_range: DisplayRange


def histogram_of(planes: NDArray[np.float32], display_range: DisplayRange, *, bins: int = BINS) -> Histogram:
    """Count the values of one plane or of three within a display range; of large planes, evenly spread samples.

    What lies outside, and what is no number, is left out. Where magnitudes, or the mean, are shown they are what is
    counted.

    Examples
    --------
    >>> planes = np.array([[[0, 1, 5, 9, 10, 12]]], np.float32)
    >>> histogram_of(planes, DisplayRange(DisplayMode.CLIP, 0.0, 10.0), bins=2).counts.tolist()
    [[2, 3]]
    """
    _, height, width = planes.shape
    thin = max(1, int((height * width / MOST_SAMPLES) ** 0.5))
    samples = planes_shown(planes[:, ::thin, ::thin], display_range.mode).astype(np.float64)
    if display_range.mode is DisplayMode.ABSOLUTE:
        samples = np.abs(samples)
    low, high = display_range.low, display_range.high
    with np.errstate(invalid="ignore", over="ignore"):
        places = (samples - low) * (bins / (high - low)) + 1
    np.fmin(np.fmax(places, 0, out=places), bins + 1, out=places)  # below, the bins, above; what is no number is below
    counts = np.stack([np.bincount(plane.ravel(), minlength=bins + 2) for plane in places.astype(np.intp)])
    counts[:, bins] += np.count_nonzero(samples == high, axis=(1, 2))
    counts = counts[:, 1 : bins + 1]
    return Histogram(counts.astype(np.int64), display_range)


def clipped_at(planes: NDArray[np.float32], display_range: DisplayRange) -> NDArray[np.bool_]:
    """Where any of the planes lies outside of a display range, (H, W).

    Examples
    --------
    >>> clipped_at(np.array([[[-1, 3, 11]]], np.float32), DisplayRange(DisplayMode.CLIP, 0.0, 10.0)).tolist()
    [[True, False, True]]
    """
    high = display_range.high
    slack = ROUNDING * (high - display_range.low)  # as those that are counted
    low = -high if display_range.mode is DisplayMode.ABSOLUTE else display_range.low
    is_outside = (planes < np.float32(low - slack)) | (planes > np.float32(high + slack))
    return np.asarray(is_outside.any(axis=0), np.bool_)
