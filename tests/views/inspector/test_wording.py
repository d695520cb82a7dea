"""The sentences and formulas of the layer list and the inspectors, with sizes worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from convstudio.core.activations import ActivationKind
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.core.recipe.plan import Step, plan
from convstudio.views.inspector.wording import formula_lines, step_sentence

SIX = Conv(weight=Weights(np.ones((6, 3, 3, 3))), bias=(0.0,) * 6)
EACH = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), channels=Channels.EACH)
DOUBLE = ConvTranspose(weight=Weights(np.ones((3, 2, 4, 4))), bias=(0.0,) * 2, stride=Pair(2, 2), padding=Pair(1, 1))


def step_of(layer: Layer, shape: Shape = Shape(3, 480, 640)) -> Step:  # noqa: B008  # a tuple: it cannot change
    return plan(Document((layer,)), shape).steps[0]


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (SIX, "6 filters of 3×3×3: 640×480×3 → 640×480×6."),
        (EACH, "1 filter of 3×3 on each of the 3 channels alone: 640×480×3 → 640×480×3."),
        (DOUBLE, "2 transposed filters of 4×4×3: 640×480×3 → 1280×960×2."),
        (Pool(), "The largest value of each 2×2 window: 640×480×3 → 320×240×3."),
        (
            Pool(kind=PoolKind.AVERAGE, is_global=True),
            "The mean of each whole map, one number for each channel: 640×480×3 → 1×1×3.",
        ),
        (Dense(units=10), "10 units each see all 921,600 inputs: 640×480×3 → 1×1×10."),
        (
            Activation(kind=ActivationKind.LEAKY_RELU, slope=0.1),
            "Leaky ReLU keeps positive values and multiplies negative ones by 0.1.",
        ),
        (Pool(enabled=False), "This layer is switched off: it hands on 640×480×3 unchanged."),
    ],
)
def test_the_first_sentence_says_what_a_layer_does(layer: Layer, sentence: str) -> None:
    assert step_sentence(step_of(layer)) == sentence


def test_the_formula_has_todays_numbers() -> None:
    lines = formula_lines(step_of(SIX))

    assert lines == (
        "⌊(480 + 1 + 1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 480",
        "⌊(640 + 1 + 1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 640",
    )


def test_each_axis_has_its_own_numbers() -> None:
    layer = replace(SIX, stride=Pair(2, 3), dilation=Pair(2, 1), padding=Amounts(0, 1, 2, 3))

    lines = formula_lines(step_of(layer))

    # ⌊(481 − 5) / 2⌋ + 1 = 239 and ⌊(645 − 3) / 3⌋ + 1 = 215
    assert lines == (
        "⌊(480 + 0 + 1 − 2·(3 − 1) − 1) / 2⌋ + 1 = 239",
        "⌊(640 + 2 + 3 − 1·(3 − 1) − 1) / 3⌋ + 1 = 215",
    )


def test_ceil_mode_rounds_up() -> None:
    line, _ = formula_lines(step_of(Pool(ceil_mode=True), Shape(1, 5, 6)))

    assert line == "⌈(5 + 0 + 0 − 1·(2 − 1) − 1) / 2⌉ + 1 = 3"


def test_ceil_mode_drops_a_window_that_would_start_in_the_padding() -> None:
    layer = Pool(window=Pair(2, 2), stride=Pair(3, 3), padding=Amounts(1, 1, 1, 1), ceil_mode=True)

    line, _ = formula_lines(step_of(layer, Shape(1, 5, 5)))

    # ⌈(7 − 2) / 3⌉ + 1 = 3, but the third window would start at 6 = 5 + 1, in the far padding
    assert line == ("⌈(5 + 1 + 1 − 1·(2 − 1) − 1) / 3⌉ + 1 = 2, not 3: the last window would start in the padding")


def test_the_transposed_formula_has_todays_numbers() -> None:
    assert formula_lines(step_of(DOUBLE))[0] == "(480 − 1)·2 − 1 − 1 + 1·(4 − 1) + 0 + 1 = 960"
