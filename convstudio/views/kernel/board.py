"""A kernel painted as coloured cells: what is where, and what is marked. Changing it is the grid's business."""

from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QResizeEvent, QStaticText
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import Colours, signed_colours
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.painting import painting

Plane = NDArray[np.float64]
LARGEST_CELL, TALLEST = 48, 320  # pixels
SMALLEST_TEXT = 12  # pixels; smaller numbers are left to the field below
FEWEST_CHARACTERS = 4  # for the likes of "−0.5"


class Cell(NamedTuple):
    """A place in the kernel."""

    row: int
    column: int


class KernelBoard(QWidget):
    """One plane of one filter, with the chosen range, the cells that took part, and the anchor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self._plane: Plane = np.zeros((3, 3))
        self._shown = self._plane  # as it is on the screen, or soon will be
        self._limit = 1.0
        self._anchor: Cell | None = None
        self._lit: frozenset[tuple[int, int]] = frozenset()
        self._current = Cell(0, 0)
        self._corner = Cell(0, 0)  # the other corner of the selected range
        self._room = 0, 0
        self._fit()

    @property
    def plane(self) -> Plane:
        return self._plane

    @property
    def current(self) -> Cell:
        return self._current

    def selection(self) -> tuple[slice, slice]:
        """The selected rows and columns."""
        (top, bottom) = sorted((self._current.row, self._corner.row))
        (left, right) = sorted((self._current.column, self._corner.column))
        return slice(top, bottom + 1), slice(left, right + 1)

    def show_plane(self, plane: Plane, limit: float, anchor: Cell | None) -> None:
        """Show a plane on a scale that ends at ± limit; the anchor cell of an even kernel gets a dot."""
        old, was = self._shown, (self._limit, self._anchor, self._room)
        self._plane, self._shown, self._limit, self._anchor = plane, plane, limit, anchor
        if plane.shape != old.shape:
            self._current = self._inside(self._current)
            self._corner = self._current
        self._fit()
        if plane.shape == old.shape and was == (self._limit, self._anchor, self._room):
            for row, column in np.argwhere(plane != old).tolist():
                self.update(self.cell_rect(row, column).adjusted(-1, -1, 1, 1).toAlignedRect())
            return
        self.update()

    def highlight(self, cells: frozenset[tuple[int, int]]) -> None:
        """Light up the cells that took part in something."""
        if cells != self._lit:
            self._lit = cells
            self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is, in this widget."""
        size = self._cell()
        left = (self.width() - size * self._plane.shape[1]) / 2
        return QRectF(left + column * size, 1 + row * size, size, size)

    def are_numbers_shown(self) -> bool:
        """Whether the cells are large enough for their numbers."""
        return self._room[0] > 0

    def _cell_at(self, place: QPointF) -> Cell | None:
        cell = self._beneath(place)
        return cell if self._inside(cell) == cell else None

    def _beneath(self, place: QPointF) -> Cell:
        origin, size = self.cell_rect(0, 0), self._cell()
        return Cell(int((place.y() - origin.top()) // size), int((place.x() - origin.left()) // size))

    def _inside(self, cell: Cell) -> Cell:
        height, width = self._plane.shape
        return Cell(min(max(cell.row, 0), height - 1), min(max(cell.column, 0), width - 1))

    def _cell(self) -> float:
        height, width = self._plane.shape
        most: float = min(LARGEST_CELL, (self.width() - 2) / width, TALLEST / height)
        return max(most, 4.0)

    def _fit(self) -> None:
        self._room = self._number_room()
        self.setFixedHeight(round(self._cell() * self._plane.shape[0]) + 3)

    def _number_room(self) -> tuple[int, int]:
        """Pixels of the numbers' text, 0 where none can be read, and the characters that fit into a cell."""
        cell = self._cell()
        fitting = int(cell * 1.5 / SMALLEST_TEXT)
        if fitting < FEWEST_CHARACTERS:
            return 0, 0
        longest = max(len(cell_text(float(value), fitting)) for value in self._plane.flat)
        return int(min(cell * 0.42, cell * 1.5 / longest, 16)), fitting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells grow with the panel."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells in the colours of signed numbers, with the numbers where they can be read."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            corners = event.rect().topLeft(), event.rect().bottomRight()
            first, last = (self._inside(self._beneath(QPointF(corner))) for corner in corners)
            area, origin, size = (
                self.cell_rect(*first).united(self.cell_rect(*last)),
                self.cell_rect(0, 0),
                self._cell(),
            )
            values = self._plane[first.row : last.row + 1, first.column : last.column + 1]
            rows = [origin.top() + number * size for number in range(first.row, last.row + 2)]
            columns = [origin.left() + number * size for number in range(first.column, last.column + 2)]
            pixels, _ = self._room
            font = theme.numbers_font(self)
            if pixels:
                font.setPixelSize(pixels)
                painter.setFont(font)
            colours = signed_colours(values, self._limit)
            height, width, _ = colours.shape
            grounds = QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            painter.drawImage(area, grounds.convertToFormat(QImage.Format.Format_RGB32))  # which Qt enlarges fastest
            if pixels:
                self._paint_numbers(painter, values, colours, origin=area.topLeft(), font_key=font.key())
            painter.setPen(QPen(tokens.line, 1))
            lines = [QLineF(area.left(), row, area.right(), row) for row in rows]
            painter.drawLines(lines + [QLineF(column, area.top(), column, area.bottom()) for column in columns])
            self._paint_marks(painter, tokens.accent)

    def _paint_numbers(
        self, painter: QPainter, values: Plane, colours: Colours, *, origin: QPointF, font_key: str
    ) -> None:
        """Each number in the middle of its cell, in black or white, whichever can be read there."""
        size, fitting, ink = self._cell(), self._room[1], None
        for row, (numbers, grounds) in enumerate(zip(values.tolist(), colours.tolist(), strict=True)):
            middle = origin.y() + (row + 0.5) * size
            for column, (value, ground) in enumerate(zip(numbers, grounds, strict=True)):
                text = _laid_out(cell_text(value, fitting), font_key)
                if ink is not (wanted := theme.ink_on(*ground)):
                    ink = wanted
                    painter.setPen(ink)
                left = origin.x() + (column + 0.5) * size - text.half_width
                painter.drawStaticText(QPointF(left, middle - text.half_height), text.static)

    def _paint_marks(self, painter: QPainter, accent: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for row, column in self._lit:
            rect = self.cell_rect(row, column).adjusted(2, 2, -2, -2)
            painter.setPen(QPen(QColor("#101418"), 3))
            painter.drawRect(rect)
            painter.setPen(QPen(QColor("#ffd23f"), 1.5))
            painter.drawRect(rect)
        if self._anchor is not None:
            rect = self.cell_rect(*self._anchor)
            painter.setPen(QPen(QColor("#ffffff"), 1))
            painter.setBrush(QColor("#101418"))
            painter.drawEllipse(rect.topLeft() + QPointF(7, 7), 3.5, 3.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        rows, columns = self.selection()
        area = self.cell_rect(rows.start, columns.start).united(self.cell_rect(rows.stop - 1, columns.stop - 1))
        painter.setPen(QPen(accent, 3 if self.hasFocus() else 1.5))
        painter.drawRect(area.adjusted(1, 1, -1, -1))


class Text(NamedTuple):
    """A text that is laid out."""

    static: QStaticText
    half_width: float
    half_height: float


@lru_cache(1024)
def _laid_out(text: str, font_key: str) -> Text:
    """A text in a font; laying it out takes four times as long as painting it."""
    font, static = QFont(), QStaticText(text)
    font.fromString(font_key)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.prepare(font=font)
    return Text(static, static.size().width() / 2, static.size().height() / 2)


@lru_cache(4096)  # a board is painted again for every cell that changes
def cell_text(value: float, fitting: int) -> str:
    """A number in at most so many characters, with up to three significant digits, or "…"."""
    if not isfinite(value):
        return number(value)
    mantissa, exponent = f"{value:.0e}".split("e")
    power = f"{mantissa}e{int(exponent)}".replace("-", "−")
    for text in (*(number(value, digits=digits) for digits in (3, 2, 1)), power):
        if len(text) <= fitting:
            return text
    return "…"
