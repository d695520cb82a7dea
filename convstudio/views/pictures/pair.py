"""Input and output side by side: linked zoom and pan, wipe, galleries and the marks of the probe.

It paints a `Shown` and emits what the person points at. Why an output has its value is in `explain`.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from convstudio.core.geometry.regions import Region
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Shown, map_planes, maps_at, units_of
from convstudio.insight.trace.influence import CellUses
from convstudio.insight.trace.taps import Unit
from convstudio.views.pictures.canvas.patches import parts_of
from convstudio.views.pictures.canvas.wipe import Wipe
from convstudio.views.pictures.common_view import CommonView, LinkedPane
from convstudio.views.pictures.display_bar import DisplayBar
from convstudio.views.pictures.pane import PicturePane
from convstudio.views.pictures.probe_marks import ProbeMarks
from convstudio.views.pictures.view_bar import ViewBar
from convstudio.views.pictures.wording import measured_sentence, parts_sentence, shares_sentence
from convstudio.views.probe.probed import Probed


class PicturePair(QWidget):
    """The input and the output of the selected layer."""

    unit_hovered = Signal(object)  # Unit(channel, row, column) or None
    unit_pinned = Signal(object)  # Unit
    input_hovered = Signal(object)  # (row, column) or None
    input_pinned = Signal(object)  # (row, column)
    map_selected = Signal(str, int)  # "input" or "output", number
    display_edited = Signal(object, str)  # Display, merge key
    scene_changed = Signal()  # another part of the frame is on the screen: by the person, or by a change of size

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Shown | None = None
        self.before = PicturePane(self)
        self.before.setObjectName("input-pane")
        self.after = PicturePane(self)
        self.after.setObjectName("output-pane")
        self._sides = (LinkedPane("input", self.before), LinkedPane("output", self.after))
        self._view = CommonView(*self._sides, self)
        self.view_bar = ViewBar(self)
        self.display_bar = DisplayBar(self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("picture-splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        for pane in (self.before, self.after):
            self.splitter.addWidget(pane)
        self.splitter.setSizes([1000, 1000])
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.view_bar)
        tools.addStretch(1)
        tools.addWidget(self.display_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(tools)
        layout.addWidget(self.splitter, 1)
        self.marks = ProbeMarks(self.before.canvas, self.after.canvas, self)
        self._connect()

    def _connect(self) -> None:
        self._view.changed.connect(self.scene_changed)
        for side in self._sides:
            side.pane.map_selected.connect(lambda number, side=side: self.map_selected.emit(side.name, number))
            side.pane.map_opened.connect(lambda _: self.view_bar.set_gallery(is_open=False))
        self.marks.unit_hovered.connect(self.unit_hovered)
        self.marks.unit_pinned.connect(self.unit_pinned)
        self.marks.input_hovered.connect(self.input_hovered)
        self.marks.input_pinned.connect(self.input_pinned)
        self.marks.marked.connect(self._show_wipe)
        self._view.changed.connect(self.marks.place_pinned)
        self.after.unit_hovered.connect(
            lambda number: self.unit_hovered.emit(None if number is None else Unit(number, 0, 0))
        )
        self.after.unit_pinned.connect(lambda number: self.unit_pinned.emit(Unit(number, 0, 0)))
        self.view_bar.fit_asked.connect(self.fit)
        self.view_bar.actual_size_asked.connect(self.show_actual_size)
        self.view_bar.zoom_asked.connect(self.zoom)
        self.view_bar.gallery_toggled.connect(self._open_gallery)
        self.view_bar.wipe_toggled.connect(self._open_wipe)
        self.display_bar.display_edited.connect(self.display_edited)

    @property
    def scene(self) -> Scene | None:
        """Which part of the frame is on the screen; None before anything is shown."""
        return self._view.scene(self.devicePixelRatioF())

    # what is shown

    def show_shown(self, shown: Shown) -> None:
        """Paint a result."""
        plan = shown.result.plan
        self._shown = shown
        before, after = self._sides
        before.index, after.index = shown.input_index, shown.output_index
        self._view.show_plan(plan)
        before.map_number, after.map_number = shown.selection.input_map, shown.selection.output_map
        is_source = shown.result.document.selected < 0
        if is_source:
            self._show_side(before, "PICTURE", "")
            self._show_side(after, "OUTPUT", "of the recipe" if plan.steps else "no layers yet")
        else:
            self._show_side(before, "INPUT", f"of {plan.steps[after.index].title}")
            self._show_side(after, "OUTPUT", f"of {plan.steps[after.index].title}")
        self._level()
        self.display_bar.show_display(shown.result.document.display)
        self.view_bar.show_choices(
            has_maps=any(side.pane.has_maps for side in self._sides),
            has_wipe=after.pane.has_canvas or self.view_bar.is_wipe,
        )
        self.marks.show_shown(shown)
        self._show_wipe()
        self._view.show()

    @property
    def shares(self) -> str:
        """How much of what is shown of the output is negative or clipped; "" before anything is shown."""
        return "" if self._shown is None else shares_sentence(self._shown, is_gallery=self.view_bar.is_gallery)

    def show_probed(self, probed: tuple[Probed, ...]) -> None:
        """Mark units of the output and what they look at, and explain them; the one that is pointed at comes last."""
        self.marks.show_probed(probed)

    def show_reach(self, region: Region | None) -> None:
        """Mark the outputs that the hovered input pixel has an effect on."""
        self.marks.show_reach(region)

    def show_uses(self, uses: CellUses | None) -> None:
        """Mark every place of the input where a kernel cell is used."""
        self.marks.show_uses(uses)

    def fit(self) -> None:
        """Show the whole picture, now and when the window changes its size."""
        self._view.fit()

    def show_actual_size(self) -> None:
        """One pixel of the input on one pixel of the screen."""
        self._view.show_actual_size(1 / self.devicePixelRatioF())

    def zoom(self, factor: float) -> None:
        """Enlarge or shrink both pictures."""
        self._view.zoom(factor)

    # small steps

    def _show_side(self, side: LinkedPane, word: str, whose: str) -> None:
        assert self._shown is not None
        result, is_input = self._shown.result, side.name == "input"
        picture = self._shown.input if is_input else self._shown.output
        gallery = self._shown.input_gallery if is_input else self._shown.output_gallery
        total = maps_at(result, side.index)
        shape, progress = result.plan.shape_at(side.index), parts_sentence(self._shown, is_input=is_input)
        units = units_of(self._shown, is_input=is_input)
        map_name = f"map {side.map_number + 1} of {total}" if total > 1 and units is None else ""
        title = " · ".join(filter(None, (f"{word} {shape}", map_name, whose)))  # what matters least is cut off first
        if units is not None:
            side.pane.show_maps((), 0, 0)
            side.pane.show_units(units, title=title, note=progress)
        else:
            side.pane.show_maps(gallery, total, side.map_number)
            measured = measured_sentence(self._shown, is_input=is_input)
            parts = parts_of(self._shown, is_input=is_input)
            values = map_planes(result, side.index, side.map_number) if parts is None else None
            side.pane.show_picture(picture, values, title=title, parts=parts, notes=(progress, measured))

    def _level(self) -> None:
        """Keep the two pictures level when only one of them has a gallery below."""
        has_strip = any(side.pane.has_strip for side in self._sides)
        for side in self._sides:
            side.pane.reserve_strip(is_reserved=has_strip)

    def _open_gallery(self, is_open: bool) -> None:  # noqa: FBT001  # a slot of Qt's toggled
        for side in self._sides:
            side.pane.show_grid(is_open=is_open)
        self._level()
        self._view.refit()

    def _open_wipe(self) -> None:
        self._show_wipe()
        self._view.refit()

    def _show_wipe(self) -> None:
        before, after = self._sides
        wipe = None
        is_wiping = self.view_bar.is_wipe and not after.pane.has_units  # single numbers cover nothing
        before.pane.setVisible(not is_wiping)
        if self._shown is not None and is_wiping:
            link = after.link.to(before.link)
            parts = parts_of(self._shown, is_input=True)
            wipe = Wipe(self._shown.input, link, "before", "after", parts, self.marks.boxes_on_input)
        after.pane.canvas.show_wipe(wipe)
