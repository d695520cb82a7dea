"""Which part of a layer is unrolled into a matrix: the outputs are its rows, the inputs its columns.

Integers only; what stands at its places is in `entries`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.geometry.regions import middle, surroundings
from convstudio.core.recipe.layers import Dense, Pool
from convstudio.core.recipe.plan import Step
from convstudio.insight.trace.taps import Unit, axis_of, grouping

Lines = tuple[int, ...]

MOST_INPUTS = 108  # columns that can still be told apart on a small screen: 6×6 inputs of three channels
MOST_INPUTS_WITH_LETTERS = 60  # columns of a cut that leave room for letters
MOST_OUTPUTS_OF_ALL = 64  # rows, where the whole picture fits: 8×8 outputs
MOST_OUTPUTS = 16  # rows of a cut
SIDES = (8, 6, 4, 3, 2)  # outputs along each axis of a cut
SIDE_OF_A_PART = 2  # outputs along each axis where not even all inputs of one output fit
LINES_OF_A_PART = 8  # inputs along each axis there
LINES_OF_A_DENSE_PART = 6
UNITS = 16  # of a dense layer that does not fit


class Limits(NamedTuple):
    """How large a matrix may be: of a whole picture, and of a cut; `inputs_with_letters` are preferred in a cut."""

    outputs_of_all: int
    inputs_of_all: int
    outputs: int
    inputs_with_letters: int
    inputs: int


GLANCE = Limits(MOST_OUTPUTS_OF_ALL, MOST_INPUTS, MOST_OUTPUTS, MOST_INPUTS_WITH_LETTERS, MOST_INPUTS)
SCROLLED = Limits(144, 192, 48, 108, 192)  # where the reader can scroll


@dataclass(frozen=True)
class Submatrix:
    """Rows and columns of the matrix: every combination of channels, rows and columns, in this order.

    Parameters
    ----------
    output_channels, output_rows, output_columns
        Where the outputs are in the layer's output.
    input_channels, input_rows, input_columns
        Where the inputs are in the layer's input.
    is_whole_picture
        Whether all places of input and output are there, if perhaps not all channels; otherwise it is a cut.
    is_complete
        Whether these outputs read no other inputs than these.
    """

    output_channels: Lines
    output_rows: Lines
    output_columns: Lines
    input_channels: Lines
    input_rows: Lines
    input_columns: Lines
    is_whole_picture: bool
    is_complete: bool = True

    @property
    def outputs(self) -> int:
        """Rows of the matrix."""
        return len(self.output_channels) * len(self.output_rows) * len(self.output_columns)

    @property
    def inputs(self) -> int:
        """Columns of the matrix."""
        return len(self.input_channels) * len(self.input_rows) * len(self.input_columns)

    def output_at(self, row: int) -> Unit:
        """Which output a row of the matrix makes."""
        return _at(row, self.output_channels, self.output_rows, self.output_columns)

    def input_at(self, column: int) -> Unit:
        """Which input a column of the matrix is multiplied with."""
        return _at(column, self.input_channels, self.input_rows, self.input_columns)


def submatrix_around(step: Step, near: Unit, limits: Limits = GLANCE) -> Submatrix | None:
    """The submatrix of a layer around one of its outputs; None where one output reads more than fits.

    The whole picture where it fits, else as many outputs as fit with everything they read. Convolutions and dense
    layers of which one output reads too much are shown in part; `Submatrix.is_complete` is then False.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.first_recipes import articles_recipe
    >>> submatrix = submatrix_around(plan(articles_recipe(), Shape(1, 6, 6)).steps[0], Unit(0, 0, 0))
    >>> submatrix.outputs, submatrix.inputs, submatrix.is_whole_picture
    (16, 36, True)
    """
    channel_choices = list(_channels(step, near))
    for outputs, inputs in (_all_channels(step), *channel_choices):
        whole = _whole_picture(step, outputs, inputs)
        if whole.outputs <= limits.outputs_of_all and whole.inputs <= limits.inputs_of_all:
            return whole
    sides = (*SIDES, 1) if isinstance(step.layer, Pool) else SIDES  # a single output would not show its kernel's ties
    cuts = [
        _cut(step, near, outputs, inputs, side=side, with_gaps=with_gaps)
        for (outputs, inputs), side, with_gaps in product(channel_choices, sides, (True, False))
    ]
    for most in (limits.inputs_with_letters, limits.inputs):
        fitting = [cut for cut in cuts if cut.outputs <= limits.outputs and cut.inputs <= most]
        if fitting:
            return max(fitting, key=lambda cut: cut.outputs * cut.inputs)  # of equally large ones the first
    return _part(step, near, *channel_choices[0])


def _at(place: int, channels: Lines, rows: Lines, columns: Lines) -> Unit:
    rest, column = divmod(place, len(columns))
    channel, row = divmod(rest, len(rows))
    return Unit(channels[channel], rows[row], columns[column])


def _all_channels(step: Step) -> tuple[Lines, Lines]:
    return tuple(range(step.output.channels)), tuple(range(step.input.channels))


def _channels(step: Step, near: Unit) -> Iterator[tuple[Lines, Lines]]:
    """Output channels with the input channels they read, the most telling choice first."""
    joined = grouping(step)
    group, number = joined.place_of(near.channel)
    if joined.groups == 1:
        for most in (UNITS,) if isinstance(step.layer, Dense) else (2, 1):
            count = min(most, joined.makes)
            first = min(number, joined.makes - count)
            yield tuple(range(first, first + count)), tuple(range(joined.reads))
        return
    for count in (3, 2, 1):
        if count <= joined.groups:
            first = min(group, joined.groups - count)
            outputs = tuple(joined.channel_at(at, number) for at in range(first, first + count))
            yield outputs, tuple(range(first * joined.reads, (first + count) * joined.reads))


def _whole_picture(step: Step, outputs: Lines, inputs: Lines) -> Submatrix:
    (_, height, width), (_, rows, columns) = step.input, step.output
    return Submatrix(
        outputs, tuple(range(rows)), tuple(range(columns)), inputs, tuple(range(height)), tuple(range(width)),
        is_whole_picture=True,
    )  # fmt: skip


def _cut(step: Step, near: Unit, outputs: Lines, inputs: Lines, *, side: int, with_gaps: bool) -> Submatrix:
    output_lines, input_lines = [], []
    for axis, centre in enumerate((near.row, near.column)):
        output_lines.append(tuple(surroundings(centre, step.output[1 + axis], side)))
        input_lines.append(_lines_read(step, axis, output_lines[axis], with_gaps=with_gaps))
    return Submatrix(
        outputs, output_lines[0], output_lines[1], inputs, input_lines[0], input_lines[1], is_whole_picture=False
    )


def _lines_read(step: Step, axis: int, indices: Lines, *, with_gaps: bool) -> Lines:
    """Rows (or columns) of the input that outputs read, with or without those between them that none reads."""
    sources = np.unique(np.concatenate([axis_of(step, axis, index).sources for index in indices]))
    lines = [int(line) for line in sources if line != OUTSIDE]
    if not lines:  # a transposed kernel smaller than its stride leaves outputs to which nothing comes
        place = indices[0] * step.input[1 + axis] // step.output[1 + axis]
        return (min(place, step.input[1 + axis] - 1),)
    return tuple(range(lines[0], lines[-1] + 1)) if with_gaps else tuple(lines)


def _part(step: Step, near: Unit, outputs: Lines, inputs: Lines) -> Submatrix | None:
    """A part of the inputs that a few outputs read."""
    if isinstance(step.layer, Pool):
        return None
    cut = _cut(step, near, outputs, inputs, side=SIDE_OF_A_PART, with_gaps=False)
    limit = LINES_OF_A_DENSE_PART if isinstance(step.layer, Dense) else LINES_OF_A_PART
    rows, columns = (_middle(lines, limit) for lines in (cut.input_rows, cut.input_columns))
    channels = inputs[: max(1, MOST_INPUTS // (len(rows) * len(columns)))]
    return Submatrix(
        outputs, cut.output_rows, cut.output_columns, channels, rows, columns, is_whole_picture=False, is_complete=False
    )


def _middle(lines: Lines, count: int) -> Lines:
    part = middle(len(lines), count)
    return lines[part.start : part.stop]
