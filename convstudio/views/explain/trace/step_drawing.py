"""One step of a sliding window painted for a slide: what it reads, its weights, the outputs so far, the calculation.

What stands in the tables is worked out in `step_tables`.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from convstudio.core.display.colours import signed_colour
from convstudio.insight.trace.formula import Notation, Style, formula
from convstudio.insight.trace.sliding import Stage
from convstudio.insight.trace.trace import Trace
from convstudio.views import theme
from convstudio.views.explain.trace.step_tables import (
    Table,
    cell_texts,
    common_digits,
    input_table,
    kernel_tables,
    output_table,
    sums_sentence,
)
from convstudio.views.explain.trace.text import unit_sentence
from convstudio.views.kernel.cells import SMALLEST_TEXT
from convstudio.views.painting import drawing

SIZE = QSize(960, 540)
MARGIN, HEADING, GAP = 24, 28, 56
TITLE, CAPTION = 52, 108  # what is kept for the lines above and below the tables
TEXT = QColor("#1c2127")
LINE = QColor("#9aa3ad")
ACCENT = QColor("#0b62b8")
LARGEST_CELL, SMALLEST_CELL = 56.0, 28.0
MOST_TERMS = 10
DIGITS = 4
FIXED_SPACE = "\u00a0"
WIDTH = SIZE.width() - 2 * MARGIN
HEIGHT = SIZE.height() - TITLE - CAPTION

Columns = Sequence[Sequence[Table]]  # side by side, some above one another


def draw_step(painter: QPainter, stage: Stage, trace: Trace, notation: Notation) -> None:
    """Draw one step on a white page of `SIZE`; outputs that the window has not come to are blank."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, SIZE.width(), SIZE.height()), QColor("white"))
    left_aligned = Qt.AlignmentFlag.AlignVCenter
    _write(painter, unit_sentence(trace), QRectF(MARGIN, 12, WIDTH, 32), _font(20, is_bold=True), left_aligned)
    columns = _arranged(stage, trace)
    cell = _cell(columns)
    left = MARGIN + (WIDTH - cell * sum(map(_wide, columns)) - GAP * (len(columns) - 1)) / 2
    for column in columns:
        top = TITLE + (HEIGHT - cell * _high(column) - HEADING * len(column)) / 2
        for table in column:
            rows, wide = table.numbers.shape[0], _wide([table])
            room = QRectF(left, top, cell * _wide(column) + GAP - 8, HEADING)
            _write(painter, table.heading, room, _font(15), left_aligned)
            top += HEADING
            sign = QRectF(left - GAP, top, GAP, cell * rows)
            _write(painter, table.sign, sign, _font(22 if len(table.sign) == 1 else 17), Qt.AlignmentFlag.AlignCenter)
            _draw_table(painter, table, QRectF(left, top, cell * wide, cell * rows), cell)
            top += cell * rows
        left += cell * _wide(column) + GAP
    _draw_caption(painter, trace, notation)


def image_of_step(stage: Stage, trace: Trace, notation: Notation) -> NDArray[np.uint8]:
    """The same as pixels, (H, W, 3) uint8 red, green, blue."""
    image = QImage(SIZE, QImage.Format.Format_RGB888)
    with drawing(image) as painter:
        draw_step(painter, stage, trace, notation)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE.height(), image.bytesPerLine())
    return rows[:, : SIZE.width() * 3].reshape(SIZE.height(), SIZE.width(), 3).copy()


def _arranged(stage: Stage, trace: Trace) -> Columns:
    """The tables with as many of them, and as large, as can be read."""
    first, last = input_table(stage, trace), output_table(stage, trace)
    found = kernel_tables(stage, trace)
    if found is None:
        return [[first], [last]]
    weights, products = found
    whole = max([[first], [weights], [products], [last]], [[first], [weights, products], [last]], key=_cell)
    # nothing here depends on the numbers of this one step: the tables stand still while the window slides
    short = [[first], [weights], [last]]
    for columns in (whole, short):
        if _cell(columns) >= SMALLEST_CELL and common_digits(weights.numbers, _fitting(_cell(columns))) > 0:
            return columns
    return [[first], [last]]


def _fitting(cell: float) -> int:
    """How many characters of a legible size fit into a cell."""
    return max(4, int(cell * 1.5 / SMALLEST_TEXT))


def _cell(columns: Columns) -> float:
    """How large the cells of an arrangement can be."""
    across = (WIDTH - GAP * (len(columns) - 1)) / sum(map(_wide, columns))
    down = min((HEIGHT - HEADING * len(column)) / _high(column) for column in columns)
    return min(LARGEST_CELL, across, down)


def _wide(column: Sequence[Table]) -> int:
    return max(int(table.numbers.shape[1]) for table in column)


def _high(column: Sequence[Table]) -> int:
    return sum(int(table.numbers.shape[0]) for table in column)


def _draw_table(painter: QPainter, table: Table, place: QRectF, cell: float) -> None:
    texts = cell_texts(table.numbers, _fitting(cell))
    longest = max(map(len, texts.ravel().tolist()), default=1) or 1
    painter.setFont(_font(min(cell * 0.42, cell * 1.5 / longest)))
    for row, column in np.ndindex(table.numbers.shape):
        value = float(table.numbers[row, column])
        square = QRectF(place.left() + column * cell, place.top() + row * cell, cell, cell)
        painter.setPen(QPen(LINE, 1))
        ink = TEXT
        painter.setBrush(Qt.BrushStyle.NoBrush)
        is_empty = table.is_empty is not None and bool(table.is_empty[row, column])
        if not is_empty:
            colour = signed_colour(value, table.limit)
            ink = theme.ink_on(*colour)
            painter.setBrush(QColor(*colour))
        painter.drawRect(square)
        if table.is_hatched is not None and table.is_hatched[row, column]:
            painter.fillRect(square, QBrush(LINE, Qt.BrushStyle.BDiagPattern))
        painter.setPen(ink)
        if not is_empty:
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, str(texts[row, column]))
    for mark in table.marks:
        corner = QPointF(place.left() + mark.column * cell, place.top() + mark.row * cell)
        _outline(painter, QRectF(corner.x(), corner.y(), mark.columns * cell, mark.rows * cell))
    if table.winner is not None:
        row, column = table.winner
        _outline(painter, QRectF(place.left() + column * cell, place.top() + row * cell, cell, cell))


def _outline(painter: QPainter, place: QRectF) -> None:
    """A line that can be seen on every colour: blue between two thin white ones."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor("white"), 6), (ACCENT, 3)):
        painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(place)


def _draw_caption(painter: QPainter, trace: Trace, notation: Notation) -> None:
    lines = (sums_sentence(trace), formula(trace, Style.TEXT, notation, most=MOST_TERMS, digits=DIGITS))
    text = _unbroken("\n".join(filter(None, lines)))
    place = QRectF(MARGIN, SIZE.height() - CAPTION + 8, WIDTH, CAPTION - 16)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    size = 17
    while (
        size > SMALLEST_TEXT
        and QFontMetricsF(_font(size)).boundingRect(place, int(flags), text).height() > place.height()
    ):
        size -= 1
    painter.setFont(_font(size))
    painter.setPen(TEXT)
    painter.drawText(place, int(flags), text)


def _unbroken(text: str) -> str:
    """A text whose lines end where a reader would pause."""
    text = re.sub(r"\[(\d+), (\d+)\]", f"[\\1,{FIXED_SPACE}\\2]", text)
    text = re.sub(r"… \(([\d,]+) more\)", f"…{FIXED_SPACE}(\\1{FIXED_SPACE}more)", text)
    return f"{FIXED_SPACE}={FIXED_SPACE}".join(text.rsplit(" = ", 1))


def _write(painter: QPainter, text: str, place: QRectF, font: QFont, alignment: Qt.AlignmentFlag) -> None:
    while font.pixelSize() > SMALLEST_TEXT and QFontMetricsF(font).horizontalAdvance(text) > place.width():
        font.setPixelSize(font.pixelSize() - 1)
    painter.setFont(font)
    painter.setPen(TEXT)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, alignment, shown)


def _font(pixels: float, *, is_bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(pixels)))
    font.setBold(is_bold)
    return font
