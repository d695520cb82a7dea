"""Fields for the parameters of the preset that is there. The panel loads it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from convstudio.core.kernels.preset import Preset
from convstudio.core.kernels.presets import find
from convstudio.views.fields import FractionBox


class PresetFields(QWidget):
    """One field for each parameter; hidden where there is none."""

    values_edited = Signal(str, object)  # key, dict of values
    gesture_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = QFormLayout(self)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._boxes: dict[str, FractionBox] = {}
        self._key = ""  # the preset that the fields belong to
        self.hide()

    def show_preset(self, key: str, values: dict[str, float]) -> None:
        """Show the numbers of the preset that is there, "" for none; what is being typed stays until it is entered."""
        if values and key != self._key:
            self._make_fields(find(key))
        for name, value in values.items():
            self._boxes[name].show_number(value)
        self.setVisible(bool(values))

    def _make_fields(self, preset: Preset) -> None:
        self._key = preset.key
        while self._fields.rowCount():
            self._fields.removeRow(0)
        self._boxes = {}
        for parameter in preset.parameters:
            box = FractionBox(parameter.low, parameter.high, parameter.step, self)
            box.setObjectName(f"preset-{parameter.name}")
            box.setAccessibleName(parameter.title)
            box.setDecimals(0 if parameter.is_whole else 3)
            box.setSuffix(f" {parameter.unit}" if parameter.unit else "")
            box.valueChanged.connect(lambda _: self.values_edited.emit(self._key, self._values()))
            box.editingFinished.connect(self.gesture_ended)
            self._fields.addRow(parameter.title, box)
            self._boxes[parameter.name] = box

    def _values(self) -> dict[str, float]:
        return {name: box.value() for name, box in self._boxes.items()}
