"""The calculation of one output in words, with the article's numbers."""

import numpy as np
import pytest

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Dense, Layer, Pool, PoolKind, Weights
from convstudio.insight.trace.trace import Trace, trace
from convstudio.views.explain.trace.text import (
    dependence_sentence,
    full_text,
    has_grids,
    padding_sentence,
    strongest_lines,
    sum_line,
    unit_sentence,
)

EDGE = Weights([[[[1, 0, -1]] * 3]])


def traced(layer: Layer, row: int, column: int, *, channels: int = 1, size: int = 6) -> Trace:
    columns = [10.0] * (size // 2) + [0.0] * (size - size // 2)
    pixels = np.repeat(np.array([[[v] for v in columns]] * size), channels, axis=2)
    return trace(evaluate(Document((layer,)), Frame(pixels, white=10)), 0, 0, row, column)


def test_the_articles_unit_is_told_in_numbers() -> None:
    article = traced(Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID), 0, 1)

    row = "10·1 + 10·0 + 0·(−1)"
    assert unit_sentence(article) == "Output of Vertical edge 3×3 at row 1, column 2: 30"
    assert sum_line(article) == f"{row} + {row} + {row} = 30"
    assert (
        dependence_sentence(article) == "This output depends on 9 of the 36 inputs; the other 27 have no effect on it."
    )


def test_a_bias_is_added_where_there_is_one() -> None:
    layer = Conv(weight=Weights([[[[2.0]]]]), bias=(-5.0,))

    assert sum_line(traced(layer, 0, 1)) == "10·2 = 20, + bias (−5) = 15"


@pytest.mark.parametrize(
    ("border", "sentence"),
    [
        (Border.ZEROS, "5 of the 9 places of the window lie in the padding and read 0."),
        (Border.CIRCULAR, "lie in the padding: taken from the opposite side of the picture."),
    ],
)
def test_padding_is_told(border: Border, sentence: str) -> None:
    assert padding_sentence(traced(Conv(weight=EDGE, bias=(0.0,), border=border), 0, 0)).endswith(sentence)


def test_the_text_to_be_copied_has_every_number() -> None:
    text = full_text(traced(Conv(weight=EDGE, bias=(2.0,), padding=Padding.VALID), 0, 1))

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
def test_other_layers_say_what_they_do(layer: Layer, sentence: str) -> None:
    assert sum_line(traced(layer, 0, 1)) == sentence


def test_many_inputs_are_summed_up_by_the_strongest() -> None:
    dense = traced(Dense(units=2), 0, 0, size=50)

    assert dependence_sentence(dense) == "This output depends on all 2,500 inputs."
    assert strongest_lines(dense).startswith("The 12 strongest of 2,500 products:\nchannel 1, row ")
    assert not has_grids(dense)


def test_a_large_sum_is_not_written_out() -> None:
    layer = Conv(weight=Weights(np.ones((1, 3, 31, 31))), bias=(0.0,))

    assert sum_line(traced(layer, 3, 3, channels=3, size=40)).startswith("The sum of 2,883 products = ")


def test_a_result_that_is_rounded_is_about_and_a_whole_one_equal() -> None:
    third = Conv(weight=Weights(np.full((1, 1, 1, 2), 1 / 3)), bias=(0.5,), padding=Padding.VALID)
    half = Conv(weight=Weights(np.full((1, 1, 1, 2), 0.5)), bias=(0.25,), padding=Padding.VALID)

    assert sum_line(traced(third, 0, 0)) == "10·0.3333333 + 10·0.3333333 ≈ 6.666667, + bias 0.5 ≈ 7.166667"
    assert sum_line(traced(half, 0, 0)) == "10·0.5 + 10·0.5 = 10, + bias 0.25 = 10.25"


def test_what_a_bias_cancels_is_0() -> None:
    # 10·0.01 + 10·0.02 = 0.30000000000000004 in float64
    layer = Conv(weight=Weights([[[[0.01, 0.02]]]]), bias=(-0.3,), padding=Padding.VALID)

    assert sum_line(traced(layer, 0, 0)) == "10·0.01 + 10·0.02 = 0.3, + bias (−0.3) = 0"
    assert unit_sentence(traced(layer, 0, 0)).endswith(": 0")


def test_a_large_pool_has_values_and_no_products() -> None:
    lines = strongest_lines(traced(Pool(kind=PoolKind.AVERAGE, is_global=True), 0, 0, size=50))

    assert lines.startswith("The 12 strongest of 2,500 values:\nchannel 1, row ")
    assert "×" not in lines
    assert "product" not in lines


def test_the_only_input_is_not_1_of_the_1() -> None:
    only = traced(Conv(weight=Weights([[[[2.0]]]]), bias=(0.0,)), 0, 0, size=1)

    assert dependence_sentence(only) == "This output depends on the one input."
