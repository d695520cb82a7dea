"""A chart of lines between two axes, painted: what is measured, against what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.wording import percent
from convstudio.views import theme
from convstudio.views.explain.stage import CAPTION, HEADING, SEMIBOLD, paint_card, sized
from convstudio.views.painting import painting

INSET = 16
DOT = 7  # pixels across a symbol


class Symbol(Enum):
    """What stands at the points of a line, and for it beside its name."""

    DISC = auto()
    SQUARE = auto()
    TRIANGLE = auto()


@dataclass(frozen=True)
class ChartLine:
    """A line through points (across, up), and its name at its right end; one without a name has a brother that has."""

    points: tuple[tuple[float, float], ...]
    colour: QColor
    name: str = ""
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    symbol: Symbol | None = None


@dataclass(frozen=True)
class ChartAxis:
    """From where to where an axis goes, and its labels at their places."""

    low: float
    high: float
    labels: tuple[tuple[float, str], ...]
    title: str = ""

    def share(self, value: float) -> float:
        """How far along the axis a value lies, 0 to 1."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


class LineChart(QWidget):
    """Lines on a card; `now` marks a place along the lower axis."""

    chosen = Signal(float)  # a place along the lower axis that was clicked

    def __init__(self, name: str, across: ChartAxis, up: ChartAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._across, self._up = across, up
        self._lines: Sequence[ChartLine] = ()
        self._now: float | None = None
        self._is_read = False

    def show_lines(self, lines: Sequence[ChartLine], description: str) -> None:
        """Draw other lines; the description is what a screen reader says."""
        self._lines = lines
        self.setAccessibleName(description)
        self.update()

    def show_axes(self, across: ChartAxis, up: ChartAxis | None = None) -> None:
        """Take another lower axis, and another one at the left."""
        self._across = across
        self._up = up if up is not None else self._up
        self.update()

    def show_now(self, place: float | None, *, is_read: bool = False) -> None:
        """Mark a place, or none; `is_read` writes the shares of the highest and the lowest line there."""
        self._now, self._is_read = place, is_read
        self.update()

    @property
    def lines(self) -> Sequence[ChartLine]:
        """What is drawn."""
        return self._lines

    def place_of(self, across: float, up: float) -> QPointF:
        """Where on the widget a point is drawn."""
        return self._place(self._area(), across, up)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(320, 200)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the mouse."""
        area, axis = self._area(), self._across
        if event.button() is Qt.MouseButton.LeftButton and area.width() > 0:
            share = (event.position().x() - area.left()) / area.width()
            self.chosen.emit(axis.low + min(max(share, 0.0), 1.0) * (axis.high - axis.low))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, the axes, the lines and their names."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self)
            paint_card(painter, QRectF(self.rect()), colours)
            painter.setFont(sized(CAPTION))
            area = self._area()
            self._paint_axes(painter, area, colours)
            for line in self._lines:
                self._paint_line(painter, area, line)
            self._paint_names(painter, area)
            if self._is_read:
                self._paint_values(painter, area)

    def _place(self, area: QRectF, across: float, up: float) -> QPointF:
        return QPointF(
            area.left() + self._across.share(across) * area.width(),
            area.bottom() - self._up.share(up) * area.height(),
        )

    def _area(self) -> QRectF:
        plain, metrics = QFontMetricsF(sized(CAPTION)), QFontMetricsF(sized(CAPTION, SEMIBOLD))
        left = INSET + max((plain.horizontalAdvance(text) for _, text in self._up.labels), default=0.0) + 8
        names = max((metrics.horizontalAdvance(line.name) for line in self._lines), default=0.0)
        right = INSET + (names + 12 if names else 0)
        below = INSET + plain.height() * (2 if self._across.title else 1) + 8
        return QRectF(self.rect()).adjusted(left, INSET + 4, -right, -below)

    def _paint_axes(self, painter: QPainter, area: QRectF, colours: theme.Tokens) -> None:
        high = painter.fontMetrics().height()
        for value, text in self._up.labels:
            y = self._place(area, self._across.low, value).y()
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colours.muted)
            beside = QRectF(0, y - high / 2, area.left() - 8, high)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for value, text in self._across.labels:
            x = self._place(area, value, self._up.low).x()
            painter.drawText(QRectF(x - 40, area.bottom() + 4, 80, high), Qt.AlignmentFlag.AlignHCenter, text)
        if self._across.title:
            below = QRectF(8, area.bottom() + 4 + high, self.width() - 16, high)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self._across.title)
        if self._now is not None:
            x = self._place(area, self._now, self._up.low).x()
            painter.setPen(QPen(colours.accent, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_values(self, painter: QPainter, area: QRectF) -> None:
        """What the highest and the lowest line have at the marked place."""
        values = [
            (up, line.colour) for line in self._lines for across, up in line.points if line.name and across == self._now
        ]
        if not values:
            return
        painter.setFont(sized(HEADING, SEMIBOLD))
        high = painter.fontMetrics().height()
        ends = {max(up for up, _ in values), min(up for up, _ in values)}
        for up, colour in values:
            if up not in ends:
                continue
            ends.remove(up)
            spot = self._place(area, self._now or 0.0, up)
            text = percent(up)
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = spot.x() + 8 if spot.x() + 8 + wide < area.right() else spot.x() - 8 - wide
            painter.setPen(colour)
            painter.drawText(QRectF(left, max(spot.y() - high - 6, 0.0), wide + 2, high), 0, text)

    def _paint_line(self, painter: QPainter, area: QRectF, line: ChartLine) -> None:
        points = [self._place(area, *point) for point in line.points]
        painter.setPen(QPen(line.colour, 2, line.style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if line.symbol is not None:
            for point in points:
                paint_symbol(painter, line.symbol, line.colour, point, DOT)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        """The names at the right ends, one under the other where the ends are close."""
        painter.setFont(sized(CAPTION, SEMIBOLD))
        high = painter.fontMetrics().height()
        named = [line for line in self._lines if line.name and line.points]
        free = area.top() - high
        for line in sorted(named, key=lambda line: -line.points[-1][1]):
            y = max(self._place(area, *line.points[-1]).y() - high / 2, free)
            painter.setPen(line.colour)
            painter.drawText(QPointF(area.right() + 10, y + painter.fontMetrics().ascent()), line.name)
            free = y + high


def paint_symbol(painter: QPainter, symbol: Symbol, colour: QColor, middle: QPointF, size: float) -> None:
    """A small filled shape so many pixels across."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    half = size / 2
    match symbol:
        case Symbol.DISC:
            painter.drawEllipse(middle, half, half)
        case Symbol.SQUARE:
            painter.drawRect(QRectF(middle.x() - half, middle.y() - half, size, size))
        case Symbol.TRIANGLE:
            corners = QPointF(-half, -half), QPointF(half, -half), QPointF(0, half)
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
