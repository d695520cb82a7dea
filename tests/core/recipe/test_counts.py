"""What layers cost: a connection joins an output to a real input, and one number has one function."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.counts import compare, compare_stack, inputs_of_one_output
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Pool, Weights
from convstudio.core.recipe.plan import Step, plan
from convstudio.core.recipe.text import recipe_from
from tests.amounts import random_cases

LENET = (
    "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2 "
    "| dense 120 | dense 84 | dense 10"
)


def step_of(layer: Layer, shape: Shape) -> Step:
    return plan(Document((layer,)), shape).steps[0]


def conv(kernel: int, **choices: object) -> Conv:
    return Conv(weight=Weights(np.ones((1, 1, kernel, kernel))), bias=(0.0,), **choices)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("layer", "side", "connections", "multiply_adds", "sharing"),
    [
        (conv(3), 6, 256, 324, Fraction(256, 9)),  # (6 + 6 + 4) places along each axis
        (conv(3, padding=Padding.VALID), 6, 144, 144, 16),
        (conv(5), 3, 81, 225, Fraction(81, 25)),  # as many as dense, never more
        (conv(3), 1, 1, 9, Fraction(1, 9)),
        (conv(3, padding=Amounts(500, 500, 500, 500)), 6, 324, 1004 * 1004 * 9, 36),  # each pixel meets each weight
        (conv(3, border=Border.REFLECT), 6, 256, 324, Fraction(256, 9)),  # the mirrored pixel is read already
        (conv(3, border=Border.REPLICATE), 6, 256, 324, Fraction(256, 9)),
        (conv(3, border=Border.CIRCULAR), 6, 324, 324, 36),  # the opposite pixel is not
        (conv(3, border=Border.CIRCULAR), 2, 16, 36, Fraction(16, 9)),  # where it is, it counts once
        (conv(3, stride=Pair(2, 2), padding=Amounts(1, 1, 1, 1)), 6, 64, 81, Fraction(64, 9)),  # 2 + 3 + 3
        (conv(2, dilation=Pair(2, 2), padding=Amounts(1, 1, 1, 1)), 1, 0, 4, 0),  # both taps lie over padding
    ],
)
def test_connections_by_hand(
    layer: Conv, side: int, connections: int, multiply_adds: int, sharing: Fraction | int
) -> None:
    comparison = compare(step_of(layer, Shape(1, side, side)))

    assert comparison is not None
    assert comparison.conv.connections == comparison.local.connections == comparison.local.weights == connections
    assert comparison.conv.multiply_adds == multiply_adds
    assert comparison.sharing == sharing


def test_a_transposed_layer_joins_what_it_does_not_cut_off() -> None:
    # 3×3 stamps side by side with a stride of 2: 9 rows, of which the outermost two are cut off: 3 + 3 + 3 − 2
    layer = ConvTranspose(
        weight=Weights(np.ones((2, 3, 3, 3))), bias=(0.0,) * 3, stride=Pair(2, 2), padding=Pair(1, 1)
    )  # fmt: skip

    comparison = compare(step_of(layer, Shape(2, 3, 3)))

    assert comparison is not None
    assert comparison.conv.connections == 2 * 3 * 7 * 7
    assert comparison.conv.multiply_adds == 2 * 3 * 9 * 9


def test_where_no_window_meets_a_pixel_there_is_no_sparsity_and_nothing_fails() -> None:
    layer = conv(2, dilation=Pair(2, 2), padding=Amounts(1, 1, 1, 1))

    comparison = compare(step_of(layer, Shape(1, 1, 1)))

    assert comparison is not None
    assert comparison.sparsity is None
    assert comparison.sharing == 0
    assert comparison.saving == Fraction(1, 4)


@st.composite
def layers(draw: st.DrawFn) -> tuple[Layer, Shape]:
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    stride, dilation = (Pair(draw(st.integers(1, 3)), draw(st.integers(1, 3))) for _ in range(2))
    groups, reads, makes = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    shape = Shape(groups * reads, height, width)
    if draw(st.booleans()):
        weight = Weights(np.ones((groups * reads, makes, *kernel)))
        return ConvTranspose(
            weight=weight, bias=(0.0,) * groups * makes, stride=stride, dilation=dilation, groups=groups,
            padding=Pair(draw(st.integers(0, 3)), draw(st.integers(0, 3))),
            output_padding=Pair(draw(st.integers(0, 2)), draw(st.integers(0, 2))),
        ), shape  # fmt: skip
    mode = draw(st.sampled_from(Channels))
    planes = 1 if mode is Channels.EACH else reads
    return Conv(
        weight=Weights(np.ones((groups * makes, planes, *kernel))), bias=(0.0,) * groups * makes, stride=stride,
        dilation=dilation, groups=1 if mode is Channels.EACH else groups, channels=mode,
        border=draw(st.sampled_from(Border)),
        padding=Amounts(*(draw(st.integers(0, 5)) for _ in range(4))),
    ), shape  # fmt: skip


def joined(step: Step) -> set[tuple[int, ...]]:
    """Every pair of an output and an input that a weight joins, each walked to by itself."""
    layer, (channels, height, width), output = step.layer, step.input, step.output
    pairs: set[tuple[int, ...]] = set()
    if isinstance(layer, ConvTranspose):
        reads, makes = channels // layer.groups, layer.filters // layer.groups
        for read, number, row, column, u, v in np.ndindex(channels, makes, height, width, *layer.kernel):
            at_row = row * layer.stride[0] - layer.padding[0] + u * layer.dilation[0]
            at_column = column * layer.stride[1] - layer.padding[1] + v * layer.dilation[1]
            if 0 <= at_row < output.height and 0 <= at_column < output.width:
                pairs.add((read // reads * makes + number, at_row, at_column, read, row, column))
        return pairs
    assert isinstance(layer, Conv)
    per_group = layer.weight.array.shape[1]
    for channel, row, column, plane, u, v in np.ndindex(*output, per_group, *layer.kernel):
        if layer.channels is Channels.EACH:
            read = channel % channels
        else:
            read = channel // (layer.filters // layer.groups) * per_group + plane
        places = (
            row * layer.stride[0] - step.pads.top + u * layer.dilation[0],
            column * layer.stride[1] - step.pads.left + v * layer.dilation[1],
        )
        sources = [
            int(mirrored(np.array([place]), length, layer.border)[0])
            for place, length in zip(places, (height, width), strict=True)
        ]
        if OUTSIDE not in sources:
            pairs.add((channel, row, column, read, *sources))
    return pairs


@random_cases(200)
@given(layers())
def test_connections_are_the_pairs_that_weights_join(case: tuple[Layer, Shape]) -> None:
    layer, shape = case
    try:
        step = step_of(layer, shape)
    except ConvStudioError:
        return

    comparison = compare(step)

    assert comparison is not None
    assert comparison.conv.connections == len(joined(step))
    assert comparison.local.weights <= comparison.dense.weights
    assert comparison.conv.connections <= comparison.conv.multiply_adds
    assert inputs_of_one_output(step) <= step.input.size
    if comparison.sparsity is not None:
        assert comparison.sparsity >= 1
        assert comparison.sparsity * comparison.sharing == comparison.saving
        assert comparison.sparsity * inputs_of_one_output(step) == step.input.size


def test_one_output_sees_7_of_36_inputs_on_average_where_the_border_takes_some_away() -> None:
    assert inputs_of_one_output(step_of(conv(3), Shape(1, 6, 6))) == Fraction(256, 36)
    assert inputs_of_one_output(step_of(conv(3, padding=Padding.VALID), Shape(1, 6, 6))) == 9


def test_a_stack_has_the_parameters_of_its_dense_layers_too() -> None:
    recipe_plan = plan(recipe_from(LENET), Shape(3, 32, 32))

    comparison = compare_stack(recipe_plan)

    # 456 + 2,416 of the convolutions, 400 · 120 + 120, 120 · 84 + 84, 84 · 10 + 10
    assert comparison is not None
    assert comparison.conv.parameters == recipe_plan.parameters == 62_006
    assert comparison.sparsity is not None
    assert comparison.sparsity * comparison.sharing == Fraction(comparison.dense.weights, comparison.conv.weights)


def test_layers_that_learn_nothing_and_layers_switched_off_cost_nothing() -> None:
    off = conv(3, enabled=False)
    recipe_plan = plan(Document((Pool(), off)), Shape(1, 6, 6))

    assert compare_stack(recipe_plan) is None
    assert recipe_plan.parameters == 0


def test_a_picture_of_any_size_is_counted_at_once() -> None:
    side = 10**9
    pad = 60_000
    layer = conv(3, padding=Amounts(pad, pad, pad, pad), border=Border.REPLICATE)

    step = step_of(layer, Shape(1, side, side))

    # the windows inside read 3 along an axis, one at each end 2, those farther out repeat one pixel
    along = 3 * (side - 2) + 2 * 2 + 2 * (pad - 1)
    assert step.connections == along * along
