"""The button that goes on, and names what comes: as much of it as there is room for."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from convstudio.views import icons

AROUND = 48  # pixels for the icon and the edges


class NextButton(QPushButton):
    """Has the next step's heading as its words; the tip has it whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Next", parent)
        self.setObjectName("lesson-next")
        self.setIcon(icons.icon("arrow-right", on_accent=True))
        self.setProperty("kind", "primary")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._heading = ""

    def show_next(self, heading: str) -> None:
        """Name the next step; "" is that there is none."""
        self._heading = heading
        self.setEnabled(bool(heading))
        self.setToolTip(f"Next: {heading}" if heading else "This was the last step; the cross above ends it")
        self.setAccessibleName(f"Next: {heading}" if heading else "Next")
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write more or less of it."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        words = self.fontMetrics().elidedText(self._heading, Qt.TextElideMode.ElideRight, self.width() - AROUND)
        self.setText(words.replace("&", "&&") or "Next")
