"""Pictures for the window: what did not change is not painted anew, and what did is."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from convstudio.core.display.colours import SignedScale
from convstudio.core.display.pictures import picture
from convstudio.core.display.ranges import Scale, Steadiness
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.recipe.document import Display, DisplayMode, Document, with_layer
from convstudio.core.recipe.layers import Activation, Channels, Conv, Pool, Weights
from convstudio.core.view.shown import Selection, light_output, show

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


COLOURS = Frame(np.random.default_rng(3).integers(0, 256, (70, 80, 3)).astype(np.uint8), white=255)


def each_colour(weights: list[list[float]]) -> Document:
    return Document(
        (Conv(weight=Weights([[weights]]), bias=(0.0,), channels=Channels.EACH, padding=Padding.SAME),), selected=0
    )


EDGE = each_colour([[-1.0, 0.0, 1.0]])
BRIGHT = each_colour([[0.0, 2.0, 0.0]])


def test_a_filter_whose_weights_cancel_is_shown_signed_by_the_mean_of_its_colours() -> None:
    shown = show(evaluate(EDGE, COLOURS), Selection())

    mean = shown.result.outputs[0].astype(np.float64).mean(axis=0)
    assert (shown.output.mode, shown.output.is_colour) == (DisplayMode.SIGNED, False)
    assert shown.output.negative == np.count_nonzero(mean < -1e-4) / mean.size
    assert shown.output.clipped == np.count_nonzero(np.abs(mean) > shown.output.high + 1e-4) / mean.size


def test_one_colour_is_large_where_it_was_chosen() -> None:
    shown = show(evaluate(BRIGHT, COLOURS), Selection(input_channel=2, output_channel=1))

    assert not shown.output.is_colour
    assert shown.output.most == 2.0 * COLOURS.pixels[:, :, 1].max()
    np.testing.assert_array_equal(shown.input.pixels[..., 0], COLOURS.pixels[:, :, 2])


def test_the_colours_are_small_pictures_in_the_range_of_the_large_one() -> None:
    shown = show(evaluate(EDGE, COLOURS), Selection())

    assert len(shown.input_channels) == len(shown.output_channels) == 3
    assert {small.display_range for small in shown.output_channels} == {shown.output.display_range}
    np.testing.assert_array_equal(shown.input_channels[2].pixels[..., 0], COLOURS.pixels[:, :, 2])


def test_a_grey_picture_has_no_colours() -> None:
    shown = show(evaluate(RECIPE, FRAME), Selection(output_channel=1))

    assert shown.output_channels == ()
    assert shown.selection.output_channel is None


def test_the_histogram_is_of_what_is_shown() -> None:
    shown = show(evaluate(EDGE, COLOURS), Selection())

    assert shown.input_histogram is not None
    assert shown.output_histogram is not None
    assert shown.input_histogram.counts.shape[0] == 3
    assert shown.output_histogram.counts.shape[0] == 1
    assert shown.output_histogram.display_range == shown.output.display_range


def test_what_is_not_on_the_screen_is_not_made() -> None:
    shown = show(evaluate(EDGE, COLOURS), Selection(has_maps=False, has_histograms=False))
    several = show(evaluate(RECIPE, FRAME), Selection(has_maps=False))

    assert (shown.output_channels, shown.output_histogram, shown.output_clipped) == ((), None, None)
    assert several.output_gallery == ()


def test_clipped_pixels_are_marked_where_that_was_asked() -> None:
    shown = show(evaluate(BRIGHT, COLOURS), Selection(marks_output=True))

    assert shown.input_clipped is None
    np.testing.assert_array_equal(shown.output_clipped, (COLOURS.pixels > 127).any(axis=2))


def test_a_gesture_keeps_the_display_and_its_rest_chooses_anew() -> None:
    first = show(evaluate(EDGE, COLOURS), Selection())
    brighter = evaluate(BRIGHT, COLOURS, previous=first.result)

    dragged = show(brighter, Selection(), first, steadiness=Steadiness.GESTURE)
    dragged_on = show(brighter, Selection(), dragged, steadiness=Steadiness.GESTURE)
    rested = show(brighter, Selection(), dragged_on)

    assert dragged.output.display_range == dragged_on.output.display_range == first.output.display_range
    assert [small.mode for small in dragged.thumbnails] == [small.mode for small in first.thumbnails]
    assert (rested.output.mode, rested.output.high) == (DisplayMode.CLIP, 255.0)
    assert rested.thumbnails[1].mode is DisplayMode.CLIP


def test_a_display_that_a_person_chooses_counts_within_a_gesture_too() -> None:
    first = show(evaluate(EDGE, COLOURS), Selection())
    chosen = replace(EDGE, display=Display(DisplayMode.ABSOLUTE))

    dragged = show(evaluate(chosen, COLOURS, previous=first.result), Selection(), first, steadiness=Steadiness.GESTURE)

    assert dragged.output.mode is DisplayMode.ABSOLUTE


def test_the_range_is_steady_from_frame_to_frame_and_another_recipe_is_measured() -> None:
    dimmer = Frame((COLOURS.pixels * 0.8).astype(np.uint8), white=255)
    first = show(evaluate(EDGE, COLOURS), Selection())
    other = replace(EDGE)

    second = show(evaluate(EDGE, dimmer), Selection(), first, steadiness=Steadiness.STREAM)
    edited = show(evaluate(other, dimmer), Selection(), first, steadiness=Steadiness.STREAM)

    assert second.output.display_range == first.output.display_range
    assert edited.output.high == pytest.approx(0.8 * first.output.high, rel=0.02)


def test_a_stream_that_pauses_after_a_gesture_is_measured() -> None:
    dimmer = Frame((COLOURS.pixels * 0.8).astype(np.uint8), white=255)
    dragged = show(
        evaluate(BRIGHT, COLOURS),
        Selection(),
        show(evaluate(EDGE, COLOURS), Selection()),
        steadiness=Steadiness.GESTURE,
    )

    after = show(evaluate(BRIGHT, dimmer), Selection(), dragged, steadiness=Steadiness.STREAM)

    assert dragged.output.mode is DisplayMode.SIGNED
    assert after.output.mode is DisplayMode.CLIP


def test_12_bits_are_seen_before_and_after_a_filter_and_keep_their_values() -> None:
    pixels = np.random.default_rng(4).integers(100, 4000, (70, 80, 1)).astype(np.uint16)
    blur = Document((Conv(weight=Weights([[[[0.0, 1.0, 0.0]]]]), bias=(0.0,), padding=Padding.SAME),), selected=0)

    shown = show(evaluate(blur, Frame(pixels, white=65535)), Selection())

    assert 100 <= shown.input.low < 140
    assert 3960 < shown.input.high <= 4000
    assert shown.output.display_range == shown.input.display_range
    assert shown.input.pixels.max() == 255
    assert shown.output.most == pixels.max()


def test_a_person_sets_the_ends_of_the_source() -> None:
    first = show(evaluate(BRIGHT, COLOURS), Selection())

    shown = show(first.result, Selection(source_range=(50.0, 100.0)), first)
    again = show(first.result, Selection(), shown)

    assert (shown.input.low, shown.input.high) == (50.0, 100.0)
    assert shown.output is first.output
    assert (again.input.low, again.input.high) == (0.0, 255.0)


def test_a_dark_camera_does_not_flicker_between_two_ranges() -> None:
    def dark(most: int) -> Frame:
        return Frame(np.tile(np.arange(most + 1, dtype=np.uint8), 100)[: most * 100].reshape(100, -1, 1), white=255)

    document = Document()
    shown = show(evaluate(document, dark(48)), Selection())
    ends = []
    for most in (53, 49, 54, 90, 60):
        shown = show(evaluate(document, dark(most)), Selection(), shown, steadiness=Steadiness.STREAM)
        ends.append(round(shown.input.high))

    assert ends == [48, 48, 48, 255, 255]


def test_a_dark_ground_is_asked_for_with_what_is_looked_at_and_leaves_only_signed_pictures_dark() -> None:
    frame = Frame(np.full((8, 9, 1), 9, np.uint8), white=255)
    edge = Conv(weight=Weights(np.array([[[[1.0, 0.0, -1.0]]]])), bias=(0.0,))
    document = Document((edge,), selected=0)
    light = show(evaluate(document, frame), Selection())

    dark = show(light.result, Selection(signed_scale=SignedScale.DARK), light)
    again = show(light.result, Selection(signed_scale=SignedScale.DARK), dark)

    assert light.output.pixels[4, 4].tolist() == [247, 247, 245]
    assert dark.output.pixels[4, 4].tolist() == [38, 41, 46]
    assert dark.thumbnails[1].pixels[4, 4].tolist() == [38, 41, 46]
    assert again.output is dark.output
    np.testing.assert_array_equal(dark.input.pixels, light.input.pixels)
    np.testing.assert_array_equal(light_output(dark).pixels, light.output.pixels)


def test_in_a_quick_drag_every_fifth_picture_has_a_histogram_of_its_own_and_its_rest_always() -> None:
    shown = show(evaluate(EDGE, COLOURS), Selection())
    histograms = [shown.output_histogram]
    for weight in (1.1, 1.2, 1.3, 1.4, 1.5, 1.6):
        result = evaluate(each_colour([[-1.0, 0.0, weight]]), COLOURS, previous=shown.result)
        shown = show(result, Selection(), shown, steadiness=Steadiness.GESTURE)
        histograms.append(shown.output_histogram)
    rested = show(result, Selection(), shown)

    is_own = [now is not before for before, now in pairwise(histograms)]
    assert is_own == [True, False, False, False, False, True]
    assert rested.output_histogram is not histograms[-1]


def test_after_an_edit_the_large_picture_comes_before_the_small_ones_and_none_is_left_behind() -> None:
    photograph = Frame(np.random.default_rng(5).integers(0, 256, (256, 256, 3), dtype=np.uint8), white=255)
    before = show(evaluate(EDGE, photograph), Selection())
    result = evaluate(each_colour([[-1.0, 0.0, 2.0]]), photograph, previous=before.result)

    first = show(result, Selection(), before, is_first=True)
    again = show(evaluate(each_colour([[-1.0, 0.0, 3.0]]), photograph), Selection(), first, is_first=True)
    last = show(result, Selection(), first)
    whole = show(result, Selection())

    assert not first.is_complete
    assert not again.is_complete
    np.testing.assert_array_equal(first.output.pixels, whole.output.pixels)
    assert first.thumbnails is before.thumbnails
    assert again.thumbnails is before.thumbnails
    assert last.is_complete
    assert last.output is first.output
    assert last.input_channels is before.input_channels  # the source is the same
    assert last.output_histogram is not None
    assert whole.output_histogram is not None
    np.testing.assert_array_equal(last.output_histogram.counts, whole.output_histogram.counts)
    for small, expected in zip(
        (*last.thumbnails, *last.output_channels), (*whole.thumbnails, *whole.output_channels), strict=True
    ):
        np.testing.assert_array_equal(small.pixels, expected.pixels)


def test_where_places_change_everything_comes_at_once() -> None:
    photograph = Frame(np.zeros((256, 256, 3), np.uint8), white=255)
    before = show(evaluate(EDGE, photograph), Selection())
    longer = replace(EDGE, layers=(*EDGE.layers, Activation()))

    assert show(evaluate(longer, photograph), Selection(), before, is_first=True).is_complete
    assert show(before.result, Selection(output_channel=1), before, is_first=True).is_complete
