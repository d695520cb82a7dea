"""Pictures for the window: what did not change is not painted anew, and what did is."""

from dataclasses import fields, replace

import numpy as np
import pytest

from convstudio.core.display.pictures import picture
from convstudio.core.display.ranges import Scale
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Display, DisplayMode, Document, with_layer
from convstudio.core.recipe.layers import Conv, Pool, Weights
from convstudio.core.view.shown import Selection, show

FRAME = Frame(np.random.default_rng(2).integers(0, 256, (40, 60, 1)).astype(np.uint8), white=255)
BLUR = Conv(weight=Weights(np.full((1, 1, 3, 3), 1 / 9)), bias=(0.0,))
TWO = Conv(weight=Weights(np.arange(18.0).reshape(2, 1, 3, 3) - 8), bias=(0.0, 0.0))
RECIPE = Document((BLUR, TWO, Pool()), selected=1)


def test_an_edited_layer_leaves_the_pictures_before_it_alone() -> None:
    first = show(evaluate(RECIPE, FRAME), Selection())
    edited = with_layer(RECIPE, 1, replace(TWO, bias=(9.0, 9.0)))

    second = show(evaluate(edited, FRAME, previous=first.result), Selection(), first)

    assert second.input is first.input
    assert second.thumbnails[0] is first.thumbnails[0]
    assert second.thumbnails[1] is first.thumbnails[1]
    assert second.thumbnails[3] is not first.thumbnails[3]
    assert second.output.least == first.output.least + 9


def test_the_output_of_one_layer_is_the_input_of_the_next() -> None:
    first = show(evaluate(RECIPE, FRAME), Selection())
    later = replace(RECIPE, selected=2)

    second = show(evaluate(later, FRAME, previous=first.result), Selection(), first)

    assert second.input is first.output
    assert second.input_gallery is first.output_gallery
    assert second.output_gallery[1].pixels.shape == (20, 30, 3)


def test_another_map_is_painted_when_it_is_chosen() -> None:
    first = show(evaluate(RECIPE, FRAME), Selection())

    second = show(first.result, Selection(output_map=1), first)

    assert second.input is first.input
    assert second.output is not first.output
    assert second.output.most == first.result.outputs[1][1].max()


def test_another_display_paints_every_output_and_no_source() -> None:
    first = show(evaluate(RECIPE, FRAME), Selection())
    other = replace(RECIPE, display=Display(DisplayMode.STRETCH))

    second = show(evaluate(other, FRAME, previous=first.result), Selection(), first)

    assert second.result.outputs[1] is first.result.outputs[1]  # nothing was computed
    assert second.output.mode is DisplayMode.STRETCH
    assert second.input.mode is DisplayMode.STRETCH
    assert second.thumbnails[0] is first.thumbnails[0]
    assert second.thumbnails[1] is not first.thumbnails[1]


@pytest.mark.parametrize("channels", [1, 3])
def test_an_8_bit_source_is_shown_as_its_numbers_would_be(channels: int) -> None:
    frame = Frame(np.random.default_rng(8).integers(3, 250, (30, 20, channels)).astype(np.uint8), white=255)

    shown = show(evaluate(Document(), frame), Selection()).input

    expected = picture(frame.planes(), Display(), Scale(255.0, is_signed=False))
    np.testing.assert_array_equal(shown.pixels, expected.pixels)
    np.testing.assert_array_equal(shown.screen[..., 2::-1], expected.pixels)
    names = [field.name for field in fields(shown) if field.name != "screen"]
    assert [getattr(shown, name) for name in names] == [getattr(expected, name) for name in names]


@pytest.mark.parametrize(("height", "width"), [(500, 501), (170, 330), (1080, 1921)])
def test_a_thumbnail_shows_all_of_its_picture(height: int, width: int) -> None:
    pixels = np.zeros((height, width, 1), np.uint8)
    pixels[height // 2 :, width // 2 :] = 200  # the last quarter

    (thumbnail,) = show(evaluate(Document(), Frame(pixels, white=255)), Selection()).thumbnails

    rows, columns, _ = thumbnail.pixels.shape
    means = thumbnail.pixels[..., 0].astype(float)
    quarter = slice(rows // 2 + 1, None), slice(columns // 2 + 1, None)
    assert max(rows, columns) == 160
    assert rows / columns == pytest.approx(height / width, rel=0.02)
    np.testing.assert_array_equal(means[quarter], 200)
    np.testing.assert_array_equal(means[: rows // 2 - 1], 0)
    np.testing.assert_array_equal(means[:, : columns // 2 - 1], 0)
