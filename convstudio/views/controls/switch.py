"""Something that is on or off, drawn as a switch with its label at the left."""

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from convstudio.views import theme
from convstudio.views.painting import painting

TRACK, GAP, FOCUS = QSize(32, 18), 8, 3
KNOB = 14


class Switch(QAbstractButton):
    """A checkable button; `clicked(bool)` says that a person turned it, Space does too."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None, *, short: str = "") -> None:
        super().__init__(parent)
        self._texts = text, short or text
        self.setObjectName(name)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_on(self, is_on: bool) -> None:  # noqa: FBT001  # the one value that it shows
        """Show whether it is on."""
        with QSignalBlocker(self):
            self.setChecked(is_on)
        self.update()

    def show_short(self, *, is_short: bool) -> None:
        """Say the short label, or the whole one."""
        text = self._texts[is_short]
        if text != self.text():
            self.setText(text)
            self.updateGeometry()

    def width_with(self, *, is_short: bool) -> int:
        """How wide it is with the short label, or with the whole one."""
        text = self._texts[is_short]
        words = self.fontMetrics().horizontalAdvance(text) + GAP if text else 0
        return words + TRACK.width() + 2 * FOCUS

    def sizeHint(self) -> QSize:
        """The label, the switch, and the room of the frame that shows the focus."""
        height = max(self.fontMetrics().height(), TRACK.height()) + 2 * FOCUS
        return QSize(self.width_with(is_short=self.text() != self._texts[0]), height)

    def minimumSizeHint(self) -> QSize:
        """No word of it is cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The label, then the switch at the right end."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            track = QRectF(
                self.width() - FOCUS - TRACK.width(),
                (self.height() - TRACK.height()) / 2,
                TRACK.width(),
                TRACK.height(),
            )
            ink = colours.muted if self.isEnabled() else colours.faint
            painter.setPen(ink)
            words = QRectF(FOCUS, 0, track.left() - GAP - FOCUS, self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
            painter.setPen(Qt.PenStyle.NoPen)
            if self.isEnabled():
                painter.setBrush(colours.accent if self.isChecked() else colours.faint)
            else:
                painter.setBrush(colours.line)
            painter.drawRoundedRect(track, TRACK.height() / 2, TRACK.height() / 2)
            inset = (TRACK.height() - KNOB) / 2
            left = track.right() - inset - KNOB if self.isChecked() else track.left() + inset
            painter.setBrush(colours.on_accent if self.isChecked() else colours.card)
            painter.drawEllipse(QRectF(left, track.top() + inset, KNOB, KNOB))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colours.accent, 2))
                frame = track.adjusted(1 - FOCUS, 1 - FOCUS, FOCUS - 1, FOCUS - 1)
                painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
