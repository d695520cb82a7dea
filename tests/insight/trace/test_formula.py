"""Formulas of one output, written out by hand."""

import numpy as np
import pytest

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Pool, PoolKind
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.formula import Notation, Style, formula, symbols_at
from convstudio.insight.trace.trace import Trace, trace

GRID = Frame(np.array([[[1.0], [2.0]], [[3.0], [4.0]]]), white=4.0)
COLOUR = Frame(np.array([[[1, 2, 3]]], np.uint8), white=255)


def traced(recipe: str, frame: Frame = GRID, row: int = 0, column: int = 0) -> Trace:
    return trace(evaluate(recipe_from(recipe), frame), 0, 0, row, column)


@pytest.mark.parametrize(
    ("recipe", "style", "notation", "expected"),
    [
        ("conv [1 -1; 0 2] padding valid", Style.TEXT, Notation.NUMBERS, "y[0, 0] = 1·1 + 2·(−1) + 3·0 + 4·2 + 0 = 7"),
        (
            "conv [1 -1; 0 2] padding valid", Style.LATEX, Notation.NUMBERS,
            r"y_{0,0} = 1 \cdot 1 + 2 \cdot (-1) + 3 \cdot 0 + 4 \cdot 2 + 0 = 7",
        ),
        (
            "conv [1 -1] padding valid", Style.TEXT, Notation.SYMBOLS,
            "y[0, 0] = w[0, 0]·x[0, 0] + w[0, 1]·x[0, 1] + b = −1",
        ),
        ("conv [1 1] padding valid flipped", Style.TEXT, Notation.SYMBOLS,
         "y[0, 0] = w[0, 1]·x[0, 0] + w[0, 0]·x[0, 1] + b = 3"),
        ("max 2", Style.TEXT, Notation.NUMBERS, "y[0, 0] = max(1, 2, 3, 4) = 4"),
        ("max 2", Style.LATEX, Notation.SYMBOLS, r"y_{0,0} = \max\{x_{0,0}, x_{0,1}, x_{1,0}, x_{1,1}\} = 4"),
        ("average 2", Style.TEXT, Notation.NUMBERS, "y[0, 0] = (1 + 2 + 3 + 4) ÷ 4 = 2.5"),
        ("average 2", Style.LATEX, Notation.NUMBERS, r"y_{0,0} = \frac{1 + 2 + 3 + 4}{4} = 2.5"),
        ("relu", Style.TEXT, Notation.SYMBOLS, "y[0, 0] = ReLU(x[0, 0]) = 1"),
        ("relu", Style.LATEX, Notation.NUMBERS, r"y_{0,0} = \mathrm{ReLU}(1) = 1"),
        ("absolute", Style.TEXT, Notation.NUMBERS, "y[0, 0] = |1| = 1"),
        ("transposed 2 stride 2", Style.TEXT, Notation.NUMBERS, "y[0, 0] = 1·1 + 0 = 1"),
    ],
)  # fmt: skip
def test_a_formula_as_it_is_written_by_hand(recipe: str, style: Style, notation: Notation, expected: str) -> None:
    assert formula(traced(recipe), style, notation) == expected


def test_padding_is_a_zero_and_not_an_input() -> None:
    calculation = traced("conv [1 2 3] padding 0x1")

    assert formula(calculation, Style.TEXT, Notation.SYMBOLS) == (
        "y[0, 0] = w[0, 0]·0 + w[0, 1]·x[0, 0] + w[0, 2]·x[0, 1] + b = 8"
    )


def test_channels_are_named_where_there_are_several() -> None:
    calculation = traced("conv [1] [10] [100]", COLOUR)

    assert formula(calculation, Style.TEXT, Notation.SYMBOLS) == (
        "y[0, 0] = w₁[0, 0]·x₁[0, 0] + w₂[0, 0]·x₂[0, 0] + w₃[0, 0]·x₃[0, 0] + b = 321"
    )
    assert formula(calculation, Style.LATEX, Notation.SYMBOLS, most=2) == (
        r"y_{0,0} = w^{(1)}_{0,0}\,x^{(1)}_{0,0} + \underbrace{\cdots}_{\text{1 more}} + w^{(3)}_{0,0}\,x^{(3)}_{0,0}"
        " + b = 321"
    )


def test_a_filter_that_sees_one_channel_has_one_plane() -> None:
    result = evaluate(recipe_from("conv [5] each"), COLOUR)

    calculation = trace(result, 0, 2, 0, 0)

    assert formula(calculation, Style.TEXT, Notation.SYMBOLS) == "y₃[0, 0] = w[0, 0]·x₃[0, 0] + b = 15"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (True, "y[0, 0] = (0 + 0 + 0 + 0 + 1 + 2 + 0 + 3 + 4) ÷ 9 ≈ 1.111"),
        (False, "y[0, 0] = (1 + 2 + 3 + 4) ÷ 4 = 2.5"),
    ],
)
def test_an_average_adds_the_padding_only_where_it_counts(counts: bool, expected: str) -> None:
    layer = Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), padding=Amounts(1, 1, 1, 1), count_include_pad=counts)

    calculation = trace(evaluate(Document((layer,)), GRID), 0, 0, 0, 0)

    assert formula(calculation, Style.TEXT, Notation.NUMBERS, digits=4) == expected


def test_padding_is_no_rival_of_the_largest() -> None:
    calculation = traced("max 2 padding 1")

    assert formula(calculation, Style.TEXT, Notation.NUMBERS) == "y[0, 0] = max(1) = 1"


def test_an_output_between_two_inputs_of_a_transposed_convolution_is_its_bias() -> None:
    calculation = traced("transposed 1 stride 2", row=1)

    assert calculation.taps.values.size == 0
    assert formula(calculation, Style.TEXT, Notation.NUMBERS) == "y[1, 0] = 0 = 0"


def test_very_small_and_endless_numbers_are_latex_too() -> None:
    small = traced("conv [1e-7] padding valid")
    endless = traced("conv [1] padding valid", Frame(np.array([[[np.inf]]]), white=1.0))

    assert formula(small, Style.LATEX, Notation.NUMBERS) == r"y_{0,0} = 1 \cdot 1 \cdot 10^{-7} + 0 = 1 \cdot 10^{-7}"
    assert formula(endless, Style.LATEX, Notation.NUMBERS) == r"y_{0,0} = \infty \cdot 1 + 0 = \infty"


def test_the_letters_of_a_place_under_the_window() -> None:
    calculation = traced("conv [1 2 3] padding 0x1")

    assert symbols_at(calculation, (0, 0, 0)) == ("0", "w[0, 0]", "w[0, 0]·0")
    assert symbols_at(calculation, (0, 0, 2)) == ("x[0, 1]", "w[0, 2]", "w[0, 2]·x[0, 1]")


def test_a_million_terms_are_counted_and_four_written() -> None:
    calculation = traced("dense 2", Frame(np.ones((1000, 1000, 1)), white=1.0))

    text = formula(calculation, Style.TEXT, Notation.SYMBOLS, most=4)

    assert text.startswith("y₁[0, 0] = w[0, 0]·x[0, 0] + w[0, 1]·x[0, 1] + w[0, 2]·x[0, 2] + … (999,996 more) + ")
    assert " + w[999, 999]·x[999, 999] ≈ " in text
