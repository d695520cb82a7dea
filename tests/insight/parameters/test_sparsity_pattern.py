"""The sparsity pattern: every connection where it is, against the matrix that a slow loop makes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv
from convstudio.core.recipe.plan import Step, plan
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.parameters import sparsity_pattern
from convstudio.insight.parameters.sparsity_pattern import STRONGEST, pattern_of
from convstudio.insight.trace.taps import Unit, taps_of

CASES = [
    ("conv filters 2 size 3 padding valid", Shape(3, 6, 7)),
    ("conv filters 4 size 3 groups 2 channels 4", Shape(4, 5, 5)),
    ("conv filters 2 size 3 stride 2 padding 1 border reflect", Shape(1, 8, 6)),
    ("conv size 5 padding 2 border circular dilation 2", Shape(2, 9, 9)),
    ("conv sobel-x", Shape(3, 6, 6)),
]


def matrix_of(step: Step) -> NDArray[np.float64]:
    """The strongest weight at every place, (inputs, outputs); NaN where nothing is joined."""
    matrix = np.full((step.input.size, step.output.size), np.nan)
    for output in range(step.output.size):
        unit = Unit(*(int(place) for place in np.unravel_index(output, step.output)))
        taps = taps_of(step, lambda *places: np.zeros([len(axis) for axis in places], np.float32), unit)
        for (channel, row, column), weight in np.ndenumerate(taps.weights):
            where = taps.channels[channel], taps.rows.sources[row], taps.columns.sources[column]
            if min(where) >= 0:
                place = np.ravel_multi_index(where, step.input)
                if not abs(weight) <= abs(matrix[place, output]):
                    matrix[place, output] = weight
    return matrix


@pytest.mark.parametrize(("recipe", "source"), CASES)
def test_with_a_pixel_for_a_place_it_is_the_matrix(recipe: str, source: Shape) -> None:
    step = plan(recipe_from(recipe), source).steps[0]
    matrix = matrix_of(step)

    pattern = pattern_of(step, step.output.size, step.input.size)

    np.testing.assert_array_equal(pattern.is_connected, ~np.isnan(matrix))
    expected = np.nan_to_num(matrix) * STRONGEST / np.nanmax(np.abs(matrix))
    np.testing.assert_allclose(np.abs(pattern.levels), np.abs(expected), atol=1)


def test_a_pixel_shows_the_strongest_weight_and_its_sign() -> None:
    step = plan(recipe_from("conv [1 -2] padding valid"), Shape(1, 1, 5)).steps[0]

    pattern = pattern_of(step, 1, 1)

    assert pattern.levels.tolist() == [[-STRONGEST]]


def test_the_articles_layer_has_its_connections() -> None:
    step = plan(recipe_from("conv filters 6 size 5 padding valid"), Shape(3, 32, 32)).steps[0]

    pattern = pattern_of(step, 4704, 3072)

    assert int(pattern.is_connected.sum()) == 352_800


@pytest.mark.parametrize(
    ("recipe", "source"),
    [
        ("conv filters 6 size 5 padding valid", Shape(3, 60, 60)),
        ("conv filters 3 size 3 padding 1 border reflect", Shape(1, 50, 70)),
        ("conv filters 4 size 3 stride 2", Shape(2, 64, 48)),
        ("conv sobel-x", Shape(3, 48, 48)),
    ],
)
def test_a_band_of_a_huge_layer_has_no_holes(monkeypatch: pytest.MonkeyPatch, recipe: str, source: Shape) -> None:
    step = plan(recipe_from(recipe), source).steps[0]
    whole = pattern_of(step, 200, 130)
    monkeypatch.setattr(sparsity_pattern, "MOST_COUNTED", 0)

    sampled = pattern_of(step, 200, 130)

    assert sampled.is_sampled
    assert not whole.is_sampled
    assert not (sampled.is_connected & ~whole.is_connected).any()
    missing = (whole.is_connected & ~sampled.is_connected).sum() / whole.is_connected.sum()
    assert missing < 0.02


def test_a_size_that_no_memory_holds_is_drawn() -> None:
    step = plan(recipe_from("conv filters 6 size 5 padding valid"), Shape(3, 4000, 4000)).steps[0]
    assert isinstance(step.layer, Conv)

    pattern = pattern_of(step, 800, 528)

    assert pattern.is_connected.any(axis=0).all()  # every column of pixels has outputs that read something
    assert pattern.is_connected.mean() < 0.05
