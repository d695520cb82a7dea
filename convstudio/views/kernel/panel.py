"""KERNEL: the weights of the selected layer, one plane of one filter at a time, and every way to change them."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from convstudio.core.edits.channels import with_preset
from convstudio.core.edits.filters import (
    filters_first,
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
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.kernels.text import TextStyle, described, read_number, readings, write
from convstudio.core.recipe.layers import Conv, ConvTranspose, Layer
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import field_text
from convstudio.views.kernel.face import Kerneled, KernelFace, show_text
from convstudio.views.kernel.tools import Tool

MOST_LOADED = 32  # presets whose numbers come back with undo


@dataclass(frozen=True, eq=False)
class Loaded:
    """A preset in a layer: its numbers belong to the weights that it made, and to no others.

    Parameters
    ----------
    key, values
        The preset and its numbers.
    base, layer
        The layer before it, and with it.
    filter_index
        Of the filter that it replaced; None where it is a set, which replaced all.
    """

    key: str
    values: dict[str, float]
    base: Kerneled
    layer: Kerneled
    filter_index: int | None

    def is_in(self, layer: Kerneled, filter_index: int) -> bool:
        """Whether the weights that it made are those of this filter, or, for a set, of all."""
        if self.filter_index is None:
            return layer.weight == self.layer.weight
        return np.array_equal(filters_first(layer)[filter_index], filters_first(self.layer)[self.filter_index])


class KernelPanel(KernelFace):
    """The kernel editor."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    plane_selected = Signal(int, int)  # filter, channel
    cell_hovered = Signal(object)  # (row, column) or None
    previews_wanted = Signal(object)  # keys of presets
    message = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step: Step | None = None
        self._layer: Kerneled | None = None
        self._loaded: deque[Loaded] = deque(maxlen=MOST_LOADED)  # the newest first
        self._seed = 0
        self.filter_index = self.channel = 0
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
        if is_other:
            self.ask_previews()

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if self._step is not None and isinstance(step.layer, Conv | ConvTranspose):
            self._step, self._layer = step, step.layer
            plane = kernel_at(step.layer, self.filter_index, self.channel)
            if not np.array_equal(plane, self.grid.plane):
                self._show(step.layer)  # the next edit starts from what the grid holds
            else:
                self._show_preset()

    def show_previews(self, previews: dict[str, NDArray[np.uint8]]) -> None:
        """Show what the presets would make of this picture."""
        self.presets.show_previews(previews)

    def highlight_cells(self, cells: frozenset[tuple[int, int]]) -> None:
        """Light up cells of the shown plane."""
        self.grid.highlight(cells)

    def show_filter(self, filter_index: int) -> None:
        """Show another filter, for example that of the map which the person looks at."""
        if self._layer is not None and 0 <= filter_index < self._layer.filters and filter_index != self.filter_index:
            self.filter_index = filter_index
            self._show(self._layer)

    def ask_previews(self) -> None:
        """Ask for previews, if anybody can see them."""
        if self.presets.isVisible():
            self.previews_wanted.emit(self.presets.keys())

    def _show(self, layer: Kerneled, *, is_passing: bool = False) -> None:
        self.show_layer(self._step, layer, self.filter_index, self.channel, is_passing=is_passing)
        self._show_preset()

    def _present(self) -> Loaded | None:
        """The preset whose weights are those of the filter that is shown, if one is."""
        layer, shown = self._layer, self.filter_index
        return next((loaded for loaded in self._loaded if layer is not None and loaded.is_in(layer, shown)), None)

    def _show_preset(self) -> None:
        """Show the preset that is there and its numbers; where none is, there are none to turn."""
        present = self._present()
        self.presets.show_preset(*(("", {}) if present is None else (present.key, present.values)))

    # editing

    def _emit(self, edit: Callable[[Kerneled], Layer], key: str = "") -> None:
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

    def _add_filter(self) -> None:
        self._emit(lambda layer: with_filters(layer, layer.filters + 1))

    def _choose_plane(self) -> None:
        self.filter_index, self.channel = max(self.filters.currentIndex(), 0), max(self.planes.currentIndex(), 0)
        if self._layer is not None:
            self._show(self._layer)
        self.plane_selected.emit(self.filter_index, self.channel)

    def _load(self, key: str, values: dict[str, float]) -> None:
        if self._layer is not None:
            self._put_preset(key, values, self._layer)

    def _turn(self, key: str, values: dict[str, float]) -> None:
        """Put in the same preset with other numbers, if it is what is there, in place of the one before."""
        present = self._present()
        if self._layer is not None and present is not None and present.key == key:
            base = present.base if self._layer == present.layer else self._layer
            self._put_preset(key, values, base, merge=f"preset {key} {self.filter_index}")

    def _put_preset(self, key: str, values: dict[str, float], base: Kerneled, *, merge: str = "") -> None:
        assert self._step is not None
        index = min(self.filter_index, base.filters - 1)
        try:
            kernels = build(find(key), **values)
            layer = with_preset(base, kernels, self._step.input.channels, filter_index=index)
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            self._show_preset()  # the refused number is of no kernel
            return
        self._loaded.appendleft(Loaded(key, values, base, layer, index if len(kernels) == 1 else None))
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

    def _connect(self) -> None:
        self.grid.plane_edited.connect(self._edit_plane)
        self.grid.gesture_ended.connect(self.gesture_ended)
        self.grid.current_moved.connect(self.show_value)
        self.grid.cell_hovered.connect(self.cell_hovered)
        self.grid.copy_asked.connect(self._copy)
        self.grid.paste_asked.connect(self._paste)
        self.grid.message.connect(self.message)
        self.filter_asked.connect(self._change_filters)
        self.tool_used.connect(self._use)
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
        self.presets.preset_chosen.connect(self._load)
        self.presets.values_edited.connect(self._turn)
        self.presets.gesture_ended.connect(self.gesture_ended)
        self.open_presets.toggled.connect(lambda _: self.ask_previews())
        self._set_step(self.grid.step)

    def _change_filters(self, what: str) -> None:
        match what:
            case "add":
                self._add_filter()
            case "duplicate":
                self._emit(lambda layer: with_duplicated_filter(layer, self.filter_index))
            case _:
                self._emit(lambda layer: without_filter(layer, self.filter_index))
