"""The list itself: selecting, moving with the mouse or Alt+Up and Alt+Down, deleting with Delete.

What the rows hold is in `rows`, how they look in `row_painter`.
"""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QWidget

from convstudio.views import theme
from convstudio.views.flow.row_painter import RowPainter
from convstudio.views.flow.rows import Contents, Index, RowsModel, rows_of
from convstudio.views.painting import painting


class LayerList(QListView):
    """The source and the layers, in the order in which they are applied."""

    layer_selected = Signal(int)  # −1 is the source
    layer_moved = Signal(int, int)
    layer_deleted = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer-list")
        self.setAccessibleName("Layers")
        self.rows = RowsModel()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowPainter(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(80)
        self._is_showing = False
        self._pressed: int | None = None
        self._pressed_at = QPoint()
        self._target: int | None = None
        self.selectionModel().currentChanged.connect(self._emit_selected)

    @property
    def selected(self) -> int:
        """The selected layer; −1 is the source."""
        return max(self.currentIndex().row(), 0) - 1

    @property
    def drop_target(self) -> int | None:
        """Where the dragged layer would land, while one is dragged."""
        return self._target

    def show_contents(self, contents: Contents) -> None:
        """Show other rows."""
        self._is_showing = True
        try:
            rows = rows_of(contents)
            if len(rows) != len(self.rows.rows):
                self._stop_dragging()
            self.rows.show_rows(rows)
            current = self.rows.index(contents.document.selected + 1)
            if current != self.currentIndex():
                self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        finally:
            self._is_showing = False

    def move_selected(self, by: int) -> None:
        """Ask for the selected layer to go up (−1) or down (1)."""
        index, target = self.selected, self.selected + by
        if index >= 0 and 0 <= target < len(self.rows.rows) - 1:
            self.layer_moved.emit(index, target)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint the rows that changed, and no others: all are of one height, so there is nothing to lay out anew."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a row."""
        super().mousePressEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        self._pressed = row - 1 if event.button() == Qt.MouseButton.LeftButton and row > 0 else None
        self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the row that is held: a line shows where it would land."""
        point = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        distance = (point - self._pressed_at).manhattanLength()
        if self._target is None and distance < QApplication.startDragDistance():
            return
        self._target = self._landing(point)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.scrollTo(self.indexAt(QPoint(8, min(max(point.y(), 0), self.viewport().height() - 1))))
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the row go where the line is."""
        index, target = self._pressed, self._target
        self._stop_dragging()
        if target is None:
            super().mouseReleaseEvent(event)
        elif index is not None and index != target:
            self.layer_moved.emit(index, target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down move, Delete deletes, Escape gives a drag up."""
        is_moving = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_moving and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_selected(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete and self.selected >= 0:
            self.layer_deleted.emit(self.selected)
        elif event.key() == Qt.Key.Key_Escape and self._target is not None:
            self._stop_dragging()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selected layer."""
        if self.selected >= 0:
            self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and the line where a dragged one would land."""
        super().paintEvent(event)
        with painting(self.viewport()) as painter:
            if self._target is None or self._pressed is None:
                return
            # the target counts without the dragged row: moving down, the line is below the row that is passed
            row = self._target + 1 + (self._target > self._pressed)
            last = self.visualRect(self.rows.index(len(self.rows.rows) - 1)).bottom()
            y = self.visualRect(self.rows.index(row)).top() if row < len(self.rows.rows) else last
            painter.setPen(QPen(theme.tokens(self).accent, 3))
            painter.drawLine(0, y, self.viewport().width(), y)

    def _landing(self, point: QPoint) -> int:
        """The index that the dragged layer would have if it were let go here."""
        assert self._pressed is not None
        centres = [self.visualRect(self.rows.index(row)).center().y() for row in range(1, len(self.rows.rows))]
        above = sum(1 for index, y in enumerate(centres) if y < point.y() and index != self._pressed)
        return min(above, len(centres) - 1)

    def _stop_dragging(self) -> None:
        self._pressed = self._target = None
        self.unsetCursor()
        self.viewport().update()

    def _emit_selected(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_showing and current.isValid():
            self.layer_selected.emit(current.row() - 1)
