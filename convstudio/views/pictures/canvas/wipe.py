"""The wipe: before and after in one pane, with a divider between them. The canvas moves the divider."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen

from convstudio.core.display.pictures import Picture
from convstudio.views.pictures.canvas.images import stage
from convstudio.views.pictures.canvas.marks import Box
from convstudio.views.pictures.canvas.patches import Parts, paint_picture
from convstudio.views.pictures.canvas.placement import Link, ViewTransform


@dataclass(frozen=True, eq=False)
class Wipe:
    """The picture to the left of the divider, and the names of both.

    `link` leads from the other picture's pixels to this one's. With `parts` the picture is a preview. `boxes` are marks
    over it.
    """

    picture: Picture
    link: Link
    before: str
    after: str
    parts: Parts | None = None
    boxes: tuple[Box, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        if self.parts is not None:
            return self.parts.rows, self.parts.columns
        rows, columns, _ = self.picture.pixels.shape
        return rows, columns

    def transform_under(self, other: ViewTransform) -> ViewTransform:
        """Its view transform, from that of the picture it lies under."""
        return ViewTransform(self.link.outward(other.view), other.width, other.height)


def paint_wipe(painter: QPainter, wipe: Wipe, transform: ViewTransform, edge: float, palette: QPalette) -> None:
    """Cover what is left of `edge`, in screen pixels, with the other picture, and draw the divider."""
    height = transform.height
    painter.save()
    painter.setClipRect(QRectF(0, 0, edge, height))
    painter.fillRect(QRectF(0, 0, edge, height), stage(palette))
    paint_picture(painter, wipe.transform_under(transform), wipe.picture, wipe.parts)
    painter.restore()
    for role, width in ((QPalette.ColorRole.Window, 4.0), (QPalette.ColorRole.Highlight, 2.0)):
        painter.setPen(QPen(palette.color(role), width))
        painter.drawLine(QPointF(edge, 0), QPointF(edge, height))
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawEllipse(QPointF(edge, height / 2), 6.0, 6.0)
    metrics = painter.fontMetrics()
    for text, left in ((wipe.before, edge - metrics.horizontalAdvance(wipe.before) - 20), (wipe.after, edge + 8)):
        plate = QRectF(left, 8, metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
        painter.fillRect(plate, palette.color(QPalette.ColorRole.Window))
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
