"""The receptive field measured: the picture is changed place by place, and what one output makes of it is noted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluate import Result
from convstudio.core.frame import Frame
from convstudio.core.needs import needed_regions, whole_reader
from convstudio.core.partial import part_of
from convstudio.core.region import Region
from convstudio.core.region import unit as region_of
from convstudio.insight.progress import Progress, silent
from convstudio.insight.taps import Unit

MARGIN = 2  # pixels around the computed field that are changed too, to see that nothing moves
MOST_PLACES = 24  # along each axis; larger fields are changed in blocks
MOST_OF_A_WHOLE = 10  # where each change costs a whole evaluation
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
    effects
        (rows, columns) float64: how much the output changed for a change of 1 of every value of that block.
    computed
        The receptive field by the plan, inside of the picture.
    """

    unit: Unit
    area: Region
    block: int
    effects: NDArray[np.float64]
    computed: Region

    @property
    def moved(self) -> int:
        """How many blocks had an effect."""
        return int(np.count_nonzero(self.effects))

    @property
    def strays(self) -> int:
        """How many blocks wholly outside of the computed field had an effect: none, if the plan is right."""
        outside = np.ones(self.effects.shape, bool)
        for row, column in np.ndindex(self.effects.shape):
            top, left = self.area.top + row * self.block, self.area.left + column * self.block
            is_beside = top >= self.computed.bottom or top + self.block <= self.computed.top
            is_apart = left >= self.computed.right or left + self.block <= self.computed.left
            outside[row, column] = is_beside or is_apart
        return int(np.count_nonzero(self.effects[outside]))

    @property
    def half(self) -> int:
        """How many of the strongest blocks make up half of all effect."""
        ordered = np.sort(self.effects.ravel())[::-1]
        total = ordered.sum()
        return int(np.searchsorted(np.cumsum(ordered), total / 2) + 1) if total else 0


def answer(question: Question, progress: Progress = silent) -> Field:
    """Measure the receptive field of an output."""
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
    block = -(-longest // most)
    rows, columns = -(-(area.bottom - area.top) // block), -(-(area.right - area.left) // block)
    pixels = np.asarray(frame.pixels, np.float32).copy()
    place = region_of(unit.row, unit.column)
    before = float(part_of(made, _framed(pixels, frame), index, place)[unit.channel, 0, 0])
    effects = np.zeros((rows, columns))
    for number, (row, column) in enumerate(np.ndindex(rows, columns)):
        progress(number / effects.size)
        top, left = area.top + row * block, area.left + column * block
        part = pixels[top : min(top + block, area.bottom), left : min(left + block, area.right)]
        kept, push = part.copy(), np.float32(PUSH * frame.white)
        part += push
        after = float(part_of(made, _framed(pixels, frame), index, place)[unit.channel, 0, 0])
        part[:] = kept
        effects[row, column] = abs(after - before) / float(push)
    effects[effects < 1e-6 * effects.max(initial=0.0)] = 0  # float32 rounding is no effect
    return Field(unit, area, block, effects, need)


def _framed(pixels: NDArray[np.float32], frame: Frame) -> Frame:
    return Frame(pixels.view(), frame.white)  # a frame makes what it holds read-only
