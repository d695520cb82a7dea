"""What lies over the output while another recipe is looked at: its name, and how to take it."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QWidget

from convstudio.views import theme
from convstudio.views.painting import painting

HEIGHT = 28
INSET = 14  # of the words, from the round ends
GAP = 10


class Around(NamedTuple):
    """What a chip lies among."""

    header: QWidget
    title: QWidget
    controls: QWidget
    output: QWidget


class PreviewChip(QWidget):
    """The name of what is looked at; it takes no clicks from what lies below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview-chip")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name, self._hint = "", ""
        self._around: Around | None = None
        self.hide()

    def lie_over(self, stage: QWidget, header: QWidget, title: QWidget, controls: QWidget, output: QWidget) -> None:
        """Stay in the header of the output, between its title and its controls, or where that is narrow, below it."""
        self._around = Around(header, title, controls, output)
        self.setParent(stage)
        for widget in (header, output):
            widget.installEventFilter(self)

    def show_name(self, name: str, hint: str = "a click keeps it") -> None:
        """Say what is looked at; "" goes away."""
        self._name, self._hint = name, hint
        self.setAccessibleName(f"Preview of {name}, {hint}" if name else "")
        self.setVisible(bool(name))
        self._place()
        self.raise_()
        self.update()

    def sizeHint(self) -> QSize:
        bold = self.fontMetrics().horizontalAdvance(self._name) * 1.1
        return QSize(round(bold + GAP + self.fontMetrics().horizontalAdvance(self._hint)) + 2 * INSET, HEIGHT)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the output."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        """The name and the hint in the accent's colours."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.tint)
            painter.drawRoundedRect(QRectF(self.rect()), HEIGHT / 2, HEIGHT / 2)
            bold = QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            painter.setPen(colours.accent)
            painter.setFont(bold)
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            words = self.rect().adjusted(INSET, 0, -INSET, 0)
            room = words.width() - GAP - self.fontMetrics().horizontalAdvance(self._hint)
            name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(words, middle, name)
            words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(name) + GAP)
            painter.setFont(self.font())
            painter.setPen(colours.text)
            painter.drawText(words, middle, self._hint)

    def _place(self) -> None:
        stage, hint = self.parentWidget(), self.sizeHint()
        if self._around is None or stage is None:
            return
        header, title, controls, output = self._around
        left = title.mapTo(stage, QPoint(title.width() + GAP, 0)).x()
        right = controls.mapTo(stage, QPoint(0, 0)).x() - GAP
        top = header.mapTo(stage, QPoint(0, (header.height() - HEIGHT) // 2)).y()
        width = hint.width()
        if width > right - left:
            place = output.mapTo(stage, QPoint(0, 0))
            left, top = place.x() + theme.SPACE, place.y() + theme.SPACE
            width = min(width, output.width() - 2 * theme.SPACE)
        self.setGeometry(left, top, width, HEIGHT)
