"""The cover: it hides a part of the window until a prediction has been made."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget


class Cover(QLabel):
    """Lies over one widget and grows with it."""

    def __init__(self, hidden: QWidget) -> None:
        super().__init__("Predict first", hidden)
        self.setObjectName("cover")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAutoFillBackground(True)
        self.setToolTip("This part would give the answer away; it comes back when the prediction is checked")
        hidden.installEventFilter(self)
        self.setGeometry(hidden.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the whole widget covered."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)
