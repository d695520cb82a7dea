"""How far every layer really sees: bands of the picture are changed, and the outermost line that has an effect counts.

What the plan says of the same is in `reach`; the effect of single places is in `reach_field`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.needs import needed_regions
from convstudio.core.evaluation.partial import part_of
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.regions import unit as region_of
from convstudio.insight.progress import Progress, silent
from convstudio.insight.trace.taps import Unit

MARGIN = 2  # pixels around the computed field that are changed too, to see that nothing moves
STRONGEST = 4.0  # times white: enough for a pool to let it win and for a ReLU to let it pass, one way or the other
ROUNDING = 1e-6  # of the largest change: less is float32
Moves = Callable[[Region], bool]


@dataclass(frozen=True, eq=False)
class ExtentQuestion:
    """How far does every layer see that an output of layer `index` is made of?"""

    result: Result
    index: int
    unit: Unit


class Extent(NamedTuple):
    """Rows and columns of the picture between the outermost that moved an output; 0×0 where nothing did."""

    rows: int
    columns: int
    computed: Region  # the same by the plan, inside of the picture


@dataclass(frozen=True, eq=False)
class Extents:
    """What was measured, one for every layer up to the one that was asked about."""

    question: ExtentQuestion
    found: tuple[Extent, ...]


def extents(question: ExtentQuestion, progress: Progress = silent) -> Extents:
    """Measure how far an output of every layer up to `index` sees, in the middle of what the asked one needs.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.recipe.text import recipe_from
    >>> picture = Frame(np.random.default_rng(0).random((20, 20, 1)), white=1.0)
    >>> result = evaluate(recipe_from("conv size 3 | max 2 | conv size 3"), picture)
    >>> [(found.rows, found.columns) for found in extents(ExtentQuestion(result, 2, Unit(0, 5, 5))).found]
    [(3, 3), (4, 4), (8, 8)]
    """
    made = question.result.plan
    place = region_of(question.unit.row, question.unit.column)
    needs = needed_regions(made, question.index, place)
    found = []
    for index, need in enumerate(needs[1 : question.index + 2]):
        seen = need.region
        middle = Unit(0, (seen.top + seen.bottom) // 2, (seen.left + seen.right) // 2)
        unit = question.unit if index == question.index else middle

        def tell(part: float, index: int = index) -> None:
            progress((index + part) / (question.index + 1))

        found.append(_extent(question.result, index, unit, tell))
    return Extents(question, tuple(found))


def _extent(result: Result, index: int, unit: Unit, progress: Progress) -> Extent:
    made, frame = result.plan, result.frame
    computed = needed_regions(made, index, region_of(unit.row, unit.column))[0].region
    if computed.is_empty:
        return Extent(0, 0, computed)
    area = Region(
        max(computed.top - MARGIN, 0),
        min(computed.bottom + MARGIN, frame.shape.height),
        max(computed.left - MARGIN, 0),
        min(computed.right + MARGIN, frame.shape.width),
    )
    moves = _mover(result, index, unit, area)
    sides: tuple[tuple[Callable[[Region, int], Region], int, int], ...] = (
        (_upper, computed.top - area.top, area.height),
        (_lower, area.bottom - computed.bottom, area.height),
        (_left, computed.left - area.left, area.width),
        (_right, area.right - computed.right, area.width),
    )
    lines = []
    for done, (band, outside, most) in enumerate(sides):
        progress(done / len(sides))
        count = _least(moves, partial(band, area), outside, most)
        if count is None:
            return Extent(0, 0, computed)
        lines.append(count)
    top, bottom, left, right = lines  # the innermost line of each band is the outermost that moved the output
    return Extent(area.height - (top - 1) - (bottom - 1), area.width - (left - 1) - (right - 1), computed)


def _least(moves: Moves, band: Callable[[int], Region], outside: int, most: int) -> int | None:
    """How many lines of a band it takes to move the output; None if not even all do. By the plan, `outside` do not."""
    low, high = 0, most
    if outside and moves(band(outside)):
        high = outside
    elif moves(band(outside + 1)):
        return outside + 1
    elif moves(band(most)):
        low = outside + 1
    else:
        return None
    while high - low > 1:
        half = (low + high) // 2
        low, high = (low, half) if moves(band(half)) else (half, high)
    return high


def _mover(result: Result, index: int, unit: Unit, area: Region) -> Moves:
    """Whether an output changes when a band of the picture does, by a strong noise or by its opposite."""
    made, frame = result.plan, result.frame
    pixels = np.array(frame.pixels, np.float32)
    part = pixels[area.top : area.bottom, area.left : area.right].copy()
    noise = np.random.default_rng(1).uniform(1, STRONGEST, part.shape).astype(np.float32)
    noise *= np.random.default_rng(2).choice(np.array([-1, 1], np.float32), part.shape) * np.float32(frame.white)
    place = region_of(unit.row, unit.column)

    def made_of(changed: NDArray[np.float32]) -> float:
        pixels[area.top : area.bottom, area.left : area.right] = changed
        return float(part_of(made, Frame(pixels.view(), frame.white), index, place)[unit.channel, 0, 0])

    before = made_of(part)
    least = ROUNDING * max(abs(made_of(part + noise) - before), abs(made_of(part - noise) - before))

    def moves(band: Region) -> bool:
        inside = np.zeros(part.shape, np.float32)
        rows = slice(band.top - area.top, band.bottom - area.top)
        columns = slice(band.left - area.left, band.right - area.left)
        inside[rows, columns] = noise[rows, columns]
        return any(abs(made_of(part + sign * inside) - before) > least for sign in (1, -1))

    return moves


def _upper(area: Region, count: int) -> Region:
    return Region(area.top, area.top + count, area.left, area.right)


def _lower(area: Region, count: int) -> Region:
    return Region(area.bottom - count, area.bottom, area.left, area.right)


def _left(area: Region, count: int) -> Region:
    return Region(area.top, area.bottom, area.left, area.left + count)


def _right(area: Region, count: int) -> Region:
    return Region(area.top, area.bottom, area.right - count, area.right)
