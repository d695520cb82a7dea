"""The scales of colours that numbers are shown in. Making pictures with them lives in `display`."""

from enum import StrEnum
from functools import cache
from math import copysign, isinf, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.recipe.document import DisplayMode

Colours = NDArray[np.uint8]

NO_NUMBER = 204, 121, 167  # Okabe and Ito's reddish purple, which no scale of ours has
INFINITE = 0, 158, 115  # their bluish green, which none has, either
ZERO = 128  # the entry of the diverging scale that means 0; entries 1 and 255 are the ends


class SignedScale(StrEnum):
    """What 0 looks like among signed numbers: the ground that they are seen on."""

    LIGHT = "light"
    DARK = "dark"


STOPS = {
    SignedScale.LIGHT: "27509f 6596da f7f7f5 f3a15c c9560b",
    SignedScale.DARK: "7db8ff 3d6fb8 26292e b7672a ffc27a",
}  # from cool to warm, the two ends of different lightness; can be told apart by the colour-blind
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)  # from linear light to what the eye's cones take, and from their cube roots to OKLab: Björn Ottosson, 2020
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


@cache
def diverging_colours(scale: SignedScale = SignedScale.LIGHT) -> Colours:
    """The scale for signed numbers, (256, 3) uint8: cool below zero, neutral at entry 128, warm above.

    Its five stops stand at even distances, and between them OKLab is interpolated: equal steps look equal.

    Examples
    --------
    >>> diverging_colours()[128].tolist(), diverging_colours(SignedScale.DARK)[255].tolist()
    ([247, 247, 245], [255, 194, 122])
    """
    stops = np.array([[int(text[i : i + 2], 16) for i in (0, 2, 4)] for text in STOPS[scale].split()]) / 255
    linear = np.where(stops <= 0.04045, stops / 12.92, ((stops + 0.055) / 1.055) ** 2.4)
    oklab = np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T
    places = np.linspace(1, 255, len(stops))
    between = np.stack([np.interp(np.arange(256), places, oklab[:, axis]) for axis in range(3)], axis=1)
    light = (between @ np.linalg.inv(_TO_OKLAB).T) ** 3 @ np.linalg.inv(_TO_CONES).T
    light = np.clip(light, 0, 1)
    screen = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    colours: Colours = np.rint(255 * screen).astype(np.uint8)
    colours.flags.writeable = False
    return colours


@cache
def grey_colours() -> Colours:
    """The scale for plain brightness, (256, 3) uint8.

    Examples
    --------
    >>> grey_colours()[[0, 255]].tolist()
    [[0, 0, 0], [255, 255, 255]]
    """
    colours = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    colours.flags.writeable = False
    return colours


def colours_of(mode: DisplayMode, scale: SignedScale = SignedScale.LIGHT, *, is_colour: bool) -> Colours:
    """The 256 colours from low to high that a colour bar shows.

    Examples
    --------
    >>> colours_of(DisplayMode.CLIP, is_colour=False).shape
    (256, 3)
    """
    return diverging_colours(scale) if mode is DisplayMode.SIGNED and not is_colour else grey_colours()


def limit_of(values: NDArray[np.floating[Any]]) -> float:
    """Where a scale of both signs ends for some numbers: their largest finite magnitude, or 1 where that is 0.

    Examples
    --------
    >>> limit_of(np.array([-3.0, 2.0, np.inf])), limit_of(np.array([np.nan]))
    (3.0, 1.0)
    """
    return float(np.abs(values).max(where=np.isfinite(values), initial=0.0)) or 1.0


def signed_colour(value: float, limit: float, scale: SignedScale = SignedScale.LIGHT) -> tuple[int, int, int]:
    """The colour of one number on the diverging scale whose ends are ±limit; what is no number has its own.

    Examples
    --------
    >>> signed_colour(0.0, 1.0), signed_colour(-np.inf, 1.0), signed_colour(np.nan, 1.0) == NO_NUMBER
    ((247, 247, 245), (39, 80, 159), True)
    """
    if isnan(value):
        return NO_NUMBER
    share = copysign(1.0, value) if isinf(value) else value / limit if limit > 0 else 0.0
    red, green, blue = diverging_colours(scale)[ZERO + round(127 * min(max(share, -1.0), 1.0))].tolist()
    return red, green, blue


def signed_colours(values: NDArray[np.float64], limit: float, scale: SignedScale = SignedScale.LIGHT) -> Colours:
    """The colours of many numbers on the scale of `signed_colour`, (…, 3) uint8.

    Examples
    --------
    >>> signed_colours(np.array([[0.0, -9.0]]), 1.0).tolist()
    [[[247, 247, 245], [39, 80, 159]]]
    """
    is_number = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        shares = np.where(np.isinf(values), np.sign(values), values / (limit if limit > 0 else np.inf))
    levels = ZERO + np.rint(127 * np.clip(shares, -1, 1, where=is_number, out=np.zeros(values.shape)))
    colours: Colours = diverging_colours(scale)[levels.astype(np.intp)]
    return np.where(is_number[..., None], colours, np.array(NO_NUMBER, np.uint8))
