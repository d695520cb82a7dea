"""The effective receptive field: change the picture, and see which outputs change.

`measure_extents` tells how far every layer sees, and `effective_field` how much each place counts for one output.
What the plan says of the same is in `theoretical`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result, apply
from convstudio.core.evaluation.needed_regions import needed_regions, whole_reader
from convstudio.core.evaluation.region import compute_region
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.regions import unit as region_of
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.progress import Progress, silent
from convstudio.insight.reach.theoretical import middle_units
from convstudio.insight.trace.taps import Unit

MARGIN = 2  # pixels around the computed field that are changed too, to see that nothing moves
STRONGEST = 4.0  # times white: enough for a pool to let it win and for a ReLU to let it pass, one way or the other
ROUNDING = 1e-6  # of the largest change: less is float32
MOST_PLACES = 24  # along each axis; of larger fields squares of pixels are changed at once
MOST_OF_A_WHOLE = 10  # where each change costs a whole evaluation
MOST_MULTIPLY_ADDS = 2 * 10**9  # multiply-adds of a whole evaluation, some tenths of a second
PUSH = 1 / 16  # of white: how much a place is changed
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
    """The measured extents of every layer up to that of the question."""

    question: ExtentQuestion
    layers: tuple[Extent, ...]


def measure_extents(question: ExtentQuestion, progress: Progress = silent) -> Extents:
    """Measure how far every layer up to `index` sees, at its output in the middle of what the output in question needs.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.recipe.text import recipe_from
    >>> picture = Frame(np.random.default_rng(0).random((20, 20, 1)), white=1.0)
    >>> result = evaluate(recipe_from("conv size 3 | max 2 | conv size 3"), picture)
    >>> [(extent.rows, extent.columns) for extent in measure_extents(ExtentQuestion(result, 2, Unit(0, 5, 5))).layers]
    [(3, 3), (4, 4), (8, 8)]
    """
    layers = []
    for index, unit in enumerate(middle_units(question.result.plan, question.index, question.unit)):

        def tell(part: float, index: int = index) -> None:
            progress((index + part) / (question.index + 1))

        layers.append(_extent(question.result, index, unit, tell))
    return Extents(question, tuple(layers))


def _extent(result: Result, index: int, unit: Unit, progress: Progress) -> Extent:
    plan, frame = result.plan, result.frame
    computed = needed_regions(plan, index, region_of(unit.row, unit.column))[0].region
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
    for done, (lines_from_side, outside, most) in enumerate(sides):
        progress(done / len(sides))
        count = _least(moves, partial(lines_from_side, area), outside, most)
        if count is None:
            return Extent(0, 0, computed)
        lines.append(count)
    # the last of the lines counted from a side is the outermost that moves the output
    top, bottom, left, right = lines
    return Extent(area.height - (top - 1) - (bottom - 1), area.width - (left - 1) - (right - 1), computed)


def _least(moves: Moves, lines_from_side: Callable[[int], Region], outside: int, most: int) -> int | None:
    """How many lines from a side it takes to move the output; None if not even all do. `outside` should not."""
    low, high = 0, most
    if outside and moves(lines_from_side(outside)):
        high = outside
    elif moves(lines_from_side(outside + 1)):
        return outside + 1
    elif moves(lines_from_side(most)):
        low = outside + 1
    else:
        return None
    while high - low > 1:
        half = (low + high) // 2
        low, high = (low, half) if moves(lines_from_side(half)) else (half, high)
    return high


def _mover(result: Result, index: int, unit: Unit, area: Region) -> Moves:
    """Return a function that tells whether strong noise in a region of the picture changes an output."""
    plan, frame = result.plan, result.frame
    pixels = np.array(frame.pixels, np.float32)
    part = pixels[area.top : area.bottom, area.left : area.right].copy()
    noise = np.random.default_rng(1).uniform(1, STRONGEST, part.shape).astype(np.float32)
    noise *= np.random.default_rng(2).choice(np.array([-1, 1], np.float32), part.shape) * np.float32(frame.white)
    place = region_of(unit.row, unit.column)

    def output_of(changed: NDArray[np.float32]) -> float:
        pixels[area.top : area.bottom, area.left : area.right] = changed
        return float(compute_region(plan, Frame(pixels.view(), frame.white), index, place)[unit.channel, 0, 0])

    before = output_of(part)
    least = ROUNDING * max(abs(output_of(part + noise) - before), abs(output_of(part - noise) - before))

    def moves(region: Region) -> bool:
        inside = np.zeros(part.shape, np.float32)
        rows = slice(region.top - area.top, region.bottom - area.top)
        columns = slice(region.left - area.left, region.right - area.left)
        inside[rows, columns] = noise[rows, columns]
        return any(abs(output_of(part + sign * inside) - before) > least for sign in (1, -1))

    return moves


def _upper(area: Region, count: int) -> Region:
    return Region(area.top, area.top + count, area.left, area.right)


def _lower(area: Region, count: int) -> Region:
    return Region(area.bottom - count, area.bottom, area.left, area.right)


def _left(area: Region, count: int) -> Region:
    return Region(area.top, area.bottom, area.left, area.left + count)


def _right(area: Region, count: int) -> Region:
    return Region(area.top, area.bottom, area.right - count, area.right)


@dataclass(frozen=True, eq=False)
class FieldQuestion:
    """Which output is asked about."""

    result: Result
    index: int
    unit: Unit


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """What was measured.

    Parameters
    ----------
    unit
        The output.
    area
        The part of the picture that was changed.
    square
        Pixels on a side of what was changed at once.
    push
        How much brighter every value of a square was made, in the source's units.
    effects
        (rows, columns) float64: how much the output changed, divided by that.
    computed
        The receptive field by the plan, inside of the picture.
    outside_moves
        Whether the output moved when everything outside of that was replaced by noise; None where that is nothing,
        or would take too long.
    """

    unit: Unit
    area: Region
    square: int
    push: float
    effects: NDArray[np.float64]
    computed: Region
    outside_moves: bool | None

    @property
    def moved(self) -> int:
        """How many squares had an effect."""
        return int(np.count_nonzero(self.effects))

    @property
    def half(self) -> int:
        """How many of the strongest squares make up half of all effect."""
        ordered = np.sort(self.effects.ravel())[::-1]
        total = ordered.sum()
        return int(np.searchsorted(np.cumsum(ordered), total / 2) + 1) if total else 0


def answer(question: FieldQuestion | ExtentQuestion, progress: Progress = silent) -> EffectiveField | Extents:
    """Measure the effect of every place on one output, or how far each layer sees."""
    return (
        effective_field(question, progress)
        if isinstance(question, FieldQuestion)
        else measure_extents(question, progress)
    )


def effective_field(question: FieldQuestion, progress: Progress = silent) -> EffectiveField:
    """Measure the effect of every place of the picture on one output.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.recipe.text import recipe_from
    >>> result = evaluate(recipe_from("conv [1 2; 3 4]"), Frame(np.zeros((9, 9, 1)), white=1.0))
    >>> effective_field(FieldQuestion(result, 0, Unit(0, 4, 4))).effects[2:4, 2:4].tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    result, index, unit = question.result, question.index, question.unit
    plan, frame = result.plan, result.frame
    need = needed_regions(plan, index, region_of(unit.row, unit.column))[0].region
    area = Region(
        max(need.top - MARGIN, 0),
        min(need.bottom + MARGIN, frame.shape.height),
        max(need.left - MARGIN, 0),
        min(need.right + MARGIN, frame.shape.width),
    )
    most = MOST_OF_A_WHOLE if whole_reader(plan, index) is not None else MOST_PLACES
    longest = max(area.bottom - area.top, area.right - area.left)
    square = ceil_division(longest, most)
    rows, columns = ceil_division(area.bottom - area.top, square), ceil_division(area.right - area.left, square)
    result.planes_at(-1)  # what is changed place by place is a copy of all of it
    pixels = np.asarray(frame.pixels, np.float32).copy()
    push = np.float32(PUSH * frame.white)
    place = region_of(unit.row, unit.column)
    before = float(compute_region(plan, _framed(pixels, frame), index, place)[unit.channel, 0, 0])
    effects = np.zeros((rows, columns))
    for number, (row, column) in enumerate(np.ndindex(rows, columns)):
        progress(number / effects.size)
        top, left = area.top + row * square, area.left + column * square
        part = pixels[top : min(top + square, area.bottom), left : min(left + square, area.right)]
        original = part.copy()
        part += push
        after = float(compute_region(plan, _framed(pixels, frame), index, place)[unit.channel, 0, 0])
        part[:] = original
        effects[row, column] = abs(after - before) / float(push)
    effects[effects < 1e-6 * effects.max(initial=0.0)] = 0  # float32 rounding is no effect
    return EffectiveField(unit, area, square, float(push), effects, need, _outside_moves(question, need))


def _outside_moves(question: FieldQuestion, need: Region) -> bool | None:
    """Replace everything but the field by noise, run all layers on the whole picture, and look at the output."""
    result, index, unit = question.result, question.index, question.unit
    steps = result.plan.steps[: index + 1]
    is_all = (need.height, need.width) == result.source.shape[1:]
    if is_all or sum(step.multiply_adds for step in steps) > MOST_MULTIPLY_ADDS:
        return None
    planes = np.random.default_rng(3).uniform(0, result.frame.white, result.source.shape).astype(np.float32)
    inside = (slice(None), slice(need.top, need.bottom), slice(need.left, need.right))
    planes[inside] = result.source[inside]
    for step in steps:
        planes = apply(step, planes)
    place = unit.channel, unit.row, unit.column
    apart = abs(float(planes[place]) - float(result.planes_at(index)[place]))
    # a convolution by FFT mixes the rounding of all places
    return apart > 1e-4 * float(np.abs(planes).max())


def _framed(pixels: NDArray[np.float32], frame: Frame) -> Frame:
    return Frame(pixels.view(), frame.white)  # a frame makes what it holds read-only
