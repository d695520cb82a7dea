"""SPARSITY AND REACH: how much one output sees, computed and measured, and how much of it is padding."""

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convstudio.core.display.pictures import Picture, picture
from convstudio.core.display.ranges import Scale
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.document import Display
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import Shown, picture_of
from convstudio.insight.reach.effective import EffectiveField, ExtentQuestion, Extents, FieldQuestion
from convstudio.insight.reach.padding_share import padding_share
from convstudio.insight.reach.theoretical import (
    cone,
    dependence_of,
    field_of,
    fields_along,
    stacked_kernels,
    unit_near,
)
from convstudio.insight.trace.taps import Unit
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.controls.segments import Segments
from convstudio.views.explain.reach.photograph import Enlargement, Photograph, part_around
from convstudio.views.explain.reach.pictures import Cone, HeatMap
from convstudio.views.explain.reach.text import (
    NO_LAYER,
    cone_sentence,
    field_legend,
    field_sentence,
    growth_lines,
    padding_legend,
    padding_sentence,
    sight_sentence,
    stacked_sentence,
    title_sentence,
)
from convstudio.views.explain.stage import CAPTION, TEXT, TITLE, StageExplainer, Words
from convstudio.views.painting import painting
from convstudio.views.scrolling import scrolling

LEAST_ENLARGEMENT = 72
HIGH = 380  # pixels of height in which the layers have room to be named below the enlargement
MOST_CHANNELS = 64
CORNER = 16  # outputs on a side that are shown of a large map: padding lies at its rim


class ReachView(StrEnum):
    """What the stage shows."""

    FIELD = "field"
    CONE = "cone"
    PADDING = "padding"
    STACKED = "stacked"


VIEWS = (
    (ReachView.FIELD, "On the picture", "Change the picture place by place and see what moves the output"),
    (ReachView.CONE, "Layer by layer", "What an output of each layer sees of the picture, by the plan and measured"),
    (ReachView.PADDING, "From padding", "How much of what each output reads is padding; click a place to look at it"),
    (ReachView.STACKED, "Three 3×3 or one 7×7", "The same reach with fewer weights"),
)
BESIDE, LEAST_BESIDE, MOST_BESIDE = 0.38, 232, 460  # of the width that words and enlargement have, and in pixels
BETWEEN = 24
MOST_LINES = 6  # of layers that are named


class ReachPanel(StageExplainer):
    """One output, and the part of the picture that matters to it. Arrow keys move to a neighbouring output."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("reach", parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Reach of an output; the arrow keys choose another one")
        self._shown: Shown | None = None
        self._unit: Unit | None = None
        self._asked: dict[ReachView, tuple[object, ...]] = {}  # what is answered, or about to be
        self._awaited: ReachView | None = None
        self._extents: Extents | None = None
        self._field: EffectiveField | None = None
        self._measured: tuple[object, ...] = ()  # what the field was measured of
        room = self.content
        self.views = Segments("reach", [(view, label) for view, label, _ in VIEWS], "What is shown", self.row)
        for view, label, tip in VIEWS:
            self.views.buttons[view].setToolTip(tip)
            self.views.buttons[view].setAccessibleName(f"{label}: {tip}")
        layout = QHBoxLayout(self.row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.views)
        layout.addStretch(1)
        self.row.show()
        self.title = Words("reach-title", TITLE, room, is_bold=True)
        self.sight = Words("reach-sight", TEXT, room, is_muted=True)
        self.sentence = Words("reach-sentence", TEXT, room, is_muted=True)
        self.growth = Words("reach-growth", TEXT, room)
        self.legend = Words("reach-legend", CAPTION, room, is_muted=True)
        self.photograph, self.enlargement = Photograph(room), Enlargement(room)
        self.cone = Cone("reach-cone-picture", room)
        self.layers = scrolling(self.cone)
        self.layers.setParent(room)
        for area in (self.layers.viewport(), self.cone):
            area.setAutoFillBackground(False)
        self.padding = HeatMap("reach-padding-map", room)
        self.small = Cone("reach-stacked-picture", room)
        self._pictures: dict[ReachView, tuple[QWidget, ...]] = {
            ReachView.FIELD: (self.photograph, self.enlargement, self.growth),
            ReachView.CONE: (self.layers,),
            ReachView.PADDING: (self.padding,),
            ReachView.STACKED: (self.small,),
        }
        self.views.chosen.connect(lambda _: self._show())
        self.photograph.place_chosen.connect(self._choose_pixel)
        self.padding.place_clicked.connect(self._choose)
        self.cancelled.connect(self._give_up)
        self._show()

    @property
    def view(self) -> ReachView:
        """What is shown."""
        return ReachView(self.views.choice)

    def show_shown(self, shown: Shown) -> None:
        """Explain the selected layer."""
        self._shown = shown
        self._show()

    def show_answer(self, answer: object) -> None:
        """Show what was measured."""
        assert isinstance(answer, EffectiveField | Extents)
        self._awaited = None
        if isinstance(answer, Extents):
            self._extents = answer
        else:
            self._field, self._measured = answer, self._asked.get(ReachView.FIELD, ())
        self._show()

    def show_pinned(self, unit: Unit | None) -> None:
        """Look at the output that the person pinned."""
        if unit is not None and self._shown is not None and unit != self._present_unit():
            self._unit = unit
            self._show()

    @property
    def belongings(self) -> Unit | None:
        """The output that was chosen here."""
        return self._unit

    def take_belongings(self, belongings: object) -> None:
        """Look at what was chosen in another session, or at the middle."""
        self._unit = belongings if isinstance(belongings, Unit) else None
        self._show()

    def rest(self) -> None:
        """Nobody looks any more; what was not answered is asked again when somebody does."""
        super().rest()
        self._give_up()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame while the arrow keys choose an output here."""
        super().paintEvent(event)
        with painting(self) as painter:
            if self.hasFocus():
                painter.setPen(QPen(theme.tokens(self).accent, 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the output beside this one."""
        step = arrow_step(event)
        unit = self._present_unit()
        if step is None or unit is None:
            super().keyPressEvent(event)
        else:
            self._choose(unit.row + step[0], unit.column + step[1])

    def _present_unit(self) -> Unit | None:
        """The chosen output, kept inside of the layer; the one in the middle where none was chosen."""
        shown = self._shown
        if shown is None or shown.output_index < 0:
            return None
        channels, height, width = shown.result.plan.shape_at(shown.output_index)
        depth = shown.result.plan.channels_per_map_at(shown.output_index)
        channel = min(shown.selection.output_map * depth, channels - 1)
        if self._unit is None:
            return Unit(channel, height // 2, width // 2)
        return Unit(channel, min(self._unit.row, height - 1), min(self._unit.column, width - 1))

    def _choose(self, row: int, column: int) -> None:
        present = self._present_unit()
        if present is None:
            return
        self._unit = Unit(present.channel, max(row, 0), max(column, 0))
        self.unit_chosen.emit(self._present_unit())
        self._show()

    def _choose_pixel(self, row: int, column: int) -> None:
        """Look at the output whose field has its middle at a pixel."""
        shown = self._shown
        if shown is not None and shown.output_index >= 0:
            unit = unit_near(shown.result.plan, shown.output_index, row, column)
            self._choose(unit.row, unit.column)

    def _show(self) -> None:
        shown, unit = self._shown, self._present_unit()
        if shown is None or unit is None:
            self.show_reason(NO_LAYER)
            return
        self.show_reason("")
        for view, pictures in self._pictures.items():
            for widget in pictures:
                widget.setVisible(view is self.view)
        plan, index = shown.result.plan, shown.output_index
        self.title.setText(title_sentence(field_of(plan, index, unit)))
        self.sight.setText(sight_sentence(plan.steps[index].title, dependence_of(plan, index, unit)))
        self.legend.clear()
        match self.view:
            case ReachView.FIELD:
                self._show_field(shown, unit)
            case ReachView.CONE:
                self._show_cone(shown, unit)
            case ReachView.PADDING:
                self._show_padding(plan, index)
            case ReachView.STACKED:
                channels = min(plan.steps[index].input.channels, MOST_CHANNELS)
                stack = stacked_kernels(channels)
                self.sentence.setText(stacked_sentence(stack))
                self.small.show_levels(stack.levels)
        self.place(self.content.rect())

    def _show_cone(self, shown: Shown, unit: Unit) -> None:
        """What is measured of the cone does not follow every frame of a live picture: the weights decide it."""
        plan, index = shown.result.plan, shown.output_index
        subject = (shown.result.document.layers, plan.source, index, unit)
        measured = self._extents.layers if self._extents and self._asked.get(ReachView.CONE) == subject else ()
        self.sentence.setText(cone_sentence(measured))
        self.cone.show_levels(cone(plan, index, unit), measured)
        self._ask(ReachView.CONE, subject, ExtentQuestion(shown.result, index, unit))

    def _show_field(self, shown: Shown, unit: Unit) -> None:
        """The photograph with its frames at once; what was measured, when it is there."""
        plan, index = shown.result.plan, shown.output_index
        fields = tuple(field for field in fields_along(plan, index, unit) if not field.is_empty)
        rows, columns = plan.source.height, plan.source.width
        self.photograph.show_picture(shown.input if shown.input_index < 0 else _source(shown), (rows, columns))
        self.photograph.show_fields(fields)
        part = part_around(fields[-1], rows, columns) if fields else part_around(Region(0, 1, 0, 1), rows, columns)
        self.enlargement.show_part(_pixels(shown.result.frame, part), part, fields)
        self.growth.setText(growth_lines(plan, fields, MOST_LINES) if len(fields) > 1 else "")
        self.enlargement.setToolTip(growth_lines(plan, fields, len(fields)))
        subject = (shown.result.frame, shown.result.document.layers, index, unit)
        is_next_frame = self._awaited is ReachView.FIELD and self._asked[ReachView.FIELD][1:] == subject[1:]
        if not is_next_frame:
            self._ask(ReachView.FIELD, subject, FieldQuestion(shown.result, index, unit))
        field = self._field
        is_of_this = self._measured[1:] == subject[1:] and field is not None
        self.enlargement.show_effects(field if is_of_this else None)
        if is_of_this and field is not None:
            self.sentence.setText(field_sentence(field))
            self.legend.setText(field_legend(field))
        else:
            self.sentence.setText("The picture is being changed, place by place …")

    def _ask(self, view: ReachView, subject: tuple[object, ...], question: object) -> bool:
        """Ask, unless the same was asked before; a question that this one replaces was not answered."""
        if self._asked.get(view) == subject:
            return False
        if self._awaited is not None:
            self._asked.pop(self._awaited, None)
        self._asked[view], self._awaited = subject, view
        if view is ReachView.CONE:
            self._extents = None
        self.asked.emit(question)
        return True

    def _give_up(self) -> None:
        if self._awaited is not None:
            self._asked.pop(self._awaited, None)
        self._awaited = None

    def _show_padding(self, plan: Plan, index: int) -> None:
        share = padding_share(plan, index)
        self.padding.show_numbers(share[:CORNER, :CORNER], most=float(share.max()))
        self.sentence.setText(padding_sentence(share, CORNER))
        self.legend.setText(padding_legend(share))

    def place(self, room: QRect) -> None:
        """The picture at the left, as large as it can be; at its right what is said of it, and the field enlarged."""
        if self.view in (ReachView.CONE, ReachView.STACKED):
            top = self._place_words(QRect(0, 0, room.width(), room.height()), (self.title, self.sight, self.sentence))
            for widget in (self.layers, self.small):
                widget.setGeometry(0, top + theme.SPACE, room.width(), max(room.height() - top - theme.SPACE, 1))
            return
        beside = round(min(max(room.width() * BESIDE, LEAST_BESIDE), MOST_BESIDE))
        large = QRect(0, 0, room.width() - beside - BETWEEN, room.height())
        self.photograph.setGeometry(large)
        self.padding.setGeometry(large)
        used = self.photograph.area() if self.view is ReachView.FIELD else self.padding.area()
        left = round(used.right()) + BETWEEN
        column = QRect(left, 0, room.width() - left, room.height())
        if self.view is ReachView.PADDING:
            self._place_words(column, (self.title, self.sight, self.sentence, self.legend))
            return
        top = self._place_words(column, (self.title, self.sight)) + theme.SPACE
        below = (self.growth, self.sentence, self.legend) if room.height() >= HIGH else (self.sentence, self.legend)
        self.growth.setVisible(self.growth in below)
        needed = sum(words.height_for(column.width()) + 4 for words in below if words.text()) + theme.SPACE
        side = max(min(column.width(), room.height() - top - needed), LEAST_ENLARGEMENT)
        self.enlargement.setGeometry(left, top, side, side)
        rest = QRect(left, top + side + theme.SPACE, column.width(), room.height() - top - side - theme.SPACE)
        self._place_words(rest, below)

    def _place_words(self, column: QRect, lines: tuple[Words, ...]) -> int:
        """Words one below another; where they end."""
        top = column.top()
        for words in lines:
            high = words.height_for(column.width()) if words.text() else 0
            words.setGeometry(column.left(), top, column.width(), high)
            top += high + (4 if high else 0)
        return top


def _source(shown: Shown) -> Picture:
    """The picture that came in, reduced where it is too large to be held."""
    return picture_of(shown.overview.result, -1, 0)


def _pixels(frame: Frame, part: Region) -> Picture:
    """A small part of the picture that came in."""
    pixels = frame.pixels[part.top : part.bottom, part.left : part.right]
    planes = np.ascontiguousarray(pixels.transpose(2, 0, 1), np.float32)
    return picture(planes, Display(), Scale(frame.white, frame.is_signed))
