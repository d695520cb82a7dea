"""The pictures of THE SHIFT TEST: one map with its name over it, and the one that a person drags."""

from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.geometry.regions import Region, around
from convstudio.insight.shift.translation import Shift
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of, stage

WIDEST = 1.5  # width over height for which room is made; what is wider is shown lower
HALF = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class Marked:
    """Regions of a picture: the interior is outlined, and what is not compared is hatched."""

    interior: Region
    compared: Region


class ShiftPicture(QWidget):
    """One picture under its name, as large as there is room for."""

    def __init__(self, name: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._caption = caption
        self._picture: Picture | None = None
        self._marked: Marked | None = None
        self._is_row = False
        self.setAccessibleName(caption)

    @property
    def caption(self) -> str:
        """The name over the picture."""
        return self._caption

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    def show_picture(
        self, picture: Picture | None, *, caption: str = "", marked: Marked | None = None, is_row: bool = False
    ) -> None:
        """Show another picture, or none; without a caption the name stays. Numbers in a row become columns."""
        self._picture, self._marked, self._is_row = picture, marked, is_row
        self._caption = caption or self._caption
        self.setAccessibleName(self._caption)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take no more width than the picture can fill."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """The smallest: a scroll area makes room for hints, and what there is more is taken anyway."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Smaller, one pixel of a border could not be seen."""
        return QSize(112, 112)

    def _fit(self) -> None:
        height, width = (1, 1) if self._picture is None or self._is_row else self._picture.pixels.shape[:2]
        aspect = min(max(width / height, 1.0), WIDEST)
        self.setMaximumWidth(max(self.minimumSizeHint().width(), round((self.height() - self._top()) * aspect)))

    def _top(self) -> float:
        return self.fontMetrics().height() + theme.SPACE / 2

    def place(self) -> QRectF:
        """Where the picture is painted."""
        top = self._top()
        room = QRectF(0, top, self.width(), max(self.height() - top, 1.0))
        if self._picture is None or self._is_row:
            return room
        height, width, _ = self._picture.pixels.shape
        scale = min(room.width() / width, room.height() / height)
        size = (width * scale, height * scale)
        return QRectF(0, top, *size)

    def scale(self) -> float:
        """Screen pixels for each pixel of the picture."""
        return 1.0 if self._picture is None else self.place().width() / self._picture.pixels.shape[1]

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the name, the picture and the marks."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            metrics = painter.fontMetrics()
            painter.setPen(colours.text)
            text = metrics.elidedText(self._caption, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QPointF(0, metrics.ascent()), text)
            place = self.place()
            if self._picture is None:
                painter.fillRect(place, stage(self.palette()))
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale() < 1)
                painter.drawImage(place, image_of(self._picture))
                self._paint_marks(painter, place)
                painter.setPen(colours.line)
                painter.drawRect(place.adjusted(0, 0, -1, -1))
            if self.hasFocus():
                painter.setPen(QPen(colours.accent, 2))
                painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _paint_marks(self, painter: QPainter, place: QRectF) -> None:
        if self._marked is None or self._picture is None:
            return
        colours = theme.tokens(self)
        height, width, _ = self._picture.pixels.shape
        painter.setClipRect(place)
        for region in around(self._marked.compared, Region(0, height, 0, width)):
            strip = _placed(region, place, height, width)
            painter.fillRect(strip, stage(self.palette()))
            painter.fillRect(strip, _hatch(colours.muted))
        painter.setClipping(False)
        if not self._marked.interior.is_empty:
            pen = QPen(
                QColor("#101418"), 1, Qt.PenStyle.DashLine
            )  # the neutral colour below it is light in every theme
            painter.setPen(pen)
            painter.drawRect(_placed(self._marked.interior, place, height, width).adjusted(1, 1, -1, -1))


class MovedPicture(ShiftPicture):
    """The input; a person drags it, or moves it with the arrow keys."""

    shift_asked = Signal(object)  # Shift: where the picture shall be

    def __init__(self, name: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(name, caption, parent)
        self._shift = Shift()
        self._grabbed: tuple[QPoint, Shift] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(
            "Drag the picture, or press the arrow keys: whole pixels, with Shift half pixels. Home moves it back."
        )

    def show_shift(self, shift: Shift) -> None:
        """From here the next drag or key moves it."""
        self._shift = shift

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
        distance = (event.position().toPoint() - start) / max(self.scale(), 1.0)
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
