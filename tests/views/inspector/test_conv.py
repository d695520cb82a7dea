"""The convolution's and the transposed convolution's inspectors: each control sends a whole layer."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Orientation, Weights
from convstudio.core.recipe.plan import Step, plan
from convstudio.views.fields import ChoiceBox, NumberBox
from convstudio.views.inspector.conv import ConvPanel
from convstudio.views.inspector.transposed import TransposedPanel
from convstudio.views.inspector.windowing import PaddingRule

SIX = Conv(weight=Weights(np.ones((6, 3, 3, 3))), bias=(0.0,) * 6)
DOUBLE = ConvTranspose(weight=Weights(np.ones((4, 2, 4, 4))), bias=(0.0,) * 2, stride=Pair(2, 2), padding=Pair(1, 1))


def step_of(layer: Layer, channels: int = 3) -> Step:
    return plan(Document((layer,)), Shape(channels, 480, 640)).steps[0]


def type_number(box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def choose(box: ChoiceBox[Border], downs: int) -> None:
    box.setFocus()
    for _ in range(downs):
        QTest.keyClick(box, Qt.Key.Key_Down)


def edits(spy: QSignalSpy) -> list[tuple[Layer, str]]:
    return [(spy.at(place)[0], spy.at(place)[1]) for place in range(spy.count())]


@pytest.fixture
def panel(qtbot: QtBot) -> ConvPanel:
    panel = ConvPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_step(step_of(SIX))
    return panel


@pytest.fixture
def transposed(qtbot: QtBot) -> TransposedPanel:
    panel = TransposedPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_step(step_of(DOUBLE, channels=4))
    return panel


def test_a_stride_turns_same_into_its_pixels_which_then_are_there_to_edit(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    type_number(panel.stride.boxes[0], "2")

    edited = edits(spy)[-1][0]
    assert isinstance(edited, Conv)
    assert edited.padding == Amounts(1, 1, 1, 1)
    panel.show_step(step_of(edited))
    assert panel.padding.amounts.isVisible()
    assert step_of(edited).output == Shape(6, 240, 320)


def test_it_shows_the_sentence_and_the_formula(panel: ConvPanel) -> None:
    assert panel.lead.text() == "6 filters of 3×3×3: 640×480×3 → 640×480×6."
    assert panel.formulas[0].text() == "Height of the output\n⌊(480 + 1 + 1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 480"
    assert panel.padding.pixels.text() == "1 pixel on every side."


def test_showing_never_emits(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    panel.show_step(
        step_of(replace(SIX, stride=Pair(2, 1), dilation=Pair(3, 3), padding=Amounts(1, 2, 3, 4), groups=1))
    )
    panel.show_step(step_of(replace(SIX, channels=Channels.EACH, weight=Weights(np.ones((6, 1, 3, 3))))))
    panel.show_step(None)

    assert spy.count() == 0


def test_a_typed_number_is_one_edit(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)
    ended = QSignalSpy(panel.gesture_ended)

    type_number(panel.stride.boxes[0], "12")

    assert edits(spy) == [(replace(SIX, stride=Pair(12, 12)), "stride")]
    assert ended.count() >= 1


def test_turning_a_box_merges_by_its_name(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)
    panel.dilation.boxes[0].setFocus()

    QTest.keyClick(panel.dilation.boxes[0], Qt.Key.Key_Up)
    panel.show_step(step_of(replace(SIX, dilation=Pair(2, 2))))
    QTest.keyClick(panel.dilation.boxes[0], Qt.Key.Key_Up)

    assert [(layer.dilation, key) for layer, key in edits(spy) if isinstance(layer, Conv)] == [
        (Pair(2, 2), "dilation"),
        (Pair(3, 3), "dilation"),
    ]


def test_unlinked_axes_are_edited_apart(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    QTest.mouseClick(panel.stride.link, Qt.MouseButton.LeftButton)
    type_number(panel.stride.boxes[1], "2")

    assert edits(spy) == [(replace(SIX, stride=Pair(1, 2)), "stride")]


def test_unequal_axes_are_shown_unlinked_and_linking_makes_them_equal(panel: ConvPanel) -> None:
    panel.show_step(step_of(replace(SIX, stride=Pair(2, 3))))
    spy = QSignalSpy(panel.layer_edited)
    assert panel.stride.boxes[1].isVisible()

    QTest.mouseClick(panel.stride.link, Qt.MouseButton.LeftButton)

    assert edits(spy) == [(replace(SIX, stride=Pair(2, 2)), "stride")]
    assert not panel.stride.boxes[1].isVisible()


def test_the_wheel_turns_a_box_only_with_focus(panel: ConvPanel, qtbot: QtBot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    spy = QSignalSpy(panel.layer_edited)
    box = panel.stride.boxes[0]

    panel.mode.setFocus()
    turn_wheel(box)
    assert spy.count() == 0
    box.setFocus()
    turn_wheel(box)

    assert edits(spy) == [(replace(SIX, stride=Pair(2, 2)), "stride")]


def turn_wheel(box: NumberBox) -> None:
    place = QPointF(box.rect().center())
    event = QWheelEvent(
        place, box.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)


def test_padding_by_amounts_starts_from_todays_pixels(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    panel.padding.rule.setFocus()
    QTest.keyClick(panel.padding.rule, Qt.Key.Key_End)
    panel.show_step(step_of(replace(SIX, padding=Amounts(1, 1, 1, 1))))
    QTest.mouseClick(panel.padding.amounts.link, Qt.MouseButton.LeftButton)
    type_number(panel.padding.amounts.boxes[3], "5")

    assert edits(spy) == [
        (replace(SIX, padding=Amounts(1, 1, 1, 1)), ""),
        (replace(SIX, padding=Amounts(1, 1, 1, 5)), "padding"),
    ]


def test_padding_by_rule(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    panel.padding.rule.setFocus()
    QTest.keyClick(panel.padding.rule, Qt.Key.Key_Down)

    assert list(PaddingRule)[:2] == [PaddingRule.VALID, PaddingRule.SAME]
    assert edits(spy) == [(replace(SIX, padding=Padding.VALID), "")]


def test_choices_are_edits_of_their_own(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    choose(panel.border, 1)
    panel.orientation.setFocus()
    QTest.keyClick(panel.orientation, Qt.Key.Key_Down)

    assert edits(spy) == [
        (replace(SIX, border=Border.REFLECT), ""),
        (replace(SIX, orientation=Orientation.CONVOLUTION), ""),
    ]


def test_only_dividing_groups_are_offered(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)
    assert [panel.groups.itemText(place) for place in range(panel.groups.count())] == ["1", "3"]

    panel.groups.setFocus()
    QTest.keyClick(panel.groups, Qt.Key.Key_Down)

    (layer, key), *rest = edits(spy)
    assert isinstance(layer, Conv)
    assert (layer.groups, layer.weight.array.shape, key, rest) == (3, (6, 1, 3, 3), "", [])


def test_taking_each_channel_alone_keeps_one_plane(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    panel.mode.setFocus()
    QTest.keyClick(panel.mode, Qt.Key.Key_Up)

    layer, _ = edits(spy)[0]
    assert isinstance(layer, Conv)
    assert (layer.channels, layer.weight.array.shape) == (Channels.EACH, (6, 1, 3, 3))
    panel.show_step(step_of(layer))
    assert not panel.groups.isEnabled()


def test_more_filters_keep_the_old_ones(panel: ConvPanel) -> None:
    spy = QSignalSpy(panel.layer_edited)

    type_number(panel.filters, "8")

    layer, key = edits(spy)[0]
    assert isinstance(layer, Conv)
    assert (layer.filters, key) == (8, "filters")
    np.testing.assert_array_equal(layer.weight.array[:6], SIX.weight.array)


def test_a_number_that_groups_cannot_share_is_refused_at_its_place(panel: ConvPanel) -> None:
    panel.show_step(step_of(Conv(weight=Weights(np.ones((6, 1, 3, 3))), bias=(0.0,) * 6, groups=3)))
    spy = QSignalSpy(panel.layer_edited)
    refused = QSignalSpy(panel.edit_refused)

    type_number(panel.filters, "7")

    assert (spy.count(), refused.count()) == (0, 1)
    assert panel.refusal.isVisible()
    assert "3 groups cannot share 7 filters equally" in panel.refusal.text()
    assert panel.filters.value() == 6


def test_a_refused_edit_is_taken_back_by_showing_the_old_step(panel: ConvPanel) -> None:
    type_number(panel.dilation.boxes[0], "60")

    panel.show_step(step_of(SIX))

    assert panel.dilation.boxes[0].value() == 1


def test_nothing_selected_says_how_to_select(panel: ConvPanel) -> None:
    panel.show_step(None)

    assert panel.lead.text() == "Select a layer in the list: its settings appear here."
    assert not panel.controls.isVisible()


def test_transposed_shows_its_own_formula(transposed: TransposedPanel) -> None:
    assert transposed.lead.text() == "2 transposed filters of 4×4×4: 640×480×4 → 1280×960×2."
    assert transposed.formulas[1].text() == "Width of the output\n(640 − 1)·2 − 1 − 1 + 1·(4 − 1) + 0 + 1 = 1280"


def test_transposed_controls_send_whole_layers(transposed: TransposedPanel) -> None:
    spy = QSignalSpy(transposed.layer_edited)

    type_number(transposed.stride.boxes[0], "3")
    type_number(transposed.padding.boxes[0], "0")
    type_number(transposed.output_padding.boxes[0], "1")
    type_number(transposed.dilation.boxes[0], "2")
    type_number(transposed.filters, "3")

    sent = edits(spy)
    assert sent[:4] == [
        (replace(DOUBLE, stride=Pair(3, 3)), "stride"),
        (replace(DOUBLE, padding=Pair(0, 0)), "padding"),
        (replace(DOUBLE, output_padding=Pair(1, 1)), "output padding"),
        (replace(DOUBLE, dilation=Pair(2, 2)), "dilation"),
    ]
    assert isinstance(sent[4][0], ConvTranspose)
    assert sent[4][0].weight.array.shape == (4, 3, 4, 4)


def test_transposed_groups(transposed: TransposedPanel) -> None:
    spy = QSignalSpy(transposed.layer_edited)

    transposed.groups.setFocus()
    QTest.keyClick(transposed.groups, Qt.Key.Key_Down)

    layer, _ = edits(spy)[0]
    assert isinstance(layer, ConvTranspose)
    assert (layer.groups, layer.weight.array.shape) == (2, (4, 1, 4, 4))
