"""The choice of one plane of a layer's kernel: a filter, and the channel it is laid on."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from convstudio.core.edits.filters import planes_of
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose
from convstudio.core.recipe.plan import Step
from convstudio.views import theme

COLOURS = ("red", "green", "blue")


class PlaneChooser(QWidget):
    """Two boxes; what was chosen stays while the layer has so many filters and channels."""

    chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index: int | None = None
        self.filters = self._box(f"{name}-filter", "Which filter of the layer is looked at")
        self.channels = self._box(f"{name}-channel", "Which input channel its weights belong to")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.filters)
        layout.addWidget(self.channels)

    @property
    def filter_index(self) -> int:
        """The chosen filter, from 0."""
        return max(self.filters.currentIndex(), 0)

    @property
    def channel(self) -> int:
        """The chosen plane of the filter, from 0."""
        return max(self.channels.currentIndex(), 0)

    def show_step(self, step: Step) -> None:
        """Offer the filters and channels of a layer that has a kernel; without a choice nothing is shown."""
        layer = step.layer
        assert isinstance(layer, Conv | ConvTranspose)
        is_other, self._index = step.index != self._index, step.index
        count, planes = layer.filters, planes_of(layer)
        if isinstance(layer, Conv) and layer.channels is Channels.EACH:
            names = ["On each channel"]
        elif step.index == 0 and step.input.channels == planes == len(COLOURS):
            names = [f"On {colour}" for colour in COLOURS]
        else:
            names = [f"On channel {place}" for place in range(1, planes + 1)]
        _fill(self.filters, [f"Filter {place} of {count}" for place in range(1, count + 1)], keeps=not is_other)
        _fill(self.channels, names, keeps=not is_other)
        self.setVisible(count > 1 or len(names) > 1)

    def _box(self, name: str, tip: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setToolTip(tip)
        box.setAccessibleName(tip)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(lambda _: self.chosen.emit())
        return box


def _fill(box: QComboBox, names: list[str], *, keeps: bool) -> None:
    place = min(max(box.currentIndex(), 0), len(names) - 1) if keeps else 0
    with QSignalBlocker(box):
        if names != [box.itemText(index) for index in range(box.count())]:
            box.clear()
            box.addItems(names)
        box.setCurrentIndex(place)
    box.setEnabled(len(names) > 1)
