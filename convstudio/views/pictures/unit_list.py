"""Outputs that are single numbers, as after a dense layer or a global pool: a list of coloured cells."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from convstudio.core.display.colours import limit_of, signed_colour
from convstudio.core.wording import number
from convstudio.views import theme

CELL = QSize(136, 32)

Index = QModelIndex | QPersistentModelIndex


class UnitModel(QAbstractListModel):
    """The values in the diverging colour map."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.float32] = np.zeros(0, np.float32)
        self._limit = 1.0
        self.cell = CELL

    def show_values(self, values: NDArray[np.float32]) -> None:
        """Exchange the values; the rows stay when their number does."""
        limit = limit_of(values)
        if len(values) != len(self._values):
            self.beginResetModel()
            self._values, self._limit = values, limit
            self.endResetModel()
        elif len(values):
            self._values, self._limit = values, limit
            self.dataChanged.emit(self.index(0), self.index(len(values) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each unit."""
        return 0 if parent is not None and parent.isValid() else len(self._values)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A unit's number (from 1), value and colours."""
        value = float(self._values[index.row()])
        colour = signed_colour(value, self._limit, theme.signed_scale(QGuiApplication.palette()))
        answers: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: f"{index.row() + 1}:  {number(value, digits=5)}",
            Qt.ItemDataRole.ToolTipRole: f"Unit {index.row() + 1} of {len(self._values)}: {number(value)}",
            Qt.ItemDataRole.BackgroundRole: QColor(*colour),
            Qt.ItemDataRole.ForegroundRole: theme.ink_on(*colour),
            Qt.ItemDataRole.TextAlignmentRole: Qt.AlignmentFlag.AlignCenter,
            Qt.ItemDataRole.SizeHintRole: self.cell,
        }
        return answers.get(role)


class UnitList(QListView):
    """Units to point at and to choose from."""

    unit_hovered = Signal(object)  # number or None
    unit_pinned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = UnitModel(self)
        self.setModel(self._model)
        self.setUniformItemSizes(True)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(1)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.entered.connect(self._enter)
        self.clicked.connect(self._pin)
        self.activated.connect(self._pin)

    def show_values(self, values: NDArray[np.float32]) -> None:
        """Show these numbers."""
        self._model.show_values(values)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Few units take all the room there is."""
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """One column as wide as the pane and up to twice as high as it must be, where all have room in it."""
        count, room = self._model.rowCount(), self.viewport().size()
        gap = 2 * self.spacing()
        high = min((room.height() - 2 * gap) // max(count, 1) - gap, 2 * CELL.height())
        cell = QSize(room.width() - 2 * gap, high) if high >= CELL.height() else CELL
        if cell != self._model.cell:
            self._model.cell = cell
            self.setWrapping(cell == CELL)
            self.doItemsLayout()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The arrow keys point, too."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.unit_hovered.emit(current.row())

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is elsewhere."""
        self.unit_hovered.emit(None)
        super().leaveEvent(event)

    def _enter(self, index: QModelIndex) -> None:
        self.unit_hovered.emit(index.row())

    def _pin(self, index: QModelIndex) -> None:
        self.unit_pinned.emit(index.row())
