"""The inspector of a pooling layer."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import ONE, Pair
from convstudio.core.recipe.layers import Layer, Pool, PoolKind
from convstudio.core.recipe.plan import Step
from convstudio.views.fields import ChoiceBox, LinkedNumbers, checkbox
from convstudio.views.inspector.step_panel import StepPanel
from convstudio.views.inspector.windowing import SIDE_CAPTIONS, axis_numbers

KIND_LABELS = {PoolKind.MAX: "Maximum", PoolKind.AVERAGE: "Average"}
MOST_WINDOW = 1024


class PoolPanel(StepPanel):
    """Kind, window, stride, padding, rounding; dilation of a maximum, counting of padding in an average."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("pool-panel", parent)
        self.kind = ChoiceBox(KIND_LABELS, self)
        self.kind.setObjectName("pool-kind")
        self.is_global = checkbox("pool-global", "Global: the whole map", "", self)
        self.window_size = axis_numbers("Window", parent=self, high=MOST_WINDOW)
        self.stride = axis_numbers("Pool stride", parent=self, high=MOST_WINDOW)
        self.padding = LinkedNumbers("Pool padding", SIDE_CAPTIONS, low=0, high=MOST_WINDOW, parent=self)
        self.dilation = axis_numbers("Pool dilation", parent=self)
        self.ceil_mode = checkbox("pool-ceil-mode", "Round up (ceil mode)", "", self)
        self.counts_padding = checkbox("pool-count-include-pad", "Padding counts in the mean", "", self)
        self.add_row("Kind", self.kind, "Which number stands for a window")
        self.add_row("", self.is_global, "One number for each channel, whatever the picture's size")
        self.add_row("Window", self.window_size, "How many pixels become one")
        self.add_row(
            "Stride", self.stride, "How many pixels the window moves; it follows the window as long as they are equal"
        )
        self.add_row("Padding", self.padding, "Pixels added around the input; a maximum ignores them")
        self.add_row("Dilation", self.dilation, "How far apart the window's pixels lie; for the maximum only")
        self.add_row("", self.ceil_mode, "Keep a last window that hangs over the edge instead of dropping it")
        self.add_row("", self.counts_padding, "Divide by the whole window, padding too; for the average only")
        self.kind.chosen.connect(self._choose_kind)
        self.is_global.clicked.connect(self._choose_global)
        self.window_size.numbers_edited.connect(self._change_window)
        self.stride.numbers_edited.connect(self._change_stride)
        self.padding.numbers_edited.connect(self._change_padding)
        self.dilation.numbers_edited.connect(self._change_dilation)
        for field in (self.window_size, self.stride, self.padding, self.dilation):
            field.gesture_ended.connect(self.gesture_ended)
        self.ceil_mode.clicked.connect(self._choose_ceil_mode)
        self.counts_padding.clicked.connect(self._choose_counting)
        self.show_step(None)

    def show_layer(self, layer: Layer, step: Step) -> None:  # a pool is shown without what arrives
        """Put a pooling layer into the controls."""
        if not isinstance(layer, Pool):
            return
        self.kind.show_choice(layer.kind)
        self.is_global.setChecked(layer.is_global)
        self.window_size.show_numbers(layer.window)
        self.stride.show_numbers(layer.stride)
        self.padding.show_numbers(layer.padding)
        self.dilation.show_numbers(layer.dilation)
        self.ceil_mode.setChecked(layer.ceil_mode)
        self.counts_padding.setChecked(layer.count_include_pad)
        for field in (self.window_size, self.stride, self.padding, self.ceil_mode):
            self.form.setRowVisible(field, not layer.is_global)
        self.form.setRowVisible(self.dilation, not layer.is_global and layer.kind is PoolKind.MAX)
        self.form.setRowVisible(self.counts_padding, not layer.is_global and layer.kind is PoolKind.AVERAGE)

    def _pool(self) -> Pool | None:
        return self.step.layer if self.step is not None and isinstance(self.step.layer, Pool) else None

    def _choose_kind(self, kind: PoolKind) -> None:
        if (pool := self._pool()) is not None:
            dilation = pool.dilation if kind is PoolKind.MAX else ONE
            self.offer(lambda: replace(pool, kind=kind, dilation=dilation))

    def _choose_global(self) -> None:
        if (pool := self._pool()) is not None:
            self.offer(lambda: replace(pool, is_global=self.is_global.isChecked()))

    def _change_window(self, numbers: tuple[int, ...]) -> None:
        if (pool := self._pool()) is not None:
            window = Pair.of(numbers)
            stride = window if pool.stride == pool.window else pool.stride
            self.offer(lambda: replace(pool, window=window, stride=stride), "window")

    def _change_stride(self, numbers: tuple[int, ...]) -> None:
        if (pool := self._pool()) is not None:
            self.offer(lambda: replace(pool, stride=Pair.of(numbers)), "stride")

    def _change_padding(self, numbers: tuple[int, ...]) -> None:
        if (pool := self._pool()) is not None:
            self.offer(lambda: replace(pool, padding=Amounts(*numbers)), "padding")

    def _change_dilation(self, numbers: tuple[int, ...]) -> None:
        if (pool := self._pool()) is not None:
            self.offer(lambda: replace(pool, dilation=Pair.of(numbers)), "dilation")

    def _choose_ceil_mode(self) -> None:
        if (pool := self._pool()) is not None:
            self.offer(lambda: replace(pool, ceil_mode=self.ceil_mode.isChecked()))

    def _choose_counting(self) -> None:
        if (pool := self._pool()) is not None:
            self.offer(lambda: replace(pool, count_include_pad=self.counts_padding.isChecked()))
