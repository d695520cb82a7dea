"""The lower half of the column: six fields in two columns and the size of the output, the same for every layer.

A field that has no meaning for a layer says why and stays at its place.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from convstudio.core.edits.channels import common_divisors, with_channel_mode, with_groups
from convstudio.core.edits.filters import with_bias
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding, PaddingChoice
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import LARGEST, Channels, Conv, ConvTranspose, Layer, Pool, PoolKind
from convstudio.core.recipe.plan import Step
from convstudio.views.controls.labelled import labelled
from convstudio.views.controls.switch import Switch
from convstudio.views.fields import ChoiceBox
from convstudio.views.inspector.boxes import MOST_STRIDE, PaddingBox, PairBox, RealBox
from convstudio.views.inspector.formula import SizeFormula
from convstudio.views.measures import MEDIUM, Measures

BORDER_LABELS = {
    Border.ZEROS: "Zeros",
    Border.REFLECT: "Reflect",
    Border.REPLICATE: "Replicate",
    Border.CIRCULAR: "Circular",
}
RULES = (Padding.SAME, Padding.VALID, Padding.FULL)
MOST_POOL_STRIDE = 1024
Windowed = Conv | ConvTranspose | Pool


class GroupsBox(QComboBox):
    """The numbers of groups that are possible; a single one is shown but cannot be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("groups")
        self.setMinimumContentsLength(3)
        self.possible: tuple[int, ...] = ()

    def show_groups(self, groups: int, possible: tuple[int, ...]) -> None:
        """Show the present number and what else there is."""
        if possible != self.possible:
            self.possible = possible
            self.clear()
            self.addItems([str(number) for number in possible])
        self.setCurrentIndex(possible.index(groups) if groups in possible else -1)
        self.setEnabled(len(possible) > 1)


class LayerFields(QWidget):
    """Stride, padding, border, dilation, groups and bias; of a pool its two switches in the place of the last two."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer-fields")
        self.step: Step | None = None
        self.filter_index = 0
        self._geometry: tuple[object, ...] | None = None
        self.stride = PairBox("stride", 1, MOST_POOL_STRIDE, self)
        self.padding = PaddingBox("padding", self)
        self.border = ChoiceBox(BORDER_LABELS, self)
        self.border.setObjectName("border")
        self.output_padding = PairBox("output-padding", 0, MOST_STRIDE, self)
        self.dilation = PairBox("dilation", 1, MOST_STRIDE, self)
        self.groups = GroupsBox(self)
        self.bias = RealBox("bias", -LARGEST, LARGEST, 1.0, self)
        self.ceil_mode, self.counts_padding = (
            Switch("", "pool-ceil-mode", self),
            Switch("", "pool-count-include-pad", self),
        )
        self.formula = SizeFormula(self)
        self._set_tips()
        self._grid_widget = QWidget(self)
        policy = self._grid_widget.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the size below stays where it is
        self._grid_widget.setSizePolicy(policy)
        self._borders = _stack(
            self, labelled("Border", self.border), labelled("Output padding", self.output_padding, "padding")
        )
        self._fifth = _stack(self, labelled("Groups", self.groups), _switched("Ceil mode", self.ceil_mode))
        self._sixth = _stack(self, labelled("Bias", self.bias), _switched("Count padding", self.counts_padding))
        grid = QGridLayout(self._grid_widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        slots = (
            labelled("Stride", self.stride, "stride"), labelled("Padding", self.padding, "padding"),
            self._borders, labelled("Dilation", self.dilation, "dilation"), self._fifth, self._sixth,
        )  # fmt: skip
        for place, slot in enumerate(slots):
            grid.addWidget(slot, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
        self._grid = grid
        self._line = QFrame(self)
        self._line.setProperty("kind", "line")
        self._line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._line)
        column.addWidget(self._grid_widget)
        column.addWidget(self.formula)
        self._column = column
        self._connect()
        self.show_measures(MEDIUM)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        is_roomy = measures.has_second_line
        self._grid.setVerticalSpacing(6 if is_roomy else 2)
        self._column.setSpacing(8 if is_roomy else 4)
        self._grid_widget.setFixedHeight(3 * (measures.field + 18) + 2 * self._grid.verticalSpacing())
        self.formula.show_measures(measures)

    def show_step(self, step: Step, filter_index: int = 0) -> None:
        """Show a layer as it is executed; the bias is that of one filter.

        While a kernel is dragged only its weights change, of which nothing stands here.
        """
        self.step, self.filter_index = step, filter_index
        layer = step.layer
        geometry = _geometry_of(step, filter_index)
        if geometry is not None and geometry == self._geometry and not self.formula.is_refused:
            return
        self._geometry = geometry
        is_windowed = isinstance(layer, Windowed)
        self._grid_widget.setVisible(is_windowed)
        self._line.setVisible(is_windowed)
        if isinstance(layer, Windowed):
            is_pool = isinstance(layer, Pool)
            self._borders.setCurrentIndex(1 if isinstance(layer, ConvTranspose) else 0)
            self._fifth.setCurrentIndex(1 if is_pool else 0)
            self._sixth.setCurrentIndex(1 if is_pool else 0)
        match layer:
            case Conv():
                self._show_conv(layer, step)
            case ConvTranspose():
                self._show_transposed(layer, step)
            case Pool():
                self._show_pool(layer, step)
        self.formula.show_step(step)

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """What tells the size of the output, for a lesson that asks for it."""
        return (self.formula,)

    # showing

    def _show_conv(self, layer: Conv, step: Step) -> None:
        self.stride.show_pair(layer.stride)
        self.padding.show_padding(layer.padding, step.pads, layer.kernel, layer.dilation, rules=RULES)
        self._show_border(layer.border, "" if any(step.pads) else "No padding")
        self.dilation.show_pair(layer.dilation)
        channels = step.input.channels
        if layer.channels is Channels.EACH:
            self.groups.show_groups(channels, (1, channels) if channels > 1 else (1,))
            self.groups.setToolTip("One kernel on each channel: as many groups as channels; 1 group mixes them")
        else:
            self.groups.show_groups(layer.groups, common_divisors(channels, layer.filters))
            self.groups.setToolTip("Into how many separate parts channels and filters are divided")
        self.bias.show_value(layer.bias[min(self.filter_index, layer.filters - 1)])

    def _show_transposed(self, layer: ConvTranspose, step: Step) -> None:
        self.stride.show_pair(layer.stride)
        vertical, horizontal = layer.padding
        cut = Amounts(vertical, vertical, horizontal, horizontal)
        self.padding.show_padding(cut, cut, layer.kernel, layer.dilation, rules=(), has_sides=False)
        self.padding.setToolTip("Pixels that are cut off on each side of the output. Type 1, or 1 × 2.")
        self.output_padding.show_pair(layer.output_padding)
        self.dilation.show_pair(layer.dilation)
        self.groups.show_groups(layer.groups, common_divisors(step.input.channels, layer.filters))
        self.bias.show_value(layer.bias[min(self.filter_index, layer.filters - 1)])

    def _show_pool(self, layer: Pool, step: Step) -> None:
        is_max = layer.kind is not PoolKind.AVERAGE
        self.ceil_mode.show_on(layer.ceil_mode)
        self.ceil_mode.setEnabled(not layer.is_global)
        self.counts_padding.show_on(layer.count_include_pad and not is_max)
        self.counts_padding.setEnabled(not is_max and not layer.is_global and any(step.pads))
        if layer.is_global:
            for box in (self.stride, self.padding, self.dilation):
                box.show_meaningless("Whole map")
            self._show_border(Border.ZEROS, "No padding")
            return
        self.stride.show_pair(layer.stride)
        self.padding.show_padding(layer.padding, step.pads, layer.window, layer.dilation, rules=())
        self.dilation.show_pair(layer.dilation)
        if not is_max:
            self.dilation.show_meaningless("Max pool only")
        self._show_border(Border.ZEROS, ("Left out" if is_max else "Zeros") if any(step.pads) else "No padding")

    def _show_border(self, border: Border, reason: str) -> None:
        """The border's rule, or why there is none to choose."""
        self.border.setEnabled(not reason)
        self.border.setPlaceholderText(reason)
        if reason:
            self.border.setCurrentIndex(-1)
        else:
            self.border.show_choice(border)
        self.border.setAccessibleName(f"Border: {reason}" if reason else "Border")

    # editing

    def _offer(self, edit: Callable[[Layer], Layer], key: str = "") -> None:
        """Send an edit out, or say at its place why it cannot be made and show the old numbers again."""
        step = self.step
        if step is None:
            return
        try:
            layer = edit(step.layer)
        except ConvStudioError as refusal:
            self._show_again(step)
            self.formula.show_refusal(str(refusal))
            return
        if layer != step.layer:
            self._geometry = None  # should it be refused elsewhere, the old numbers come back
            self.layer_edited.emit(layer, key)
        else:
            self._show_again(step)

    def _show_again(self, step: Step) -> None:
        """What was typed goes, and the numbers of the layer come back."""
        self._geometry = None
        self.show_step(step, self.filter_index)

    def _pad(self, padding: PaddingChoice, key: str) -> None:
        self._offer(lambda layer: _padded(layer, padding), key)

    def _choose_groups(self, index: int) -> None:
        groups, step = self.groups.possible[index], self.step
        if step is None:
            return
        channels = step.input.channels

        def grouped(layer: Layer) -> Layer:
            match layer:
                case Conv(channels=Channels.EACH):
                    return layer if groups == channels else with_channel_mode(layer, Channels.ACROSS, channels)
                case Conv() | ConvTranspose():
                    return with_groups(layer, groups, channels)
                case _:
                    return layer

        self._offer(grouped)

    def _change_bias(self, value: float) -> None:
        index = self.filter_index
        self._offer(
            lambda layer: with_bias(layer, index, value) if isinstance(layer, Conv | ConvTranspose) else layer,
            f"bias {index}",
        )

    def _set_tips(self) -> None:
        self.stride.setToolTip("How many pixels the window moves. Type 2, or 2 × 1: down, then across.")
        self.dilation.setToolTip("How far apart the kernel's cells lie on the input. Type 2, or 2 × 1.")
        self.border.setToolTip("What stands in the padding")
        self.output_padding.setToolTip("Pixels that are added below and at the right of the output")
        self.bias.setToolTip("Added to every output of this filter")
        self.ceil_mode.setToolTip("Keep a last window that hangs over the edge instead of dropping it")
        self.counts_padding.setToolTip("An average divides by the whole window, padding too")

    def _connect(self) -> None:
        self.stride.pair_edited.connect(lambda pair: self._offer(lambda layer: _strode(layer, pair), "stride"))
        self.dilation.pair_edited.connect(lambda pair: self._offer(lambda layer: _dilated(layer, pair), "dilation"))
        self.output_padding.pair_edited.connect(
            lambda pair: self._offer(
                lambda layer: replace(layer, output_padding=pair) if isinstance(layer, ConvTranspose) else layer,
                "output padding",
            )
        )
        self.padding.padding_edited.connect(self._pad)
        self.border.chosen.connect(
            lambda border: self._offer(
                lambda layer: replace(layer, border=border) if isinstance(layer, Conv) else layer
            )
        )  # fmt: skip
        self.groups.activated.connect(self._choose_groups)
        self.bias.value_edited.connect(self._change_bias)
        self.ceil_mode.clicked.connect(
            lambda is_on: self._offer(lambda layer: replace(layer, ceil_mode=is_on) if _is_pool(layer) else layer)
        )
        self.counts_padding.clicked.connect(
            lambda is_on: self._offer(
                lambda layer: replace(layer, count_include_pad=is_on) if _is_pool(layer) else layer
            )
        )  # fmt: skip
        for box in (self.stride, self.dilation, self.output_padding, self.padding, self.bias):
            box.gesture_ended.connect(self.gesture_ended)
            box.refused.connect(self.formula.show_refusal)


def _stack(parent: QWidget, *widgets: QWidget) -> QStackedWidget:
    """Widgets of which one at a time stands at a place."""
    stack = QStackedWidget(parent)
    for widget in widgets:
        stack.addWidget(widget)
    return stack


def _switched(text: str, switch: Switch) -> QWidget:
    """A switch under its label, where another layer has a field."""
    switch.setAccessibleName(text)
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(switch)
    row.addStretch(1)
    place.setFocusProxy(switch)
    return labelled(text, place)


def _geometry_of(step: Step, filter_index: int) -> tuple[object, ...] | None:
    """All that is shown here of a convolution; None of a layer without weights."""
    layer = step.layer
    if not isinstance(layer, Conv | ConvTranspose):
        return None
    own = (layer.border, layer.channels) if isinstance(layer, Conv) else (layer.output_padding,)
    bias = layer.bias[min(filter_index, layer.filters - 1)]
    return (type(layer), step.window, layer.kernel, layer.padding, layer.groups, layer.filters, bias, *own)


def _is_pool(layer: Layer) -> bool:
    return isinstance(layer, Pool)


def _strode(layer: Layer, pair: Pair) -> Layer:
    return replace(layer, stride=pair) if isinstance(layer, Windowed) else layer


def _dilated(layer: Layer, pair: Pair) -> Layer:
    return replace(layer, dilation=pair) if isinstance(layer, Windowed) else layer


def _padded(layer: Layer, padding: PaddingChoice) -> Layer:
    match layer, padding:
        case Conv(), _:
            return replace(layer, padding=padding)
        case Pool(), Amounts():
            return replace(layer, padding=padding)
        case ConvTranspose(), Amounts(top=top, bottom=bottom, left=left, right=right):
            if (top, left) != (bottom, right):
                raise ConvStudioError(
                    "A transposed convolution cuts off as much above as below, and as much left as right; "
                    "give one number, or two."
                )
            return replace(layer, padding=Pair(top, left))
        case _:
            return layer
