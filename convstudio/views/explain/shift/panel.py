"""THE SHIFT TEST: move the input and see whether the output moves along. What is supposed here changes no recipe."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from fractions import Fraction
from itertools import pairwise

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.recipe.document import Display, DisplayMode
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
from convstudio.views.explain.shift.chart import StemChart
from convstudio.views.explain.shift.controls import ShiftControls
from convstudio.views.explain.shift.pictures import Marked, MovedPicture, ShiftPicture
from convstudio.views.explain.shift.text import (
    DIFFERENCE,
    NO_LAYERS,
    NO_PICTURE,
    OUTPUT,
    OUTPUT_OF_MOVED,
    WAITING,
    first_sentence,
    lead_sentence,
    number_text,
    range_sentence,
    second_sentence,
)
from convstudio.views.explain.stage import HEADING, NUMBER, TEXT, StageExplainer, Words, paint_arrow

HEADINGS = {
    "moved": "Moved, then filtered",
    "filtered": "Filtered, then moved",
    "difference": "Difference of the two",
    "shifts": "Difference for every shift",
}
ARROW, COLUMN_GAP, TEXT_GAP, HEADING_GAP = 28, 20, 14, 6
MOST_SPARE = 48  # pixels that the two rows may stand apart from each other
LEAST_TEXT, WIDE = 116, 900  # pixels beside the difference, more of them in a wide room
CALM = 400  # milliseconds without a new frame before the curve is worked out for the newest


class Awaited(Enum):
    """What is being worked out."""

    NOTHING = auto()
    LOOK = auto()
    CURVE = auto()


class ShiftPanel(StageExplainer):
    """Two rows of pictures of one shift, their difference, its number, and the stems of many shifts.

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
        room = self.content
        self.input = MovedPicture("shift-input", "The input, moved", room)
        self.output_of_moved = ShiftPicture("shift-output-of-moved", "Moved, then filtered", room)
        self.output = ShiftPicture("shift-output", "Filtered, not moved", room)
        self.moved_output = MovedPicture("shift-moved-output", "Filtered, then moved", room)
        self.difference = ShiftPicture("shift-difference", "Difference of the two", room)
        self.headings = {name: Words(f"shift-{name}-heading", HEADING, room, is_bold=True) for name in HEADINGS}
        for name, heading in self.headings.items():
            heading.setText(HEADINGS[name])
            heading.setWordWrap(False)
        self.number = Words("shift-number", NUMBER, room, is_bold=True)
        self.first = Words("shift-first", TEXT, room, is_muted=True)
        self.second = Words("shift-second", TEXT, room, is_muted=True)
        self.chart = StemChart(room)
        self.bar.direction.setParent(room)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM)
        self._calm.timeout.connect(self._ask_curve)
        self._lay_out()
        self._describe()
        self.bar.shift_asked.connect(self._move)
        self.moved_output.shift_asked.connect(self._move)
        self.bar.what_if_chosen.connect(self._suppose)
        self.input.shift_asked.connect(self._move)
        self.bar.direction_chosen.connect(self._turn)
        self.chart.shift_chosen.connect(self._move_along)
        self.cancelled.connect(self._give_up)
        self._show_shift()
        self.show_reason(NO_PICTURE)

    def show_shown(self, shown: Shown) -> None:
        """Test the layers up to the one whose output is on the screen."""
        result, last = shown.result, shown.output_index
        if last < 0:
            self._forget()
            self.show_reason(NO_LAYERS)
            return
        experiment = Experiment(
            layers=tuple(step.layer for step in result.plan.steps[: last + 1]),
            planes=result.source,
            white=result.frame.white,
            map_number=shown.selection.output_map,
            what_if=self._what_if,
            display=_display_of(shown.output),
            signed_scale=shown.selection.signed_scale,
        )
        before, self._experiment = self._experiment, experiment
        if before is not None and before.layers == experiment.layers and before.planes is experiment.planes:
            if _looks(before) != _looks(experiment):
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
                self._show_shift()
            case NoAnswer():
                self._clear()
                self.show_reason(answer.sentence)
        if self._awaited is Awaited.NOTHING and self._is_newer:
            self._ask_look()
        elif self._awaited is Awaited.NOTHING and self._has_curve() and not self._is_of_now():
            self._calm.start()

    @property
    def belongings(self) -> tuple[Shift, WhatIf]:
        """How far the input is moved, and what is supposed of the recipe."""
        return self._shift, self._what_if

    @property
    def readings(self) -> Mapping[str, float | str]:
        """How far the picture is moved, how much of the answer does not move along, and the stride that is supposed."""
        far = max(self._shift.across, self._shift.down, key=abs)
        return {
            "moved by": float(abs(far)),
            "moved right by": float(far),
            "shift difference": self.number.text(),
            "supposed stride": str(self._what_if.stride),
        }

    def take_reading(self, name: str, value: float) -> None:
        """Move the picture to the right."""
        if name == "moved right by":
            self._move(Shift.of(value))

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
            if not self.number.text():
                self.show_reason(WAITING)
            self.asked.emit(ShiftQuestion(self._experiment, self._shift))

    def _ask_curve(self) -> None:
        if self._experiment is not None and self._awaited is Awaited.NOTHING:
            self._awaited = Awaited.CURVE
            if not self._has_curve():
                self.chart.show_curve(None)
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
        self.show_reason("")
        whole, tip = number_text(comparison), lead_sentence(comparison)
        self.number.setText(whole)
        self.first.setText(first_sentence(comparison))
        self.second.setText(second_sentence(comparison))
        for words in (self.number, self.first, self.second):
            words.setToolTip(tip)
        self.number.setAccessibleName(f"{whole} {self.first.text()} {self.second.text()}")
        pictures = comparison.pictures
        is_row = comparison.baseline.is_placeless
        expected = comparison.seen_expected
        marked = None if is_row else Marked(expected.interior, expected.compared, comparison.tested)
        self.input.show_picture(pictures.input)
        for widget, picture in (
            (self.output_of_moved, pictures.output_of_moved),
            (self.output, pictures.output),
            (self.moved_output, pictures.moved_output),
        ):
            widget.show_picture(picture, is_row=is_row)
        self.moved_output.show_jump(float(comparison.whole.jump[1]))
        self.difference.show_picture(pictures.difference, marked=marked, is_row=is_row)
        self.difference.setToolTip(f"{DIFFERENCE} {range_sentence(comparison)}")
        self.place(self.content.rect())

    def _show_shift(self) -> None:
        self.bar.show_shift(self._shift)
        self.input.show_shift(self._shift)
        self.moved_output.show_shift(self._shift)
        by = self._shift.across if self._direction is Direction.ACROSS else self._shift.down
        self.chart.show_shift(float(by))

    def _forget(self) -> None:
        self._experiment = None
        self.cancelled.emit()
        self._clear()
        self.bar.show_what_if(self._what_if, ())

    def _clear(self) -> None:
        for picture in (self.input, self.output_of_moved, self.output, self.moved_output, self.difference):
            picture.show_picture(None)
        self._curved = None
        self.chart.show_curve(None)
        for words in (self.number, self.first, self.second):
            words.clear()

    def _describe(self) -> None:
        """What each picture is, for the mouse and for screen readers."""
        for picture, tip in (
            (self.output_of_moved, OUTPUT_OF_MOVED),
            (self.output, OUTPUT),
            (self.difference, DIFFERENCE),
        ):
            picture.setToolTip(tip)
            picture.setAccessibleDescription(tip)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self.row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        self.row.show()
        order = (self.input, self.moved_output, self.chart, self.bar.direction)
        for before, after in pairwise((*order, self.bar)):
            QWidget.setTabOrder(before, after)

    def place(self, room: QRect) -> None:
        """Three columns of two rows; what room is left stands beside the difference, for the number."""
        heading = self.headings["moved"].sizeHint().height() + HEADING_GAP
        beside = LEAST_TEXT if room.width() < WIDE else LEAST_TEXT + theme.SPACE * 2
        free = room.width() - ARROW - COLUMN_GAP - TEXT_GAP - beside
        side = max(min(free // 3, (room.height() - 2 * heading - theme.SPACE) // 2), 1)
        lefts = (0, side + ARROW, 2 * side + ARROW + COLUMN_GAP)
        spare = max(room.height() - 2 * (heading + side) - theme.SPACE, 0)  # the words beside may need it
        tops = (heading, 2 * heading + side + theme.SPACE + min(spare, MOST_SPARE))
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.input, self.output_of_moved, self.difference),
            (self.output, self.moved_output),
        )
        for top, pictures in zip(tops, rows, strict=True):
            for left, picture in zip(lefts, pictures, strict=False):
                picture.setGeometry(left, top, side, side)
        right = room.width() - lefts[2]
        for name, left, top, wide in (
            ("moved", 0, tops[0], lefts[2]),
            ("filtered", 0, tops[1], lefts[2]),
            ("difference", lefts[2], tops[0], right),
            ("shifts", lefts[2], tops[1], right),
        ):
            self.headings[name].setGeometry(left, top - heading, wide, heading - 2)
        choice = self.bar.direction.sizeHint()
        self.bar.direction.setGeometry(
            room.width() - choice.width(), tops[1] - choice.height() - 4, choice.width(), choice.height()
        )
        self.chart.setGeometry(lefts[2], tops[1], right, side)
        words = QRect(lefts[2] + side + TEXT_GAP, tops[0], right - side - TEXT_GAP, 0)
        words.setBottom(self.bar.direction.y() - 1)
        self._place_words(words)
        self._arrows = tuple((side + 6, side + ARROW - 6, top + side / 2) for top in tops)
        self.content.update()

    def paint_content(self, painter: QPainter) -> None:
        """An arrow from each left picture to the one beside it."""
        for left, right, y in self._arrows:
            paint_arrow(painter, left, right, y, theme.tokens(self))

    def _place_words(self, column: QRect) -> None:
        top = column.top() - 4
        for words, gap in ((self.number, 4), (self.first, 12), (self.second, 0)):
            high = words.height_for(column.width())
            words.setGeometry(column.left(), top, column.width(), high)
            words.setVisible(top + high <= column.bottom())  # what is cut cannot be read; the tip has all of it
            top += high + gap


def _display_of(picture: Picture) -> Display:
    """The display that gives other numbers the colours of a picture; a stretched one measures its own ends."""
    match picture.mode:
        case DisplayMode.STRETCH:
            return Display(DisplayMode.STRETCH)
        case DisplayMode.OFFSET:
            return Display(DisplayMode.OFFSET, picture.high - picture.low)
        case _:
            return Display(picture.mode, picture.high)


def _looks(experiment: Experiment) -> tuple[object, ...]:
    """What changes the pictures of an experiment and none of its numbers."""
    return experiment.map_number, experiment.display, experiment.signed_scale


def _is_like(experiment: Experiment, other: Experiment) -> bool:
    """Whether two experiments differ at most in what the picture shows."""
    return (experiment.layers, experiment.what_if, experiment.planes.shape) == (
        other.layers,
        other.what_if,
        other.planes.shape,
    )
