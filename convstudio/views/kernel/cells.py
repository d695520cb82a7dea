"""Cells: a plane of numbers painted as coloured squares, with its numbers where they can be read.

The kernel's grid is painted here. The explanations write numbers into their own cells with `cell_text`.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QStaticText

from convstudio.core.display.colours import Colours, SignedScale, signed_colours
from convstudio.core.wording import number
from convstudio.views import theme

Plane = NDArray[np.float64]
SMALLEST_TEXT, LARGEST_TEXT = 12, 24  # pixels
SMALLEST_CELL = 20  # pixels; in smaller ones no number is written
PART_OF_CELL = 0.3  # that a number's text is high, where its digits leave it so
WIDTH_OF_DIGIT = 0.63  # of the text's size in pixels


class Lettering(NamedTuple):
    """The size of the numbers' text in pixels, 0 for no text, and the characters that fit into a cell."""

    pixels: int
    fitting: int


def lettering(plane: Plane, side: float) -> Lettering:
    """One size of text for all numbers of a plane, in cells of `side` pixels."""
    fitting = int(side * 0.94 / (SMALLEST_TEXT * WIDTH_OF_DIGIT))
    texts = [cell_text(float(value), fitting) for value in plane.flat] if side >= SMALLEST_CELL else ["…"]
    if "…" in texts:
        return Lettering(0, 0)
    most = side * 0.94 / (WIDTH_OF_DIGIT * max(map(len, texts)))
    return Lettering(int(max(min(side * PART_OF_CELL, LARGEST_TEXT, most), SMALLEST_TEXT)), fitting)


def paint_cells(
    painter: QPainter,
    values: Plane,
    limit: float,
    *,
    rows: Sequence[float],
    columns: Sequence[float],
    text: Lettering,
    line: QColor,
    scale: SignedScale = SignedScale.LIGHT,
) -> None:
    """Paint values on a scale that ends at ± limit; `rows` and `columns` are the edges of the cells in pixels."""
    area = QRectF(QPointF(columns[0], rows[0]), QPointF(columns[-1], rows[-1]))
    colours = signed_colours(values, limit, scale)
    height, width, _ = colours.shape
    if _are_even(rows) and _are_even(columns):
        grounds = QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        painter.drawImage(area, grounds.convertToFormat(QImage.Format.Format_RGB32))  # which Qt enlarges fastest
    else:  # enlarged as a whole, cells of unequal sizes would not lie where their lines are
        for (top, bottom), grounds_of_row in zip(pairwise(rows), colours.tolist(), strict=True):
            for (left, right), ground in zip(pairwise(columns), grounds_of_row, strict=True):
                painter.fillRect(QRectF(left, top, right - left, bottom - top), QColor(*ground))
    if text.pixels:
        font = QFont(painter.font())
        font.setPixelSize(text.pixels)
        painter.setFont(font)
        _paint_numbers(painter, values, colours, rows=rows, columns=columns, fitting=text.fitting)
    painter.setPen(QPen(line, 1))
    lines = [QLineF(area.left(), row, area.right(), row) for row in rows]
    painter.drawLines(lines + [QLineF(column, area.top(), column, area.bottom()) for column in columns])


def _are_even(edges: Sequence[float]) -> bool:
    """Whether all cells of an axis are equally large."""
    return len({high - low for low, high in pairwise(edges)}) == 1


def _paint_numbers(
    painter: QPainter,
    values: Plane,
    colours: Colours,
    *,
    rows: Sequence[float],
    columns: Sequence[float],
    fitting: int,
) -> None:
    """Each number in the middle of its cell, in black or white, whichever can be read there."""
    font_key, pen = painter.font().key(), None
    middles = [(left + right) / 2 for left, right in pairwise(columns)]
    for (top, bottom), numbers, grounds in zip(pairwise(rows), values.tolist(), colours.tolist(), strict=True):
        for middle, value, ground in zip(middles, numbers, grounds, strict=True):
            text, ink = _laid_out(cell_text(value, fitting), font_key), theme.ink_on(*ground)
            if ink is not pen:
                pen = ink
                painter.setPen(ink)
            painter.drawStaticText(
                QPointF(middle - text.half_width, (top + bottom) / 2 - text.half_height), text.static
            )


class _LaidOut(NamedTuple):
    """A text with its glyphs laid out."""

    static: QStaticText
    half_width: float
    half_height: float


@lru_cache(1024)
def _laid_out(text: str, font_key: str) -> _LaidOut:
    """A text in a font; laying it out takes four times as long as painting it."""
    font, static = QFont(), QStaticText(text)
    font.fromString(font_key)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.prepare(font=font)
    return _LaidOut(static, static.size().width() / 2, static.size().height() / 2)


@lru_cache(4096)  # a grid is painted again for every cell that changes
def cell_text(value: float, fitting: int) -> str:
    """A number in at most so many characters, with up to three significant digits, or "…"."""
    if not isfinite(value):
        return number(value)
    mantissa, exponent = f"{value:.0e}".split("e")
    power = f"{mantissa}e{int(exponent)}".replace("-", "−")
    for text in (*(number(value, digits=digits) for digits in (3, 2, 1)), power):
        if len(text) <= fitting:
            return text
    return "…"
