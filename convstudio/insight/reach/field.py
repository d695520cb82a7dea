"""The receptive field measured: the picture is changed place by place, and what one output makes of it is noted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result, apply
from convstudio.core.evaluation.needs import needed_regions, whole_reader
from convstudio.core.evaluation.partial import part_of
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.regions import unit as region_of
from convstudio.core.geometry.sizes import ceil_division
from convstudio.insight.progress import Progress, silent
from convstudio.insight.reach.extent import MARGIN, ExtentQuestion, Extents, extents
from convstudio.insight.trace.taps import Unit

MOST_PLACES = 24  # along each axis; larger fields are changed in blocks
MOST_OF_A_WHOLE = 10  # where each change costs a whole evaluation
MOST_MULTIPLY_ADDS = 2 * 10**9  # multiply-adds of a whole evaluation, some tenths of a second
PUSH = 1 / 16  # of white: how much a place is changed


@dataclass(frozen=True, eq=False)
class Question:
    """Which output is asked about."""

    result: Result
    index: int
    unit: Unit


@dataclass(frozen=True, eq=False)
class Field:
    """What was measured.

    Parameters
    ----------
    unit
        The output.
    area
        The part of the picture that was changed.
    block
        Pixels on a side of what was changed at once.
    push
        How much brighter every value of a block was made, in the source's units.
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
    block: int
    push: float
    effects: NDArray[np.float64]
    computed: Region
    outside_moves: bool | None

    @property
    def moved(self) -> int:
        """How many blocks had an effect."""
        return int(np.count_nonzero(self.effects))

    @property
    def half(self) -> int:
        """How many of the strongest blocks make up half of all effect."""
        ordered = np.sort(self.effects.ravel())[::-1]
        total = ordered.sum()
        return int(np.searchsorted(np.cumsum(ordered), total / 2) + 1) if total else 0


def answer(question: Question | ExtentQuestion, progress: Progress = silent) -> Field | Extents:
    """Measure the effect of every place on one output, or how far each layer sees."""
    return field_of(question, progress) if isinstance(question, Question) else extents(question, progress)


def field_of(question: Question, progress: Progress = silent) -> Field:
    """Measure the effect of every place of the picture on one output.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.recipe.text import recipe_from
    >>> result = evaluate(recipe_from("conv [1 2; 3 4]"), Frame(np.zeros((9, 9, 1)), white=1.0))
    >>> field_of(Question(result, 0, Unit(0, 4, 4))).effects[2:4, 2:4].tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    result, index, unit = question.result, question.index, question.unit
    made, frame = result.plan, result.frame
    need = needed_regions(made, index, region_of(unit.row, unit.column))[0].region
    area = Region(
        max(need.top - MARGIN, 0),
        min(need.bottom + MARGIN, frame.shape.height),
        max(need.left - MARGIN, 0),
        min(need.right + MARGIN, frame.shape.width),
    )
    most = MOST_OF_A_WHOLE if whole_reader(made, index) is not None else MOST_PLACES
    longest = max(area.bottom - area.top, area.right - area.left)
    block = ceil_division(longest, most)
    rows, columns = ceil_division(area.bottom - area.top, block), ceil_division(area.right - area.left, block)
    result.planes_at(-1)  # what is changed place by place is a copy of all of it
    pixels = np.asarray(frame.pixels, np.float32).copy()
    push = np.float32(PUSH * frame.white)
    place = region_of(unit.row, unit.column)
    before = float(part_of(made, _framed(pixels, frame), index, place)[unit.channel, 0, 0])
    effects = np.zeros((rows, columns))
    for number, (row, column) in enumerate(np.ndindex(rows, columns)):
        progress(number / effects.size)
        top, left = area.top + row * block, area.left + column * block
        part = pixels[top : min(top + block, area.bottom), left : min(left + block, area.right)]
        kept = part.copy()
        part += push
        after = float(part_of(made, _framed(pixels, frame), index, place)[unit.channel, 0, 0])
        part[:] = kept
        effects[row, column] = abs(after - before) / float(push)
    effects[effects < 1e-6 * effects.max(initial=0.0)] = 0  # float32 rounding is no effect
    return Field(unit, area, block, float(push), effects, need, _outside_moves(question, need))


def _outside_moves(question: Question, need: Region) -> bool | None:
    """Replace everything but the field by noise, run all layers on the whole picture, and look at the output."""
    result, index, unit = question.result, question.index, question.unit
    steps = result.plan.steps[: index + 1]
    is_all = (need.height, need.width) == result.source.shape[1:]
    if is_all or sum(step.multiply_adds for step in steps) > MOST_MULTIPLY_ADDS:
        return None
    planes = np.random.default_rng(3).uniform(0, result.frame.white, result.source.shape).astype(np.float32)
    kept = (slice(None), slice(need.top, need.bottom), slice(need.left, need.right))
    planes[kept] = result.source[kept]
    for step in steps:
        planes = apply(step, planes)
    place = unit.channel, unit.row, unit.column
    apart = abs(float(planes[place]) - float(result.planes_at(index)[place]))
    # roads over frequencies mix the rounding of all places
    return apart > 1e-4 * float(np.abs(planes).max())


def _framed(pixels: NDArray[np.float32], frame: Frame) -> Frame:
    return Frame(pixels.view(), frame.white)  # a frame makes what it holds read-only
