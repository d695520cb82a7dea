"""The kernel as a grid of cells in a box of fixed size: move, type, step, drag, select, paint.

It edits one plane and knows no layer.
"""

from functools import partial
from math import trunc
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QMimeData,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QActionGroup,
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QStyle, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.locks import Locks, locked
from convstudio.core.kernels.text import TextStyle, read_number
from convstudio.core.wording import field_text, number, row_and_column
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.kernel.cells import Plane, lettering, paint_cells
from convstudio.views.painting import painting

BOX = 248  # pixels, a multiple of 31; `show_measures` of the panel around it sets another
SCRUB_PIXELS = 4  # of mouse travel for one step
TOUCH = 3  # pixels that a click may slip without becoming a drag
EASING = 120  # milliseconds in which cells come to another size
LENS = QSize(120, 60)  # where a cell under the mouse is too small for its number
STEPS = (0.01, 0.1, 0.5, 1.0, 10.0)


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
        self.setObjectName("kernel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedSize(BOX, BOX)
        self._plane: Plane = np.zeros((3, 3))
        self._on_screen: Plane = self._plane  # as it is on the screen, or soon will be
        self._preview: Plane | None = None
        self._limit = 1.0
        self._anchor: Cell | None = None
        self._lit: frozenset[tuple[int, int]] = frozenset()
        self._current = Cell(0, 0)
        self._corner = Cell(0, 0)  # the other corner of the selected range
        self._hovered: Cell | None = None
        self._text = lettering(self._plane, self._side())
        self.step = 0.1
        self.locks = Locks()
        self.is_painting = False
        self.paint = 1.0  # what a cell that is painted over gets
        self._typed = 1.0  # the last number but 0, which would paint nothing on a kernel of zeros
        self._pressed: QPointF | None = None
        self._base: Plane | None = None  # the plane when the drag began
        self._touched: NDArray[np.bool_] = np.zeros((3, 3), np.bool_)  # by the drag
        self._is_ranging = False
        self._wheel = 0  # what is left of a turn that is less than a step
        self._easing = QVariantAnimation(self)
        self._easing.setDuration(EASING)
        self._easing.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._easing.valueChanged.connect(lambda _: self.update())
        self.editor = QLineEdit(self)
        self.editor.setObjectName("kernel-cell-editor")
        self.editor.setAccessibleName("Weight of the cell")
        self.editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.editor.installEventFilter(self)
        self.editor.hide()

    @property
    def plane(self) -> Plane:
        return self._plane

    @property
    def current(self) -> Cell:
        return self._current

    @property
    def is_easing(self) -> bool:
        """Whether the cells are on their way to another size."""
        return self._easing.state() is QVariantAnimation.State.Running

    def selection(self) -> tuple[slice, slice]:
        """The selected rows and columns."""
        (top, bottom) = sorted((self._current.row, self._corner.row))
        (left, right) = sorted((self._current.column, self._corner.column))
        return slice(top, bottom + 1), slice(left, right + 1)

    def show_plane(self, plane: Plane, limit: float, anchor: Cell | None) -> None:
        """Show a plane on a scale that ends at ± limit; the anchor cell of an even kernel gets a dot."""
        previous, scale = self._on_screen, (self._limit, self._anchor, self._text)
        before = self._side()
        if plane.shape != self._plane.shape:
            self.editor.hide()  # what is being typed there belongs to no cell any more
        self._plane, self._on_screen, self._limit, self._anchor = plane, plane, limit, anchor
        if plane.shape != previous.shape:
            self._current = self._inside(self._current)
            self._corner = self._current
            self._hovered = None
            self._base = None
            self._ease(before)
        self._text = lettering(self._plane, self._side())
        if plane.shape == previous.shape and scale == (self._limit, self._anchor, self._text) and self._are_all_read():
            for row, column in np.argwhere(plane != previous).tolist():
                self.update(self.cell_rect(row, column).adjusted(-2, -2, 2, 2).toAlignedRect())
        else:
            self.update()
        self._announce()

    def show_preview(self, plane: Plane | None) -> None:
        """Show another kernel in a dashed frame, which is only looked at; None shows the one that is there."""
        self._preview = plane
        self.update()

    def highlight(self, cells: frozenset[tuple[int, int]]) -> None:
        """Light up the cells that took part in something."""
        if cells != self._lit:
            self._lit = cells
            self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is, in this widget."""
        rows, columns = self._edges(self._plane.shape, self._side())
        return QRectF(QPointF(columns[column], rows[row]), QPointF(columns[column + 1], rows[row + 1]))

    def are_numbers_shown(self) -> bool:
        """Whether the cells are large enough for their numbers."""
        return self._text.pixels > 0

    # editing

    def set_selected(self, value: float, key: str = "") -> None:
        """Give every selected cell a value."""
        cells = np.zeros(self._plane.shape, np.bool_)
        cells[self.selection()] = True
        self._edit(np.where(cells, value, self._plane), cells, key)

    def start_painting(self) -> None:
        """Take the brush: it has the value of the chosen cell, or where that is 0 the number that was typed last."""
        self.is_painting = True
        self.paint = float(self._plane[self._current]) or self._typed

    def stop_painting(self) -> None:
        """Put the brush away."""
        self.is_painting = False

    def _edit(self, plane: Plane, cells: NDArray[np.bool_], key: str) -> None:
        """Emit a plane of which some cells were changed on purpose, with its locks true."""
        plane = locked(plane, cells, self.locks)
        if not np.array_equal(plane, self._plane):
            self._plane = plane  # the next edit starts here; whoever takes this one has it shown
            self.plane_edited.emit(plane, key)

    def _step_by(self, steps: float) -> None:
        cells = np.zeros(self._plane.shape, np.bool_)
        cells[self.selection()] = True
        stepped = np.round(self._plane + steps * self.step, 10)
        self._edit(np.where(cells, stepped, self._plane), cells, f"step {self._current} {self._corner}")

    def _begin_typing(self, text: str) -> None:
        rect = self.cell_rect(*self._current).toRect()
        wide = max(rect.width(), 72)
        left = min(max(rect.center().x() - wide // 2, 0), max(self.width() - wide, 0))
        top = min(max(rect.center().y() - 14, 0), self.height() - 28)
        self.editor.setGeometry(left, top, wide, 28)
        self.editor.setText(text)
        self.editor.show()
        self.editor.setFocus()

    def _end_typing(self, down: int, right: int) -> None:
        text, is_typed = self.editor.text(), self.editor.isModified()
        self.editor.hide()
        self.setFocus()
        try:
            if is_typed:  # what was only looked at keeps the digits that are not shown
                self.paint = read_number(text)
                self._typed = self.paint or self._typed
                self.set_selected(self.paint)
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

    def _go(self, down: int, right: int) -> None:
        height, width = self._plane.shape
        row, column = self._current.row + down, self._current.column + right
        if abs(right) == 1 and not 0 <= column < width and 0 <= row + right < height:
            row, column = row + right, 0 if right > 0 else width - 1
        self._move_to(Cell(row, column))

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
        self.setAccessibleName(f"Kernel cell, {row_and_column(*self._current)}: {value}")
        self.current_moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move; with Ctrl they step the value; digits begin to type."""
        modifiers = event.modifiers()
        has_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        has_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        times = 10.0 if has_shift else 0.1 if modifiers & Qt.KeyboardModifier.AltModifier else 1.0
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(TextStyle.SPREADSHEET)
        elif event.matches(QKeySequence.StandardKey.Paste) and _may_be_kernel(QGuiApplication.clipboard().mimeData()):
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

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell; with Shift or Ctrl a range. While painting give it the paint."""
        cell = self._cell_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or cell is None or self._preview is not None:
            return
        modifiers = event.modifiers()
        self._base, self._touched = self._plane, np.zeros(self._plane.shape, np.bool_)
        has_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if self.is_painting and not has_control:
            self._paint(cell)
            return
        if self.is_painting:
            self.paint = float(self._plane[cell])
        self._is_ranging = has_control and not self.is_painting
        self._move_to(cell, extends=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        if not has_control and not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag up and down to change a number; hover to see where a cell is used."""
        cell = self._cell_at(event.position())
        is_down = bool(event.buttons() & Qt.MouseButton.LeftButton) and self._base is not None
        if is_down and self._pressed is None and self.is_painting:
            if cell is not None:
                self._paint(cell)
        elif self._is_ranging and cell is not None:
            self._current = cell
            self.update()
        elif self._pressed is not None:
            self._scrub(self._pressed.y() - event.position().y())
        elif not is_down:
            self._hover(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag is one edit."""
        if self._touched.any():
            self._touched = np.zeros(self._plane.shape, np.bool_)
            self.gesture_ended.emit()
        self._pressed = self._base = None
        self._is_ranging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type into the cell."""
        if self._cell_at(event.position()) is not None and not self.is_painting:
            self._begin_typing(field_text(float(self._plane[self._current]), digits=12))
            self.editor.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step the cell under the mouse, while the grid has the focus or Ctrl is held."""
        cell = self._cell_at(event.position())
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if cell is None or not (self.hasFocus() or has_control):
            event.ignore()
            return
        event.accept()
        rows, columns = self.selection()
        if not (rows.start <= cell.row < rows.stop and columns.start <= cell.column < columns.stop):
            self._move_to(cell)
        self._wheel += event.angleDelta().y()
        steps = trunc(self._wheel / 120)
        self._wheel -= 120 * steps
        if steps:
            self._step_by(steps)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy in the form that the other program reads, and choose how much one step is."""
        menu = QMenu(self)
        menu.setObjectName("kernel-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for style in TextStyle:
            menu.addAction(f"Copy as {style}", partial(self.copy_asked.emit, style))
        menu.addAction("Paste", self.paste_asked.emit)
        menu.addSeparator()
        menu.addAction("Set to 0", partial(self.set_selected, 0.0))
        steps = menu.addMenu("One step of the wheel or of a drag")
        group = QActionGroup(steps)
        for step in STEPS:
            action = steps.addAction(number(step), partial(setattr, self, "step", step))
            action.setCheckable(True)
            action.setChecked(step == self.step)
            group.addAction(action)
        menu.popup(event.globalPos())

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered and not self._are_all_read():
            self.update()
        self._hovered = cell
        self.cell_hovered.emit(cell)

    def _scrub(self, up: float) -> None:
        if self._base is None or (not self._touched.any() and abs(up) < TOUCH):
            return
        self._touched[self._current] = True
        plane = self._base.copy()
        plane[self._current] = round(float(plane[self._current]) + int(up / SCRUB_PIXELS) * self.step, 10)
        self._edit(plane, self._touched, f"scrub {self._current}")

    def _paint(self, cell: Cell) -> None:
        if self._base is None:
            return
        self._touched[cell] = True
        plane = np.where(self._touched, self.paint, self._base)
        self._edit(plane, self._touched, "paint")

    # places

    def _cell_at(self, place: QPointF) -> Cell | None:
        cell = self._beneath(place)
        return cell if self._inside(cell) == cell else None

    def _beneath(self, place: QPointF) -> Cell:
        rows, columns = self._edges(self._plane.shape, self._side())
        down, right = np.searchsorted(rows, place.y(), "right"), np.searchsorted(columns, place.x(), "right")
        return Cell(int(down) - 1, int(right) - 1)

    def _inside(self, cell: Cell) -> Cell:
        height, width = self._plane.shape
        return Cell(min(max(cell.row, 0), height - 1), min(max(cell.column, 0), width - 1))

    def _side(self) -> float:
        """Of a cell; a kernel of one or two cells leaves some of the box free."""
        return float(self.width() / max(2, *self._plane.shape))

    def _edges(self, shape: tuple[int, ...], side: float) -> tuple[list[int], list[int]]:
        """The whole pixels at which rows and columns begin and end, in the middle of the box."""
        rows, columns = (
            [round((length - count * side) / 2 + place * side) for place in range(count + 1)]
            for length, count in zip((self.height(), self.width()), shape, strict=True)
        )
        return rows, columns

    def _ease(self, before: float) -> None:
        """Let cells come from one size to another, where the desktop animates at all."""
        is_still = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) == 0
        self._easing.stop()
        if not is_still and self.isVisible() and before != self._side():
            self._easing.setStartValue(before)
            self._easing.setEndValue(self._side())
            self._easing.start()

    def _are_all_read(self) -> bool:
        """Whether no cell needs the lens, and none is under way to another size."""
        return self._text.pixels > 0 and not self.is_easing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells grow with the box."""
        self._text = lettering(self._plane, self._side())

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells in the colours of signed numbers, with the numbers where they can be read."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            painter.fillRect(event.rect(), tokens.card)
            painter.setFont(theme.numbers_font(self))
            if self._preview is not None:
                self._paint_preview(painter, self._preview, tokens)
                return
            is_easing = self.is_easing
            side = float(self._easing.currentValue()) if is_easing else self._side()
            rows, columns = self._edges(self._plane.shape, side)
            parts = [
                slice(max(int(np.searchsorted(edges, low, "right")) - 1, 0), int(np.searchsorted(edges, high, "right")))
                for edges, low, high in (
                    (rows, event.rect().top(), event.rect().bottom()),
                    (columns, event.rect().left(), event.rect().right()),
                )
            ]
            part = self._plane[parts[0], parts[1]]
            if part.size:
                paint_cells(
                    painter,
                    part,
                    self._limit,
                    rows=rows[parts[0].start : parts[0].start + part.shape[0] + 1],
                    columns=columns[parts[1].start : parts[1].start + part.shape[1] + 1],
                    text=lettering(self._plane, side) if is_easing else self._text,
                    line=tokens.line,
                    scale=theme.signed_scale(self),
                )
            if not is_easing:
                self._paint_marks(painter, tokens)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(tokens.accent if self.hasFocus() else tokens.line, 2 if self.hasFocus() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = 1 if self.hasFocus() else 0
            painter.drawRect(self.rect().adjusted(inset, inset, -1, -1))
            self._paint_lens(painter, tokens)

    def _paint_preview(self, painter: QPainter, plane: Plane, tokens: theme.Tokens) -> None:
        side = self.width() / max(2, *plane.shape)
        rows, columns = self._edges(plane.shape, side)
        limit = float(np.abs(plane).max()) or 1.0
        paint_cells(
            painter, plane, limit, rows=rows, columns=columns, text=lettering(plane, side), line=tokens.line,
            scale=theme.signed_scale(self),
        )  # fmt: skip
        painter.setPen(QPen(tokens.accent, 2, Qt.PenStyle.DashLine))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_marks(self, painter: QPainter, tokens: theme.Tokens) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lit = QPainterPath()
        for row, column in self._lit:
            if row < self._plane.shape[0] and column < self._plane.shape[1]:
                lit.addRect(self.cell_rect(row, column))
        around = lit.simplified()  # cells side by side share one frame
        painter.setClipRect(self.rect())
        for pen in (QPen(tokens.card, 6), QPen(tokens.accent, 3)):
            painter.strokePath(around, pen)
        if self._anchor is not None:
            rect = self.cell_rect(*self._anchor)
            radius = min(3.5, rect.width() / 5)
            painter.setPen(QPen(tokens.card, 1))
            painter.setBrush(tokens.text)
            painter.drawEllipse(rect.topLeft() + QPointF(2 * radius, 2 * radius), radius, radius)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        rows, columns = self.selection()
        if self.hasFocus() or self.is_painting or rows.stop - rows.start > 1 or columns.stop - columns.start > 1:
            area = self.cell_rect(rows.start, columns.start).united(self.cell_rect(rows.stop - 1, columns.stop - 1))
            painter.setPen(QPen(tokens.card, 1))
            painter.drawRect(area.adjusted(2.5, 2.5, -2.5, -2.5))
            painter.setPen(QPen(tokens.accent, 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))

    def _paint_lens(self, painter: QPainter, tokens: theme.Tokens) -> None:
        """The cell under the mouse, or the chosen one, at a size at which it can be read, beside it."""
        cell = self._hovered if self._hovered is not None else self._current if self.hasFocus() else None
        if cell is None or self._are_all_read() or self._inside(cell) != cell:
            return
        value, rect = float(self._plane[cell]), self.cell_rect(*cell)
        is_right = rect.center().x() < self.width() / 2
        left = rect.right() + 12 if is_right else rect.left() - 12 - LENS.width()
        top = min(max(rect.center().y() - LENS.height() / 2, 4), self.height() - 4 - LENS.height())
        tile = QRectF(QPointF(min(max(left, 4), self.width() - 4 - LENS.width()), top), LENS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.accent, 2))
        painter.drawRect(rect.adjusted(-1, -1, 1, 1))
        ground: QColor = theme.diverging(value, self._limit, theme.signed_scale(self))
        painter.setPen(QPen(tokens.card, 2))
        painter.setBrush(ground)
        painter.drawRoundedRect(tile, 6, 6)
        painter.setPen(theme.ink_over(ground))
        for pixels, weight, words, high in (
            (18, QFont.Weight.DemiBold, number(value, digits=5), (8, 26)),
            (12, QFont.Weight.Normal, row_and_column(*cell), (34, 18)),
        ):
            font = QFont(theme.numbers_font(self))
            font.setPixelSize(pixels)
            font.setWeight(weight)
            painter.setFont(font)
            line = QRectF(tile.left(), tile.top() + high[0], tile.width(), high[1])
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)


def _may_be_kernel(data: QMimeData) -> bool:
    """Whether what was copied is text alone, or a spreadsheet's, which comes with its picture; a file is for others."""
    return not data.hasUrls() and (data.hasText() or not data.hasImage())
