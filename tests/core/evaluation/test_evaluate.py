"""Evaluating recipes: the article's example, the order of channels, reuse, and what reaches the screen."""

from dataclasses import replace

import numpy as np
import pytest

from convstudio.core.activations import ActivationKind
from convstudio.core.display.pictures import picture
from convstudio.core.display.ranges import Scale, scales_after
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.ops import dense_weights, reference
from convstudio.core.recipe.document import Display, DisplayMode, Document, with_layer
from convstudio.core.recipe.first_recipes import articles_recipe, small_network
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Orientation,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.core.view.shown import Selection, maps_at, show

GENERATOR = np.random.default_rng(5)


def colour_frame(height: int = 12, width: int = 16) -> Frame:
    return Frame(GENERATOR.integers(0, 256, (height, width, 3)).astype(np.uint8), white=255)


def test_the_articles_grid_gives_0_30_30_0() -> None:
    grid = np.array([[10, 10, 10, 0, 0, 0]] * 6, np.float32)[:, :, None]

    result = evaluate(articles_recipe(), Frame(grid, white=10))

    assert result.outputs[0].tolist() == [[[0, 30, 30, 0]] * 4]


def test_a_flipped_kernel_is_true_convolution() -> None:
    kernel = np.arange(9.0).reshape(1, 1, 3, 3)
    impulse = np.zeros((5, 5, 1), np.float32)
    impulse[2, 2] = 1
    frame = Frame(impulse, white=1)
    layer = Conv(weight=Weights(kernel), bias=(0.0,), orientation=Orientation.CONVOLUTION)

    result = evaluate(Document((layer,)), frame)

    # convolving an impulse writes the kernel as it is; correlating writes it turned by 180°
    np.testing.assert_array_equal(result.outputs[0][0, 1:4, 1:4], kernel[0, 0])


def test_each_channel_alone_keeps_the_colours_of_a_filter_together() -> None:
    frame = colour_frame()
    weights = GENERATOR.normal(size=(2, 1, 3, 3))
    layer = Conv(weight=Weights(weights), bias=(0.0, 1.0), channels=Channels.EACH)

    result = evaluate(Document((layer,)), frame)

    planes = np.moveaxis(frame.pixels, 2, 0)
    for number in range(2):
        for channel in range(3):
            alone = reference.conv2d(planes[channel][None], weights[number][None], [float(number)], padding="same")
            np.testing.assert_allclose(result.outputs[0][number * 3 + channel], alone[0], atol=1e-3)
    assert maps_at(result, 0) == 2


def test_every_kind_of_layer_agrees_with_the_slow_road() -> None:
    frame = colour_frame()
    weight = GENERATOR.normal(size=(4, 3, 3, 3))
    transposed = GENERATOR.normal(size=(4, 2, 2, 2))
    layers = (
        Conv(weight=Weights(weight), bias=(1.0, 2.0, 3.0, 4.0), stride=Pair(2, 1), padding=Padding.FULL),
        Activation(kind=ActivationKind.LEAKY_RELU, slope=0.2),
        ConvTranspose(weight=Weights(transposed), bias=(0.5, -0.5), stride=Pair(2, 2)),
        Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), stride=Pair(2, 2), ceil_mode=True),
        Pool(),
        Dense(units=3, seed=7),
    )

    result = evaluate(Document(layers), frame)

    planes = np.moveaxis(frame.pixels, 2, 0).astype(np.float64)
    planes = reference.conv2d(planes, weight, [1, 2, 3, 4], stride=(2, 1), padding=2)
    planes = reference.activate(planes, ActivationKind.LEAKY_RELU, 0.2)
    planes = reference.conv_transpose2d(planes, transposed, [0.5, -0.5], stride=2)
    planes = reference.avg_pool2d(planes, 3, stride=2, ceil_mode=True)
    planes = reference.max_pool2d(planes, 2)
    planes = reference.dense(planes, dense_weights(3, planes.size, 7))
    np.testing.assert_allclose(result.outputs[-1], planes, rtol=1e-4, atol=1e-2)


def test_work_starts_at_the_first_layer_that_changed() -> None:
    frame, document = colour_frame(), small_network()
    before = evaluate(document, frame)
    edited = with_layer(document, 2, Pool(kind=PoolKind.AVERAGE))

    after = evaluate(edited, frame, previous=before)

    assert after.outputs[0] is before.outputs[0]
    assert after.outputs[1] is before.outputs[1]
    assert after.outputs[2] is not before.outputs[2]


def test_another_frame_is_never_mixed_with_the_old_one() -> None:
    before = evaluate(small_network(), colour_frame())

    after = evaluate(small_network(), colour_frame(), previous=before)

    assert after.outputs[0] is not before.outputs[0]


def test_results_are_read_only() -> None:
    result = evaluate(small_network(), colour_frame())

    with pytest.raises(ValueError, match="read-only"):
        result.outputs[0][0, 0, 0] = 1


def test_grey_pictures_go_through_a_colour_recipe_and_back() -> None:
    pixels = GENERATOR.integers(0, 256, (9, 9, 1)).astype(np.uint8)
    grey, colour = Frame(pixels, white=255), Frame(np.repeat(pixels, 3, axis=2), white=255)

    on_grey, on_colour = evaluate(small_network(), grey), evaluate(small_network(), colour)

    np.testing.assert_allclose(on_grey.outputs[0], on_colour.outputs[0], atol=1e-3)


def test_nothing_is_clipped_before_the_screen() -> None:
    frame = Frame(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8), white=255)
    layer = Conv(weight=Weights([[[[2.0]]] * 3]), bias=(-100.0,))

    shown = show(evaluate(Document((layer,)), frame), Selection())

    assert shown.result.outputs[0].ravel().tolist() == [-100.0, 1430.0]
    assert (shown.output.least, shown.output.most) == (-100.0, 1430.0)


@pytest.mark.parametrize(
    ("mode", "low", "high", "levels"),
    [
        (DisplayMode.CLIP, 0, 255, [0, 0, 128, 255]),
        (DisplayMode.ABSOLUTE, 0, 510, [255, 0, 64, 128]),
        (DisplayMode.OFFSET, -127.5, 127.5, [0, 128, 255, 255]),
        (DisplayMode.STRETCH, -510, 255, [0, 170, 213, 255]),
    ],
)
def test_display_modes_by_hand(mode: DisplayMode, low: float, high: float, levels: list[int]) -> None:
    planes = np.array([[[-510, 0, 128, 255]]], np.float32)

    shown = picture(planes, Display(mode), Scale(255, is_signed=True))

    assert (shown.low, shown.high) == (low, high)
    assert np.abs(shown.pixels[0, :, 0].astype(int) - levels).max() <= 1
    assert shown.negative == 0.25


def test_signed_display_has_zero_in_the_middle_and_says_what_it_cut_off() -> None:
    planes = np.array([[[-4, -1, 0, 1, 8]]], np.float32)

    shown = picture(planes, Display(DisplayMode.SIGNED, limit=4), Scale(255, is_signed=True))

    red, _, blue = shown.pixels[0].astype(int).T
    assert shown.pixels[0, 2].tolist() == [247, 247, 245]
    assert blue[0] > red[0]  # negative is cool
    assert red[4] > blue[4]  # positive is warm
    assert (shown.negative, shown.clipped) == (0.4, 0.2)


def test_colours_stay_red_green_blue() -> None:
    frame = Frame(np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8), white=255)

    shown = show(evaluate(Document(), frame), Selection())

    assert shown.output.pixels[0].tolist() == [[255, 0, 0], [0, 0, 255]]


def test_a_sigmoid_is_shown_from_0_to_1() -> None:
    layers = (Activation(kind=ActivationKind.SIGMOID),)

    assert scales_after(layers, 65535.0, (True,)) == (Scale(1.0, is_signed=False),)


def test_each_map_is_signed_only_if_its_own_filter_takes_differences() -> None:
    edge, blur, sharpen = [[1, -1]], [[0.5, 0.5]], [[-1, 2]]
    weights = Weights(np.array([[edge], [blur], [sharpen]], np.float64))
    conv = Conv(weight=weights, bias=(0.0, 0.0, 0.0))
    depthwise = replace(conv, channels=Channels.EACH)
    second = Conv(weight=Weights(np.array([[blur] * 3, [edge] * 3], np.float64)), bias=(0.0, 0.0))

    signs = [scale.is_signed for scale in scales_after((conv,), 255.0, (False,))]
    signs_of_two_channels = [scale.is_signed for scale in scales_after((depthwise,), 255.0, (False, True))]
    signs_after_both = [scale.is_signed for scale in scales_after((conv, second), 255.0, (False,))]

    assert signs == [True, False, False]
    assert signs_of_two_channels == [True, True, False, True, False, True]
    assert signs_after_both == [True, True]  # a blur of something signed is signed
