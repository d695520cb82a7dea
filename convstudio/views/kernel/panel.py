"""KERNEL: the weights of the selected layer, one filter at a time, on all channels or one slice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QComboBox, QMenu, QSizePolicy, QToolButton, QWidget

from convstudio.core.edits.channels import kernel_everywhere, with_kernel_everywhere, with_preset
from convstudio.core.edits.filters import (
    filters_first,
    kernel_at,
    planes_of,
    with_duplicated_filter,
    with_filters,
    with_kernel,
    with_kernel_size,
    with_weights,
    without_filter,
)
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.method_text import explained
from convstudio.core.kernels.locks import Locks, SumLock, locked
from convstudio.core.kernels.planes import total
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.kernels.size import MOST_CELLS, anchor
from convstudio.core.kernels.text import TextStyle, described, readings, write
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Orientation
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted, number
from convstudio.views import icons
from convstudio.views.controls.labelled import show_role
from convstudio.views.controls.menu_button import menu_button
from convstudio.views.controls.word_button import WordButton
from convstudio.views.fields import show_choices, tool_button
from convstudio.views.kernel.box_page import BoxPage
from convstudio.views.kernel.filters import FilterChooser, SizeFields
from convstudio.views.kernel.grid import Cell, KernelGrid
from convstudio.views.kernel.loaded_presets import ConvolutionLayer, LoadedPreset, LoadedPresets
from convstudio.views.kernel.parameters import PresetParameters
from convstudio.views.kernel.tools import FLIP, NORMALISE, SHIFT, Slices, Tool
from convstudio.views.measures import Measures

COLOURS = ("red", "green", "blue")
ALL = "All channels"


class KernelPanel(BoxPage):
    """The kernel editor. `parameters` are the numbers of the present preset, which stand last in the column."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    cell_hovered = Signal(object)  # (row, column) or None
    presets_toggled = Signal(bool)
    preset_changed = Signal(str)  # the key of the preset that is there, "" for none
    filter_shown = Signal(int)  # a person chose another filter to look at
    keep_asked = Signal()  # the kernel among the person's own
    import_asked = Signal()
    export_asked = Signal()
    message = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("kernel-panel", parent)
        self.filters = FilterChooser(self)
        self.planes = QComboBox(self)
        self.planes.setObjectName("kernel-plane")
        self.planes.setAccessibleName("Channel")
        self.planes.setMinimumContentsLength(1)
        self.planes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.planes.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.size_fields = SizeFields("kernel-size", "Size", MOST_CELLS, self)
        show_role(self.size_fields, "kernel")
        self.open_presets = WordButton(self)
        self.open_presets.setObjectName("kernel-presets")
        self.open_presets.setText("Presets")
        self.open_presets.setAccessibleName("Presets")
        self.open_presets.setToolTip("Well-known kernels, on this picture")
        self.open_presets.setProperty("kind", "field")
        self.open_presets.setIcon(icons.icon("images"))
        self.open_presets.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.open_presets.setCheckable(True)
        self.grid = KernelGrid(self)
        self.brush = self._button(
            "kernel-paint",
            "Paint",
            "brush",
            "Paint: drag over cells to give them the value of the chosen one, or 1 where that is 0",
        )
        self.brush.setCheckable(True)
        self.locks_button = self._menu_icon("kernel-locks", "Locks", "link", "What holds while you paint and type")
        self.copy_button = self._menu_icon("kernel-copy", "Copy", "copy", "Copy the kernel as text")
        self.paste = self._button("kernel-paste", "Paste", "clipboard-paste", "Paste a kernel from any program")
        self.keep_button = self._menu_icon(
            "kernel-keep", "Keep", "save", "Keep the kernel among your presets, or exchange it with other programs"
        )
        self.parameters = PresetParameters(self)
        self._step: Step | None = None
        self._layer: ConvolutionLayer | None = None
        self._loaded = LoadedPresets()
        self._seed = 0
        self._spoken = ""
        self.preset_key = ""  # of the preset that is there
        self.filter_index = 0
        self.slice: int | None = None  # the plane that is shown; None is all of them
        self.fill(
            first={self.filters: 45, self.planes: 55},
            second={self.size_fields: 1, self.open_presets: 0},
            box=self.grid,
            beside=(self.brush, self.locks_button, self.copy_button, self.paste, self.keep_button),
            third=self._tool_menus(),
        )
        self._make_locks()
        self._make_copy()
        self._make_keep()
        self._connect()

    # showing

    def show_step(self, step: Step | None, *, is_passing: bool = False) -> None:
        """Show the weights of a layer as it is executed, in passing while they are dragged; None shows nothing."""
        layer = step.layer if step is not None else None
        if not isinstance(layer, Conv | ConvTranspose) or step is None:
            self._step = self._layer = None
            self.parameters.show_preset(None, None)
            self.preset_key = ""
            return
        is_other = self._step is None or self._step.index != step.index
        self._step, self._layer = step, layer
        if is_other:
            self.filter_index, self.slice = 0, None
        self.filter_index = min(self.filter_index, layer.filters - 1)
        if self.slice is not None and self.slice >= planes_of(layer):
            self.slice = None
        self._show(layer)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if self._step is not None and isinstance(step.layer, Conv | ConvTranspose):
            self._step, self._layer = step, step.layer
            if not np.array_equal(self._kernel(step.layer), self.grid.plane):
                self._show(step.layer)  # the next edit starts from what the grid holds

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        super().show_measures(measures)
        self.open_presets.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if measures.has_second_line
            else Qt.ToolButtonStyle.ToolButtonTextOnly
        )

    def show_preview(self, kernel: NDArray[np.float64] | None, name: str) -> None:
        """Show the kernel of a recipe that is only looked at, and its name; None shows the layer's own again."""
        self.grid.show_preview(kernel)
        if kernel is not None:
            self.sentence.setText(f"Preview of {name}: sum {number(total(kernel), digits=5)}")
        elif self._layer is not None:
            self._show_facts(self._layer, self.grid.plane)

    def show_presets_open(self, *, is_open: bool) -> None:
        """Show whether the gallery of presets is open."""
        with QSignalBlocker(self.open_presets):
            self.open_presets.setChecked(is_open)

    def highlight_cells(self, cells: frozenset[tuple[int, int]]) -> None:
        """Light up cells of the shown plane."""
        self.grid.highlight(cells)

    def show_filter(self, filter_index: int) -> None:
        """Show another filter, for example that of the map which the person looks at."""
        if self._layer is not None and 0 <= filter_index < self._layer.filters and filter_index != self.filter_index:
            self._choose_filter(filter_index)

    @property
    def preset(self) -> LoadedPreset | None:
        """The preset that the shown filter is, with its numbers."""
        return None if self._layer is None else self._loaded.present(self._layer, self.filter_index)

    def _kernel(self, layer: ConvolutionLayer) -> NDArray[np.float64]:
        """The plane that is edited: one slice, or what all of them add up to."""
        if self.slice is None:
            return kernel_everywhere(layer, self.filter_index)
        return kernel_at(layer, self.filter_index, self.slice)

    def _show(self, layer: ConvolutionLayer) -> None:
        """Show one filter, and what can be said of it."""
        self.filters.show_filters(layer.filters, self.filter_index, step=layer.groups)
        names = self._plane_names(layer)
        show_choices(self.planes, names, 0 if len(names) == 1 or self.slice is None else self.slice + 1)
        self.planes.setToolTip(
            "All channels: what the filter makes of grey; its slices share every change equally"
            if len(names) > 1
            else "The kernel works on every channel alike; mix channels to edit single slices"
        )
        plane = self._kernel(layer)
        height, width = plane.shape
        is_even = height % 2 == 0 or width % 2 == 0
        planes = plane[None] if self.slice is None else filters_first(layer)[self.filter_index]
        limit = float(np.abs(planes).max()) or 1.0  # one scale for a filter's slices
        self.grid.show_plane(plane, limit, Cell(anchor(height), anchor(width)) if is_even else None)
        self.size_fields.show_size(height, width)
        self._show_facts(layer, plane)
        self._show_orientation(layer)
        self._show_preset()

    def _plane_names(self, layer: ConvolutionLayer) -> list[str]:
        """What the planes of a filter work on, all of them first."""
        count = planes_of(layer)
        assert self._step is not None
        channels = self._step.input.channels
        is_alone = isinstance(layer, Conv) and layer.channels is Channels.EACH
        if is_alone or (count == 1 and channels == 1):
            return [ALL if channels > 1 else "One channel"]
        first = self.filter_index * layer.groups // layer.filters * count
        slices = [f"Slice: {self._channel_name(first + place)}" for place in range(count)]
        return slices if count == 1 else [ALL, *slices]

    def _channel_name(self, channel: int) -> str:
        """A colour of the picture; deeper layers read maps."""
        assert self._step is not None
        if self._step.index == 0 and self._step.input.channels == len(COLOURS):
            return COLOURS[channel]
        return f"map {channel + 1}"

    def _show_facts(self, layer: ConvolutionLayer, plane: NDArray[np.float64]) -> None:
        """Say what the sum means, and what is unusual of this kernel."""
        if self.grid.is_painting:
            value = number(self.grid.paint, digits=5)
            self.sentence.setText(f"Painting {value}: drag over cells; Ctrl+click picks another value")
            return
        whole = total(plane)
        text = f"Sum {number(whole, digits=5)}"
        weights = filters_first(layer)[self.filter_index].size
        if isinstance(layer, Conv) and layer.orientation is Orientation.CONVOLUTION:
            text += ": turned by 180° before it is used"
        elif weights > plane.size:
            text += f" · {counted(weights, 'weight')} in this filter"
        elif whole == 1:
            text += ": brightness stays"
        elif whole == 0:
            text += ": flat places give 0" if plane.any() else ": everything gives 0"
        else:
            text += f": brightness × {number(whole, digits=3)}"
        self.sentence.setText(text)
        if text != self._spoken and not self._is_dragged:
            self._spoken = text
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.sentence, text))

    @property
    def _is_dragged(self) -> bool:
        return bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)

    def _show_orientation(self, layer: ConvolutionLayer) -> None:
        is_conv = isinstance(layer, Conv)
        for orientation, action in self._orientations.items():
            action.setEnabled(is_conv)
            action.setChecked(isinstance(layer, Conv) and layer.orientation is orientation)

    def _show_preset(self) -> None:
        """Show the present preset and its numbers; without one there are no numbers to change."""
        present = self.preset
        self.parameters.show_preset(present, None if present is None else find(present.key))
        key = "" if present is None else present.key
        if key != self.preset_key:
            self.preset_key = key
            self.preset_changed.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Work out how the layer is computed when somebody asks: it takes longer than all the rest."""
        if watched is self.sentence and event.type() is QEvent.Type.ToolTip:
            self.sentence.setToolTip(explained(self._step) if self._step is not None else "")
        return super().eventFilter(watched, event)

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
        index, shown = self.filter_index, self.slice
        merge = f"{key} {index} {shown}" if key else ""
        if shown is None:
            self._emit(lambda layer: with_kernel_everywhere(layer, index, plane), merge)
        else:
            self._emit(lambda layer: with_kernel(layer, index, shown, plane), merge)

    def _use(self, tool: Tool) -> None:
        self._seed += 1
        self._emit(lambda layer: self._with_tool(layer, tool))

    def _with_tool(self, layer: ConvolutionLayer, tool: Tool) -> ConvolutionLayer:
        """The layer with a tool used on what is shown: one slice, or all of them."""
        values: Slices = filters_first(layer)[self.filter_index]
        if self.slice is not None:
            plane = tool.edit(values[self.slice : self.slice + 1], self._seed)[0]
            return with_kernel(layer, self.filter_index, self.slice, plane)
        slices = tool.edit(values, self._seed)
        sized = with_kernel_size(layer, *slices.shape[1:])
        weights = filters_first(sized).copy()
        weights[self.filter_index] = slices
        return with_weights(sized, weights)

    def _choose_filter(self, index: int) -> None:
        if self._layer is not None:
            self.filter_index = index
            self._show(self._layer)
            self.filter_shown.emit(index)

    def _choose_plane(self, index: int) -> None:
        self.slice = index - 1 if index > 0 else None
        if self._layer is not None:
            self._show(self._layer)

    def load_preset(self, key: str, values: dict[str, float]) -> None:
        """Put a preset into the filter that is shown."""
        if self._layer is not None:
            self._put_preset(key, values, self._layer)

    def load_kernel(self, plane: NDArray[np.float64]) -> None:
        """Put a kernel without parameters into the filter that is shown."""
        assert self._step is not None
        channels, index = self._step.input.channels, self.filter_index
        self._emit(lambda layer: with_preset(layer, plane[None], channels, filter_index=min(index, layer.filters - 1)))

    def take_readings(self, planes: Sequence[NDArray[np.float64]], *, what: str) -> None:
        """Put a kernel from elsewhere into the place of the one that is there; ask which where there are several."""
        if len(planes) == 1:
            self.load_kernel(planes[0])
        else:
            self._ask_which(planes, self.load_kernel, what=what)

    def _turn(self, key: str, values: dict[str, float]) -> None:
        """Replace the present preset by the same one with other numbers."""
        present = self.preset
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

    # painting and locks

    def _set_painting(self, is_on: bool) -> None:  # noqa: FBT001  # a slot
        if is_on:
            self.grid.start_painting()
        else:
            self.grid.stop_painting()
        self.grid.setCursor(Qt.CursorShape.CrossCursor if is_on else Qt.CursorShape.ArrowCursor)
        self.grid.update()
        self._follow_current()

    def _follow_current(self) -> None:
        """While painting the sentence has the value of the chosen cell."""
        if self._layer is not None and (self.grid.is_painting or self.sentence.text().startswith("Painting")):
            self._show_facts(self._layer, self.grid.plane)

    def _make_locks(self) -> None:
        menu = self.locks_button.menu()
        menu.setToolTipsVisible(True)
        self._locks = {
            name: menu.addAction(text)
            for name, text in (
                ("symmetry", "Keep it symmetric"),
                (SumLock.ZERO, "Keep the sum 0"),
                (SumLock.ONE, "Keep the sum 1"),
            )
        }
        for name, action in self._locks.items():
            action.setObjectName(f"lock-{name}")
            action.setCheckable(True)
            action.triggered.connect(lambda is_on, name=name: self._lock(name, is_on))

    def _lock(self, name: str, is_on: bool) -> None:  # noqa: FBT001  # a slot
        """Hold a property from now on, and make it true at once; one sum at a time."""
        if name == "symmetry":
            locks = replace(self.grid.locks, is_symmetric=is_on)
        else:
            locks = replace(self.grid.locks, sum=SumLock(name) if is_on else SumLock.FREE)
        self.grid.locks = locks
        self._locks["symmetry"].setChecked(locks.is_symmetric)
        for lock in (SumLock.ZERO, SumLock.ONE):
            self._locks[lock].setChecked(locks.sum is lock)
        self.locks_button.setChecked(locks != Locks())
        if is_on:
            self._edit_plane(locked(self.grid.plane, np.zeros(self.grid.plane.shape, np.bool_), locks))

    # clipboard

    def _make_copy(self) -> None:
        menu = self.copy_button.menu()
        for style in TextStyle:
            action = menu.addAction(f"As {style}", partial(self._copy, style))
            action.setObjectName(f"copy-{style}")

    def _make_keep(self) -> None:
        menu = self.keep_button.menu()
        for name, text, signal in (
            ("keep", "Keep among my presets…", self.keep_asked),
            ("kernel-export", "Export to a file…", self.export_asked),
            ("kernel-import", "Import from a file…", self.import_asked),
        ):
            menu.addAction(text, signal.emit).setObjectName(name)

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
            self._ask_which(planes, self._put, what="The pasted text")

    def _ask_which(
        self,
        planes: Sequence[NDArray[np.float64]],
        take: Callable[[NDArray[np.float64]], object],
        *,
        what: str,
    ) -> None:
        """Let the person say which reading of a text is meant; whoever turns away has changed nothing."""
        menu = QMenu(self)
        menu.setObjectName("kernel-readings")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"{what} can be read in several ways. Which is meant?").setEnabled(False)
        for plane in planes:
            menu.addAction(described(plane), partial(take, plane))
        menu.popup(self.grid.mapToGlobal(self.grid.rect().center()))

    def _put(self, pasted: NDArray[np.float64]) -> None:
        """Put numbers into the selected cells, or a whole kernel into the place of the one that is there."""
        plane = self.grid.plane
        rows, columns = self.grid.selection()
        fits = rows.start + pasted.shape[0] <= plane.shape[0] and columns.start + pasted.shape[1] <= plane.shape[1]
        is_range = 1 < (rows.stop - rows.start) * (columns.stop - columns.start) < plane.size
        if pasted.size == 1:
            self.grid.set_selected(float(pasted[0, 0]))
        elif pasted.shape != plane.shape and fits and is_range:
            plane = plane.copy()
            plane[rows.start : rows.start + pasted.shape[0], columns.start : columns.start + pasted.shape[1]] = pasted
            self._edit_plane(plane)
        else:
            self._edit_plane(pasted)

    # construction

    def _tool_menus(self) -> dict[QWidget, int]:
        buttons: dict[QWidget, int] = {}
        for name, text, tip, tools, share in (
            ("tools-normalise", "Normalise", "The sum and the signs of the weights", NORMALISE, 46),
            ("tools-flip", "Flip", "Flip and turn the kernel", FLIP, 29),
            ("tools-shift", "Shift", "Move the cells; what leaves comes in on the other side", SHIFT, 32),
        ):
            menu = QMenu(self)
            menu.setObjectName(f"{name}-menu")
            menu.setToolTipsVisible(True)
            for tool in tools:
                action = menu.addAction(icons.icon(tool.icon), tool.text, partial(self._use, tool))
                action.setObjectName(f"tool-{tool.name}")
                action.setToolTip(tool.tip)
            button = menu_button(name, text, "", tip, menu, self)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            buttons[button] = share
            if tools is FLIP:
                self._make_orientations(menu)
        return buttons

    def _make_orientations(self, menu: QMenu) -> None:
        """How the layer lays its kernel on the picture stands with the flips: it is one."""
        menu.addSeparator()
        group = QActionGroup(menu)
        self._orientations = {}
        for orientation, text, tip in (
            (Orientation.CORRELATION, "Use it as written", "Cross-correlation, which the field calls convolution"),
            (Orientation.CONVOLUTION, "Turn it by 180° in use", "The true convolution of mathematics"),
        ):
            action = menu.addAction(text, partial(self._orient, orientation))
            action.setObjectName(f"orientation-{orientation}")
            action.setToolTip(tip)
            action.setCheckable(True)
            group.addAction(action)
            self._orientations[orientation] = action

    def _orient(self, orientation: Orientation) -> None:
        self._emit(lambda layer: replace(layer, orientation=orientation) if isinstance(layer, Conv) else layer)

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = tool_button(name, text, icon, tip, self)
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(28, 28)
        return button

    def _menu_icon(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = self._button(name, text, icon, tip)
        button.setProperty("kind", "bare")
        button.setMenu(QMenu(button))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setCheckable(name == "kernel-locks")
        return button

    def _connect(self) -> None:
        self.sentence.installEventFilter(self)
        self.grid.plane_edited.connect(self._edit_plane)
        self.grid.gesture_ended.connect(self.gesture_ended)
        self.grid.current_moved.connect(self._follow_current)
        self.grid.cell_hovered.connect(self.cell_hovered)
        self.grid.copy_asked.connect(self._copy)
        self.grid.paste_asked.connect(self._paste)
        self.grid.message.connect(self.message)
        self.brush.toggled.connect(self._set_painting)
        self.paste.clicked.connect(self._paste)
        self.filters.filter_chosen.connect(self._choose_filter)
        self.filters.added.connect(lambda: self._emit(lambda layer: with_filters(layer, layer.filters + layer.groups)))
        self.filters.duplicated.connect(
            lambda: self._emit(lambda layer: with_duplicated_filter(layer, self.filter_index))
        )
        self.filters.deleted.connect(lambda: self._emit(lambda layer: without_filter(layer, self.filter_index)))
        self.filters.count_edited.connect(
            lambda count: self._emit(lambda layer: with_filters(layer, count), "filters")
        )  # fmt: skip
        self.filters.count_box.editingFinished.connect(self.gesture_ended)
        self.planes.activated.connect(self._choose_plane)
        self.size_fields.size_edited.connect(
            lambda height, width: self._emit(lambda layer: with_kernel_size(layer, height, width), "size")
        )
        self.parameters.values_edited.connect(self._turn)
        self.parameters.gesture_ended.connect(self.gesture_ended)
        self.open_presets.toggled.connect(self.presets_toggled)
