"""SPARSITY AND REACH: how much one output sees, computed and measured, and how much of it is padding."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import Shown
from convstudio.insight.reach.effective import EffectiveField, ExtentQuestion, Extents, FieldQuestion
from convstudio.insight.reach.padding_share import padding_share
from convstudio.insight.reach.theoretical import cone, dependence_of, stacked_kernels
from convstudio.insight.trace.taps import Unit
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.explainer import Explainer, sentence_label
from convstudio.views.explain.reach.pictures import Cone, HeatMap
from convstudio.views.explain.reach.text import (
    NO_LAYER,
    cone_sentence,
    field_legend,
    field_sentence,
    padding_legend,
    padding_sentence,
    sight_sentence,
    stacked_sentence,
)

MOST_CHANNELS = 64
CORNER = 16  # outputs on a side that are shown of a large map: padding lies at its rim


class ReachView(StrEnum):
    """What the panel shows."""

    CONE = "The cone"
    MEASURED = "Measured"
    PADDING = "From padding"
    STACKED = "Three 3×3 or one 7×7"


TIPS = {
    ReachView.CONE: "What an output of each layer sees of the picture, by the plan",
    ReachView.MEASURED: "Change the picture place by place and see what moves the output",
    ReachView.PADDING: "How much of what each output reads lies in the padding; click a place to look at that output",
    ReachView.STACKED: "The same reach with fewer weights",
}


class ReachPanel(Explainer):
    """One output, and the part of the picture that matters to it. Arrow keys move to a neighbouring output."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("reach", parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shown: Shown | None = None
        self._unit: Unit | None = None
        self._asked: dict[ReachView, tuple[object, ...]] = {}  # what is answered, or about to be
        self._awaited: ReachView | None = None
        self._extents: Extents | None = None
        self._views = QButtonGroup(self)
        self.buttons: dict[ReachView, QRadioButton] = {}
        for view in ReachView:
            button = QRadioButton(view.value, self)
            button.setObjectName(f"reach-{view.name.lower()}")
            button.setToolTip(TIPS[view])
            self._views.addButton(button)
            self.controls.addWidget(button)
            self.buttons[view] = button
        self.controls.addStretch(1)
        self.buttons[ReachView.CONE].setChecked(True)
        self.sentence = sentence_label(self, "reach-sentence")
        self.cone = Cone("reach-cone-picture", self)
        self.measured = HeatMap("reach-measured-map", self)
        self.padding = HeatMap("reach-padding-map", self)
        self.small = Cone("reach-stacked-picture", self)
        self.legend = sentence_label(self, "reach-legend")
        self._lay_out()
        self._views.buttonClicked.connect(lambda _: self._show())
        self.padding.place_clicked.connect(self._choose)
        self.cancelled.connect(self._give_up)
        self._show()

    @property
    def view(self) -> ReachView:
        """What is shown."""
        return next(view for view, button in self.buttons.items() if button.isChecked())

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
            self._show()
            return
        self.measured.show_field(answer)
        if self.view is ReachView.MEASURED:
            self.sentence.setText(field_sentence(answer))
            self.legend.setText(field_legend(answer))

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

    def _show(self) -> None:
        shown, unit = self._shown, self._present_unit()
        for view, picture in self._pictures.items():
            picture.setVisible(view is self.view and unit is not None)
        self.legend.setVisible(self.view in (ReachView.MEASURED, ReachView.PADDING) and unit is not None)
        if shown is None or unit is None:
            self.lead.setText(NO_LAYER)
            self.sentence.clear()
            return
        plan, index = shown.result.plan, shown.output_index
        self.lead.setText(sight_sentence(plan.steps[index].title, dependence_of(plan, index, unit)))
        match self.view:
            case ReachView.CONE:
                self._show_cone(shown, unit)
            case ReachView.MEASURED:
                self._measure(shown, unit)
            case ReachView.PADDING:
                self._show_padding(plan, index)
            case ReachView.STACKED:
                channels = min(plan.steps[index].input.channels, MOST_CHANNELS)
                stack = stacked_kernels(channels)
                self.sentence.setText(stacked_sentence(stack))
                self.small.show_levels(stack.levels)

    def _show_cone(self, shown: Shown, unit: Unit) -> None:
        """What is measured of the cone does not follow every frame of a live picture: the weights decide it."""
        plan, index = shown.result.plan, shown.output_index
        subject = (shown.result.document.layers, plan.source, index, unit)
        measured = self._extents.layers if self._extents and self._asked.get(ReachView.CONE) == subject else ()
        self.sentence.setText(cone_sentence(measured))
        self.cone.show_levels(cone(plan, index, unit), measured)
        self._ask(ReachView.CONE, subject, ExtentQuestion(shown.result, index, unit))

    def _measure(self, shown: Shown, unit: Unit) -> None:
        subject = (shown.result.frame, shown.result.document.layers, shown.output_index, unit)
        if self._ask(ReachView.MEASURED, subject, FieldQuestion(shown.result, shown.output_index, unit)):
            self.sentence.setText("The picture is being changed, place by place …")
            self.legend.clear()

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

    def _lay_out(self) -> None:
        """A map stands at the left of what is said about it, the cone below."""
        scroll = QScrollArea(self)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.cone)
        self._pictures: dict[ReachView, QWidget] = {
            ReachView.CONE: scroll,
            ReachView.MEASURED: self.measured,
            ReachView.PADDING: self.padding,
            ReachView.STACKED: self.small,
        }
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE // 2)
        for widget in (self.sentence, self.legend):
            column.addWidget(widget)
        for cone_picture in (scroll, self.small):
            column.addWidget(cone_picture, 1)
        column.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        for heat_map in (self.measured, self.padding):
            row.addWidget(heat_map, 1)
        row.addLayout(column, 2)
        self.body.addLayout(row, 1)
