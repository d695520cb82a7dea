"""What is shown of a frame too large to be computed whole: first a preview, then the exact picture, piece by piece."""

from itertools import count, islice

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.core.view.refinement import refine
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Selection, Shown

ROWS, COLUMNS = 2100, 2100
FRAME = Frame(
    np.random.default_rng(3).integers(0, 200, (ROWS, COLUMNS, 3)).astype(np.uint8) // np.array([1, 2, 4], np.uint8),
    white=255,
)
HALF = Conv(weight=Weights([[[[0.5]]]]), bias=(10.0,), channels=Channels.EACH)
EVERYTHING = Scene(FRAME.shape, 0, 0, COLUMNS, ROWS, 0.2)
NEAR = Scene(FRAME.shape, 500, 300, 900, 500, 1.0)
SELECTION = Selection()


def document(*layers: Layer) -> Document:
    return Document(layers, Display(DisplayMode.CLIP), selected=len(layers) - 1)


def last(recipe: Document, scene: Scene | None, previous: Shown | None = None) -> Shown:
    *_, shown = refine(recipe, FRAME, SELECTION, scene, previous=previous)
    return shown


def halved(top: int, bottom: int, left: int, right: int) -> NDArray[np.float64]:
    """What `HALF` makes of the frame, as colours from 0 to 255."""
    half: NDArray[np.float64] = FRAME.pixels[top:bottom, left:right] * 0.5 + 10
    return half


def test_near_by_the_only_answer_is_exact() -> None:
    (shown,) = refine(document(HALF), FRAME, SELECTION, NEAR)

    (patch,) = shown.output_patches
    assert shown.is_exact
    assert patch.region == (300, 500, 500, 900)
    np.testing.assert_allclose(patch.pixels, halved(300, 500, 500, 900), atol=0.51)
    np.testing.assert_array_equal(shown.input_patches[0].pixels, FRAME.pixels[300:500, 500:900])


def test_from_afar_a_preview_comes_first_and_the_exact_means_of_colours_last() -> None:
    first, *_, end = refine(document(HALF), FRAME, SELECTION, EVERYTHING)

    (patch,) = end.output_patches
    assert (first.is_exact, first.output_patches, end.is_exact) == (False, (), True)
    assert max(first.output.pixels.shape[:2]) < 800
    means = np.rint(halved(0, ROWS, 0, COLUMNS)).reshape(420, 5, 420, 5, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(patch.pixels, means, atol=1.01)


def test_nothing_of_the_picture_is_held_as_a_whole() -> None:
    shown = last(document(HALF), EVERYTHING)

    result = shown.result
    held = sum(planes.nbytes for planes in (result.source, *result.outputs))
    assert held == 0
    assert sum(patch.pixels.nbytes for patch in shown.output_patches) < 1_000_000
    assert result.preview is not None
    assert result.preview.source.size < FRAME.shape.size / 8


def test_after_a_pan_only_what_was_not_seen_before_is_read() -> None:
    pixels = FRAME.pixels.copy()
    frame = Frame(pixels.view(), white=255)
    recipe = document(HALF)
    (before,) = refine(recipe, frame, SELECTION, NEAR)
    pixels[300:500, 500:900] = 255  # whoever reads this again sees another picture

    later = NEAR._replace(left=520, right=920)
    (after,) = refine(recipe, frame, SELECTION, later, previous=before)

    (patch,) = after.output_patches
    assert after.result is before.result
    assert patch.region == (300, 500, 520, 920)
    np.testing.assert_allclose(patch.pixels, halved(300, 500, 520, 920), atol=0.51)


def test_an_edit_makes_every_patch_of_its_layer_anew_and_keeps_those_of_its_input() -> None:
    before = last(document(HALF), NEAR)
    brighter = Conv(weight=Weights([[[[0.5]]]]), bias=(30.0,), channels=Channels.EACH)

    after = last(document(brighter), NEAR, before)

    np.testing.assert_allclose(after.output_patches[0].pixels, halved(300, 500, 500, 900) + 20, atol=0.51)
    assert after.input_patches == before.input_patches


def test_a_gesture_under_way_is_exact_near_by_as_well() -> None:
    before = last(document(HALF), NEAR)
    brighter = Conv(weight=Weights([[[[0.5]]]]), bias=(30.0,), channels=Channels.EACH)

    *_, after = refine(document(brighter), FRAME, SELECTION, NEAR, previous=before, is_draft=True)

    np.testing.assert_allclose(after.output_patches[0].pixels, halved(300, 500, 500, 900) + 20, atol=0.51)


def test_zooming_keeps_what_was_exact_until_there_is_better() -> None:
    near = last(document(HALF), NEAR)

    first = next(refine(near.result.document, FRAME, SELECTION, EVERYTHING, previous=near))

    assert first.output_patches == near.output_patches


@pytest.mark.parametrize("kind", PoolKind)
def test_a_global_pool_reads_all_of_the_picture_piece_by_piece(kind: PoolKind) -> None:
    first, *_, end = refine(document(HALF, Pool(kind=kind, is_global=True)), FRAME, SELECTION, EVERYTHING)

    channels = FRAME.pixels.reshape(-1, 3).astype(np.float64)
    ranks = {PoolKind.MIN: 0, PoolKind.MEDIAN: 50, PoolKind.PERCENTILE: 50, PoolKind.MAX: 100}
    over_all = (
        channels.mean(axis=0)
        if kind is PoolKind.AVERAGE
        else np.percentile(channels, ranks[kind], axis=0, method="lower")
    )
    planes = end.output_patches[0].planes
    assert (first.is_exact, end.is_exact) == (False, True)
    assert planes is not None
    np.testing.assert_allclose(planes[:, 0, 0], over_all * 0.5 + 10, rtol=1e-6)


def test_a_dense_layer_with_too_many_weights_says_what_it_needs() -> None:
    # 2100 · 2100 · 3 inputs for each of 20 units are 264,600,000 weights
    with pytest.raises(ConvStudioError, match="whole input, 2100×2100×3, and 264,600,000 weights") as refusal:
        last(document(HALF, Dense(units=20)), EVERYTHING)

    assert "Layer 2" in str(refusal.value)


def test_a_layer_before_a_dense_one_is_shown_all_the_same() -> None:
    recipe = Document((HALF, Dense(units=20)), Display(DisplayMode.CLIP), selected=0)

    shown = last(recipe, NEAR)

    assert shown.is_exact


def test_a_recipe_whose_windows_are_too_large_for_a_reduced_picture_is_still_shown() -> None:
    window = Conv(weight=Weights(np.full((1, 3, 1, 900), 1 / 2700)), bias=(0.0,), padding=Padding.VALID)
    recipe = document(Conv(weight=HALF.weight, bias=(0.0,), channels=Channels.EACH), Activation(), window)

    shown = last(recipe, NEAR)

    # its output is 900 − 1 columns narrower, and column j looks at the columns j … j + 899 around its middle
    (patch,) = shown.output_patches
    top, left = patch.region.top, patch.region.left
    assert (top, left) == (300, 500 - 450)
    assert patch.planes is not None
    np.testing.assert_allclose(patch.planes[0, 0, 0], FRAME.pixels[top, left : left + 900].mean() / 2, rtol=1e-5)


def test_colours_end_where_the_values_of_the_picture_do_and_not_those_of_the_preview() -> None:
    steps = Conv(weight=Weights([[[[-1.0, 1.0]]]]), bias=(0.0,), channels=Channels.EACH, padding=Padding.VALID)
    columns = np.arange(COLUMNS) // 10 % 20 * 10  # 10 brighter every ten pixels: a preview is much steeper
    ramp = Frame(np.broadcast_to(columns.astype(np.uint8)[None, :, None], (ROWS, COLUMNS, 3)).copy(), white=255)

    *_, shown = refine(Document((steps,), selected=0), ramp, SELECTION, NEAR)

    assert (shown.output.mode, shown.output.high) == (DisplayMode.SIGNED, 10.0)


def test_nobody_knows_what_is_on_the_screen_so_there_is_a_preview_alone() -> None:
    (shown,) = refine(document(HALF), FRAME, SELECTION, None)

    assert not shown.is_exact


def test_a_change_of_colours_makes_every_patch_anew() -> None:
    before = last(document(HALF), NEAR)
    narrow = Document((HALF,), Display(DisplayMode.STRETCH, limit=50.0), selected=0)

    after = last(narrow, NEAR, before)

    assert after.output.mode is DisplayMode.STRETCH
    assert (after.output_patches[0].pixels != before.output_patches[0].pixels).any()


def test_the_preview_is_told_before_any_piece_of_the_picture_is_computed() -> None:
    pixels = FRAME.pixels.copy()
    work = refine(document(HALF), Frame(pixels.view(), white=255), SELECTION, EVERYTHING)

    next(work)
    pixels[:] = 90  # whoever reads it from now on finds this
    *_, end = work

    assert np.unique(end.output_patches[0].pixels).tolist() == [55]  # 90 · 0.5 + 10


def test_exact_pieces_are_told_as_few_patches_however_many_they_are() -> None:
    seconds = count()

    counts = [
        len(shown.output_patches)
        for shown in refine(document(HALF), FRAME, SELECTION, EVERYTHING, clock=lambda: float(next(seconds)))
    ]

    # 3 × 3 pieces: at most two whole strips and three pieces of the last
    assert max(counts) == 5
    assert counts[-1] == 1


def test_whoever_stops_listening_stops_the_work() -> None:
    heard = list(islice(refine(document(HALF), FRAME, SELECTION, EVERYTHING), 3))

    assert all(shown is heard[0] for shown in heard)  # pieces are laid in, but the clock stands still
