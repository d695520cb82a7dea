"""The pictures of SPARSITY AND REACH: the cone, a heat map, and the map of padding."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display import ZERO, diverging_colours
from convstudio.insight.reach import Level
from convstudio.insight.reach_field import Field
from convstudio.views import theme
from convstudio.views.explain.reach_text import level_text

ROW, LABEL = 26, 132
LEAST = QSize(240, 96)


class Cone(QWidget):
    """The layers one below another, each as wide as what an output of it sees of the picture."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._levels: tuple[Level, ...] = ()

    def show_levels(self, levels: tuple[Level, ...]) -> None:
        """Show the picture first and the selected layer last."""
        self._levels = levels
        self.setFixedHeight(max(1, len(levels)) * ROW + 4)
        self.setAccessibleName("; ".join(f"{level.title}: {level_text(level)}" for level in levels))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, joined by the sides of the cone; the layer that looks is at the bottom and is one output wide."""
        if not self._levels:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens(self)
        room = self.width() - LABEL - 8
        bars = self._bars(room)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = QColor(tokens.accent)
        shade.setAlpha(48)
        painter.setBrush(shade)
        for above, below in pairwise(bars):
            sides = [above.bottomLeft(), above.bottomRight(), below.topRight(), below.topLeft()]
            painter.drawPolygon(QPolygonF([QPointF(corner) for corner in sides]))
        metrics = painter.fontMetrics()
        for level, bar in zip(self._levels, bars, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.accent)
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(tokens.text)
            row = QRectF(0, bar.top() - 6, LABEL - 8, ROW - 6)
            name = metrics.elidedText(level.title, Qt.TextElideMode.ElideRight, LABEL - 8)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, name)
            words = level_text(level)
            after = bar.right() + 8
            if after + metrics.horizontalAdvance(words) <= self.width():
                painter.setPen(tokens.muted)
                painter.drawText(QPointF(after, bar.center().y() + metrics.ascent() / 2 - 1), words)
        painter.end()

    def _bars(self, room: int) -> list[QRectF]:
        """What one output of the last layer needs of each earlier one; the picture is the widest."""
        sizes = [float(level.size[1]) for level in self._levels]
        jumps = [float(level.jump[1]) for level in self._levels]
        widths = [sizes[-1] - size + jump for size, jump in zip(sizes, jumps, strict=True)]
        widest = max(*widths, 1.0)
        scale = room * 0.5 / widest
        middle = LABEL + room * 0.27
        return [
            QRectF(middle - max(4.0, width * scale) / 2, place * ROW + 8, max(4.0, width * scale), ROW - 18)
            for place, width in enumerate(widths)
        ]


class HeatMap(QWidget):
    """Numbers from 0 up as a picture of squares; a place can be clicked."""

    place_clicked = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._numbers: NDArray[np.float64] = np.zeros((1, 1))
        self._image = QImage()
        self._box: tuple[float, float, float, float] | None = None

    def show_numbers(self, numbers: NDArray[np.float64], *, most: float) -> None:
        """Show numbers from 0 (neutral) to `most` (full colour)."""
        self._numbers, self._box = numbers, None
        table = diverging_colours()[ZERO:]
        level = np.rint(np.clip(numbers / (most or 1.0), 0, 1) * (len(table) - 1)).astype(int)
        colours = np.ascontiguousarray(table[level])
        height, width, _ = colours.shape
        self._image = QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.update()

    def show_field(self, field: Field) -> None:
        """Show what was measured, with the computed field outlined."""
        self.show_numbers(field.effects, most=float(field.effects.max(initial=0.0)))
        top, left = field.computed.top - field.area.top, field.computed.left - field.area.left
        size = field.block
        self._box = (left / size, top / size, field.computed.width / size, field.computed.height / size)

    def sizeHint(self) -> QSize:
        """Low enough for the dock; it grows with the room."""
        return LEAST

    def minimumSizeHint(self) -> QSize:
        """Smaller, nothing could be seen."""
        return QSize(96, 72)

    def place_at(self, point: QPointF) -> tuple[int, int] | None:
        """The row and column under a point."""
        area = self._area()
        if area.isEmpty() or not area.contains(point):
            return None
        rows, columns = self._numbers.shape
        row = int((point.y() - area.top()) / area.height() * rows)
        column = int((point.x() - area.left()) / area.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the mouse."""
        place = self.place_at(event.position())
        if place is not None:
            self.place_clicked.emit(*place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The squares, and the outline over them."""
        painter = QPainter(self)
        area = self._area()
        painter.drawImage(area, self._image)
        painter.setPen(QPen(theme.tokens(self).line, 1))
        painter.drawRect(area)
        if self._box is not None:
            rows, columns = self._numbers.shape
            wide, high = area.width() / columns, area.height() / rows
            left, top, width, height = self._box
            painter.setPen(QPen(theme.tokens(self).accent, 2))
            painter.drawRect(QRectF(area.left() + left * wide, area.top() + top * high, width * wide, height * high))
        painter.end()

    def _area(self) -> QRectF:
        rows, columns = self._numbers.shape
        scale = min((self.width() - 4) / columns, (self.height() - 4) / rows)
        return QRectF(2, 2, max(0.0, columns * scale), max(0.0, rows * scale))
