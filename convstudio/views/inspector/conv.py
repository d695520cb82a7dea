"""The inspector of a convolution: how many filters, their stride, and how they read the channels.

The kernels themselves are edited in `views.kernel`; every change of weights is a pure function of `core.edits`.
"""

from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QWidget

from convstudio.core.edits.channels import common_divisors, with_channel_mode, with_groups
from convstudio.core.edits.filters import MOST_FILTERS, with_filters
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import PaddingChoice
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import Channels, Conv, Layer, Orientation
from convstudio.core.recipe.plan import Step
from convstudio.views.fields import ChoiceBox, NumberBox
from convstudio.views.inspector.step_panel import StepPanel
from convstudio.views.inspector.windowing import PaddingField, axis_numbers

MODE_LABELS = {Channels.EACH: "Each channel alone", Channels.ACROSS: "Across channels"}
BORDER_LABELS = {
    Border.ZEROS: "Zeros",
    Border.REFLECT: "Reflect",
    Border.REPLICATE: "Replicate",
    Border.CIRCULAR: "Circular",
}
ORIENTATION_LABELS = {
    Orientation.CORRELATION: "As written (correlation)",
    Orientation.CONVOLUTION: "Flipped (convolution)",
}


class GroupsBox(QComboBox):
    """The numbers of groups that are possible; a single one is shown but cannot be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conv-groups")
        self.possible: tuple[int, ...] = ()

    def show_groups(self, groups: int, possible: tuple[int, ...]) -> None:
        """Show the present number and what else there is."""
        if possible != self.possible:
            self.possible = possible
            self.clear()
            self.addItems([str(number) for number in possible])
        self.setCurrentIndex(possible.index(groups) if groups in possible else -1)
        self.setEnabled(len(possible) > 1)


class ConvPanel(StepPanel):
    """Filters, stride, dilation, padding, border, groups, orientation, and how it reads the channels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("conv-panel", parent)
        self.mode = ChoiceBox(MODE_LABELS, self)
        self.mode.setObjectName("conv-channels")
        self.filters = NumberBox(1, MOST_FILTERS, self)
        self.filters.setObjectName("conv-filters")
        self.stride = axis_numbers("Stride", parent=self)
        self.padding = PaddingField(self)
        self.border = ChoiceBox(BORDER_LABELS, self)
        self.border.setObjectName("conv-border")
        self.dilation = axis_numbers("Dilation", parent=self)
        self.groups = GroupsBox(self)
        self.orientation = ChoiceBox(ORIENTATION_LABELS, self)
        self.orientation.setObjectName("conv-orientation")
        self.add_row(
            "Channels",
            self.mode,
            "Each channel alone is what an image editor does; across channels is what a network layer does",
        )
        self.add_row("Filters", self.filters, "How many filters; each makes one map (one for each channel taken alone)")
        self.add_row("Stride", self.stride, "How many pixels the window moves from one output to the next")
        self.add_row("Padding", self.padding, "Pixels added around the input before the window moves over it")
        self.add_row("Border", self.border, "What stands in the padding")
        self.add_row("Dilation", self.dilation, "How far apart the kernel's cells lie on the input; 1 is side by side")
        self.add_row("Groups", self.groups, "Into how many separate parts channels and filters are divided")
        self.add_row(
            "Kernel", self.orientation, "The field's convolution lays the kernel as written; the true one flips it"
        )
        self.mode.chosen.connect(self._choose_mode)
        self.filters.valueChanged.connect(self._change_filters)
        self.filters.editingFinished.connect(self.gesture_ended)
        self.stride.numbers_edited.connect(self._change_stride)
        self.dilation.numbers_edited.connect(self._change_dilation)
        self.padding.padding_edited.connect(self._change_padding)
        for field in (self.stride, self.dilation, self.padding):
            field.gesture_ended.connect(self.gesture_ended)
        self.border.chosen.connect(self._choose_border)
        self.groups.activated.connect(self._choose_groups)
        self.orientation.chosen.connect(self._choose_orientation)
        self.show_step(None)

    def show_layer(self, layer: Layer, step: Step) -> None:
        """Put a convolution into the controls."""
        if not isinstance(layer, Conv):
            return
        is_across = layer.channels is Channels.ACROSS
        self.mode.show_choice(layer.channels)
        self.filters.setSingleStep(layer.groups)
        self.filters.show_number(layer.filters)
        self.stride.show_numbers(layer.stride)
        self.padding.show_padding(layer.padding, step.pads)
        self.border.show_choice(layer.border)
        self.border.setEnabled(any(step.pads))
        self.dilation.show_numbers(layer.dilation)
        possible = common_divisors(step.input.channels, layer.filters) if is_across else (1,)
        self.groups.show_groups(layer.groups, possible)
        self.orientation.show_choice(layer.orientation)

    def _conv(self) -> tuple[Conv, int] | None:
        """The layer shown and the channels that reach it."""
        if self.step is None or not isinstance(self.step.layer, Conv):
            return None
        return self.step.layer, self.step.input.channels

    def _choose_mode(self, mode: Channels) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: with_channel_mode(shown[0], mode, shown[1]))

    def _change_filters(self, count: int) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: with_filters(shown[0], count), "filters")

    def _change_stride(self, numbers: tuple[int, ...]) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: replace(shown[0], stride=Pair.of(numbers)), "stride")

    def _change_dilation(self, numbers: tuple[int, ...]) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: replace(shown[0], dilation=Pair.of(numbers)), "dilation")

    def _change_padding(self, padding: PaddingChoice, key: str) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: replace(shown[0], padding=padding), key)

    def _choose_border(self, border: Border) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: replace(shown[0], border=border))

    def _choose_groups(self, index: int) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: with_groups(shown[0], self.groups.possible[index], shown[1]))

    def _choose_orientation(self, orientation: Orientation) -> None:
        if (shown := self._conv()) is not None:
            self.offer(lambda: replace(shown[0], orientation=orientation))
