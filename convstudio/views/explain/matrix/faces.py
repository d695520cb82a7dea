"""What a place of the weight matrix looks like: a colour and a letter for each shared weight, or a place's own."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from convstudio.insight.matrix.entries import BLANK
from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix

# Okabe and Ito's colours without black; the letter tells apart what has the same colour
COLOURS = tuple(map(QColor, ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")))
WHITE, BLACK = QColor("#ffffff"), QColor("#101418")
BLEND = 0.45  # of white or black in the colours of the second and third turn
GOLDEN_ANGLE = 137.508  # degrees of hue between a place and the next, so that neighbours never look alike


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
    shape = matrix.cells.weights.shape
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
    is_dense = matrix.cells.weights.shape == identities.shape
    if mode is not Mode.TIED or is_dense:
        columns, was_blank = identities.shape[1], (matrix.cells.identities == BLANK).tolist()
        return [
            [
                own_face(number, row * columns + column, is_pale=was_blank[row][column]) if number != BLANK else None
                for column, number in enumerate(line)
            ]
            for row, line in enumerate(identities.tolist())
        ]
    known: dict[int, Face | None] = {BLANK: None}
    for identity, parts in matrix.cells.parts.items():
        singles = [weight_face(matrix, part) for part in parts]
        text = "+".join(face.text for face in singles)
        known[identity] = Face(singles[0].colour, text, singles[1].colour if len(singles) > 1 else None)
    return [[known[identity] for identity in line] for line in identities.tolist()]


def _blended(colour: QColor, other: QColor) -> QColor:
    def between(one: float, two: float) -> float:
        return one * (1 - BLEND) + two * BLEND

    return QColor.fromRgbF(
        between(colour.redF(), other.redF()),
        between(colour.greenF(), other.greenF()),
        between(colour.blueF(), other.blueF()),
    )
