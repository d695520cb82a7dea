"""Two pictures of THE KERNEL EXAMINED: the gain for waves in every direction, and the impulse response as cells."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import ZERO, diverging_colours, limit_of
from convstudio.core.kernels.size import anchor
from convstudio.core.wording import counted, number
from convstudio.insight.kernel.frequency_response import STEPS, Response
from convstudio.views import theme
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

LEAST_CELL, MOST_CELL = 4, 48
LEAST_HEIGHT = 104  # the hint too: a panel that hints at more is scrolled in a low dock


class ResponsePicture(TooltipPicture):
    """The gain for waves in all directions: even areas in the middle, the finest stripes at the rim."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-response")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._response: Response | None = None
        self._image = QImage()

    def show_response(self, response: Response) -> None:
        """Show other gains."""
        self._response = response
        most = response.peak.gain or 1.0
        table = diverging_colours(theme.signed_scale(self))[ZERO:]
        pixels = np.ascontiguousarray(table[np.rint(response.square / most * (len(table) - 1)).astype(int)])
        height, width, _ = pixels.shape
        self._image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.setAccessibleName(f"The gain for every wave, from 0 to {number(response.peak.gain)}, as a picture")
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._response is not None:
            self.show_response(self._response)

    def sizeHint(self) -> QSize:
        """A square with its labels; it grows with the room there is."""
        return QSize(168, LEAST_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Smaller, the labels would meet."""
        return QSize(132, LEAST_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the square and where 0 and π lie along its sides."""
        with painting(self) as painter:
            if self._response is None:
                return
            colours = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            area = self._area()
            painter.drawImage(area, self._image)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(area)
            painter.setPen(colours.muted)
            metrics = painter.fontMetrics()
            for share, text in ((0.0, "−π"), (0.5, "0"), (1.0, "π")):
                wide = metrics.horizontalAdvance(text)
                left = min(max(area.left() + share * area.width() - wide / 2, area.left()), area.right() - wide)
                painter.drawText(QPointF(left, area.bottom() + 2 + metrics.ascent()), text)
                middle = area.bottom() - share * area.height()
                top = min(max(middle - metrics.height() / 2, area.top()), area.bottom() - metrics.height())
                beside = QRectF(0, top, area.left() - 4, metrics.height())
                painter.drawText(beside, Qt.AlignmentFlag.AlignRight, text)

    def sentence_at(self, at: QPoint) -> str:
        """What the wave under a point is multiplied by, or ""."""
        area = self._area()
        if self._response is None or not area.contains(QPointF(at)):
            return ""
        column = min(int((at.x() - area.left()) / area.width() * (2 * STEPS + 1)), 2 * STEPS)
        row = min(int((at.y() - area.top()) / area.height() * (2 * STEPS + 1)), 2 * STEPS)
        right, up = (number(steps / (2 * STEPS), digits=2) for steps in (column - STEPS, STEPS - row))
        gain = number(float(self._response.square[row, column]))
        return f"Waves of {right} cycles/pixel to the right and {up} upwards are multiplied by {gain}."

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("−π") + 4.0
        side = max(min(self.width() - left - 1, self.height() - metrics.height() - 4.0), 1.0)
        return QRectF(left, 1, side, side)


class ImpulseGrid(TooltipPicture):
    """What one pixel of 1 among zeros becomes, as coloured cells; its own place is outlined."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-impulse")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._cells: NDArray[np.float64] = np.zeros((1, 1))

    def show_cells(self, cells: NDArray[np.float64]) -> None:
        """Show another impulse response."""
        self._cells = cells
        rows, columns = cells.shape
        self.setAccessibleName(
            f"The impulse answer: {counted(rows, 'row')} and {counted(columns, 'column')} of coloured cells"
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for cells with numbers in them."""
        return QSize(min(max(self._cells.shape[1] * MOST_CELL, 120), 208) + 1, LEAST_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Cells of a few pixels: 31 of them still can be told apart."""
        return QSize(132, LEAST_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the cells."""
        with painting(self) as painter:
            painter.setFont(theme.numbers_font(self))
            colours = theme.tokens(self)
            limit = limit_of(self._cells)
            rows, columns = self._cells.shape
            side = self._side()
            metrics = painter.fontMetrics()
            texts = [[number(value, digits=2) for value in row] for row in self._cells.tolist()]
            widest = max(metrics.horizontalAdvance(text) for row in texts for text in row)
            is_written = widest + 4 <= side and metrics.height() <= side
            for row in range(rows):
                for column in range(columns):
                    cell = self.cell_rect(row, column)
                    colour = theme.diverging(float(self._cells[row, column]), limit, theme.signed_scale(self))
                    painter.fillRect(cell, colour)
                    if side >= 2 * LEAST_CELL:
                        painter.setPen(QPen(colours.line, 1))
                        painter.drawRect(cell)
                    if is_written:
                        painter.setPen(theme.ink_over(colour))
                        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, texts[row][column])
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRect(self.cell_rect(*self.place()))

    def place(self) -> tuple[int, int]:
        """The cell that lies where the 1 was."""
        rows, columns = self._cells.shape
        return rows - 1 - anchor(rows), columns - 1 - anchor(columns)

    def cell_rect(self, row: int, column: int) -> QRect:
        """Where a cell is painted."""
        side = self._side()
        return QRect(1 + column * side, 1 + row * side, side, side)

    def sentence_at(self, at: QPoint) -> str:
        """The value of the cell under a point, and how far it lies from the 1, or ""."""
        side = self._side()
        row, column = (at.y() - 1) // side, (at.x() - 1) // side
        if not (0 <= row < self._cells.shape[0] and 0 <= column < self._cells.shape[1]):
            return ""
        top, left = self.place()
        value = number(float(self._cells[row, column]), digits=7)
        if (row, column) == (top, left):
            return f"At the place of the pixel itself the output is {value}."
        return f"{_away(column - left, 'right', 'left')}, {_away(row - top, 'down', 'up')}: the output is {value}."

    def _side(self) -> int:
        rows, columns = self._cells.shape
        fits = min((self.width() - 3) // int(columns), (self.height() - 3) // int(rows))
        return min(max(fits, LEAST_CELL), MOST_CELL)


def _away(count: int, positive: str, negative: str) -> str:
    return f"{abs(count)} {positive if count >= 0 else negative}"
