"""Controls that several inspectors share: one number for each axis, and padding by rule or by amounts."""

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from convstudio.core.geometry.padding import Amounts, Padding, PaddingChoice
from convstudio.core.wording import counted
from convstudio.views.fields import ChoiceBox, LinkedNumbers

AXIS_CAPTIONS = ("vertical", "horizontal")
SIDE_CAPTIONS = ("top", "bottom", "left", "right")
MOST_STRIDE = 64
MOST_PADDING = 4096


class PaddingRule(StrEnum):
    """How padding is chosen: by one of the rules, or by amounts."""

    VALID = "valid"
    SAME = "same"
    FULL = "full"
    AMOUNTS = "amounts"


PADDING_LABELS = {
    PaddingRule.SAME: "Same: the size stays",
    PaddingRule.VALID: "Valid: no padding",
    PaddingRule.FULL: "Full: every overlap",
    PaddingRule.AMOUNTS: "Amounts for each side",
}


class PaddingField(QWidget):
    """Padding by rule, or in pixels for each side; under a rule it says how many pixels that is."""

    padding_edited = Signal(object, str)  # Padding or Amounts, merge key
    gesture_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pads = Amounts(0, 0, 0, 0)
        self.rule = ChoiceBox(PADDING_LABELS, self)
        self.rule.setObjectName("padding-rule")
        self.rule.setAccessibleName("Padding")
        self.amounts = LinkedNumbers("Padding", SIDE_CAPTIONS, low=0, high=MOST_PADDING, parent=self)
        self.pixels = QLabel(self)
        self.pixels.setObjectName("padding-pixels")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.rule)
        layout.addWidget(self.amounts)
        layout.addWidget(self.pixels)
        self.setFocusProxy(self.rule)
        self.rule.chosen.connect(self._choose)
        self.amounts.numbers_edited.connect(self._change)
        self.amounts.gesture_ended.connect(self.gesture_ended)

    def show_padding(self, padding: PaddingChoice, pads: Amounts) -> None:
        """Show the choice and how many pixels it is."""
        self._pads = pads
        is_rule = isinstance(padding, Padding)
        self.rule.show_choice(PaddingRule(padding.value) if isinstance(padding, Padding) else PaddingRule.AMOUNTS)
        self.amounts.setVisible(not is_rule)
        self.amounts.show_numbers(pads)
        self.pixels.setVisible(is_rule)
        self.pixels.setText(pads_sentence(pads))

    def _choose(self, rule: PaddingRule) -> None:
        self.padding_edited.emit(self._pads if rule is PaddingRule.AMOUNTS else Padding(rule.value), "")

    def _change(self, numbers: tuple[int, ...]) -> None:
        self.padding_edited.emit(Amounts(*numbers), "padding")


def pads_sentence(pads: Amounts) -> str:
    """Padding in pixels: "1 pixel on every side"."""
    if len(set(pads)) == 1:
        return "No pixel is added." if pads.top == 0 else f"{counted(pads.top, 'pixel')} on every side."
    return f"{pads.top} above, {pads.bottom} below, {pads.left} left, {pads.right} right."


def axis_numbers(title: str, *, parent: QWidget, low: int = 1, high: int = MOST_STRIDE) -> LinkedNumbers:
    """One number for both axes, or one for each."""
    return LinkedNumbers(title, AXIS_CAPTIONS, low=low, high=high, parent=parent)
