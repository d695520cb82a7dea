"""A tool button whose icon and word stand in its middle, with room between them and clear of its arrow.

Qt puts the word at the left, close to the icon, and centres a word as if there were no arrow.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QToolButton

from convstudio.views.painting import painting

GAP = 6  # logical pixels between the icon and the word
EDGE, TIGHT_EDGE = 10, 6  # to the button's own edges, and where there is little room
ARROW = 22  # what the arrow takes at the right


class WordButton(QToolButton):
    """A tool button with a word."""

    def sizeHint(self) -> QSize:
        """What icon, word and arrow take."""
        return QSize(self._contents() + 2 * EDGE - TIGHT_EDGE, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The same, with less at the edges."""
        return QSize(self._contents() + TIGHT_EDGE, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button as the style does, and in it the icon and the word."""
        with painting(self) as painter:
            option = QStyleOptionToolButton()
            self.initStyleOption(option)
            word, icon = self.text(), self.icon()
            option.text, option.icon = "", QIcon()
            style = self.style()
            style.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
            picture, words = self._places()
            option.features = QStyleOptionToolButton.ToolButtonFeature.None_
            option.text = word
            option.toolButtonStyle = Qt.ToolButtonStyle.ToolButtonTextOnly
            option.rect = words
            if self._has_word():
                style.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, option, painter, self)
            if picture.isValid():
                mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
                state = QIcon.State.On if self.isChecked() else QIcon.State.Off
                icon.paint(painter, picture, Qt.AlignmentFlag.AlignCenter, mode, state)

    def _has_arrow(self) -> bool:
        return self.menu() is not None

    def _has_word(self) -> bool:
        return bool(self.text()) and self.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly

    def _widths(self) -> tuple[int, int, int]:
        """Of the icon, of what lies between, and of the word."""
        has_icon = not self.icon().isNull() and self.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonTextOnly
        words = self.text().replace("&", "")
        word = self.fontMetrics().horizontalAdvance(words) + 1 if self._has_word() else 0
        icon = self.iconSize().width() if has_icon else 0
        return icon, GAP if icon and word else 0, word

    def _contents(self) -> int:
        return sum(self._widths()) + (ARROW if self._has_arrow() else TIGHT_EDGE)

    def _places(self) -> tuple[QRect, QRect]:
        """Where the icon and the word are: together in the middle of what the arrow leaves."""
        icon, gap, word = self._widths()
        room = self.width() - (ARROW if self._has_arrow() else 0)
        left = max(TIGHT_EDGE // 2, (room + (EDGE // 2 if self._has_arrow() else 0) - icon - gap - word) // 2)
        side = self.iconSize().height()
        picture = QRect(left, (self.height() - side) // 2, icon, side)
        return picture, QRect(left + icon + gap, 0, word, self.height())
