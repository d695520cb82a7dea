"""A region of an output is the same crop of the whole, whatever lies between it and the picture."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.evaluation.needed_regions import needs_of
from convstudio.core.evaluation.region import compute_needs, evaluate_region
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border, merged
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.ops import reference
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
    Weights,
)
from tests.amounts import random_cases

CASES = random_cases(300)
Planes = NDArray[np.float32]
pairs = st.builds(Pair, st.integers(1, 3), st.integers(1, 3))
few = st.integers(0, 4)


def whole_weights(draw: st.DrawFn, *shape: int) -> Weights:
    return Weights(np.random.default_rng(draw(st.integers(0, 2**32 - 1))).integers(-1, 2, shape))


def biases(draw: st.DrawFn, count: int) -> tuple[float, ...]:
    return tuple(float(draw(st.integers(-9, 9))) for _ in range(count))


@st.composite
def convolutions(draw: st.DrawFn, channels: int) -> tuple[Layer, int]:
    filters, height, width = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    is_alone, groups = draw(st.booleans()), draw(st.sampled_from([1, channels]))
    is_enabled = draw(st.sampled_from([True, True, True, False]))
    count = filters if is_alone else filters * groups
    layer = Conv(
        weight=whole_weights(draw, count, 1 if is_alone else channels // groups, height, width),
        bias=biases(draw, count),
        stride=draw(pairs),
        padding=draw(st.builds(Amounts, few, few, few, few) | st.sampled_from(Padding)),
        dilation=draw(pairs),
        groups=1 if is_alone else groups,
        border=draw(st.sampled_from(Border)),
        orientation=draw(st.sampled_from(Orientation)),
        channels=Channels.EACH if is_alone else Channels.ACROSS,
        enabled=is_enabled,
    )
    return layer, count * (channels if is_alone else 1) if is_enabled else channels


@st.composite
def transposed(draw: st.DrawFn, channels: int) -> tuple[Layer, int]:
    groups, filters = draw(st.sampled_from([1, channels])), draw(st.integers(1, 2))
    layer = ConvTranspose(
        weight=whole_weights(draw, channels, filters, draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        bias=biases(draw, filters * groups),
        stride=draw(pairs),
        padding=Pair(draw(st.integers(0, 2)), draw(st.integers(0, 2))),
        output_padding=Pair(draw(st.integers(0, 1)), draw(st.integers(0, 1))),
        dilation=draw(pairs),
        groups=groups,
    )
    return layer, filters * groups


@st.composite
def pools(draw: st.DrawFn, channels: int, kind: PoolKind) -> tuple[Layer, int]:
    layer = Pool(
        kind=kind,
        window=draw(pairs),
        stride=draw(pairs),
        padding=draw(st.builds(Amounts, *[st.integers(0, 2)] * 4)),
        dilation=Pair(1, 1) if kind is PoolKind.AVERAGE else draw(pairs),
        ceil_mode=draw(st.booleans()),
        count_include_pad=draw(st.booleans()),
    )
    return layer, channels


@st.composite
def resized(draw: st.DrawFn, mode: ResizeMode) -> Layer:
    factors = st.sampled_from([0.18, 0.5, 0.7, 1.0, 1.6, 2.0, 3.3])
    size = draw(st.none() | st.builds(Pair, st.integers(1, 30), st.integers(1, 30)))
    return Resize(mode=mode, factor=(draw(factors), draw(factors)), size=size, align_corners=draw(st.booleans()))


@st.composite
def stacks(draw: st.DrawFn, channels: int, *kinds: str) -> tuple[Layer, ...]:
    """Up to three layers that need no adapting, with weights −1, 0 and 1, so that float32 holds every sum exactly."""
    layers: list[Layer] = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)):
        match kind:
            case "convolution":
                layer, channels = draw(convolutions(channels))
            case "transposed":
                layer, channels = draw(transposed(channels))
            case "activation":
                layer = Activation(kind=draw(st.sampled_from([ActivationKind.RELU, ActivationKind.ABSOLUTE])))
            case "nearest":
                layer = draw(resized(ResizeMode.NEAREST))
            case "resize":
                layer = draw(st.sampled_from(ResizeMode).flatmap(resized))
            case "scale":
                layer = ScaleShift(scale=(2.0,) * channels, shift=tuple(map(float, range(channels))))
            case "softmax":
                layer = Softmax()
            case _:
                layer, channels = draw(pools(channels, PoolKind(kind)))
        layers.append(layer)
    return tuple(layers)


def evaluated(data: st.DataObject, *kinds: str) -> tuple[Result, int]:
    """Some layers on a small frame, and which of them is asked for."""
    height, width = (data.draw(st.integers(1, 24) | st.just(70)) for _ in range(2))
    channels = data.draw(st.sampled_from([1, 3]))
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    frame = Frame(generator.integers(0, 4, (height, width, channels)).astype(np.uint8), white=3)
    document = Document(data.draw(stacks(channels, *kinds)))
    try:
        whole = evaluate(document, frame)
    except ConvStudioError:
        assume(False)
    return whole, data.draw(st.integers(0, len(document.layers) - 1))


def both_ways(data: st.DataObject, *kinds: str) -> tuple[Planes, Planes]:
    """One region of one output, evaluated alone and cut from the whole."""
    whole, index = evaluated(data, *kinds)
    _, rows, columns = whole.planes_at(index).shape
    top, left = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    bottom, right = data.draw(st.integers(top + 1, rows)), data.draw(st.integers(left + 1, columns))
    part = evaluate_region(whole.document, whole.frame, index, Region(top, bottom, left, right))
    assert part.dtype == np.float32
    return part, whole.planes_at(index)[:, top:bottom, left:right]


@CASES
@given(st.data())
def test_where_sums_are_exact_a_region_is_bit_equal(data: st.DataObject) -> None:
    part, expected = both_ways(
        data, "convolution", "transposed", "activation", "max", "min", "median", "nearest", "scale"
    )

    np.testing.assert_array_equal(part, expected)


@CASES
@given(st.data())
def test_regions_that_lie_apart_are_evaluated_together_alike(data: st.DataObject) -> None:
    whole, index = evaluated(data, "convolution", "transposed", "activation", "max", "min", "median", "nearest")
    output = whole.planes_at(index)
    rows, columns = (
        sorted(data.draw(st.sets(st.integers(0, length - 1), min_size=1, max_size=6))) for length in output.shape[1:]
    )
    spans = [merged(range(place, place + 1) for place in places) for places in (rows, columns)]

    part = compute_needs(whole.plan, whole.frame, needs_of(whole.plan, index, *spans))

    np.testing.assert_array_equal(part, output[:, rows][:, :, columns])


@CASES
@given(st.data())
def test_means_count_the_padding_at_their_absolute_place(data: st.DataObject) -> None:
    part, expected = both_ways(data, "convolution", "activation", "average")

    np.testing.assert_allclose(part, expected, rtol=1e-5, atol=1e-3)


@CASES
@given(st.data())
def test_a_region_of_a_resized_picture_is_that_of_the_whole(data: st.DataObject) -> None:
    part, expected = both_ways(data, "convolution", "resize", "max", "softmax")

    np.testing.assert_allclose(part, expected, rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("border", list(Border))
def test_a_corner_agrees_with_the_slow_road_for_every_border(border: Border) -> None:
    generator = np.random.default_rng(3)
    pixels = generator.integers(0, 256, (90, 110, 1)).astype(np.uint8)
    weight = generator.normal(size=(2, 1, 5, 7))
    layer = Conv(weight=Weights(weight), bias=(1.0, -2.0), padding=Amounts(4, 3, 6, 5), border=border)

    part = evaluate_region(Document((layer,)), Frame(pixels, white=255), 0, Region(88, 93, 0, 6))

    padding = ((4, 3), (6, 5))
    slow = reference.conv2d(np.moveaxis(pixels, 2, 0), weight, [1.0, -2.0], padding=padding, border=border)
    np.testing.assert_allclose(part, slow[:, 88:93, 0:6], rtol=1e-4, atol=1e-2)


def test_a_mean_that_hangs_over_the_end_divides_by_what_is_there() -> None:
    frame = Frame(np.array([[[3], [5], [8]]], np.float32), white=8)
    layer = Pool(kind=PoolKind.AVERAGE, window=Pair(1, 2), stride=Pair(1, 2), ceil_mode=True)

    part = evaluate_region(Document((layer,)), frame, 0, Region(0, 1, 1, 2))

    assert part.tolist() == [[[8.0]]]


@pytest.mark.parametrize(("region", "expected"), [((1, 2, 1, 2), [[[5.0]]]), ((3, 4, 4, 9), [[[5.0] * 5]])])
def test_where_nothing_is_stamped_nothing_is_needed_of_the_layers_before(
    region: tuple[int, int, int, int], expected: list[list[list[float]]]
) -> None:
    conv = Conv(weight=Weights([[[[1.0] * 3] * 3]]), bias=(0.0,))
    up = ConvTranspose(weight=Weights([[[[1.0]]]]), bias=(5.0,), stride=Pair(2, 2))
    frame = Frame(np.ones((9, 9, 1), np.uint8), white=255)

    part = evaluate_region(Document((conv, up)), frame, 1, Region(*region))

    assert part.tolist() == expected


def test_a_region_reads_no_pixel_that_it_does_not_need() -> None:
    pixels = np.full((64, 64, 1), np.nan, np.float32)
    pixels[9:15, 29:36] = 1.0
    box = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,))

    part = evaluate_region(Document((box, box)), Frame(pixels, white=1), 1, Region(11, 13, 31, 34))

    np.testing.assert_array_equal(part, np.full((1, 2, 3), 81.0))


def test_a_region_that_reaches_outside_is_cut_at_the_edge_and_an_empty_one_is_empty() -> None:
    frame = Frame(np.arange(12, dtype=np.uint8).reshape(3, 4, 1), white=255)

    corner = evaluate_region(Document(), frame, -1, Region(-5, 1, 3, 9))
    nothing = evaluate_region(Document((Pool(), Activation())), frame, 1, Region(1, 1, 0, 2))

    assert corner.tolist() == [[[3.0]]]
    assert nothing.shape == (1, 0, 0)


def test_a_dense_layer_and_what_follows_it_see_the_whole_picture() -> None:
    pixels = np.arange(48, dtype=np.uint8).reshape(6, 8, 1)
    document = Document((Pool(), Dense(units=3), Activation()))
    frame = Frame(pixels, white=255)

    part = evaluate_region(document, frame, 2, Region(0, 1, 0, 1))

    np.testing.assert_array_equal(part, evaluate(document, frame).outputs[2])


def test_a_layer_that_cannot_work_is_refused_for_a_region_too() -> None:
    layer = Conv(weight=Weights(np.ones((1, 1, 9, 9))), bias=(0.0,), padding=Padding.VALID)

    with pytest.raises(ConvStudioError, match=r"Layer 1 .* spans 9 pixels"):
        evaluate_region(Document((layer,)), Frame(np.zeros((4, 4, 1), np.uint8), 255), 0, Region(0, 1, 0, 1))
