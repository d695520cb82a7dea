"""Inputs × weights = products, painted as small coloured grids, one row of grids for each channel."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from convstudio.core.borders import OUTSIDE
from convstudio.core.display import signed_colour
from convstudio.insight.trace import Operation, Trace
from convstudio.views.explain.arithmetic_text import channel_name, plain, short
from convstudio.views.pictures.marks import ink_on

CELL_HEIGHT = 24
LEAST_CELL, MOST_CELL = 32, 72
SIGN = 24  # room for × and =
HEADING = 20
GAP = 8


@dataclass(frozen=True, eq=False)
class Grid:
    """One painted grid: its numbers, the number that has full colour, and where its top left corner is."""

    heading: str
    numbers: NDArray[np.float64]
    limit: float
    left: int
    top: int
    sign: str
    place: int  # among the channels of the trace


class ProductGrids(QWidget):
    """The grids of one trace; it is as large as they need and lives in a scroll area."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._room = 320
        self._cell = LEAST_CELL
        self.grids: tuple[Grid, ...] = ()
        self.setAccessibleName("Inputs times weights, as grids")

    def show_trace(self, trace: Trace | None) -> None:
        """Show the grids of a trace, or none."""
        self._trace = trace
        self._arrange()

    def show_room(self, width: int) -> None:
        """Arrange the grids for this width: side by side where they fit, else below one another."""
        if width != self._room:
            self._room = width
            self._arrange()

    def _arrange(self) -> None:
        trace = self._trace
        if trace is None:
            self.grids = ()
            self.resize(0, 0)
            return
        rows, columns = trace.taps.shape
        kinds = [("inputs", trace.taps.values, "")]
        if trace.operation is Operation.SUM:
            kinds += [("weights", trace.taps.weights, "×"), ("products", trace.taps.products, "=")]
        self._cell = _cell_width([numbers for _, numbers, _ in kinds], self.fontMetrics())
        wide, high = max(columns, 2) * self._cell + 1, rows * CELL_HEIGHT + 1 + HEADING
        across = len(kinds) * wide + (len(kinds) - 1) * SIGN <= self._room
        grids, top = [], 0
        for place, channel in enumerate(trace.taps.channels.tolist()):
            name = channel_name(channel, trace.step.input, is_frame=trace.index == 0)
            name = f"{name}, " if trace.step.input.channels > 1 else ""
            left = 0 if across else SIGN
            for heading, numbers, sign in kinds:
                limit = float(np.abs(numbers).max(initial=0.0)) or 1.0
                title = f"{name}{heading}" if heading == "inputs" or not across else heading
                grids.append(Grid(title, numbers[place], limit, left, top, sign, place))
                if across:
                    left += wide + SIGN
                else:
                    top += high + GAP
            if across:
                top += high + GAP
        self.grids = tuple(grids)
        right = max((grid.left + wide for grid in grids), default=0)
        headings = max((self.fontMetrics().horizontalAdvance(grid.heading) + grid.left for grid in grids), default=0)
        self.resize(max(right, headings) + 1, max(top, 1))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that are on the screen."""
        if self._trace is None:
            return
        painter = QPainter(self)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        line = QPen(self.palette().color(QPalette.ColorRole.Mid))
        for grid in self.grids:
            painter.setPen(text)
            width = max(grid.numbers.shape[1], 2) * self._cell + SIGN
            heading = painter.fontMetrics().elidedText(grid.heading, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(grid.left, grid.top, width, HEADING), Qt.AlignmentFlag.AlignVCenter, heading)
            if grid.sign:
                middle = QRect(grid.left - SIGN, grid.top + HEADING, SIGN, min(grid.numbers.shape[0], 16) * CELL_HEIGHT)
                painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, grid.sign)
            for row, column, cell in self._cells(grid, event.rect()):
                self._paint_cell(painter, grid, row, column, cell, line)
        painter.end()

    def _paint_cell(self, painter: QPainter, grid: Grid, row: int, column: int, cell: QRect, line: QPen) -> None:
        assert self._trace is not None
        value = float(grid.numbers[row, column])
        colour = signed_colour(value, grid.limit)
        is_outside = bool(self._trace.taps.is_padding[row, column]) and grid.heading.endswith("inputs")
        painter.fillRect(cell, QColor(*colour))
        if is_outside:
            painter.fillRect(cell, QBrush(QColor(127, 127, 127, 130), Qt.BrushStyle.BDiagPattern))
        painter.setPen(line)
        painter.drawRect(cell)
        painter.setPen(ink_on(*colour))
        painter.drawText(cell.adjusted(2, 0, -2, 0), Qt.AlignmentFlag.AlignCenter, short(value))
        if self._trace.winner == (grid.place, row, column):
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def _cells(self, grid: Grid, part: QRect) -> Iterator[tuple[int, int, QRect]]:
        rows, columns = grid.numbers.shape
        top, left = grid.top + HEADING, grid.left
        first_row, last_row = (part.top() - top) // CELL_HEIGHT, (part.bottom() - top) // CELL_HEIGHT
        first_column, last_column = (part.left() - left) // self._cell, (part.right() - left) // self._cell
        for row in range(max(first_row, 0), min(last_row + 1, rows)):
            for column in range(max(first_column, 0), min(last_column + 1, columns)):
                yield row, column, QRect(left + column * self._cell, top + row * CELL_HEIGHT, self._cell, CELL_HEIGHT)

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
                where = f"Input row {taps.rows.places[row]}, column {taps.columns.places[column]}"
                if OUTSIDE in (from_row, from_column):
                    where += " (padding)"
                elif taps.is_padding[row, column]:
                    where += f" (padding, value from row {from_row}, column {from_column})"
                value, weight, product = (
                    plain(float(numbers[place])) for numbers in (taps.values, taps.weights, taps.products)
                )
                if self._trace.operation is not Operation.SUM:
                    return f"{where}: {value}"
                return f"{where}: {value} × {weight} = {product}"
        return ""

    def event(self, event: QEvent) -> bool:
        """Explain the cell under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.sentence_at(event.pos()), self)
            return True
        return super().event(event)


def _cell_width(arrays: list[NDArray[np.float64]], metrics: QFontMetrics) -> int:
    widest = LEAST_CELL - 8
    for numbers in arrays:
        flat = numbers.ravel()
        for value in flat[:: max(1, flat.size // 400)].tolist():
            widest = max(widest, metrics.horizontalAdvance(short(value)))
    return min(widest + 8, MOST_CELL)
