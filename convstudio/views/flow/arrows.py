"""The arrows of the flow: from one card to the next, and round those whose layers are switched off."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from convstudio.views import icons

SIDE = 16
HEAD = 4
WIDTH = 1.5


def paint_arrow(painter: QPainter, gap: QRectF, colour: QColor) -> None:
    """An arrow in the middle of the gap between two cards."""
    place = QRectF(0, 0, SIDE, SIDE)
    place.moveCenter(gap.center())
    icons.paint_icon(painter, "arrow-right", place.toRect(), colour)


def paint_pass(painter: QPainter, cards: QRectF, gap: float, below: float, colour: QColor) -> None:
    """A dashed way that leaves the data's line before some cards, passes so far below them, and comes back behind."""
    middle, low = cards.center().y(), cards.bottom() + below
    left, right = cards.left(), cards.right()
    end = QPointF(right + gap - 7, middle)
    path = QPainterPath(QPointF(left - gap + 6, middle))
    path.cubicTo(QPointF(left - 8, middle), QPointF(left - 16, low), QPointF(left + 2, low))
    path.lineTo(right - 2, low)
    path.cubicTo(QPointF(right + 16, low), QPointF(right + 4, middle), end)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(colour, WIDTH, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.drawPath(path)
    painter.setPen(QPen(colour, WIDTH))
    painter.drawPolyline([end + QPointF(-HEAD, -HEAD), end, end + QPointF(-HEAD, HEAD)])
