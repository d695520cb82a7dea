"""ARITHMETIC: the panel's sentences, grids and copied text, with the article's numbers."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Dense, Layer, Pool, PoolKind, Weights
from convstudio.insight.trace.trace import Trace, trace
from convstudio.views.explain.trace.panel import ArithmeticPanel

EDGE = Weights([[[[1, 0, -1]] * 3]])


def traced(layer: Layer, row: int, column: int, *, channels: int = 1, size: int = 6) -> Trace:
    columns = [10.0] * (size // 2) + [0.0] * (size - size // 2)
    pixels = np.repeat(np.array([[[v] for v in columns]] * size), channels, axis=2)
    return trace(evaluate(Document((layer,)), Frame(pixels, white=10)), 0, 0, row, column)


@pytest.fixture
def panel(qtbot: QtBot) -> ArithmeticPanel:
    panel = ArithmeticPanel()
    qtbot.addWidget(panel)
    panel.resize(480, 400)
    panel.show()
    return panel


def test_without_a_unit_it_says_how_to_get_one(panel: ArithmeticPanel) -> None:
    panel.show_trace(None)

    assert panel.lead.text().startswith("Hover the output picture")
    assert not panel.copy.isVisible()


def test_the_articles_unit_is_told_in_numbers(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID), 0, 1))

    row = "10·1 + 10·0 + 0·(−1)"
    assert panel.lead.text() == "Output of Conv 3×3 at row 1, column 2: 30"
    assert panel.sum.text() == f"{row} + {row} + {row} = 30, + bias 0 = 30"
    assert panel.dependence.text() == ("This output depends on 9 of the 36 inputs; the other 27 have no effect on it.")


def test_the_grids_are_inputs_weights_and_products(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID), 0, 1))

    assert [grid.heading for grid in panel.grids.grids] == ["inputs", "weights", "products"]
    assert [grid.sign for grid in panel.grids.grids] == ["", "×", "="]
    assert panel.grids.grids[0].numbers.tolist() == [[10, 10, 0]] * 3
    assert panel.grids.grids[2].numbers.tolist() == [[10, 0, 0]] * 3


def test_a_cell_explains_itself(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID), 1, 1))
    products = panel.grids.grids[2]

    sentence = panel.grids.sentence_at(QPoint(products.left + 4, products.top + 24))

    assert sentence == "Input row 2, column 2: 10 × 1 = 10"


@pytest.mark.parametrize(
    ("border", "sentence"),
    [
        (Border.ZEROS, "5 of the 9 places of the window lie in the padding and read 0."),
        (Border.CIRCULAR, "lie in the padding: taken from the opposite side of the picture."),
    ],
)
def test_padding_is_told(panel: ArithmeticPanel, border: Border, sentence: str) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(0.0,), border=border), 0, 0))

    assert panel.dependence.text().endswith(sentence)


def test_copy_puts_every_number_on_the_clipboard(qtbot: QtBot, panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(2.0,), padding=Padding.VALID), 0, 1))

    QTest.mouseClick(panel.copy, Qt.MouseButton.LeftButton)

    text = QGuiApplication.clipboard().text()
    assert "10\t10\t0\n10\t10\t0\n10\t10\t0" in text
    assert "= 30, + bias 2 = 32" in text
    assert "9 of the 36 inputs" in text


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (Pool(), "The largest of 4 values is 10, at input row 1, column 3"),
        (Pool(kind=PoolKind.AVERAGE), "20 ÷ 4 = 5"),
        (
            Pool(kind=PoolKind.AVERAGE, window=Pair(2, 2), stride=Pair(3, 3), padding=Amounts(0, 0, 0, 1)),
            "0 ÷ 4 = 0",
        ),
        (Activation(enabled=False), "The layer is switched off, so 10 passes unchanged."),
        (Activation(), "ReLU(10) = 10"),
    ],
)
def test_other_layers_say_what_they_do(panel: ArithmeticPanel, layer: Layer, sentence: str) -> None:
    panel.show_trace(traced(layer, 0, 1))

    assert panel.sum.text() == sentence


def test_many_inputs_are_summed_up_by_the_strongest(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Dense(units=2), 0, 0, size=50))

    assert panel.dependence.text() == "This output depends on all 2,500 inputs."
    assert panel.terms.text().startswith("The 12 strongest of 2,500 products:\nchannel 1, row ")
    assert not panel.grids.isVisible()


def test_a_large_window_is_scrolled_not_squeezed(panel: ArithmeticPanel) -> None:
    layer = Conv(weight=Weights(np.ones((1, 3, 31, 31))), bias=(0.0,))

    panel.show_trace(traced(layer, 3, 3, channels=3, size=40))

    assert len(panel.grids.grids) == 9
    assert panel.grids.width() > panel.width()
    assert panel.grids.grids[0].heading == "red, inputs"
    assert panel.sum.text().startswith("The sum of 2,883 products = ")


def test_narrow_panels_put_the_grids_below_one_another(qtbot: QtBot, panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID), 0, 1))
    assert len({grid.top for grid in panel.grids.grids}) == 1

    panel.resize(240, 400)

    qtbot.waitUntil(lambda: len({grid.top for grid in panel.grids.grids}) == 3)


def test_words_count_rows_and_columns_from_1_and_letters_from_0_which_they_say(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID), 0, 1))
    words, numbers = panel.lead.text(), panel.dependence.text()

    panel.bar.symbols.setChecked(True)

    assert "row 1, column 2" in words
    assert "from 0" not in numbers
    assert panel.sum.text().startswith("y[0, 1] = ")
    assert "rows and columns count from 0" in panel.dependence.text()


def test_a_result_that_is_rounded_is_about_and_a_whole_one_equal(panel: ArithmeticPanel) -> None:
    third = Conv(weight=Weights(np.full((1, 1, 1, 2), 1 / 3)), bias=(0.5,), padding=Padding.VALID)
    half = Conv(weight=Weights(np.full((1, 1, 1, 2), 0.5)), bias=(0.25,), padding=Padding.VALID)

    panel.show_trace(traced(third, 0, 0))
    about = panel.sum.text()
    panel.show_trace(traced(half, 0, 0))
    equal = panel.sum.text()

    assert about == "10·0.3333333 + 10·0.3333333 ≈ 6.666667, + bias 0.5 ≈ 7.166667"
    assert equal == "10·0.5 + 10·0.5 = 10, + bias 0.25 = 10.25"


def test_what_a_bias_cancels_is_0(panel: ArithmeticPanel) -> None:
    # 10·0.01 + 10·0.02 = 0.30000000000000004 in float64
    layer = Conv(weight=Weights([[[[0.01, 0.02]]]]), bias=(-0.3,), padding=Padding.VALID)

    panel.show_trace(traced(layer, 0, 0))

    assert panel.sum.text() == "10·0.01 + 10·0.02 = 0.3, + bias (−0.3) = 0"
    assert panel.lead.text().endswith(": 0")


def test_a_large_pool_has_values_and_no_products(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Pool(kind=PoolKind.AVERAGE, is_global=True), 0, 0, size=50))

    assert panel.terms.text().startswith("The 12 strongest of 2,500 values:\nchannel 1, row ")
    assert "×" not in panel.terms.text()
    assert "product" not in panel.terms.text()


def test_the_only_input_is_not_1_of_the_1(panel: ArithmeticPanel) -> None:
    panel.show_trace(traced(Conv(weight=Weights([[[[2.0]]]]), bias=(0.0,)), 0, 0, size=1))

    assert panel.dependence.text() == "This output depends on the one input."
