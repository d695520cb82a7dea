"""Pictures of presets show one telling part of what a layer reads, in colour or around zero as the output will be."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.kernels.choices import CHOICES, PresetChoice
from convstudio.core.recipe.document import DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.view.previews import previews, telling_crop

ALONE = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,), channels=Channels.EACH)
MIXING = Conv(weight=Weights(np.ones((1, 3, 1, 1))), bias=(0.0,))


def choice(title: str) -> PresetChoice:
    return next(choice for choice in CHOICES if choice.title == title)


def result_of(pixels: NDArray[np.uint8], layer: Conv = ALONE) -> Result:
    return evaluate(Document((layer,), selected=0), Frame(pixels, 255))


def noise(height: int, width: int, channels: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (height, width, channels), np.uint8)


def test_the_crop_is_where_edges_of_all_directions_are() -> None:
    pixels = np.full((300, 400, 1), 128, np.uint8)
    pixels[:, 20:24] = 255  # one long line on the left
    rows, columns = np.mgrid[0:300, 0:400]
    pixels[np.hypot(rows - 200, columns - 300) < 40] = 0  # and a disc at the lower right

    crop = telling_crop(result_of(pixels), 0, 48)

    assert crop.height == crop.width == 100  # a third of the shorter side
    assert crop.top <= 160
    assert crop.bottom >= 240
    assert crop.left <= 260
    assert crop.right >= 340


def test_of_a_flat_picture_it_is_the_middle() -> None:
    crop = telling_crop(result_of(np.full((90, 150, 1), 7, np.uint8)), 0, 20)

    assert crop == Region(30, 60, 60, 90)


def test_a_preset_that_changes_nothing_shows_the_pixels_of_the_crop() -> None:
    pixels = noise(40, 50, 3)
    crop = Region(10, 30, 20, 40)

    shown = previews(result_of(pixels), 0, [choice("Identity")], 96, crop)["Identity"]

    np.testing.assert_array_equal(shown.pixels, pixels[10:30, 20:40])


def test_what_lies_around_the_crop_is_read_too() -> None:
    pixels = np.zeros((9, 9, 1), np.uint8)
    pixels[:, :3] = 90

    shown = previews(result_of(pixels), 0, [choice("Box 3 × 3")], 96, Region(3, 6, 3, 6))["Box 3 × 3"]

    assert shown.pixels[:, 0, 0].tolist() == [30, 30, 30]  # a third of each window is bright, outside of the crop
    assert shown.pixels[:, 1:].max() == 0


def test_around_zero_one_plane_is_shown_on_the_scale_of_both_signs() -> None:
    result = result_of(noise(40, 40, 3))

    shown = previews(result, 0, [choice("Sobel, vertical"), choice("Strong sharpen")], 40)

    assert shown["Sobel, vertical"].mode is DisplayMode.SIGNED
    assert shown["Strong sharpen"].mode is DisplayMode.CLIP  # its sum is 1: the picture keeps its brightness
    assert shown["Strong sharpen"].is_colour


def test_where_channels_are_mixed_the_output_is_grey_and_so_are_the_previews() -> None:
    pixels = noise(40, 40, 3)

    shown = previews(result_of(pixels, MIXING), 0, [choice("Identity")], 40)["Identity"]

    np.testing.assert_array_equal(shown.pixels[..., 0], shown.pixels[..., 1])
    np.testing.assert_allclose(shown.pixels[..., 0], pixels.mean(axis=2), atol=1)


def test_a_large_crop_is_made_smaller() -> None:
    shown = previews(result_of(noise(700, 900, 1)), 0, CHOICES, 96)

    assert {picture.pixels.shape for picture in shown.values()} == {(96, 96, 3)}
    assert len(shown) == len(CHOICES)


def test_a_picture_of_one_pixel_and_numbers_that_are_not_finite_are_shown_too() -> None:
    values = np.full((5, 5, 1), np.nan, np.float32)
    values[2] = np.inf

    for frame in (Frame(np.zeros((1, 1, 1), np.uint8), 255), Frame(values, 1.0)):
        assert len(previews(evaluate(Document((ALONE,), selected=0), frame), 0, CHOICES, 96)) == len(CHOICES)
