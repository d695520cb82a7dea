"""Input and output: side by side or as a wipe, with linked zoom and pan, their maps, histograms and the probe's marks.

It paints a `Shown` and emits what the person points at. Why an output has its value is in `explain`.
"""

from functools import partial

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Softmax
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Shown, maps_at, units_of, view_planes
from convstudio.insight.trace.influence import CellUses
from convstudio.insight.trace.taps import Unit
from convstudio.views import theme
from convstudio.views.painting import painting
from convstudio.views.pictures.arrangement import (
    GAP,
    HEADER,
    Arrangement,
    arranged,
    arranged_alone,
    arranged_as_wipe,
)
from convstudio.views.pictures.canvas.light import Light, light_of
from convstudio.views.pictures.canvas.patches import parts_of
from convstudio.views.pictures.canvas.placement import Link
from convstudio.views.pictures.canvas.wipe import Wipe
from convstudio.views.pictures.common_view import CommonView, LinkedPane
from convstudio.views.pictures.display_bar import DisplayBar
from convstudio.views.pictures.gallery import tiles_of
from convstudio.views.pictures.pane import PicturePane
from convstudio.views.pictures.probe_marks import ProbeMarks
from convstudio.views.pictures.view_bar import ViewBar
from convstudio.views.pictures.wording import input_note, mean_note, output_note
from convstudio.views.probe.probed import Probed

SMALLEST = 320, 240  # pixels
FEW_PIXELS = 256
SQUARE = 1.1  # a picture whose sides differ by less is one


def proportion_of(shape: Shape) -> str:
    """The kind of proportion for which a wipe or two pictures are remembered.

    Examples
    --------
    >>> proportion_of(Shape(3, 400, 600)), proportion_of(Shape(1, 512, 500)), proportion_of(Shape(1, 9, 3))
    ('landscape', 'square', 'portrait')
    """
    if shape.width > SQUARE * shape.height:
        return "landscape"
    return "portrait" if shape.height > SQUARE * shape.width else "square"


class PicturePair(QWidget):
    """The input and the output of the selected layer."""

    unit_hovered = Signal(object)  # Unit(channel, row, column) or None
    unit_pinned = Signal(object)  # Unit
    input_hovered = Signal(object)  # (row, column) or None
    input_pinned = Signal(object)  # (row, column)
    map_selected = Signal(str, int)  # "input" or "output", number
    channel_selected = Signal(str, object)  # side; 0, 1 or 2, or None for all
    clipped_toggled = Signal(str, bool)  # side
    display_edited = Signal(object, str)  # Display, merge key
    source_range_edited = Signal(object)  # (low, high), or None for what the picture asks for
    parts_seen = Signal(bool, bool)  # whether maps, and whether histograms are on the screen
    wipe_chosen = Signal(str, bool)  # the kind of proportion, and whether it is shown as a wipe
    scene_changed = Signal()  # another part of the frame is on the screen: by the person, or by a change of size

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Shown | None = None
        self._is_lit = False
        self._light: tuple[Frame, Link, Light] | None = None
        self._wiped: frozenset[str] = frozenset()
        self._proportion = ""
        self._is_bare = False
        self._drags = 0  # of the ends of a histogram: each is one step of undo
        self.before, self.after = PicturePane("input", self), PicturePane("output", self)
        self._sides = (LinkedPane("input", self.before), LinkedPane("output", self.after))
        self._view = CommonView(*self._sides, self)
        self.view_bar, self.display_bar = ViewBar(self), DisplayBar(self)
        self.marks = ProbeMarks(self.before.canvas, self.after.canvas, self)
        self.setMinimumSize(*SMALLEST)
        for first, second in zip(self._tab_order(), self._tab_order()[1:], strict=False):
            QWidget.setTabOrder(first, second)
        self._connect()

    def _tab_order(self) -> list[QWidget]:
        bar, before, after = self.view_bar, self.before, self.after
        return [
            bar.range_menu, bar.fitting, before.canvas, before.strip, before.histogram, before.histogram.clipped,
            self.display_bar.range_menu, self.display_bar.segments, after.canvas, after.strip, after.histogram,
            after.histogram.clipped,
        ]  # fmt: skip

    def _connect(self) -> None:
        self._view.changed.connect(self.scene_changed)
        self._view.changed.connect(self._show_size)
        self._view.fitting_changed.connect(self._arrange)
        for side in self._sides:
            name, pane = side.name, side.pane
            pane.map_selected.connect(partial(self.map_selected.emit, name))
            pane.channel_selected.connect(partial(self.channel_selected.emit, name))
            pane.tile_opened.connect(lambda: self.view_bar.set_gallery(is_open=False))
            pane.histogram.clipped_toggled.connect(partial(self.clipped_toggled.emit, name))
            pane.histogram.range_edited.connect(partial(self._edit_range, side))
            pane.histogram.range_freed.connect(partial(self._free_range, side))
        self.marks.unit_hovered.connect(self.unit_hovered)
        self.marks.unit_pinned.connect(self.unit_pinned)
        self.marks.input_hovered.connect(self.input_hovered)
        self.marks.input_pinned.connect(self.input_pinned)
        self.marks.marked.connect(self._show_probed_places)
        self._view.changed.connect(self.marks.place_pinned)
        self.after.unit_hovered.connect(
            lambda number: self.unit_hovered.emit(None if number is None else Unit(number, 0, 0))
        )
        self.after.unit_pinned.connect(lambda number: self.unit_pinned.emit(Unit(number, 0, 0)))
        bar = self.view_bar
        bar.fit_asked.connect(self.fit)
        bar.fill_asked.connect(lambda: self._view.fit(is_filled=True))
        bar.actual_size_asked.connect(self.show_actual_size)
        bar.zoom_asked.connect(self.zoom)
        bar.gallery_toggled.connect(self._open_gallery)
        bar.wipe_toggled.connect(self._open_wipe)
        bar.range_menu.way_chosen.connect(self._choose_source_range)
        bar.range_menu.range_typed.connect(self.source_range_edited)
        bar.range_menu.clipped_toggled.connect(self.before.histogram.clipped.setChecked)
        self.display_bar.range_menu.clipped_toggled.connect(self.after.histogram.clipped.setChecked)
        self.before.histogram.open_menu = bar.range_menu.open_menu
        self.after.histogram.open_menu = self.display_bar.range_menu.open_menu
        self.display_bar.display_edited.connect(self.display_edited)

    @property
    def scene(self) -> Scene | None:
        """Which part of the frame is on the screen; None before anything is shown."""
        return self._view.scene(self.devicePixelRatioF())

    # what is shown

    def show_shown(self, shown: Shown) -> None:
        """Paint a result."""
        plan, (before, after) = shown.result.plan, self._sides
        if self._is_only_large(shown):
            self._show_large(shown)
            return
        self._shown = shown
        before.index, after.index = shown.input_index, shown.output_index
        before.map_number, after.map_number = shown.selection.input_map, shown.selection.output_map
        self._view.show_plan(plan)
        for side in self._sides:
            self._show_side(side)
        self.view_bar.note.show_text(input_note(shown))
        self.display_bar.note.show_text(output_note(shown))
        self.display_bar.show_display(shown.result.document.display, shown.output)
        way = "" if shown.selection.source_range is not None else "automatic"
        self.view_bar.range_menu.show_range(shown.input, way)
        self.marks.show_shown(shown)
        self._follow_proportion(proportion_of(plan.source))
        self._arrange()
        self._show_wipe()
        self._show_light()
        self._view.show()
        self._show_size()

    @property
    def wiped(self) -> frozenset[str]:
        """The kinds of proportion that are shown as a wipe."""
        return self._wiped

    def show_wiped(self, wiped: frozenset[str]) -> None:
        """Show a wipe for pictures of these kinds of proportion, from the next one on."""
        self._wiped, self._proportion = wiped, ""

    def show_lit(self, is_lit: bool) -> None:  # noqa: FBT001  # a slot
        """Lay the photograph over the shares of a softmax, or show these alone."""
        self._is_lit = is_lit
        self._show_light()

    def show_probed(self, probed: tuple[Probed, ...]) -> None:
        """Mark units of the output and what they look at, and explain them; the one that is pointed at comes last."""
        self.marks.show_probed(probed)

    def show_reach(self, region: Region | None) -> None:
        """Mark the outputs that the hovered input pixel has an effect on."""
        self.marks.show_reach(region)

    def show_uses(self, uses: CellUses | None) -> None:
        """Mark every place of the input where a kernel cell is used."""
        self.marks.show_uses(uses)

    def show_bare(self, *, is_bare: bool) -> None:
        """Leave a wipe nothing but its picture: no header above it, and no loupe over it."""
        self._is_bare = is_bare
        self.marks.show_loupes(is_on=not is_bare)
        self._arrange()
        self._view.refit()

    def fit(self) -> None:
        """Show the whole picture, now and when the window changes its size."""
        self._view.fit()

    def show_actual_size(self) -> None:
        """One pixel of the input on one pixel of the screen."""
        self._view.show_actual_size(1 / self.devicePixelRatioF())

    def zoom(self, factor: float) -> None:
        """Enlarge or shrink both pictures."""
        self._view.zoom(factor)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground that the pictures lie on."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)

    # small steps

    def _is_only_large(self, shown: Shown) -> bool:
        """Whether only the large pictures are new: the small ones follow, and all keeps its place."""
        before = self._shown
        if before is None or (shown.is_complete and not shown.lag) or any(side.pane.has_units for side in self._sides):
            return False
        is_same_view = (before.input_view, before.output_view) == (shown.input_view, shown.output_view)
        return is_same_view and before.result.plan.layout == shown.result.plan.layout

    def _show_large(self, shown: Shown) -> None:
        self._shown = shown
        for side in self._sides:
            self._show_picture(side)
        self._show_light()
        self.marks.show_shown(shown)

    def _arrange(self) -> None:
        """Lay out both sides."""
        before, after = self._sides
        column = (self.width() - 3 * GAP) // 2
        extent = self._view.extent(QSize(column, max(self.height() - HEADER - 2 * GAP, 1)))
        proportion, is_filled = extent.width() / extent.height(), self._view.is_filled
        places = {
            side.name: arranged(
                self.size(), proportion, self._tiles(side), is_input=side is before,
                is_filled=is_filled or side.pane.has_units, is_few=self._has_few(side),
            )
            for side in self._sides
        }  # fmt: skip
        headers = {side.name: places[side.name].header for side in self._sides}
        is_wiping = self._is_wiping
        if is_wiping:
            if self._is_bare:
                places[after.name] = arranged_alone(self.size(), proportion, is_filled=is_filled)
            else:
                places[after.name] = arranged_as_wipe(
                    self.size(), proportion, self._tiles(after), is_filled=is_filled, is_few=self._has_few(after)
                )
            headers = {
                "input": QRect(GAP, headers["input"].y(), column, HEADER),
                "output": QRect(2 * GAP + column, headers["output"].y(), column, HEADER),
            }
        before.pane.setVisible(not is_wiping)
        for header, name in ((self.view_bar, "input"), (self.display_bar, "output")):
            header.setGeometry(headers[name])
            header.setVisible(not (is_wiping and self._is_bare))
        for side in self._sides:
            self._place_pane(side, places[side.name], column, is_wiping=is_wiping)
        self._show_choices()
        has_maps = any(place.maps is not None for place in places.values()) or self.view_bar.is_gallery
        self.parts_seen.emit(has_maps, any(place.histogram is not None for place in places.values()))

    def _tiles(self, side: LinkedPane) -> int:
        """How many small pictures belong to a side, whether they are on the screen or not."""
        if self._shown is None or side.pane.has_units:
            return 0
        plan = self._shown.result.plan
        maps, channels = plan.maps_at(side.index), plan.channels_per_map_at(side.index)
        return (maps if maps > 1 else 0) + (channels if channels > 1 else 0)

    def _has_few(self, side: LinkedPane) -> bool:
        """Whether a side has so few pixels that a histogram says little of them."""
        if self._shown is None:
            return False
        shape = self._shown.result.plan.shape_at(side.index)
        return shape.height * shape.width <= FEW_PIXELS

    def _place_pane(self, side: LinkedPane, places: Arrangement, column: int, *, is_wiping: bool) -> None:
        top = places.picture.top()
        left = GAP if is_wiping or side.name == "input" else 2 * GAP + column
        width = self.width() - 2 * GAP if is_wiping else column
        side.pane.setGeometry(left, top, width, max(self.height() - top, 1))
        side.pane.arrange(places, self._tiles(side))

    def _show_choices(self) -> None:
        after = self.after
        self.view_bar.show_choices(
            has_maps=any(side.pane.has_more for side in self._sides),
            has_wipe=after.has_canvas or self.view_bar.is_wipe,
            has_range=self._has_source_range,
        )
        for menu, pane in ((self.view_bar.range_menu, self.before), (self.display_bar.range_menu, after)):
            button = pane.histogram.clipped
            is_apart = not pane.histogram.isVisibleTo(self) and not button.isHidden()
            menu.show_clipped(button.text() if is_apart else "", is_marked=button.isChecked())

    @property
    def _has_source_range(self) -> bool:
        """Whether the header offers the range of the source: where no histogram does, or where it is no plain one."""
        shown = self._shown
        if shown is None or shown.input_index >= 0:
            return False
        is_plain = (shown.input.low, shown.input.high) == (0.0, shown.result.frame.white)
        return not self.before.histogram.isVisibleTo(self) or not is_plain

    def _show_side(self, side: LinkedPane) -> None:
        assert self._shown is not None
        shown, is_input, pane = self._shown, side.name == "input", side.pane
        picture, gallery, channels, histogram, channel = (
            (shown.input, shown.input_gallery, shown.input_channels, shown.input_histogram,
             shown.selection.input_channel)
            if is_input
            else (shown.output, shown.output_gallery, shown.output_channels, shown.output_histogram,
                  shown.selection.output_channel)
        )  # fmt: skip
        units = units_of(shown, is_input=is_input)
        if units is not None:
            pane.show_tiles((), 0, None)
            pane.show_units(units, title=self._title(side))
            return
        pane.show_tiles(tiles_of(gallery, maps_at(shown.result, side.index), channels), side.map_number, channel)
        self._show_picture(side)
        pane.histogram.show_picture(picture, histogram, note=mean_note(shown, is_input=is_input))

    def _show_picture(self, side: LinkedPane) -> None:
        assert self._shown is not None
        shown, is_input = self._shown, side.name == "input"
        picture, view, clipped = (
            (shown.input, shown.input_view, shown.input_clipped)
            if is_input
            else (shown.output, shown.output_view, shown.output_clipped)
        )
        parts = parts_of(shown, is_input=is_input)
        values = view_planes(shown.result, view) if parts is None else None
        side.pane.show_picture(picture, values, title=self._title(side), parts=parts, clipped=clipped)

    def _title(self, side: LinkedPane) -> str:
        assert self._shown is not None
        note = input_note(self._shown) if side.name == "input" else output_note(self._shown)
        shape = self._shown.result.plan.shape_at(side.index)
        return ", ".join(filter(None, (f"{side.name.capitalize()} {shape}", note)))

    def _show_size(self) -> None:
        self.view_bar.show_size(self._view.size_words(self.devicePixelRatioF()))

    # ranges

    def _edit_range(self, side: LinkedPane, ends: tuple[float, float], is_dragging: bool) -> None:  # noqa: FBT001  # a slot
        if side.name == "input" and side.index < 0:
            self.source_range_edited.emit(ends)
        elif self._shown is not None:
            self._drags += not is_dragging
            self.display_bar.choose_range(*ends, merge=f"drag {self._drags}" if is_dragging else "")

    def _free_range(self, side: LinkedPane) -> None:
        if side.name == "input" and side.index < 0:
            self.source_range_edited.emit(None)
        else:
            self.display_bar.free_range()

    def _choose_source_range(self, way: str) -> None:
        frame = self._shown.result.frame if self._shown is not None else None
        self.source_range_edited.emit((0.0, float(frame.white)) if frame is not None and way == "whole" else None)

    # maps and the wipe

    def _open_gallery(self, is_open: bool) -> None:  # noqa: FBT001  # a slot of Qt's toggled
        for side in self._sides:
            side.pane.show_grid(is_open=is_open)
        self._arrange()
        self._view.refit()

    @property
    def _is_wiping(self) -> bool:
        """Whether one picture lies over the other; single numbers cover nothing."""
        return self.view_bar.is_wipe and not self.after.has_units

    def _follow_proportion(self, proportion: str) -> None:
        """Show a picture of another proportion as pictures of that kind were shown last."""
        if proportion != self._proportion:
            self._proportion = proportion
            self.view_bar.set_wipe(is_open=proportion in self._wiped)

    def _open_wipe(self, is_open: bool) -> None:  # noqa: FBT001  # a slot of Qt's toggled
        if (self._proportion in self._wiped) != is_open:
            self._wiped ^= {self._proportion}
            self.wipe_chosen.emit(self._proportion, is_open)
        self._arrange()
        self._show_wipe()
        self._view.refit()

    def _show_probed_places(self) -> None:
        self._show_wipe()
        before, after = self.marks.lit_places
        self.before.show_places(before)
        self.after.show_places(after)

    def _show_wipe(self) -> None:
        before, after = self._sides
        wipe = None
        if self._shown is not None and self._is_wiping:
            link = after.link.to(before.link)
            parts = parts_of(self._shown, is_input=True)
            wipe = Wipe(self._shown.input, link, "before", "after", parts, self.marks.boxes_on_input)
        after.pane.canvas.show_wipe(wipe)

    def _show_light(self) -> None:
        """The photograph over the output, where that is the shares of a softmax and somebody wants it."""
        shown, (_, after) = self._shown, self._sides
        layer = None if shown is None or after.index < 0 else shown.result.plan.steps[after.index].layer
        light = None
        if self._is_lit and shown is not None and isinstance(layer, Softmax) and layer.enabled:
            frame, link = shown.result.frame, after.link
            if self._light is None or self._light[0] is not frame or self._light[1] != link:
                self._light = (frame, link, light_of(frame, link))
            light = self._light[2]
        else:
            self._light = None
        after.pane.canvas.show_light(light)
