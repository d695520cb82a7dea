"""The two charts of the Count stage: bars of weights, and weights against the picture's size; both logarithmic.

Only logarithms become floats here, so counts of any size can be drawn.
"""

from collections.abc import Callable
from fractions import Fraction
from math import log10

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.recipe.counts import Comparison
from convstudio.core.wording import counted, factor, integer, power_of_ten
from convstudio.insight.parameters.what_if import LARGEST_SIDE, SMALLEST_SIDE, CurvePoint
from convstudio.views import theme
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

NAMES = ("Dense", "Local", "Convolution")
BAR, GAP = 12, 16
Projection = Callable[[float, int], QPointF]  # a picture's side and a count, to a point of the chart
LARGEST_ON_A_BAR = 10**9  # written out


def network_colours(widget: QWidget) -> tuple[QColor, QColor, QColor]:
    """The colours of the three networks in the widget's theme."""
    colours = theme.tokens(widget)
    return colours.dense, colours.local, colours.convolution


def decades(most: int) -> int:
    """The power of ten at the end of an axis that starts at 1."""
    return max(1, len(str(most - 1))) if most > 1 else 1


def tick_step(powers: int) -> int:
    """How many powers of ten lie between two labelled ticks, for about four labels."""
    return max(1, ceil_division(powers, 4))


def tick_text(exponent: int) -> str:
    """The label of a tick: 1, 10, 100, 1,000, then powers."""
    return f"{10**exponent:,}" if exponent <= 3 else power_of_ten(exponent)


def _saving_text(by: Fraction | None) -> str:
    if by is None or by < 1:
        return ""
    if by < 1000:
        return f"÷ {factor(by)}".replace("≈ ", "≈")
    return f"÷ {round(by):,}" if by.denominator == 1 else f"÷ ≈{round(by):,}"


def _count_texts(point: CurvePoint) -> tuple[str, ...]:
    counts = (point.dense, point.local, point.conv)
    return tuple(f"{name} {count:,}" for name, count in zip(NAMES, counts, strict=True))


class BarsView(QWidget):
    """Weights of the three ways as bars on a logarithmic scale, with what each step saves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters-bars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._comparison: Comparison | None = None
        self.show_comparison(None)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Draw other counts."""
        self._comparison = comparison
        texts = ", ".join(f"{name} {count:,}" for name, count in zip(NAMES, self._weights(), strict=False))
        self.setAccessibleName(f"Bars of weights on a logarithmic scale: {texts or 'nothing to compare'}")
        self.setToolTip("Weights on a logarithmic scale: each labelled tick is the same factor further")
        self.update()

    def sizeHint(self) -> QSize:
        """Three bars under their numbers, and an axis."""
        return QSize(288, 3 * self._row() + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Narrower, the numbers and the factors would meet."""
        return QSize(208, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axis, then each bar under its name, its number and its factor."""
        with painting(self) as painter:
            comparison = self._comparison
            if comparison is None:
                return
            colours = theme.tokens(self)
            line, row, width = painter.fontMetrics().height(), self._row(), self.width() - 1.0
            weights = self._weights()
            powers = decades(weights[0])
            factors = ("", _saving_text(comparison.sparsity), _saving_text(comparison.sharing))
            for place, (name, count, colour, saved) in enumerate(
                zip(NAMES, weights, network_colours(self), factors, strict=True)
            ):
                top = place * row
                length = max(2.0, width * log10(count) / powers) if count > 0 else 0.0
                painter.setPen(colours.text)
                room = QRectF(0, top, width, line)
                text = f"{name} {integer(count, most=LARGEST_ON_A_BAR)}"
                painter.drawText(room, Qt.AlignmentFlag.AlignLeft, text)
                painter.setPen(colours.muted)
                if painter.fontMetrics().horizontalAdvance(f"{text}  {saved}") <= width:
                    painter.drawText(room, Qt.AlignmentFlag.AlignRight, saved)
                painter.fillRect(QRectF(0, top + line + 1, width, BAR), colours.line)
                painter.fillRect(QRectF(0, top + line + 1, length, BAR), colour)
            for exponent in range(0, powers + 1, tick_step(powers)):
                self._paint_tick(painter, width * exponent / powers, tick_text(exponent))

    def _paint_tick(self, painter: QPainter, x: float, text: str) -> None:
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(text)
        left = min(max(x - wide / 2, 0.0), self.width() - wide)
        painter.drawText(QPointF(left, 3 * self._row() + metrics.ascent()), text)

    def _row(self) -> int:
        return self.fontMetrics().height() + BAR + GAP

    def _weights(self) -> tuple[int, ...]:
        comparison = self._comparison
        return (
            () if comparison is None else (comparison.dense.weights, comparison.local.weights, comparison.conv.weights)
        )


class CurveChart(TooltipPicture):
    """Weights of the three ways against the picture's longer side, on logarithmic axes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters-curve")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._points: tuple[CurvePoint, ...] = ()
        self._now: CurvePoint | None = None
        self.show_curve((), None)

    def show_curve(self, points: tuple[CurvePoint, ...], now: CurvePoint | None) -> None:
        """Draw other lines, and mark the present picture on them."""
        self._points = points
        self._now = now
        present = "" if now is None else f"; at {counted(now.side, 'pixel')}, {', '.join(_count_texts(now))}"
        self.setAccessibleName(f"Weights for pictures of {SMALLEST_SIDE} to {LARGEST_SIDE} pixels{present}")
        self.setToolTip("Weights against the longer side of the picture, in pixels; both scales are logarithmic")
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough to label the lines."""
        return QSize(288, 200)

    def minimumSizeHint(self) -> QSize:
        """Smaller, the lines could not be told apart."""
        return QSize(208, 88)

    def point_at(self, x: float) -> CurvePoint | None:
        """The counted size whose place on the chart is nearest."""
        area = self._area()
        share = (x - area.left()) / area.width() if area.width() > 0 else 0.0
        span = log10(LARGEST_SIDE / SMALLEST_SIDE)
        exponent = share * span + log10(SMALLEST_SIDE)
        return min(self._points, key=lambda point: abs(log10(point.side) - exponent), default=None)

    def sentence_at(self, at: QPoint) -> str:
        """The exact counts of the size under a point, one a line."""
        point = self.point_at(at.x())
        if point is None:
            return self.toolTip()
        return "\n".join((f"At {counted(point.side, 'pixel')}:", *_count_texts(point)))

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axes, the lines with their names at the right, and the marker."""
        with painting(self) as painter:
            if not self._points:
                return
            colours = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = painter.fontMetrics().height()
            powers = self._powers()
            area = self._area()
            span = log10(LARGEST_SIDE / SMALLEST_SIDE)

            def place(side: float, count: int) -> QPointF:
                across = log10(max(side, 1) / SMALLEST_SIDE) / span
                up = log10(count) / powers if count > 0 else 0.0
                return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

            self._paint_axes(painter, area, powers, place)
            lowest = 1e9
            for name, colour, attribute in reversed(
                list(zip(NAMES, network_colours(self), ("dense", "local", "conv"), strict=True))
            ):
                spots = [place(point.side, getattr(point, attribute)) for point in self._points]
                painter.setPen(QPen(colour, 2))
                painter.drawPolyline(QPolygonF(spots))
                lowest = min(spots[-1].y(), lowest - line)  # names of lines that meet still stand one above the other
                painter.setPen(colours.text)
                at = QRectF(area.right() + 6, lowest - line / 2, self.width() - area.right(), line)
                painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            self._paint_marker(painter, place, area)

    def _powers(self) -> int:
        return decades(max(point.dense for point in self._points)) if self._points else 1

    def _area(self) -> QRectF:
        """Where the lines are drawn: between the labels at the left, at the right, above and below."""
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(tick_text(self._powers())) + 8.0
        right = self.width() - metrics.horizontalAdvance(NAMES[-1]) - 12.0
        top, bottom = metrics.height() + 4.0, self.height() - metrics.height() - 4.0
        return QRectF(left, top, right - left, bottom - top)

    def _paint_axes(self, painter: QPainter, area: QRectF, powers: int, place: Projection) -> None:
        colours = theme.tokens(self)
        line = painter.fontMetrics().height()
        for exponent in range(0, powers + 1, tick_step(powers)):
            y = place(SMALLEST_SIDE, 10**exponent).y()
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colours.muted)
            at = QRectF(0, y - line / 2, area.left() - 6, line)
            painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_text(exponent))
        free = self.width() + 0.0
        for side in (LARGEST_SIDE, SMALLEST_SIDE, 100, 1000):  # the ends first; what lies between has to find room
            text = f"{side:,} px" if side == LARGEST_SIDE else f"{side:,}"
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = place(side, 1).x() - wide / 2
            if left + wide <= free:
                painter.drawText(QPointF(left, area.bottom() + 4 + painter.fontMetrics().ascent()), text)
            if side == LARGEST_SIDE:
                free = left - 8

    def _paint_marker(self, painter: QPainter, place: Projection, area: QRectF) -> None:
        if self._now is None:
            return
        colours = theme.tokens(self)
        side = min(max(self._now.side, SMALLEST_SIDE), LARGEST_SIDE)
        x = place(side, 1).x()
        painter.setPen(QPen(colours.text, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if side == self._now.side:
            painter.setPen(QPen(colours.text, 1))
            for colour, count in zip(
                network_colours(self), (self._now.dense, self._now.local, self._now.conv), strict=True
            ):
                painter.setBrush(colour)
                painter.drawEllipse(place(side, count), 4, 4)
        painter.setPen(colours.text)
        text = f"now {self._now.side:,} px"
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(x - wide / 2, 0.0), area.right() - wide)  # beside the names of the lines, never over them
        painter.drawText(QPointF(left, painter.fontMetrics().ascent()), text)
