"""How one cell of the weight matrix looks and is painted: a colour and a letter for each shared weight."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from convstudio.insight.matrix.entries import BLANK
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.views import theme

# Okabe and Ito's, grey for their black, and a violet as the ninth; the letter tells apart what has the same colour
COLOURS = tuple(
    map(
        QColor,
        ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999", "#6a4fb3"),
    )
)
PLANE_TURN = 2  # colours by which a plane's first letter is further on than the plane's before
WHITE, BLACK = QColor("#ffffff"), QColor("#101418")
BLEND = 0.45  # of white or black in the colours of the second and third turn
GOLDEN_ANGLE = 137.508  # degrees of hue between a place and the next, so that neighbours never look alike
SMALLEST_TEXT, LARGEST_TEXT, TEXT_SHARE = 12, 24, 0.36  # pixels, and the part of a cell's height
LETTER_ROOM = 14  # pixels of height that a letter of the smallest text needs
DIM = 140  # how much of what is not linked is covered, of 255


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
    """a, b, … z, then aa, ab and so on."""
    text = ""
    place += 1
    while place > 0:
        place, letter = divmod(place - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def plane_and_place(matrix: WeightMatrix, weight: int) -> tuple[int, int]:
    """Which plane of the kernel a weight is in, and which place of the plane it has."""
    shape = matrix.entries.weights.shape
    return divmod(weight, shape[-2] * shape[-1]) if len(shape) == 4 else (0, weight)


def weight_face(matrix: WeightMatrix, weight: int) -> Face:
    """The colour and the letter of a shared weight: the letter is its place in the kernel's plane."""
    plane, place = plane_and_place(matrix, weight)
    base = COLOURS[(place + PLANE_TURN * plane) % len(COLOURS)]
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


def text_of(face: Face, longest: str, metrics: QFontMetrics, size: QSizeF) -> str:
    """The text of a place where all can be read, so that none is missing among others; "+" for a long sum."""
    if size.height() < LETTER_ROOM:
        return ""
    if "+" in longest:
        is_fitting = metrics.horizontalAdvance(face.text) <= size.width() - 2
        return face.text if is_fitting or "+" not in face.text else "+"
    return face.text if metrics.horizontalAdvance(longest) <= size.width() - 2 else ""


def paint_face(
    painter: QPainter, face: Face, rect: QRectF, text: str, colours: theme.Tokens, *, is_dim: bool = False
) -> None:
    """Paint one place; a dim one is not linked to what is pointed at."""
    painter.fillRect(rect, face.colour)
    if face.mixed is not None:
        painter.fillRect(rect, QBrush(face.mixed, Qt.BrushStyle.Dense4Pattern))
    if face.is_pale or is_dim:
        painter.fillRect(rect, veil(colours))
    if text:
        painter.setPen(colours.muted if is_dim else colours.text if face.is_pale else theme.ink_over(face.colour))
        paint_in(painter, rect, text)


def numbers_font(widget: QWidget, height: float) -> QFont:
    """The widget's font for cells of this height, never too small to be read."""
    font = theme.numbers_font(widget)
    font.setPixelSize(round(min(max(TEXT_SHARE * height, SMALLEST_TEXT), LARGEST_TEXT)))
    return font


def veil(colours: theme.Tokens) -> QColor:
    """What covers all that is not linked to what is pointed at."""
    colour = QColor(colours.window)
    colour.setAlpha(DIM)
    return colour


def paint_in(painter: QPainter, rect: QRectF, text: str) -> None:
    """Write a text without descenders into the middle of a cell, even of one that is lower than a line of text."""
    metrics = painter.fontMetrics()
    left = rect.center().x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(left, rect.center().y() + metrics.capHeight() / 2), text)
