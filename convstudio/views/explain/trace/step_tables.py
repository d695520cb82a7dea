"""What stands in the tables of a drawn step: numbers, headings, marks. How they are painted is in `step_drawing`."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colours import limit_of
from convstudio.core.recipe.layers import Conv, ConvTranspose, Orientation
from convstudio.core.wording import number, without_noise
from convstudio.insight.trace.sliding import MOST_INPUTS, Stage
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views.explain.trace.text import channel_name
from convstudio.views.kernel.cells import cell_text

MOST_SUMS = 4  # channels whose sums are written out
SIGNS = {Operation.SUM: "Σ", Operation.LARGEST: "max", Operation.AVERAGE: "mean"}


class Mark(NamedTuple):
    """A part of a table that is pointed out."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers under a heading, NaN where a cell is blank, with the sign that stands before them.

    Cells of the padding are hatched, empty ones have no number; `limit` is the number that has full colour.
    """

    heading: str
    numbers: NDArray[np.float64]
    limit: float
    sign: str = ""
    is_hatched: NDArray[np.bool_] | None = None
    is_empty: NDArray[np.bool_] | None = None
    marks: tuple[Mark, ...] = ()
    winner: tuple[int, int] | None = None


def input_table(stage: Stage, trace: Trace) -> Table:
    """What the windows of a stage read, with the window of one output."""
    rows, columns = _inside(stage, trace)
    winner = None
    if trace.winner is not None:
        found = _at(stage, trace, trace.winner[1:])
        winner = found if found[0] in rows and found[1] in columns else None
    return Table(
        heading=_input_heading(stage, trace),
        numbers=stage.inputs,
        limit=limit_of(stage.inputs),
        is_hatched=stage.is_padding,
        is_empty=stage.is_padding & np.isnan(stage.inputs),
        marks=_marks(rows, columns),
        winner=winner,
    )


def kernel_tables(stage: Stage, trace: Trace) -> tuple[Table, Table] | None:
    """The weights and the products of a weighted sum in the channel that is drawn, else None.

    A transposed kernel is shown whole, whichever of its cells meet an input, so that it looks alike at every step.
    """
    taps, layer = trace.taps, trace.step.layer
    if trace.operation is not Operation.SUM:
        return None
    if isinstance(layer, ConvTranspose):
        per_group = layer.weight.array.shape[1]
        weights = layer.weight.array[int(taps.channels[0]), trace.unit.channel % per_group]
        products, is_empty = np.zeros(weights.shape), np.ones(weights.shape, np.bool_)
        met = np.ix_(taps.rows.cells, taps.columns.cells)
        products[met], is_empty[met] = taps.products[0], False
        weights, products = (table[:MOST_INPUTS, :MOST_INPUTS].astype(np.float64) for table in (weights, products))
        is_empty = is_empty[:MOST_INPUTS, :MOST_INPUTS]
        marks = tuple(Mark(int(row), int(column), 1, 1) for row, column in np.argwhere(~is_empty))
    else:
        is_row, is_column = (_is_drawn(stage, trace, axis) for axis in (0, 1))
        part = np.ix_(is_row, is_column)
        weights, products, marks = taps.weights[0][part], taps.products[0][part], ()
        is_empty = np.zeros(products.shape, np.bool_)
    is_flipped = isinstance(layer, Conv) and layer.orientation is Orientation.CONVOLUTION
    return (
        Table("weights, flipped" if is_flipped else "weights", weights, limit_of(weights), "×", marks=marks),
        Table("products", products, limit_of(products), "=", is_empty=is_empty),
    )


def output_table(stage: Stage, trace: Trace) -> Table:
    """The outputs of a stage up to one of them."""
    row, column = trace.unit.row - stage.output_corner[0], trace.unit.column - stage.output_corner[1]
    outputs = stage.outputs
    is_empty = np.zeros(outputs.shape, np.bool_)
    is_empty.ravel()[row * outputs.shape[1] + column + 1 :] = True
    sign, marks = SIGNS.get(trace.operation, "→"), (Mark(row, column, 1, 1),)
    return Table("output", outputs, limit_of(outputs), sign, is_empty=is_empty, marks=marks)


def sums_sentence(trace: Trace) -> str:
    """What each channel adds to a weighted sum over several of them, or ""."""
    channels = trace.taps.channels.tolist()
    if trace.operation is not Operation.SUM or len(channels) == 1:
        return ""
    products = trace.taps.products
    totals, sizes = products.sum(axis=(1, 2)).tolist(), np.abs(products).sum(axis=(1, 2)).tolist()
    sums = [without_noise(total, size) for total, size in zip(totals, sizes, strict=True)]
    if len(channels) > MOST_SUMS:
        return f"One of {len(channels):,} channels is drawn; its products add up to {number(sums[0])}."
    named = ", ".join(
        f"{channel_name(channel, trace.step.input, is_frame=trace.index == 0)} {number(total)}"
        for channel, total in zip(channels, sums, strict=True)
    )
    return f"The products of each channel add up to: {named}."


def cell_texts(numbers: NDArray[np.float64], fitting: int) -> NDArray[np.str_]:
    """Numbers in at most so many characters, all in equally many significant digits where that is possible."""
    digits = common_digits(numbers, fitting)
    texts = [number(value, digits=digits) if digits else cell_text(value, fitting) for value in numbers.flat]
    return np.array(texts, np.str_).reshape(numbers.shape)


def common_digits(numbers: NDArray[np.float64], fitting: int) -> int:
    """How many significant digits all of some numbers can have in so many characters, at most 4; 0 if not even one."""
    values = numbers.ravel().tolist()
    fit = (digits for digits in (4, 3, 2, 1) if all(len(number(value, digits=digits)) <= fitting for value in values))
    return next(fit, 0)


def _input_heading(stage: Stage, trace: Trace) -> str:
    count = trace.step.input.channels
    name = channel_name(int(trace.taps.channels[0]), trace.step.input, is_frame=trace.index == 0)
    heading = "input" if count == 1 else f"input, {name}"
    if len(trace.taps.channels) > 1:
        heading += f" (1 of {len(trace.taps.channels):,})"
    high, wide = (int(np.ptp(places)) + 1 if len(places) else 0 for places in _places(trace))
    if max(high, wide) > MOST_INPUTS:
        rows, columns = stage.inputs.shape
        heading += f": middle {rows}×{columns} of {high:,}×{wide:,}"
    return heading


def _places(trace: Trace) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return trace.taps.rows.places, trace.taps.columns.places


def _is_drawn(stage: Stage, trace: Trace, axis: int) -> NDArray[np.bool_]:
    places = _places(trace)[axis] - stage.input_corner[axis]
    return np.asarray((places >= 0) & (places < stage.inputs.shape[axis]))


def _inside(stage: Stage, trace: Trace) -> tuple[list[int], list[int]]:
    rows, columns = (
        (_places(trace)[axis][_is_drawn(stage, trace, axis)] - stage.input_corner[axis]).tolist() for axis in (0, 1)
    )
    return rows, columns


def _at(stage: Stage, trace: Trace, tap: tuple[int, int]) -> tuple[int, int]:
    rows, columns = _places(trace)
    return int(rows[tap[0]]) - stage.input_corner[0], int(columns[tap[1]]) - stage.input_corner[1]


def _marks(rows: list[int], columns: list[int]) -> tuple[Mark, ...]:
    """One mark around cells that touch, else one around each: a dilated window leaves some out."""
    if not rows or not columns:
        return ()
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if (high, wide) == (len(rows), len(columns)):
        return (Mark(rows[0], columns[0], high, wide),)
    return tuple(Mark(row, column, 1, 1) for row in rows for column in columns)
