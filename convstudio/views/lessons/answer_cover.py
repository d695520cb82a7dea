"""The cover: it hides a part of the window until a prediction has been made."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from convstudio.views import theme
from convstudio.views.painting import painting

WORDS = "Predict first"
TIP = "This part would give the answer away; it comes back when the prediction is checked"


class Cover(QWidget):
    """Lies over one widget, grows with it, and lets neither mouse nor keys through to it.

    A place that is large enough has the words, if it is the one that shall have them. In a row of a panel it is drawn
    lower than the row, by `inset` pixels above and below.
    """

    def __init__(self, hidden: QWidget, *, has_words: bool = False, inset: int = 0) -> None:
        super().__init__(hidden)
        self.setObjectName("cover")
        self.hidden, self._has_words, self._inset = hidden, has_words, inset
        self._was_enabled = not hidden.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setToolTip(TIP)
        self.setAccessibleName(WORDS)
        hidden.setEnabled(False)
        hidden.installEventFilter(self)
        self.setGeometry(hidden.rect())
        self.raise_()
        self.show()

    @property
    def words(self) -> str:
        """What is written on it, where there is room."""
        return WORDS if self._has_words and self.rect().contains(self._words_place()) else ""

    def lift(self) -> None:
        """Show again what lies below."""
        self.hidden.removeEventFilter(self)
        self.hidden.setEnabled(self._was_enabled)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the whole widget covered, whatever is put into it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildPolished) and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of the stage."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.fillRect(self.rect(), colours.panel if self._inset else colours.stage)
            painter.fillRect(self.rect().adjusted(0, self._inset, 0, -self._inset), colours.stage)
            painter.setPen(colours.muted)
            painter.drawText(self._words_place(), Qt.AlignmentFlag.AlignCenter, self.words)

    def _words_place(self) -> QRect:
        metrics = self.fontMetrics()
        place = QRect(0, 0, metrics.horizontalAdvance(WORDS) + 2 * theme.SPACE, 2 * metrics.height())
        place.moveCenter(self.rect().center())
        return place
