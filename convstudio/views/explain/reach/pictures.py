"""The pictures of SPARSITY AND REACH: the cone, a heat map, and the map of padding."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from convstudio.core.display.colours import ZERO, diverging_colours
from convstudio.insight.reach.effective import Extent
from convstudio.insight.reach.theoretical import Level
from convstudio.views import theme
from convstudio.views.explain.reach.text import level_text
from convstudio.views.painting import painting

LEAST_ROW, MOST_ROW = 40, 72  # pixels that one layer of the cone is high
LABEL, GAP = 132, 16
WRAPPED = 300  # pixels of width in which a sentence beside the cone has room on two lines
NARROWEST, WIDEST = 120, 640  # pixels that the cone may be wide; the text beside it comes first
LEAST_CELL = 5  # pixels; smaller ones run together


class Cone(QWidget):
    """The layers one below another; of each, what the one output at the bottom needs, as wide as it sees."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._levels: tuple[Level, ...] = ()
        self._extents: tuple[Extent, ...] = ()

    def show_levels(self, levels: tuple[Level, ...], extents: tuple[Extent, ...] = ()) -> None:
        """Show the picture first and the selected layer last, with what was measured of each layer, if it was."""
        self._levels, self._extents = levels, extents
        self.setMinimumHeight(max(1, len(levels)) * LEAST_ROW + 4)
        self.setAccessibleName(
            "; ".join(f"{level.title}: {text}" for level, text in zip(levels, self.texts(), strict=True))
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cells or bars, joined by the sides of the cone; the layer that looks is at the bottom."""
        with painting(self) as painter:
            if not self._levels:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            tokens = theme.tokens(self)
            bars = self._bars()
            painter.setPen(Qt.PenStyle.NoPen)
            shade = QColor(tokens.accent)
            shade.setAlpha(48)
            painter.setBrush(shade)
            for above, below in pairwise(bars):
                sides = [above.bottomLeft(), above.bottomRight(), below.topRight(), below.topLeft()]
                painter.drawPolygon(QPolygonF([QPointF(corner) for corner in sides]))
            metrics = painter.fontMetrics()
            right = self.text_left()
            for level, bar, text in zip(self._levels, bars, self.texts(), strict=True):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tokens.accent)
                for cell in _cells(bar, level.needed[1]):
                    painter.drawRect(cell)
                row = QRectF(0, bar.center().y() - LEAST_ROW / 2, LABEL - 8, LEAST_ROW)
                painter.setPen(tokens.text)
                name = metrics.elidedText(level.title, Qt.TextElideMode.ElideRight, LABEL - 8)
                painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, name)
                high = self._row()
                beside = QRectF(right, bar.center().y() - high / 2, self.width() - right, high)
                painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text)

    def text_left(self) -> float:
        """Where the sentences beside the cone begin."""
        return LABEL + self._room() + GAP

    def texts(self) -> list[str]:
        """What is said of each layer."""
        measured = (None, *self._extents) if self._extents else (None,) * len(self._levels)
        return [level_text(level, extent) for level, extent in zip(self._levels, measured, strict=True)]

    def _room(self) -> float:
        longest = max((self.fontMetrics().horizontalAdvance(text) for text in self.texts()), default=0)
        return min(max(self.width() - LABEL - GAP - min(longest + 8, WRAPPED), NARROWEST), WIDEST)

    def _row(self) -> float:
        return min(max(self.height() / max(len(self._levels), 1), LEAST_ROW), MOST_ROW)

    def _bars(self) -> list[QRectF]:
        """What one output of the last layer needs of each earlier one; the picture is the widest."""
        sizes = [float(level.size[1]) for level in self._levels]
        jumps = [float(level.jump[1]) for level in self._levels]
        widths = [sizes[-1] - size + jump for size, jump in zip(sizes, jumps, strict=True)]
        scale = self._room() / max(*widths, 1.0)
        widths = [max(4.0, width * scale) for width in widths]
        middle = LABEL + self._room() / 2
        row = self._row()
        thick = row * 0.4
        return [
            QRectF(middle - width / 2, (place + 0.5) * row - thick / 2, width, thick)
            for place, width in enumerate(widths)
        ]


def _cells(bar: QRectF, count: int) -> list[QRectF]:
    """A bar cut into so many cells with a gap between them, where they are wide enough to be told apart."""
    width = bar.width() / max(count, 1)
    if width < LEAST_CELL:
        return [bar]
    return [QRectF(bar.left() + place * width + 0.5, bar.top(), width - 1, bar.height()) for place in range(count)]


class HeatMap(QWidget):
    """Numbers from 0 up as a picture of squares; a place can be clicked."""

    place_clicked = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("What matters most is coloured most")
        self._numbers: NDArray[np.float64] = np.zeros((1, 1))
        self._most = 1.0
        self._image = QImage()

    def show_numbers(self, numbers: NDArray[np.float64], *, most: float) -> None:
        """Show numbers from 0 (neutral) to `most` (full colour)."""
        self._numbers, self._most = numbers, most
        self._colour()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and not self._image.isNull():
            self._colour()

    def _colour(self) -> None:
        numbers, most = self._numbers, self._most
        table = diverging_colours(theme.signed_scale(self))[ZERO:]
        level = np.rint(np.clip(numbers / (most or 1.0), 0, 1) * (len(table) - 1)).astype(int)
        colours = np.ascontiguousarray(table[level])
        height, width, _ = colours.shape
        self._image = QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()

    def place_at(self, point: QPointF) -> tuple[int, int] | None:
        """The row and column under a point."""
        area = self.area()
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
        """The squares."""
        with painting(self) as painter:
            area = self.area()
            painter.drawImage(area, self._image)
            painter.setPen(QPen(theme.tokens(self).line, 1))
            painter.drawRect(area)

    def area(self) -> QRectF:
        """Where the squares are painted."""
        rows, columns = self._numbers.shape
        scale = min((self.width() - 4) / columns, (self.height() - 4) / rows)
        return QRectF(2, 2, max(0.0, columns * scale), max(0.0, rows * scale))
