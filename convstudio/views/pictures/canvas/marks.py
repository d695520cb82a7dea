"""Marks over a picture: outlined regions with their labels, hatched padding, and the values on the pixels."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from convstudio.core.display.colours import Colours
from convstudio.core.geometry.regions import Region, around
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.pictures.canvas.placement import ViewTransform

GREY_CELL = 34.0  # screen pixels from which one number fits on a pixel
COLOUR_CELL = 52.0  # three numbers, one below the other
DOT_CELL = 4.0
LINE_CELL = 24.0  # from here pixels are parted by lines
EDGE = QColor(127, 127, 127, 110)
SHADOW = QColor(0, 0, 0, 200)


class Line(StrEnum):
    """The outline of a box; what it means is said by its label, not by the colour alone."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


@dataclass(frozen=True)
class Box:
    """A region to point out. Only every `stride`-th pixel of it is meant."""

    region: Region
    label: str
    line: Line = Line.SOLID
    stride: tuple[int, int] = (1, 1)


def fitting(value: float, room: float, metrics: QFontMetricsF) -> str:
    """A number in as many digits as fit into so many screen pixels; "…" when not even two do."""
    for digits in (6, 5, 4, 3, 2):
        text = number(value, digits=digits)
        if metrics.horizontalAdvance(text) <= room:
            return text
    return "…"


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


def paint_values(
    painter: QPainter,
    transform: ViewTransform,
    planes: NDArray[np.float32],
    colours: Colours,
    corner: tuple[int, int] = (0, 0),
) -> None:
    """Print the value of every visible pixel on it, for colour pictures one line for each channel.

    `corner` is the row and the column of the first pixel.
    """
    channels, height, width = planes.shape
    view = transform.view
    if min(view.wide, view.high) < (GREY_CELL if channels == 1 else COLOUR_CELL):
        return
    font = QFont(painter.font())
    font.setPixelSize(12 if view.wide < 64 else 14)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    top, left = corner
    shown = transform.visible(top + height, left + width)
    for row in range(max(shown.top, top), shown.bottom):
        for column in range(max(shown.left, left), shown.right):
            cell = transform.rectangle(Region(row, row + 1, column, column + 1))
            values = planes[:, row - top, column - left].tolist()
            text = "\n".join(fitting(value, view.wide - 4, metrics) for value in values)
            painter.setPen(theme.ink_on(*colours[row - top, column - left].tolist()))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)


def paint_box(
    painter: QPainter,
    transform: ViewTransform,
    box: Box,
    accent: QColor,
    picture: tuple[int, int],
    occupied: list[QRectF],
) -> None:
    """Outline a region, hatch what of it lies in the padding, and name it."""
    whole = transform.rectangle(box.region)
    for padding in around(Region(0, picture[0], 0, picture[1]), box.region):
        painter.fillRect(transform.rectangle(padding), QColor(127, 127, 127, 60))
        painter.fillRect(transform.rectangle(padding), QBrush(accent, Qt.BrushStyle.BDiagPattern))
    if box.stride != (1, 1) and min(transform.view.wide, transform.view.high) >= DOT_CELL:
        _paint_dots(painter, transform, box, accent)
    frame = whole if min(whole.width(), whole.height()) >= 6 else whole.adjusted(-3, -3, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(SHADOW, 4.0))
    painter.drawRect(frame)
    painter.setPen(QPen(QColor(Qt.GlobalColor.white), 2.0))
    painter.drawRect(frame)
    style = {
        Line.SOLID: Qt.PenStyle.SolidLine,
        Line.DASHED: Qt.PenStyle.DashLine,
        Line.DOTTED: Qt.PenStyle.DotLine,
    }[box.line]
    painter.setPen(QPen(accent, 2.0, style))
    painter.drawRect(frame)
    if box.label:
        _paint_label(painter, transform, frame, box.label, occupied)


def _paint_dots(painter: QPainter, transform: ViewTransform, box: Box, accent: QColor) -> None:
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
    painter.setBrush(accent)
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
