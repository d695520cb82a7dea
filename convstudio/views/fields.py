"""The controls of panels: numbers and choices that change only on purpose, linked numbers, labels and buttons.

`show_*` methods never emit. What the numbers mean is up to the panels.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from convstudio.views import icons

MARGINS = 6, 0, 0, 0  # pixels around the digits: a style sheet's padding is not for the text of Qt's spin boxes
NARROWEST = 72  # pixels of a choice
AXIS_SIGNS = {"vertical": "↕", "horizontal": "↔"}
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


class LinkedNumbers(QWidget):
    """One number for all axes or sides, or, once unlinked, one for each."""

    numbers_edited = Signal(object)  # tuple of int, in the order of the captions
    gesture_ended = Signal()

    def __init__(
        self, title: str, captions: Sequence[str], *, low: int, high: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = tuple(captions)
        self._name = title.lower().replace(" ", "-")
        self.boxes = tuple(self._box(title, caption, low, high) for caption in captions)
        self._captions = tuple(QLabel(AXIS_SIGNS.get(caption, caption), self) for caption in captions)
        self.link = QToolButton(self)
        self.link.setObjectName(f"{self._name}-unlink")
        self.link.setCheckable(True)
        self.link.setAutoRaise(True)
        self.link.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.link.setAccessibleName(f"{title}: one number for each of {', '.join(captions)}")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for place, (caption, box) in enumerate(zip(self._captions, self.boxes, strict=True)):
            row, column = divmod(place, 2)
            caption.setBuddy(box)
            grid.addWidget(caption, row, 2 * column)
            grid.addWidget(box, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
            box.valueChanged.connect(self._change)
            box.editingFinished.connect(self.gesture_ended)
        grid.addWidget(self.link, 0, 4, Qt.AlignmentFlag.AlignTop)
        self.setFocusProxy(self.boxes[0])
        self.link.toggled.connect(self._arrange)
        self.link.clicked.connect(self._tie)
        self._arrange()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers in the boxes."""
        if not self.link.isChecked():
            return (self.boxes[0].value(),) * len(self.boxes)
        return tuple(box.value() for box in self.boxes)

    def show_numbers(self, numbers: Sequence[int]) -> None:
        """Show the numbers; unequal ones are unlinked."""
        for box, value in zip(self.boxes, numbers, strict=True):
            box.show_number(value)
        if len(set(numbers)) > 1 and not self.link.isChecked():
            self.link.setChecked(True)

    def _box(self, title: str, caption: str, low: int, high: int) -> NumberBox:
        box = NumberBox(low, high, self)
        box.setObjectName(f"{self._name}-{caption}")
        box.setAccessibleName(f"{title}, {caption}")
        return box

    def _arrange(self) -> None:
        is_free = self.link.isChecked()
        for place, (caption, box) in enumerate(zip(self._captions, self.boxes, strict=True)):
            caption.setVisible(is_free)
            box.setVisible(is_free or place == 0)
        self.link.setIcon(icons.icon("unlink" if is_free else "link"))
        self.link.setText("Unlinked" if is_free else "Linked")
        axes = " and ".join(", ".join(self._names).rsplit(", ", 1))
        self.link.setToolTip(f"One number for {axes}" if is_free else f"Set {axes} apart from each other")

    def _tie(self) -> None:
        if not self.link.isChecked() and len({box.value() for box in self.boxes}) > 1:
            self._change()
            self.gesture_ended.emit()

    def _change(self) -> None:
        self.numbers_edited.emit(self.numbers)


def checkbox(name: str, text: str, tip: str, parent: QWidget) -> QCheckBox:
    """A check box with its name for tests and lessons."""
    box = QCheckBox(text, parent)
    box.setObjectName(name)
    box.setToolTip(tip)
    return box


def wrapped_label(name: str, parent: QWidget) -> QLabel:
    """A label that breaks its text into lines."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


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


def show_text(line: QLineEdit, text: str) -> None:
    """Put a text into a line, unless somebody is typing there."""
    if not (line.hasFocus() and line.isModified()) and line.text() != text:
        line.setText(text)


def show_choices(box: QComboBox, texts: list[str], index: int) -> None:
    """Offer texts, and show the one at `index`."""
    if [box.itemText(place) for place in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(index)
