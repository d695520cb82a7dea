"""The kernel as a grid of cells, edited by mouse and keyboard: move, type, step, scrub, select, paint.

It edits one plane and knows no layer.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.text import TextStyle, read_number
from convstudio.core.wording import field_text, number
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.kernel.cells import Plane, lettering, paint_cells
from convstudio.views.painting import painting

LARGEST_CELL, TALLEST = 48, 320  # pixels
SCRUB_PIXELS = 4  # of mouse travel for one step
TOUCH = 3  # pixels that a click may slip without becoming a drag


class Cell(NamedTuple):
    """A place in the kernel."""

    row: int
    column: int


class KernelGrid(QWidget):
    """One plane of one filter, with the selected range, the cells that took part, and the anchor."""

    plane_edited = Signal(object, str)  # a new plane, merge key
    gesture_ended = Signal()
    cell_hovered = Signal(object)  # Cell or None
    current_moved = Signal()
    copy_asked = Signal(str)  # a TextStyle
    paste_asked = Signal()
    message = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-grid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self._plane: Plane = np.zeros((3, 3))
        self._on_screen: Plane = self._plane  # as it is on the screen, or soon will be
        self._limit = 1.0
        self._anchor: Cell | None = None
        self._lit: frozenset[tuple[int, int]] = frozenset()
        self._current = Cell(0, 0)
        self._corner = Cell(0, 0)  # the other corner of the selected range
        self._text = lettering(self._plane, self._side())
        self.step = 0.1
        self._pressed: QPointF | None = None
        self._scrubbed: float | None = None  # the value when the drag began
        self._brush: float | None = None
        self._is_ranging = False
        self.editor = QLineEdit(self)
        self.editor.setObjectName("kernel-cell-editor")
        self.editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.editor.installEventFilter(self)
        self.editor.hide()
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
        previous, scale = self._on_screen, (self._limit, self._anchor, self._text)
        if plane.shape != self._plane.shape:
            self.editor.hide()  # what is being typed there belongs to no cell any more
        self._plane, self._on_screen, self._limit, self._anchor = plane, plane, limit, anchor
        if plane.shape != previous.shape:
            self._current = self._inside(self._current)
            self._corner = self._current
        self._fit()
        if plane.shape == previous.shape and scale == (self._limit, self._anchor, self._text):
            for row, column in np.argwhere(plane != previous).tolist():
                self.update(self.cell_rect(row, column).adjusted(-1, -1, 1, 1).toAlignedRect())
        else:
            self.update()
        self._announce()

    def highlight(self, cells: frozenset[tuple[int, int]]) -> None:
        """Light up the cells that took part in something."""
        if cells != self._lit:
            self._lit = cells
            self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is, in this widget."""
        side = self._side()
        left = (self.width() - side * self._plane.shape[1]) / 2
        return QRectF(left + column * side, 1 + row * side, side, side)

    def are_numbers_shown(self) -> bool:
        """Whether the cells are large enough for their numbers."""
        return self._text.pixels > 0

    # editing

    def set_selected(self, value: float, key: str = "") -> None:
        """Give every selected cell a value."""
        plane = self._plane.copy()
        plane[self.selection()] = value
        self._edit(plane, key)

    def _edit(self, plane: Plane, key: str) -> None:
        if not np.array_equal(plane, self._plane):
            self._plane = plane  # the next edit starts here; whoever takes this one has it shown
            self.plane_edited.emit(plane, key)

    def _step_by(self, steps: float) -> None:
        plane = self._plane.copy()
        rows, columns = self.selection()
        plane[rows, columns] = np.round(plane[rows, columns] + steps * self.step, 10)
        self._edit(plane, f"step {self._current} {self._corner}")

    def _begin_typing(self, text: str) -> None:
        rect = self.cell_rect(*self._current).toRect()
        wide = max(rect.width(), 72)
        left = min(max(rect.center().x() - wide // 2, 0), max(self.width() - wide, 0))
        self.editor.setGeometry(left, rect.center().y() - 14, wide, 28)
        self.editor.setText(text)
        self.editor.show()
        self.editor.setFocus()

    def _end_typing(self, down: int, right: int) -> None:
        text, is_typed = self.editor.text(), self.editor.isModified()
        self.editor.hide()
        self.setFocus()
        try:
            if is_typed:  # what was only looked at keeps the digits that are not shown
                self.set_selected(read_number(text))
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            return
        self._go(down, right)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Tab take what was typed and move on; Escape forgets it."""
        if watched is self.editor and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._end_typing(1, 0)
                case Qt.Key.Key_Tab:
                    self._end_typing(0, 1)
                case Qt.Key.Key_Backtab:
                    self._end_typing(0, -1)
                case Qt.Key.Key_Escape:
                    self.editor.hide()
                    self.setFocus()
                case _:
                    return False
            return True
        if watched is self.editor and event.type() is QEvent.Type.FocusOut and self.editor.isVisible():
            self._end_typing(0, 0)
        return False

    # moving

    def _go(self, down: int, right: int, *, extends: bool = False) -> None:
        height, width = self._plane.shape
        row, column = self._current.row + down, self._current.column + right
        if not extends and abs(right) == 1 and not 0 <= column < width and 0 <= row + right < height:
            row, column = row + right, 0 if right > 0 else width - 1
        self._move_to(Cell(row, column), extends=extends)

    def _move_to(self, cell: Cell, *, extends: bool = False) -> None:
        before = self._current
        self._current = self._inside(cell)
        if not extends:
            self._corner = self._current
        if self._current != before:
            self.gesture_ended.emit()
        self._announce()
        self.update()

    def _announce(self) -> None:
        value = number(float(self._plane[self._current]), digits=7)
        row, column = self._current.row + 1, self._current.column + 1
        self.setAccessibleName(f"Kernel cell, row {row}, column {column}: {value}")
        self.current_moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move; with Ctrl they step the value; digits begin to type."""
        modifiers = event.modifiers()
        has_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        has_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        times = 10.0 if has_shift else 0.1 if modifiers & Qt.KeyboardModifier.AltModifier else 1.0
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(TextStyle.SPREADSHEET)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._corner, self._current = Cell(0, 0), self._inside(Cell(99, 99))
            self.update()
        elif has_control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step_by(times if event.key() == Qt.Key.Key_Up else -times)
        else:
            self._press_plain(event, extends=has_shift)

    def _press_plain(self, event: QKeyEvent, *, extends: bool) -> None:
        step = arrow_step(event)
        match event.key():
            case _ if step is not None:
                self._move_to(Cell(self._current.row + step[0], self._current.column + step[1]), extends=extends)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2:
                self._begin_typing(field_text(float(self._plane[self._current]), digits=12))
                self.editor.selectAll()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.set_selected(0.0)
            case Qt.Key.Key_Plus:
                self._step_by(1.0)
            case _ if event.text() and event.text() in "0123456789.,-−(":
                self._begin_typing(event.text())
                self.editor.setModified(True)
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  # Qt's name
        """Tab goes from cell to cell and leaves the kernel at its ends."""
        last = Cell(self._plane.shape[0] - 1, self._plane.shape[1] - 1)
        if self.hasFocus() and self._current != (last if next else Cell(0, 0)):
            self._go(0, 1 if next else -1)
            return True
        return super().focusNextPrevChild(next)

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell; with Shift or Ctrl a range; with Alt paint the value of the chosen cell."""
        cell = self._cell_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or cell is None:
            return
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.AltModifier:
            self._brush = float(self._plane[self._current])
            self._paint(cell)
            return
        self._is_ranging = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self._move_to(cell, extends=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        if not self._is_ranging and not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag up and down to change a number; hover to see where a cell is used."""
        cell = self._cell_at(event.position())
        if self._brush is not None:
            if cell is not None:
                self._paint(cell)
        elif self._is_ranging and cell is not None:
            self._current = cell
            self.update()
        elif self._pressed is not None:
            self._scrub(self._pressed.y() - event.position().y())
        else:
            self.cell_hovered.emit(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag is one edit."""
        if self._scrubbed is not None or self._brush is not None:
            self.gesture_ended.emit()
        self._pressed = self._scrubbed = self._brush = None
        self._is_ranging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type into the cell."""
        if self._cell_at(event.position()) is not None:
            self._begin_typing(field_text(float(self._plane[self._current]), digits=12))
            self.editor.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step the current cell, but only while the grid has the focus: otherwise the panel scrolls."""
        if self.hasFocus() and self._cell_at(event.position()) == self._current:
            self._step_by(event.angleDelta().y() / 120)
            event.accept()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        self.cell_hovered.emit(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy in the form that the other program reads."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for style in TextStyle:
            menu.addAction(f"Copy as {style}", partial(self.copy_asked.emit, style))
        menu.addAction("Paste", self.paste_asked.emit)
        menu.popup(event.globalPos())

    def _scrub(self, up: float) -> None:
        if self._scrubbed is None:
            if abs(up) < TOUCH:
                return
            self._scrubbed = float(self._plane[self._current])
        value = round(self._scrubbed + int(up / SCRUB_PIXELS) * self.step, 10)
        plane = self._plane.copy()
        plane[self._current] = value
        self._edit(plane, f"scrub {self._current}")

    def _paint(self, cell: Cell) -> None:
        plane = self._plane.copy()
        plane[cell] = self._brush
        self._edit(plane, "paint")

    # places

    def _cell_at(self, place: QPointF) -> Cell | None:
        cell = self._beneath(place)
        return cell if self._inside(cell) == cell else None

    def _beneath(self, place: QPointF) -> Cell:
        origin, side = self.cell_rect(0, 0), self._side()
        return Cell(int((place.y() - origin.top()) // side), int((place.x() - origin.left()) // side))

    def _inside(self, cell: Cell) -> Cell:
        height, width = self._plane.shape
        return Cell(min(max(cell.row, 0), height - 1), min(max(cell.column, 0), width - 1))

    def _side(self) -> float:
        height, width = self._plane.shape
        most: float = min(LARGEST_CELL, (self.width() - 2) / width, TALLEST / height)
        return max(most, 4.0)

    def _fit(self) -> None:
        self._text = lettering(self._plane, self._side())
        self.setFixedHeight(round(self._side() * self._plane.shape[0]) + 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells grow with the panel."""
        self._fit()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells in the colours of signed numbers, with the numbers where they can be read."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            corners = event.rect().topLeft(), event.rect().bottomRight()
            first, last = (self._inside(self._beneath(QPointF(corner))) for corner in corners)
            origin, side = self.cell_rect(0, 0), self._side()
            painter.setFont(theme.numbers_font(self))
            paint_cells(
                painter,
                self._plane[first.row : last.row + 1, first.column : last.column + 1],
                self._limit,
                rows=[origin.top() + edge * side for edge in range(first.row, last.row + 2)],
                columns=[origin.left() + edge * side for edge in range(first.column, last.column + 2)],
                text=self._text,
                line=tokens.line,
                scale=theme.signed_scale(self),
            )
            self._paint_marks(painter, tokens.accent)

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
