"""The presets as a gallery to search in, with fields for the parameters of the present one. The panel loads them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from convstudio.core.display.colours import limit_of, signed_colours
from convstudio.core.kernels.preset import Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.views.fields import FractionBox

PICTURE = QSize(64, 48)


class PresetGallery(QWidget):
    """Choose a preset; `preset_chosen` carries its key and the values of its parameters."""

    preset_chosen = Signal(str, object)  # key, dict of values
    values_edited = Signal(str, object)
    gesture_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preset-gallery")
        self.line = QLineEdit(self)
        self.line.setObjectName("preset-search")
        self.line.setPlaceholderText("Search presets, for example: edge")
        self.line.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setObjectName("preset-list")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setIconSize(PICTURE)
        self.list.setGridSize(QSize(96, 88))
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(280)
        self.list.setAccessibleName("Presets")
        self.form = QWidget(self)
        self._fields = QFormLayout(self.form)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._boxes: dict[str, FractionBox] = {}
        self._key = ""  # the preset that the fields belong to
        self._present = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.line, self.form, self.list):
            layout.addWidget(widget)
        self.form.hide()
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._choose_first)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw every kernel when somebody first looks."""
        super().showEvent(event)
        if self.list.count() > 0:
            return
        for preset in PRESETS:
            item = QListWidgetItem(_kernel_icon(preset), preset.title, self.list)
            item.setData(Qt.ItemDataRole.UserRole, preset.key)
            item.setToolTip(f"{preset.group}: {preset.description}")
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._select()

    def keys(self) -> tuple[str, ...]:
        """Every preset in the gallery."""
        return tuple(preset.key for preset in PRESETS)

    def show_previews(self, previews: dict[str, NDArray[np.uint8]]) -> None:
        """Show what each preset makes of the picture."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            pixels = previews.get(item.data(Qt.ItemDataRole.UserRole))
            if pixels is not None:
                item.setIcon(QIcon(_pixmap(pixels)))

    def _select(self) -> None:
        """Mark the preset that is there, or none."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setSelected(item.data(Qt.ItemDataRole.UserRole) == self._present)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for row in range(self.list.count()):
            item = self.list.item(row)
            text_of_item = f"{item.text()} {item.toolTip()} {item.data(Qt.ItemDataRole.UserRole)}".casefold()
            item.setHidden(not all(word in text_of_item for word in words))

    def _choose_first(self) -> None:
        for row in range(self.list.count()):
            if not self.list.item(row).isHidden():
                self.list.setCurrentRow(row)
                self._choose(self.list.item(row))
                return

    def _choose(self, item: QListWidgetItem) -> None:
        key = item.data(Qt.ItemDataRole.UserRole)
        self.preset_chosen.emit(key, find(key).defaults)

    def show_preset(self, key: str, values: dict[str, float]) -> None:
        """Show which preset is there, "" for none, and its numbers; what is being typed stays until it is entered."""
        self._present = key
        self._select()
        if values and key != self._key:
            self._make_fields(find(key))
        for name, value in values.items():
            self._boxes[name].show_number(value)
        self.form.setVisible(bool(values))

    def _make_fields(self, preset: Preset) -> None:
        self._key = preset.key
        while self._fields.rowCount():
            self._fields.removeRow(0)
        self._boxes = {}
        for parameter in preset.parameters:
            box = FractionBox(parameter.low, parameter.high, parameter.step, self.form)
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


def _kernel_icon(preset: Preset) -> QIcon:
    kernel = build(preset)[0]
    limit = limit_of(kernel)
    pixels = signed_colours(kernel, limit)
    scale = max(1, min(PICTURE.width() // kernel.shape[1], PICTURE.height() // kernel.shape[0]))
    return QIcon(_pixmap(np.repeat(np.repeat(pixels, scale, axis=0), scale, axis=1)))


def _pixmap(pixels: NDArray[np.uint8]) -> QPixmap:
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888)
    smooth, keep = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatio
    return QPixmap.fromImage(image.copy()).scaled(PICTURE, keep, smooth)
