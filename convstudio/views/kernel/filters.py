"""The filter of a layer that is shown: a list to choose from, and the ways to have more or fewer."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from convstudio.core.edits.filters import MOST_FILTERS
from convstudio.views.fields import NumberBox, tool_button

ROWS = 6  # of the list that are seen at once
ROW = 26  # pixels


class FilterChooser(QComboBox):
    """“Filter 2”; opened it also adds, duplicates and deletes filters, or sets how many there are."""

    filter_chosen = Signal(int)
    added = Signal()
    duplicated = Signal()
    deleted = Signal()
    count_edited = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self.setAccessibleName("Filter")
        self.setToolTip("The filter that is shown; opened, it also adds and deletes filters")
        self.setMinimumContentsLength(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.popup = QFrame(self, Qt.WindowType.Popup)
        self.popup.setObjectName("filter-popup")
        self.popup.setProperty("kind", "card")
        self.popup.setFrameShape(QFrame.Shape.StyledPanel)
        self.popup.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = QListWidget(self.popup)
        self.list.setObjectName("filter-list")
        self.list.setAccessibleName("Filters")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.count_box = NumberBox(1, MOST_FILTERS, self.popup)
        self.count_box.setObjectName("filter-count")
        label = QLabel("Filters", self.popup)
        label.setBuddy(self.count_box)
        self.count_box.setAccessibleName("Number of filters")
        self.count_box.setToolTip("How many filters the layer has; each makes one map")
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        buttons.addWidget(label)
        buttons.addWidget(self.count_box)
        buttons.addStretch(1)
        for name, text, icon, tip, signal in (
            ("filter-add", "Add filter", "plus", "Add a filter", self.added),
            ("filter-duplicate", "Duplicate filter", "copy", "Put a copy of this filter behind it", self.duplicated),
            ("filter-delete", "Delete filter", "trash-2", "Take this filter out", self.deleted),
        ):
            button = tool_button(name, text, icon, tip, self.popup)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        layout = QVBoxLayout(self.popup)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.list)
        layout.addLayout(buttons)
        self.activated.connect(self.filter_chosen)
        self.list.itemClicked.connect(lambda item: self._choose(self.list.row(item)))
        self.list.itemActivated.connect(lambda item: self._choose(self.list.row(item)))
        self.count_box.valueChanged.connect(self.count_edited)

    def show_filters(self, count: int, index: int, *, step: int = 1) -> None:
        """Show one of so many filters, which come and go `step` at a time."""
        names = [f"Filter {number + 1}" for number in range(count)]
        if count != self.count():
            self.clear()
            self.addItems(names)
            self.list.clear()
            self.list.addItems(names)
            self.list.setFixedHeight(ROW * min(count, ROWS) + 4)
        self.setCurrentIndex(index)
        self.list.setCurrentRow(index)
        self.count_box.setSingleStep(step)
        self.count_box.show_number(count)

    def showPopup(self) -> None:
        """Open the list with its buttons below the field."""
        self.popup.setMinimumWidth(max(self.width(), 216))
        self.popup.adjustSize()
        corner = self.mapToGlobal(QPoint(0, self.height() + 2))
        window = self.window()
        right = window.mapToGlobal(QPoint(window.width(), 0)).x() - self.popup.width()
        self.popup.move(min(corner.x(), right), corner.y())
        self.popup.show()
        self.list.setFocus()

    def hidePopup(self) -> None:
        """Close it."""
        self.popup.hide()
        super().hidePopup()

    def _choose(self, index: int) -> None:
        self.popup.hide()
        self.setCurrentIndex(index)
        self.filter_chosen.emit(index)


class SizeFields(QWidget):
    """Height × width, in one row with its caption."""

    size_edited = Signal(int, int)

    def __init__(self, name: str, caption: str, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.caption = QLabel(caption, self)
        self.rows, self.columns = (self._box(f"{name}-{axis}", most) for axis in ("height", "width"))
        self.caption.setBuddy(self.rows)
        self.rows.setAccessibleName(f"{caption}, height")
        self.columns.setAccessibleName(f"{caption}, width")
        times = QLabel("×", self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        for place, widget in enumerate((self.caption, self.rows, times, self.columns)):
            grid.addWidget(widget, 0, place)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.setFocusProxy(self.rows)

    def show_size(self, height: int, width: int) -> None:
        """Show a size."""
        self.rows.show_number(height)
        self.columns.show_number(width)

    def _box(self, name: str, most: int) -> NumberBox:
        box = NumberBox(1, most, self)
        box.setObjectName(name)
        box.setAlignment(Qt.AlignmentFlag.AlignLeft)
        box.setMinimumWidth(44)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.setToolTip(f"From 1 to {most}")
        box.valueChanged.connect(lambda _: self.size_edited.emit(self.rows.value(), self.columns.value()))
        return box
