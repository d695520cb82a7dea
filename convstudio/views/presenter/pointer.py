"""The pointer with a ring around it, to be seen from the last row."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QPainterPath, QPen, QPixmap

from convstudio.views import theme
from convstudio.views.painting import drawing

SIDE, RING = 96, 44  # pixels: of the cursor, and the ring's radius
ARROW = (0, 0), (0, 22), (5, 17), (9, 26), (13, 24), (9, 16), (16, 16)


def ringed_pointer(colours: theme.Tokens, ratio: float = 1.0) -> QCursor:
    """An arrow in a ring of the accent; its tip is what points."""
    pixmap = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    centre = QPointF(SIDE / 2, SIDE / 2)
    with drawing(pixmap) as painter:
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.accent, 4))
        painter.setBrush(QColor(255, 255, 255, 28))
        painter.drawEllipse(centre, RING, RING)
        arrow = QPainterPath(centre)
        for right, down in ARROW[1:]:
            arrow.lineTo(centre + QPointF(right, down))
        arrow.closeSubpath()
        painter.setPen(QPen(QColor("white"), 2))
        painter.setBrush(QColor("black"))
        painter.drawPath(arrow)
    return QCursor(pixmap, SIDE // 2, SIDE // 2)
