"""The source in the inspector: what it is, samples to start with, and typed numbers cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.kernels.text import read_number
from convstudio.core.wording import field_text, number

MOST_CELLS = 32  # rows and columns of a grid that can be typed


@dataclass(frozen=True)
class Offer:
    """A sample that can be opened."""

    key: str
    title: str
    sentence: str


class SourcePanel(QWidget):
    """What the recipe is applied to."""

    sample_chosen = Signal(str)
    grid_edited = Signal(object)  # rows of numbers
    message = Signal(str)

    def __init__(self, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("source-panel")
        self.offers = tuple(offers)
        self._values: NDArray[np.float64] = np.zeros((1, 1))
        self._is_showing = False
        self.title = QLabel("Source", self)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.lead = QLabel("Drop a picture here, or start with a sample.", self)
        self.lead.setObjectName("source-lead")
        self.lead.setWordWrap(True)
        self.table = QTableWidget(self)
        self.table.setObjectName("source-grid")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.table.setMinimumHeight(220)
        for header in (self.table.horizontalHeader(), self.table.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(20)
        self.table.horizontalHeader().setDefaultSectionSize(44)
        self.table.verticalHeader().setDefaultSectionSize(28)
        self.rows, self.columns = self._size("grid-rows", "Rows"), self._size("grid-columns", "Columns")
        self.size_line = QWidget(self)
        line = QHBoxLayout(self.size_line)
        line.setContentsMargins(0, 0, 0, 0)
        for text, box in (("Rows", self.rows), ("Columns", self.columns)):
            label = QLabel(text, self)
            label.setBuddy(box)
            line.addWidget(label)
            line.addWidget(box)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        for widget in (self.title, self.lead, self.size_line, self.table):
            layout.addWidget(widget)
        layout.addWidget(QLabel("Samples", self))
        for offer in offers:
            button = QPushButton(offer.title, self)
            button.setObjectName(f"sample-{offer.key}")
            button.setToolTip(offer.sentence)
            button.clicked.connect(lambda _=False, key=offer.key: self.sample_chosen.emit(key))
            layout.addWidget(button)
        layout.addStretch(1)
        self.table.itemChanged.connect(self._take_cell)
        self._show_grid(is_shown=False)

    def show_frame(self, frame: Frame) -> None:
        """Show size, type and white of a picture; small grey ones can be edited number by number."""
        bits = {"u1": "8-bit", "u2": "16-bit"}.get(frame.pixels.dtype.str[1:], "floating-point")
        colours = "colour (red, green, blue)" if frame.shape.channels == 3 else "grey"
        self.lead.setText(
            f"{frame.name}: {frame.shape.width}×{frame.shape.height} pixels, {colours}, {bits} numbers, "
            f"white is {number(frame.white)}."
        )
        height, width, channels = frame.pixels.shape
        is_grid = channels == 1 and max(height, width) <= MOST_CELLS
        self._show_grid(is_shown=is_grid)
        if is_grid:
            self._fill(frame.pixels[:, :, 0].astype(np.float64))

    def _fill(self, values: NDArray[np.float64]) -> None:
        self._is_showing = True
        self._values = values
        height, width = values.shape
        self.rows.setValue(height)
        self.columns.setValue(width)
        self.table.setRowCount(height)
        self.table.setColumnCount(width)
        for row in range(height):
            for column in range(width):
                self._item(row, column).setText(field_text(float(values[row, column]), digits=7))
        self._is_showing = False

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.table.setItem(row, column, item)
        return item

    def _take_cell(self, item: QTableWidgetItem) -> None:
        if self._is_showing:
            return
        values = self._values.copy()
        try:
            values[item.row(), item.column()] = read_number(item.text())
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            self._fill(self._values)
            return
        self.grid_edited.emit(values.tolist())

    def _resize(self) -> None:
        if self._is_showing:
            return
        height, width = self.rows.value(), self.columns.value()
        values = np.zeros((height, width))
        rows, columns = min(height, self._values.shape[0]), min(width, self._values.shape[1])
        values[:rows, :columns] = self._values[:rows, :columns]
        self.grid_edited.emit(values.tolist())

    def _show_grid(self, *, is_shown: bool) -> None:
        self.table.setVisible(is_shown)
        self.size_line.setVisible(is_shown)

    def _size(self, name: str, caption: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(name)
        box.setAccessibleName(caption)
        box.setRange(1, MOST_CELLS)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self._resize)
        return box
