"""The numbers beside the weight matrix as tiles: inputs, kernel and outputs, with the colour and text of each cell."""

from dataclasses import dataclass
from enum import StrEnum
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from convstudio.core.display.colours import NO_NUMBER, limit_of
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.recipe.layers import Pool
from convstudio.core.wording import number
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.insight.trace.taps import Indices, Numbers
from convstudio.views import theme
from convstudio.views.explain.matrix.faces import weight_face
from convstudio.views.explain.matrix.links import Pointed

ROWS = 10  # of cells, to which small channels are stacked
MOST_ACROSS = 12  # channels side by side; more leave gaps in their last row
LARGEST_KERNEL = 11  # on a side; larger ones are not drawn
NOWHERE = -1


class Part(StrEnum):
    """What a grid shows."""

    INPUT = "input"
    KERNEL = "kernel"
    OUTPUT = "output"


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells as tiles, one for each channel.

    Parameters
    ----------
    keys
        (tile rows, tile columns, height, width): which column of the matrix (input), which row (output) or which
        weight of the kernel a cell is; `NOWHERE` is no cell.
    colours, wordings
        Of each key; a cell has as many wordings as there are, the longest first.
    """

    part: Part
    heading: str
    keys: Indices
    colours: dict[int, QColor]
    wordings: dict[int, tuple[str, ...]]

    @property
    def columns(self) -> int:
        """Cells side by side."""
        return int(self.keys.shape[1] * self.keys.shape[3])

    @property
    def rows(self) -> int:
        """Cells below one another."""
        return int(self.keys.shape[0] * self.keys.shape[2])

    def places(self) -> list[tuple[tuple[int, ...], int]]:
        """Tile row and column, row and column of each cell, and its key."""
        return [(place, int(key)) for place, key in np.ndenumerate(self.keys) if key != NOWHERE]

    def pointed_at(self, key: int) -> Pointed:
        """What is pointed at with a cell."""
        match self.part:
            case Part.INPUT:
                return Pointed(column=key)
            case Part.OUTPUT:
                return Pointed(row=key)
            case Part.KERNEL:
                return Pointed(weight=key)


def grids_of(matrix: WeightMatrix, mode: Mode) -> tuple[Grid, ...]:
    """The grids beside a matrix; a kernel that is too large, or none, is left out."""
    window = matrix.window
    read = (len(window.input_channels), len(window.input_rows), len(window.input_columns))
    made = (len(window.output_channels), len(window.output_rows), len(window.output_columns))
    inputs = _numbers(Part.INPUT, "Input", _tiled(read), matrix.inputs, is_grey=not (matrix.inputs < 0).any())
    return inputs, *_kernel(matrix, mode), _numbers(Part.OUTPUT, "Output", _tiled(made), matrix.product)


def _numbers(part: Part, heading: str, keys: Indices, numbers: Numbers, *, is_grey: bool = False) -> Grid:
    """Cells in the colours of signed numbers; brightness that is never negative is grey, the largest number white."""
    limit = limit_of(numbers)
    known = {key: float(numbers.flat[key]) for key in keys.ravel().tolist() if key != NOWHERE}
    colours = {key: _grey(value, limit) if is_grey else _signed(value, limit) for key, value in known.items()}
    return Grid(part, heading, keys, colours, {key: (number(value),) for key, value in known.items()})


def _tiled(shape: tuple[int, int, int]) -> Indices:
    """Channels side by side; small ones also below one another."""
    channels, height, width = shape
    most = min(max(ROWS // (height + 1), 1), channels)
    even = max(down for down in range(1, most + 1) if channels % down == 0)
    down = even if channels // even <= MOST_ACROSS else most
    across = ceil_division(channels, down)
    tiles = np.full((down * across, height, width), NOWHERE)
    tiles[:channels] = np.arange(channels * height * width).reshape(shape)
    return tiles.reshape(down, across, height, width)


def _kernel(matrix: WeightMatrix, mode: Mode) -> list[Grid]:
    """Filters below one another, their planes side by side; the shares of an average in one row."""
    weights, used = matrix.cells.weights, sorted(matrix.cells.used)
    keys: NDArray[np.intp]
    if not used:
        return []
    if weights.ndim == 1:
        keys = np.array(used)[None, None, None]
    elif weights.ndim == 4 and max(weights.shape[2:]) <= LARGEST_KERNEL:
        planes = {weight // (weights.shape[2] * weights.shape[3]) for weight in used}
        firsts, seconds = (sorted({divmod(plane, weights.shape[1])[axis] for plane in planes}) for axis in (0, 1))
        keys = np.arange(weights.size).reshape(weights.shape)[np.ix_(firsts, seconds)]
    else:
        return []
    name = "Share" if isinstance(matrix.step.layer, Pool) else "Kernel"
    if mode is not Mode.TIED:
        return [_numbers(Part.KERNEL, f"{name}, untied", keys, weights)]
    colours: dict[int, QColor] = {}
    wordings: dict[int, tuple[str, ...]] = {}
    for key in keys.ravel().tolist():
        face = weight_face(matrix, key)
        colours[key], wordings[key] = face.colour, (f"{face.text} {number(float(weights.flat[key]))}", face.text)
    return [Grid(Part.KERNEL, name, keys, colours, wordings)]


def _signed(value: float, limit: float) -> QColor:
    return theme.diverging(value, limit)


def _grey(value: float, limit: float) -> QColor:
    if isnan(value):
        return QColor(*NO_NUMBER)
    level = round(255 * min(value / limit, 1.0)) if value > 0 else 0
    return QColor(level, level, level)
