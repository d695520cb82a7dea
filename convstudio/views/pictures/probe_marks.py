"""The marks of the probe on the two pictures of a pair, and the loupe beside the mouse."""

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QCursor
from PySide6.QtWidgets import QWidget

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv, Pool, PoolKind
from convstudio.core.view.shown import Shown, map_planes
from convstudio.insight.trace.influence import CellUses
from convstudio.insight.trace.taps import Unit
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.pictures.canvas.cells import READABLE, Ring
from convstudio.views.pictures.canvas.marks import Box
from convstudio.views.pictures.gallery import LitPlace
from convstudio.views.pictures.probe_boxes import boxes_of_probed, boxes_of_reach, boxes_of_uses
from convstudio.views.probe.loupe import Loupe
from convstudio.views.probe.probed import Grounds, Probed, Role, Shade, shade_of

MANY = 5040  # channels; divided by most of their numbers, so that stepping up from the first leads to the last
Boxes = tuple[Box, ...]
Place = tuple[int, int]


class ProbeMarks(QObject):
    """Knows what is probed, what that marks, and which channel is looked into."""

    unit_hovered = Signal(object)  # Unit(channel, row, column) or None
    unit_pinned = Signal(object)  # Unit
    input_hovered = Signal(object)  # (row, column) or None
    input_pinned = Signal(object)  # (row, column)
    marked = Signal()  # other boxes lie on the input: a wipe has them too

    def __init__(self, before: Canvas, after: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._before, self._after, self._parent = before, after, parent
        self._shown: Shown | None = None
        self._probed: tuple[Probed, ...] = ()
        self._pixel: Place | None = None  # of the input
        self._marks: dict[str, tuple[Boxes, Boxes]] = {}
        self._has_loupes = True
        self.channel = 0
        self.loupes = {role: Loupe(parent) for role in (Role.GREEN, Role.RED, Role.POINTED)}
        for canvas, hover in ((before, self._hover_input), (after, self._hover_output)):
            canvas.pixel_hovered.connect(hover)
            canvas.cursor_moved.connect(partial(self._follow, canvas))
            canvas.channel_stepped.connect(self._step_channel)
        before.pixel_pinned.connect(self.input_pinned)
        after.pixel_pinned.connect(lambda place: self.unit_pinned.emit(self._unit_at(place)))

    @property
    def loupe(self) -> Loupe:
        """The one that follows the mouse."""
        return self.loupes[Role.POINTED]

    @property
    def boxes_on_input(self) -> Boxes:
        """What is outlined there."""
        return tuple(box for marks in self._marks.values() for box in marks[0])

    @property
    def lit_places(self) -> tuple[tuple[LitPlace, ...], tuple[LitPlace, ...]]:
        """Where the probed units and what they look at lie on every map of the input and of the output."""
        shown = self._shown
        if shown is None:
            return (), ()
        sides = zip((shown.input_index, shown.output_index), self._marks.get("probe", ((), ())), strict=True)
        return tuple(  # type: ignore[return-value]  # two of them
            tuple(_lit(box, shown.result.plan.shape_at(index)) for box in boxes if not box.label)
            for index, boxes in sides
        )

    def show_shown(self, shown: Shown) -> None:
        """Probe another result; marks of another geometry go."""
        before, self._shown = self._shown, shown
        self._before.show_ring(_ring_of(shown))
        if before is not None and _geometry(before) != _geometry(shown):
            self._probed = ()
            self._marks.clear()
            self._show_marks()
        self._after.show_channels(shown.result.plan.channels_per_map_at(shown.output_index))
        self._show_loupes()

    def show_probed(self, probed: tuple[Probed, ...]) -> None:
        """Mark units of the output and what they look at; the one that is pointed at comes last."""
        shown = self._shown
        self._probed = tuple(unit for unit in probed if shown is not None and unit.trace.index == shown.output_index)
        if self._probed:
            taps = self._probed[-1].trace.taps
            self._after.show_channels(max(len(taps.channels), len(self._probed[-1].channels)))
        boxes = [boxes_of_probed(unit, shown.input_index) for unit in self._marked] if shown is not None else []
        self._marks["probe"] = (
            tuple(box for before, _ in boxes for box in before),
            tuple(box for _, after in boxes for box in after),
        )
        self._show_marks()
        self._show_loupes()

    def show_loupes(self, *, is_on: bool) -> None:
        """Have loupes over the pictures, or none."""
        self._has_loupes = is_on
        for loupe in () if is_on else self.loupes.values():
            loupe.hide()
        self._show_loupes()

    def show_reach(self, region: Region | None) -> None:
        """Mark the outputs that the hovered input pixel has an effect on."""
        self._mark("reach", ((), ()) if region is None else boxes_of_reach(region, self._pixel))
        pixel, shown = self._pixel, self._shown
        if (
            self._has_loupes
            and region is not None
            and pixel is not None
            and shown is not None
            and shown.result.is_whole
        ):
            planes = map_planes(shown.result, shown.input_index, shown.selection.input_map)
            values = tuple(float(value) for value in planes[:, pixel[0], pixel[1]])
            colour = QColor(*shown.input.pixels[pixel].tolist())
            self._stand_at(self.loupe, self._before, pixel)
            self.loupe.show_input(pixel, values, colour, max(region.height, 0) * max(region.width, 0))
        elif self._pointed is None:
            self.loupe.hide()

    def show_uses(self, uses: CellUses | None) -> None:
        """Mark every place of the input where a kernel cell is used."""
        self._mark("uses", (() if uses is None else boxes_of_uses(uses), ()))

    def place_pinned(self) -> None:
        """Keep the loupes of pinned units beside their pixels, wherever these are on the screen."""
        self._show_loupes()

    # pointing

    def _unit_at(self, place: Place) -> Unit:
        assert self._shown is not None
        depth = self._shown.result.plan.channels_per_map_at(self._shown.output_index)
        first = self._shown.selection.output_map * depth
        alone = self._shown.selection.output_channel
        return Unit(first + (self.channel % depth if alone is None else alone), *place)

    def _hover_output(self, place: Place | None) -> None:
        self.unit_hovered.emit(None if place is None else self._unit_at(place))

    def _hover_input(self, place: Place | None) -> None:
        self._pixel = place
        self.input_hovered.emit(place)

    def _step_channel(self, step: int) -> None:
        self.channel = (self.channel + step) % MANY
        place = self._after.hovered
        if place is not None:
            self._hover_output(place)
        self._show_loupes()

    def _follow(self, canvas: Canvas, point: QPointF | None) -> None:
        if point is None:
            self.loupe.hide()
            return
        place = canvas.hovered
        pixel = canvas.rectangle_of(place) if place is not None else QRectF()
        offset = QPointF(canvas.mapTo(self._parent, canvas.rect().topLeft()))
        self.loupe.follow(
            point + offset, pixel.translated(offset), self._field() if canvas is self._after else QRectF()
        )

    # what is shown

    @property
    def _marked(self) -> tuple[Probed, ...]:
        """A pinned unit under the mouse keeps its colour."""
        pinned = {unit.trace.unit for unit in self._probed if unit.role is not Role.POINTED}
        return tuple(unit for unit in self._probed if unit.role is not Role.POINTED or unit.trace.unit not in pinned)

    @property
    def _pointed(self) -> Probed | None:
        return next((unit for unit in self._probed if unit.role is Role.POINTED), None)

    def _show_loupes(self) -> None:
        units = {unit.role: unit for unit in self._probed}
        for role, loupe in self.loupes.items():
            unit = units.get(role)
            if unit is None or self._shown is None or not self._parent.isVisible() or not self._has_loupe(unit):
                if role is not Role.POINTED or self._pixel is None:
                    loupe.hide()
                continue
            place = (unit.trace.unit.row, unit.trace.unit.column)
            if not self._after.isVisible():  # single numbers have no canvas
                loupe.follow(QPointF(self._parent.mapFromGlobal(QCursor.pos())), QRectF())
            elif role is not Role.POINTED or self._after.hovered != place:
                self._stand_at(loupe, self._after, place)
            twins = [other.role for other in self._probed if other.trace.unit == unit.trace.unit]
            loupe.show_unit(unit, self._shown, self.channel, twins[0])
            if role is not Role.POINTED:
                loupe.stackUnder(self.loupe)

    def _has_loupe(self, unit: Probed) -> bool:
        """A pinned unit has one while its pixel is in sight and too small to be read; then the frames say enough."""
        place = self._after.rectangle_of((unit.trace.unit.row, unit.trace.unit.column))
        if not self._has_loupes:
            return False
        if unit.role is Role.POINTED:
            return self._after.hovered is not None or not self._after.isVisible()
        if not self._after.isVisible():
            return False
        is_alone = self._after.hovered != (unit.trace.unit.row, unit.trace.unit.column)
        in_sight = QRectF(self._after.rect()).intersects(place)
        return is_alone and in_sight and min(place.width(), place.height()) < READABLE

    def _stand_at(self, loupe: Loupe, canvas: Canvas, place: Place) -> None:
        """Where the keys point there is no cursor: the loupe stands beside the pixel."""
        offset = QPointF(canvas.mapTo(self._parent, canvas.rect().topLeft()))
        pixel = canvas.rectangle_of(place).translated(offset)
        if loupe is not self.loupe or not canvas.underMouse():
            loupe.follow(pixel.center(), pixel, self._field() if canvas is self._after else QRectF())

    def _field(self) -> QRectF:
        """What the unit that is pointed at sees of the input, as a place of the parent."""
        unit = self._pointed
        if unit is None or self._shown is None or not self._before.isVisible():
            return QRectF()
        field = self._before.rectangle_of_region(unit.trace.regions[self._shown.input_index + 1])
        return field.translated(QPointF(self._before.mapTo(self._parent, self._before.rect().topLeft())))

    def _mark(self, kind: str, boxes: tuple[Boxes, Boxes]) -> None:
        if self._marks.get(kind, ((), ())) != boxes:
            self._marks[kind] = boxes
            self._show_marks()

    def _show_marks(self) -> None:
        self._before.show_boxes(self.boxes_on_input)
        self._after.show_boxes(tuple(box for marks in self._marks.values() for box in marks[1]))
        self._before.show_shades(self._shades())
        self.marked.emit()

    def _shades(self) -> tuple[Shade, ...]:
        if self._shown is None or any(unit.trace.index - 1 != self._shown.input_index for unit in self._probed):
            return ()
        return tuple(shade_of(unit) for unit in self._marked)


def _lit(box: Box, shape: Shape) -> LitPlace:
    region = box.region
    across, down = (region.left + region.right) / 2 / shape.width, (region.top + region.bottom) / 2 / shape.height
    return LitPlace(min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0), box.role)


def _geometry(shown: Shown) -> tuple[object, ...]:
    return shown.input_index, shown.output_index, shown.result.plan


def _ring_of(shown: Shown) -> Ring | None:
    """The padding of the layer between the two pictures, if it pads."""
    if shown.output_index < 0 or shown.input_index != shown.output_index - 1:
        return None
    step = shown.result.plan.steps[shown.output_index]
    layer, pads = step.layer, step.pads
    is_padded = isinstance(layer, Conv | Pool) and layer.enabled and any(amount > 0 for amount in pads)
    if not is_padded:
        return None
    if isinstance(layer, Pool):
        has_values = layer.kind is PoolKind.AVERAGE and layer.count_include_pad
        border = Border.ZEROS if has_values else None
    else:
        border = layer.border if isinstance(layer, Conv) else None
    red, green, blue = Grounds(shown.input, is_whole=False).of(np.zeros(1))[0].tolist()
    return Ring(pads, border, (red, green, blue))
