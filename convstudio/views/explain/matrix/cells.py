"""How one cell of the weight matrix looks and is painted: a colour and a letter for each shared weight."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from convstudio.insight.matrix.entries import BLANK
from convstudio.insight.matrix.submatrix import Submatrix
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.views import theme

# Okabe and Ito's colours without black; the letter tells apart what has the same colour
COLOURS = tuple(map(QColor, ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")))
WHITE, BLACK = QColor("#ffffff"), QColor("#101418")
BLEND = 0.45  # of white or black in the colours of the second and third turn
GOLDEN_ANGLE = 137.508  # degrees of hue between a place and the next, so that neighbours never look alike
SMALLEST_TEXT = 12
LETTER_ROOM = 10  # pixels of height that a capital of the smallest text needs
LINE_ROOM = 7  # pixels from which on fine lines between places help more than they hide
DIM = 165  # how much of what is not linked is covered, of 255


@dataclass(frozen=True)
class Face:
    """How one place is painted.

    `mixed` is the colour of the second weight where a sum of several stands; a place that was blank is `pale`.
    """

    colour: QColor
    text: str
    mixed: QColor | None = None
    is_pale: bool = False


def letters(place: int) -> str:
    """A, B, … Z, then AA, AB and so on."""
    text = ""
    place += 1
    while place > 0:
        place, letter = divmod(place - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def plane_and_place(matrix: WeightMatrix, weight: int) -> tuple[int, int]:
    """Which plane of the kernel a weight is in, and which place of the plane it has."""
    shape = matrix.entries.weights.shape
    return divmod(weight, shape[-2] * shape[-1]) if len(shape) == 4 else (0, weight)


def weight_face(matrix: WeightMatrix, weight: int) -> Face:
    """The colour and the letter of a shared weight: the letter is its place in the kernel's plane."""
    plane, place = plane_and_place(matrix, weight)
    base = COLOURS[(place + 3 * plane) % len(COLOURS)]
    turn = place // len(COLOURS) % 3
    colour = (base, _blended(base, WHITE), _blended(base, BLACK))[turn]
    return Face(colour, letters(place))


def own_face(number: int, place: int, *, is_pale: bool = False) -> Face:
    """The colour of a place that shares its weight with no other, and the weight's number."""
    hue = place * GOLDEN_ANGLE % 360
    colour = QColor.fromHsv(int(hue), 110 + place * 37 % 60, 215 + place * 23 % 35)
    return Face(colour, str(number + 1), is_pale=is_pale)


def faces_of(matrix: WeightMatrix, mode: Mode) -> list[list[Face | None]]:
    """The faces of all places, row by row; None is a blank."""
    identities = matrix.identities_in(mode)
    is_dense = matrix.entries.weights.shape == identities.shape
    if mode is not Mode.TIED or is_dense:
        columns, was_blank = identities.shape[1], (matrix.entries.identities == BLANK).tolist()
        return [
            [
                own_face(number, row * columns + column, is_pale=was_blank[row][column]) if number != BLANK else None
                for column, number in enumerate(line)
            ]
            for row, line in enumerate(identities.tolist())
        ]
    faces: dict[int, Face | None] = {BLANK: None}
    for identity, parts in matrix.entries.parts.items():
        singles = [weight_face(matrix, part) for part in parts]
        text = "+".join(face.text for face in singles)
        faces[identity] = Face(singles[0].colour, text, singles[1].colour if len(singles) > 1 else None)
    return [[faces[identity] for identity in line] for line in identities.tolist()]


def _blended(colour: QColor, other: QColor) -> QColor:
    def between(own: float, blend: float) -> float:
        return own * (1 - BLEND) + blend * BLEND

    return QColor.fromRgbF(
        between(colour.redF(), other.redF()),
        between(colour.greenF(), other.greenF()),
        between(colour.blueF(), other.blueF()),
    )


@dataclass(frozen=True)
class CellPainter:
    """Paints places of one size in the colours of one theme; `longest` is the longest of their texts."""

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

    def paint_lines(self, painter: QPainter, window: Submatrix) -> None:
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


def cell_painter(widget: QWidget, size: QSize, longest: str) -> CellPainter:
    """A painter of cells in the font and the colours of a widget."""
    return CellPainter(size, longest, numbers_font(widget, size.height()), theme.tokens(widget))


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
