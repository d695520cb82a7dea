""" "Same" keeps the size, so it goes with stride 1 alone: layers, `count` and the operations say so with one voice."""

from dataclasses import replace

import numpy as np
import pytest

from convstudio.core import ops
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops import reference
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.core.recipe.plan import plan
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.parameters.report import costs

KERNEL = np.arange(6.0).reshape(1, 1, 2, 3)
BEFORE = ((0, 1), (1, 1))  # an even kernel has the smaller half first


@pytest.mark.parametrize("operations", [ops, reference])
def test_the_operation_refuses_it_with_another_stride_and_names_the_pixels(operations: object) -> None:
    with pytest.raises(
        ConvStudioError, match=r"needs stride 1, not 2×2; .* instead: 0 above, 1 below, 1 left, 1 right"
    ):
        operations.conv2d(np.ones((1, 5, 5)), KERNEL, padding="same", stride=2)  # type: ignore[attr-defined]


def test_counting_refuses_it_in_the_same_words() -> None:
    with pytest.raises(ConvStudioError, match=r"needs stride 1, not 2×1; .* instead: 1 on every side"):
        costs((3, 32, 32), padding="same", stride=(2, 1))

    assert costs((3, 32, 32), padding="same").output == Shape(1, 32, 32)
    assert costs((3, 32, 32), padding="1", stride=(2, 1)).output == Shape(1, 16, 32)


def test_a_layer_has_these_pixels_instead_and_computes_what_the_operation_does_with_them() -> None:
    pixels = np.random.default_rng(2).uniform(0, 9, (5, 6, 1)).astype(np.float32)
    layer = Conv(weight=Weights(KERNEL), bias=(0.0,), stride=Pair(2, 3))

    output = evaluate(Document((layer,)), Frame(pixels, white=9)).outputs[0]

    assert layer.padding == Amounts(0, 1, 1, 1)
    expected = reference.conv2d(pixels[None, :, :, 0], KERNEL, stride=(2, 3), padding=BEFORE)
    np.testing.assert_allclose(output, expected, rtol=1e-5)


def test_a_recipe_that_says_it_still_opens() -> None:
    (said,) = recipe_from("conv size 3 stride 2 padding same").layers
    (unsaid,) = recipe_from("conv size 3 stride 2").layers

    assert said == unsaid
    assert isinstance(said, Conv)
    assert said.padding == Amounts(1, 1, 1, 1)
    assert plan(Document((said,)), Shape(1, 7, 7)).output == Shape(1, 4, 4)  # ⌈7 / 2⌉


def test_no_layer_comes_to_have_both() -> None:
    same = Conv(weight=Weights(np.ones((1, 1, 5, 5))), bias=(0.0,), dilation=Pair(2, 1))

    strided = replace(same, stride=Pair(1, 2))

    assert same.padding is Padding.SAME
    assert strided.padding == Amounts(4, 4, 2, 2)
    assert replace(strided, padding=Padding.SAME) == strided
