"""A card with a number of parameters and how it is made; of several, the one that is counted is checked."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from convstudio.views import theme
from convstudio.views.painting import painting

HEIGHT, INSET, NUMBER = 52, 12, 20  # pixels


class ParameterCard(QAbstractButton):
    """Shows that the layer is counted so, and counts it so when it is pressed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.groups = 1
        self._formula = self._meaning = ""

    def show_texts(self, number: str, formula: str, meaning: str) -> None:
        """Show a number, how it is made, and what that means."""
        self.setText(number)
        self._formula, self._meaning = formula, meaning
        self.setAccessibleName(f"{number} = {formula}: {meaning}")
        self.setToolTip(self.accessibleName())
        self.update()

    def nextCheckState(self) -> None:
        """What is counted decides which card is checked."""

    def sizeHint(self) -> QSize:
        """Two lines beside a number."""
        return QSize(220, max(HEIGHT, 2 * self.fontMetrics().height() + 16))

    def minimumSizeHint(self) -> QSize:
        """The lines are elided where there is no room."""
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            is_on = self.isChecked()
            edge = 2 if (is_on and self.isEnabled()) or self.hasFocus() else 1
            area = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
            painter.setBrush(colours.tint if is_on and self.isEnabled() else colours.card)
            painter.setPen(QPen(colours.accent if edge == 2 else colours.line, edge))
            painter.drawRoundedRect(area, 8, 8)
            font = theme.numbers_font(self)
            font.setPixelSize(round(NUMBER * max(self.font().pixelSize(), 13) / 13))
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(colours.text)
            width = max(QFontMetrics(font).horizontalAdvance(self.text()), 46)
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRect(INSET, 0, width, self.height()), middle, self.text())
            painter.setFont(self.font())
            left, line = INSET + width + 14, self.height() / 2
            room = self.width() - left - 8
            metrics = QFontMetrics(self.font())
            for top, text, colour in ((5.0, self._formula, colours.text), (line - 1, self._meaning, colours.muted)):
                painter.setPen(colour)
                elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRectF(left, top, room, line - 4), middle, elided)
