"""KERNEL: the weights of the selected layer, one plane of one filter at a time, and every way to change them."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convstudio.core.display.colours import limit_of
from convstudio.core.edits.channels import with_preset
from convstudio.core.edits.filters import (
    kernel_at,
    planes_of,
    with_bias,
    with_duplicated_filter,
    with_filters,
    with_kernel,
    with_kernel_size,
    without_filter,
)
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.method_text import explained
from convstudio.core.kernels.planes import rank, total
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.kernels.size import MOST_CELLS, anchor
from convstudio.core.kernels.text import TextStyle, described, read_number, readings, write
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Orientation
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted, field_text, number
from convstudio.views import theme
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.fields import NumberBox, show_choices, show_text, tool_button, wrapped_label
from convstudio.views.kernel.grid import Cell, KernelGrid
from convstudio.views.kernel.loaded_presets import ConvolutionLayer, LoadedPreset, LoadedPresets
from convstudio.views.kernel.preset_fields import PresetFields
from convstudio.views.kernel.tools import TOOLS, Tool

TOOLS_IN_A_ROW = 7
COLOURS = ("red", "green", "blue")


class KernelPanel(QWidget):
    """The kernel editor."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    plane_selected = Signal(int, int)  # filter, channel
    cell_hovered = Signal(object)  # (row, column) or None
    presets_toggled = Signal(bool)  # the gallery of presets is to be opened, or closed
    message = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-panel")
        self.lead = wrapped_label("kernel-lead", self)
        self.filters, self.planes = self._combo("kernel-filter", "Filter"), self._combo("kernel-plane", "Channel")
        self.grid = KernelGrid(self)
        self.value = self._line("kernel-value", "Value of the chosen cell")
        self.step_size = self._line("kernel-step", "How much one step of the wheel or the arrows changes")
        self.bias = self._line("kernel-bias", "Added to every output of this filter")
        self.rows, self.columns = self._size("kernel-height", "Height"), self._size("kernel-width", "Width")
        self.facts = ElidedLabel(self)
        self.facts.setObjectName("kernel-facts")
        self.method = wrapped_label("kernel-method", self)
        self.note = wrapped_label("kernel-note", self)
        self.preset_fields = PresetFields(self)
        self.open_presets = self._button("kernel-presets", "Presets", "images", "Well-known kernels, on this picture")
        self.open_presets.setCheckable(True)
        self.open_presets.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._step: Step | None = None
        self._layer: ConvolutionLayer | None = None
        self._loaded = LoadedPresets()
        self._seed = 0
        self.filter_index = self.channel = 0
        self._lay_out()
        self._connect()

    # showing

    def show_step(self, step: Step | None, *, is_passing: bool = False) -> None:
        """Show the weights of a layer as it is executed, in passing while they are dragged; None shows nothing."""
        layer = step.layer if step is not None else None
        if not isinstance(layer, Conv | ConvTranspose) or step is None:
            self._step = self._layer = None
            return
        is_other = self._step is None or self._step.index != step.index
        self._step, self._layer = step, layer
        if is_other:
            self.filter_index = self.channel = 0
        self.filter_index = min(self.filter_index, layer.filters - 1)
        self.channel = min(self.channel, planes_of(layer) - 1)
        self._show(layer, is_passing=is_passing and not is_other)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if self._step is not None and isinstance(step.layer, Conv | ConvTranspose):
            self._step, self._layer = step, step.layer
            plane = kernel_at(step.layer, self.filter_index, self.channel)
            if not np.array_equal(plane, self.grid.plane):
                self._show(step.layer)  # the next edit starts from what the grid holds
            else:
                self._show_preset()

    def show_preview(self, kernel: NDArray[np.float64] | None, name: str) -> None:
        """Show the kernel of a recipe that is only looked at, and its name; None shows the layer's own again."""
        if kernel is not None:
            self.grid.show_plane(kernel, limit_of(kernel), None)
            self.facts.show_text(f"Preview of {name}: sum {number(total(kernel), digits=5)}")
        elif self._layer is not None:
            self._show(self._layer)
        self.grid.setEnabled(kernel is None)  # what is only looked at cannot be edited

    def show_presets_open(self, *, is_open: bool) -> None:
        """Show whether the gallery of presets is open."""
        with QSignalBlocker(self.open_presets):
            self.open_presets.setChecked(is_open)

    def load_preset(self, key: str, values: dict[str, float]) -> None:
        """Put a preset into the filter that is shown."""
        if self._layer is not None:
            self._put_preset(key, values, self._layer)

    def highlight_cells(self, cells: frozenset[tuple[int, int]]) -> None:
        """Light up cells of the shown plane."""
        self.grid.highlight(cells)

    def show_filter(self, filter_index: int) -> None:
        """Show another filter, for example that of the map which the person looks at."""
        if self._layer is not None and 0 <= filter_index < self._layer.filters and filter_index != self.filter_index:
            self.filter_index = filter_index
            self._show(self._layer)

    def _show(self, layer: ConvolutionLayer, *, is_passing: bool = False) -> None:
        """Show one plane of one filter, and what can be said of it; of numbers in passing all but the method."""
        count, names = layer.filters, self._plane_names(layer)
        show_choices(self.filters, [f"Filter {index + 1} of {count}" for index in range(count)], self.filter_index)
        show_choices(self.planes, names, self.channel)
        self.planes.setEnabled(len(names) > 1)
        plane = kernel_at(layer, self.filter_index, self.channel)
        height, width = plane.shape
        is_even = height % 2 == 0 or width % 2 == 0
        planes = [kernel_at(layer, self.filter_index, index) for index in range(planes_of(layer))]
        limit = max(float(np.abs(kernel).max()) for kernel in planes) or 1.0  # one scale for a filter's channels
        self.grid.show_plane(plane, limit, Cell(anchor(height), anchor(width)) if is_even else None)
        self.rows.show_number(height)
        self.columns.show_number(width)
        show_text(self.bias, field_text(layer.bias[self.filter_index], digits=7))
        self._show_facts(layer, plane)
        if not is_passing:  # choosing the method takes longer than all the rest
            self._show_method()
        self._show_value()
        self._show_preset()

    def _plane_names(self, layer: ConvolutionLayer) -> list[str]:
        """What the planes of a filter work on."""
        if isinstance(layer, Conv) and layer.channels is Channels.EACH:
            return ["each channel"]
        count = planes_of(layer)
        if count == len(COLOURS) and (self._step is None or self._step.index == 0):  # deeper layers read maps
            return [f"on {name}" for name in COLOURS]
        return [f"on channel {index + 1}" for index in range(count)]

    def _show_facts(self, layer: ConvolutionLayer, plane: NDArray[np.float64]) -> None:
        self.lead.setText("These numbers multiply the pixels under the window; their products are added up.")
        sum_text = number(total(plane), digits=5)
        self.facts.show_text(f"Sum {sum_text} · rank {rank(plane)} · {counted(plane.size, 'weight')}")
        notes = []
        if any(side % 2 == 0 for side in plane.shape):
            notes.append("The dot marks the anchor: with “same” padding the output lies there.")
        if isinstance(layer, Conv) and layer.orientation is Orientation.CONVOLUTION:
            notes.append("The layer flips this kernel on both axes before it is used.")
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))

    def _show_method(self) -> None:
        """Show how the layer is computed: the first sentence, and all of it as a tooltip."""
        method = explained(self._step) if self._step is not None else ""
        self.method.setText(method.partition(". ")[0] + "." if method else "")
        self.method.setToolTip(method)
        self.method.setVisible(bool(method))

    def _show_value(self) -> None:
        """Show the weight of the current cell with all its digits."""
        show_text(self.value, field_text(float(self.grid.plane[self.grid.current]), digits=7))

    def _present(self) -> LoadedPreset | None:
        """The preset that the shown filter came from, while it still has its weights."""
        return None if self._layer is None else self._loaded.present(self._layer, self.filter_index)

    def _show_preset(self) -> None:
        """Show the present preset and its numbers; without one there are no numbers to change."""
        present = self._present()
        self.preset_fields.show_preset(*(("", {}) if present is None else (present.key, present.values)))

    # editing

    def _emit(self, edit: Callable[[ConvolutionLayer], Layer], key: str = "") -> None:
        if self._layer is None:
            return
        try:
            layer = edit(self._layer)
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            self._show(self._layer)
            return
        if layer != self._layer:
            self.layer_edited.emit(layer, key)
        else:
            self._show(self._layer)

    def _edit_plane(self, plane: NDArray[np.float64], key: str = "") -> None:
        where = self.filter_index, self.channel
        self._emit(lambda layer: with_kernel(layer, *where, plane), f"{key} {where}" if key else "")

    def _use(self, tool: Tool) -> None:
        self._seed += 1
        self._edit_plane(tool.edit(self.grid.plane, self._seed))

    def _read_field(self, line: QLineEdit, use: Callable[[float], None]) -> None:
        if not line.isModified():
            return  # leaving a field is not an edit: what it shows has fewer digits than the weight
        line.setModified(False)
        try:
            value = read_number(line.text())
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            if self._layer is not None:
                self._show(self._layer)
            return
        use(value)

    def _set_step(self, value: float) -> None:
        if value > 0:
            self.grid.step = value
        show_text(self.step_size, field_text(self.grid.step, digits=7))

    def _resize(self) -> None:
        height, width = self.rows.value(), self.columns.value()
        self._emit(lambda layer: with_kernel_size(layer, height, width), "size")

    def _choose_plane(self) -> None:
        self.filter_index, self.channel = max(self.filters.currentIndex(), 0), max(self.planes.currentIndex(), 0)
        if self._layer is not None:
            self._show(self._layer)
        self.plane_selected.emit(self.filter_index, self.channel)

    def _turn(self, key: str, values: dict[str, float]) -> None:
        """Replace the present preset by the same one with other numbers."""
        present = self._present()
        if self._layer is not None and present is not None and present.key == key:
            base = present.base if self._layer == present.layer else self._layer
            self._put_preset(key, values, base, merge=f"preset {key} {self.filter_index}")

    def _put_preset(self, key: str, values: dict[str, float], base: ConvolutionLayer, *, merge: str = "") -> None:
        assert self._step is not None
        index = min(self.filter_index, base.filters - 1)
        try:
            kernels = build(find(key), **values)
            layer = with_preset(base, kernels, self._step.input.channels, filter_index=index)
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            self._show_preset()  # the refused number is of no kernel
            return
        self._loaded.add(LoadedPreset(key, values, base, layer, index if len(kernels) == 1 else None))
        self.layer_edited.emit(layer, merge)
        self._show_preset()

    # clipboard

    def _copy(self, style: str) -> None:
        rows, columns = self.grid.selection()
        part = self.grid.plane[rows, columns]
        plane = part if part.size > 1 else self.grid.plane
        QGuiApplication.clipboard().setText(write(plane, TextStyle(style)))

    def _paste(self) -> None:
        try:
            planes = readings(QGuiApplication.clipboard().text())
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            return
        if len(planes) == 1:
            self._put(planes[0])
        else:
            self._ask_which(planes)

    def _ask_which(self, planes: Sequence[NDArray[np.float64]]) -> None:
        """Let the person say which reading of a pasted text is meant; whoever turns away has pasted nothing."""
        menu = QMenu(self)
        menu.setObjectName("kernel-readings")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("The pasted text can be read in two ways. Which is meant?").setEnabled(False)
        for plane in planes:
            menu.addAction(described(plane), partial(self._put, plane))
        menu.popup(self.grid.mapToGlobal(self.grid.rect().center()))

    def _put(self, pasted: NDArray[np.float64]) -> None:
        """Put numbers into the selected cells, or a whole kernel into the place of the one that is there."""
        plane = self.grid.plane
        rows, columns = self.grid.selection()
        fits = rows.start + pasted.shape[0] <= plane.shape[0] and columns.start + pasted.shape[1] <= plane.shape[1]
        if pasted.size == 1:
            self.grid.set_selected(float(pasted[0, 0]))
        elif pasted.shape != plane.shape and fits and (rows.stop - rows.start) * (columns.stop - columns.start) > 1:
            plane = plane.copy()
            plane[rows.start : rows.start + pasted.shape[0], columns.start : columns.start + pasted.shape[1]] = pasted
            self._edit_plane(plane)
        else:
            self._edit_plane(pasted)

    # construction

    def _lay_out(self) -> None:
        title = wrapped_label("kernel-title", self)
        title.setText("Kernel")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        choose = QHBoxLayout()
        choose.addWidget(self.filters, 1)
        choose.addWidget(self.planes, 1)
        for button in self._filter_buttons():
            choose.addWidget(button)
        fields = QGridLayout()
        fields.setHorizontalSpacing(8)
        fields.setVerticalSpacing(4)
        boxes = {
            "Value": self.value,
            "Step": self.step_size,
            "Bias": self.bias,
            "Height": self.rows,
            "Width": self.columns,
        }
        for place, (caption, widget) in enumerate(boxes.items()):
            label = QLabel(caption, self)
            label.setBuddy(widget)
            fields.addWidget(label, place // 3 * 2, place % 3)
            fields.addWidget(widget, place // 3 * 2 + 1, place % 3)
        fields.addWidget(self.open_presets, 3, 2)
        tools = QGridLayout()
        tools.setSpacing(2)
        for place, tool in enumerate(TOOLS):
            button = self._button(f"tool-{tool.name}", tool.text, tool.icon, tool.tip)
            button.clicked.connect(lambda _=False, tool=tool: self._use(tool))
            tools.addWidget(button, place // TOOLS_IN_A_ROW, place % TOOLS_IN_A_ROW)
        tools.setColumnStretch(TOOLS_IN_A_ROW, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(title)
        layout.addWidget(self.lead)
        layout.addLayout(choose)
        layout.addWidget(self.grid)
        layout.addWidget(self.facts)
        layout.addWidget(self.method)
        layout.addWidget(self.note)
        layout.addLayout(fields)
        layout.addLayout(tools)
        layout.addWidget(self.preset_fields)

    def _combo(self, name: str, caption: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(caption)
        box.setMinimumContentsLength(5)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _line(self, name: str, tip: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setToolTip(tip)
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.setMinimumWidth(48)
        return line

    def _size(self, name: str, caption: str) -> NumberBox:
        box = NumberBox(1, MOST_CELLS, self)
        box.setObjectName(name)
        box.setAccessibleName(f"{caption} of the kernel")
        box.setToolTip(f"{caption} of every kernel of the layer, 1 to {MOST_CELLS}")
        return box

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = tool_button(name, text, icon, tip, self)
        button.setIconSize(QSize(18, 18))
        return button

    def _connect(self) -> None:
        self.grid.plane_edited.connect(self._edit_plane)
        self.grid.gesture_ended.connect(self.gesture_ended)
        self.grid.current_moved.connect(self._show_value)
        self.grid.cell_hovered.connect(self.cell_hovered)
        self.grid.copy_asked.connect(self._copy)
        self.grid.paste_asked.connect(self._paste)
        self.grid.message.connect(self.message)
        self.filters.activated.connect(lambda _: self._choose_plane())
        self.planes.activated.connect(lambda _: self._choose_plane())
        self.value.editingFinished.connect(lambda: self._read_field(self.value, self.grid.set_selected))
        self.step_size.editingFinished.connect(lambda: self._read_field(self.step_size, self._set_step))
        self.bias.editingFinished.connect(
            lambda: self._read_field(
                self.bias, lambda value: self._emit(lambda layer: with_bias(layer, self.filter_index, value))
            )
        )
        self.rows.valueChanged.connect(lambda _: self._resize())
        self.columns.valueChanged.connect(lambda _: self._resize())
        self.preset_fields.values_edited.connect(self._turn)
        self.preset_fields.gesture_ended.connect(self.gesture_ended)
        self.open_presets.toggled.connect(self.presets_toggled)
        self._set_step(self.grid.step)

    def _filter_buttons(self) -> tuple[QToolButton, ...]:
        add = self._button("filter-add", "Add filter", "plus", "Add a filter")
        add.clicked.connect(lambda: self._emit(lambda layer: with_filters(layer, layer.filters + 1)))
        copy = self._button("filter-duplicate", "Duplicate filter", "copy", "Put a copy of this filter behind it")
        copy.clicked.connect(lambda: self._emit(lambda layer: with_duplicated_filter(layer, self.filter_index)))
        delete = self._button("filter-delete", "Delete filter", "trash-2", "Take this filter out")
        delete.clicked.connect(lambda: self._emit(lambda layer: without_filter(layer, self.filter_index)))
        return add, copy, delete
