"""Sparsity and reach, against counts by hand and against changing every pixel of small pictures."""

from types import SimpleNamespace

import numpy as np
import pytest

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.plan import plan
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.reach import effective as reach_field
from convstudio.insight.reach.effective import (
    EffectiveField,
    ExtentQuestion,
    Extents,
    FieldQuestion,
    answer,
    effective_field,
)
from convstudio.insight.reach.padding_share import padding_share, taps_along
from convstudio.insight.reach.theoretical import cone, dependence_of, stacked_kernels
from convstudio.insight.trace.taps import Unit, axis_of

NOISE = np.random.default_rng(3).normal(100, 30, (11, 9, 3)).astype(np.float32)
FULL = "[1 2 3; 4 5 6; 7 8 9]"  # no weight is 0, so that every tap counts
VOLUME = f"{FULL} {FULL} {FULL}"
RECIPES = (
    f"conv {VOLUME}",
    f"conv {VOLUME} padding valid stride 2",
    "conv [1 2 3 4; 5 6 7 8] [1 2 3 4; 5 6 7 8] [1 2 3 4; 5 6 7 8] padding valid",
    f"conv {VOLUME} dilation 2 border reflect",
    f"conv {VOLUME} padding 1 border circular",
    f"conv {FULL} each | average 3 stride 2 padding 1",
    f"conv {FULL} each | conv {VOLUME} border replicate",
    "transposed 3 stride 2 padding 1 channels 3",
    "average 3 stride 2 ceil",
    "relu | dense 3",
)


def seen_by_changing(recipe: str, unit: Unit) -> int:
    """How many values of the picture move an output: every one is changed, and the whole picture computed again."""
    document = recipe_from(recipe)
    before = evaluate(document, Frame(NOISE.copy(), white=255.0)).outputs[-1][unit]
    count = 0
    for place in np.ndindex(NOISE.shape):
        changed = NOISE.copy()
        changed[place] += 1000
        count += evaluate(document, Frame(changed, white=255.0)).outputs[-1][unit] != before
    return count


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("place", [(0, 0), (2, 2)])
def test_an_output_sees_exactly_what_moves_it(recipe: str, place: tuple[int, int]) -> None:
    layout = plan(recipe_from(recipe), Shape(3, 11, 9))
    unit = Unit(0, min(place[0], layout.output.height - 1), min(place[1], layout.output.width - 1))

    dependence = dependence_of(layout, len(layout.steps) - 1, unit)

    moved = seen_by_changing(recipe, unit)
    assert dependence.inputs == NOISE.size
    assert dependence.used == moved


def test_the_articles_outputs_see_75_and_9() -> None:
    layer = plan(recipe_from("conv filters 6 size 5 channels 3 padding valid"), Shape(3, 32, 32))
    grid = plan(recipe_from("conv article-vertical padding valid"), Shape(1, 6, 6))

    first, second = dependence_of(layer, 0, Unit(0, 10, 10)), dependence_of(grid, 0, Unit(0, 1, 1))

    assert (first.used, first.inputs, first.ignored) == (75, 3072, 2997)
    assert first.inputs / first.used == 40.96
    assert (second.used, second.ignored) == (9, 27)


def test_a_dilated_window_does_not_see_its_holes() -> None:
    layout = plan(recipe_from("conv size 3 padding valid dilation 2"), Shape(1, 9, 9))

    assert dependence_of(layout, 0, Unit(0, 1, 1)).used == 9


def test_the_cone_grows_by_the_formula() -> None:
    layout = plan(recipe_from("conv size 5 stride 2 | conv size 3 dilation 2 | max 2"), Shape(1, 64, 64))

    levels = cone(layout, 2, Unit(0, 4, 4))

    # r: 1, 1 + 4·1 = 5, 5 + 4·2 = 13, 13 + 1·2 = 15; j: 1, 2, 2, 4
    assert [int(level.size[0]) for level in levels] == [1, 5, 13, 15]
    assert [int(level.jump[0]) for level in levels] == [1, 2, 2, 4]
    # backwards from one output: 2 for the pool, 2 + 2·2 = 6 for the dilated layer, 5·2 + 5 = 15 for the strided one
    assert [level.needed for level in levels] == [(15, 15), (6, 6), (2, 2), (1, 1)]


@pytest.mark.parametrize("channels", [1, 6])
def test_three_small_kernels_see_as_much_as_a_large_one_with_fewer_weights(channels: int) -> None:
    kernels = stacked_kernels(channels)

    assert kernels.field_of_small == kernels.field_of_large == 7
    assert (kernels.weights_of_small, kernels.weights_of_large) == (27 * channels**2, 49 * channels**2)


def test_the_share_of_padding_is_counted_by_hand() -> None:
    share = padding_share(plan(recipe_from("conv size 3"), Shape(1, 3, 3)), 0)
    two = padding_share(plan(recipe_from("conv size 1x3 | average 1x3 stride 1 padding 0x1"), Shape(1, 1, 3)), 1)

    # a corner has 4 of its 9 taps on the picture, an edge 6
    np.testing.assert_allclose(9 * share, [[5, 3, 5], [3, 0, 3], [5, 3, 5]])
    # after the first layer the shares are 1/3, 0, 1/3; then (1 + 1/3 + 0)/3, (1/3 + 0 + 1/3)/3, …
    np.testing.assert_allclose(9 * two[0], [4, 2, 4])


def test_nothing_comes_from_padding_where_there_is_none() -> None:
    layout = plan(recipe_from("conv size 3 padding valid | transposed 2 stride 2"), Shape(1, 9, 9))

    assert not padding_share(layout, 1).any()


def measured(recipe: str, unit: Unit, frame: Frame) -> EffectiveField:
    result = evaluate(recipe_from(recipe), frame)
    return effective_field(FieldQuestion(result, len(result.outputs) - 1, unit))


def test_the_measured_field_of_one_layer_is_its_kernel() -> None:
    frame = Frame(NOISE[:, :, :1].copy(), white=255.0)
    kernel = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])

    field = measured("conv [1 2 3; 4 5 6; 7 8 9]", Unit(0, 5, 4), frame)

    assert (field.square, field.moved, field.outside_moves) == (1, 9, False)
    np.testing.assert_allclose(field.effects[2:5, 2:5], kernel, rtol=1e-4)
    assert field.half == 3  # 9 + 8 + 7 of 45 is more than half


def test_an_output_that_sees_more_than_was_computed_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = Frame(NOISE[:, :, :1].copy(), white=255.0)
    too_small = SimpleNamespace(region=Region(4, 7, 3, 5))  # a column less than the 3×3 around row 5, column 4
    monkeypatch.setattr(reach_field, "needed_regions", lambda *_: [too_small])

    field = measured("conv [1 2 3; 4 5 6; 7 8 9]", Unit(0, 5, 4), frame)

    assert field.outside_moves is True


def test_a_large_field_is_measured_in_blocks_and_tells_its_progress() -> None:
    frame = Frame(np.random.default_rng(1).normal(0, 1, (64, 64, 1)).astype(np.float32), white=1.0)
    result = evaluate(recipe_from("average 31 stride 1 padding 15 | average 31 stride 1 padding 15"), frame)
    fractions: list[float] = []

    field = effective_field(FieldQuestion(result, 1, Unit(0, 32, 32)), fractions.append)

    assert field.square == 3
    assert field.outside_moves is False
    assert fractions == sorted(fractions)
    assert len(fractions) == field.effects.size
    row, column = (32 - field.area.top) // 3, (32 - field.area.left) // 3
    assert field.effects[row, column] == field.effects.max()  # the middle counts most


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    "recipe", ["conv size 5x4 stride 3 dilation 2", "transposed 3 stride 4 padding 1", "max 2 ceil", "relu"]
)
def test_all_taps_at_once_are_those_of_each_output(recipe: str, axis: int) -> None:
    step = plan(recipe_from(recipe), Shape(1, 11, 14)).steps[0]

    places, is_read = taps_along(step, axis)

    for output, (row, reads) in enumerate(zip(places, is_read, strict=True)):
        assert sorted(row[reads].tolist()) == sorted(axis_of(step, axis, output).places.tolist())


def extents_of(recipe: str, unit: Unit, frame: Frame) -> list[tuple[int, int]]:
    result = evaluate(recipe_from(recipe), frame)
    extents = answer(ExtentQuestion(result, len(result.outputs) - 1, unit))
    assert isinstance(extents, Extents)
    return [(extent.rows, extent.columns) for extent in extents.layers]


def test_what_is_measured_of_every_layer_is_what_the_formula_says() -> None:
    frame = Frame(np.random.default_rng(1).normal(0, 1, (40, 40, 1)).astype(np.float32), white=1.0)
    five = "[1 2 3 4 5; 5 4 3 2 1; 1 2 3 4 5; 5 4 3 2 1; 1 2 3 4 5]"

    extents = extents_of(f"conv {five} stride 2 | conv {FULL} dilation 2 | max 2", Unit(0, 4, 4), frame)

    assert extents == [(5, 5), (13, 13), (15, 15)]  # 5, then + 2·2·2 with the dilation, then + 1·2


def test_weights_of_0_are_not_measured_and_the_end_of_the_picture_is() -> None:
    frame = Frame(np.random.default_rng(1).normal(0, 1, (12, 12, 1)).astype(np.float32), white=1.0)

    assert extents_of("conv [0 0 0; 0 1 0; 0 1 0]", Unit(0, 6, 6), frame) == [(2, 1)]
    assert extents_of("conv [0 0 0; 0 0 0; 0 0 0]", Unit(0, 6, 6), frame) == [(0, 0)]
    assert extents_of(f"conv {FULL}", Unit(0, 0, 6), frame) == [(2, 3)]
    assert extents_of("relu | global average", Unit(0, 0, 0), frame) == [(1, 1), (12, 12)]


def test_measuring_tells_its_progress() -> None:
    result = evaluate(recipe_from(f"conv {FULL} | max 2"), Frame(NOISE[:, :, :1].copy(), white=255.0))
    fractions: list[float] = []

    answer(ExtentQuestion(result, 1, Unit(0, 2, 2)), fractions.append)

    assert fractions == [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]
