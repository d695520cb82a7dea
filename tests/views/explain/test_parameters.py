"""PARAMETERS: the article's numbers, what is supposed, and the two charts."""

from dataclasses import replace
from fractions import Fraction
from math import log10

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Channels, Conv, Dense, Layer, Pool, Weights
from convstudio.core.recipe.plan import Plan, plan
from convstudio.core.recipe.text import recipe_from
from convstudio.core.wording import factor, integer, memory, power
from convstudio.insight.parameters.what_if import Scope
from convstudio.views.explain.parameters.chart import decades, tick_step, tick_text
from convstudio.views.explain.parameters.controls import side_at, step_at
from convstudio.views.explain.parameters.panel import ParametersPanel
from convstudio.views.explain.parameters.table import BarCell
from convstudio.views.fields import NumberBox
from convstudio.views.inspector.wording import stack_sentence

ARTICLE = Conv(weight=Weights(np.ones((6, 3, 5, 5))), bias=(0.0,) * 6, padding=Padding.VALID)
EACH = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), channels=Channels.EACH)
TABLE = {
    "dense": ["14,450,688", "4,704", "14,455,392", "14,450,688", "57.8 MB"],
    "local": ["352,800", "4,704", "357,504", "352,800", "1.43 MB"],
    "conv": ["450", "6", "456", "352,800", "1.82 kB"],
}


def planned(*layers: Layer, source: Shape = Shape(3, 480, 640)) -> Plan:  # noqa: B008  # a tuple: it cannot change
    return plan(Document(layers), source)


def same(kernel: int) -> Conv:
    return Conv(weight=Weights(np.ones((1, 1, kernel, kernel))), bias=(0.0,))


def table(panel: ParametersPanel) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for (way, _), cell in panel.table.cells.items():
        rows.setdefault(way, []).append(cell.text())
    return rows


def type_number(box: NumberBox, text: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def click(widget: object) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


@pytest.fixture
def panel(qtbot: QtBot) -> ParametersPanel:
    panel = ParametersPanel()
    qtbot.addWidget(panel)
    panel.resize(1440, 220)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_the_articles_example_in_one_click(panel: ParametersPanel) -> None:
    click(panel.condition.example)

    assert table(panel) == TABLE
    assert panel.factors.text() == (
        "Sparsity saves 40.96× the arithmetic: an output sees 75 of 3,072 inputs. "
        "Sharing saves 784× the memory: a filter is used at 784 places. "
        "Together: 32,112.64× the weights."
    )
    assert panel.lead.text().startswith("On 32×32×3, the article's example needs 456 parameters;")
    assert panel.question.text() == (
        "156 or 456? A filter over 3 channels has 5·5·3 + 1 = 76 parameters: 456 in all. "
        "With groups = 3 each filter sees one channel: 156."
    )


def test_the_example_leads_back_to_the_recipe(panel: ParametersPanel) -> None:
    panel.show_plan(planned(EACH), 0)

    click(panel.condition.example)
    offered = panel.condition.example.text()
    click(panel.condition.example)

    assert offered == "Back to my recipe"
    assert panel.condition.example.text() == "The article's example"
    assert panel.lead.text().startswith("On 640×480×3, Conv 3×3 needs 10 parameters;")


def test_the_same_numbers_come_from_a_recipe(panel: ParametersPanel) -> None:
    panel.show_plan(planned(ARTICLE, source=Shape(3, 32, 32)), 0)

    assert table(panel) == TABLE
    assert panel.lead.text() == ("On 32×32×3, Conv 5×5 needs 456 parameters; fully connected it would need 14,455,392.")


def test_groups_are_supposed_here_only(panel: ParametersPanel) -> None:
    counted_plan = planned(ARTICLE, source=Shape(3, 32, 32))
    panel.show_plan(counted_plan, 0)

    click(panel.condition.groups)

    assert table(panel)["conv"] == ["150", "6", "156", "117,600", "624 bytes"]
    assert counted_plan.steps[0].layer == ARTICLE
    click(panel.condition.groups)
    assert table(panel) == TABLE


def test_a_recipe_in_groups_starts_with_the_box_checked(panel: ParametersPanel) -> None:
    grouped = replace(ARTICLE, weight=Weights(np.ones((6, 1, 5, 5))), groups=3)

    panel.show_plan(planned(grouped, source=Shape(3, 32, 32)), 0)

    assert panel.condition.groups.isChecked()
    assert table(panel)["conv"][2] == "156"
    click(panel.condition.groups)
    assert table(panel)["conv"][2] == "456"


def test_a_thousand_pixels_neither_overflow_nor_lose_a_digit(panel: ParametersPanel) -> None:
    click(panel.condition.example)

    type_number(panel.condition.width_box, "1000")
    type_number(panel.condition.height_box, "1000")

    # 3·10⁶ × (996 · 996 · 6) = 3·10⁶ × 5,952,096
    assert table(panel)["dense"][0] == "17,856,288,000,000"
    assert panel.table.heads["local"].text() == "Locally connected"
    assert panel.lead.text().endswith("fully connected it would need 17,856,293,952,096.")
    assert table(panel)["conv"][2] == "456"


def test_in_little_room_large_numbers_are_powers_with_every_digit_in_the_tooltip(panel: ParametersPanel) -> None:
    click(panel.condition.example)
    panel.resize(1000, 200)

    type_number(panel.condition.width_box, "1000")
    type_number(panel.condition.height_box, "1000")

    cell = panel.table.cells["dense", "weights"]
    assert (cell.text(), cell.toolTip()) == ("1.79·10¹³", "17,856,288,000,000")


def test_a_supposed_size_leaves_the_picture_alone_and_is_taken_back(panel: ParametersPanel) -> None:
    counted_plan = planned(ARTICLE, source=Shape(3, 32, 32))
    panel.show_plan(counted_plan, 0)

    type_number(panel.condition.channels_box, "1")
    supposed = table(panel)["conv"][2]
    lead = panel.lead.text()
    click(panel.condition.reset)

    assert supposed == "156"  # 6 · (5·5·1 + 1)
    assert lead.startswith("If the picture were 32×32×1, Conv 5×5 needs 156 parameters")
    assert table(panel) == TABLE
    assert counted_plan.source == Shape(3, 32, 32)
    assert not panel.condition.reset.isEnabled()


def test_the_slider_keeps_the_proportions(panel: ParametersPanel) -> None:
    panel.show_plan(planned(EACH), 0)

    panel.condition.slider.setFocus()
    QTest.keyClick(panel.condition.slider, Qt.Key.Key_End)

    assert (panel.condition.width_box.value(), panel.condition.height_box.value()) == (4000, 3000)


def slide(panel: ParametersPanel, key: Qt.Key) -> tuple[int, int, int]:
    """Move the slider, and read the supposed size."""
    panel.condition.slider.setFocus()
    QTest.keyClick(panel.condition.slider, key)
    boxes = (panel.condition.width_box, panel.condition.height_box, panel.condition.channels_box)
    width, height, channels = (box.value() for box in boxes)
    return width, height, channels


@pytest.mark.parametrize("source", [Shape(3, 480, 640), Shape(1, 427, 640), Shape(3, 32, 32), Shape(1, 6, 6)])
@pytest.mark.parametrize("is_slid", [False, True])
def test_the_articles_example_stays_square_whatever_was_counted_before(
    panel: ParametersPanel, source: Shape, *, is_slid: bool
) -> None:
    panel.show_plan(planned(EACH, source=source), 0)
    if is_slid:
        slide(panel, Qt.Key.Key_PageUp)

    click(panel.condition.example)
    ends = [slide(panel, key) for key in (Qt.Key.Key_End, Qt.Key.Key_Home)]

    assert ends == [(4000, 4000, 3), (8, 8, 3)]


def test_behind_the_example_the_picture_has_its_proportions(panel: ParametersPanel) -> None:
    panel.show_plan(planned(EACH), 0)
    click(panel.condition.example)
    slide(panel, Qt.Key.Key_End)

    click(panel.condition.example)
    own = panel.lead.text()

    assert own.startswith("On 640×480×3, ")
    assert slide(panel, Qt.Key.Key_End) == (4000, 3000, 3)


def test_the_slider_keeps_the_proportions_of_a_size_that_was_typed(panel: ParametersPanel) -> None:
    panel.show_plan(planned(EACH), 0)
    type_number(panel.condition.height_box, "64")

    ends = [slide(panel, key) for key in (Qt.Key.Key_Home, Qt.Key.Key_End)]

    assert ends == [(8, 1, 3), (4000, 400, 3)]  # of 640×64


def test_a_supposed_size_holds_for_the_picture_it_was_supposed_of(panel: ParametersPanel) -> None:
    panel.show_plan(planned(EACH), 0)
    slide(panel, Qt.Key.Key_End)

    panel.show_plan(planned(EACH, source=Shape(3, 100, 50)), 0)

    assert panel.lead.text().startswith("On 50×100×3, ")
    assert slide(panel, Qt.Key.Key_End) == (2000, 4000, 3)


def test_supposed_groups_hold_for_the_layer_they_were_supposed_of(panel: ParametersPanel) -> None:
    counted_plan = planned(ARTICLE, replace(ARTICLE, weight=Weights(np.ones((6, 6, 5, 5)))), source=Shape(3, 32, 32))
    panel.show_plan(counted_plan, 0)
    click(panel.condition.groups)

    panel.show_plan(counted_plan, 1)
    second = table(panel)["conv"][0]
    four = replace(ARTICLE, weight=Weights(np.ones((12, 3, 5, 5))), bias=(0.0,) * 12)
    panel.show_plan(planned(four, source=Shape(3, 32, 32)), 0)

    assert second == "900"
    assert table(panel)["conv"][0] == "900"
    assert not panel.condition.groups.isChecked()


def test_sliding_down_and_up_again_keeps_the_proportions(panel: ParametersPanel) -> None:
    panel.show_plan(planned(EACH, source=Shape(3, 427, 640)), 0)

    panel.condition.slider.setFocus()
    QTest.keyClick(panel.condition.slider, Qt.Key.Key_Home)
    smallest = (panel.condition.width_box.value(), panel.condition.height_box.value())
    QTest.keyClick(panel.condition.slider, Qt.Key.Key_End)

    assert smallest == (8, 5)
    assert (panel.condition.width_box.value(), panel.condition.height_box.value()) == (4000, 2669)


def test_the_curve_tells_exact_counts_at_the_size_under_the_mouse(panel: ParametersPanel) -> None:
    click(panel.condition.example)

    smallest, largest = panel.curve.point_at(0.0), panel.curve.point_at(panel.curve.width())

    assert smallest is not None
    assert largest is not None
    assert (smallest.side, smallest.conv, largest.side, largest.conv) == (8, 450, 4000, 450)


def test_the_whole_stack_is_the_sum_of_what_convolves(panel: ParametersPanel) -> None:
    second = Conv(weight=Weights(np.ones((2, 6, 1, 1))), bias=(0.0,) * 2)
    panel.show_plan(planned(ARTICLE, Activation(), Pool(), second, source=Shape(3, 32, 32)), 2)
    assert panel.lead.text().startswith("Max pool 2×2 has no weights.")

    click(panel.condition.scopes[Scope.STACK])

    # the second: 14·14·6 = 1,176 inputs, 14·14·2 = 392 outputs, 12 weights and 2 biases
    assert table(panel)["dense"][0] == f"{14_450_688 + 1_176 * 392:,}"
    assert table(panel)["conv"][:3] == ["462", "8", "470"]
    assert "Sharing saves" in panel.factors.text()
    assert f"462 weights do the work of {352_800 + 392 * 6:,}." in panel.factors.text()


@pytest.mark.parametrize(
    ("layers", "index", "start"),
    [
        ((ARTICLE,), -1, "The photo has no weights."),
        ((Dense(units=2),), 0, "Dense 2 is fully connected itself: 1,843,200 weights and 2 biases."),
        ((replace(ARTICLE, enabled=False),), 0, "Conv 5×5 is switched off and counts nothing."),
        ((), -1, "Nothing convolves here yet."),
    ],
)
def test_where_nothing_can_be_compared_it_says_why(
    panel: ParametersPanel, layers: tuple[Layer, ...], index: int, start: str
) -> None:
    panel.show_plan(planned(*layers), index)

    assert panel.lead.text().startswith(start)
    assert not panel.figures.isVisible()


def test_a_size_that_a_layer_refuses_is_told_in_its_sentence(panel: ParametersPanel) -> None:
    panel.show_plan(planned(ARTICLE), 0)

    type_number(panel.condition.width_box, "4")

    assert "The kernel spans 5 pixels but the input's width is only 4" in panel.lead.text()
    type_number(panel.condition.width_box, "5")
    assert table(panel)["conv"][2] == "456"


def test_each_channel_alone_shares_over_the_channels_too(panel: ParametersPanel) -> None:
    panel.show_plan(planned(replace(EACH, border=Border.CIRCULAR)), 0)

    assert "a filter is used at 921,600 places." in panel.factors.text()  # 640 · 480 · 3
    assert panel.question.text() == (
        "Each channel is taken alone: a filter has 3·3 + 1 = 10 parameters, however many channels there are: 10 in all."
    )
    assert not panel.condition.groups.isEnabled()


def test_padding_is_no_input(panel: ParametersPanel) -> None:
    panel.show_plan(planned(same(3), source=Shape(1, 6, 6)), 0)

    assert table(panel)["local"] == ["256", "36", "292", "256", "1.17 kB"]
    assert panel.table.cells["conv", "connections"].toolTip() == (
        "256; 324 multiply-adds, those over the padding included"
    )
    assert panel.factors.text() == (
        "Sparsity saves ≈ 5.06× the arithmetic: an output sees ≈ 7.11 of 36 inputs on average. "
        "Sharing saves ≈ 28.44× the memory: 9 weights do the work of 256. "
        "Together: 144× the weights."
    )


def test_an_output_never_sees_more_inputs_than_there_are(panel: ParametersPanel) -> None:
    panel.show_plan(planned(same(5), source=Shape(1, 3, 3)), 0)

    assert "Sparsity saves 1× the arithmetic: an output sees all 9 inputs." in panel.factors.text()
    assert table(panel)["local"][0] == table(panel)["dense"][0] == "81"


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (
            Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,)),
            "Sparsity saves 1× the arithmetic: an output sees the one input. Nothing is shared: the convolution's 9 "
            "weights are more than these 1. Together: 9 weights where a dense layer has 1.",
        ),
        (
            Conv(
                weight=Weights(np.ones((1, 1, 2, 2))), bias=(0.0,), dilation=Pair(2, 2), padding=Amounts(1, 1, 1, 1)
            ),
            "No window meets the picture: every output is its bias. Use less padding, or a smaller dilation.",
        ),
    ],
)  # fmt: skip
def test_a_picture_of_one_pixel_is_counted_too(panel: ParametersPanel, layer: Conv, sentence: str) -> None:
    panel.show_plan(planned(layer, source=Shape(1, 1, 1)), 0)

    assert panel.factors.text() == sentence
    assert not panel.grab().isNull()


def test_a_whole_stack_has_its_dense_layers_too(panel: ParametersPanel) -> None:
    lenet = recipe_from(
        "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2 "
        "| dense 120 | dense 84 | dense 10"
    )
    counted_plan = plan(lenet, Shape(3, 32, 32))
    panel.show_plan(counted_plan, 0)

    click(panel.condition.scopes[Scope.STACK])

    assert table(panel)["conv"][:3] == ["61,770", "236", "62,006"]
    assert panel.lead.text().startswith("On 32×32×3, the whole stack needs 62,006 parameters;")
    assert stack_sentence(counted_plan, 7).endswith("with 62,006 parameters.")


def test_counting_waits_until_the_panel_is_seen(qtbot: QtBot) -> None:
    panel = ParametersPanel()
    qtbot.addWidget(panel)
    panel.show_plan(planned(ARTICLE, source=Shape(3, 32, 32)), 0)
    hidden = panel.lead.text()

    panel.show()

    assert hidden == ""
    assert table(panel)["conv"][2] == "456"


def test_the_charts_are_told_in_words_too(panel: ParametersPanel) -> None:
    click(panel.condition.example)

    assert panel.bars.accessibleName().endswith("Dense 14,450,688, Local 352,800, Convolution 450")
    assert "at 32 pixels, Dense 14,450,688" in panel.curve.accessibleName()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(4096, 100), "40.96"),
        (Fraction(784), "784"),
        (Fraction(3211264, 100), "32,112.64"),
        (Fraction(1, 3), "≈ 0.33"),
        (Fraction(21, 2), "10.5"),
    ],
)
def test_factors_are_exact_or_say_that_they_are_not(value: Fraction, text: str) -> None:
    assert factor(value) == text


def test_large_integers_are_written_by_python() -> None:
    assert integer(17_856_288_000_000) == "17,856,288,000,000"
    assert power(17_856_288_000_000) == "1.79·10¹³"
    assert integer(10**30) == "1.00·10³⁰"
    texts = [memory(count) for count in (624, 1_824, 57_821_568, 999_700, 10**12)]
    assert texts == ["624 bytes", "1.82 kB", "57.8 MB", "1 MB", "1 TB"]


def test_axes_are_powers_of_ten() -> None:
    assert [decades(count) for count in (1, 10, 11, 14_450_688)] == [1, 1, 2, 8]
    assert [tick_step(powers) for powers in (3, 4, 8, 16)] == [1, 1, 2, 4]
    assert [tick_text(exponent) for exponent in (0, 3, 8)] == ["1", "1,000", "10⁸"]


@pytest.mark.parametrize("side", [8, 100, 640, 4000])
def test_the_slider_finds_back_to_its_size(side: int) -> None:
    assert side_at(step_at(side)) == pytest.approx(side, rel=0.02)


def test_bars_under_the_numbers_are_their_logarithms(panel: ParametersPanel) -> None:
    click(panel.condition.example)

    for name, counts in {
        "weights": (14_450_688, 352_800, 450),
        "connections": (14_450_688, 352_800, 352_800),
        "memory": (4 * 14_455_392, 4 * 357_504, 4 * 456),
    }.items():
        for way, count in zip(("dense", "local", "conv"), counts, strict=True):
            cell = panel.table.cells[way, name]
            assert isinstance(cell, BarCell)
            assert cell.share == pytest.approx(log10(count) / 8)  # all three scales end at 100 million
