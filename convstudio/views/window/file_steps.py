"""Files that were opened together: which of them is open, and the ways to the others."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from convstudio.views import icons


class FileSteps(QWidget):
    """“2 of 7” between two arrows; hidden where there is one file alone."""

    stepped = Signal(int)  # −1 or 1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("file-steps")
        self.label = QLabel(self)
        self.label.setObjectName("file-place")
        self.back = self._button("file-back", "arrow-left", "The file before (Page up)", -1)
        self.forward = self._button("file-forward", "arrow-right", "The next file (Page down)", 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self.back, self.label, self.forward):
            layout.addWidget(widget)
        self.show_place(0, 0)

    def show_place(self, place: int, count: int) -> None:
        """Show which of how many files is open, counted from 0."""
        self.setVisible(count > 1)
        self.label.setText(f"{place + 1} of {count}")
        self.label.setAccessibleName(f"File {place + 1} of {count}")
        self.back.setEnabled(place > 0)
        self.forward.setEnabled(place < count - 1)

    def _button(self, name: str, icon: str, tip: str, by: int) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self.stepped.emit(by))
        return button
