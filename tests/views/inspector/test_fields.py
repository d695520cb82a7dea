"""The fields that all layers share: each sends a whole layer, and what has no meaning says why."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Pool, PoolKind, Weights
from convstudio.core.recipe.plan import Step, plan
from convstudio.views.inspector.fields import LayerFields

SIX = Conv(weight=Weights(np.ones((6, 3, 3, 3))), bias=(0.0,) * 6)
EACH = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), channels=Channels.EACH, border=Border.REFLECT)
DOUBLE = ConvTranspose(weight=Weights(np.ones((4, 2, 4, 4))), bias=(0.0,) * 2, stride=Pair(2, 2), padding=Pair(1, 1))


def step_of(layer: Layer, shape: Shape = Shape(3, 480, 640)) -> Step:  # noqa: B008  # a tuple: it cannot change
    return plan(Document((layer,)), shape).steps[0]


class Desk:
    """The fields with a layer that follows their edits, as the store would let it."""

    def __init__(self, fields: LayerFields) -> None:
        self.fields, self.shape = fields, Shape(3, 480, 640)
        self.edits: list[tuple[Layer, str]] = []
        fields.layer_edited.connect(self._take)

    def show(self, layer: Layer, shape: Shape = Shape(3, 480, 640)) -> None:  # noqa: B008  # as above
        self.shape = shape
        self.fields.show_step(step_of(layer, shape))

    def _take(self, layer: Layer, key: str) -> None:
        self.edits.append((layer, key))
        self.show(layer, self.shape)

    @property
    def layer(self) -> Layer:
        return self.edits[-1][0]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    fields = LayerFields()
    qtbot.addWidget(fields)
    fields.resize(280, 400)
    fields.show()
    with qtbot.waitActive(fields):
        fields.activateWindow()
    desk = Desk(fields)
    desk.show(SIX)
    return desk


def enter(box: QWidget, text: str) -> None:
    """Type over what stands in a field, and press Enter."""
    assert isinstance(box, QAbstractSpinBox | QComboBox)
    line = box.lineEdit()
    assert isinstance(line, QLineEdit)
    box.setFocus()
    line.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_showing_never_emits(desk: Desk) -> None:
    desk.show(replace(SIX, stride=Pair(2, 1), dilation=Pair(3, 3), padding=Amounts(1, 2, 3, 4)))
    desk.show(EACH)
    desk.show(DOUBLE, Shape(4, 48, 64))
    desk.show(Pool())

    assert desk.edits == []


@pytest.mark.parametrize(
    ("text", "pair"), [("2", Pair(2, 2)), ("2 × 1", Pair(2, 1)), ("3x2", Pair(3, 2)), ("1, 2", Pair(1, 2))]
)
def test_one_number_is_for_both_axes_and_two_are_down_and_across(desk: Desk, text: str, pair: Pair) -> None:
    enter(desk.fields.stride, text)

    assert desk.edits == [(replace(SIX, stride=pair), "stride")]
    assert desk.fields.stride.text_shown == ("2" if pair == (2, 2) else f"{pair[0]} × {pair[1]}")


@pytest.mark.parametrize("text", ["none", "-2", "1 2 3", "0", "9999"])
def test_what_is_no_stride_is_refused_and_the_old_one_stays(desk: Desk, text: str) -> None:
    enter(desk.fields.stride, text)

    assert desk.edits == []
    assert desk.fields.formula.refusal.isVisible()
    assert desk.fields.stride.text_shown == "1"


def test_arrow_keys_step_both_axes_and_merge(desk: Desk) -> None:
    desk.show(replace(SIX, dilation=Pair(1, 2)))
    desk.fields.dilation.setFocus()

    QTest.keyClick(desk.fields.dilation, Qt.Key.Key_Up)
    QTest.keyClick(desk.fields.dilation, Qt.Key.Key_Up)

    assert [(layer.dilation, key) for layer, key in desk.edits if isinstance(layer, Conv)] == [
        (Pair(2, 3), "dilation"),
        (Pair(3, 4), "dilation"),
    ]


def test_the_wheel_turns_a_field_only_with_the_focus(desk: Desk) -> None:
    desk.fields.padding.setFocus()
    box = desk.fields.stride
    at = QPointF(10, 10)
    event = QWheelEvent(
        at, box.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    QApplication.sendEvent(box, event)
    without = len(desk.edits)
    box.setFocus()
    QApplication.sendEvent(box, event)

    assert without == 0
    assert desk.edits == [(replace(SIX, stride=Pair(2, 2)), "stride")]


@pytest.mark.parametrize(
    ("kernel", "texts"),
    [
        ((3, 3), ["Same (1)", "Valid (0)", "Full (2)"]),
        ((31, 31), ["Same (15)", "Valid (0)", "Full (30)"]),
        ((1, 5), ["Same (0 × 2)", "Valid (0)", "Full (0 × 4)"]),
        ((2, 2), ["Same (0, 1, 0, 1)", "Valid (0)", "Full (1)"]),
    ],
)
def test_the_rules_say_how_many_pixels_they_are(desk: Desk, kernel: tuple[int, int], texts: list[str]) -> None:
    desk.show(Conv(weight=Weights(np.ones((1, 3, *kernel))), bias=(0.0,)))

    assert [desk.fields.padding.itemText(place) for place in range(3)] == texts
    assert desk.fields.padding.text_shown == texts[0]


@pytest.mark.parametrize(
    ("text", "padding", "shown"),
    [
        ("0", Amounts(0, 0, 0, 0), "0"),
        ("2", Amounts(2, 2, 2, 2), "2"),
        ("1 × 3", Amounts(1, 1, 3, 3), "1 × 3"),
        ("1 2 3 4", Amounts(1, 2, 3, 4), "1, 2, 3, 4"),
        ("valid", Padding.VALID, "Valid (0)"),
        ("Full", Padding.FULL, "Full (2)"),
    ],
)
def test_padding_is_typed(desk: Desk, text: str, padding: Padding | Amounts, shown: str) -> None:
    enter(desk.fields.padding, text)

    assert desk.edits == [(replace(SIX, padding=padding), "")]
    assert desk.fields.padding.text_shown == shown


def test_what_is_being_typed_stays_while_the_layer_is_shown_again(desk: Desk) -> None:
    fields = desk.fields
    texts = []
    for box in (fields.stride, fields.padding):
        box.setFocus()
        line = box.lineEdit()
        assert line is not None
        line.selectAll()
        QTest.keyClicks(box, "1")
        QTest.keyClicks(box, "2")
        desk.show(SIX)
        texts.append(box.text_shown)

    assert texts == ["12", "12"]


def test_padding_that_is_none_is_refused_at_its_place(desk: Desk) -> None:
    enter(desk.fields.padding, "some")

    assert desk.edits == []
    assert "“some” is no padding" in desk.fields.formula.refusal.text()
    assert desk.fields.formula.refusal.isVisible()
    assert desk.fields.padding.text_shown == "Same (1)"


def test_padding_for_each_side_has_four_fields(desk: Desk) -> None:
    padding = desk.fields.padding
    padding.activated.emit(padding.count() - 1)  # “Each side…”
    left = padding.sides.findChild(QAbstractSpinBox, "padding-left")
    assert left is not None
    assert padding.sides.isVisible()

    QTest.keyClick(left, Qt.Key.Key_Up)
    padding.sides.hide()

    assert desk.edits == [(replace(SIX, padding=Amounts(1, 1, 2, 1)), "padding")]


def test_a_stride_turns_same_into_its_pixels(desk: Desk) -> None:
    enter(desk.fields.stride, "2")

    assert isinstance(desk.layer, Conv)
    assert desk.layer.padding == Amounts(1, 1, 1, 1)
    assert desk.fields.padding.text_shown == "1"


def test_a_border_without_padding_says_so(desk: Desk) -> None:
    desk.show(replace(SIX, padding=Padding.VALID))

    assert not desk.fields.border.isEnabled()
    assert desk.fields.border.placeholderText() == "No padding"
    assert desk.fields.border.currentIndex() == -1
    assert desk.fields.border.accessibleName() == "Border: No padding"


def test_a_border_is_chosen(desk: Desk) -> None:
    desk.fields.border.setFocus()

    QTest.keyClick(desk.fields.border, Qt.Key.Key_Down)

    assert desk.edits == [(replace(SIX, border=Border.REFLECT), "")]


def test_groups_are_what_pytorch_calls_them(desk: Desk) -> None:
    of_six = desk.fields.groups.possible
    desk.show(EACH)
    of_each = desk.fields.groups.currentText()

    desk.fields.groups.setFocus()
    QTest.keyClick(desk.fields.groups, Qt.Key.Key_Home)

    assert of_six == (1, 3)
    assert of_each == "3"
    assert isinstance(desk.layer, Conv)
    assert desk.layer.channels is Channels.ACROSS
    np.testing.assert_allclose(desk.layer.weight.array, np.full((1, 3, 3, 3), 1 / 3))


def test_six_filters_in_three_groups(desk: Desk) -> None:
    desk.fields.groups.setFocus()
    QTest.keyClick(desk.fields.groups, Qt.Key.Key_End)

    assert isinstance(desk.layer, Conv)
    assert (desk.layer.groups, desk.layer.weight.array.shape) == (3, (6, 1, 3, 3))


def test_the_bias_is_that_of_the_filter_and_may_be_an_expression(desk: Desk) -> None:
    desk.fields.show_step(step_of(SIX), 4)

    enter(desk.fields.bias, "1/4")

    assert isinstance(desk.layer, Conv)
    assert desk.layer.bias == (0, 0, 0, 0, 0.25, 0)


def test_a_transposed_layer_has_its_output_padding_where_others_have_their_border(desk: Desk) -> None:
    desk.show(DOUBLE, Shape(4, 48, 64))
    places = desk.fields.border.isVisible(), desk.fields.output_padding.isVisible()

    enter(desk.fields.output_padding, "1")
    enter(desk.fields.padding, "0")

    assert places == (False, True)
    assert desk.layer == replace(DOUBLE, output_padding=Pair(1, 1), padding=Pair(0, 0))


def test_a_transposed_layer_cuts_off_alike_on_both_sides(desk: Desk) -> None:
    desk.show(DOUBLE, Shape(4, 48, 64))

    enter(desk.fields.padding, "1 2 3 4")

    assert desk.edits == []
    assert "as much above as below" in desk.fields.formula.refusal.text()


def test_a_pool_has_its_switches_in_the_places_of_groups_and_bias(desk: Desk) -> None:
    fields = desk.fields
    spots = [box.mapTo(fields, QPoint(0, 0)).x() for box in (fields.groups, fields.bias)]
    desk.show(Pool(kind=PoolKind.AVERAGE, padding=Amounts(1, 1, 1, 1)))
    switches = fields.ceil_mode, fields.counts_padding

    for switch in switches:
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)

    assert [switch.mapTo(fields, QPoint(0, 0)).x() for switch in switches] == spots
    assert not fields.groups.isVisible()
    assert desk.layer == Pool(
        kind=PoolKind.AVERAGE, padding=Amounts(1, 1, 1, 1), ceil_mode=True, count_include_pad=False
    )


def test_what_a_pool_has_no_use_for_says_why(desk: Desk) -> None:
    fields = desk.fields
    desk.show(Pool())
    of_max = fields.border.placeholderText(), fields.dilation.isEnabled(), fields.counts_padding.isEnabled()
    desk.show(Pool(kind=PoolKind.AVERAGE, padding=Amounts(1, 1, 1, 1)))
    of_average = fields.border.placeholderText(), fields.dilation.text_shown, fields.counts_padding.isEnabled()
    desk.show(Pool(padding=Amounts(1, 1, 1, 1)))
    padded = fields.border.placeholderText()
    desk.show(Pool(is_global=True))
    of_global = [box.text_shown for box in (fields.stride, fields.padding, fields.dilation)]

    assert of_max == ("No padding", True, False)
    assert of_average == ("Zeros", "Max pool only", True)
    assert padded == "Left out"
    assert of_global == ["Whole map"] * 3
    assert not fields.stride.isEnabled()


def test_a_field_that_has_its_meaning_back_has_its_number(desk: Desk) -> None:
    desk.show(Pool(is_global=True))

    desk.show(Pool(stride=Pair(3, 3)))

    assert desk.fields.stride.text_shown == "3"
    assert desk.fields.stride.isEnabled()


def test_the_formula_has_the_colours_of_the_fields_and_reads_as_plain_text(desk: Desk) -> None:
    label = desk.fields.formula.label
    desk.show(SIX, Shape(3, 512, 512))
    plain, rich = label.accessibleName(), label.text()
    desk.show(replace(SIX, stride=Pair(2, 1), padding=Padding.VALID), Shape(3, 480, 640))

    assert plain == "Size of the output: ⌊(512 + 1 + 1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 512 × 512"
    for colour, count in (("#9c3f00", 1), ("#0067a3", 2), ("#00735a", 1), ("#a04c80", 1)):
        assert rich.count(colour) == count
    # across ⌊637 / 1⌋ + 1 = 638, down ⌊477 / 2⌋ + 1 = 239
    assert label.accessibleName().endswith("= 638 × 239")
    assert "↔" in label.text()
    assert "↕" in label.text()


def test_an_edit_within_a_gesture_is_ended_by_enter(desk: Desk) -> None:
    ended = QSignalSpy(desk.fields.gesture_ended)

    enter(desk.fields.stride, "2")

    assert ended.count() >= 1


def test_weights_that_change_alone_leave_the_fields_and_everything_else_changes_them(desk: Desk) -> None:
    desk.show(EACH)
    desk.fields.stride.lineEdit().setText("half ty")  # of what the fields do not show nothing is written anew
    desk.show(replace(EACH, weight=Weights(np.full((1, 1, 3, 3), 0.5))))
    assert desk.fields.stride.text_shown == "half ty"

    changed = (
        replace(EACH, stride=Pair(2, 2)), replace(EACH, padding=Padding.VALID), replace(EACH, dilation=Pair(2, 2)),
        replace(EACH, border=Border.ZEROS), replace(EACH, bias=(1.0,)),
        replace(EACH, weight=Weights(np.ones((1, 1, 5, 5)))),
    )  # fmt: skip
    for layer in changed:
        desk.show(EACH)
        before = [box.text_shown for box in (desk.fields.stride, desk.fields.padding)], _words(desk.fields)
        desk.show(layer)
        assert ([box.text_shown for box in (desk.fields.stride, desk.fields.padding)], _words(desk.fields)) != before


def _words(fields: LayerFields) -> tuple[str, ...]:
    boxes = (fields.border.currentText(), fields.dilation.text_shown, fields.bias.text())
    return (*boxes, fields.formula.label.accessibleName())
