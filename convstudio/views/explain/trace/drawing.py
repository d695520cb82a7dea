"""One step of a sliding window drawn for a slide: what it reads, its weights, the outputs so far, the calculation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from convstudio.core.display.colours import limit_of, signed_colour
from convstudio.core.recipe.layers import Conv, ConvTranspose, Orientation
from convstudio.core.wording import number, without_noise
from convstudio.insight.trace.formula import Notation, Style, formula
from convstudio.insight.trace.sliding import MOST_INPUTS, Excerpt
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views import theme
from convstudio.views.explain.trace.text import channel_name, unit_sentence
from convstudio.views.kernel.cells import SMALLEST_TEXT, cell_text
from convstudio.views.painting import drawing

MOST_SUMS = 4  # channels whose sums are written out
SIGNS = {Operation.SUM: "Σ", Operation.LARGEST: "max", Operation.AVERAGE: "mean", Operation.RANKED: "rank"}
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


class Mark(NamedTuple):
    """A part of a table that is pointed out."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, eq=False)
class StepTable:
    """Numbers under a heading, NaN where a cell is blank, with the sign that stands before them.

    Cells of the padding are hatched, empty ones have no number; `limit` is the number that has full colour.
    """

    heading: str
    numbers: NDArray[np.float64]
    limit: float
    sign: str = ""
    is_hatched: NDArray[np.bool_] | None = None
    is_empty: NDArray[np.bool_] | None = None
    marks: tuple[Mark, ...] = ()
    winner: tuple[int, int] | None = None


def input_table(stage: Excerpt, trace: Trace) -> StepTable:
    """What the windows of a stage read, with the window of one output."""
    rows, columns = _inside(stage, trace)
    winner = None
    if trace.winner is not None:
        cell = _at(stage, trace, trace.winner[1:])
        winner = cell if cell[0] in rows and cell[1] in columns else None
    return StepTable(
        heading=_input_heading(stage, trace),
        numbers=stage.inputs,
        limit=limit_of(stage.inputs),
        is_hatched=stage.is_padding,
        is_empty=stage.is_padding & np.isnan(stage.inputs),
        marks=_marks(rows, columns),
        winner=winner,
    )


def kernel_tables(stage: Excerpt, trace: Trace) -> tuple[StepTable, StepTable] | None:
    """The weights and the products of a weighted sum in the channel that is drawn, else None.

    A transposed kernel is shown whole, whichever of its cells meet an input, so that it looks alike at every step.
    """
    taps, layer = trace.taps, trace.step.layer
    if trace.operation is not Operation.SUM:
        return None
    if isinstance(layer, ConvTranspose):
        per_group = layer.weight.array.shape[1]
        weights = layer.weight.array[int(taps.channels[0]), trace.unit.channel % per_group]
        products, is_empty = np.zeros(weights.shape), np.ones(weights.shape, np.bool_)
        met = np.ix_(taps.rows.cells, taps.columns.cells)
        products[met], is_empty[met] = taps.products[0], False
        weights, products = (table[:MOST_INPUTS, :MOST_INPUTS].astype(np.float64) for table in (weights, products))
        is_empty = is_empty[:MOST_INPUTS, :MOST_INPUTS]
        marks = tuple(Mark(int(row), int(column), 1, 1) for row, column in np.argwhere(~is_empty))
    else:
        is_row, is_column = (_is_drawn(stage, trace, axis) for axis in (0, 1))
        part = np.ix_(is_row, is_column)
        weights, products, marks = taps.weights[0][part], taps.products[0][part], ()
        is_empty = np.zeros(products.shape, np.bool_)
    is_flipped = isinstance(layer, Conv) and layer.orientation is Orientation.CONVOLUTION
    return (
        StepTable("weights, flipped" if is_flipped else "weights", weights, limit_of(weights), "×", marks=marks),
        StepTable("products", products, limit_of(products), "=", is_empty=is_empty),
    )


def output_table(stage: Excerpt, trace: Trace) -> StepTable:
    """The outputs of a stage up to one of them."""
    row, column = trace.unit.row - stage.output_corner[0], trace.unit.column - stage.output_corner[1]
    outputs = stage.outputs
    is_empty = np.zeros(outputs.shape, np.bool_)
    is_empty.ravel()[row * outputs.shape[1] + column + 1 :] = True
    sign, marks = SIGNS.get(trace.operation, "→"), (Mark(row, column, 1, 1),)
    return StepTable("output", outputs, limit_of(outputs), sign, is_empty=is_empty, marks=marks)


def sums_sentence(trace: Trace) -> str:
    """What each channel adds to a weighted sum over several of them, or ""."""
    channels = trace.taps.channels.tolist()
    if trace.operation is not Operation.SUM or len(channels) == 1:
        return ""
    products = trace.taps.products
    totals, sizes = products.sum(axis=(1, 2)).tolist(), np.abs(products).sum(axis=(1, 2)).tolist()
    sums = [without_noise(total, size) for total, size in zip(totals, sizes, strict=True)]
    if len(channels) > MOST_SUMS:
        return f"One of {len(channels):,} channels is drawn; its products add up to {number(sums[0])}."
    named = ", ".join(
        f"{channel_name(channel, trace.step.input, is_frame=trace.index == 0)} {number(total)}"
        for channel, total in zip(channels, sums, strict=True)
    )
    return f"The products of each channel add up to: {named}."


def cell_texts(numbers: NDArray[np.float64], fitting: int) -> NDArray[np.str_]:
    """Numbers in at most so many characters, all in equally many significant digits where that is possible."""
    digits = common_digits(numbers, fitting)
    texts = [number(value, digits=digits) if digits else cell_text(value, fitting) for value in numbers.flat]
    return np.array(texts, np.str_).reshape(numbers.shape)


def common_digits(numbers: NDArray[np.float64], fitting: int) -> int:
    """How many significant digits all of some numbers can have in so many characters, at most 4; 0 if not even one."""
    values = numbers.ravel().tolist()
    fit = (digits for digits in (4, 3, 2, 1) if all(len(number(value, digits=digits)) <= fitting for value in values))
    return next(fit, 0)


def _input_heading(stage: Excerpt, trace: Trace) -> str:
    count = trace.step.input.channels
    name = channel_name(int(trace.taps.channels[0]), trace.step.input, is_frame=trace.index == 0)
    heading = "input" if count == 1 else f"input, {name}"
    if len(trace.taps.channels) > 1:
        heading += f" (1 of {len(trace.taps.channels):,})"
    high, wide = (int(np.ptp(places)) + 1 if len(places) else 0 for places in _places(trace))
    if max(high, wide) > MOST_INPUTS:
        rows, columns = stage.inputs.shape
        heading += f": middle {rows}×{columns} of {high:,}×{wide:,}"
    return heading


def _places(trace: Trace) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return trace.taps.rows.places, trace.taps.columns.places


def _is_drawn(stage: Excerpt, trace: Trace, axis: int) -> NDArray[np.bool_]:
    places = _places(trace)[axis] - stage.input_corner[axis]
    return np.asarray((places >= 0) & (places < stage.inputs.shape[axis]))


def _inside(stage: Excerpt, trace: Trace) -> tuple[list[int], list[int]]:
    rows, columns = (
        (_places(trace)[axis][_is_drawn(stage, trace, axis)] - stage.input_corner[axis]).tolist() for axis in (0, 1)
    )
    return rows, columns


def _at(stage: Excerpt, trace: Trace, tap: tuple[int, int]) -> tuple[int, int]:
    rows, columns = _places(trace)
    return int(rows[tap[0]]) - stage.input_corner[0], int(columns[tap[1]]) - stage.input_corner[1]


def _marks(rows: list[int], columns: list[int]) -> tuple[Mark, ...]:
    """One mark around cells that touch, else one around each: a dilated window leaves some out."""
    if not rows or not columns:
        return ()
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if (high, wide) == (len(rows), len(columns)):
        return (Mark(rows[0], columns[0], high, wide),)
    return tuple(Mark(row, column, 1, 1) for row in rows for column in columns)


Columns = Sequence[Sequence[StepTable]]  # side by side, some above one another


def draw_step(painter: QPainter, stage: Excerpt, trace: Trace, notation: Notation) -> None:
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


def image_of_step(stage: Excerpt, trace: Trace, notation: Notation) -> NDArray[np.uint8]:
    """The same as pixels, (H, W, 3) uint8 red, green, blue."""
    image = QImage(SIZE, QImage.Format.Format_RGB888)
    with drawing(image) as painter:
        draw_step(painter, stage, trace, notation)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE.height(), image.bytesPerLine())
    return rows[:, : SIZE.width() * 3].reshape(SIZE.height(), SIZE.width(), 3).copy()


def _arranged(stage: Excerpt, trace: Trace) -> Columns:
    """The tables with as many of them, and as large, as can be read."""
    first, last = input_table(stage, trace), output_table(stage, trace)
    tables = kernel_tables(stage, trace)
    if tables is None:
        return [[first], [last]]
    weights, products = tables
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


def _wide(column: Sequence[StepTable]) -> int:
    return max(int(table.numbers.shape[1]) for table in column)


def _high(column: Sequence[StepTable]) -> int:
    return sum(int(table.numbers.shape[0]) for table in column)


def _draw_table(painter: QPainter, table: StepTable, place: QRectF, cell: float) -> None:
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
