"""What is pointed at in the weight matrix or in the grids beside it, and everything that is linked to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.insight.matrix.entries import BLANK
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix


@dataclass(frozen=True)
class Pointed:
    """A row (an output), a column (an input), both (a place), or a weight of the kernel."""

    row: int | None = None
    column: int | None = None
    weight: int | None = None


@dataclass(frozen=True, eq=False)
class Links:
    """What lights up: places (R, C), inputs (C,), outputs (R,) and weights of the kernel."""

    cells: NDArray[np.bool_]
    inputs: NDArray[np.bool_]
    outputs: NDArray[np.bool_]
    weights: frozenset[int]


def is_within(matrix: WeightMatrix, pointed: Pointed) -> bool:
    """Whether a matrix has what is pointed at."""
    rows, columns = matrix.entries.identities.shape
    if pointed.weight is not None:
        return pointed.weight in matrix.entries.used
    return bool((pointed.row or 0) < rows and (pointed.column or 0) < columns)


def links_of(matrix: WeightMatrix, mode: Mode, pointed: Pointed) -> Links:
    """Everything that is linked to what is pointed at; a place lights up its whole row, and its twins."""
    shape = matrix.entries.identities.shape
    cells = np.zeros(shape, np.bool_)
    inputs, outputs = np.zeros(shape[1], np.bool_), np.zeros(shape[0], np.bool_)
    weights: frozenset[int] = frozenset()
    row, column = pointed.row, pointed.column
    if row is not None:
        inputs |= matrix.inputs_of(row, mode)
    if column is not None:
        outputs |= matrix.outputs_of(column, mode)
    if row is not None and column is not None:
        weights = frozenset(matrix.parts_at(row, column))
        identities = matrix.identities_in(mode)
        cells[row] = identities[row] != BLANK
        own = int(identities[row, column])
        if own != BLANK:
            cells |= matrix.twins_in(mode, weights if mode is Mode.TIED else (own,))
    elif pointed.weight is not None:
        weights = frozenset((pointed.weight,))
        cells |= matrix.twins_in(Mode.TIED, weights)
        inputs |= cells.any(axis=0)
        outputs |= cells.any(axis=1)
    else:
        cells[row if row is not None else slice(None), column if column is not None else slice(None)] = True
        cells &= matrix.identities_in(mode) != BLANK
        weights = frozenset(part for at in np.argwhere(cells).tolist() for part in matrix.parts_at(*at))
    return Links(cells, inputs, outputs, weights)
