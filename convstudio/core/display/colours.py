"""The scales of colours that numbers are shown in. Making pictures with them lives in `display`."""

from functools import cache
from math import copysign, isinf, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.recipe.document import DisplayMode

Colours = NDArray[np.uint8]

# ColorBrewer's RdBu with eleven classes (Cynthia Brewer, colorbrewer2.org), from cool to warm; colour-blind safe.
_DIVERGING = (
    "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f"
)  # fmt: skip
NO_NUMBER = 204, 121, 167  # Okabe and Ito's reddish purple, which no scale of ours has
ZERO = 128  # the entry of the diverging scale that means 0; entries 1 and 255 are the ends


@cache
def diverging_colours() -> Colours:
    """The scale for signed numbers, (256, 3) uint8: cool below zero, neutral at entry 128, warm above.

    Examples
    --------
    >>> diverging_colours()[128].tolist()
    [247, 247, 247]
    """
    anchors = np.array([[int(text[i : i + 2], 16) for i in (0, 2, 4)] for text in _DIVERGING.split()], np.float64)
    places = np.linspace(1, 255, len(anchors))
    table = np.stack([np.interp(np.arange(256), places, anchors[:, i]) for i in range(3)], axis=1)
    colours = np.rint(table).astype(np.uint8)
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


def colours_of(mode: DisplayMode, *, is_colour: bool) -> Colours:
    """The 256 colours from low to high that a colour bar shows.

    Examples
    --------
    >>> colours_of(DisplayMode.CLIP, is_colour=False).shape
    (256, 3)
    """
    return diverging_colours() if mode is DisplayMode.SIGNED and not is_colour else grey_colours()


def limit_of(values: NDArray[np.floating[Any]]) -> float:
    """Where a scale of both signs ends for some numbers: their largest finite magnitude, or 1 where that is 0.

    Examples
    --------
    >>> limit_of(np.array([-3.0, 2.0, np.inf])), limit_of(np.array([np.nan]))
    (3.0, 1.0)
    """
    return float(np.abs(values).max(where=np.isfinite(values), initial=0.0)) or 1.0


def signed_colour(value: float, limit: float) -> tuple[int, int, int]:
    """The colour of one number on the diverging scale whose ends are ±limit; what is no number has its own.

    Examples
    --------
    >>> signed_colour(0.0, 1.0), signed_colour(-np.inf, 1.0), signed_colour(np.nan, 1.0) == NO_NUMBER
    ((247, 247, 247), (5, 48, 97), True)
    """
    if isnan(value):
        return NO_NUMBER
    share = copysign(1.0, value) if isinf(value) else value / limit if limit > 0 else 0.0
    red, green, blue = diverging_colours()[ZERO + round(127 * min(max(share, -1.0), 1.0))].tolist()
    return red, green, blue


def signed_colours(values: NDArray[np.float64], limit: float) -> Colours:
    """The colours of many numbers on the scale of `signed_colour`, (…, 3) uint8.

    Examples
    --------
    >>> signed_colours(np.array([[0.0, -9.0]]), 1.0).tolist()
    [[[247, 247, 247], [5, 48, 97]]]
    """
    is_number = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        shares = np.where(np.isinf(values), np.sign(values), values / (limit if limit > 0 else np.inf))
    levels = ZERO + np.rint(127 * np.clip(shares, -1, 1, where=is_number, out=np.zeros(values.shape)))
    return np.where(is_number[..., None], diverging_colours()[levels.astype(np.intp)], np.array(NO_NUMBER, np.uint8))
