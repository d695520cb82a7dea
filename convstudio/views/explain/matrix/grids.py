"""Beside the matrix: the inputs, the kernel and the outputs of its window as small grids that light up with it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.colours import NO_NUMBER, SignedScale, limit_of
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.recipe.layers import Channels, Conv, Pool
from convstudio.core.wording import counted, number
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.insight.trace.taps import Indices, Numbers
from convstudio.views import theme
from convstudio.views.explain.matrix.cells import LETTER_ROOM, numbers_font, paint_in, veil, weight_face
from convstudio.views.explain.matrix.links import Links, Pointed
from convstudio.views.explain.stage import CAPTION, TITLE, sized
from convstudio.views.explain.trace.text import channel_name
from convstudio.views.painting import painting

ROWS = 10  # of cells, to which small channels are stacked
MOST_ACROSS = 12  # channels side by side; more leave gaps in their last row
LARGEST_KERNEL = 11  # on a side; larger ones are not drawn
NOWHERE = -1
GAP, CHANNEL_GAP = 44, 4  # pixels between grids, which have a sign, and between the channels of one grid
LEAST_CELL, MOST_HIGH = 3.0, 64.0
TWO_LINES = 44  # pixels of a cell that has room for a letter above its number
SIGNS = "∗", "="


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


def grids_of(matrix: WeightMatrix, mode: Mode, scale: SignedScale = SignedScale.LIGHT) -> tuple[CellGrid, ...]:
    """The grids beside a matrix; a kernel that is too large, or none, is left out."""
    window = matrix.submatrix
    input_shape = (len(window.input_channels), len(window.input_rows), len(window.input_columns))
    output_shape = (len(window.output_channels), len(window.output_rows), len(window.output_columns))
    grey_or_signed = scale if (matrix.inputs < 0).any() else None
    return (
        _numbers(GridRole.INPUT, "Input", _arranged(input_shape), matrix.inputs, grey_or_signed),
        *_kernel(matrix, mode, scale),
        _numbers(GridRole.OUTPUT, "Output", _arranged(output_shape), matrix.product, scale),
    )


def _numbers(role: GridRole, heading: str, keys: Indices, numbers: Numbers, scale: SignedScale | None) -> CellGrid:
    """Cells in the colours of signed numbers; without a scale brightness is grey, the largest number white."""
    limit = limit_of(numbers)
    values = {key: float(numbers.flat[key]) for key in keys.ravel().tolist() if key != NOWHERE}
    colours = {
        key: _grey(value, limit) if scale is None else theme.diverging(value, limit, scale)
        for key, value in values.items()
    }
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


def _kernel(matrix: WeightMatrix, mode: Mode, scale: SignedScale) -> list[CellGrid]:
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
        return [_numbers(GridRole.KERNEL, f"{name}, untied", keys, weights, scale)]
    colours: dict[int, QColor] = {}
    wordings: dict[int, tuple[str, ...]] = {}
    for key in keys.ravel().tolist():
        face = weight_face(matrix, key)
        colours[key], wordings[key] = face.colour, (f"{face.text} {number(float(weights.flat[key]))}", face.text)
    heading = name if isinstance(matrix.step.layer, Pool) else f"{name}: {counted(len(used), 'weight')}"
    return [CellGrid(GridRole.KERNEL, heading, keys, colours, wordings)]


def is_each_alone(matrix: WeightMatrix) -> bool:
    """Whether every channel is filtered by itself, with one output channel for each."""
    layer, window = matrix.step.layer, matrix.submatrix
    channels = len(window.input_channels)
    if channels < 2 or len(window.output_channels) != channels:
        return False
    return isinstance(layer, Pool) or (isinstance(layer, Conv) and layer.channels is Channels.EACH)


def _alone(grid: CellGrid, channel: int, name: str) -> CellGrid:
    """The cells of one channel; a kernel is that of all."""
    if grid.role is GridRole.KERNEL:
        return grid
    rows, columns = grid.keys.shape[2:]
    keys = grid.keys.reshape(-1, rows, columns)[channel][None, None]
    return replace(grid, heading=f"{grid.heading}, {name}", keys=keys)


def _grey(value: float, limit: float) -> QColor:
    if isnan(value):
        return QColor(*NO_NUMBER)
    level = round(255 * min(value / limit, 1.0)) if value > 0 else 0
    return QColor(level, level, level)


class MatrixGrids(QWidget):
    """Input, kernel and output side by side, as high as one another."""

    pointed = Signal(object)  # Pointed, or None
    output_chosen = Signal(int)  # the row of the matrix that makes it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix-grids")
        self.setMouseTracking(True)
        self.setAccessibleName("The inputs, the kernel and the outputs of the matrix")
        self.setToolTip("Point at an input, a weight of the kernel or an output to see it in the matrix.")
        self._links: Links | None = None
        self._pointed: Pointed | None = None
        self._content: tuple[WeightMatrix, Mode] | None = None
        self._all: tuple[CellGrid, ...] = ()
        self._channel = 0  # which is shown where each is alone
        self.grids: tuple[CellGrid, ...] = ()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._content is not None:
            self.show_matrix(*self._content)

    def show_matrix(self, matrix: WeightMatrix | None, mode: Mode) -> None:
        """Show the numbers of a matrix; None shows nothing."""
        self._content = None if matrix is None else (matrix, mode)
        self._all = () if matrix is None else grids_of(matrix, mode, theme.signed_scale(self))
        self._turn_to(self._channel)

    def show_links(self, pointed: Pointed | None, links: Links | None) -> None:
        """Light up what is linked to what is pointed at."""
        self._pointed, self._links = pointed, links
        self._turn_to(self._channel_of(pointed))

    def _channel_of(self, pointed: Pointed | None) -> int:
        """The channel of what is pointed at; nothing that is pointed at turns no page."""
        if self._content is None or pointed is None:
            return self._channel
        window = self._content[0].submatrix
        if pointed.row is not None:
            return pointed.row // (len(window.output_rows) * len(window.output_columns))
        if pointed.column is not None:
            return pointed.column // (len(window.input_rows) * len(window.input_columns))
        return self._channel

    def _turn_to(self, channel: int) -> None:
        """Show one channel where each is filtered alone, for the same happens in the others; else all of them."""
        self.grids = self._all
        if self._content is not None and is_each_alone(self._content[0]):
            matrix = self._content[0]
            channels, inputs = matrix.submatrix.input_channels, matrix.step.input
            self._channel = min(channel, len(channels) - 1)
            name = channel_name(channels[self._channel], inputs, is_frame=matrix.step.index == 0)
            self.grids = tuple(_alone(grid, self._channel, name) for grid in self._all)
        self.update()

    def cell_rect(self, role: GridRole, key: int) -> QRectF:
        """Where the cell of an input, a weight or an output is; an empty rectangle where there is none."""
        for grid, rect, at in self._cells():
            if grid.role is role and at == key:
                return rect
        return QRectF()

    def texts(self, role: GridRole) -> dict[int, str]:
        """What is written into the cells of a grid."""
        return next((self._fitting(grid) for grid in self.grids if grid.role is role), {})

    def is_lit(self, role: GridRole, key: int) -> bool:
        """Whether a cell is linked to what is pointed at; all are while nothing is."""
        links, pointed = self._links, self._pointed
        if links is None or pointed is None:
            return True
        match role:
            case GridRole.INPUT:
                return bool(links.inputs[key]) or key == pointed.column
            case GridRole.OUTPUT:  # one output alone has its frame, and the others may be compared with it
                return pointed == Pointed(row=pointed.row) or bool(links.outputs[key]) or key == pointed.row
            case GridRole.KERNEL:
                return key in links.weights

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the input, the weight or the output under the mouse."""
        self.pointed.emit(self._pointed_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the output under the mouse."""
        pointed = self._pointed_at(event.position())
        if pointed is not None and pointed.row is not None:
            self.output_chosen.emit(pointed.row)

    def _pointed_at(self, place: QPointF) -> Pointed | None:
        return next((grid.pointed_at(key) for grid, rect, key in self._cells() if rect.contains(place)), None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        self.pointed.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Headings and cells; what is not linked fades, and what is pointed at is framed."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            for (grid, left, _), sign in zip(self._placed(), (*SIGNS[-len(self.grids) + 1 :], ""), strict=False):
                painter.setFont(sized(CAPTION))
                painter.setPen(colours.muted)
                painter.drawText(QPointF(left, painter.fontMetrics().ascent()), grid.heading)
                painter.setFont(sized(TITLE))
                right = left + self._width_of(grid)
                beside = QRectF(right, self._heading(), GAP, self.height() - self._heading())
                painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, sign)
            texts = {grid.role: self._fitting(grid) for grid in self.grids}
            for grid, rect, key in self._cells():
                self._paint_cell(painter, grid, rect, key, texts[grid.role][key])
            self._paint_marks(painter)

    def _paint_cell(self, painter: QPainter, grid: CellGrid, rect: QRectF, key: int, text: str) -> None:
        colours, colour = theme.tokens(self), grid.colours[key]
        painter.fillRect(rect, colour)
        painter.setPen(theme.ink_over(colour))
        letter, _, value = text.partition(" ")
        if value and rect.height() >= TWO_LINES:
            painter.setFont(sized(CAPTION))
            painter.drawText(QPointF(rect.left() + 4, rect.top() + 2 + painter.fontMetrics().ascent()), letter)
            text = value
        painter.setFont(numbers_font(self, rect.height()))
        paint_in(painter, rect, text)
        if not self.is_lit(grid.role, key):
            painter.fillRect(rect, veil(colours))
        painter.setPen(QPen(colours.line, 1))
        painter.drawRect(rect)

    def _paint_marks(self, painter: QPainter) -> None:
        """Frames: a fading of white or black cells alone would hardly be seen."""
        pointed, links = self._pointed, self._links
        if pointed is None or links is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frames: list[QRectF] = []
        windows: dict[tuple[GridRole, int, int], QRectF] = {}
        for grid, rect, key, channel in self._cells_of_channels():
            of_weights = grid.role is GridRole.KERNEL and key in links.weights and self._is_of_a_place(pointed)
            is_end = grid.role is GridRole.OUTPUT and key == pointed.row
            is_start = grid.role is GridRole.INPUT and key == pointed.column
            if of_weights or is_end or is_start:
                frames.append(rect)
            elif grid.role is GridRole.INPUT and pointed.row is not None and links.inputs[key]:
                windows[grid.role, *channel] = windows.get((grid.role, *channel), rect).united(rect)
        for frame in (*frames, *windows.values()):
            painter.setPen(QPen(theme.WHITE_INK, 4))
            painter.drawRect(frame)
            painter.setPen(QPen(theme.tokens(self).accent, 2))
            painter.drawRect(frame.adjusted(-1, -1, 1, 1))

    @staticmethod
    def _is_of_a_place(pointed: Pointed) -> bool:
        return pointed.weight is not None or (pointed.row is not None and pointed.column is not None)

    def _fitting(self, grid: CellGrid) -> dict[int, str]:
        """The longest wording that fits into every cell of a grid, so that none is missing among others."""
        size = self._cell(grid)
        metrics = QFontMetrics(numbers_font(self, size.height()))
        for level in zip(*grid.wordings.values(), strict=True):
            is_high = size.height() >= TWO_LINES
            texts = (text.partition(" ")[2] or text if is_high else text for text in level)
            if size.height() >= LETTER_ROOM and max(map(metrics.horizontalAdvance, texts)) <= size.width() - 1:
                return dict(zip(grid.wordings, level, strict=True))
        return dict.fromkeys(grid.wordings, "")

    def _heading(self) -> int:
        return QFontMetrics(sized(CAPTION)).height() + 4

    def _full(self, grid: CellGrid) -> float:
        """How large a cell is when the grid is as high as the room."""
        room = self.height() - self._heading() - 4 - CHANNEL_GAP * (len(grid.keys) - 1)
        return max(min(room / grid.rows, MOST_HIGH), LEAST_CELL)

    def _widest(self) -> float:
        """How wide a grid may be so that all fit side by side: those that need less leave the rest to the wide ones."""
        free = max(self.width() - 6 - GAP * (len(self.grids) - 1), 1.0)
        widths = sorted(self._width_at(grid, self._full(grid)) for grid in self.grids)
        for place, width in enumerate(widths):
            share = free / (len(widths) - place)
            if width > share:
                return share
            free -= width
        return float("inf")

    def _cell(self, grid: CellGrid) -> QSizeF:
        """The size of a cell, as large as the room has it."""
        gaps = CHANNEL_GAP * (len(grid.keys[0]) - 1)
        side = max(min(self._full(grid), (self._widest() - gaps) / grid.columns), LEAST_CELL)
        return QSizeF(side, side)

    def _width_of(self, grid: CellGrid) -> float:
        return self._width_at(grid, self._cell(grid).width())

    def _width_at(self, grid: CellGrid, side: float) -> float:
        cells = grid.columns * side + CHANNEL_GAP * (len(grid.keys[0]) - 1)
        return max(cells, QFontMetrics(sized(CAPTION)).horizontalAdvance(grid.heading))

    def _placed(self) -> list[tuple[CellGrid, float, QSizeF]]:
        """Each grid, where its left edge is, and the size of its cells."""
        left, placed = 3.0, []
        for grid in self.grids:
            placed.append((grid, left, self._cell(grid)))
            left += self._width_of(grid) + GAP
        return placed

    def _cells(self) -> list[tuple[CellGrid, QRectF, int]]:
        """Every cell: its grid, where it is, and its key."""
        return [(grid, rect, key) for grid, rect, key, _ in self._cells_of_channels()]

    def _cells_of_channels(self) -> list[tuple[CellGrid, QRectF, int, tuple[int, int]]]:
        """Every cell, and the row and column of its channel."""
        cells, top = [], self._heading()
        for grid, left, size in self._placed():
            _, _, height, width = grid.keys.shape
            for (channel_row, channel_column, row, column), key in grid.places():
                x = left + channel_column * (width * size.width() + CHANNEL_GAP) + column * size.width()
                y = top + channel_row * (height * size.height() + CHANNEL_GAP) + row * size.height()
                cells.append((grid, QRectF(x, y, size.width(), size.height()), key, (channel_row, channel_column)))
        return cells
