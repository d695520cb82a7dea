"""THE SHIFT TEST: what the panel says and asks, by mouse and keyboard, with answers from the insight itself."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Dense, Layer, Pool, PoolKind, Weights
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.shift.comparison import CurveQuestion, Direction, ShiftQuestion, answer
from convstudio.insight.shift.translation import Shift
from convstudio.insight.shift.what_if import BorderChoice, StrideChoice, WhatIf
from convstudio.views.explain.shift.controls import HalfBox
from convstudio.views.explain.shift.panel import ShiftPanel
from convstudio.views.fields import ChoiceBox

PIXELS = np.random.default_rng(3).integers(0, 256, (64, 64, 1)).astype(np.uint8)
FRAME = Frame(PIXELS, white=255)
CONV = Conv(weight=Weights([[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]]), bias=(0.0,))
STRIDED = replace(CONV, stride=Pair(2, 2))
AVERAGE = Pool(kind=PoolKind.AVERAGE, is_global=True)
Question = ShiftQuestion | CurveQuestion


def shown(*layers: Layer, frame: Frame = FRAME, selected: int | None = None) -> Shown:
    document = Document(layers, selected=len(layers) - 1 if selected is None else selected)
    return show(evaluate(document, frame), Selection())


class Asked:
    """What a panel asks; answered one by one when the test says so."""

    def __init__(self, panel: ShiftPanel) -> None:
        self.panel = panel
        self.waiting: list[Question] = []
        self.kinds: list[str] = []
        panel.asked.connect(self._note)

    def _note(self, question: Question) -> None:
        self.waiting = [question]  # the newest wins
        self.kinds.append("look" if isinstance(question, ShiftQuestion) else "curve")

    def answer_one(self) -> Question:
        question = self.waiting.pop()
        self.panel.show_answer(answer(question))
        return question

    def answer_all(self) -> None:
        while self.waiting:
            self.answer_one()


@pytest.fixture
def panel(qtbot: QtBot) -> ShiftPanel:
    panel = ShiftPanel()
    qtbot.addWidget(panel)
    panel.resize(1112, 710)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def asked(panel: ShiftPanel) -> Asked:
    return Asked(panel)


def choose(box: ChoiceBox, text: str) -> None:  # type: ignore[type-arg]  # any choice
    """By the keyboard: from the first entry down to the one with that text."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findText(text)):
        QTest.keyClick(box, Qt.Key.Key_Down)


def type_number(box: HalfBox, text: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def curve_of(panel: ShiftPanel) -> dict[int, float]:
    return panel.chart.errors


def test_the_pictures_come_first_and_then_the_curve(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))

    asked.answer_all()

    assert asked.kinds == ["look", "curve"]
    assert panel.number.toolTip().startswith(
        "Equivariant in the interior: the whole picture of 64×64 pixels moved 1 pixel to the right, and the output of "
        "Conv 3×3 moved along: error 0 in the interior, "
    )
    assert panel.chart.accessibleName() == "Difference by shift to the right: interior 0 at every shift."
    for picture in (panel.input, panel.output_of_moved, panel.moved_output, panel.difference):
        assert picture.picture is not None
        assert picture.picture.pixels.shape == (64, 64, 3)


def test_stride_2_is_a_comb_on_the_chart(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(STRIDED))

    asked.answer_all()

    curve = curve_of(panel)
    assert list(curve) == list(range(-16, 17))
    assert max(error for shift, error in curve.items() if shift % 2 == 0) < 1e-6
    assert min(error for shift, error in curve.items() if shift % 2) > 0.3
    assert "interior 0 at multiples of 2, up to " in panel.chart.accessibleName()
    assert panel.number.toolTip().startswith("Neither equivariant nor invariant: ")
    assert panel.number.toolTip().endswith("The stride lets it follow multiples of 2 pixels only.")


def test_the_curve_is_over_shifts_across_or_down(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(replace(CONV, stride=Pair(2, 1))))  # a stride between rows alone
    asked.answer_all()
    across = panel.chart.accessibleName()

    choose(panel.bar.direction, "Down")
    asked.answer_all()
    panel.chart.shift_chosen.emit(4)
    asked.answer_all()

    assert across == "Difference by shift to the right: interior 0 at every shift."
    assert panel.chart.accessibleName().startswith("Difference by shift down: interior 0 at multiples of 2, up to ")
    assert asked.kinds == ["look", "curve", "curve", "look"]
    assert (panel.bar.across.cleanText(), panel.bar.down.cleanText()) == ("1", "4")
    assert panel.chart.present == 4


def test_turned_while_the_other_curve_is_worked_out_it_asks_at_once(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_one()

    choose(panel.bar.direction, "Down")
    question = asked.answer_one()

    assert isinstance(question, CurveQuestion)
    assert question.direction is Direction.DOWN
    assert asked.kinds == ["look", "curve", "curve"]


def test_a_circular_border_makes_the_border_exact_too(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()

    choose(panel.bar.border, "Border circular")
    asked.answer_all()

    assert panel.number.toolTip().startswith("Equivariant: ")
    assert "error 0 in the interior, 0 at the border" in panel.number.toolTip()
    assert (panel.number.text(), panel.second.text()) == ("0 %", "")


def test_a_global_average_with_a_circular_border_is_invariant(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV, Activation()))
    asked.answer_all()

    QTest.mouseClick(panel.bar.average, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.bar.average.height() // 2))
    choose(panel.bar.border, "Border circular")
    asked.answer_all()

    assert panel.number.toolTip() == (
        "Invariant: the whole picture of 64×64 pixels moved 1 pixel to the right, and the one number of the 3 layers "
        "up to Global average pool did not change: error 0."
    )
    assert panel.chart.accessibleName() == "Difference by shift to the right: 0 at every shift."


def test_a_dense_layer_is_said_to_be_neither(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV, Dense(units=4)))

    asked.answer_all()

    assert panel.number.toolTip().startswith("Neither equivariant nor invariant: ")
    assert "Dense 4, which has a weight of its own for every place" in panel.number.toolTip()
    assert "over the 4 numbers" in panel.number.toolTip()


def test_what_is_supposed_reaches_the_question_and_reset_takes_it_back(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    choose(panel.bar.stride, "Stride 2")
    for box in (panel.bar.pool, panel.bar.blur):
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Space)

    question = asked.waiting[0]
    QTest.mouseClick(panel.bar.reset, Qt.MouseButton.LeftButton)

    assert question.experiment.what_if == WhatIf(BorderChoice.RECIPE, StrideChoice.TWO, has_pool=True, has_blur=True)
    assert question.experiment.layers == (CONV,)
    assert asked.waiting[0].experiment.what_if == WhatIf()
    assert not panel.bar.pool.isChecked()
    assert not panel.bar.reset.isEnabled()


def test_what_would_change_nothing_is_not_offered(panel: ShiftPanel) -> None:
    panel.show_shown(shown(Activation()))

    assert not panel.bar.stride.isEnabled()
    assert not panel.bar.blur.isEnabled()
    assert "nothing to blur before" in panel.bar.blur.toolTip()

    panel.show_shown(shown(CONV, STRIDED))

    assert "layer 2, Conv 3×3" in panel.bar.stride.toolTip()
    assert panel.bar.blur.isEnabled()


@pytest.mark.parametrize(
    ("key", "modifier", "shift"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, Shift.of(2)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, Shift.of(0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, Shift.of(1, -1)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, Shift.of(1, 0.5)),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, Shift.of(0)),
    ],
)
def test_the_arrow_keys_move_the_picture(
    panel: ShiftPanel, asked: Asked, key: Qt.Key, modifier: Qt.KeyboardModifier, shift: Shift
) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()

    panel.input.setFocus()
    QTest.keyClick(panel.input, key, modifier)

    question = asked.waiting[0]
    assert isinstance(question, ShiftQuestion)
    assert question.shift == shift
    assert (panel.bar.across.value(), panel.bar.down.value()) == (float(shift.across), float(shift.down))
    assert panel.chart.present == float(shift.across)


def test_the_picture_stops_at_the_ends_of_the_curve(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    panel.input.setFocus()

    for _ in range(20):
        QTest.keyClick(panel.input, Qt.Key.Key_Right)
    asked.answer_all()

    assert panel.bar.across.value() == 16
    assert "moved 16 pixels to the right" in panel.number.toolTip()


def test_a_drag_moves_the_picture_by_its_own_pixels(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()
    scale = panel.input.scale()
    start = panel.input.place().center()

    QTest.mousePress(panel.input, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(panel.input, (start + QPointF(4 * scale, -3 * scale)).toPoint())
    QTest.mouseRelease(panel.input, Qt.MouseButton.LeftButton, pos=start.toPoint())

    question = asked.waiting[0]
    assert isinstance(question, ShiftQuestion)
    assert question.shift == Shift.of(5, -3)
    assert scale > 1


@pytest.mark.parametrize(("text", "value"), [("-7.5", -7.5), ("2.3", 2.5)])
def test_shifts_are_typed_in_halves(panel: ShiftPanel, asked: Asked, text: str, value: float) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()

    type_number(panel.bar.across, text)

    question = asked.waiting[0]
    assert isinstance(question, ShiftQuestion)
    assert question.shift == Shift.of(value)
    assert panel.bar.across.cleanText() == f"{value:g}".replace("-", "−")


def test_the_minus_that_is_shown_can_be_read_again(panel: ShiftPanel) -> None:
    type_number(panel.bar.across, "-7.5")

    for key in (Qt.Key.Key_End, Qt.Key.Key_Backspace, Qt.Key.Key_Return):
        QTest.keyClick(panel.bar.across, key)

    assert panel.bar.across.cleanText() == "−7"
    assert panel.bar.across.value() == -7


def test_a_click_on_the_chart_chooses_that_shift(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(STRIDED))
    asked.answer_all()

    QTest.mouseClick(panel.chart, Qt.MouseButton.LeftButton, pos=panel.chart.point_of(6, 0.2).toPoint())

    question = asked.waiting[0]
    assert isinstance(question, ShiftQuestion)
    assert question.shift == Shift.of(6)


def test_not_moved_it_says_how_to_move(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))

    type_number(panel.bar.across, "0")
    asked.answer_all()

    assert panel.number.toolTip().startswith("Nothing has moved yet. Drag the first picture")


def test_half_pixels_are_explained(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV, Activation()))

    type_number(panel.bar.down, "0.5")
    asked.answer_all()

    assert "1 pixel to the right and 0.5 pixels down" in panel.number.toolTip()
    assert panel.number.toolTip().endswith("what is not linear does not follow means.")


def test_without_a_picture_it_says_what_to_do(panel: ShiftPanel) -> None:
    assert panel.lead.text().startswith("Open a picture")


def test_without_layers_it_teaches(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown())

    assert panel.lead.text().startswith("Add a layer and select it")
    assert not asked.kinds
    assert not panel.bar.border.isEnabled()


def test_a_recipe_that_cannot_be_tested_says_why(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(replace(CONV, padding=Padding.VALID)))
    asked.answer_all()

    narrow = Conv(weight=Weights(np.ones((1, 1, 31, 31))), bias=(0.0,), border=Border.ZEROS)
    panel.show_shown(shown(narrow, frame=Frame(PIXELS[:5, :5], white=255)))
    choose(panel.bar.border, "Border circular")
    asked.answer_all()

    assert panel.lead.text().startswith(
        "With what is supposed here the recipe cannot run: A circular border can fill at most 5 pixels"
    )
    assert panel.input.picture is None
    assert panel.chart.errors == {}
    assert panel.bar.isVisible()


def test_a_flat_picture_has_nothing_to_compare(panel: ShiftPanel, asked: Asked) -> None:
    flat = Frame(np.full((32, 32, 1), 9, np.uint8), white=255)
    panel.show_shown(shown(replace(CONV, padding=Padding.VALID), frame=flat))

    asked.answer_all()

    assert panel.number.toolTip().startswith("There is nothing to compare: the output of Conv 3×3")
    assert (
        panel.chart.accessibleName()
        == "Difference by shift to the right: no interior output that is not 0 can be compared."
    )


def test_a_flat_picture_answers_at_its_border_alone(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV, frame=Frame(np.full((32, 32, 1), 9, np.uint8), white=255)))

    asked.answer_all()

    assert "(f(x) is 0 in the interior, " in panel.number.toolTip()
    assert " at the border)" in panel.number.toolTip()
    assert panel.number.toolTip() == panel.number.toolTip().strip()


def test_a_picture_that_hides_the_stride_is_said_to_do_so(panel: ShiftPanel, asked: Asked) -> None:
    """Of a ramp Sobel's answer is the same everywhere: every shift seems to be followed."""
    ramp = np.repeat(np.arange(64, dtype=np.uint8)[None], 64, axis=0)[:, :, None]
    panel.show_shown(shown(STRIDED, frame=Frame(np.ascontiguousarray(ramp), white=255)))

    asked.answer_all()
    by_1 = panel.number.toolTip()
    type_number(panel.bar.across, "2")
    asked.answer_all()

    assert by_1.startswith("Equivariant in the interior: ")
    assert by_1.endswith("This picture hides that the stride lets it follow multiples of 2 pixels only.")
    assert panel.number.toolTip().endswith(". The stride lets it follow multiples of 2 pixels only.")


def test_while_frames_stream_a_curve_under_way_is_finished(panel: ShiftPanel, asked: Asked) -> None:
    other = Frame(PIXELS[::-1].copy(), white=255)
    panel.show_shown(shown(CONV))
    asked.answer_one()

    panel.show_shown(shown(CONV, frame=other))
    between = list(asked.kinds)
    asked.answer_one()
    newest = asked.waiting[0]

    assert between == ["look", "curve"]
    assert asked.kinds == ["look", "curve", "look"]
    np.testing.assert_array_equal(newest.experiment.planes[0], other.pixels[:, :, 0])


def test_once_the_frames_rest_the_curve_is_of_the_newest(qtbot: QtBot, panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(STRIDED))
    asked.answer_all()
    before = curve_of(panel)
    panel.show_shown(shown(STRIDED, frame=Frame(PIXELS[::-1].copy(), white=255)))

    with qtbot.waitSignal(panel.asked, check_params_cb=lambda question: isinstance(question, CurveQuestion)):
        asked.answer_all()
    asked.answer_all()

    assert curve_of(panel)[1] != before[1]


def test_another_recipe_does_not_wait(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))

    panel.show_shown(shown(STRIDED))

    assert asked.kinds == ["look", "look"]
    assert asked.waiting[0].experiment.layers == (STRIDED,)


def test_after_a_rest_everything_is_asked_for_anew(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_one()

    panel.rest()
    panel.show_shown(shown(CONV))
    asked.answer_all()

    assert asked.kinds == ["look", "curve", "look", "curve"]
    assert panel.chart.accessibleName() == "Difference by shift to the right: interior 0 at every shift."


def test_cancelling_lets_the_next_shift_through(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    panel.show_progress(0.5)

    QTest.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    panel.input.setFocus()
    QTest.keyClick(panel.input, Qt.Key.Key_Right)

    question = asked.waiting[0]
    assert isinstance(question, ShiftQuestion)
    assert question.shift == Shift.of(2)


def test_a_drag_over_the_stems_goes_from_shift_to_shift(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(STRIDED))
    asked.answer_all()
    chosen: list[int] = []
    panel.chart.shift_chosen.connect(chosen.append)

    QTest.mousePress(panel.chart, Qt.MouseButton.LeftButton, pos=panel.chart.point_of(-3, 0.1).toPoint())
    for shift in (-2, 5):
        QTest.mouseMove(panel.chart, panel.chart.point_of(shift, 0.3).toPoint())
    QTest.mouseRelease(panel.chart, Qt.MouseButton.LeftButton, pos=panel.chart.point_of(5, 0.3).toPoint())

    assert chosen == [-3, -2, 5]
    assert panel.input.chip == "5 px to the right"


def test_the_number_of_the_moment_has_two_short_sentences(panel: ShiftPanel, asked: Asked) -> None:
    panel.show_shown(shown(STRIDED))

    for across in (5, 4):
        panel.chart.shift_chosen.emit(across)
        asked.answer_all()
        if across == 5:
            odd = curve_of(panel)[5]
            assert panel.number.text() == f"{round(100 * odd)} %"
            assert panel.first.text() == "of the answer differs. Stride 2 takes every second pixel, and 5 is odd."
            assert panel.second.text() == "At stride 1 the difference is 0."

    assert panel.number.text() == "0 %"
    assert panel.first.text() == "of the answer differs: the output moves along (equivariance)."


def test_the_moved_output_is_dragged_by_pixels_of_the_input(panel: ShiftPanel, asked: Asked) -> None:
    """At stride 2 one of its pixels stands for two of the input's."""
    panel.show_shown(shown(STRIDED))
    asked.answer_all()
    picture = panel.moved_output
    start = picture.place().center()

    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(picture, (start + QPointF(3 * picture.scale(), 0)).toPoint())
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=start.toPoint())

    assert panel.bar.across.value() == 1 + 6


def test_the_pictures_have_the_colours_of_the_layers_own_picture(panel: ShiftPanel, asked: Asked) -> None:
    of_layer = shown(CONV)
    panel.show_shown(of_layer)

    asked.answer_all()

    picture = panel.output.picture
    assert picture is not None
    assert (picture.mode, picture.high) == (of_layer.output.mode, of_layer.output.high)
    np.testing.assert_array_equal(picture.pixels, of_layer.output.pixels)  # all of 64×64 is tested


@pytest.mark.parametrize("size", [(1504, 890), (1112, 710), (768, 530), (700, 400)])
def test_it_fits_its_place_and_no_two_things_meet(panel: ShiftPanel, asked: Asked, size: tuple[int, int]) -> None:
    panel.resize(*size)
    panel.show_shown(shown(STRIDED))
    asked.answer_all()
    panel.show_progress(0.5)

    assert panel.minimumSizeHint().width() <= 700
    assert panel.bar.reset.mapTo(panel, panel.bar.reset.rect().bottomRight()).x() < size[0]
    placed = (panel.input, panel.output_of_moved, panel.output, panel.moved_output, panel.difference, panel.chart)
    rects = [widget.geometry() for widget in (*placed, panel.number, panel.first, panel.second)]
    room = panel.content.rect()
    assert all(room.contains(rect) for rect in rects)
    assert not any(first.intersects(second) for first, second in combinations(rects, 2))
