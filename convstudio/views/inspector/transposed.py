"""The inspector of a transposed convolution. Its kernels are edited in `views.kernel`."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from convstudio.core.edits.channels import common_divisors, with_groups
from convstudio.core.edits.filters import MOST_FILTERS, with_filters
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import ConvTranspose, Layer
from convstudio.core.recipe.plan import Step
from convstudio.views.fields import NumberBox
from convstudio.views.inspector.conv import GroupsBox
from convstudio.views.inspector.step_panel import StepPanel
from convstudio.views.inspector.windowing import MOST_PADDING, axis_numbers


class TransposedPanel(StepPanel):
    """Filters, stride, padding, output padding, dilation and groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("transposed-panel", parent)
        self.filters = NumberBox(1, MOST_FILTERS, self)
        self.filters.setObjectName("transposed-filters")
        self.stride = axis_numbers("Stride", parent=self)
        self.padding = axis_numbers("Cropped padding", parent=self, low=0, high=MOST_PADDING)
        self.output_padding = axis_numbers("Output padding", parent=self, low=0)
        self.dilation = axis_numbers("Dilation", parent=self)
        self.groups = GroupsBox(self)
        self.groups.setObjectName("transposed-groups")
        self.add_row("Filters", self.filters, "How many maps come out")
        self.add_row("Stride", self.stride, "How far apart neighbours are laid on the output: 2 doubles the size")
        self.add_row("Padding", self.padding, "How many pixels are cut off on each side of the output")
        self.add_row("Output padding", self.output_padding, "How many pixels are added below and to the right")
        self.add_row("Dilation", self.dilation, "How far apart the kernel's cells lie on the output; 1 is side by side")
        self.add_row("Groups", self.groups, "Into how many separate parts channels and filters are divided")
        self.filters.valueChanged.connect(self._change_filters)
        self.filters.editingFinished.connect(self.gesture_ended)
        self.stride.numbers_edited.connect(self._change_stride)
        self.padding.numbers_edited.connect(self._change_padding)
        self.output_padding.numbers_edited.connect(self._change_output_padding)
        self.dilation.numbers_edited.connect(self._change_dilation)
        for field in (self.stride, self.padding, self.output_padding, self.dilation):
            field.gesture_ended.connect(self.gesture_ended)
        self.groups.activated.connect(self._choose_groups)
        self.show_step(None)

    def show_layer(self, layer: Layer, step: Step) -> None:
        """Put a transposed convolution into the controls."""
        if not isinstance(layer, ConvTranspose):
            return
        self.filters.setSingleStep(layer.groups)
        self.filters.show_number(layer.filters)
        self.stride.show_numbers(layer.stride)
        self.padding.show_numbers(layer.padding)
        self.output_padding.show_numbers(layer.output_padding)
        self.dilation.show_numbers(layer.dilation)
        self.groups.show_groups(layer.groups, common_divisors(step.input.channels, layer.filters))

    def _transposed(self) -> tuple[ConvTranspose, int] | None:
        """The layer shown and the channels that reach it."""
        if self.step is None or not isinstance(self.step.layer, ConvTranspose):
            return None
        return self.step.layer, self.step.input.channels

    def _change_filters(self, count: int) -> None:
        if (shown := self._transposed()) is not None:
            self.offer(lambda: with_filters(shown[0], count), "filters")

    def _change_stride(self, numbers: tuple[int, ...]) -> None:
        if (shown := self._transposed()) is not None:
            self.offer(lambda: replace(shown[0], stride=Pair.of(numbers)), "stride")

    def _change_padding(self, numbers: tuple[int, ...]) -> None:
        if (shown := self._transposed()) is not None:
            self.offer(lambda: replace(shown[0], padding=Pair.of(numbers)), "padding")

    def _change_output_padding(self, numbers: tuple[int, ...]) -> None:
        if (shown := self._transposed()) is not None:
            self.offer(lambda: replace(shown[0], output_padding=Pair.of(numbers)), "output padding")

    def _change_dilation(self, numbers: tuple[int, ...]) -> None:
        if (shown := self._transposed()) is not None:
            self.offer(lambda: replace(shown[0], dilation=Pair.of(numbers)), "dilation")

    def _choose_groups(self, index: int) -> None:
        if (shown := self._transposed()) is not None:
            self.offer(lambda: with_groups(shown[0], self.groups.possible[index], shown[1]))
