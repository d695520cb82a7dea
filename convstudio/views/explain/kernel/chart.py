"""The charts of THE KERNEL EXAMINED: the gain for waves along the two axes, and what becomes of an edge."""

from math import floor, log10

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from convstudio.core.wording import number
from convstudio.insight.kernel.edges import EdgeAnswers
from convstudio.insight.kernel.frequency_response import STEPS, Response
from convstudio.views import theme
from convstudio.views.explain.colours import SKY_BLUE, VERMILION
from convstudio.views.explain.stage import CAPTION, paint_card, sized
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

ACROSS, DOWN = SKY_BLUE, VERMILION
GAP, INSET = 6.0, 12.0
MOST_DOTS, DOT = 24, 3.0
SAMPLE, NAME_GAP = 17, 10  # pixels of a line in a legend, and between its names
ROUND_STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


class AxesChart(TooltipPicture):
    """The gain for waves that run from left to right and from top to bottom, from even areas to the finest stripes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-axes")
        self._response: Response | None = None

    def show_response(self, response: Response) -> None:
        """Show other gains."""
        self._response = response
        ends = (response.across[0], response.across[-1], response.down[-1])
        even, across, down = (number(float(gain)) for gain in ends)
        self.setAccessibleName(
            f"The gain along the axes: {even} for even areas, "
            f"{across} for the finest stripes across, {down} for the finest stripes down"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axes and the two lines."""
        with painting(self) as painter:
            if self._response is None:
                return
            response, area = self._response, self.area()
            top = nice_top(response.peak.gain)  # the picture's own scale: a wave across neither axis leaves them flat
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_card(painter, QRectF(self.rect()), theme.tokens(self))
            painter.setFont(sized(CAPTION))
            self._paint_axes(painter, area, top)
            is_one = bool(np.allclose(response.across, response.down, rtol=0, atol=1e-9 * top))
            for gains, colour, style in (
                (response.down, DOWN, Qt.PenStyle.DashLine),
                (response.across, ACROSS, Qt.PenStyle.SolidLine),
            ):
                xs = area.left() + np.linspace(0, 1, len(gains)) * area.width()
                ys = area.bottom() - gains / top * area.height()
                painter.setPen(QPen(colour, 2, style))
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]))
            self._paint_names(painter, area, top, is_one=is_one)

    def sentence_at(self, at: QPoint) -> str:
        """Both gains at the frequency under a point, or ""."""
        area = self.area()
        if self._response is None or not area.adjusted(-1, -1, 1, 1).contains(QPointF(at)):
            return ""
        place = min(max(round((at.x() - area.left()) / area.width() * STEPS), 0), STEPS)
        across, down = (number(float(gains[place])) for gains in (self._response.across, self._response.down))
        cycles = number(place / (2 * STEPS), digits=2)
        return f"At {cycles} cycles/pixel waves are multiplied by {across} across and by {down} down."

    def _paint_axes(self, painter: QPainter, area: QRectF, top: float) -> None:
        colours, metrics = theme.tokens(self), painter.fontMetrics()
        for level in ticks(top):
            y = area.bottom() - level / top * area.height()
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colours.muted)
            beside = QRectF(0, y - metrics.height() / 2, area.left() - 4, metrics.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(level))
        base = area.bottom() + 2 + metrics.ascent()
        free = self.width() - INSET
        for share, text in ((1.0, "0.5 cycles per pixel"), (0.0, "0"), (0.5, "0.25")):
            wide = metrics.horizontalAdvance(text)
            left = min(area.left() + share * area.width() - wide / 2, free - wide)
            if left + wide <= free:
                painter.drawText(QPointF(left, base), text)
            if share == 1:
                free = left - GAP  # the ends are labelled first; what lies between has to find room

    def _paint_names(self, painter: QPainter, area: QRectF, top: float, *, is_one: bool) -> None:
        assert self._response is not None
        metrics = painter.fontMetrics()
        line = metrics.height()
        painter.setPen(theme.tokens(self).text)
        ends = [("↔ across", float(self._response.across[-1])), ("↕ down", float(self._response.down[-1]))]
        if is_one:
            ends = [("both", ends[0][1])]
        lowest = area.bottom() + 1e9
        for text, gain in sorted(ends, key=lambda end: end[1]):
            y = min(area.bottom() - gain / top * area.height(), area.bottom() - line / 2, lowest - line)
            beside = QRectF(area.right() + GAP, y - line / 2, self.width() - area.right() - GAP, line)
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            lowest = y

    def area(self) -> QRectF:
        """Where the lines are drawn: between the labels."""
        metrics = QFontMetrics(sized(CAPTION))
        top = nice_top(self._response.peak.gain) if self._response is not None else 1.0
        left = max(metrics.horizontalAdvance(number(level)) for level in ticks(top)) + INSET + GAP
        right = self.width() - metrics.horizontalAdvance("↔ across") - GAP - INSET
        top, bottom = metrics.height() / 2 + INSET, self.height() - metrics.height() - 4.0 - INSET
        return QRectF(left, top, max(right - left, 1), max(bottom - top, 1))


class EdgeChart(TooltipPicture):
    """The outputs across an edge from 0 to 1: a dot for every pixel, joined for the eye."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-edges")
        self._edges: EdgeAnswers | None = None

    def show_edges(self, edges: EdgeAnswers) -> None:
        """Show the answers of another kernel."""
        self._edges = edges
        across, down = (number(float(np.abs(answers).max()), digits=3) for answers in (edges.across, edges.down))
        self.setAccessibleName(
            f"Across an edge from 0 to 1: up to {across} where it is upright, up to {down} where it is level"
        )
        self.update()

    def ends(self) -> tuple[float, float]:
        """The least and the most of the vertical axis, 0 and the edge's own height among them."""
        if self._edges is None:
            return 0.0, 1.0
        values = np.concatenate([self._edges.across, self._edges.down, [0.0, 1.0]])
        return float(values.min()), float(values.max())

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """The card, the edge itself, and both answers."""
        with painting(self) as painter:
            if self._edges is None:
                return
            edges, colours, area = self._edges, theme.tokens(self), self.area()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_card(painter, QRectF(self.rect()), colours)
            painter.setFont(sized(CAPTION))
            high = painter.fontMetrics().height()
            for level in sorted({*self.ends(), 0.0}):
                y = self._point(0, level).y()
                painter.setPen(QPen(colours.line, 1))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                painter.setPen(colours.muted)
                beside = QRectF(0, y - high / 2, area.left() - GAP, high)
                painter.drawText(
                    beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(level, digits=3)
                )
            step = (edges.places >= 0).astype(np.float64)
            is_one = bool(np.allclose(edges.across, edges.down, rtol=0, atol=1e-9 * max(map(abs, self.ends()))))
            lines: list[tuple[str, np.ndarray, QColor, Qt.PenStyle]] = [
                ("edge", step, colours.faint, Qt.PenStyle.DotLine),
                ("level", edges.down, DOWN, Qt.PenStyle.DashLine),
                ("both" if is_one else "upright", edges.across, ACROSS, Qt.PenStyle.SolidLine),
            ]
            lines = [line for line in lines if not (is_one and line[0] == "level")]
            for _, answers, colour, style in lines:
                self._paint_line(painter, edges.places, answers, QPen(colour, 2, style))
            self._paint_legend(painter, lines)

    def _paint_legend(self, painter: QPainter, lines: list[tuple[str, np.ndarray, QColor, Qt.PenStyle]]) -> None:
        """A sample and the name of each line; where there is no room for samples, names in the lines' colours."""
        metrics, left = painter.fontMetrics(), self.area().left()
        y = self.height() - INSET - metrics.height() / 2
        needed = sum(SAMPLE + NAME_GAP + metrics.horizontalAdvance(name) for name, *_ in lines)
        sample = SAMPLE if left + needed <= self.width() - INSET / 2 else 0
        left = left if sample else INSET
        for name, _, colour, style in lines:
            if sample:
                painter.setPen(QPen(colour, 2, style))
                painter.drawLine(QPointF(left, y), QPointF(left + sample - 3, y))
            painter.setPen(theme.tokens(self).muted if sample else colour)
            painter.drawText(QPointF(left + sample, y + metrics.capHeight() / 2), name)
            left += sample + NAME_GAP + metrics.horizontalAdvance(name)

    def sentence_at(self, at: QPoint) -> str:
        """Both answers at the pixel under a point, or ""."""
        area = self.area()
        if self._edges is None or not area.adjusted(-4, -4, 4, 4).contains(QPointF(at)):
            return ""
        count = len(self._edges.places)
        place = min(max(round((at.x() - area.left()) / area.width() * (count - 1)), 0), count - 1)
        across, down = (number(float(line[place])) for line in (self._edges.across, self._edges.down))
        where = number(int(self._edges.places[place]))
        return f"At pixel {where} of the edge: {across} where it is upright, {down} where it is level."

    def area(self) -> QRectF:
        """Where the lines are drawn."""
        metrics = QFontMetrics(sized(CAPTION))
        left = max(metrics.horizontalAdvance(number(level, digits=3)) for level in self.ends()) + INSET + GAP
        below = metrics.height() + 2 * INSET
        return QRectF(
            left, INSET + 4, max(self.width() - left - INSET - 4, 1.0), max(self.height() - below - INSET - 4, 1.0)
        )

    def _point(self, share: float, value: float) -> QPointF:
        area, (least, most) = self.area(), self.ends()
        return QPointF(
            area.left() + share * area.width(), area.bottom() - (value - least) / (most - least) * area.height()
        )

    def _paint_line(self, painter: QPainter, places: np.ndarray, answers: np.ndarray, pen: QPen) -> None:
        points = [self._point(at / (len(places) - 1), value) for at, value in enumerate(answers.tolist())]
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
        if pen.style() is Qt.PenStyle.SolidLine and len(points) <= MOST_DOTS:
            painter.setBrush(pen.color())
            for point in points:
                painter.drawEllipse(point, DOT, DOT)
            painter.setBrush(Qt.BrushStyle.NoBrush)


def nice_top(most: float) -> float:
    """The end of an axis from 0: the next round number above."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(most))
    return next(float(f"{step * unit:.3g}") for step in ROUND_STEPS if step * unit >= most * 0.999999)


def ticks(top: float) -> tuple[float, ...]:
    """0, the middle and the end of an axis."""
    return (0.0, top / 2, top)
