"""The stems of THE SHIFT TEST: the difference for every whole shift along one axis, and the present one among them."""

from math import isfinite

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.wording import counted, number, percent
from convstudio.insight.shift.comparison import REACH, Curve, Direction
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.shift.text import curve_sentence, shared_error
from convstudio.views.explain.stage import CAPTION, paint_card, paint_focus, sized
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

TOPS = (0.1, 0.2, 0.3, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 6.0)  # of the vertical axis; rounding is not blown up into stems
INSET = 16
DOT, PRESENT_DOT = 3.5, 6.0
LABELLED = 4  # every so many shifts
AXES = {Direction.ACROSS: "shift to the right, pixels", Direction.DOWN: "shift down, pixels"}


class StemChart(TooltipPicture):
    """A stem for every whole shift, with no line between: there is no shift between. Click, drag or arrows choose."""

    shift_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shift-chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._direction = Direction.ACROSS
        self._errors: dict[int, float] = {}
        self._present = 0.0
        self.show_curve(None)

    @property
    def errors(self) -> dict[int, float]:
        """The difference for every shift that can be compared."""
        return dict(self._errors)

    @property
    def present(self) -> float:
        """The shift that is filled; between two whole ones none is."""
        return self._present

    def show_curve(self, curve: Curve | None) -> None:
        """Draw other stems, or none."""
        self._errors = {}
        if curve is not None:
            self._direction = curve.question.direction
            errors = zip(curve.shifts, (shared_error(curve.baseline, errors) for errors in curve.errors), strict=True)
            self._errors = {shift: error for shift, error in errors if error is not None and isfinite(error)}
        self.setAccessibleName(
            curve_sentence(curve) if curve is not None else "Difference for every shift: nothing worked out yet"
        )
        self.update()

    def show_shift(self, pixels: float) -> None:
        """Fill the present shift."""
        self._present = pixels
        here = self._errors.get(round(pixels))
        self.setAccessibleDescription("" if here is None else self._sentence(round(pixels), here))
        self.update()

    def top(self) -> float:
        """The end of the vertical axis."""
        most = max(self._errors.values(), default=0.0)
        return next((top for top in TOPS if top >= most), most)

    def point_of(self, shift: float, error: float) -> QPointF:
        """Where the end of a stem is."""
        area = self._area()
        across = (shift + REACH) / (2 * REACH)
        return QPointF(area.left() + across * area.width(), area.bottom() - error / self.top() * area.height())

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(320, 200)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the shift under the mouse."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on choosing while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next shift, Home to none."""
        step = arrow_step(event)
        if event.key() == Qt.Key.Key_Home:
            self.shift_chosen.emit(0)
        elif step is not None and step[1]:
            self.shift_chosen.emit(min(max(round(self._present) + step[1], -REACH), REACH))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the size of the text."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, three levels, and the stems."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self)
            paint_card(painter, QRectF(self.rect()), colours)
            painter.setFont(sized(CAPTION))
            self._paint_axes(painter, colours)
            self._paint_stems(painter, colours)
            if self.hasFocus():
                paint_focus(painter, QRectF(self.rect()), colours)

    def sentence_at(self, at: QPoint) -> str:
        """What the shift under a point does."""
        shift = self._shift_at(QPointF(at))
        return "" if shift not in self._errors else self._sentence(shift, self._errors[shift])

    def _paint_axes(self, painter: QPainter, colours: theme.Tokens) -> None:
        area, metrics, top = self._area(), painter.fontMetrics(), self.top()
        high = metrics.height()
        for level in (0.0, top / 2, top):
            y = self.point_of(0, level).y()
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colours.muted)
            beside = QRectF(0, y - high / 2, area.left() - DOT - 6, high)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(level))
        for shift in range(-REACH, REACH + 1, LABELLED):
            at = self.point_of(shift, 0)
            below = QRectF(at.x() - 20, area.bottom() + 8, 40, high)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, number(shift))
        below = QRectF(area.left(), area.bottom() + 10 + high, area.width(), high)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, AXES[self._direction])

    def _paint_stems(self, painter: QPainter, colours: theme.Tokens) -> None:
        for shift, error in sorted(self._errors.items()):
            end, foot = self.point_of(shift, error), self.point_of(shift, 0)
            is_present = shift == self._present
            painter.setPen(QPen(colours.accent, 2 if is_present else 1.5))
            painter.drawLine(foot, end)
            painter.setBrush(colours.accent if is_present else colours.card)
            size = PRESENT_DOT if is_present else DOT
            painter.drawEllipse(end, size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = INSET + metrics.horizontalAdvance("100 %")
        below = 2 * metrics.height() + 18
        return QRectF(left, INSET, max(self.width() - left - INSET, 1), max(self.height() - INSET - below, 1))

    def _shift_at(self, place: QPointF) -> int:
        area = self._area()
        return min(max(round((place.x() - area.left()) / area.width() * 2 * REACH) - REACH, -REACH), REACH)

    def _choose(self, place: QPointF) -> None:
        shift = self._shift_at(place)
        if shift != self._present:
            self.shift_chosen.emit(shift)

    def _sentence(self, shift: int, error: float) -> str:
        return f"{counted(abs(shift), 'pixel').replace('0 pixels', 'Not moved')}: {percent(error)} differs"
