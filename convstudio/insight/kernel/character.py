"""What a kernel does to a picture, by its responses to even areas, edges and waves. The words are in the views."""

from dataclasses import dataclass
from enum import StrEnum
from math import atan2, degrees, hypot, pi

import numpy as np
from numpy.typing import NDArray

from convstudio.core.kernels.planes import total
from convstudio.core.kernels.size import anchor
from convstudio.core.wording import NOISE
from convstudio.insight.kernel.frequency_response import answer_to_waves

Plane = NDArray[np.float64]

DIRECTIONS, RADII = 36, 32
NO_BRIGHTNESS = 0.02  # of the largest gain: a kernel that lets less of even areas through takes differences
ROUNDING = 0.01  # a gain this far from 1 is still 1
DIRECTED = 0.25  # how lopsided answers over all directions are; cos² has 0.5, the same to all sides 0
NARROW = 0.25  # the smaller spread of a blur against the larger, as variances, up to which it has a direction
EVERY = 0.2  # the weakest direction against the strongest, from which a kernel is said to answer in all
ODD = 0.5  # share of the energy in the part that changes its sign when turned by half


class Effect(StrEnum):
    """What a kernel is for."""

    NOTHING = "nothing"
    IDENTITY = "identity"
    SCALES = "scales"
    MOVES = "moves"
    SMOOTHS = "smooths"
    SHARPENS = "sharpens"
    EDGES = "edges"
    LINES = "lines"
    CORNERS = "corners"
    EMBOSSES = "embosses"
    MIXED = "mixed"


@dataclass(frozen=True)
class Character:
    """What a kernel does.

    Parameters
    ----------
    brightness
        The sum of the weights: what even areas are multiplied by.
    along
        Degrees from 0 to 180: the direction of the edges or lines that are found, or along which it smooths; None for
        all directions alike.
    towards
        Degrees from 0 to 360: answers are positive where it gets brighter this way; None where both ways are alike.
    moved
        Pixels down and to the right by which the picture is moved.
    least, most
        The smallest and the largest gain, relative to that of even areas where those are let through.
    """

    kind: Effect
    brightness: float
    along: float | None = None
    towards: float | None = None
    moved: tuple[int, int] = (0, 0)
    least: float = 1.0
    most: float = 1.0


def character_of(applied: Plane) -> Character:
    """What a kernel does to a picture.

    Parameters
    ----------
    applied
        (height, width), the weights as they are laid on the picture.

    Examples
    --------
    >>> character = character_of(np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    >>> character.kind.value, character.along, character.towards
    ('edges', 90.0, 0.0)
    """
    brightness = total(applied)
    places = np.argwhere(applied)
    if len(places) == 0:
        return Character(Effect.NOTHING, 0.0)
    if len(places) == 1:
        row, column = places[0].tolist()
        return _of_one_weight(brightness, anchor(applied.shape[0]) - row, anchor(applied.shape[1]) - column)
    gains = _gains(applied)
    if abs(brightness) < NO_BRIGHTNESS * gains.max():
        return _of_differences(applied, gains, brightness)
    return _of_brightness(applied, gains, brightness)


def _of_brightness(applied: Plane, gains: Plane, brightness: float) -> Character:
    relative = gains / abs(brightness)
    least, most = float(relative.min()), float(relative.max())
    if _odd_share(applied) > ODD:
        return Character(Effect.EMBOSSES, brightness, towards=_slope(applied), least=least, most=most)
    if most <= 1 + ROUNDING and least < 1 - ROUNDING:
        return Character(Effect.SMOOTHS, brightness, along=_spread(applied), least=least, most=most)
    if least >= 1 - ROUNDING and most > 1 + ROUNDING:
        return Character(Effect.SHARPENS, brightness, least=least, most=most)
    return Character(Effect.MIXED, brightness, least=least, most=most)


def _of_one_weight(weight: float, down: int, right: int) -> Character:
    if (down, right) != (0, 0):
        return Character(Effect.MOVES, weight, moved=(down, right))
    return Character(Effect.IDENTITY if weight == 1 else Effect.SCALES, weight)


def _of_differences(applied: Plane, gains: Plane, brightness: float) -> Character:
    # a straight edge holds all waves that run across it, each as strong as its length
    radii = np.linspace(pi / RADII, pi, RADII)
    energies = ((gains / radii) ** 2).sum(axis=1)
    across = _lean(energies)
    is_odd = _odd_share(applied) > ODD
    most = float(gains.max())
    if across is not None:
        towards = _slope(applied) if is_odd else None
        return Character(
            Effect.EDGES if is_odd else Effect.LINES, brightness, along=(across + 90) % 180, towards=towards, most=most
        )
    kind = Effect.EDGES if energies.min() > EVERY * energies.max() else Effect.CORNERS
    return Character(kind, brightness, most=most)


def _gains(applied: Plane) -> Plane:
    """|H| for waves in every direction (rows) and of every frequency up to π (columns)."""
    angles = np.arange(DIRECTIONS) * pi / DIRECTIONS
    radii = np.linspace(pi / RADII, pi, RADII)
    rows, columns = -np.outer(np.sin(angles), radii), np.outer(np.cos(angles), radii)
    return np.abs(answer_to_waves(applied, rows.ravel(), columns.ravel())).reshape(DIRECTIONS, RADII)


def _lean(amounts: Plane) -> float | None:
    """The direction, 0 … 180 degrees, that amounts given for all directions lean to, where they clearly do."""
    turns = np.exp(2j * np.arange(DIRECTIONS) * pi / DIRECTIONS)
    total = float(amounts.sum())
    mean = complex((amounts * turns).sum()) / total if total > 0 else 0j
    if abs(mean) < DIRECTED:
        return None
    return round(degrees(atan2(mean.imag, mean.real)) / 2, 6) % 180


def _odd_share(applied: Plane) -> float:
    """How much of the energy changes its sign when the kernel is turned by half."""
    odd = (applied - applied[::-1, ::-1]) / 2
    return float((odd**2).sum() / (applied**2).sum())


def _slope(applied: Plane) -> float | None:
    """Towards where it has to get brighter for a positive answer: the kernel's first moments."""
    up, right = _places(applied)
    rise, run = float((applied * up).sum()), float((applied * right).sum())
    if abs(run) + abs(rise) < NOISE * float(np.abs(applied).sum()):
        return None
    return round(degrees(atan2(rise, run)), 6) % 360


def _spread(applied: Plane) -> float | None:
    """The direction, 0 … 180 degrees, along which the weights are spread much wider than across; else None."""
    up, right = _places(applied)
    share = applied / applied.sum()
    up, right = up - (share * up).sum(), right - (share * right).sum()
    rises, runs, both = (float((share * product).sum()) for product in (up * up, right * right, up * right))
    middle, reach = (rises + runs) / 2, hypot((runs - rises) / 2, both)
    if middle <= 0 or middle - reach > NARROW * (middle + reach):
        return None
    return round(degrees(atan2(both, (runs - rises) / 2)) / 2, 6) % 180


def _places(applied: Plane) -> tuple[Plane, Plane]:
    """How far each cell lies above and to the right of the middle."""
    rows, columns = np.indices(applied.shape, dtype=np.float64)
    height, width = applied.shape
    return (height - 1) / 2 - rows, columns - (width - 1) / 2
