"""Pictures: planes made visible, with statistics of their values."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colouring import extremes, painted, planes_shown
from convstudio.core.display.colours import Colours, SignedScale
from convstudio.core.display.ranges import (
    DisplayRange,
    Scale,
    display_range_of,
    is_measured,
    is_sampled,
    mode_of,
    thinning,
    usual_magnitude,
)
from convstudio.core.opencv import cv2
from convstudio.core.recipe.document import Display, DisplayMode


@dataclass(frozen=True, eq=False)
class Picture:
    """What is on screen: colours, and what they mean.

    Parameters
    ----------
    screen
        (H, W, 4) uint8 in the order of screens: blue, green, red and 255; painted five times as fast as three bytes.
    mode
        How they were made; never automatic.
    low, high
        The values at the two ends of the colour bar, in the source's units.
    least, most
        The smallest and the largest value of the planes.
    negative, clipped
        Shares (0 … 1) of values below 0, and of values outside low … high.
    is_colour
        Whether three planes were taken as red, green and blue; else it is one, or the mean of three.
    signed_scale
        The ground on which signed numbers are seen.
    """

    screen: Colours
    mode: DisplayMode
    low: float
    high: float
    least: float
    most: float
    negative: float
    clipped: float
    is_colour: bool
    signed_scale: SignedScale = SignedScale.LIGHT

    @property
    def display_range(self) -> DisplayRange:
        """How its colours were made."""
        return DisplayRange(self.mode, self.low, self.high, self.signed_scale)

    @property
    def pixels(self) -> Colours:
        """(H, W, 3) uint8, red, green, blue; it shares the memory of `screen`."""
        return self.screen[..., 2::-1]


def picture(
    planes: NDArray[np.float32],
    display: Display,
    scale: Scale,
    steady: Callable[[DisplayRange], DisplayRange] | None = None,
    *,
    has_gaps: bool = False,
) -> Picture:
    """Make one plane, or three as red, green and blue, visible.

    Parameters
    ----------
    planes
        (1, H, W) or (3, H, W) float32.
    display
        How the person wants it shown. Automatic means signed where values swing around zero, else clip.
    scale
        What counts as full brightness, and whether values swing around zero.
    steady
        Takes the display range that the values ask for, and says which one to take.
    has_gaps
        As `colouring.painted` takes it.

    Notes
    -----
    automatic: clip, or for values that swing around zero signed with the ends at ± the magnitude that 99.5 % of the
    values stay below, since a few sharp edges would leave all else pale. signed: 0 is neutral, the ends are ± the
    largest magnitude; clip: 0 … white; absolute: |v| from 0 to the largest
    magnitude; offset: 0 is mid-grey, the ends are ± half of white; stretch: smallest … largest. A fixed limit takes the
    place of the measured one (of white in clip and offset). Of three planes that are shown signed it is the mean that
    is shown, measured and counted.

    Examples
    --------
    >>> shown = picture(np.array([[[-1, 0, 1]]], np.float32), Display(DisplayMode.SIGNED), Scale(255, True))
    >>> shown.pixels[0, 1].tolist(), shown.low, shown.high
    ([247, 247, 245], -1.0, 1.0)
    """
    display_range = _asked(planes, display, scale)
    return picture_in(planes, display_range if steady is None else steady(display_range), has_gaps=has_gaps)


def picture_in(planes: NDArray[np.float32], display_range: DisplayRange, *, has_gaps: bool = False) -> Picture:
    """Make one plane, or three as red, green and blue, visible in a display range.

    Examples
    --------
    >>> picture_in(np.array([[[5, 30]]], np.float32), DisplayRange(DisplayMode.CLIP, 0.0, 10.0)).clipped
    0.5
    """
    screen, count = painted(planes, display_range, has_gaps=has_gaps)
    is_colour = len(planes) == 3 and display_range.mode is not DisplayMode.SIGNED
    values = screen.shape[0] * screen.shape[1] * (3 if is_colour else 1)
    return Picture(
        screen=screen,
        mode=display_range.mode,
        low=display_range.low,
        high=display_range.high,
        least=count.least,
        most=count.most,
        negative=count.negative / values,
        clipped=count.outside / values,
        is_colour=is_colour,
        signed_scale=display_range.signed_scale,
    )


def _asked(planes: NDArray[np.float32], display: Display, scale: Scale) -> DisplayRange:
    """The display range that the values ask for."""
    mode, (_, height, width) = mode_of(display, scale), planes.shape
    thin, usual = thinning(height, width), None
    if thin and is_sampled(display, scale):
        usual = usual_magnitude(planes_shown(np.ascontiguousarray(planes[:, ::thin, ::thin]), mode))
    is_measuring = usual is None and is_measured(display, scale)
    least, most = extremes(planes_shown(planes, mode)) if is_measuring else (0.0, 0.0)
    return display_range_of(display, scale, least, most, usual)


def picture_of_bytes(pixels: Colours) -> Picture:
    """What `picture` makes of an 8-bit source from 0 to 255: its colours are there already.

    Examples
    --------
    >>> shown = picture_of_bytes(np.array([[[7], [9]]], np.uint8))
    >>> shown.pixels[0].tolist(), shown.least, shown.most
    ([[7, 7, 7], [9, 9, 9]], 7.0, 9.0)
    """
    is_colour = pixels.shape[2] == 3
    return Picture(
        screen=np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA if is_colour else cv2.COLOR_GRAY2BGRA), np.uint8),
        mode=DisplayMode.CLIP,
        low=0.0,
        high=255.0,
        least=float(pixels.min()),
        most=float(pixels.max()),
        negative=0.0,
        clipped=0.0,
        is_colour=is_colour,
    )
