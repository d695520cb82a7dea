"""A digit on its canvas, which the hand moves or draws, and beside it what three networks take it for."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.wording import percent
from convstudio.insight.learn.layers import Values
from convstudio.insight.learn.networks import CANVAS, NetworkKind
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.stage import CAPTION, SEMIBOLD, TEXT, paint_card, paint_focus, sized
from convstudio.views.painting import painting

FARTHEST = 3  # pixels that a digit can be moved before it leaves the canvas
INK = 0.9  # how much one stroke of the pen leaves in its pixel
AROUND = 0.45  # and in the four beside it


class DigitCanvas(QWidget):
    """14×14 pixels. What the mouse does there is up to whoever derives from it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pixels: Values = np.zeros((CANVAS, CANVAS), np.float32)
        self.is_blank = False  # whether there is no picture yet

    def show_pixels(self, pixels: Values) -> None:
        """Show another picture, (14, 14) between 0 and 1."""
        self.pixels, self.is_blank = pixels, False
        self.update()

    def sizeHint(self) -> QSize:
        """Cells of 16 pixels."""
        return QSize(CANVAS * 16, CANVAS * 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pixels as they are, and the focus."""
        with painting(self) as painter:
            grey = np.ascontiguousarray(np.clip(self.pixels * 255, 0, 255).astype(np.uint8))
            image = QImage(grey.data, CANVAS, CANVAS, CANVAS, QImage.Format.Format_Grayscale8)
            if self.is_blank:
                paint_card(painter, QRectF(self.rect()), theme.tokens(self))
            else:
                painter.drawImage(QRectF(self.rect()), image)
            if self.hasFocus():
                paint_focus(painter, QRectF(self.rect()), theme.tokens(self))

    def cell_at(self, place: QPointF) -> tuple[int, int]:
        """Row and column under a point."""
        row, column = int(place.y() * CANVAS / max(self.height(), 1)), int(place.x() * CANVAS / max(self.width(), 1))
        return min(max(row, 0), CANVAS - 1), min(max(column, 0), CANVAS - 1)


class MovedDigit(DigitCanvas):
    """A digit that is dragged by whole pixels; arrows do the same."""

    moved = Signal(int, int)  # pixels to the right and down, from the middle

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("learn-digit", parent)
        self.setAccessibleName("A test digit; drag it, or move it with the arrows")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.shift = 0, 0
        self.is_blank = True
        self._grip: tuple[QPointF, tuple[int, int]] | None = None

    def show_shift(self, right: int, down: int) -> None:
        """Say how far the digit that is shown was moved."""
        self.shift = right, down
        self.setAccessibleDescription(f"{right} to the right, {down} down")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the digit."""
        self._grip = event.position(), self.shift

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it by whole pixels."""
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            start, (right, down) = self._grip
            by, cell = event.position() - start, max(self.width() / CANVAS, 1)
            self._move(right + round(by.x() / cell), down + round(by.y() / cell))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move it, Home puts it back."""
        step = arrow_step(event)
        if event.key() == Qt.Key.Key_Home:
            self._move(0, 0)
        elif step is not None:
            self._move(self.shift[0] + step[1], self.shift[1] + step[0])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The digit, and a dashed frame where it stood."""
        super().paintEvent(event)
        with painting(self) as painter:
            if self.shift != (0, 0):
                cell = self.width() / CANVAS
                painter.setPen(QPen(theme.WHITE_INK, 1, Qt.PenStyle.DashLine))
                painter.drawRect(QRectF(3 * cell, 3 * cell, 8 * cell, 8 * cell))

    def _move(self, right: int, down: int) -> None:
        shift = min(max(right, -FARTHEST), FARTHEST), min(max(down, -FARTHEST), FARTHEST)
        if shift != self.shift:
            self.moved.emit(*shift)


class DrawnDigit(DigitCanvas):
    """An empty canvas to draw on; the right button, or Delete, wipes it clean."""

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("learn-drawing", parent)
        self.setAccessibleName("Draw a digit here with the mouse")
        self.setCursor(Qt.CursorShape.CrossCursor)

    def clear(self) -> None:
        """Wipe it clean."""
        self.show_pixels(np.zeros((CANVAS, CANVAS), np.float32))
        self.drawn.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the pen down."""
        if event.button() is Qt.MouseButton.RightButton:
            self.clear()
        else:
            self._ink(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ink(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete wipes it clean."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _ink(self, place: QPointF) -> None:
        row, column = self.cell_at(place)
        pixels = self.pixels.copy()
        for down, right, ink in ((0, 0, INK), (1, 0, AROUND), (-1, 0, AROUND), (0, 1, AROUND), (0, -1, AROUND)):
            if 0 <= row + down < CANVAS and 0 <= column + right < CANVAS:
                pixels[row + down, column + right] = max(pixels[row + down, column + right], ink)
        self.show_pixels(pixels)
        self.drawn.emit()


class Answers(QWidget):
    """What each network takes a picture for, how sure it is, and whether it is right where that is known."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._answers: tuple[tuple[int, float], ...] = ()
        self._right: int | None = None

    def show_answers(self, answers: tuple[tuple[int, float], ...], right: int | None) -> None:
        """Each network's digit and the share of its belief, in the order of `NetworkKind`; none shows nothing."""
        self._answers, self._right = answers, right
        texts = [
            f"{kind}: {digit}, {percent(share)}" for kind, (digit, share) in zip(NetworkKind, answers, strict=False)
        ]
        self.setAccessibleName("; ".join(texts) or "No answers yet")
        self.update()

    @property
    def answers(self) -> tuple[tuple[int, float], ...]:
        """What is shown."""
        return self._answers

    def sizeHint(self) -> QSize:
        """Three rows."""
        return QSize(180, 190)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A row for each network: its name, its digit, a bar, and a tick or a cross."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self)
            inks = colours.dense, colours.local, colours.convolution
            high = min(self.height() / len(NetworkKind), 66.0)
            for place, kind in enumerate(NetworkKind):
                top = place * high
                painter.setFont(sized(CAPTION))
                painter.setPen(colours.muted)
                painter.drawText(QPointF(0, top + 14), str(kind))
                if place < len(self._answers):
                    self._paint_answer(painter, top + 20, inks[place], *self._answers[place])

    def _paint_answer(self, painter: QPainter, top: float, ink: QColor, digit: int, share: float) -> None:
        colours = theme.tokens(self)
        painter.setPen(ink)
        painter.setFont(sized(22, SEMIBOLD))
        painter.drawText(QRectF(0, top, 24, 28), Qt.AlignmentFlag.AlignVCenter, str(digit))
        bar = QRectF(32, top + 12, max(self.width() - 32 - 66, 20), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(bar, 2.5, 2.5)
        painter.setBrush(ink)
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), 2.5, 2.5)
        painter.setPen(colours.text)
        painter.setFont(sized(TEXT))
        beside = QRectF(bar.right() + 6, top, 44, 28)
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, percent(share))
        if self._right is not None:
            is_right = digit == self._right
            painter.setPen(colours.good if is_right else colours.warning)
            mark = "✓" if is_right else "✗"
            painter.drawText(QRectF(bar.right() + 52, top, 14, 28), Qt.AlignmentFlag.AlignVCenter, mark)
