"""One step of a sliding window drawn for a slide: inputs, weights, outputs so far, and the calculation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPen

from convstudio.core.display import signed_colour
from convstudio.insight.formula import Notation, Style, formula
from convstudio.insight.steps import Stage
from convstudio.insight.trace import Operation, Trace
from convstudio.views.explain.arithmetic_text import unit_sentence
from convstudio.views.kernel.board import SMALLEST_TEXT, cell_text
from convstudio.views.pictures.marks import ink_on

SIZE = QSize(960, 540)
MARGIN, HEADING, GAP = 24, 28, 56
TEXT = QColor("#1c2127")
LINE = QColor("#9aa3ad")
ACCENT = QColor("#0b62b8")
LARGEST_CELL = 56.0
MOST_TERMS = 12


@dataclass(frozen=True, eq=False)
class _Table:
    heading: str
    numbers: NDArray[np.float64]
    limit: float
    outlined: tuple[int, int, int, int] | None  # top, left, rows, columns


def draw_step(painter: QPainter, stage: Stage, trace: Trace, notation: Notation) -> None:
    """Draw one step on a white page of `SIZE`; outputs that the window has not come to are blank."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, SIZE.width(), SIZE.height()), QColor("white"))
    painter.setPen(TEXT)
    painter.setFont(_font(20, is_bold=True))
    width = SIZE.width() - 2 * MARGIN
    painter.drawText(QRectF(MARGIN, 12, width, 32), Qt.AlignmentFlag.AlignVCenter, unit_sentence(trace))
    tables = _tables(stage, trace)
    columns = sum(table.numbers.shape[1] for table in tables)
    rows = max(table.numbers.shape[0] for table in tables)
    room = SIZE.height() - 200
    cell = min(LARGEST_CELL, (width - GAP * (len(tables) - 1)) / columns, room / rows)
    left = MARGIN + (width - cell * columns - GAP * (len(tables) - 1)) / 2
    signs = ["", "×", "="] if len(tables) == 3 else ["", "→"]
    for table, sign in zip(tables, signs, strict=True):
        top = 60 + HEADING + (room - cell * table.numbers.shape[0]) / 2
        if sign:
            painter.setFont(_font(24))
            painter.setPen(TEXT)
            place = QRectF(left - GAP, top, GAP, cell * table.numbers.shape[0])
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)
        _draw_table(painter, table, QPointF(left, top), cell)
        left += cell * table.numbers.shape[1] + GAP
    painter.setPen(TEXT)
    painter.setFont(_font(16))
    place = QRectF(MARGIN, SIZE.height() - 100, width, 92)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(place, int(flags), formula(trace, Style.TEXT, notation, most=MOST_TERMS))


def image_of_step(stage: Stage, trace: Trace, notation: Notation) -> NDArray[np.uint8]:
    """The same as pixels, (H, W, 3) uint8 red, green, blue."""
    image = QImage(SIZE, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    draw_step(painter, stage, trace, notation)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE.height(), image.bytesPerLine())
    return rows[:, : SIZE.width() * 3].reshape(SIZE.height(), SIZE.width(), 3).copy()


def _tables(stage: Stage, trace: Trace) -> list[_Table]:
    rows, columns = trace.taps.rows.places, trace.taps.columns.places
    window = None
    if len(rows) and len(columns):
        top, left = int(rows.min()) - stage.input_corner[0], int(columns.min()) - stage.input_corner[1]
        window = (top, left, int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1)
    tables = [_Table("input", stage.inputs, _limit(stage.inputs), window)]
    if trace.operation is Operation.SUM and trace.taps.weights.size and max(trace.taps.shape) <= stage.inputs.shape[0]:
        tables.append(_Table("weights", trace.taps.weights[0], _limit(trace.taps.weights), None))
    done = trace.unit.row - stage.output_corner[0], trace.unit.column - stage.output_corner[1]
    outputs = stage.outputs.copy()
    visited = np.arange(outputs.size).reshape(outputs.shape) <= done[0] * outputs.shape[1] + done[1]
    outputs[~visited] = np.nan
    tables.append(_Table("output", outputs, _limit(stage.outputs), (*done, 1, 1)))
    return tables


def _draw_table(painter: QPainter, table: _Table, corner: QPointF, cell: float) -> None:
    painter.setFont(_font(15))
    painter.setPen(TEXT)
    heading = QRectF(corner.x(), corner.y() - HEADING, 200, HEADING)
    painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, table.heading)
    fitting = max(4, int(cell * 1.5 / SMALLEST_TEXT))
    longest = max(
        (len(cell_text(float(value), fitting)) for value in table.numbers.flat if np.isfinite(value)), default=1
    )
    painter.setFont(_font(min(cell * 0.42, cell * 1.5 / longest)))
    for row, column in np.ndindex(table.numbers.shape):
        value = float(table.numbers[row, column])
        place = QRectF(corner.x() + column * cell, corner.y() + row * cell, cell, cell)
        painter.setPen(QPen(LINE, 1))
        if not np.isfinite(value):
            is_padding = table.heading == "input"
            painter.setBrush(QBrush(LINE, Qt.BrushStyle.BDiagPattern) if is_padding else Qt.BrushStyle.NoBrush)
            painter.drawRect(place)
            continue
        colour = signed_colour(value, table.limit)
        painter.setBrush(QColor(*colour))
        painter.drawRect(place)
        painter.setPen(ink_on(*colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, cell_text(value, fitting))
    if table.outlined is not None:
        top, left, rows, columns = table.outlined
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ACCENT, 4))
        painter.drawRect(QRectF(corner.x() + left * cell, corner.y() + top * cell, columns * cell, rows * cell))


def _limit(numbers: NDArray[np.float64]) -> float:
    finite = np.abs(numbers[np.isfinite(numbers)])
    return float(finite.max(initial=0.0)) or 1.0


def _font(pixels: float, *, is_bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(round(pixels))
    font.setBold(is_bold)
    return font
