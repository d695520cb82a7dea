"""The canvas of TEACH THE KERNEL: an enlarged piece of the picture on which the wanted output is painted."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.wording import number
from convstudio.insight.teach.models import Plane
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.painting import painting

LEAST, MOST = 96, 168
BRIGHTER = (Qt.Key.Key_Plus, Qt.Key.Key_Space)
DARKER = (Qt.Key.Key_Minus, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class PaintCanvas(QWidget):
    """Left paints brighter, right darker, by `strength` of white each time the brush enters a pixel."""

    painted = Signal(object)  # the whole piece after a touch of the brush

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach-canvas")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setToolTip(
            "The wanted output: the left button paints brighter, the right one darker. "
            "Arrow keys move the brush, plus and minus paint."
        )
        self.strength = 0.25
        self._after: Plane | None = None
        self._white = 1.0
        self._brush = (0, 0)
        self._sign = 0.0
        self._entered: tuple[int, int] | None = None  # the last pixel of the stroke

    @property
    def after(self) -> Plane | None:
        """The piece as it was painted."""
        return self._after

    def show_piece(self, after: Plane | None, white: float) -> None:
        """Show a piece, or none."""
        self._after, self._white = after, white
        if after is not None:
            self._brush = (min(self._brush[0], after.shape[0] - 1), min(self._brush[1], after.shape[1] - 1))
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """A square as high as there is room for."""
        return QSize(min(max(self.height(), LEAST), MOST), LEAST)

    def minimumSizeHint(self) -> QSize:
        """Smaller, no pixel could be hit."""
        return QSize(LEAST, LEAST)

    def resizeEvent(self, event: object) -> None:
        """The pixels grow with the height, and the width with them."""
        self.updateGeometry()

    def pixel_rect(self, row: int, column: int) -> QRectF:
        """Where a pixel is painted."""
        side = self._pixel()
        return QRectF(column * side, row * side, side, side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        self._sign = {Qt.MouseButton.LeftButton: 1.0, Qt.MouseButton.RightButton: -1.0}.get(event.button(), 0.0)
        self._entered = None
        self._stroke(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint every pixel that the brush enters; without a button held Qt tells of no move."""
        self._stroke(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the brush, or paint where it stands."""
        key, step = event.key(), arrow_step(event)
        if self._after is not None and step is not None:
            down, right = step
            height, width = self._after.shape
            row, column = self._brush
            self._brush = (min(max(row + down, 0), height - 1), min(max(column + right, 0), width - 1))
            self._describe()
            self.update()
        elif key in BRIGHTER or key in DARKER:
            self._touch(1.0 if key in BRIGHTER else -1.0)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the pixels, and the brush while keys go here."""
        with painting(self) as painter:
            if self._after is None:
                return
            colours = theme.tokens(self)
            grey = np.ascontiguousarray(np.clip(np.rint(self._after / self._white * 255), 0, 255).astype(np.uint8))
            height, width = grey.shape
            area = QRectF(0, 0, width * self._pixel(), height * self._pixel())
            painter.drawImage(area, QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8))
            painter.setPen(QPen(colours.accent if self.hasFocus() else colours.line, 2 if self.hasFocus() else 1))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            if self.hasFocus():
                rect = self.pixel_rect(*self._brush)
                painter.setPen(QPen(QColor("#101418"), 3))
                painter.drawRect(rect)
                painter.setPen(QPen(QColor("#ffd23f"), 1.5))
                painter.drawRect(rect)

    def _stroke(self, at: QPointF) -> None:
        if self._after is None or not self._sign:
            return
        pixel = int(at.y() // self._pixel()), int(at.x() // self._pixel())
        height, width = self._after.shape
        if pixel != self._entered and 0 <= pixel[0] < height and 0 <= pixel[1] < width:
            self._entered = self._brush = pixel
            self._touch(self._sign)

    def _touch(self, sign: float) -> None:
        if self._after is None:
            return
        after = self._after.copy()
        after[self._brush] = min(max(after[self._brush] + sign * self.strength * self._white, 0.0), self._white)
        self._after = after
        self._describe()
        self.update()
        self.painted.emit(after)

    def _describe(self) -> None:
        if self._after is None:
            self.setAccessibleName("A piece of the picture to paint on: nothing yet")
            return
        row, column = self._brush
        value = number(float(self._after[row, column]))
        self.setAccessibleName(f"Painted piece, brush at row {row + 1}, column {column + 1}: {value}")

    def _pixel(self) -> float:
        count = 1 if self._after is None else max(self._after.shape)
        return min(self.width(), self.height()) / count
