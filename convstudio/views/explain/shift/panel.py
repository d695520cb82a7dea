"""THE SHIFT TEST: move the input and see whether the output moves along. What is supposed here changes no recipe."""

from dataclasses import replace
from enum import Enum, auto
from fractions import Fraction

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convstudio.core.view.shown import Shown
from convstudio.insight.shift.baseline import Experiment
from convstudio.insight.shift.comparison import (
    REACH,
    Curve,
    CurveQuestion,
    Direction,
    NoAnswer,
    ShiftComparison,
    ShiftQuestion,
)
from convstudio.insight.shift.translation import Shift
from convstudio.insight.shift.what_if import WhatIf
from convstudio.views import theme
from convstudio.views.explain.explainer import Explainer, sentence_label
from convstudio.views.explain.shift.chart import ShiftChart
from convstudio.views.explain.shift.controls import ShiftControls
from convstudio.views.explain.shift.pictures import Marked, MovedPicture, ShiftPicture
from convstudio.views.explain.shift.text import (
    DIFFERENCE,
    MOVED_OUTPUT,
    NO_LAYERS,
    NO_PICTURE,
    OUTPUT_OF_MOVED,
    WORKING,
    curve_sentence,
    difference_caption,
    lead_sentence,
)

CALM = 400  # milliseconds without a new frame before the curve is worked out for the newest


class Awaited(Enum):
    """What is being worked out."""

    NOTHING = auto()
    LOOK = auto()
    CURVE = auto()


class ShiftPanel(Explainer):
    """Four pictures of one shift, and the curve of many.

    While frames stream in, a curve is finished before the next pictures are asked for. The next curve is asked for
    once the frames rest. A change of the recipe or of what is supposed asks for both at once.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("shift", parent)
        self._experiment: Experiment | None = None
        self._shift = Shift.of(1)
        self._what_if = WhatIf()
        self._awaited = Awaited.NOTHING
        self._is_newer = False  # whether the experiment or the shift changed since the pictures were asked for
        self._direction = Direction.ACROSS
        self._curved: CurveQuestion | None = None  # what the curve on the screen is of
        self.bar = ShiftControls(self)
        self.input = MovedPicture("shift-input", "Input moved: Sx", self)
        self.output_of_moved = ShiftPicture("shift-output-of-moved", "f(Sx)", self)
        self.moved_output = ShiftPicture("shift-moved-output", "S f(x)", self)
        self.difference = ShiftPicture("shift-difference", "Difference", self)
        self.chart = ShiftChart(self)
        self.summary = sentence_label(self, "shift-summary")
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM)
        self._calm.timeout.connect(self._ask_curve)
        self._lay_out()
        self._describe()
        self.bar.shift_asked.connect(self._move)
        self.bar.what_if_chosen.connect(self._suppose)
        self.input.shift_asked.connect(self._move)
        self.bar.direction_chosen.connect(self._turn)
        self.chart.shift_chosen.connect(self._move_along)
        self.cancelled.connect(self._give_up)
        self._show_shift()
        self.lead.setText(NO_PICTURE)

    def show_shown(self, shown: Shown) -> None:
        """Test the layers up to the one whose output is on the screen."""
        result, last = shown.result, shown.output_index
        if last < 0:
            self._forget()
            self.lead.setText(NO_LAYERS)
            return
        experiment = Experiment(
            layers=tuple(step.layer for step in result.plan.steps[: last + 1]),
            planes=result.source,
            white=result.frame.white,
            map_number=shown.selection.output_map,
            what_if=self._what_if,
        )
        before, self._experiment = self._experiment, experiment
        if before is not None and before.layers == experiment.layers and before.planes is experiment.planes:
            if before.map_number != experiment.map_number:
                self._ask_look(waits_for=(Awaited.LOOK, Awaited.CURVE))
            return
        self.bar.show_what_if(self._what_if, experiment.layers)
        is_next_frame = before is not None and _is_like(before, experiment)
        self._ask_look(waits_for=(Awaited.LOOK, Awaited.CURVE) if is_next_frame else ())

    def show_answer(self, answer: object) -> None:
        """Show one shift or the curve, and ask for what is missing."""
        self._awaited = Awaited.NOTHING
        match answer:
            case ShiftComparison():
                self._show_look(answer)
                if not self._has_curve():
                    self._ask_curve()
            case Curve():
                self._curved = answer.question
                self.chart.show_curve(answer)
                self.summary.setText(curve_sentence(answer))
            case NoAnswer():
                self._clear()
                self.lead.setText(answer.sentence)
        if self._awaited is Awaited.NOTHING and self._is_newer:
            self._ask_look()
        elif self._awaited is Awaited.NOTHING and self._has_curve() and not self._is_of_now():
            self._calm.start()

    @property
    def belongings(self) -> tuple[Shift, WhatIf]:
        """How far the input is moved, and what is supposed of the recipe."""
        return self._shift, self._what_if

    def take_belongings(self, belongings: object) -> None:
        """Move the input as in another session; it is asked for when that is on the screen."""
        match belongings:
            case (Shift() as shift, WhatIf() as what_if):
                self._shift, self._what_if = shift, what_if
            case _:
                self._shift, self._what_if = Shift.of(1), WhatIf()
        self.rest()
        self._show_shift()
        self.bar.show_what_if(self._what_if, ())

    def rest(self) -> None:
        """Whatever is shown when somebody looks again is asked for anew."""
        super().rest()
        self._give_up()
        self._experiment = None

    def _move(self, shift: Shift) -> None:
        across, down = (min(max(by, Fraction(-REACH)), Fraction(REACH)) for by in (shift.across, shift.down))
        is_other = Shift(across, down) != self._shift
        self._shift = Shift(across, down)
        self._show_shift()
        if is_other:
            self._ask_look(waits_for=(Awaited.LOOK,))

    def _move_along(self, pixels: int) -> None:
        """Move to a place of the curve, and stay where it is along the other axis."""
        by = Fraction(pixels)
        is_across = self._direction is Direction.ACROSS
        self._move(replace(self._shift, across=by) if is_across else replace(self._shift, down=by))

    def _turn(self, direction: Direction) -> None:
        """Draw the curve over shifts along the other axis."""
        self._direction = direction
        self._show_shift()
        if self._awaited is Awaited.CURVE:
            self._awaited = Awaited.NOTHING
        self._ask_curve()

    def _suppose(self, what_if: WhatIf) -> None:
        self._what_if = what_if
        self.bar.show_what_if(what_if, self._experiment.layers if self._experiment is not None else ())
        if self._experiment is not None:
            self._experiment = replace(self._experiment, what_if=what_if)
            self._ask_look()

    def _ask_look(self, *, waits_for: tuple[Awaited, ...] = ()) -> None:
        if self._experiment is None:
            return
        self._is_newer = self._awaited in waits_for
        if not self._is_newer:
            self._calm.stop()
            self._awaited = Awaited.LOOK
            self.asked.emit(ShiftQuestion(self._experiment, self._shift))

    def _ask_curve(self) -> None:
        if self._experiment is not None and self._awaited is Awaited.NOTHING:
            self._awaited = Awaited.CURVE
            if not self._has_curve():
                self.chart.show_curve(None)
                self.summary.setText(WORKING)
            self.asked.emit(CurveQuestion(self._experiment, self._direction))

    def _has_curve(self) -> bool:
        """Whether the curve on the screen is of this recipe and direction, though perhaps of an earlier frame."""
        if self._experiment is None or self._curved is None or self._curved.direction is not self._direction:
            return False
        return _is_like(self._curved.experiment, self._experiment)

    def _is_of_now(self) -> bool:
        if self._experiment is None or self._curved is None:
            return False
        return self._curved.experiment.planes is self._experiment.planes

    def _give_up(self) -> None:
        self._awaited, self._is_newer = Awaited.NOTHING, False
        self._calm.stop()

    def _show_look(self, comparison: ShiftComparison) -> None:
        self.lead.setText(lead_sentence(comparison))
        pictures = comparison.pictures
        is_row = comparison.baseline.is_placeless
        marked = None if is_row else Marked(comparison.expected.interior, comparison.expected.compared)
        self.input.show_picture(pictures.input)
        self.output_of_moved.show_picture(pictures.output_of_moved, is_row=is_row)
        self.moved_output.show_picture(pictures.moved_output, is_row=is_row)
        self.difference.show_picture(
            pictures.difference, caption=difference_caption(comparison), marked=marked, is_row=is_row
        )

    def _show_shift(self) -> None:
        self.bar.show_shift(self._shift)
        self.input.show_shift(self._shift)
        by = self._shift.across if self._direction is Direction.ACROSS else self._shift.down
        self.chart.show_shift(float(by))

    def _forget(self) -> None:
        self._experiment = None
        self.cancelled.emit()
        self._clear()
        self.bar.show_what_if(self._what_if, ())

    def _clear(self) -> None:
        for picture in (self.input, self.output_of_moved, self.moved_output, self.difference):
            picture.show_picture(None)
        self._curved = None
        self.chart.show_curve(None)
        self.summary.clear()

    def _describe(self) -> None:
        """What each picture is, for the mouse and for screen readers."""
        for picture, tip in (
            (self.output_of_moved, OUTPUT_OF_MOVED),
            (self.moved_output, MOVED_OUTPUT),
            (self.difference, DIFFERENCE),
        ):
            picture.setToolTip(tip)
            picture.setAccessibleDescription(tip)
        self.input.setAccessibleDescription(self.input.toolTip())
        self.chart.setToolTip("The error for whole shifts of −16 to 16 pixels; click to choose one")

    def _lay_out(self) -> None:
        self.controls.addWidget(self.bar)
        self.controls.addStretch(1)
        self.progress.setMaximumWidth(96)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE)
        head.addWidget(self.summary, 1)
        head.addWidget(self.bar.direction)  # beside the curve that it turns
        for widget in (self.progress, self.cancel):  # here their coming and going moves nothing else
            head.addWidget(widget)
        columns = QHBoxLayout()
        columns.setSpacing(theme.SPACE)
        for picture in (self.input, self.output_of_moved, self.moved_output, self.difference):
            columns.addWidget(picture, 2)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.chart, 1)
        columns.addLayout(column, 5)
        self.body.addLayout(columns, 1)


def _is_like(experiment: Experiment, other: Experiment) -> bool:
    """Whether two experiments differ at most in what the picture shows."""
    return (experiment.layers, experiment.what_if, experiment.planes.shape) == (
        other.layers,
        other.what_if,
        other.planes.shape,
    )
