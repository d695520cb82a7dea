"""The histogram of what is shown, with the two ends of its range, which can be dragged, and what lies outside of it."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from convstudio.core.display.colours import SignedScale, colours_of
from convstudio.core.display.histogram import Histogram
from convstudio.core.display.pictures import Picture
from convstudio.core.display.ranges import DisplayRange
from convstudio.core.recipe.document import DisplayMode
from convstudio.core.wording import number, percent
from convstudio.views import theme
from convstudio.views.painting import painting
from convstudio.views.style_sheet import set_kind

LINE = 18  # pixels of the row of numbers
STRIP = 12  # of the scale of colours
WIDE, HIGH = 300, 130  # pixels, from one of which on a signed histogram has bars of its own colours
GRIP = 12  # pixels beside an end that take hold of it
KEY_STEP = 1 / 32  # of the range, that an arrow key moves an end by
STRENGTH = 110  # of 255, of a channel's colour


class HistogramView(QWidget):
    """A histogram over its range: three channels for colour, bars of the scale's colours for signed values."""

    range_edited = Signal(object, bool)  # (low, high), and whether the drag goes on
    range_freed = Signal()  # measured again
    clipped_toggled = Signal(bool)

    def __init__(self, side: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._histogram: Histogram | None = None
        self._note = ""
        self._grabbed: tuple[DisplayRange, bool] | None = None  # the range at the press, and whether its high end
        self._dragged: tuple[float, float] | None = None
        self.open_menu: Callable[[], None] = lambda: None
        self.setObjectName(f"{side}-histogram")
        self.setAccessibleName(f"Histogram of the {side}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.clipped = QToolButton(self)
        self.clipped.setObjectName(f"{side}-clipped")
        self.clipped.setCheckable(True)
        self.clipped.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_kind(self.clipped, "small")
        self.clipped.toggled.connect(self.clipped_toggled)
        self.clipped.hide()

    @property
    def labels(self) -> tuple[tuple[float, str], ...]:
        """The numbers below, and where they stand as shares of the width."""
        if self._picture is None:
            return ()
        low, high = self._dragged or (self._picture.low, self._picture.high)
        ends = ((0.0, number(low)), (1.0, number(high)))
        return (ends[0], (-low / (high - low), "0"), ends[1]) if low < 0 < high else ends

    def show_picture(self, picture: Picture, histogram: Histogram | None, *, note: str = "") -> None:
        """Show the histogram of a picture; the note says of what it is."""
        self._note = note
        is_same = self._picture is not None and picture.mode is self._picture.mode and histogram is not None
        if histogram is self._histogram and (is_same or picture is self._picture):
            return  # what is written beside it goes with it
        self._picture = picture
        if self._grabbed is None:
            self._histogram = histogram
            self._dragged = None
        is_signed = picture.mode is DisplayMode.SIGNED
        share = percent(picture.clipped, step=0.1)
        self.clipped.setText(f"{share} outside" if is_signed else f"{share} clipped")
        self.clipped.setToolTip("Mark them on the picture")
        self.clipped.setAccessibleName(f"{self.clipped.text()}: mark them on the picture")
        self.clipped.setVisible(picture.clipped > 0 or self.clipped.isChecked())
        self.setToolTip(
            f"Shown from {number(picture.low)} to {number(picture.high)}. Drag an end, or move it with the arrow keys "
            "(Ctrl for the lower one); a double click measures it again."
        )
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        """As in the row below a square picture."""
        return QSize(208, 104)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in the middle of the numbers."""
        super().resizeEvent(event)
        self._place()

    # the ends

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an end."""
        end = self._end_at(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and end is not None and self._picture is not None:
            self._grabbed = self._picture.display_range, end
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the end that is held."""
        if self._grabbed is None:
            is_end = self._end_at(event.position().x()) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if is_end else Qt.CursorShape.ArrowCursor)
            return
        old, is_high = self._grabbed
        share = event.position().x() / max(self.width(), 1)
        self._dragged = _moved(old, old.low + share * (old.high - old.low), is_high=is_high)
        self.range_edited.emit(self._dragged, True)  # a signal's
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        dragged, self._grabbed = self._dragged, None
        if dragged is not None:
            self.range_edited.emit(dragged, False)  # a signal's
        self._dragged = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Measure the range again."""
        self._grabbed = self._dragged = None
        self.range_freed.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the upper end with the arrow keys, with Ctrl the lower one."""
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self._picture is None or not direction:
            event.ignore()
            return
        old, is_high = self._picture.display_range, not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        end = (old.high if is_high else old.low) + direction * KEY_STEP * (old.high - old.low)
        self.range_edited.emit(_moved(old, end, is_high=is_high), False)  # a signal's
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open what else can be chosen of the range."""
        self.open_menu()
        event.accept()

    @property
    def _is_scale(self) -> bool:
        """Whether signed values have but a strip of colours, as there is little room."""
        is_small = self.width() < WIDE and self.height() < HIGH
        return self._picture is not None and self._picture.mode is DisplayMode.SIGNED and is_small

    @property
    def _note_room(self) -> int:
        """Pixels above the bars for the words."""
        return 8 + self.fontMetrics().height() + 4 if self._note else 0

    def _end_at(self, x: float) -> bool | None:
        """Whether the high end lies there, or the low one; None where neither does."""
        if x >= self.width() - GRIP:
            return True
        return False if x <= GRIP else None

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The histogram, its axis and the numbers."""
        with painting(self) as painter:
            picture, histogram, tokens = self._picture, self._histogram, theme.tokens(self)
            if picture is None:
                return
            plot = QRectF(0, 0, self.width(), max(self.height() - LINE, 1))
            if self._is_scale:
                self._paint_scale(painter, plot, picture, tokens)
            elif histogram is not None:
                self._paint_counts(painter, plot.adjusted(0, self._note_room, 0, 0), picture, histogram, tokens)
                painter.fillRect(QRectF(0, plot.bottom() - 1, plot.width(), 1), tokens.faint)
                self._paint_note(painter, tokens)
            if self._grabbed is not None:
                x = plot.right() - 1 if self._grabbed[1] else 0.0
                painter.fillRect(QRectF(x, 0, 2, plot.height()), tokens.accent)
            self._paint_numbers(painter, tokens)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(tokens.accent, 2.0))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_counts(
        self, painter: QPainter, plot: QRectF, picture: Picture, histogram: Histogram, tokens: theme.Tokens
    ) -> None:
        counts, ratio = histogram.counts, self.devicePixelRatioF()
        ranked = np.sort(counts, axis=None)
        most = float(ranked[-min(4, ranked.size)]) or float(ranked[-1]) or 1.0  # a few spikes would flatten the rest
        width, height = max(round(plot.width() * ratio), 1), max(round((plot.height() - 2) * ratio), 1)
        places = (np.arange(width) + 0.5) * counts.shape[1] / width
        if histogram.display_range.mode is DisplayMode.SIGNED:
            columns = np.minimum(places.astype(int), counts.shape[1] - 1)
            entries = np.clip(np.round((columns + 0.5) / counts.shape[1] * 254) + 1, 1, 255).astype(np.uint8)
            image = _is_covered(counts[0][columns] / most, height) * entries
            table = _signed_table(picture.signed_scale)
        else:
            hues = (tokens.pin_red, tokens.good, tokens.local) if len(counts) == 3 else (tokens.muted,)
            centres = np.arange(counts.shape[1]) + 0.5
            image = np.zeros((height, width), np.uint8)
            for bit, row in enumerate(counts):
                image |= _is_covered(np.interp(places, centres, row) / most, height).view(np.uint8) << bit
            table = np.array([_laid_over(hues, entry) for entry in range(2 ** len(hues))], np.uint32)
        pixels = table[image]
        picture_of_counts = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(QRectF(0, plot.bottom() - height / ratio, width / ratio, height / ratio), picture_of_counts)

    def _paint_scale(self, painter: QPainter, plot: QRectF, picture: Picture, tokens: theme.Tokens) -> None:
        """A strip of the scale's colours, and words over it."""
        table = colours_of(picture.mode, picture.signed_scale, is_colour=picture.is_colour)[1:]
        image = QImage(table.tobytes(), len(table), 1, 3 * len(table), QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(0, plot.bottom() - STRIP, plot.width(), STRIP), image)
        self._paint_note(painter, tokens)

    def _paint_note(self, painter: QPainter, tokens: theme.Tokens) -> None:
        painter.setPen(tokens.muted)
        metrics = self.fontMetrics()
        words = metrics.elidedText(self._note, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, 8, self.width(), metrics.height()), Qt.AlignmentFlag.AlignLeft, words)

    def _paint_numbers(self, painter: QPainter, tokens: theme.Tokens) -> None:
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(tokens.text)
        metrics = painter.fontMetrics()
        is_apart = self.clipped.isHidden() or self.clipped.y() < self.height() - LINE - 8
        for share, text in self.labels:
            if 0 < share < 1 and not is_apart:
                continue
            width = metrics.horizontalAdvance(text) + 2
            left = min(max(share * self.width() - width / 2, 0.0), self.width() - width)
            plate = QRectF(left, self.height() - LINE, width, LINE)
            painter.drawText(plate, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter, text)

    def _place(self) -> None:
        """The button: between the numbers, or under the words of a signed scale."""
        size, high = self.clipped.sizeHint(), self.height()
        if self._is_scale:
            self.clipped.setGeometry(-6, 8 + self.fontMetrics().height(), size.width(), LINE + 6)
        else:
            self.clipped.setGeometry((self.width() - size.width()) // 2, high - LINE - 2, size.width(), LINE + 2)


def _is_covered(shares: NDArray[np.float64], height: int) -> NDArray[np.bool_]:
    """Which pixels (height, W) lie under columns of these shares (W,) of the height."""
    tops = np.ceil(height - np.minimum(shares, 1.0) * height).astype(np.int16)
    covered: NDArray[np.bool_] = np.arange(height, dtype=np.int16)[:, None] >= tops
    return covered


@cache
def _signed_table(scale: SignedScale) -> NDArray[np.uint32]:
    """The colours of a signed scale as Qt's words; the first is nothing."""
    colours = colours_of(DisplayMode.SIGNED, scale, is_colour=False).astype(np.uint32)
    words = 0xFF000000 | colours[:, 0] << 16 | colours[:, 1] << 8 | colours[:, 2]
    words[0] = 0
    return words.astype(np.uint32)


def _laid_over(hues: tuple[QColor, ...], which: int) -> int:
    """Qt's premultiplied colour of the hues laid over each other of which `which` has the bit."""
    red = green = blue = opacity = 0.0
    for bit, hue in enumerate(hues):
        if which >> bit & 1:
            share = STRENGTH / 255
            red, green, blue = (
                over * share + under * (1 - share)
                for over, under in zip((hue.redF(), hue.greenF(), hue.blueF()), (red, green, blue), strict=True)
            )
            opacity = share + opacity * (1 - share)
    parts = (opacity, red, green, blue)
    return sum(round(255 * part) << shift for part, shift in zip(parts, (24, 16, 8, 0), strict=True))


def _moved(old: DisplayRange, end: float, *, is_high: bool) -> tuple[float, float]:
    """The range with one end moved, never turned over; where both ends mean one magnitude, both move."""
    least = (old.high - old.low) / 256
    if old.mode in (DisplayMode.SIGNED, DisplayMode.OFFSET):
        magnitude = max(end if is_high else -end, least)
        return -magnitude, magnitude
    if old.mode is DisplayMode.ABSOLUTE:
        return 0.0, max(end, least) if is_high else old.high
    return (old.low, max(end, old.low + least)) if is_high else (min(end, old.high - least), old.high)
