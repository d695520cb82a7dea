"""Pictures: planes made visible, with statistics of their values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colouring import extremes, painted
from convstudio.core.display.colours import Colours
from convstudio.core.display.ranges import Scale, display_range_of, is_measured, is_sampled, thinning, usual_magnitude
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
        Whether three planes were taken as red, green and blue.
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

    @property
    def pixels(self) -> Colours:
        """(H, W, 3) uint8, red, green, blue; it shares the memory of `screen`."""
        return self.screen[..., 2::-1]


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
    >>> shown = picture(np.array([[[-1, 0, 1]]], np.float32), Display(DisplayMode.SIGNED), Scale(255, True))
    >>> shown.pixels[0, 1].tolist(), shown.low, shown.high
    ([247, 247, 247], -1.0, 1.0)
    """
    _, height, width = planes.shape
    thin = thinning(height, width)
    usual = usual_magnitude(planes[:, ::thin, ::thin]) if thin and is_sampled(display, scale) else None
    ends = extremes(planes) if usual is None and is_measured(display, scale) else (0.0, 0.0)
    display_range = display_range_of(display, scale, *ends, usual)
    screen, count = painted(planes, display_range)
    return Picture(
        screen=screen,
        mode=display_range.mode,
        low=display_range.low,
        high=display_range.high,
        least=count.least,
        most=count.most,
        negative=count.negative / planes.size,
        clipped=count.outside / planes.size,
        is_colour=len(planes) == 3,
    )


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
