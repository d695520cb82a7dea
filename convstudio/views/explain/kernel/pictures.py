"""Pictures of THE KERNEL EXAMINED: the gain for every wave, the kernel and its impulse response in cells."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.colours import ZERO, SignedScale, diverging_colours, limit_of
from convstudio.core.kernels.size import anchor
from convstudio.core.wording import counted, number
from convstudio.insight.kernel.analysis import OuterProduct
from convstudio.insight.kernel.frequency_response import STEPS, Response
from convstudio.views import theme
from convstudio.views.explain.stage import CAPTION, sized
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

LEAST_CELL, MOST_CELL = 4, 64
LEAST_WRITTEN = 20  # pixels of a cell that has room for its number
FACTOR_GAP = 10  # pixels between the kernel and its factors
BAR = 10  # pixels that the bar of colours is wide


class ResponsePicture(TooltipPicture):
    """The gain for waves in all directions: even areas in the middle, the finest stripes at the rim."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-response")
        self._response: Response | None = None
        self._image = QImage()

    def show_response(self, response: Response) -> None:
        """Show other gains."""
        self._response = response
        self._colour()
        self.setAccessibleName(f"The gain for every wave, from 0 to {number(response.peak.gain)}, as a picture")
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        self._colour()

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the square, the frequencies along its sides, and the bar of its colours."""
        with painting(self) as painter:
            if self._response is None:
                return
            colours, area = theme.tokens(self), self.area()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._image)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(area)
            painter.setFont(sized(CAPTION))
            metrics = painter.fontMetrics()
            high = metrics.height()
            for share in (0.0, 0.25, 0.5, 0.75, 1.0):
                text = number(share - 0.5)
                x, y = area.left() + share * area.width(), area.bottom() - share * area.height()
                painter.setPen(QPen(colours.outline, 1))
                painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4))
                painter.drawLine(QPointF(area.left() - 4, y), QPointF(area.left(), y))
                painter.setPen(colours.muted)
                below = QRectF(x - 30, area.bottom() + 5, 60, high)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
                beside = QRectF(0, y - high / 2, area.left() - 7, high)
                painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            below = QRectF(area.left(), area.bottom() + 6 + high, area.width(), high)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "cycles per pixel, across (and up)")
            self._paint_bar(painter, area, self._response.peak.gain, colours)

    def _paint_bar(self, painter: QPainter, area: QRectF, most: float, colours: theme.Tokens) -> None:
        """From no gain at the bottom to the largest at the top."""
        bar = QRectF(area.right() + 10, area.top(), BAR, area.height())
        ramp = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            ramp.setColorAt(share, theme.diverging(share, 1.0, theme.signed_scale(self)))
        painter.fillRect(bar, ramp)
        painter.setPen(QPen(colours.line, 1))
        painter.drawRect(bar)
        painter.setPen(colours.muted)
        high = painter.fontMetrics().height()
        for share, text in ((1.0, f"×{number(most, digits=3)}"), (0.0, "×0")):
            y = bar.bottom() - share * bar.height() - (0 if share else high)
            painter.drawText(QRectF(bar.right() + 4, y, self.width() - bar.right() - 4, high), text)

    def _colour(self) -> None:
        """Make the picture anew in the colours of the theme."""
        if self._response is None:
            return
        table = diverging_colours(theme.signed_scale(self))[ZERO:]
        most = self._response.peak.gain or 1.0
        levels = np.rint(self._response.square / most * (len(table) - 1)).astype(int)
        pixels = np.ascontiguousarray(table[levels])
        height, width, _ = pixels.shape
        self._image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()

    def sentence_at(self, at: QPoint) -> str:
        """What the wave under a point is multiplied by, or ""."""
        area = self.area()
        if self._response is None or not area.contains(QPointF(at)):
            return ""
        column = min(int((at.x() - area.left()) / area.width() * (2 * STEPS + 1)), 2 * STEPS)
        row = min(int((at.y() - area.top()) / area.height() * (2 * STEPS + 1)), 2 * STEPS)
        right, up = (number(steps / (2 * STEPS), digits=2) for steps in (column - STEPS, STEPS - row))
        gain = number(float(self._response.square[row, column]))
        return f"Waves of {right} cycles/pixel to the right and {up} upwards are multiplied by {gain}."

    def area(self) -> QRectF:
        """Where the square is painted."""
        metrics = QFontMetrics(sized(CAPTION))
        left = metrics.horizontalAdvance("−0.25") + 10.0
        right = BAR + 14.0 + metrics.horizontalAdvance("×0.0001")
        side = max(min(self.width() - left - right, self.height() - 2 * metrics.height() - 18.0), 1.0)
        return QRectF(left, metrics.height() / 2, side, side)


class FactorsPicture(TooltipPicture):
    """The kernel in cells; above and beside it the row and the column that it is the product of, where it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-factors")
        self._plane: NDArray[np.float64] = np.zeros((1, 1))
        self._product: OuterProduct | None = None

    def show_kernel(self, plane: NDArray[np.float64], products: tuple[OuterProduct, ...]) -> None:
        """Show another kernel, (height, width)."""
        self._plane = plane
        self._product = products[0] if len(products) == 1 else None
        rows, columns = plane.shape
        what = "as a column times a row" if self._product is not None else "in cells"
        self.setAccessibleName(f"The kernel of {counted(rows, 'row')} and {counted(columns, 'column')} {what}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """The cells of the kernel, and of its factors."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            groups = [(self._plane, 1, 1)]
            if self._product is not None:
                groups += [(self._product.column[:, None], 1, 0), (self._product.row[None], 0, 1)]
            for values, down, across in groups:
                limit = limit_of(values)
                rects = {place: self.cell_rect(place[0], place[1], down, across) for place in np.ndindex(values.shape)}
                cells = {place: (rect, float(values[place])) for place, rect in rects.items()}
                paint_cells(painter, cells, limit, colours, theme.signed_scale(self))

    def cell_rect(self, row: int, column: int, down: int = 1, across: int = 1) -> QRect:
        """Where a cell of the kernel is painted; of its column with `across` 0, of its row with `down` 0."""
        rows, columns = self._plane.shape
        has_factors = self._product is not None
        room = FACTOR_GAP if has_factors else 0
        more = 1 if has_factors else 0
        side = min((self.width() - 2 - room) // (columns + more), (self.height() - 2 - room) // (rows + more))
        side = min(max(side, 1), MOST_CELL)
        first = side + room if has_factors else 0
        return QRect(1 + across * first + column * side, 1 + down * first + row * side, side, side)

    def sentence_at(self, at: QPoint) -> str:
        """The weight under a point, and what it is the product of, or ""."""
        for row, column in np.ndindex(self._plane.shape):
            if self.cell_rect(row, column).contains(at):
                value = number(float(self._plane[row, column]), digits=7)
                if self._product is None:
                    return value
                first, second = self._product.column[row], self._product.row[column]
                return f"{number(float(first), digits=5)} × {number(float(second), digits=5)} = {value}"
        return ""


def paint_cells(
    painter: QPainter,
    cells: dict[tuple[int, ...], tuple[QRect, float]],
    limit: float,
    colours: theme.Tokens,
    scale: SignedScale,
) -> None:
    """Cells in the colours of signed numbers, with their numbers where all of them can be read."""
    side = next(iter(cells.values()))[0].width()
    font = sized(min(max(0.32 * side, CAPTION), 18))
    metrics = QFontMetrics(font)
    painter.setFont(font)
    texts = {place: number(value, digits=2) for place, (_, value) in cells.items()}
    is_written = side >= LEAST_WRITTEN and max(map(metrics.horizontalAdvance, texts.values())) + 4 <= side
    for place, (rect, value) in cells.items():
        colour = theme.diverging(value, limit, scale)
        painter.fillRect(rect, colour)
        if side >= 2 * LEAST_CELL:
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(rect)
        if is_written:
            painter.setPen(theme.ink_over(colour))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, texts[place])


class ImpulseGrid(TooltipPicture):
    """What one pixel of 1 among zeros becomes, as coloured cells; its own place is outlined."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-impulse")
        self._cells: NDArray[np.float64] = np.zeros((1, 1))

    def show_cells(self, cells: NDArray[np.float64]) -> None:
        """Show another impulse response."""
        self._cells = cells
        rows, columns = cells.shape
        self.setAccessibleName(
            f"The impulse answer: {counted(rows, 'row')} and {counted(columns, 'column')} of coloured cells"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the cells, and a frame around the place of the 1."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            cells = {
                place: (self.cell_rect(place[0], place[1]), float(self._cells[place]))
                for place in np.ndindex(self._cells.shape)
            }
            paint_cells(painter, cells, limit_of(self._cells), colours, theme.signed_scale(self))
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
        return min(max(fits, 1), MOST_CELL)


def _away(count: int, positive: str, negative: str) -> str:
    return f"{abs(count)} {positive if count >= 0 else negative}"
