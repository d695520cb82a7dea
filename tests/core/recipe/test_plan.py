"""Plans and counts: the article's numbers, hand arithmetic, and refusals that name their numbers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.regions import Region, unit
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.counts import compare, compare_stack
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
from convstudio.core.recipe.plan import Refusal, plan, refuse_excess


def conv(filters: int, planes: int, kernel: int, **choices: object) -> Conv:
    arguments: dict[str, object] = {"padding": Padding.VALID, **choices}
    return Conv(
        weight=Weights(np.ones((filters, planes, kernel, kernel))),
        bias=(0.0,) * filters,
        **arguments,  # type: ignore[arg-type]
    )


def test_the_articles_layer_has_456_parameters_and_its_two_factors() -> None:
    step = plan(Document((conv(6, 3, 5),)), Shape(3, 32, 32)).steps[0]

    comparison = compare(step)

    assert comparison is not None
    assert step.output == Shape(6, 28, 28)
    assert (comparison.dense.weights, comparison.dense.biases) == (14_450_688, 4_704)
    assert (comparison.local.weights, comparison.local.connections) == (352_800, 352_800)
    assert (comparison.conv.weights, comparison.conv.biases, comparison.conv.parameters) == (450, 6, 456)
    assert comparison.conv.connections == 352_800
    assert comparison.sparsity == Fraction("40.96")
    assert comparison.sharing == 784
    assert comparison.sparsity * comparison.sharing == Fraction("32112.64")


def test_with_one_group_for_each_channel_the_layer_has_156() -> None:
    step = plan(Document((conv(6, 1, 5, groups=3),)), Shape(3, 32, 32)).steps[0]

    comparison = compare(step)

    assert comparison is not None
    assert (comparison.conv.weights, comparison.conv.parameters, comparison.conv.connections) == (150, 156, 117_600)


def test_a_megapixel_input_is_counted_without_being_made() -> None:
    step = plan(Document((conv(6, 3, 5),)), Shape(3, 1000, 1000)).steps[0]

    comparison = compare(step)

    assert comparison is not None
    assert comparison.dense.weights == 3_000_000 * 996 * 996 * 6 == 17_856_288_000_000
    assert comparison.conv.parameters == 456


def test_each_channel_alone_shares_its_weights_between_the_channels() -> None:
    layer = conv(2, 1, 3, channels=Channels.EACH)

    step = plan(Document((layer,)), Shape(3, 10, 10)).steps[0]

    assert step.output == Shape(6, 8, 8)
    assert (step.weights, step.biases) == (18, 2)
    assert step.connections == 6 * 64 * 9
    assert step.channels_per_map == 3


def test_a_stack_is_the_sum_of_its_layers() -> None:
    recipe_plan = plan(Document((conv(6, 3, 5), Activation(), Pool(), conv(16, 6, 5))), Shape(3, 32, 32))

    comparison = compare_stack(recipe_plan)

    assert comparison is not None
    assert recipe_plan.output == Shape(16, 10, 10)
    assert comparison.conv.parameters == 456 + 16 * 6 * 25 + 16
    assert comparison.dense.weights == 3072 * 4704 + (6 * 14 * 14) * 1600


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (conv(1, 1, 3, stride=Pair(2, 2)), (3, 3)),  # ⌊(7 − 2 − 1) / 2⌋ + 1
        (conv(1, 1, 3, stride=Pair(3, 3)), (2, 2)),  # 4 / 3 is floored, not refused
        (conv(1, 1, 3, dilation=Pair(2, 2)), (3, 3)),
        (conv(1, 1, 2, padding=Padding.SAME), (7, 7)),  # even kernels keep the size
        (conv(1, 1, 3, padding=Padding.FULL), (9, 9)),
        (conv(1, 1, 3, padding=Amounts(1, 0, 2, 0)), (6, 7)),
        (conv(1, 1, 3, padding=Padding.SAME, stride=Pair(2, 2)), (4, 4)),
        (Pool(), (3, 3)),
        (Pool(ceil_mode=True), (4, 4)),
        (Pool(window=Pair(2, 2), stride=Pair(2, 2), padding=Amounts(1, 1, 1, 1), ceil_mode=True), (4, 4)),
        (Pool(is_global=True), (1, 1)),
        (Dense(units=4), (1, 1)),
        (ConvTranspose(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), stride=Pair(2, 2)), (15, 15)),
    ],
)
def test_output_sizes_of_a_picture_of_7_by_7(layer: Layer, expected: tuple[int, int]) -> None:
    output = plan(Document((layer,)), Shape(1, 7, 7)).output

    assert output[1:] == expected


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (conv(1, 1, 9), ("9 pixels", "only 7")),
        (conv(1, 1, 3, stride=Pair(0, 1)), ("stride", "0×1")),
        (conv(1, 1, 3, padding=Amounts(7, 0, 0, 0), border=Border.REFLECT), ("at most 6", "7")),
        (conv(1, 1, 3, padding=Amounts(-1, 0, 0, 0)), ("-1", "negative")),
        (Pool(window=Pair(2, 2), padding=Amounts(2, 0, 0, 0)), ("at most 1", "2")),
        (Pool(window=Pair(8, 8)), ("8 pixels", "only 7")),
        (Pool(kind=PoolKind.AVERAGE, dilation=Pair(2, 2)), ("dilation", "2×2")),
        (Dense(units=0), ("0 units",)),
    ],
)
def test_what_cannot_work_is_refused_with_its_numbers(layer: Layer, words: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as caught:
        plan(Document((Activation(), layer)), Shape(1, 7, 7))

    assert caught.value.index == 1
    assert str(caught.value).startswith("Layer 2 (")
    for word in words:
        assert word in str(caught.value)


def test_a_layer_made_for_colour_works_on_grey_and_says_so() -> None:
    recipe_plan = plan(Document((conv(6, 3, 5),)), Shape(1, 32, 32))

    layer = recipe_plan.steps[0].layer

    assert isinstance(layer, Conv)
    np.testing.assert_array_equal(layer.weight.array, np.full((6, 1, 5, 5), 3.0))  # the sums stay
    assert "reads 1 channel" in recipe_plan.notes[0]


def test_a_layer_in_the_middle_follows_another_number_of_filters() -> None:
    recipe_plan = plan(Document((conv(4, 3, 3), conv(8, 6, 3))), Shape(3, 32, 32))

    layer = recipe_plan.steps[1].layer

    assert isinstance(layer, Conv)
    assert layer.weight.array.shape == (8, 4, 3, 3)
    np.testing.assert_allclose(layer.weight.array.sum(axis=1), 6.0)


def test_receptive_fields_grow_by_the_jump() -> None:
    recipe_plan = plan(Document((conv(1, 1, 3), Pool(), conv(1, 1, 3))), Shape(1, 32, 32))

    sizes = [step.receptive_field.size[0] for step in recipe_plan.steps]
    jumps = [step.receptive_field.jump[0] for step in recipe_plan.steps]

    assert sizes == [3, 4, 8]  # r ← r + (k − 1)·j
    assert jumps == [1, 2, 2]
    assert recipe_plan.trace_back(2, unit(0, 0))[0] == Region(0, 8, 0, 8)


def test_a_layer_that_is_switched_off_changes_nothing() -> None:
    layer = Pool(enabled=False)

    step = plan(Document((layer,)), Shape(3, 9, 9)).steps[0]

    assert step.output == Shape(3, 9, 9)
    assert step.parameters == 0


def test_what_does_not_fit_into_memory_is_planned_but_not_made() -> None:
    recipe_plan = plan(Document((Dense(units=10_000),)), Shape(3, 4000, 6000))

    with pytest.raises(Refusal, match="720,000,000,000"):
        refuse_excess(recipe_plan)


@given(
    st.integers(1, 40), st.integers(1, 7), st.integers(1, 4), st.integers(1, 3), st.integers(0, 5), st.integers(0, 5)
)
def test_an_output_is_as_long_as_the_places_where_the_window_fits(
    length: int, kernel: int, stride: int, dilation: int, before: int, after: int
) -> None:
    layer = conv(
        1, 1, kernel, stride=Pair(stride, stride), dilation=Pair(dilation, dilation),
        padding=Amounts(before, after, before, after),
    )  # fmt: skip
    places = [
        start for start in range(-before, length + after, stride) if start + dilation * (kernel - 1) < length + after
    ]

    if not places:
        with pytest.raises(Refusal):
            plan(Document((layer,)), Shape(1, length, length))
        return
    output = plan(Document((layer,)), Shape(1, length, length)).output

    assert output == Shape(1, len(places), len(places))
