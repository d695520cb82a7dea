"""The slider of the Count stage: its three stops are the numbers themselves, and between them is what is saved."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, exp, log

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.recipe.counts import Comparison
from convstudio.core.wording import integer, rounded
from convstudio.views import theme
from convstudio.views.painting import painting

DENSE, LOCAL, SHARED = 0.0, 1.0, 2.0  # the stops
WORDS = ("dense", "local", "shared")
LARGEST_IN_DIGITS = 10**9
KNOB = 9  # pixels of radius
INSET = 12  # pixels at both ends of the track
BELOW = 32  # pixels from the track to the lower edge, with what is saved: there no knob covers it
TALL, LOW = 96, 78  # with large and with small numbers
NUMBERS = (30, 22, 18, 15, 13)  # pixels of the numbers' letters: the largest for which there is room
WIDE = 800  # pixels from which there is room for large numbers
APART = 12  # pixels at least between two numbers, however long they are on the way


@dataclass(frozen=True)
class Texts:
    """What stands at the stops and between them."""

    numbers: tuple[str, str, str]
    savings: tuple[str, str]
    counts: tuple[int, int, int]

    def numbers_at(self, position: float) -> tuple[str, str, str]:
        """The numbers with the slider at a place: between two stops, the next one counts down to what it will be.

        Equal ways of the slider are equal factors, as on every logarithmic scale.

        Examples
        --------
        >>> Texts(("10,000", "100", "1"), ("", ""), (10_000, 100, 1)).numbers_at(0.5)
        ('10,000', '1,000', '1')
        >>> Texts(("10,000", "100", "1"), ("", ""), (10_000, 100, 1)).numbers_at(2.0)
        ('10,000', '100', '1')
        """
        start, share = divmod(position, 1.0)
        if share == 0:
            return self.numbers
        before, after = self.counts[int(start)], self.counts[int(start) + 1]
        count = round(exp((1 - share) * log(max(before, 1)) + share * log(max(after, 1))))
        dense, local, shared = self.numbers
        return (dense, number_text(count), shared) if start == DENSE else (dense, local, number_text(count))


def texts_of(comparison: Comparison) -> Texts:
    """Numbers in all their digits where they can be read at a glance, else in words.

    Examples
    --------
    >>> from convstudio.insight.parameters.what_if import Scope, subject_of
    >>> article = subject_of(None, -1, Scope.ARTICLE)
    >>> texts_of(article.comparison_in(article.planned())).savings
    ('sparsity ÷ 41', 'sharing ÷ 784')
    """
    weights = (comparison.dense.weights, comparison.local.weights, comparison.conv.weights)
    dense, local, shared = map(number_text, weights)
    sparsity = "no window meets it" if comparison.sparsity is None else f"sparsity ÷ {rounded(comparison.sparsity)}"
    sharing = f"sharing ÷ {rounded(comparison.sharing)}" if comparison.sharing >= 1 else "nothing is shared"
    return Texts((dense, local, shared), (sparsity, sharing), weights)


def number_text(count: int) -> str:
    """A count at its stop."""
    return integer(count) if count < LARGEST_IN_DIGITS else rounded(count)


class CountSlider(QWidget):
    """A track from dense over local to shared. The hand may stop anywhere; let go, it goes to the nearest stop."""

    moved = Signal(float)  # while it is dragged: 0 dense … 2 shared
    stopped = Signal(float)  # the stop to go to

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("count-slider")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._texts: Texts | None = None
        self._position = LOCAL
        self._letters, self._words = NUMBERS[-1], WORDS
        self._name()

    @property
    def position(self) -> float:
        """Where the knob is."""
        return self._position

    def show_texts(self, texts: Texts | None) -> None:
        """Show other numbers; None shows an empty track."""
        self._texts = texts
        self.setEnabled(texts is not None)
        self._fit()
        self._name()
        self.update()

    def show_position(self, position: float) -> None:
        """Put the knob somewhere."""
        self._position = min(max(position, DENSE), SHARED)
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        """The numbers over the track."""
        return QSize(640, self._height())

    def minimumSizeHint(self) -> QSize:
        """Three short numbers."""
        return QSize(320, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the numbers that there is room for."""
        super().resizeEvent(event)
        self.setFixedHeight(self._height())
        self._fit()

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A number is a stop; the track is where the knob goes."""
        if self._texts is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        for stop, area in enumerate(self._number_areas(self._texts.numbers)):
            if area.contains(event.position()):
                self.stopped.emit(float(stop))
                return
        self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The knob follows the hand."""
        if self._texts is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, it goes to the nearest stop."""
        if self._texts is not None and self._position not in (DENSE, LOCAL, SHARED):
            self.stopped.emit(float(round(self._position)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel is for the picture below."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go from stop to stop."""
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self.stopped.emit(max(DENSE, float(round(self._position)) - 1))
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self.stopped.emit(min(SHARED, float(round(self._position)) + 1))
            case Qt.Key.Key_Home:
                self.stopped.emit(DENSE)
            case Qt.Key.Key_End:
                self.stopped.emit(SHARED)
            case _:
                super().keyPressEvent(event)

    def _drag_to(self, x: float) -> None:
        left, right = self._track()
        self.show_position(SHARED * (x - left) / max(right - left, 1))
        self.moved.emit(self._position)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw numbers, track and knob."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self)
            self._paint_track(painter, colours)
            if self._texts is not None:
                self._paint_numbers(painter, self._texts, colours)
                self._paint_savings(painter, self._texts, colours)
                self._paint_knob(painter, colours)

    def _paint_track(self, painter: QPainter, colours: theme.Tokens) -> None:
        (left, right), y = self._track(), self._track_y()
        knob = self._x_of(self._position)
        painter.setPen(QPen(colours.outline, 2))
        for stop in (DENSE, LOCAL, SHARED):
            painter.drawLine(QPointF(self._x_of(stop), y - 6), QPointF(self._x_of(stop), y + 6))
        painter.setPen(QPen(_between(colours.line, colours.outline), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        if self._texts is None:
            return
        painter.setPen(QPen(colours.accent, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(left, y), QPointF(knob, y))

    def _paint_knob(self, painter: QPainter, colours: theme.Tokens) -> None:
        knob, y = self._x_of(self._position), self._track_y()
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(knob, y), KNOB + 3, KNOB + 3)
        painter.setPen(QPen(colours.accent, 2))
        painter.setBrush(colours.card)
        painter.drawEllipse(QPointF(knob, y), KNOB, KNOB)

    def _paint_numbers(self, painter: QPainter, texts: Texts, colours: theme.Tokens) -> None:
        here = ceil(self._position)  # between two stops, the number that counts down
        numbers = texts.numbers_at(self._position)
        for stop, (number, area) in enumerate(zip(numbers, self._number_areas(numbers), strict=True)):
            is_here = stop == here
            font = self._number_font()
            painter.setFont(font)
            painter.setPen(colours.accent if is_here else colours.text)
            width = QFontMetrics(font).horizontalAdvance(number)
            baseline = area.bottom() - 6
            painter.drawText(QPointF(area.left(), baseline), number)
            word = self._word_font(is_strong=is_here)
            painter.setFont(word)
            painter.setPen(colours.accent if is_here else colours.muted)
            painter.drawText(QPointF(area.left() + width + 10, baseline), self._words[stop])

    def _paint_savings(self, painter: QPainter, texts: Texts, colours: theme.Tokens) -> None:
        """Under the way that saves it; in the accent's colour once the knob has gone all of that way."""
        painter.setFont(self._word_font(is_strong=True))
        for stop, area, text in zip((LOCAL, SHARED), self.saving_places, texts.savings, strict=True):
            painter.setPen(colours.accent if self._position >= stop else colours.text)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    # places

    @property
    def number_places(self) -> tuple[QRectF, ...]:
        """Where the numbers stand, with their words."""
        return self._number_areas(self._texts.numbers_at(self._position)) if self._texts is not None else ()

    @property
    def saving_places(self) -> tuple[QRectF, ...]:
        """Where it stands what each half of the way saves."""
        metrics, top = QFontMetrics(self._word_font(is_strong=True)), self._track_y() + KNOB + 3
        texts = self._texts.savings if self._texts is not None else ()
        middles = (self._x_of((LOCAL + DENSE) / 2), self._x_of((SHARED + LOCAL) / 2))
        widths = [metrics.horizontalAdvance(text) + 2 for text in texts]
        return tuple(
            QRectF(middle - width / 2, top, width, self.height() - top)
            for middle, width in zip(middles, widths, strict=bool(texts))
        )

    @property
    def knob_place(self) -> QRectF:
        """Where the knob is."""
        return QRectF(self._x_of(self._position) - KNOB, self._track_y() - KNOB, 2 * KNOB, 2 * KNOB)

    def _number_areas(self, numbers: tuple[str, str, str]) -> tuple[QRectF, ...]:
        """Where the numbers with their words stand: at the left end, around the middle, and at the right end."""
        number, word = QFontMetrics(self._number_font()), QFontMetrics(self._word_font(is_strong=True))
        widths = [
            number.horizontalAdvance(text) + (10 + word.horizontalAdvance(name) if name else 0)
            for text, name in zip(numbers, self._words, strict=True)
        ]
        left, right = self._track()
        starts = (left - 6, (left + right - widths[1]) / 2, right + KNOB - widths[2])
        height = self._track_y() - 20
        return tuple(QRectF(start, 0, width, height) for start, width in zip(starts, widths, strict=True))

    def _track(self) -> tuple[float, float]:
        return float(INSET), float(max(self.width() - INSET, INSET + 1))

    def _track_y(self) -> float:
        return float(self.height() - BELOW)

    def _x_of(self, position: float) -> float:
        left, right = self._track()
        return left + (right - left) * position / SHARED

    def _height(self) -> int:
        return TALL if self.width() >= WIDE else LOW

    def _fit(self) -> None:
        """Take the largest letters in which no number meets the next one; the words go where even the smallest do."""
        if self._texts is None:
            return
        dense, local, _ = self._texts.numbers
        longest = (dense, max(dense, local, key=len), max(local, self._texts.numbers[2], key=len))  # as they count down
        sizes = NUMBERS if self.width() >= WIDE else NUMBERS[1:]
        for words, letters in [(WORDS, letters) for letters in sizes] + [(("", "", ""), NUMBERS[-1])]:
            self._words, self._letters = words, letters
            areas = self._number_areas(longest)
            if all(first.right() + APART <= second.left() for first, second in pairwise(areas)):
                return

    def _number_font(self) -> QFont:
        font = theme.numbers_font(self)
        scale = max(self.font().pixelSize(), 13) / 13
        font.setPixelSize(round(self._letters * scale))
        font.setWeight(QFont.Weight.Medium)
        return font

    def _word_font(self, *, is_strong: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
        return font

    def _name(self) -> None:
        if self._texts is None:
            self.setAccessibleName("Dense, local, shared: there is nothing to compare")
            return
        dense, local, shared = self._texts.numbers
        self.setAccessibleName(f"Dense {dense}, local {local}, shared {shared}; at {WORDS[round(self._position)]}")


def _between(first: QColor, second: QColor) -> QColor:
    parts = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return QColor(*((start + end) // 2 for start, end in parts))
