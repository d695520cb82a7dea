"""Boards: the grids of a step as they lie on the screen, and how their cells are painted."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.activations import ACTIVATIONS
from convstudio.core.display.colours import Colours, limit_of
from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.recipe.layers import Activation
from convstudio.core.recipe.naming import name_of
from convstudio.core.view.shown import Shown
from convstudio.core.wording import number
from convstudio.insight.trace.sliding import Excerpt
from convstudio.insight.trace.taps import Numbers
from convstudio.insight.trace.trace import Trace
from convstudio.views import theme
from convstudio.views.probe.probed import grounds_by_value, grounds_of_input, grounds_of_output, mixed

MOST_COUNTED = 18  # rows and columns of a grid whose cells are counted; a larger one is a picture
READABLE = 20.0  # pixels of a cell with a number
SHARE, SMALLEST, LARGEST = 0.3, 12, 24  # the text of a cell
DIGIT = 0.64  # the width of a digit, of the height of its text
NARROWEST = 0.7  # of their width: digits that are written closer are not read any more


@dataclass(frozen=True, eq=False)
class Board:
    """A grid on the screen."""

    values: Numbers
    grounds: Colours
    place: QRectF
    caption: str
    corner: tuple[int, int] = (0, 0)  # row and column of the first cell

    @property
    def cell(self) -> float:
        """Pixels of a side."""
        rows, columns = self.values.shape
        return float(min(self.place.width() / max(columns, 1), self.place.height() / max(rows, 1)))

    def rectangle(self, row: int, column: int) -> QRectF:
        """Where a cell is, counted from the corner's."""
        top, left = row - self.corner[0], column - self.corner[1]
        cell = self.cell
        return QRectF(self.place.left() + left * cell, self.place.top() + top * cell, cell, cell)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """The cell under a point."""
        if not self.place.contains(point) or not self.values.size:
            return None
        rows, columns = self.values.shape
        row = min(int((point.y() - self.place.top()) / self.cell), rows - 1)
        column = min(int((point.x() - self.place.left()) / self.cell), columns - 1)
        return row + self.corner[0], column + self.corner[1]


def size_of(plane: Numbers, cell: float, side: float) -> tuple[float, float]:
    """Width and height of a grid: of cells that are counted, or as a picture."""
    rows, columns = plane.shape
    if max(rows, columns) <= MOST_COUNTED:
        return columns * cell, rows * cell
    return side * columns / max(rows, columns), side * rows / max(rows, columns)


def input_colours(way: Excerpt, trace: Trace, shown: Shown) -> Colours:
    """The colours that the inputs have in the picture on the screen."""
    rows, columns = way.sources
    values = np.nan_to_num(way.inputs, nan=0.0, posinf=np.inf, neginf=-np.inf)
    grounds = grounds_of_input(shown, trace, int(trace.taps.channels[0])) if len(trace.taps.channels) else None
    if grounds is None:
        return grounds_by_value(values, shown.selection.signed_scale)
    colours = grounds.at(np.maximum(rows, 0), np.maximum(columns, 0), values).copy()
    nowhere = (rows == OUTSIDE)[:, None] | (columns == OUTSIDE)[None, :]
    colours[nowhere] = grounds.of(np.zeros(1))[0]
    return colours


def output_colours(way: Excerpt, trace: Trace, shown: Shown) -> Colours:
    """The colours that the outputs have in the picture on the screen."""
    is_list = trace.step.output.height == trace.step.output.width == 1
    grounds = None if is_list else grounds_of_output(shown, trace)
    if grounds is None:
        return grounds_by_value(way.outputs, shown.selection.signed_scale)
    rows = np.arange(way.outputs.shape[0]) + way.output_corner[0]
    columns = np.arange(way.outputs.shape[1]) + way.output_corner[1]
    return grounds.at(rows, columns, way.outputs)


# painting


def cell_font(widget: QWidget, cell: float) -> QFont:
    """The font of the numbers in cells of a size."""
    font = QFont(widget.font())
    font.setPixelSize(round(min(max(SHARE * cell, SMALLEST), LARGEST)))
    font.setWeight(QFont.Weight.Medium)
    return font


def paint_board(painter: QPainter, board: Board, tokens: theme.Tokens, widget: QWidget) -> None:
    """A grid in its colours, with its numbers where they can be read."""
    rows, columns = board.values.shape
    if not rows or not columns:
        return
    grounds = np.ascontiguousarray(board.grounds)
    image = QImage(grounds.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    painter.drawImage(board.place, image.convertToFormat(QImage.Format.Format_RGB32))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens.line, 1.0))
    painter.drawRect(board.place)
    if max(rows, columns) > MOST_COUNTED:
        return
    painter.setFont(cell_font(widget, board.cell))
    for row, column in np.ndindex(rows, columns):
        cell = board.rectangle(row + board.corner[0], column + board.corner[1])
        ground = QColor(*board.grounds[row, column].tolist())
        paint_edge(painter, cell, ground)
        if board.cell >= READABLE:
            painter.setPen(theme.ink_over(ground))
            write_number(painter, cell, float(board.values[row, column]))


def paint_edge(painter: QPainter, cell: QRectF, ground: QColor) -> None:
    """The line around a cell."""
    painter.setPen(QPen(mixed(ground, theme.ink_over(ground), 0.18), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(cell)


def paint_ghost(painter: QPainter, cell: QRectF, ground: QColor, tokens: theme.Tokens) -> None:
    """The ground of a cell that is not there, or not yet."""
    painter.setPen(QPen(mixed(tokens.stage, tokens.muted, 0.4), 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(ground)
    painter.drawRoundedRect(cell.adjusted(2, 2, -2, -2), 2, 2)


def paint_frame(painter: QPainter, place: QRectF, colour: QColor) -> None:
    """Around a window or an output, with a white line between it and the cells."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line, width, outside in ((QColor("white"), 2.0, 0.0), (colour, 3.0, 2.0)):
        painter.setPen(QPen(line, width))
        painter.drawRoundedRect(place.adjusted(-outside, -outside, outside, outside), 2, 2)


def write_number(painter: QPainter, cell: QRectF, value: float, *, is_underlined: bool = False) -> None:
    """A number in the middle of a cell, in as many digits as there is room for; the shortest is written narrower."""
    metrics = painter.fontMetrics()
    texts = [number(value, digits=digits) for digits in (4, 3, 2, 1)]
    text = next((text for text in texts if metrics.horizontalAdvance(text) <= cell.width() - 2), "")
    if not text:
        text = _write_narrow(painter, cell, min(texts, key=metrics.horizontalAdvance))
    else:
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
    if is_underlined and text:
        faint = QColor(painter.pen().color())
        faint.setAlphaF(0.4)
        painter.setPen(QPen(faint, 1.0))
        half, below = metrics.horizontalAdvance(text) / 2, cell.center().y() + metrics.ascent() / 2 + 3
        painter.drawLine(QPointF(cell.center().x() - half, below), QPointF(cell.center().x() + half, below))


def _write_narrow(painter: QPainter, cell: QRectF, text: str) -> str:
    """Digits as high as the others and less wide; nothing where they could not be read."""
    narrow = (cell.width() - 2) / max(painter.fontMetrics().horizontalAdvance(text), 1)
    if narrow < NARROWEST:
        return ""
    painter.save()
    painter.translate(cell.center())
    painter.scale(narrow, 1)
    wide = cell.width() / narrow
    painter.drawText(QRectF(-wide / 2, -cell.height() / 2, wide, cell.height()), Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return text


def write_caption(painter: QPainter, board: Board, tokens: theme.Tokens, widget: QWidget) -> None:
    """What a grid is, below it."""
    font = cell_font(widget, 0)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(tokens.muted)
    painter.drawText(caption_place(board, widget), Qt.AlignmentFlag.AlignCenter, board.caption)


def caption_place(board: Board, widget: QWidget) -> QRectF:
    """Where the caption of a grid stands."""
    font = cell_font(widget, 0)
    font.setWeight(QFont.Weight.Normal)
    width = max(board.place.width(), QFontMetrics(font).horizontalAdvance(board.caption) + 8)
    place = QRectF(board.place.center().x() - width / 2, board.place.bottom() + 8, width, 18)
    place.moveLeft(min(max(place.left(), 4.0), max(widget.width() - width - 4, 4.0)))
    return place


def write_sign(painter: QPainter, place: QRectF, sign: str, tokens: theme.Tokens) -> None:
    """A sign or a word between two grids."""
    font = QFont(painter.font())
    font.setPixelSize(30 if len(sign) == 1 else 18)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(tokens.muted)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)


def paint_curve(painter: QPainter, place: QRectF, trace: Trace, limit: float, tokens: theme.Tokens) -> None:
    """An activation function with the point of a unit on it; the axis ends at ± limit."""
    layer = trace.step.layer
    if not isinstance(layer, Activation):
        return
    numbers = np.linspace(-limit, limit, 65)
    with np.errstate(all="ignore"):
        values = ACTIVATIONS[layer.kind].definition(numbers, layer.number_of(trace.unit.channel))
    high = limit_of(np.append(values, min(limit, limit_of(values) * 2)))
    painter.setPen(QPen(tokens.line, 1.0))
    painter.setBrush(tokens.card)
    painter.drawRoundedRect(place, 8, 8)
    inner, middle = place.adjusted(16, 16, -16, -16), place.center()
    painter.setPen(QPen(mixed(tokens.card, tokens.muted, 0.5), 1.0))
    painter.drawLine(QPointF(inner.left(), middle.y()), QPointF(inner.right(), middle.y()))
    painter.drawLine(QPointF(middle.x(), inner.top()), QPointF(middle.x(), inner.bottom()))

    def point(x: float, y: float) -> QPointF:
        return QPointF(middle.x() + x / limit * inner.width() / 2, middle.y() - y / high * inner.height() / 2)

    painter.setPen(QPen(tokens.accent, 2.0))
    painter.drawPolyline([point(x, y) for x, y in zip(numbers.tolist(), values.tolist(), strict=True) if isfinite(y)])
    if isfinite(trace.total) and isfinite(trace.result) and abs(trace.total) <= limit:
        painter.setBrush(tokens.accent)
        painter.setPen(QPen(tokens.card, 2.0))
        painter.drawEllipse(point(trace.total, trace.result), 6, 6)
    font = QFont(painter.font())
    font.setPixelSize(SMALLEST)
    painter.setFont(font)
    painter.setPen(tokens.muted)
    below = QRectF(place.left(), place.bottom() + 8, place.width(), 18)
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name_of(layer))
