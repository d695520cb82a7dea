"""The entries of a layer's matrix: which weight stands where, and so which are tied. No pixel values here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from convstudio.core.geometry.shapes import Shape
from convstudio.core.ops import dense_weights_from
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense, Pool
from convstudio.core.recipe.plan import Step
from convstudio.insight.matrix.submatrix import Submatrix
from convstudio.insight.trace.taps import Axis, Indices, Numbers, axis_of, grouping

BLANK = -1  # the identity of a place without a connection


@dataclass(frozen=True, eq=False)
class MatrixEntries:
    """The entries of a matrix.

    Parameters
    ----------
    identities
        (R, C): equal numbers are tied, `BLANK` is no connection. Below `weights.size` it is the weight of that flat
        number; above, it is a sum of weights that a mirrored border brings onto one input.
    parts
        The weights that an identity is made of, by their flat numbers.
    weights
        What can stand at a place: the kernel of the layer, in its own shape; the distinct numbers of an average,
        (n,); every weight of a dense layer, (R, C).
    values
        (R, C) float64, 0 at blanks.
    """

    identities: Indices
    parts: dict[int, tuple[int, ...]]
    weights: Numbers
    values: Numbers

    @property
    def places(self) -> int:
        """How many places have a connection."""
        return int((self.identities != BLANK).sum())

    @property
    def used(self) -> frozenset[int]:
        """Flat numbers of the weights that stand somewhere."""
        return frozenset(part for parts in self.parts.values() for part in parts)


def entries_of(step: Step, submatrix: Submatrix) -> MatrixEntries:
    """The places of the matrix of a convolution, an average or a dense layer.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.first_recipes import articles_recipe
    >>> from convstudio.insight.matrix.submatrix import submatrix_around
    >>> from convstudio.insight.trace.taps import Unit
    >>> step = plan(articles_recipe(), Shape(1, 6, 6)).steps[0]
    >>> entries = entries_of(step, submatrix_around(step, Unit(0, 0, 0)))
    >>> entries.identities.shape, entries.places, len(entries.used)
    ((16, 36), 144, 9)
    """
    match step.layer:
        case Conv() | ConvTranspose() as layer:
            return _gather(submatrix, layer.weight.array, _kernel_places(step, layer, submatrix))
        case Pool() as layer:
            shares, places = _average_places(step, layer, submatrix)
            return _gather(submatrix, shares, places)
        case _:
            assert isinstance(step.layer, Dense)
            weights = _dense_block(step.layer.seed, step.input, submatrix)
            identities = np.arange(weights.size).reshape(weights.shape)
            return MatrixEntries(identities, {number: (number,) for number in range(weights.size)}, weights, weights)


WeightPlace = tuple[int, int, int]  # row and column of the matrix, flat number of a weight


def _gather(submatrix: Submatrix, weights: Numbers, places: Iterable[WeightPlace]) -> MatrixEntries:
    """Put weights onto their places; where several meet, the place holds their sum."""
    weights_at: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row, column, weight in places:
        weights_at[row, column].append(weight)
    identities = np.full((submatrix.outputs, submatrix.inputs), BLANK, np.intp)
    values = np.zeros(identities.shape)
    sums: dict[tuple[int, ...], int] = {}
    parts: dict[int, tuple[int, ...]] = {}
    flat = weights.ravel()
    for place, weights_there in weights_at.items():
        key = tuple(sorted(weights_there))
        identity = key[0] if len(key) == 1 else sums.setdefault(key, flat.size + len(sums))
        identities[place] = identity
        parts[identity] = key
        values[place] = flat[list(key)].sum()
    return MatrixEntries(identities, parts, weights, values)


def _kernel_places(step: Step, layer: Conv | ConvTranspose, submatrix: Submatrix) -> Iterable[WeightPlace]:
    """Every tap of every output that meets an input of the window."""
    joined = grouping(step)
    numbers = np.arange(layer.weight.array.size).reshape(layer.weight.array.shape)
    for row in range(submatrix.outputs):
        channel, at_row, at_column = submatrix.output_at(row)
        group, number = joined.place_of(channel)
        rows, columns = axis_of(step, 0, at_row), axis_of(step, 1, at_column)
        for place, read in enumerate(submatrix.input_channels):
            if read not in joined.read_by(channel):
                continue
            match layer:
                case ConvTranspose():
                    plane = numbers[read, number]
                case Conv(channels=Channels.EACH):
                    plane = numbers[number, 0]
                case Conv():
                    plane = numbers[channel, read - group * joined.reads]
            for column, row_cell, column_cell in _meetings(submatrix, place, rows, columns):
                yield row, column, int(plane[row_cell, column_cell])


def _meetings(submatrix: Submatrix, place: int, rows: Axis, columns: Axis) -> Iterable[tuple[int, int, int]]:
    """Column of the matrix, kernel row and kernel column of each tap on one input channel."""
    height, width = len(submatrix.input_rows), len(submatrix.input_columns)
    row_places = {line: at for at, line in enumerate(submatrix.input_rows)}
    column_places = {line: at for at, line in enumerate(submatrix.input_columns)}
    for row_cell, row_source in zip(rows.cells.tolist(), rows.sources.tolist(), strict=True):
        at_row = row_places.get(row_source)
        if at_row is None:
            continue
        for column_cell, column_source in zip(columns.cells.tolist(), columns.sources.tolist(), strict=True):
            at_column = column_places.get(column_source)
            if at_column is not None:
                yield (place * height + at_row) * width + at_column, row_cell, column_cell


def _average_places(step: Step, layer: Pool, submatrix: Submatrix) -> tuple[Numbers, list[WeightPlace]]:
    """The distinct shares, largest first, and where they stand; a window at the border may count fewer pixels."""
    counts: list[tuple[int, int, int]] = []
    for row in range(submatrix.outputs):
        channel, at_row, at_column = submatrix.output_at(row)
        rows, columns = axis_of(step, 0, at_row), axis_of(step, 1, at_column)
        inside = int((~rows.is_padding).sum()) * int((~columns.is_padding).sum())
        counted = len(rows.cells) * len(columns.cells) if layer.count_include_pad else inside
        place = submatrix.input_channels.index(channel)
        counts.extend((row, column, counted) for column, _, _ in _meetings(submatrix, place, rows, columns))
    sizes = sorted({counted for _, _, counted in counts})
    places = [(row, column, sizes.index(counted)) for row, column, counted in counts]
    return 1 / np.array(sizes, np.float64), places


def _dense_block(seed: int, source: Shape, submatrix: Submatrix) -> Numbers:
    """The weights of a dense layer in a window, (R, C)."""
    first = submatrix.input_columns[0]
    width = submatrix.input_columns[-1] + 1 - first
    rows = [
        dense_weights_from(
            ((unit * source.channels + channel) * source.height + row) * source.width + first,
            width, inputs=source.size, seed=seed,
        )
        for unit in submatrix.output_channels
        for channel in submatrix.input_channels
        for row in submatrix.input_rows
    ]  # fmt: skip
    return np.concatenate(rows).reshape(submatrix.outputs, submatrix.inputs).astype(np.float64)
