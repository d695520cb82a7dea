"""Fields that are typed: one number for both axes or two, a number with decimals, and padding by rule or by sides."""

import re

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Amounts, Padding, PaddingChoice, padding_amounts
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.text import read_number
from convstudio.core.wording import counted, field_text
from convstudio.views.fields import NumberBox

INSET = 7  # pixels before the text, which a style sheet does not give to a spin box of our own
MOST_STRIDE = 64
MOST_PADDING = 4096
SIDES = ("top", "bottom", "left", "right")


class TypedBox(QAbstractSpinBox):
    """A field whose text is read when it is entered; arrows and, with the focus, the wheel step it."""

    gesture_ended = Signal()
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(48)
        self.setAccelerated(True)
        self._shown = ""  # what another text than this was typed over
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)
        self.editingFinished.connect(self._finish)

    @property
    def text_shown(self) -> str:
        """What stands in the field."""
        return self.lineEdit().text()

    def show_text(self, text: str) -> None:
        """Show a text, unless somebody is typing."""
        is_typing = self.hasFocus() and self.lineEdit().text() != self._shown
        if not is_typing:
            self._write(text)

    def show_meaningless(self, reason: str) -> None:
        """Say why the field has no meaning here, or with "" that it has one."""
        self.setEnabled(not reason)
        if reason:
            self._write(reason)

    def read(self, text: str) -> None:
        """Take what was typed; each kind of field knows its own."""
        raise NotImplementedError

    def written(self) -> str:
        """The present value as a text."""
        raise NotImplementedError

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Everything may be typed; it is read when it is entered."""
        return QValidator.State.Acceptable, text, place

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both ways."""
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn it only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the whole text, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self.lineEdit(), self.lineEdit().selectAll)

    def _write(self, text: str) -> None:
        self._shown = text
        if self.lineEdit().text() != text:
            self.lineEdit().setText(text)

    def _finish(self) -> None:
        text = self.lineEdit().text()
        if text != self._shown:
            self._shown = text
            try:
                self.read(text)
            except ConvStudioError as refusal:
                self.refused.emit(str(refusal))
            self._write(self.written())
        self.gesture_ended.emit()


class PairBox(TypedBox):
    """One number for both axes, or two: “2 × 1” is 2 down and 1 across. Steps change both."""

    pair_edited = Signal(object)  # Pair

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._low, self._high, self._pair = low, high, Pair(low, low)

    @property
    def pair(self) -> Pair:
        return self._pair

    def show_pair(self, pair: Pair) -> None:
        """Show a pair."""
        self._pair = pair
        self.setEnabled(True)
        self.show_text(self.written())

    def written(self) -> str:
        """One number where both are the same."""
        vertical, horizontal = self._pair
        return str(vertical) if vertical == horizontal else f"{vertical} × {horizontal}"

    def read(self, text: str) -> None:
        """One number or two, however they are divided."""
        numbers = [int(digits) for digits in re.findall(r"\d+", text)]
        if len(numbers) not in (1, 2) or re.search(r"[-−]\s*\d", text):
            raise ConvStudioError(
                f"“{text}” is no number; write one such as 2, or two such as 2 × 1: down, then across."
            )
        if not all(self._low <= value <= self._high for value in numbers):
            raise ConvStudioError(f"It goes from {self._low} to {self._high}; choose a number between them.")
        self._set(Pair(numbers[0], numbers[-1]))

    def stepBy(self, steps: int) -> None:
        """Both numbers up or down."""
        self._set(Pair.of([min(max(value + steps, self._low), self._high) for value in self._pair]))
        self._write(self.written())

    def _set(self, pair: Pair) -> None:
        if pair != self._pair:
            self._pair = pair
            self.pair_edited.emit(pair)


class RealBox(TypedBox):
    """A number with decimals, or an expression such as 1/3; a unit may stand behind it."""

    value_edited = Signal(float)

    def __init__(
        self, name: str, low: float, high: float, step: float, parent: QWidget | None = None, *, unit: str = ""
    ) -> None:
        super().__init__(name, parent)
        self._low, self._high, self._step, self._value = low, high, step, 0.0
        self._unit = unit

    def set_range(self, low: float, high: float, step: float) -> None:
        """Take another range and step."""
        self._low, self._high, self._step = low, high, step

    @property
    def value(self) -> float:
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number."""
        self._value = value
        self.setEnabled(True)
        self.show_text(self.written())

    def written(self) -> str:
        """The number in seven digits."""
        return f"{field_text(self._value, digits=7)}{self._unit}"

    def read(self, text: str) -> None:
        """A number within the range."""
        value = read_number(text.removesuffix(self._unit.strip()).strip() if self._unit else text)
        if not self._low <= value <= self._high:
            raise ConvStudioError(
                f"It goes from {field_text(self._low)} to {field_text(self._high)}; choose a number between them."
            )
        self._set(value)

    def stepBy(self, steps: int) -> None:
        """Up or down by whole steps."""
        self._set(round(min(max(self._value + steps * self._step, self._low), self._high), 10))
        self._write(self.written())

    def _set(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self.value_edited.emit(value)


class MapBox(NumberBox):
    """Which map the numbers beside it belong to, counted from 1; hidden where one number is for all."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(1, 1, parent)
        self.setObjectName(name)
        self.setAccessibleName("Map")
        self.setPrefix("Map ")
        self.hide()

    @property
    def index(self) -> int:
        """The map, counted from 0."""
        return self.value() - 1

    def show_maps(self, count: int) -> None:
        """There are numbers for so many maps; the one that is shown stays."""
        with QSignalBlocker(self):
            self.setRange(1, count)
        self.setToolTip(f"The numbers of one of {count:,} maps")
        self.setVisible(count > 1)


RULES = {Padding.SAME: "Same", Padding.VALID: "Valid", Padding.FULL: "Full"}
EACH_SIDE = "Each side…"


class PaddingBox(QComboBox):
    """“Same (1)”, “Valid (0)”, a number, or one for each side; what fits no list is typed."""

    padding_edited = Signal(object, str)  # Padding or Amounts, merge key
    gesture_ended = Signal()
    refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rules: tuple[Padding, ...] = ()
        self._choice: PaddingChoice = Padding.VALID
        self._pads = Amounts(0, 0, 0, 0)
        self._choices: list[PaddingChoice | None] = []
        self.setEditable(True)
        self._shown = ""
        self.line = QLineEdit(self)
        self.setLineEdit(self.line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sides = self._side_popup()
        self.activated.connect(self._choose)
        self.line.editingFinished.connect(self._finish)

    @property
    def text_shown(self) -> str:
        """What stands in the field."""
        return self.currentText()

    def show_padding(
        self,
        choice: PaddingChoice,
        pads: Amounts,
        kernel: Pair,
        dilation: Pair,
        *,
        rules: tuple[Padding, ...],
        has_sides: bool = True,
    ) -> None:
        """Show the choice, and what the rules would be in pixels for a kernel."""
        is_typing = self.hasFocus() and self.line.text() != self._shown
        typed = self.line.text()
        self._choice, self._pads, self._rules = choice, pads, rules
        self.setEnabled(True)
        choices: list[PaddingChoice | None] = [*self._rules]
        texts = [f"{RULES[rule]} ({amounts_text(padding_amounts(rule, kernel, dilation))})" for rule in self._rules]
        for number in range(4 if self._rules else 9):
            if not (self._rules and number == 0):
                choices.append(Amounts(number, number, number, number))
                texts.append(str(number))
        if has_sides:
            choices.append(None)
            texts.append(EACH_SIDE)
        with QSignalBlocker(self):
            if texts != [self.itemText(place) for place in range(self.count())]:
                self.clear()
                self.addItems(texts)
            self._choices = choices
            self.setCurrentIndex(choices.index(choice) if choice in choices else -1)
            if is_typing:
                self.line.setText(typed)
            else:
                self._write(self.written())
        self.setToolTip(f"Pixels added around the input: {pads_sentence(pads)} Type 1, 1 × 2, or four numbers.")
        for box, value in zip(self.boxes, pads, strict=True):
            box.show_number(value)

    def show_meaningless(self, reason: str) -> None:
        """Say why padding has no meaning here."""
        self.setEnabled(False)
        with QSignalBlocker(self):
            self.setCurrentIndex(-1)
            self._write(reason)

    def written(self) -> str:
        """The rule with its pixels, or the pixels."""
        amounts = amounts_text(self._pads)
        return f"{RULES[self._choice]} ({amounts})" if isinstance(self._choice, Padding) else amounts

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nothing is chosen by the wheel: the next rule is no next number."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the whole text, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self.line, self.line.selectAll)

    def _write(self, text: str) -> None:
        self._shown = text
        self.line.setText(text)
        if not self.hasFocus():
            self.line.setCursorPosition(0)  # its beginning is what is read

    def _choose(self, place: int) -> None:
        choice = self._choices[place]
        if choice is None:
            self._write(self.written())
            self.sides.adjustSize()
            self.sides.move(self.mapToGlobal(QPoint(self.width() - self.sides.width(), self.height() + 2)))
            self.sides.show()
            self.boxes[0].setFocus()
        else:
            self.padding_edited.emit(choice, "")

    def _finish(self) -> None:
        text = self.line.text()
        if text == self._shown or not self.isEnabled():
            return
        self._write(self.written())
        try:
            choice = self._read(text)
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        if choice != self._choice:
            self.padding_edited.emit(choice, "")

    def _read(self, text: str) -> PaddingChoice:
        rule = next((rule for rule in self._rules if text.strip().casefold().startswith(RULES[rule].casefold())), None)
        if rule is not None:
            return rule
        numbers = [int(digits) for digits in re.findall(r"\d+", text)]
        if len(numbers) not in (1, 2, 4) or re.search(r"[-−]\s*\d", text):
            raise ConvStudioError(
                f"“{text}” is no padding; write a number, two (above and below, left and right), or one for each side."
            )
        if max(numbers) > MOST_PADDING:
            raise ConvStudioError(f"Padding goes from 0 to {MOST_PADDING} pixels; choose a number between them.")
        if len(numbers) == 4:
            return Amounts(*numbers)
        return Amounts(numbers[0], numbers[0], numbers[-1], numbers[-1])

    def _side_popup(self) -> QFrame:
        """Four numbers around a square, as they lie around the picture."""
        frame = QFrame(self, Qt.WindowType.Popup)
        frame.setObjectName("padding-sides")
        frame.setProperty("kind", "card")
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        grid = QGridLayout(frame)
        grid.setContentsMargins(8, 8, 8, 8)
        self.boxes = tuple(self._side_box(side, frame) for side in SIDES)
        middle = QLabel("picture", frame)
        middle.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle.setProperty("kind", "caption")
        for box, place in zip(self.boxes, ((0, 1), (2, 1), (1, 0), (1, 2)), strict=True):
            grid.addWidget(box, *place)
        grid.addWidget(middle, 1, 1)
        return frame

    def _side_box(self, side: str, parent: QWidget) -> NumberBox:
        box = NumberBox(0, MOST_PADDING, parent)
        box.setObjectName(f"padding-{side}")
        box.setAccessibleName(f"Padding, {side}")
        box.valueChanged.connect(lambda _: self._change_side())
        box.editingFinished.connect(self.gesture_ended)
        return box

    def _change_side(self) -> None:
        self.padding_edited.emit(Amounts(*(box.value() for box in self.boxes)), "padding")


def amounts_text(pads: Amounts) -> str:
    """Padding in the fewest numbers: “1”, “1 × 2” for down and across, or all four sides."""
    top, bottom, left, right = pads
    if (top, left) == (bottom, right):
        return str(top) if top == left else f"{top} × {left}"
    return ", ".join(map(str, pads))


def pads_sentence(pads: Amounts) -> str:
    """Padding in pixels: "1 pixel on every side"."""
    if len(set(pads)) == 1:
        return "No pixel is added." if pads.top == 0 else f"{counted(pads.top, 'pixel')} on every side."
    return f"{pads.top} above, {pads.bottom} below, {pads.left} left, {pads.right} right."
