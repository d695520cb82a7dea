"""Formulas of one output, written out by hand."""

import numpy as np
import pytest

from convstudio.core.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe_text import recipe_from
from convstudio.insight.formula import Notation, Style, formula
from convstudio.insight.trace import Trace, trace

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
    found = traced("conv [1 2 3] padding 0x1")

    assert formula(found, Style.TEXT, Notation.SYMBOLS) == (
        "y[0, 0] = w[0, 0]·0 + w[0, 1]·x[0, 0] + w[0, 2]·x[0, 1] + b = 8"
    )


def test_channels_are_named_where_there_are_several() -> None:
    found = traced("conv [1] [10] [100]", COLOUR)

    assert formula(found, Style.TEXT, Notation.SYMBOLS) == (
        "y[0, 0] = w[0, 0, 0]·x[0, 0, 0] + w[1, 0, 0]·x[1, 0, 0] + w[2, 0, 0]·x[2, 0, 0] + b = 321"
    )


def test_a_long_formula_says_how_much_it_leaves_out() -> None:
    found = traced("average 2")

    assert formula(found, Style.TEXT, Notation.NUMBERS, most=3) == "y[0, 0] = (1 + 2 + … (1 more) + 4) ÷ 4 = 2.5"


@pytest.mark.parametrize(
    "recipe", ["conv sobel-x", "max 2", "average 2", "sigmoid", "dense 3", "conv filters 2 size 9"]
)
@pytest.mark.parametrize("notation", Notation)
def test_latex_is_balanced(recipe: str, notation: Notation) -> None:
    text = formula(traced(recipe), Style.LATEX, notation)

    escaped = text.replace(r"\{", "").replace(r"\}", "")
    assert escaped.count("{") == escaped.count("}")
    assert "·" not in text
    assert "−" not in text
