"""The sliding window: the order in which it visits the outputs of one channel, and an excerpt that can be drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.values import values_at
from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.regions import middle, surroundings
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv, Pool
from convstudio.core.recipe.plan import Step
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import Operation, Trace, trace

MOST_OUTPUTS = 6  # rows and columns of outputs that are drawn
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
    nearest = min(max(number, 0), step_count(output) - 1)
    return Unit(min(channel, output.channels - 1), nearest // output.width, nearest % output.width)


def unit_after(output: Shape, unit: Unit | None, steps: int) -> Unit:
    """The unit `steps` after `unit` in its channel, or before it; without a unit the first step leads to 0, 0.

    Examples
    --------
    >>> unit_after(Shape(1, 4, 4), Unit(0, 0, 3), 1), unit_after(Shape(1, 4, 4), None, 1)
    (Unit(channel=0, row=1, column=0), Unit(channel=0, row=0, column=0))
    """
    if unit is None:
        return unit_at(output, 0, steps - 1)
    return unit_at(output, unit.channel, number_of(output, unit) + steps)


def last_unit(output: Shape, channel: int) -> Unit:
    """The unit of a channel that is visited last.

    Examples
    --------
    >>> last_unit(Shape(1, 4, 5), 0)
    Unit(channel=0, row=3, column=4)
    """
    return unit_at(output, channel, step_count(output) - 1)


def progress_text(output: Shape, unit: Unit) -> str:
    """Which of how many steps shows a unit, counted from 1.

    Examples
    --------
    >>> progress_text(Shape(1, 480, 640), Unit(0, 2, 0))
    'step 1,281 of 307,200'
    """
    return f"step {number_of(output, unit) + 1:,} of {step_count(output):,}"


def number_of(output: Shape, unit: Unit) -> int:
    """When a unit is visited, counted from 0.

    Examples
    --------
    >>> number_of(Shape(1, 4, 4), Unit(0, 1, 1))
    5
    """
    return unit.row * output.width + unit.column


@dataclass(frozen=True, eq=False)
class Excerpt:
    """A part of one layer, to show its window sliding over it.

    Parameters
    ----------
    inputs
        What the windows read in one channel, (rows, columns) float64; NaN where nothing is read.
    is_padding
        Whether it lies outside of the picture, (rows, columns).
    input_corner, output_corner
        Row and column of the first of the inputs (negative in the padding), and of the outputs.
    outputs
        Values of one channel, (rows, columns) float64.
    units
        The outputs in the order of the visit.
    """

    inputs: NDArray[np.float64]
    is_padding: NDArray[np.bool_]
    input_corner: tuple[int, int]
    outputs: NDArray[np.float64]
    output_corner: tuple[int, int]
    units: tuple[Unit, ...]


def excerpt_around(result: Result, index: int, unit: Unit) -> Excerpt:
    """The outputs around a unit, at most 6 by 6, and the inputs that they read in their first channel.

    There are at most 12 by 12 inputs; of a larger window they are the middle.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> result = evaluate(recipe_from("conv sobel-x padding valid"), Frame(np.zeros((6, 6, 1)), white=1.0))
    >>> stage = excerpt_around(result, 0, Unit(0, 1, 1))
    >>> stage.inputs.shape, stage.outputs.shape, len(stage.units)
    ((6, 6), (4, 4), 16)
    """
    _, height, width = result.plan.shape_at(index)
    first = trace(result, index, *unit)
    for most in range(MOST_OUTPUTS, 0, -1):
        down, across = surroundings(unit.row, height, most), surroundings(unit.column, width, most)
        top, bottom, left, right = down.start, down.stop, across.start, across.stop
        if top + 1 == bottom and left + 1 == right:
            traces = [first]  # one window may read a whole picture: it is gathered once
        else:
            first_column = [trace(result, index, unit.channel, row, left) for row in down]
            first_row = [trace(result, index, unit.channel, top, column) for column in across[1:]]
            traces = [*first_column, *first_row]
        rows, columns = (_span(traces, axis) for axis in (0, 1))
        if max(len(rows), len(columns)) <= MOST_INPUTS:
            break
    channel = np.array([unit.channel])
    inputs, is_padding = _read(first, result, _middle(rows), _middle(columns))
    return Excerpt(
        inputs=inputs,
        is_padding=is_padding,
        input_corner=(_middle(rows).start, _middle(columns).start),
        outputs=values_at(result, index, channel, np.arange(top, bottom), np.arange(left, right))[0].astype(np.float64),
        output_corner=(top, left),
        units=tuple(Unit(unit.channel, row, column) for row in range(top, bottom) for column in range(left, right)),
    )


def _span(traces: list[Trace], axis: int) -> range:
    """The input rows (or columns) from the first to the last that these outputs read."""
    ends = [
        end
        for calculation in traces
        for places in [(calculation.taps.rows, calculation.taps.columns)[axis].places]
        if len(places)
        for end in (int(places[0]), int(places[-1]))
    ]
    if not ends:  # an output of a transposed convolution between two inputs reads neither
        step, place = traces[0].step, traces[0].unit[1 + axis]
        ends = [place * step.input[1 + axis] // step.output[1 + axis]]
    return range(min(ends), max(ends) + 1)


def _middle(places: range) -> range:
    part = middle(len(places), MOST_INPUTS)
    return places[part.start : part.stop]


def _read(trace: Trace, result: Result, *places: range) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What is read at some rows and columns, in the padding too."""
    border = _border(trace.step)
    places_read = [np.arange(axis.start, axis.stop) for axis in places]
    rows, columns = (mirrored(places_read[axis], trace.step.input[1 + axis], border) for axis in (0, 1))
    is_nothing = (rows == OUTSIDE)[:, None] | (columns == OUTSIDE)[None, :]
    there = (np.where(axis == OUTSIDE, 0, axis) for axis in (rows, columns))
    inputs = values_at(result, trace.index - 1, trace.taps.channels[:1], *there)[0].astype(np.float64)
    inputs[is_nothing] = 0.0 if _counts_padding(trace) else np.nan
    is_outside = (rows != places_read[0])[:, None] | (columns != places_read[1])[None, :]
    return inputs, is_outside | is_nothing


def _border(step: Step) -> Border:
    return step.layer.border if isinstance(step.layer, Conv) else Border.ZEROS


def _counts_padding(trace: Trace) -> bool:
    layer = trace.step.layer
    if trace.operation is Operation.AVERAGE and isinstance(layer, Pool):
        return layer.count_include_pad
    return trace.operation is Operation.SUM
