"""The row over PARAMETERS: what is counted, and for which size of picture."""

from math import exp, log

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QPushButton, QRadioButton, QSlider, QWidget

from convstudio.core.geometry.shapes import Shape
from convstudio.insight.parameters.what_if import LARGEST_SIDE, SMALLEST_SIDE, Scope
from convstudio.views.fields import NumberBox

STEPS = 200  # of the slider
EXAMPLE, BACK = "The article's example", "Back to my recipe"
SCOPE_TIPS = {Scope.LAYER: "Count the selected layer", Scope.STACK: "Count all layers together, dense ones too"}
MOST_PIXELS, MOST_CHANNELS = 100_000, 4096


def side_at(step: int) -> int:
    """The picture size at a place of the slider: equal moves are equal factors."""
    return round(SMALLEST_SIDE * exp(step / STEPS * log(LARGEST_SIDE / SMALLEST_SIDE)))


def step_at(side: int) -> int:
    """The place of the slider for a picture size."""
    share = log(max(side, 1) / SMALLEST_SIDE) / log(LARGEST_SIDE / SMALLEST_SIDE)
    return round(STEPS * min(max(share, 0.0), 1.0))


class ConditionBar(QWidget):
    """Scope, a supposed size of the picture, groups, and the article's example."""

    scope_chosen = Signal(object)  # Scope
    size_supposed = Signal(object)  # Shape, or None for the picture's own
    side_supposed = Signal(int)  # pixels of the longer side, in the same proportions
    groups_supposed = Signal(bool)
    example_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scopes = {scope: QRadioButton(scope.value, self) for scope in Scope}
        group = QButtonGroup(self)
        for scope, button in self.scopes.items():
            button.setObjectName(f"scope-{scope.name.lower()}")
            button.setToolTip(SCOPE_TIPS[scope])
            group.addButton(button)
        self.scopes[Scope.LAYER].setChecked(True)
        self.width_box = self._box("what-if-width", "Supposed width", MOST_PIXELS)
        self.height_box = self._box("what-if-height", "Supposed height", MOST_PIXELS)
        self.channels_box = self._box("what-if-channels", "Supposed channels", MOST_CHANNELS)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("what-if-slider")
        self.slider.setRange(0, STEPS)
        self.slider.setMinimumWidth(64)
        self.slider.setMaximumWidth(280)
        self.slider.setAccessibleName("Supposed size of the picture")
        self.slider.setToolTip("Another size with the same proportions; the picture itself stays as it is")
        self.reset = self._button("what-if-reset", "Reset", "Count for the size of the picture again")
        self.groups = QCheckBox(self)
        self.groups.setObjectName("what-if-groups")
        self.example = self._button(
            "article-example",
            EXAMPLE,
            "Six 5×5 filters on 32×32×3, here only: your recipe stays as it is",
        )
        self.example.setCheckable(True)
        self.example.setMinimumWidth(self.example.sizeHint().width())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for button in self.scopes.values():
            layout.addWidget(button)
        layout.addSpacing(8)
        layout.addWidget(QLabel("What if", self))
        for place, box in enumerate((self.width_box, self.height_box, self.channels_box)):
            if place:
                layout.addWidget(QLabel("×", self))
            layout.addWidget(box)
        layout.addWidget(self.slider, 2)
        layout.addWidget(self.reset)
        layout.addSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self.groups)
        layout.addWidget(self.example)
        for scope, button in self.scopes.items():
            button.clicked.connect(lambda _=False, scope=scope: self.scope_chosen.emit(scope))
        for box in (self.width_box, self.height_box, self.channels_box):
            box.valueChanged.connect(self._suppose)
        self.slider.valueChanged.connect(lambda step: self.side_supposed.emit(side_at(step)))
        self.reset.clicked.connect(lambda: self.size_supposed.emit(None))
        self.groups.clicked.connect(self.groups_supposed)
        self.example.clicked.connect(self.example_chosen)
        self.show_condition(Shape(3, 32, 32), scope=Scope.LAYER, is_supposed=False)
        self.show_groups(1, is_on=False)

    def show_condition(self, shape: Shape, *, scope: Scope, is_supposed: bool) -> None:
        """Show the size that is counted for, and whether it is a supposed one."""
        self.scopes[scope].setChecked(True)
        self.width_box.show_number(shape.width)
        self.height_box.show_number(shape.height)
        self.channels_box.show_number(shape.channels)
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(step_at(max(shape.width, shape.height)))
        self.reset.setEnabled(is_supposed)

    def show_example(self, *, is_on: bool) -> None:
        """Offer the article's example, or the way back from it."""
        self.example.setChecked(is_on)
        self.example.setText(BACK if is_on else EXAMPLE)

    def show_groups(self, most: int, *, is_on: bool) -> None:
        """Offer the largest number of groups; 1 means that there is no choice."""
        self.groups.setEnabled(most > 1)
        self.groups.setText(f"groups = {most}" if most > 1 else "groups")
        self.groups.setChecked(is_on and most > 1)
        self.groups.setToolTip(
            "Count the layer with filters that see only their part of the channels"
            if most > 1
            else "Groups need a convolution across several channels whose filters they can divide"
        )

    def _suppose(self) -> None:
        self.size_supposed.emit(Shape(self.channels_box.value(), self.height_box.value(), self.width_box.value()))

    def _box(self, name: str, accessible: str, most: int) -> NumberBox:
        box = NumberBox(1, most, self)
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setToolTip(f"{accessible}; the picture itself stays as it is")
        return box

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button
