"""The filters of the first convolution, as they come to be while it learns."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.colours import limit_of
from convstudio.insight.learn.layers import Values
from convstudio.views import theme
from convstudio.views.explain.stage import CAPTION, paint_card, sized
from convstudio.views.painting import painting

COLUMNS, ROWS = 4, 3
FOOT = 28
INSET, GAP = 16, 12
FEET = "A click opens them as a layer", "A click: as a layer"


class FilterCard(QWidget):
    """Twelve kernels as coloured cells; a click asks for them as a layer."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learn-filters")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("The filters that the convolution learned")
        self.weight: Values = np.zeros((0, 1, 3, 3), np.float32)

    def show_weight(self, weight: Values) -> None:
        """Show kernels (filters, 1, rows, columns)."""
        self.weight = weight
        self.update()

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(260, 220)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for them as a layer."""
        if event.button() is Qt.MouseButton.LeftButton and len(self.weight):
            self.asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, the kernels on one scale, and what a click does."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            paint_card(painter, QRectF(self.rect()), colours)
            room = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -FOOT - 8)
            side = min((room.width() - (COLUMNS - 1) * GAP) / COLUMNS, (room.height() - (ROWS - 1) * GAP) / ROWS)
            limit, scale = limit_of(self.weight), theme.signed_scale(self)
            for number, kernel in enumerate(self.weight[:, 0]):
                row, column = divmod(number, COLUMNS)
                corner = room.topLeft() + QPointF(column * (side + GAP), row * (side + GAP))
                cell = side / len(kernel)
                for down, right in np.ndindex(kernel.shape):
                    place = QRectF(corner.x() + right * cell, corner.y() + down * cell, cell, cell)
                    painter.fillRect(place, theme.diverging(float(kernel[down, right]), limit, scale))
                painter.setPen(QPen(colours.line, 1))
                painter.drawRect(QRectF(corner.x(), corner.y(), side, side))
            painter.setPen(colours.muted)
            painter.setFont(sized(CAPTION))
            foot = QRectF(INSET, self.height() - FOOT - 4, self.width() - 2 * INSET, FOOT)
            text = next((text for text in FEET if painter.fontMetrics().horizontalAdvance(text) <= foot.width()), "")
            painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, text)
