"""The controls of panels: numbers and choices that change only on purpose, boxes and buttons.

`show_*` methods never emit. What the numbers mean is up to the panels.
"""

from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QToolButton,
    QWidget,
)

from convstudio.views import icons

MARGINS = 6, 0, 0, 0  # pixels around the digits: a style sheet's padding is not for the text of Qt's spin boxes
NARROWEST = 72  # pixels of a choice
Choice = TypeVar("Choice", bound=StrEnum)


class NumberBox(QSpinBox):
    """A whole number: typing it is one change, and the wheel turns it only while it has the focus."""

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(48)
        self.lineEdit().setTextMargins(*MARGINS)

    def show_number(self, value: int) -> None:
        """Show a number; what somebody is typing stays until it is entered."""
        if value != self.value():
            with QSignalBlocker(self):
                self.setRange(min(self.minimum(), value), max(self.maximum(), value))
                self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scrolling panel unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class FractionBox(QDoubleSpinBox):
    """A decimal number that behaves as `NumberBox` does."""

    def __init__(self, low: float, high: float, step: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setDecimals(3)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(*MARGINS)

    def textFromValue(self, value: float) -> str:
        """The number in its fewest digits."""
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text

    def show_number(self, value: float) -> None:
        """Show a number; what somebody is typing stays until it is entered."""
        if value != self.value():
            with QSignalBlocker(self):
                self.setRange(min(self.minimum(), value), max(self.maximum(), value))
                self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scrolling panel unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceBox(QComboBox, Generic[Choice]):
    """A closed choice; `chosen` carries the member."""

    chosen = Signal(object)

    def __init__(self, labels: dict[Choice, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._members = tuple(labels)
        self.addItems(list(labels.values()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._choose)

    def minimumSizeHint(self) -> QSize:
        """In a narrow window the end of its words gives way."""
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def show_choice(self, member: Choice) -> None:
        """Show the choice."""
        self.setCurrentIndex(self._members.index(member))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scrolling panel unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _choose(self, index: int) -> None:
        self.chosen.emit(self._members[index])


def checkbox(name: str, text: str, tip: str, parent: QWidget) -> QCheckBox:
    """A check box with its name for tests and lessons."""
    box = QCheckBox(text, parent)
    box.setObjectName(name)
    box.setToolTip(tip)
    return box


def tool_button(name: str, text: str, icon: str, tip: str, parent: QWidget) -> QToolButton:
    """A button with an icon that also takes the focus by a click, so that the keys of its panel go on working."""
    button = QToolButton(parent)
    button.setObjectName(name)
    button.setText(text)
    button.setAccessibleName(text)
    button.setIcon(icons.icon(icon))
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def show_choices(box: QComboBox, texts: list[str], index: int) -> None:
    """Offer texts, and show the one at `index`."""
    if [box.itemText(place) for place in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(index)
