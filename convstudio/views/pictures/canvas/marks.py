"""Marks over a picture: outlined regions with their labels, hatched padding, and lines between large pixels."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from convstudio.core.geometry.regions import Region, around
from convstudio.views import theme
from convstudio.views.pictures.canvas.placement import ViewTransform
from convstudio.views.probe.probed import Role, colour_of

DOT_CELL = 4.0
LINE_CELL = 24.0  # from here pixels are parted by lines
EDGE = QColor(127, 127, 127, 110)
SHADOW = QColor(0, 0, 0, 200)
WHITE = QColor(255, 255, 255)


class Line(StrEnum):
    """The outline of a box; what it means is said by its label, not by the colour alone."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


@dataclass(frozen=True)
class Box:
    """A region to point out. Only every `stride`-th pixel of it is meant."""

    region: Region
    label: str = ""
    line: Line = Line.SOLID
    stride: tuple[int, int] = (1, 1)
    role: Role = Role.POINTED


def paint_lines(painter: QPainter, transform: ViewTransform, height: int, width: int, ground: QColor) -> None:
    """Frame the picture, which lies on a ground, and part its pixels where they are large."""
    is_smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # straight lines need no smoothing
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(EDGE, 1.0))
    if min(transform.view.wide, transform.view.high) >= LINE_CELL:
        shown = transform.visible(height, width)
        for column in range(shown.left, shown.right + 1):
            line = transform.rectangle(Region(shown.top, shown.bottom, column, column))
            painter.drawLine(line.topLeft(), line.bottomLeft())
        for row in range(shown.top, shown.bottom + 1):
            line = transform.rectangle(Region(row, row, shown.left, shown.right))
            painter.drawLine(line.topLeft(), line.topRight())
    painter.setPen(QPen(_blended(ground, EDGE), 1.0))  # half a millisecond for a line that lets something through
    painter.drawRect(transform.rectangle(Region(0, height, 0, width)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)


def _blended(ground: QColor, colour: QColor) -> QColor:
    """A translucent colour on an opaque ground, as one opaque colour."""
    share = colour.alphaF()
    over, under = (colour.red(), colour.green(), colour.blue()), (ground.red(), ground.green(), ground.blue())
    return QColor(*(round(share * here + (1 - share) * there) for here, there in zip(over, under, strict=True)))


def paint_box(
    painter: QPainter,
    transform: ViewTransform,
    box: Box,
    tokens: theme.Tokens,
    picture: tuple[int, int],
    occupied: list[QRectF],
    *,
    has_ring: bool = False,
) -> None:
    """Outline a region, hatch what of it lies in the padding unless a ring shows that, and name it."""
    colour = colour_of(box.role, tokens)
    for padding in () if has_ring else around(Region(0, picture[0], 0, picture[1]), box.region):
        painter.fillRect(transform.rectangle(padding), QColor(127, 127, 127, 60))
        painter.fillRect(transform.rectangle(padding), QBrush(colour, Qt.BrushStyle.BDiagPattern))
    if box.stride != (1, 1) and min(transform.view.wide, transform.view.high) >= DOT_CELL:
        _paint_dots(painter, transform, box, colour)
    pane = QRectF(0, 0, transform.width, transform.height)
    frame = paint_frame(painter, transform.rectangle(box.region), colour, box.line, pane)
    if box.label:
        _paint_label(painter, transform, frame, box.label, occupied)


def paint_frame(
    painter: QPainter, whole: QRectF, colour: QColor, line: Line = Line.SOLID, pane: QRectF | None = None
) -> QRectF:
    """A frame that can be seen on every picture: a line in its colour between white ones; where it was drawn.

    A side that lies at the edge of the pane is drawn inside of it.
    """
    side = min(whole.width(), whole.height())
    width = 2.0 if side < LINE_CELL else 3.0
    outside = 3.0 if side < 9 else width / 2
    frame = whole.adjusted(-outside, -outside, outside, outside)
    if pane is not None:
        frame = _inside(frame, whole, pane, (width + 3.0) / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(WHITE, width + 3.0, j=Qt.PenJoinStyle.MiterJoin))
    painter.drawRect(frame)
    style = {
        Line.SOLID: Qt.PenStyle.SolidLine,
        Line.DASHED: Qt.PenStyle.DashLine,
        Line.DOTTED: Qt.PenStyle.DotLine,
    }[line]
    painter.setPen(QPen(colour, width, style, j=Qt.PenJoinStyle.MiterJoin))
    painter.drawRect(frame)
    return frame


def _inside(frame: QRectF, whole: QRectF, pane: QRectF, half: float) -> QRectF:
    """A frame whose sides are seen as far as what they are around is; `half` is that of its line."""
    room = pane.adjusted(half, half, -half, -half)
    left = max(frame.left(), room.left()) if whole.left() >= pane.left() - 1 else frame.left()
    top = max(frame.top(), room.top()) if whole.top() >= pane.top() - 1 else frame.top()
    right = min(frame.right(), room.right()) if whole.right() <= pane.right() + 1 else frame.right()
    bottom = min(frame.bottom(), room.bottom()) if whole.bottom() <= pane.bottom() + 1 else frame.bottom()
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _paint_dots(painter: QPainter, transform: ViewTransform, box: Box, colour: QColor) -> None:
    shown = transform.rectangle(box.region).intersected(QRectF(0, 0, transform.width, transform.height))
    if shown.isEmpty():
        return
    first_row, first_column = transform.pixel_at(shown.left(), shown.top())
    last_row, last_column = transform.pixel_at(shown.right(), shown.bottom())
    row_step, column_step = box.stride
    start_row = box.region.top + max(0, (first_row - box.region.top) // row_step) * row_step
    start_column = box.region.left + max(0, (first_column - box.region.left) // column_step) * column_step
    radius = min(transform.view.wide, transform.view.high) / 4
    painter.setPen(QPen(QColor(Qt.GlobalColor.white), 1.0))
    painter.setBrush(colour)
    for row in range(start_row, min(last_row + 1, box.region.bottom), row_step):
        for column in range(start_column, min(last_column + 1, box.region.right), column_step):
            painter.drawEllipse(transform.rectangle(Region(row, row + 1, column, column + 1)).center(), radius, radius)


def _paint_label(
    painter: QPainter, transform: ViewTransform, frame: QRectF, label: str, occupied: list[QRectF]
) -> None:
    font = QFont(painter.font())
    font.setPixelSize(12)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(label) + 8, metrics.height() + 2
    pane = QRectF(0, 0, transform.width, transform.height)
    left = min(max(frame.left(), 2.0), max(transform.width - width - 2, 2.0))
    inside_top = min(max(frame.top() + 3, 2.0), transform.height - height - 2)
    places = (
        (left, frame.top() - height - 3),
        (left, frame.bottom() + 3),
        (frame.right() + 3, frame.top()),
        (frame.left() - width - 3, frame.top()),
        (left, inside_top),
    )
    plates = [QRectF(x, y, width, height) for x, y in places]
    free = [
        plate for plate in plates if pane.contains(plate) and not any(plate.intersects(other) for other in occupied)
    ]
    plate = free[0] if free else plates[-1]
    occupied.append(plate)
    painter.fillRect(plate, SHADOW)
    painter.setPen(QColor(Qt.GlobalColor.white))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, label)
