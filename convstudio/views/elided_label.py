"""A line of text that is elided where it does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.views.painting import painting


class ElidedLabel(QWidget):
    """One line of text that gives way to "…" where there is no room; the tooltip has all of it.

    Another text asks for no new layout, so it may change with every picture.
    """

    least = 0  # pixels of width below which text that does not fit is left out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All of the text."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show this line."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        """As high as a line."""
        return QSize(self.fontMetrics().horizontalAdvance(self._text), self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        with painting(self) as painter:
            if self.width() < min(self.least, self.sizeHint().width()):
                return
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
