"""The sliding window: the order in which it visits the outputs of one channel, and an excerpt that can be drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.values import values_at
from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.geometry.regions import middle, surroundings
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv, Pool
from convstudio.core.recipe.plan import Step
from convstudio.insight.trace.taps import Axis, Unit, axis_of
from convstudio.insight.trace.trace import Operation, Trace, trace

MOST_OUTPUTS = 6  # rows and columns of outputs that are drawn
MOST_INPUTS = 12  # rows and columns of inputs that are drawn
WHOLE = 12  # rows and columns of an input and an output whose whole window's way is shown
STRIP = 8  # outputs side by side of a strip of a larger one
MOST_ACROSS = 16  # columns that the windows of a strip read, if possible
MOST_PLACES = 64  # rows and columns of a window; of a larger one only some are read


def step_count(output: Shape) -> int:
    """How many places a window has in one channel of an output; units of a dense layer are visited one by one.

    Examples
    --------
    >>> step_count(Shape(6, 28, 28))
    784
    """
    return output.channels if _is_list(output) else output.height * output.width


def _is_list(output: Shape) -> bool:
    """Whether every channel is a single number."""
    return output.height == output.width == 1


def unit_at(output: Shape, channel: int, number: int) -> Unit:
    """The unit that is visited as number 0, 1, 2, …; a number past the ends means the nearest end.

    Examples
    --------
    >>> unit_at(Shape(1, 4, 4), 0, 5), unit_at(Shape(1, 4, 4), 0, 99)
    (Unit(channel=0, row=1, column=1), Unit(channel=0, row=3, column=3))
    """
    nearest = min(max(number, 0), step_count(output) - 1)
    if _is_list(output):
        return Unit(nearest, 0, 0)
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
    return unit.channel if _is_list(output) else unit.row * output.width + unit.column


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
    sources
        The rows and the columns of the input from which the inputs come, `OUTSIDE` from nowhere.
    is_whole
        Whether this is all of the input and the output.
    has_ghosts
        Whether the ring around is only what padding 1 would add.
    """

    inputs: NDArray[np.float64]
    is_padding: NDArray[np.bool_]
    input_corner: tuple[int, int]
    outputs: NDArray[np.float64]
    output_corner: tuple[int, int]
    units: tuple[Unit, ...]
    sources: tuple[NDArray[np.intp], NDArray[np.intp]]
    is_whole: bool = False
    has_ghosts: bool = False


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
    inputs, is_padding, sources = _read(first, result, _middle(rows), _middle(columns))
    return Excerpt(
        inputs=inputs,
        is_padding=is_padding,
        input_corner=(_middle(rows).start, _middle(columns).start),
        outputs=values_at(result, index, channel, np.arange(top, bottom), np.arange(left, right))[0].astype(np.float64),
        output_corner=(top, left),
        units=tuple(Unit(unit.channel, row, column) for row in range(top, bottom) for column in range(left, right)),
        sources=sources,
    )


def way_of(result: Result, index: int, unit: Unit, *, place: int = 0, strip: tuple[int, int] | None = None) -> Excerpt:
    """The way of a layer's window: over all of a small grid, else over the strip of outputs that holds a unit.

    Parameters
    ----------
    place
        Which of the channels that the unit reads.
    strip
        Row and column of an output at which a strip begins; the others lie beside and below it.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> recipe = recipe_from("conv sobel-x padding valid")
    >>> frames = [Frame(np.zeros((side, side, 1)), white=1.0) for side in (6, 40)]
    >>> ways = [way_of(evaluate(recipe, frame), 0, Unit(0, 3, 3)) for frame in frames]
    >>> [(way.inputs.shape, way.outputs.shape, way.is_whole) for way in ways]
    [((8, 8), (4, 4), True), ((3, 10), (1, 8), False)]
    """
    step = result.plan.steps[index]
    first = trace(result, index, *unit)
    sides = (*step.input[1:], *step.output[1:])
    is_whole = max(sides) <= WHOLE
    rows, columns = _outputs_on_the_way(step, unit, strip, is_whole=is_whole)
    has_ghosts = False
    if is_whole:
        pads, has_ghosts = _ring(step)
        places = range(-pads[0], step.input.height + pads[1]), range(-pads[2], step.input.width + pads[3])
    else:
        ends = [axis_of(step, axis, ends[place]) for axis, ends in ((0, rows), (1, columns)) for place in (0, -1)]
        places = _around(ends[:2], step, unit, 0), _around(ends[2:], step, unit, 1)
    inputs, is_padding, sources = _read(first, result, *map(_thinned, places), place=place)
    if _is_list(step.output):
        channels = surroundings(unit.channel, step.output.channels, WHOLE)
        units = tuple(Unit(channel, 0, 0) for channel in channels)
        at = np.arange(channels.start, channels.stop), np.array([0]), np.array([0])
        outputs, corner = values_at(result, index, *at)[:, :, 0], (channels.start, 0)
    else:
        units = tuple(Unit(unit.channel, row, column) for row in rows for column in columns)
        at = np.array([unit.channel]), np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)
        outputs, corner = values_at(result, index, *at)[0], (rows.start, columns.start)
    return Excerpt(
        inputs=inputs, is_padding=is_padding, input_corner=(places[0].start, places[1].start),
        outputs=outputs.astype(np.float64), output_corner=corner, units=units, sources=sources,
        is_whole=is_whole, has_ghosts=has_ghosts,
    )  # fmt: skip


def _outputs_on_the_way(
    step: Step, unit: Unit, strip: tuple[int, int] | None, *, is_whole: bool
) -> tuple[range, range]:
    """Rows and columns of the outputs on the way."""
    _, height, width = step.output
    if is_whole:
        return range(height), range(width)
    first = strip[1] if strip is not None else max(unit.column - STRIP // 2, 0)
    count = min(STRIP, width)
    while count > 1 and _reach(step, count) > max(MOST_ACROSS, _reach(step, 1) + STRIP - 1):
        count -= 1
    start = first + (unit.column - first) // count * count
    start = min(max(start, 0), width - count)
    return range(unit.row, unit.row + 1), range(start, start + count)


def _reach(step: Step, count: int) -> int:
    """How many columns so many windows side by side read."""
    first, last = axis_of(step, 1, 0).places, axis_of(step, 1, count - 1).places
    return int(last[-1] - first[0]) + 1 if len(first) and len(last) else count


def _around(ends: list[Axis], step: Step, unit: Unit, axis: int) -> range:
    """The places from the first to the last that two outputs read."""
    places = [int(place) for end in ends if len(end.places) for place in (end.places[0], end.places[-1])]
    if not places:  # an output of a transposed convolution between two inputs reads neither
        places = [unit[1 + axis] * step.input[1 + axis] // step.output[1 + axis]]
    return range(min(places), max(places) + 1)


def _ring(step: Step) -> tuple[Amounts, bool]:
    """The padding around an input, or the ring that padding 1 would add to a window without any."""
    layer = step.layer
    if not layer.enabled or not isinstance(layer, Conv | Pool) or (isinstance(layer, Pool) and layer.is_global):
        return NOTHING, False
    if any(step.pads):
        return Amounts(*(max(amount, 0) for amount in step.pads)), False
    return (Amounts(1, 1, 1, 1), True) if isinstance(layer, Conv) and max(layer.kernel) > 1 else (NOTHING, False)


def _thinned(places: range) -> range:
    return places[:: -(-len(places) // MOST_PLACES) or 1]


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


def _read(
    trace: Trace, result: Result, *places: range, place: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.bool_], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """What is read at some rows and columns, in the padding too, whether it lies there, and where it comes from."""
    border = _border(trace.step)
    rows_read, columns_read = (np.array(axis, np.intp) for axis in places)
    rows = mirrored(rows_read, trace.step.input.height, border)
    columns = mirrored(columns_read, trace.step.input.width, border)
    is_nothing = (rows == OUTSIDE)[:, None] | (columns == OUTSIDE)[None, :]
    there = (np.where(axis == OUTSIDE, 0, axis) for axis in (rows, columns))
    channels = trace.taps.channels[place % len(trace.taps.channels) :][:1]
    inputs = values_at(result, trace.index - 1, channels, *there)[0].astype(np.float64)
    inputs[is_nothing] = 0.0 if _counts_padding(trace) else np.nan
    is_outside = (rows != rows_read)[:, None] | (columns != columns_read)[None, :]
    return inputs, is_outside | is_nothing, (rows, columns)


def _border(step: Step) -> Border:
    return step.layer.border if isinstance(step.layer, Conv) else Border.ZEROS


def _counts_padding(trace: Trace) -> bool:
    layer = trace.step.layer
    if trace.operation is Operation.AVERAGE and isinstance(layer, Pool):
        return layer.count_include_pad
    return trace.operation is Operation.SUM
