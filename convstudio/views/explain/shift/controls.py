"""The row over THE SHIFT TEST: how far the input moves, and what is supposed of the recipe for the test alone."""

from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convstudio.core.recipe.naming import name_of
from convstudio.insight.shift.comparison import REACH, Direction
from convstudio.insight.shift.translation import Shift
from convstudio.insight.shift.what_if import (
    BorderChoice,
    Layers,
    StrideChoice,
    WhatIf,
    apply_what_if,
    strided_place,
    subsamples,
)
from convstudio.views import theme
from convstudio.views.fields import ChoiceBox, FractionBox, checkbox, tool_button

BORDERS = {
    BorderChoice.RECIPE: "Border as is",
    BorderChoice.ZEROS: "Border zeros",
    BorderChoice.CIRCULAR: "Border circular",
}
DIRECTIONS = {Direction.ACROSS: "To the right", Direction.DOWN: "Down"}
STRIDES = {StrideChoice.RECIPE: "Stride as is", StrideChoice.ONE: "Stride 1", StrideChoice.TWO: "Stride 2"}
HERE = "for this test alone: your recipe stays as it is"


class HalfBox(FractionBox):
    """A number of pixels in halves, with a real minus sign, behind the arrow that says where to."""

    def __init__(self, name: str, accessible: str, arrow: str, parent: QWidget) -> None:
        super().__init__(-REACH, REACH, 0.5, parent)
        self.setPrefix(f"{arrow} ")
        self.setDecimals(1)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setToolTip(f"{accessible}, in halves")

    def textFromValue(self, value: float) -> str:
        """The number in its fewest digits."""
        return super().textFromValue(value).replace("-", "−")


class ShiftControls(QWidget):
    """Two numbers, three choices and three check boxes."""

    direction_chosen = Signal(object)  # Direction of the curve
    shift_asked = Signal(object)  # Shift
    what_if_chosen = Signal(object)  # WhatIf

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what_if = WhatIf()
        self.across = HalfBox("shift-dx", "Pixels to the right", "→", self)
        self.down = HalfBox("shift-dy", "Pixels down", "↓", self)
        self.border: ChoiceBox[BorderChoice] = ChoiceBox(BORDERS, self)
        self.border.setObjectName("shift-border")
        self.border.setAccessibleName("Border supposed for the test")
        self.border.setToolTip(
            "What stands around the picture in every layer, with each convolution keeping the size; circular moves the "
            f"input round as well. {HERE.capitalize()}"
        )
        self.stride: ChoiceBox[StrideChoice] = ChoiceBox(STRIDES, self)
        self.stride.setObjectName("shift-stride")
        self.stride.setAccessibleName("Stride supposed for the test")
        self.pool = checkbox("shift-pool", "Max pool", f"Add a 2×2 max pool at the end, {HERE}", self)
        self.blur = checkbox("shift-blur", "Blur", "", self)
        self.average = checkbox("shift-average", "Average", f"Add a global average pool at the end, {HERE}", self)
        self.pool.setAccessibleName("Max pool 2×2 at the end")
        self.blur.setAccessibleName("Blur before a stride leaves outputs out")
        self.average.setAccessibleName("Global average at the end")
        self.direction: ChoiceBox[Direction] = ChoiceBox(DIRECTIONS, self)
        self.direction.setObjectName("shift-direction")
        self.direction.setAccessibleName("Shifts of the stems")
        self.direction.setToolTip("The stems show the difference for shifts to the right, or down")
        self.reset = tool_button("shift-reset", "Reset", "rotate-ccw", "Test the recipe as it is again", self)
        self._lay_out()
        for box in (self.across, self.down):
            box.valueChanged.connect(self._ask)
        self.border.chosen.connect(lambda choice: self._suppose(replace(self._what_if, border=choice)))
        self.stride.chosen.connect(lambda choice: self._suppose(replace(self._what_if, stride=choice)))
        self.direction.chosen.connect(self.direction_chosen)
        self.pool.clicked.connect(lambda is_on: self._suppose(replace(self._what_if, has_pool=is_on)))
        self.blur.clicked.connect(lambda is_on: self._suppose(replace(self._what_if, has_blur=is_on)))
        self.average.clicked.connect(lambda is_on: self._suppose(replace(self._what_if, has_average=is_on)))
        self.reset.clicked.connect(lambda: self._suppose(WhatIf()))
        self.show_what_if(WhatIf(), ())

    def show_shift(self, shift: Shift) -> None:
        """Show how far the input is moved."""
        self.across.show_number(float(shift.across))
        self.down.show_number(float(shift.down))

    def show_what_if(self, what_if: WhatIf, layers: Layers) -> None:
        """Show what is supposed of some layers; what would change nothing is not offered."""
        self._what_if = what_if
        self.border.show_choice(what_if.border)
        self.stride.show_choice(what_if.stride)
        for box, is_on in (
            (self.pool, what_if.has_pool),
            (self.blur, what_if.has_blur),
            (self.average, what_if.has_average),
        ):
            box.setChecked(is_on)
        self.reset.setEnabled(what_if != WhatIf())
        for control in (self.border, self.pool, self.average):
            control.setEnabled(bool(layers))
        place = strided_place(layers)
        self.stride.setEnabled(place is not None)
        self.stride.setToolTip(
            "A stride needs a convolution or a pool"
            if place is None
            else f"The stride of layer {place + 1}, {name_of(layers[place])}, {HERE}"
        )
        can_blur = subsamples(apply_what_if(layers, replace(what_if, has_blur=False)))
        self.blur.setEnabled(can_blur or what_if.has_blur)
        self.blur.setToolTip(
            f"Blur with the binomial 3×3 wherever a stride leaves outputs out, before it does, {HERE}"
            if can_blur
            else "Nothing is left out here, so there is nothing to blur before: choose stride 2, or add the max pool"
        )

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        for widget in (self.across, self.down, self.border, self.stride):
            layout.addWidget(widget)
        layout.addSpacing(theme.SPACE // 2)
        for button in (self.pool, self.blur, self.average, self.reset):
            layout.addWidget(button)
        layout.addStretch(1)

    def _ask(self) -> None:
        halves = (Fraction(round(box.value() * 2), 2) for box in (self.across, self.down))
        self.shift_asked.emit(Shift(*halves))

    def _suppose(self, what_if: WhatIf) -> None:
        self.what_if_chosen.emit(what_if)
