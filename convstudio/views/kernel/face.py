"""The face of the kernel editor: its form filled with one plane of one filter. Editing is the panel's."""

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea, QWidget

from convstudio.core.edits.filters import kernel_at, planes_of
from convstudio.core.evaluation.method import explained
from convstudio.core.kernels.planes import rank, total
from convstudio.core.kernels.size import anchor
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Orientation
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted, field_text, number
from convstudio.views import theme
from convstudio.views.kernel.form import KernelForm
from convstudio.views.kernel.grid import Cell

Kerneled = Conv | ConvTranspose
COLOURS = ("red", "green", "blue")


class KernelFace(KernelForm):
    """The form, and what it says of a layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open_presets.toggled.connect(self._toggle_presets)

    def show_layer(
        self, step: Step | None, layer: Kerneled, filter_index: int, channel: int, *, is_passing: bool
    ) -> None:
        """Show one plane of one filter, and what can be said of it; of numbers in passing all but the method."""
        count, planes = layer.filters, planes_of(layer)
        alone = isinstance(layer, Conv) and layer.channels is Channels.EACH
        _fill(self.filters, [f"Filter {number} of {count}" for number in range(1, count + 1)], filter_index)
        is_colour = planes == len(COLOURS) and (step is None or step.index == 0)  # deeper layers read maps, not colours
        names = [f"on {name}" for name in COLOURS] if is_colour else [f"on channel {i + 1}" for i in range(planes)]
        _fill(self.planes, ["each channel"] if alone else names, channel)
        self.planes.setEnabled(planes > 1)
        plane = kernel_at(layer, filter_index, channel)
        height, width = plane.shape
        is_even = height % 2 == 0 or width % 2 == 0
        of_filter = [kernel_at(layer, filter_index, each) for each in range(planes)]
        limit = max(float(np.abs(kernel).max()) for kernel in of_filter) or 1.0  # one scale for a filter's channels
        self.grid.show_plane(plane, limit, Cell(anchor(height), anchor(width)) if is_even else None)
        self.rows.show_number(height)
        self.columns.show_number(width)
        show_text(self.bias, field_text(layer.bias[filter_index], digits=7))
        whole = number(total(plane), digits=5)
        self.lead.setText("These numbers multiply the pixels under the window; their products are added up.")
        self.facts.show_text(f"Sum {whole} · rank {rank(plane)} · {counted(plane.size, 'weight')}")
        if not is_passing:  # finding the method takes longer than all the rest
            method = explained(step) if step is not None else ""
            self.method.setText(method.partition(". ")[0] + "." if method else "")
            self.method.setToolTip(method)
            self.method.setVisible(bool(method))
        notes = []
        if is_even:
            notes.append("The dot marks the anchor: with “same” padding the output lies there.")
        if isinstance(layer, Conv) and layer.orientation is Orientation.CONVOLUTION:
            notes.append("The layer flips this kernel on both axes before it is used.")
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))
        self.show_value()

    def show_value(self) -> None:
        """Show the weight of the current cell with all its digits."""
        show_text(self.value, field_text(float(self.grid.plane[self.grid.current]), digits=7))

    def _toggle_presets(self, is_open: bool) -> None:  # noqa: FBT001  # a slot
        self.presets.setVisible(is_open)
        if is_open:
            self.presets.line.setFocus()
            QTimer.singleShot(0, self, self._bring_presets_into_view)  # once they have been laid out

    def _bring_presets_into_view(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self.presets, 0, theme.SPACE)


def show_text(line: QLineEdit, text: str) -> None:
    """Put a text into a line, unless somebody is typing there."""
    if not (line.hasFocus() and line.isModified()) and line.text() != text:
        line.setText(text)


def _fill(box: QComboBox, texts: list[str], index: int) -> None:
    if [box.itemText(place) for place in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(index)
