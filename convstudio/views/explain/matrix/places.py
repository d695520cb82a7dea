"""How the places of the weight matrix are painted: colours, letters, lines between them, and a veil over the rest."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from convstudio.insight.matrix.submatrix import Window
from convstudio.views import theme
from convstudio.views.explain.matrix.faces import Face

SMALLEST_TEXT = 12
LETTER_ROOM = 10  # pixels of height that a capital of the smallest text needs
LINE_ROOM = 7  # pixels from which on fine lines between places help more than they hide
DIM = 165  # how much of what is not linked is covered, of 255


@dataclass(frozen=True)
class Places:
    """Places of one size in the colours of one theme; `longest` is the longest of their texts."""

    size: QSize
    longest: str
    font: QFont
    colours: theme.Tokens

    def rect(self, row: int, column: int) -> QRect:
        """Where a place is."""
        return QRect(QPointF(column * self.size.width(), row * self.size.height()).toPoint(), self.size)

    def paint(self, painter: QPainter, face: Face, row: int, column: int) -> None:
        """Paint one place."""
        rect = self.rect(row, column)
        painter.fillRect(rect, face.colour)
        if face.mixed is not None:
            painter.fillRect(rect, QBrush(face.mixed, Qt.BrushStyle.Dense4Pattern))
        if face.is_pale:
            painter.fillRect(rect, veil(self.colours))
        painter.setPen(self.colours.text if face.is_pale else theme.ink_over(face.colour))
        paint_in(painter, rect, self.text_of(face, painter.fontMetrics()))

    def text_of(self, face: Face, metrics: QFontMetrics) -> str:
        """The text of a place where all can be read, so that none is missing among others; "+" for a long sum."""
        if self.size.height() < LETTER_ROOM:
            return ""
        if "+" in self.longest:
            is_fitting = metrics.horizontalAdvance(face.text) <= self.size.width() - 2
            return face.text if is_fitting or "+" not in face.text else "+"
        return face.text if metrics.horizontalAdvance(self.longest) <= self.size.width() - 2 else ""

    def paint_lines(self, painter: QPainter, window: Window) -> None:
        """Fine lines between the places, stronger ones between rows of the picture, the strongest between channels."""
        pens = [QPen(colour, 1) for colour in (self.colours.line, self.colours.muted, self.colours.text)]
        wide, high = self.size.width(), self.size.height()
        right, bottom = window.inputs * wide, window.outputs * high
        for strength, pen in enumerate(pens):
            painter.setPen(pen)
            if strength or wide >= LINE_ROOM:
                for at in _lines(window.inputs, len(window.input_columns), len(window.input_rows), strength):
                    painter.drawLine(at * wide, 0, at * wide, bottom)
            if strength or high >= LINE_ROOM:
                for at in _lines(window.outputs, len(window.output_columns), len(window.output_rows), strength):
                    painter.drawLine(0, at * high, right, at * high)


def places_of(widget: QWidget, size: QSize, longest: str) -> Places:
    """Places in the font and the colours of a widget."""
    return Places(size, longest, numbers_font(widget, size.height()), theme.tokens(widget))


def numbers_font(widget: QWidget, height: int) -> QFont:
    """The widget's font for cells of this height, never too small to be read."""
    font = theme.numbers_font(widget)
    font.setPixelSize(max(SMALLEST_TEXT, min(widget.font().pixelSize(), int(height * 0.8))))
    return font


def veil(colours: theme.Tokens) -> QColor:
    """What covers all that is not linked to what is pointed at."""
    colour = QColor(colours.card)
    colour.setAlpha(DIM)
    return colour


def paint_in(painter: QPainter, rect: QRect, text: str) -> None:
    """Write a text without descenders into the middle of a cell, even of one that is lower than a line of text."""
    metrics = painter.fontMetrics()
    left = rect.left() + (rect.width() + 1 - metrics.horizontalAdvance(text)) / 2
    painter.drawText(QPointF(left, rect.center().y() + 1 + metrics.capHeight() // 2), text)


def _lines(count: int, columns: int, rows: int, strength: int) -> range:
    """Where lines of a strength are: 0 between places, 1 between picture rows, 2 between channels."""
    return range(0, count + 1, (1, columns, columns * rows)[strength])
