"""One output as a picture: patch × kernel = sum; for other layers the window and what goes on. Nothing floats here."""

from dataclasses import dataclass
from math import ceil, isfinite, isinf, isnan

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from convstudio.core.display.colours import Colours, SignedScale, limit_of, signed_colours
from convstudio.core.recipe.layers import Dense, Pool, PoolKind
from convstudio.core.recipe.naming import name_of
from convstudio.core.view.shown import Shown
from convstudio.core.wording import counted, number, row_and_column
from convstudio.insight.trace.taps import Numbers
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views import theme
from convstudio.views.probe.probed import (
    Probed,
    grounds_by_value,
    grounds_of_input,
    grounds_of_output,
    mixed,
)

COLOURS = ("red", "green", "blue")
INPUT_CELL, WEIGHT_CELL = 32, 26  # pixels of a cell with a number, at least
MOST_CELL = 64
MOST_NUMBERS = 7  # rows and columns with numbers in them
MOST_WIDE = 232  # pixels of a grid with numbers
PICTURE, SMALL_PICTURE = 120, 96  # of a window or a kernel that is shown in colours alone
MOST_PIXELS = 60  # rows and columns of what is shown in colours
TILE = 58
SIGN = 24  # for a lone sign
DIGIT = 7.4  # the width of a digit at 12 pixels
FEW_CHANNELS = 4  # whose sums are all written
GHOST = 0.5  # how much of the card lies over what stands in the padding
DIGITS = 5


@dataclass(frozen=True, eq=False)
class NumberCells:
    """A grid of numbers with their colours, or their colours alone."""

    values: Numbers
    grounds: Colours
    cell: float
    has_numbers: bool
    winner: tuple[int, int] | None = None

    @property
    def size(self) -> QSizeF:
        """In pixels."""
        rows, columns = self.values.shape
        return QSizeF(columns * self.cell, rows * self.cell)


@dataclass(frozen=True, eq=False)
class Equation:
    """What stands side by side, and the line below; of the line some words are strong."""

    heading: str
    inputs: NumberCells
    weights: NumberCells | None
    sign: str  # between the two, or between the inputs and the result
    rest: str  # what else is added
    result: str
    ground: tuple[int, int, int]
    line: tuple[tuple[str, bool], ...]

    @property
    def size(self) -> QSizeF:
        """Of what stands side by side."""
        tile = tile_width(self.result)
        sizes = [self.inputs.size, *([self.weights.size] if self.weights is not None else [])]
        signs = _sign_width(self.sign)
        if self.weights is not None:
            signs += SIGN + (_sign_width(self.rest) if self.rest else 0)
        width = sum(size.width() for size in sizes) + signs + tile
        return QSizeF(ceil(width), max(TILE, *(size.height() for size in sizes)))


def equation_of(probed: Probed, shown: Shown, channel: int, *, ghost: QColor) -> Equation:
    """The calculation of a unit in the colours of the pictures on the screen.

    `channel` chooses among the channels that the unit reads; `ghost` is what shines through what stands in the padding.
    """
    trace = probed.trace
    place = channel % max(len(trace.taps.channels), 1)
    values, grounds = _inputs(trace, shown, place, ghost)
    winner = trace.winner[1:] if trace.winner is not None else None
    weights = _weights(trace, place, shown.selection.signed_scale) if trace.operation is Operation.SUM else None
    return Equation(
        heading=_heading(trace),
        inputs=cells_of(values, grounds, INPUT_CELL, PICTURE, winner),
        weights=weights,
        sign=_sign(trace),
        rest=_rest(trace),
        result=value_words(trace.result),
        ground=_result_ground(trace, shown),
        line=_line(probed, place),
    )


def cells_of(
    values: Numbers, grounds: Colours, cell: int, picture: int, winner: tuple[int, int] | None = None
) -> NumberCells:
    """A grid with numbers where all of them can be read, else of colours, of a large one some."""
    rows, columns = values.shape
    if 0 < max(rows, columns) <= MOST_NUMBERS:
        longest = max(len(value_text(value)) for value in values.ravel().tolist())
        needed = max(cell, ceil(longest * DIGIT + 6))
        if needed <= MOST_CELL and needed * columns <= MOST_WIDE:
            return NumberCells(values, grounds, needed, has_numbers=True, winner=winner)
    thin = max(1, ceil(max(rows, columns) / MOST_PIXELS))
    values, grounds = values[::thin, ::thin], grounds[::thin, ::thin]
    if winner is not None:
        winner = (winner[0] // thin, winner[1] // thin)
    side = max(1, *values.shape)
    return NumberCells(
        values, grounds, max(1.0, picture / side) if side > 1 else 32.0, has_numbers=False, winner=winner
    )


def value_text(value: float) -> str:
    """A number in a cell."""
    return number(value, digits=3)


def value_words(value: float) -> str:
    """A value that is read by itself.

    Examples
    --------
    >>> value_words(-0.25), value_words(float("nan")), value_words(float("-inf"))
    ('−0.25', 'not a number', 'negative infinite')
    """
    if isnan(value):
        return "not a number"
    if isinf(value):
        return "infinite" if value > 0 else "negative infinite"
    return number(value, digits=DIGITS)


def tile_width(result: str) -> int:
    """How wide the tile of a result is; in steps, so that it does not tremble while the mouse moves."""
    return TILE + max(0, ceil((len(result) - 4) / 2)) * 24


def _inputs(trace: Trace, shown: Shown, place: int, ghost: QColor) -> tuple[Numbers, Colours]:
    taps = trace.taps
    if not taps.values.size:
        return np.zeros((0, 0)), np.zeros((0, 0, 3), np.uint8)
    values = taps.values[place]
    grounds = grounds_of_input(shown, trace, int(taps.channels[place]))
    if grounds is None:
        colours = grounds_by_value(values, shown.selection.signed_scale)
    else:
        nowhere = np.maximum(taps.rows.sources, 0), np.maximum(taps.columns.sources, 0)
        colours = grounds.at(*nowhere, values).copy()
        is_empty = (taps.rows.sources < 0)[:, None] | (taps.columns.sources < 0)[None, :]
        colours[is_empty] = grounds.of(np.zeros(1))[0]
    padding = taps.is_padding
    over = np.array([ghost.red(), ghost.green(), ghost.blue()])
    colours[padding] = np.rint((1 - GHOST) * colours[padding] + GHOST * over).astype(np.uint8)
    return values, colours


def _weights(trace: Trace, place: int, scale: SignedScale) -> NumberCells | None:
    weights = trace.taps.weights
    if not weights.size:
        return None
    plane = np.asarray(weights[place], np.float64)
    return cells_of(plane, signed_colours(plane, limit_of(weights), scale), WEIGHT_CELL, SMALL_PICTURE)


def _result_ground(trace: Trace, shown: Shown) -> tuple[int, int, int]:
    _, row, column = trace.unit
    value = np.array([[trace.output]], np.float64)
    grounds = grounds_of_output(shown, trace)
    places = np.array([row]), np.array([column])
    colour = grounds_by_value(value, shown.selection.signed_scale) if grounds is None else grounds.at(*places, value)
    red, green, blue = colour[0, 0].tolist()
    return red, green, blue


def _heading(trace: Trace) -> str:
    channel, row, column = trace.unit
    if trace.step.output.height == trace.step.output.width == 1:
        return f"Unit {channel + 1} of {trace.step.output.channels:,}"
    where = row_and_column(row, column)
    return where[0].upper() + where[1:]


def _sign(trace: Trace) -> str:  # noqa: PLR0911  # a case for each calculation
    match trace.operation:
        case Operation.SUM:
            return "×"
        case Operation.LARGEST:
            return "largest"
        case Operation.AVERAGE:
            return "mean"
        case Operation.RANKED:
            return _rank_word(trace)
        case Operation.SHARE:
            return "share"
        case Operation.LENGTH:
            return "√(a² + b²)"
        case Operation.CURVE:
            return name_of(trace.step.layer)
        case Operation.COPY:
            return "→"


def _rank_word(trace: Trace) -> str:
    match trace.step.layer:
        case Pool(kind=PoolKind.MIN):
            return "smallest"
        case Pool(kind=PoolKind.PERCENTILE, percentile=percentile):
            return f"{number(percentile)} %"
        case _:
            return "median"


def _rest(trace: Trace) -> str:
    if trace.operation is not Operation.SUM:
        return ""
    if len(trace.taps.channels) > 1:
        return "+ …"
    return f"{'+' if trace.bias > 0 else '−'} {number(abs(trace.bias), digits=3)}" if trace.bias else ""


def _line(probed: Probed, place: int) -> tuple[tuple[str, bool], ...]:
    """What stands below: the channels, or what one has to know of the window."""
    trace = probed.trace
    if len(probed.channels) == len(COLOURS):
        strong = trace.unit.channel % len(COLOURS)
        values = [f"{name} {value_words(value)}" for name, value in zip(COLOURS, probed.channels, strict=True)]
        return tuple((text, position == strong) for position, text in enumerate(values))
    if trace.operation is Operation.SUM and len(trace.taps.channels) > 1 and not isinstance(trace.step.layer, Dense):
        return _sums(trace, place)
    sentence = _sentence(trace)
    return ((sentence, False),) if sentence else ()


def _sentence(trace: Trace) -> str:  # noqa: PLR0911  # a case for each calculation
    match trace.operation:
        case Operation.SUM if isinstance(trace.step.layer, Dense):
            return f"All {counted(trace.inputs, 'input')} take part, each with a weight of its own."
        case Operation.LARGEST | Operation.RANKED if trace.winner is not None and trace.taps.values.size:
            _, row, column = trace.winner
            at = row_and_column(int(trace.taps.rows.places[row]), int(trace.taps.columns.places[column]))
            return f"goes on, from {at}"
        case Operation.AVERAGE:
            return f"{number(trace.total, digits=DIGITS)} ÷ {trace.divisor:,}"
        case Operation.CURVE:
            return "Each number by itself."
        case Operation.SHARE:
            return f"e to its power, over that of all {counted(len(trace.taps.channels), 'channel')}"
        case Operation.LENGTH:
            return " and ".join(number(value, digits=DIGITS) for value in trace.taps.values.flat)
        case Operation.COPY:
            return "The layer is switched off."
        case _:
            return ""


def _sums(trace: Trace, place: int) -> tuple[tuple[str, bool], ...]:
    """What every channel adds, or, of many, the chosen one."""
    channels = trace.taps.channels.tolist()
    is_colour = trace.index == 0 and trace.step.input.channels == len(COLOURS)
    is_few = len(channels) <= FEW_CHANNELS
    words = []
    for position in range(len(channels)) if is_few else (place,):
        name = COLOURS[channels[position]] if is_colour else f"channel {channels[position] + 1}"
        with np.errstate(all="ignore"):
            total = float(trace.taps.products[position].sum())
        plus = "+ " if position and is_few else ""
        words.append((f"{plus}{name} {number(total, digits=DIGITS)}", position == place))
    if not is_few:
        words.append((f"1 of {len(channels):,} channels", False))
    if trace.bias:
        words.append((f"bias {number(trace.bias, digits=3)}", False))
    return tuple(words)


# painting


def _sign_width(sign: str) -> int:
    return SIGN if len(sign) == 1 else ceil(len(sign) * DIGIT) + 16


def paint_equation(
    painter: QPainter, origin: QPointF, equation: Equation, tokens: theme.Tokens, frame: QColor | None = None
) -> None:
    """Side by side from the left, all in the middle of the height; `frame` is the colour around the result."""
    height = equation.size.height()
    middle, left = origin.y() + height / 2, origin.x()
    for cells, sign in ((equation.inputs, equation.sign), (equation.weights, equation.rest)):
        if cells is None:
            continue
        size = cells.size
        paint_number_cells(painter, QPointF(left, middle - size.height() / 2), cells, tokens)
        left += size.width()
        is_last = cells is equation.weights
        for text in (*((sign,) if sign else ()), *(("=",) if is_last else ())):
            width = _sign_width(text)
            _write(painter, QRectF(left, middle - 12, width, 24), text, 15 if len(text) == 1 else 12, tokens.muted)
            left += width
    tile = QRectF(left, middle - TILE / 2, tile_width(equation.result), TILE)
    paint_tile(painter, tile, equation.result, QColor(*equation.ground), tokens, frame)


def paint_tile(
    painter: QPainter, place: QRectF, text: str, ground: QColor, tokens: theme.Tokens, frame: QColor | None = None
) -> None:
    """A result in the colour that the output has there."""
    painter.setPen(QPen(frame, 2.5) if frame is not None else QPen(tokens.line, 1.0))
    painter.setBrush(ground)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    font = QFont(painter.font())
    font.setPixelSize(18 if len(text) <= 6 else 15)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme.ink_over(ground))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def paint_number_cells(painter: QPainter, origin: QPointF, cells: NumberCells, tokens: theme.Tokens) -> None:
    """A grid of numbers in their colours."""
    rows, columns = cells.values.shape
    if not rows or not columns:
        return
    area = QRectF(origin, cells.size)
    grounds = np.ascontiguousarray(cells.grounds)
    image = QImage(grounds.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    painter.drawImage(area, image.convertToFormat(QImage.Format.Format_RGB32))
    side = cells.cell
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if cells.has_numbers:
        edge = mixed(tokens.line, tokens.muted, 0.25)
        edge.setAlpha(130)
        painter.setPen(QPen(edge, 1.0))
        for row in range(rows + 1):
            y = area.top() + row * side
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        for column in range(columns + 1):
            x = area.left() + column * side
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        _write_numbers(painter, area, cells)
    else:
        painter.setPen(QPen(tokens.line, 1.0))
        painter.drawRect(area)
    if cells.winner is not None:
        row, column = cells.winner
        place = QRectF(area.left() + column * side, area.top() + row * side, side, side)
        for colour, width in ((QColor("white"), 4.0), (tokens.accent, 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(place.adjusted(1, 1, -1, -1) if side > 8 else place.adjusted(-2, -2, 2, 2))


def _write_numbers(painter: QPainter, area: QRectF, cells: NumberCells) -> None:
    font = QFont(painter.font())
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    for row, (numbers, grounds) in enumerate(zip(cells.values.tolist(), cells.grounds.tolist(), strict=True)):
        for column, (value, ground) in enumerate(zip(numbers, grounds, strict=True)):
            place = QRectF(area.left() + column * cells.cell, area.top() + row * cells.cell, cells.cell, cells.cell)
            painter.setPen(theme.ink_on(*ground))
            painter.drawText(
                place, Qt.AlignmentFlag.AlignCenter, value_text(value) if isfinite(value) else number(value)
            )


def _write(painter: QPainter, place: QRectF, text: str, pixels: int, colour: QColor) -> None:
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
