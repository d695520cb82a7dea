"""Inputs × weights = products, painted as small coloured grids in numbers or letters, one set for each channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.colours import limit_of, signed_colour
from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.wording import number, row_and_column
from convstudio.insight.trace.formula import Notation, Symbols, symbols_at
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views import theme
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.explain.trace.text import channel_name, plain, result_text
from convstudio.views.painting import painting

CELL_HEIGHT = 24
LEAST_CELL, MOST_CELL, MOST_LETTERS = 32, 72, 216
SIGN = 24  # room for × and =
HEADING = 20
GAP = 8
APART = 32  # between the grids of two channels side by side


class GridKind(StrEnum):
    """What a grid shows."""

    INPUTS = "inputs"
    WEIGHTS = "weights"
    PRODUCTS = "products"


@dataclass(frozen=True, eq=False)
class NumberGrid:
    """One painted grid: its numbers, the number that has full colour, where it starts and how wide its cells are."""

    kind: GridKind
    heading: str
    numbers: NDArray[np.float64]
    limit: float
    left: int
    top: int
    cell: int
    sign: str
    place: int  # among the channels of the trace


class ProductGrids(TooltipPicture):
    """The grids of one trace; it is as large as they need and lives in a scroll area."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._notation = Notation.NUMBERS
        self._room = 320
        self.grids: tuple[NumberGrid, ...] = ()
        self.setAccessibleName("Inputs times weights, as grids")

    def show_trace(self, trace: Trace | None, notation: Notation = Notation.NUMBERS) -> None:
        """Show the grids of a trace, or none."""
        self._trace, self._notation = trace, notation
        self._arrange()

    def show_room(self, width: int) -> None:
        """Arrange the grids for this width: side by side where they fit, else below one another."""
        if width != self._room:
            self._room = width
            self._arrange()

    def text_at(self, grid: NumberGrid, row: int, column: int) -> str:
        """What stands in a cell."""
        if self._notation is Notation.NUMBERS or self._trace is None:
            return number(float(grid.numbers[row, column]))
        return _letters(symbols_at(self._trace, (grid.place, row, column)), grid.kind)

    def _arrange(self) -> None:
        trace = self._trace
        if trace is None:
            self.grids = ()
            self.resize(0, 0)
            return
        rows, columns = trace.taps.shape
        kinds = [(GridKind.INPUTS, trace.taps.values, "")]
        if trace.operation is Operation.SUM:
            kinds += [(GridKind.WEIGHTS, trace.taps.weights, "×"), (GridKind.PRODUCTS, trace.taps.products, "=")]
        widths = self._cell_widths(trace, [(kind, numbers) for kind, numbers, _ in kinds])
        wide = {kind: max(columns, 2) * widths[kind] + 1 for kind in widths}
        high = rows * CELL_HEIGHT + 1 + HEADING
        whole = sum(wide.values()) + (len(kinds) - 1) * SIGN
        is_across = whole <= self._room
        sets_per_row = max(1, (self._room + APART) // (whole + APART)) if is_across else 1
        grids, top = [], 0
        for place, channel in enumerate(trace.taps.channels.tolist()):
            name = channel_name(channel, trace.step.input, is_frame=trace.index == 0)
            name = f"{name}, " if trace.step.input.channels > 1 else ""
            left = place % sets_per_row * (whole + APART) if is_across else SIGN
            for kind, numbers, sign in kinds:
                limit = limit_of(numbers)
                title = f"{name}{kind}" if kind is GridKind.INPUTS or not is_across else str(kind)
                grids.append(NumberGrid(kind, title, numbers[place], limit, left, top, widths[kind], sign, place))
                if is_across:
                    left += wide[kind] + SIGN
                else:
                    top += high + GAP
            if is_across and place % sets_per_row == sets_per_row - 1:
                top += high + GAP
        self.grids = tuple(grids)
        right = max((grid.left + wide[grid.kind] for grid in grids), default=0)
        headings = max((self.fontMetrics().horizontalAdvance(grid.heading) + grid.left for grid in grids), default=0)
        bottom = max((grid.top + high for grid in grids), default=1)
        self.resize(max(right, headings) + 1, bottom)
        self.update()

    def _cell_widths(self, trace: Trace, kinds: list[tuple[GridKind, NDArray[np.float64]]]) -> dict[GridKind, int]:
        metrics = self.fontMetrics()
        if self._notation is Notation.NUMBERS or trace.taps.values.size == 0:
            width = _width_for_numbers([numbers for _, numbers in kinds], metrics)
            return {kind: width for kind, _ in kinds}
        longest = _longest_letters(trace)
        return {
            kind: min(max(metrics.horizontalAdvance(_letters(longest, kind)) + 8, LEAST_CELL), MOST_LETTERS)
            for kind, _ in kinds
        }

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that are on the screen."""
        with painting(self) as painter:
            if self._trace is None:
                return
            text = self.palette().color(QPalette.ColorRole.WindowText)
            line = QPen(self.palette().color(QPalette.ColorRole.Mid))
            for grid in self.grids:
                painter.setPen(text)
                width = max(grid.numbers.shape[1], 2) * grid.cell + SIGN
                heading = painter.fontMetrics().elidedText(grid.heading, Qt.TextElideMode.ElideRight, width)
                painter.drawText(QRect(grid.left, grid.top, width, HEADING), Qt.AlignmentFlag.AlignVCenter, heading)
                if grid.sign:
                    middle = QRect(
                        grid.left - SIGN, grid.top + HEADING, SIGN, min(grid.numbers.shape[0], 16) * CELL_HEIGHT
                    )
                    painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, grid.sign)
                for row, column, cell in self._cells(grid, event.rect()):
                    self._paint_cell(painter, grid, row, column, cell, line)

    def _paint_cell(self, painter: QPainter, grid: NumberGrid, row: int, column: int, cell: QRect, line: QPen) -> None:
        assert self._trace is not None
        value = float(grid.numbers[row, column])
        colour = signed_colour(value, grid.limit, theme.signed_scale(self))
        is_outside = bool(self._trace.taps.is_padding[row, column]) and grid.kind is GridKind.INPUTS
        painter.fillRect(cell, QColor(*colour))
        if is_outside:
            painter.fillRect(cell, QBrush(QColor(127, 127, 127, 130), Qt.BrushStyle.BDiagPattern))
        painter.setPen(line)
        painter.drawRect(cell)
        painter.setPen(theme.ink_on(*colour))
        painter.drawText(cell.adjusted(2, 0, -2, 0), Qt.AlignmentFlag.AlignCenter, self.text_at(grid, row, column))
        if self._trace.winner == (grid.place, row, column):
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def _cells(self, grid: NumberGrid, part: QRect) -> Iterator[tuple[int, int, QRect]]:
        rows, columns = grid.numbers.shape
        top, left = grid.top + HEADING, grid.left
        first_row, last_row = (part.top() - top) // CELL_HEIGHT, (part.bottom() - top) // CELL_HEIGHT
        first_column, last_column = (part.left() - left) // grid.cell, (part.right() - left) // grid.cell
        for row in range(max(first_row, 0), min(last_row + 1, rows)):
            for column in range(max(first_column, 0), min(last_column + 1, columns)):
                yield row, column, QRect(left + column * grid.cell, top + row * CELL_HEIGHT, grid.cell, CELL_HEIGHT)

    def sentence_at(self, at: QPoint) -> str:
        """What the cell under a point says, or ""."""
        if self._trace is None:
            return ""
        taps = self._trace.taps
        for grid in self.grids:
            for row, column, cell in self._cells(grid, QRect(at, at)):
                if not cell.contains(at):
                    continue
                place = (grid.place, row, column)
                from_row, from_column = int(taps.rows.sources[row]), int(taps.columns.sources[column])
                where = f"Input {row_and_column(int(taps.rows.places[row]), int(taps.columns.places[column]))}"
                if OUTSIDE in (from_row, from_column):
                    where += " (padding)"
                elif taps.is_padding[row, column]:
                    where += f" (padding, value from {row_and_column(from_row, from_column)})"
                factors = [float(numbers[place]) for numbers in (taps.values, taps.weights)]
                value, weight = map(plain, factors)
                product = result_text(float(taps.products[place]), *factors)
                if self._trace.operation is not Operation.SUM:
                    return f"{where}: {value}"
                return f"{where}: {value} × {weight} {product}"
        return ""


def _width_for_numbers(arrays: list[NDArray[np.float64]], metrics: QFontMetrics) -> int:
    widest = LEAST_CELL - 8
    for numbers in arrays:
        flat = numbers.ravel()
        for value in flat[:: max(1, flat.size // 400)].tolist():
            widest = max(widest, metrics.horizontalAdvance(number(value)))
    return min(widest + 8, MOST_CELL)


def _longest_letters(trace: Trace) -> Symbols:
    """The widest letters of a trace: those with the longest row and column numbers, in the last channel."""
    rows, columns = (
        int(np.argmax([-1 if source == OUTSIDE else len(f"{source}{cell}") for source, cell in ends]))
        for axis in (trace.taps.rows, trace.taps.columns)
        for ends in [zip(axis.sources.tolist(), axis.cells.tolist(), strict=True)]
    )
    return symbols_at(trace, (len(trace.taps.channels) - 1, rows, columns))


def _letters(symbols: Symbols, kind: GridKind) -> str:
    match kind:
        case GridKind.INPUTS:
            return symbols.input
        case GridKind.WEIGHTS:
            return symbols.weight
        case GridKind.PRODUCTS:
            return symbols.product
