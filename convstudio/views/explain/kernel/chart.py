"""The chart of THE KERNEL EXAMINED: the gain for waves along the two axes."""

from math import floor, log10

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.wording import number
from convstudio.insight.kernel.frequency_response import STEPS, Response
from convstudio.views import theme
from convstudio.views.explain.colours import SKY_BLUE, VERMILION
from convstudio.views.explain.kernel.pictures import LEAST_HEIGHT
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

ACROSS, DOWN = SKY_BLUE, VERMILION
GAP = 6.0
ROUND_STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


class AxesChart(TooltipPicture):
    """The gain for waves that run from left to right and from top to bottom, from even areas to the finest stripes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-axes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
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

    def sizeHint(self) -> QSize:
        """Room for two lines and their names; it grows with the room there is."""
        return QSize(280, LEAST_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Smaller, labels would meet."""
        return QSize(200, LEAST_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axes and the two lines."""
        with painting(self) as painter:
            if self._response is None:
                return
            response, area = self._response, self._area()
            top = nice_top(response.peak.gain)  # the picture's own scale: a wave across neither axis leaves them flat
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
        area = self._area()
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
        free = self.width() - 1.0
        for share, text in ((1.0, "π = 0.5 cycles/pixel"), (0.0, "0"), (0.5, "0.25")):
            wide = metrics.horizontalAdvance(text)
            left = min(area.left() + share * area.width() - wide / 2, self.width() - wide - 1.0)
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

    def _area(self) -> QRectF:
        """Where the lines are drawn: between the labels."""
        metrics = self.fontMetrics()
        top = nice_top(self._response.peak.gain) if self._response is not None else 1.0
        left = max(metrics.horizontalAdvance(number(level)) for level in ticks(top)) + GAP
        right = self.width() - metrics.horizontalAdvance("↔ across") - 2 * GAP
        top, bottom = metrics.height() / 2, self.height() - metrics.height() - 4.0
        return QRectF(left, top, max(right - left, 1), max(bottom - top, 1))


def nice_top(most: float) -> float:
    """The end of an axis from 0: the next round number above."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(most))
    return next(float(f"{step * unit:.3g}") for step in ROUND_STEPS if step * unit >= most * 0.999999)


def ticks(top: float) -> tuple[float, ...]:
    """0, the middle and the end of an axis."""
    return (0.0, top / 2, top)
