"""A refusal at its place: a sentence in the colour of warnings, gone when there is none."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from convstudio.views import theme


class RefusalLabel(QLabel):
    """Why something cannot be done, where it was tried."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setVisible(False)

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence; "" takes the label away."""
        self.setText(sentence)
        self.setVisible(bool(sentence))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the colour that goes with the window."""
        self._colour()
        super().showEvent(event)

    def _colour(self) -> None:
        warning = theme.tokens(self.parentWidget() or self).warning
        if self.palette().color(QPalette.ColorRole.WindowText) != warning:  # setting it is a change of palette too
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, warning)
            self.setPalette(palette)
