"""Steps: the order in which a window visits the outputs of one channel, row by row, and a part of them to be drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluate import Result
from convstudio.core.frame import Shape
from convstudio.insight.taps import Unit
from convstudio.insight.trace import trace

MOST_OUTPUTS = 8  # rows and columns of outputs that are drawn
MOST_INPUTS = 12  # rows and columns of inputs that are drawn


def step_count(output: Shape) -> int:
    """How many places a window has in one channel of an output.

    Examples
    --------
    >>> step_count(Shape(6, 28, 28))
    784
    """
    return output.height * output.width


def unit_at(output: Shape, channel: int, number: int) -> Unit:
    """The unit that is visited as number 0, 1, 2, …; a number past the ends means the nearest end.

    Examples
    --------
    >>> unit_at(Shape(1, 4, 4), 0, 5), unit_at(Shape(1, 4, 4), 0, 99)
    (Unit(channel=0, row=1, column=1), Unit(channel=0, row=3, column=3))
    """
    kept = min(max(number, 0), step_count(output) - 1)
    return Unit(min(channel, output.channels - 1), kept // output.width, kept % output.width)


def number_of(output: Shape, unit: Unit) -> int:
    """When a unit is visited, counted from 0.

    Examples
    --------
    >>> number_of(Shape(1, 4, 4), Unit(0, 1, 1))
    5
    """
    return unit.row * output.width + unit.column


@dataclass(frozen=True, eq=False)
class Stage:
    """The part of one layer on which its window is shown sliding.

    Parameters
    ----------
    inputs, outputs
        Values of one channel, (rows, columns) float64; NaN where an input lies outside of the picture.
    input_corner, output_corner
        Row and column of the first of them.
    units
        The outputs in the order of the visit.
    """

    inputs: NDArray[np.float64]
    input_corner: tuple[int, int]
    outputs: NDArray[np.float64]
    output_corner: tuple[int, int]
    units: tuple[Unit, ...]


def stage_around(result: Result, index: int, unit: Unit) -> Stage:
    """The outputs around one, at most 8 by 8, with the inputs that they read, at most 12 by 12.

    Examples
    --------
    >>> from convstudio.core.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe_text import recipe_from
    >>> result = evaluate(recipe_from("conv sobel-x padding valid"), Frame(np.zeros((6, 6, 1)), white=1.0))
    >>> stage = stage_around(result, 0, Unit(0, 1, 1))
    >>> stage.inputs.shape, stage.outputs.shape, len(stage.units)
    ((6, 6), (4, 4), 16)
    """
    planes = result.planes_at(index)
    _, height, width = planes.shape
    most = MOST_OUTPUTS
    while True:
        top, bottom = _around(unit.row, height, most)
        left, right = _around(unit.column, width, most)
        first = trace(result, index, unit.channel, top, left).taps
        last = trace(result, index, unit.channel, bottom - 1, right - 1).taps
        rows = _reach(first.rows.places, last.rows.places, unit.row)
        columns = _reach(first.columns.places, last.columns.places, unit.column)
        if most == 1 or max(len(rows), len(columns)) <= MOST_INPUTS:
            break
        most -= 1
    rows, columns = rows[:MOST_INPUTS], columns[:MOST_INPUTS]
    source = result.planes_at(index - 1)
    channel = int(first.channels[0]) if len(first.channels) else 0
    return Stage(
        inputs=_cut(source[channel], rows, columns),
        input_corner=(rows.start, columns.start),
        outputs=planes[unit.channel, top:bottom, left:right].astype(np.float64),
        output_corner=(top, left),
        units=tuple(Unit(unit.channel, row, column) for row in range(top, bottom) for column in range(left, right)),
    )


def _around(place: int, length: int, most: int) -> tuple[int, int]:
    count = min(length, most)
    start = min(max(place - count // 2, 0), length - count)
    return start, start + count


def _reach(first: NDArray[np.intp], last: NDArray[np.intp], place: int) -> range:
    places = [*first.tolist(), *last.tolist()] or [place]
    return range(min(places), max(places) + 1)


def _cut(plane: NDArray[np.float32], rows: range, columns: range) -> NDArray[np.float64]:
    height, width = plane.shape
    made = np.full((len(rows), len(columns)), np.nan)
    inside_rows = range(max(rows.start, 0), min(rows.stop, height))
    inside_columns = range(max(columns.start, 0), min(columns.stop, width))
    if inside_rows and inside_columns:
        part = plane[inside_rows.start : inside_rows.stop, inside_columns.start : inside_columns.stop]
        top, left = inside_rows.start - rows.start, inside_columns.start - columns.start
        made[top : top + part.shape[0], left : left + part.shape[1]] = part
    return made
