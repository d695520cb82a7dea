"""The numbers of the preset that is there, as sliders: all of them where there is room, else two and the others behind
*More*."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QToolButton, QVBoxLayout, QWidget

from convstudio.core.kernels.preset import Parameter, Preset
from convstudio.views.controls.slider_field import SliderField
from convstudio.views.kernel.loaded_presets import LoadedPreset

ROW = 38  # pixels of a slider with its caption
FEW, MANY = 2, 4  # sliders in sight in small windows, and in larger ones


class PresetParameters(QWidget):
    """Sliders of one preset; `values_edited` carries its key and the values of all its parameters."""

    values_edited = Signal(str, object)
    gesture_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preset-parameters")
        self.setAccessibleName("Numbers of the preset")
        self._preset: Preset | None = None
        self._most, self._has_units = MANY, True
        self.sliders: dict[str, SliderField] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.more = QToolButton(self)
        self.more.setObjectName("preset-more")
        self.more.setText("…")
        self.more.setFixedSize(24, 28)
        self.more.setAccessibleName("More numbers of the preset")
        self.more.setToolTip("The other numbers of this preset")
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.clicked.connect(self._open)
        self.rest = QFrame(self, Qt.WindowType.Popup)
        self.rest.setProperty("kind", "card")
        self.rest.setFrameShape(QFrame.Shape.StyledPanel)
        self.rest.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rest_column = QVBoxLayout(self.rest)
        self.hide()

    def show_most(self, most: int, *, has_units: bool) -> None:
        """Have so many sliders in sight, with their units where there is room for them."""
        if (most, has_units) != (self._most, self._has_units):
            self._most, self._has_units = most, has_units
            self._make(self._preset.parameters if self._preset is not None else ())

    def show_preset(self, present: LoadedPreset | None, preset: Preset | None) -> None:
        """Show the numbers of the preset that is there; none where there is no preset or it has none."""
        if preset is not self._preset:
            self._preset = preset
            self._make(preset.parameters if preset is not None else ())
        for name, slider in self.sliders.items():
            if present is not None:
                slider.show_value(present.values[name])
        self.setVisible(bool(self.sliders))
        if not self.sliders:
            self.rest.hide()

    def values(self) -> dict[str, float]:
        """What the sliders stand at."""
        return {name: slider.value for name, slider in self.sliders.items()}

    def _make(self, parameters: tuple[Parameter, ...]) -> None:
        values = self.values()
        for slider in self.sliders.values():
            slider.hide()
            slider.deleteLater()
        self.sliders = {}
        for row in parameters:
            unit = ("px" if self._has_units else "") if row.unit == "pixels" else row.unit
            slider = SliderField(f"preset-{row.name}", _caption(row), row.low, row.high, row.step, unit, self)
            slider.moved.connect(lambda _, of=self._preset: self._emit(of))
            slider.released.connect(self.gesture_ended)
            slider.show_value(values.get(row.name, row.default))
            self.sliders[row.name] = slider
        self._arrange()

    def _arrange(self) -> None:
        """Two beside each other; what finds no place goes behind *More*, whose button takes the place of the last."""
        sliders = list(self.sliders.values())
        in_sight = sliders if len(sliders) <= self._most else sliders[: self._most]
        for place, slider in enumerate(in_sight):
            self._grid.addWidget(slider, place // 2, place % 2)
            slider.show()
        for slider in sliders[len(in_sight) :]:
            self._rest_column.addWidget(slider)
            slider.setMinimumWidth(200)
            slider.show()
        self.more.setVisible(len(in_sight) < len(sliders))
        self._grid.addWidget(self.more, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(ROW * max(1, -(-len(in_sight) // 2)))

    def _open(self) -> None:
        self.rest.adjustSize()
        corner = self.more.mapToGlobal(QPoint(self.more.width(), 0))
        self.rest.move(corner - QPoint(self.rest.width(), self.rest.height() + 4))
        self.rest.show()

    def _emit(self, preset: Preset | None) -> None:
        """A slider speaks for its own preset alone, however late it does."""
        if preset is not None and preset is self._preset:
            self.values_edited.emit(preset.key, self.values())


def _caption(parameter: Parameter) -> str:
    """Its title without the letter of its formula, for which two sliders side by side have no room."""
    words = parameter.title.split()
    return " ".join(words[:-1]) if len(words) > 1 and not words[-1].isascii() else parameter.title
