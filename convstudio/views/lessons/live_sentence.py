"""A sentence whose numbers follow what a person does; some of them are dragged, and the window follows those."""

import re
from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from convstudio.views import theme
from convstudio.views.painting import painting

PIXELS = 8  # of the screen for each step of a dragged number
LINE_GAP = 6
_PART = re.compile(r"\{([^{}]+)\}")
DRAG = "drag "


class DragNumber(QLabel):
    """A number that is dragged to the side, or changed with the arrow keys."""

    moved = Signal(int, bool)  # steps since the hand took hold, and whether it still holds

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._grip: int | None = None
        self._steps = 0
        self.setObjectName(f"drag-{name.replace(' ', '-').replace(',', '-')}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip("Drag to the left or right, or press an arrow key")
        self.setProperty("kind", "link")

    def show_text(self, text: str) -> None:
        """Show the number as it is now."""
        self.setText(text)
        self.setAccessibleName(f"{self.name}: {text}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._grip, self._steps = event.globalPosition().toPoint().x(), 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Change it by one for some pixels."""
        if self._grip is None:
            return
        steps = round((event.globalPosition().toPoint().x() - self._grip) / PIXELS)
        if steps != self._steps:
            self._steps = steps
            self.moved.emit(steps, True)  # a signal's

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._grip is not None:
            self._grip = None
            self.moved.emit(self._steps, False)  # a signal's

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One more or one less."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}.get(
            Qt.Key(event.key()), 0
        )
        if steps:
            self.moved.emit(steps, False)  # a signal's
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number, underlined, and framed while it has the keyboard."""
        super().paintEvent(event)
        with painting(self) as painter:
            accent = theme.tokens(self).accent
            painter.fillRect(0, self.height() - 2, self.width(), 2, accent)
            if self.hasFocus():
                painter.setPen(QPen(accent, 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class LiveSentence(QWidget):
    """Words and numbers, laid out like a paragraph."""

    dragged = Signal(str, int, bool)  # the name of a number, by how many steps, and whether the hand still holds it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesson-live")
        self._text, self._letters = "", 15  # pixels
        self._parts: list[tuple[QLabel, str]] = []  # and the name of the number in it, or nothing
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What is to be read."""
        return re.sub(r" (?=[.,;:!?)])", "", " ".join(label.text() for label, _ in self._parts))

    def show_sentence(self, text: str) -> None:
        """Take another sentence; names of numbers stand in braces."""
        if text == self._text:
            return
        self._text = text
        for label, _ in self._parts:
            label.hide()
            label.deleteLater()
        self._parts = []
        for place, piece in enumerate(_PART.split(text)):
            if place % 2:
                self._add_number(piece)
            else:
                for word in piece.split():
                    self._add(QLabel(word, self), "")
        self.updateGeometry()

    def show_letters(self, pixels: int) -> None:
        """Take letters of so many pixels."""
        self._letters = pixels
        for label, name in self._parts:
            if label.font().pixelSize() != pixels:
                theme.set_pixels(label, pixels, weight=_weight(name))
        self._place(self.width())
        self.updateGeometry()

    def show_numbers(self, number: Callable[[str], str]) -> None:
        """Write the numbers as they are now."""
        for label, name in self._parts:
            if name and label.text() != (text := number(name)):
                if isinstance(label, DragNumber):
                    label.show_text(text)
                else:
                    label.setText(text)
        self.setAccessibleName(self.text)
        self._place(self.width())

    def _add_number(self, name: str) -> None:
        if not name.startswith(DRAG):
            self._add(QLabel(self), name)
            return
        number = DragNumber(name.removeprefix(DRAG), self)
        number.moved.connect(lambda steps, is_held: self.dragged.emit(number.name, steps, is_held))
        self._add(number, number.name)

    def _add(self, label: QLabel, name: str) -> None:
        theme.set_pixels(label, self._letters, weight=_weight(name))
        self._parts.append((label, name))
        label.show()

    # layout

    def heightForWidth(self, width: int) -> int:
        """As many lines as the words take."""
        return self._lay_out(width, is_placing=False)

    def sizeHint(self) -> QSize:
        """As high as it is in the width that it has."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """It wraps."""
        return QSize(80, self.heightForWidth(max(self.width(), 80)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._place(self.width())

    def _place(self, width: int) -> None:
        high = self._lay_out(width, is_placing=True)
        if high != self.height():
            self.updateGeometry()

    def _lay_out(self, width: int, *, is_placing: bool) -> int:
        left = top = high = 0
        space = max(self._letters // 4, 3)
        for label, _ in self._parts:
            size = label.sizeHint()
            is_glued = label.text()[:1] in (".", ",", ";", ":", "!", "?", ")")
            gap = 0 if is_glued or not left else space
            if left + gap + size.width() > width and left and not is_glued:
                left, top, gap = 0, top + high + LINE_GAP, 0
            high = max(high, size.height())
            if is_placing:
                label.setGeometry(QRect(left + gap, top, size.width(), size.height()))
            left += gap + size.width()
        return top + high


def _weight(name: str) -> QFont.Weight:
    """Numbers, which have a name, stand out."""
    return QFont.Weight.DemiBold if name else QFont.Weight.Normal
