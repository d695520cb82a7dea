"""The pictures of THE SHIFT TEST: one map, and those that a person drags."""

from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.geometry.regions import Region, around
from convstudio.insight.shift.translation import Shift
from convstudio.views import icons, theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.shift.text import chip_text
from convstudio.views.explain.stage import CAPTION, SEMIBOLD, paint_focus, sized
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of

CHIP_INSET = 10  # pixels from the corner of the picture
HALF = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class Marked:
    """Regions of a picture: what is tested, else the interior, is outlined; what is not compared is hatched."""

    interior: Region
    compared: Region
    tested: Region | None = None


class ShiftPicture(QWidget):
    """One picture, as large as there is room for."""

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._picture: Picture | None = None
        self._marked: Marked | None = None
        self._is_row = False

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    def show_picture(self, picture: Picture | None, *, marked: Marked | None = None, is_row: bool = False) -> None:
        """Show another picture, or none. Numbers in a row become columns."""
        self._picture, self._marked, self._is_row = picture, marked, is_row
        self.update()

    def place(self) -> QRectF:
        """Where the picture is painted."""
        room = QRectF(self.rect())
        if self._picture is None or self._is_row:
            return room
        height, width, _ = self._picture.pixels.shape
        scale = min(room.width() / width, room.height() / height)
        return QRectF(0, 0, width * scale, height * scale)

    def scale(self) -> float:
        """Screen pixels for each pixel of the picture."""
        return 1.0 if self._picture is None else self.place().width() / self._picture.pixels.shape[1]

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the picture and the marks."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            place = self.place()
            if self._picture is None:
                painter.fillRect(place, colours.line)
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale() < 1)
                painter.drawImage(place, image_of(self._picture))
                self._paint_marks(painter, place)
                self.paint_over(painter, place, colours)
            if self.hasFocus():
                paint_focus(painter, place, colours)

    def paint_over(self, painter: QPainter, place: QRectF, colours: theme.Tokens) -> None:
        """Paint over the picture: nothing, unless it is overridden."""

    def _paint_marks(self, painter: QPainter, place: QRectF) -> None:
        if self._marked is None or self._picture is None:
            return
        colours = theme.tokens(self)
        height, width, _ = self._picture.pixels.shape
        painter.setClipRect(place)
        for region in around(self._marked.compared, Region(0, height, 0, width)):
            strip = _placed(region, place, height, width)
            painter.fillRect(strip, colours.stage)
            painter.fillRect(strip, _hatch(colours.line))
        painter.setClipping(False)
        outlined = self._marked.tested or self._marked.interior
        if not outlined.is_empty:
            painter.setPen(QPen(colours.faint, 1, Qt.PenStyle.DashLine))
            painter.drawRect(_placed(outlined, place, height, width).adjusted(1, 1, -1, -1))


class MovedPicture(ShiftPicture):
    """A picture that a person drags, or moves with the arrow keys; a chip says how far it is moved."""

    shift_asked = Signal(object)  # Shift: where the picture shall be

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(name, accessible, parent)
        self._shift = Shift()
        self._jump = 1.0
        self._grabbed: tuple[QPoint, Shift] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(
            "Drag the picture, or press the arrow keys: whole pixels, with Shift half pixels. Home moves it back."
        )

    @property
    def chip(self) -> str:
        """How far it is moved, in a few words."""
        return chip_text(self._shift)

    def show_jump(self, pixels: float) -> None:
        """Say how many pixels of the input lie between two of this picture's."""
        self._jump = pixels

    def paint_over(self, painter: QPainter, place: QRectF, colours: theme.Tokens) -> None:
        """The chip."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(CAPTION, SEMIBOLD))
        metrics = painter.fontMetrics()
        high = metrics.height() + 10
        room = place.width() - 2 * CHIP_INSET - high - 14
        text = self.chip if metrics.horizontalAdvance(self.chip) <= room else self.chip.replace("to the ", "")
        wide = min(metrics.horizontalAdvance(text) + 2, room) + high + 14
        chip = QRectF(place.left() + CHIP_INSET, place.bottom() - CHIP_INSET - high, wide, high)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.card)
        painter.drawRoundedRect(chip, high / 2, high / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        side = metrics.height()
        icons.icon("move").paint(painter, QRectF(chip.left() + 8, chip.top() + 5, side, side).toRect())
        painter.setPen(colours.text)
        beside = chip.adjusted(high, 0, -8, 0)
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(beside.width()) + 1)
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)

    def show_shift(self, shift: Shift) -> None:
        """From here the next drag or key moves it."""
        self._shift = shift
        self.setAccessibleDescription(f"{self.chip}. {self.toolTip()}")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grabbed = (event.position().toPoint(), self._shift)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it; in a picture shown smaller than it is, one pixel of the screen still is one pixel of it."""
        if self._grabbed is None:
            return
        start, shift = self._grabbed
        distance = (event.position().toPoint() - start) / max(self.scale() / self._jump, 1.0)
        fine = 2 if event.modifiers() & HALF else 1
        across, down = (Fraction(round(part * fine), fine) for part in (distance.x(), distance.y()))
        self.shift_asked.emit(Shift(shift.across + across, shift.down + down))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        self._grabbed = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it by one pixel, with Shift by half a pixel; Home puts it back."""
        if event.key() == Qt.Key.Key_Home:
            self.shift_asked.emit(Shift())
            return
        step = arrow_step(event)
        if step is None:
            super().keyPressEvent(event)
            return
        down, across = step
        by = Fraction(1, 2) if event.modifiers() & HALF else Fraction(1)
        self.shift_asked.emit(Shift(self._shift.across + across * by, self._shift.down + down * by))


def _placed(region: Region, place: QRectF, height: int, width: int) -> QRectF:
    across, down = place.width() / width, place.height() / height
    return QRectF(
        place.left() + region.left * across,
        place.top() + region.top * down,
        region.width * across,
        region.height * down,
    )


def _hatch(colour: QColor) -> QBrush:
    return QBrush(colour, Qt.BrushStyle.BDiagPattern)
