"""Beside the matrix: the inputs, the kernel and the outputs of its window as small grids that light up with it."""

from dataclasses import dataclass
from enum import StrEnum
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import NO_NUMBER, limit_of
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.recipe.layers import Pool
from convstudio.core.wording import number
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.insight.trace.taps import Indices, Numbers
from convstudio.views import theme
from convstudio.views.explain.matrix.cells import LETTER_ROOM, numbers_font, paint_in, veil, weight_face
from convstudio.views.explain.matrix.links import Links, Pointed
from convstudio.views.painting import painting

ROWS = 10  # of cells, to which small channels are stacked
MOST_ACROSS = 12  # channels side by side; more leave gaps in their last row
LARGEST_KERNEL = 11  # on a side; larger ones are not drawn
NOWHERE = -1
GAP, CHANNEL_GAP = 16, 4  # pixels between grids, and between the channels of one grid
LEAST_CELL, MOST_WIDE, MOST_HIGH, WIDEST = 5, 44, 24, 2.0
READABLE_ROWS = 6  # that have room for numbers however low the panel is


class GridRole(StrEnum):
    """What a grid shows."""

    INPUT = "input"
    KERNEL = "kernel"
    OUTPUT = "output"


@dataclass(frozen=True, eq=False)
class CellGrid:
    """Cells, a rectangle of them for each channel.

    Parameters
    ----------
    keys
        (channels down, channels across, height, width): which column of the matrix (input), which row (output) or which
        weight of the kernel a cell is; `NOWHERE` is no cell.
    colours, wordings
        Of each key; a cell has as many wordings as there are, the longest first.
    """

    role: GridRole
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
        """Where each cell is: the row and column of its channel, its own row and column; and its key."""
        return [(place, int(key)) for place, key in np.ndenumerate(self.keys) if key != NOWHERE]

    def pointed_at(self, key: int) -> Pointed:
        """What is pointed at with a cell."""
        match self.role:
            case GridRole.INPUT:
                return Pointed(column=key)
            case GridRole.OUTPUT:
                return Pointed(row=key)
            case GridRole.KERNEL:
                return Pointed(weight=key)


def grids_of(matrix: WeightMatrix, mode: Mode) -> tuple[CellGrid, ...]:
    """The grids beside a matrix; a kernel that is too large, or none, is left out."""
    window = matrix.submatrix
    input_shape = (len(window.input_channels), len(window.input_rows), len(window.input_columns))
    output_shape = (len(window.output_channels), len(window.output_rows), len(window.output_columns))
    inputs = _numbers(
        GridRole.INPUT, "Input", _arranged(input_shape), matrix.inputs, is_grey=not (matrix.inputs < 0).any()
    )
    return inputs, *_kernel(matrix, mode), _numbers(GridRole.OUTPUT, "Output", _arranged(output_shape), matrix.product)


def _numbers(role: GridRole, heading: str, keys: Indices, numbers: Numbers, *, is_grey: bool = False) -> CellGrid:
    """Cells in the colours of signed numbers; brightness that is never negative is grey, the largest number white."""
    limit = limit_of(numbers)
    values = {key: float(numbers.flat[key]) for key in keys.ravel().tolist() if key != NOWHERE}
    colours = {key: _grey(value, limit) if is_grey else _signed(value, limit) for key, value in values.items()}
    return CellGrid(role, heading, keys, colours, {key: (number(value),) for key, value in values.items()})


def _arranged(shape: tuple[int, int, int]) -> Indices:
    """Channels side by side; small ones also below one another."""
    channels, height, width = shape
    most = min(max(ROWS // (height + 1), 1), channels)
    even = max(down for down in range(1, most + 1) if channels % down == 0)
    down = even if channels // even <= MOST_ACROSS else most
    across = ceil_division(channels, down)
    cells = np.full((down * across, height, width), NOWHERE)
    cells[:channels] = np.arange(channels * height * width).reshape(shape)
    return cells.reshape(down, across, height, width)


def _kernel(matrix: WeightMatrix, mode: Mode) -> list[CellGrid]:
    """Filters below one another, their planes side by side; the shares of an average in one row."""
    weights, used = matrix.entries.weights, sorted(matrix.entries.used)
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
        return [_numbers(GridRole.KERNEL, f"{name}, untied", keys, weights)]
    colours: dict[int, QColor] = {}
    wordings: dict[int, tuple[str, ...]] = {}
    for key in keys.ravel().tolist():
        face = weight_face(matrix, key)
        colours[key], wordings[key] = face.colour, (f"{face.text} {number(float(weights.flat[key]))}", face.text)
    return [CellGrid(GridRole.KERNEL, name, keys, colours, wordings)]


def _signed(value: float, limit: float) -> QColor:
    return theme.diverging(value, limit)


def _grey(value: float, limit: float) -> QColor:
    if isnan(value):
        return QColor(*NO_NUMBER)
    level = round(255 * min(value / limit, 1.0)) if value > 0 else 0
    return QColor(level, level, level)


class MatrixGrids(QWidget):
    """Input, kernel and output side by side."""

    pointed = Signal(object)  # Pointed, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix-grids")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The inputs, the kernel and the outputs of the matrix")
        self.setToolTip("Point at an input, a weight of the kernel or an output to see it in the matrix.")
        self._links: Links | None = None
        self._pointed: Pointed | None = None
        self.grids: tuple[CellGrid, ...] = ()

    def show_matrix(self, matrix: WeightMatrix | None, mode: Mode) -> None:
        """Show the numbers of a matrix; None shows nothing."""
        self.grids = grids_of(matrix, mode) if matrix is not None else ()
        self.updateGeometry()
        self.update()

    def show_links(self, pointed: Pointed | None, links: Links | None) -> None:
        """Light up what is linked to what is pointed at."""
        self._pointed, self._links = pointed, links
        self.update()

    def cell(self) -> QSize:
        """The size of a cell, the same in all grids, in whole pixels."""
        rows, down = max(grid.rows for grid in self.grids), self._above_and_between()
        high = min(max((self.height() - down) // rows, LEAST_CELL), MOST_HIGH)
        wide = min(MOST_WIDE, max(int(high * WIDEST), LEAST_CELL))
        while wide > LEAST_CELL and self._across(wide) > self.width():
            wide -= 1
        return QSize(wide, high)

    def cell_rect(self, role: GridRole, key: int) -> QRect:
        """Where the cell of an input, a weight or an output is; an empty rectangle where there is none."""
        for grid, rect, at in self._cells():
            if grid.role is role and at == key:
                return rect
        return QRect()

    def texts(self, role: GridRole) -> dict[int, str]:
        """What is written into the cells of a grid."""
        metrics = QFontMetrics(self._numbers_font())
        return next((self._fitting(grid, metrics) for grid in self.grids if grid.role is role), {})

    def is_lit(self, role: GridRole, key: int) -> bool:
        """Whether a cell is linked to what is pointed at; all are while nothing is."""
        links, pointed = self._links, self._pointed
        if links is None or pointed is None:
            return True
        match role:
            case GridRole.INPUT:
                return bool(links.inputs[key]) or key == pointed.column
            case GridRole.OUTPUT:
                return bool(links.outputs[key]) or key == pointed.row
            case GridRole.KERNEL:
                return key in links.weights

    def minimumSizeHint(self) -> QSize:
        """Smaller, cells could not be told apart, and few rows not be read."""
        if not self.grids:
            return QSize(0, 0)
        rows = max(grid.rows for grid in self.grids)
        high = LETTER_ROOM if rows <= READABLE_ROWS else LEAST_CELL
        return QSize(self._across(LEAST_CELL), rows * high + self._above_and_between())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the input, the weight or the output under the mouse."""
        at = event.position().toPoint()
        pointed = next((grid.pointed_at(key) for grid, rect, key in self._cells() if rect.contains(at)), None)
        self.pointed.emit(pointed)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        self.pointed.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Headings and cells; what is not linked fades, and what is pointed at is framed."""
        with painting(self) as painter:
            if not self.grids:
                return
            painter.setPen(theme.tokens(self).muted)
            for grid, left in self._placed(self.cell().width()):
                painter.drawText(QPointF(left, painter.fontMetrics().ascent()), grid.heading)
            painter.setFont(self._numbers_font())
            texts = {grid.role: self._fitting(grid, painter.fontMetrics()) for grid in self.grids}
            cells = self._cells()
            for grid, rect, key in cells:
                painter.fillRect(rect, grid.colours[key])
                painter.setPen(theme.ink_over(grid.colours[key]))
                paint_in(painter, rect, texts[grid.role][key])
                if not self.is_lit(grid.role, key):
                    painter.fillRect(rect, veil(theme.tokens(self)))
                painter.setPen(theme.tokens(self).line)
                painter.drawRect(rect)
            self._paint_marks(painter, cells)

    def _paint_marks(self, painter: QPainter, cells: list[tuple[CellGrid, QRect, int]]) -> None:
        """Frames: a fading of white or black cells alone would hardly be seen."""
        pointed, links = self._pointed, self._links
        if pointed is None or links is None:
            return
        painter.setPen(QPen(theme.tokens(self).text, 1))
        for grid, rect, key in cells:
            if self.is_lit(grid.role, key):
                painter.drawRect(rect)
        painter.setPen(QPen(theme.tokens(self).accent, 3))
        for grid, rect, key in cells:
            of_weights = grid.role is GridRole.KERNEL and key in links.weights and self._is_of_a_place(pointed)
            if of_weights or grid.pointed_at(key) in (Pointed(row=pointed.row), Pointed(column=pointed.column)):
                painter.drawRect(rect)

    @staticmethod
    def _is_of_a_place(pointed: Pointed) -> bool:
        return pointed.weight is not None or (pointed.row is not None and pointed.column is not None)

    def _numbers_font(self) -> QFont:
        return numbers_font(self, self.cell().height() if self.grids else 0)

    def _fitting(self, grid: CellGrid, metrics: QFontMetrics) -> dict[int, str]:
        """The longest wording that fits into every cell of a grid, so that none is missing among others."""
        room = self.cell()
        for level in zip(*grid.wordings.values(), strict=True):
            if room.height() >= LETTER_ROOM and max(map(metrics.horizontalAdvance, level)) <= room.width() - 3:
                return dict(zip(grid.wordings, level, strict=True))
        return dict.fromkeys(grid.wordings, "")

    def _above_and_between(self) -> int:
        """Pixels above the cells, and between the channels below one another."""
        return self._heading() + CHANNEL_GAP * max(len(grid.keys) - 1 for grid in self.grids) + 2

    def _heading(self) -> int:
        return self.fontMetrics().height() + 2

    def _width_of(self, grid: CellGrid, wide: int) -> int:
        """The width of a grid whose cells are so wide; it has room for its heading."""
        cells = grid.columns * wide + CHANNEL_GAP * (len(grid.keys[0]) - 1)
        return max(cells, self.fontMetrics().horizontalAdvance(grid.heading))

    def _across(self, wide: int) -> int:
        return sum(self._width_of(grid, wide) for grid in self.grids) + GAP * (len(self.grids) - 1) + 2

    def _placed(self, wide: int) -> list[tuple[CellGrid, int]]:
        """Each grid and where its left edge is."""
        lefts = [1]
        for grid in self.grids:
            lefts.append(lefts[-1] + self._width_of(grid, wide) + GAP)
        return list(zip(self.grids, lefts, strict=False))

    def _cells(self) -> list[tuple[CellGrid, QRect, int]]:
        """Every cell: its grid, where it is, and its key."""
        if not self.grids:
            return []
        cells, top, size = [], self._heading(), self.cell()
        for grid, left in self._placed(size.width()):
            _, _, height, width = grid.keys.shape
            for (channel_row, channel_column, row, column), key in grid.places():
                x = left + channel_column * (width * size.width() + CHANNEL_GAP) + column * size.width()
                y = top + channel_row * (height * size.height() + CHANNEL_GAP) + row * size.height()
                cells.append((grid, QRect(x, y, size.width(), size.height()), key))
        return cells
