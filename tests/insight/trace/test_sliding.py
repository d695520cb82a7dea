"""The order of the steps, and the part of a layer on which they are drawn, counted by hand."""

import numpy as np
import pytest

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Pool, PoolKind
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.sliding import (
    excerpt_around,
    last_unit,
    number_of,
    progress_text,
    step_count,
    unit_after,
    unit_at,
)
from convstudio.insight.trace.taps import Unit

SQUARE = np.arange(36.0).reshape(6, 6, 1)


def evaluated(recipe: str, pixels: np.ndarray = SQUARE) -> Result:
    return evaluate(recipe_from(recipe), Frame(pixels, white=36.0))


@pytest.mark.parametrize(
    ("recipe", "rows", "columns"),
    [
        ("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid", 4, 4),
        ("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid stride 2", 2, 2),
        ("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid dilation 2", 2, 2),
        ("conv [1 2 3] padding valid", 6, 4),
        ("transposed 3 stride 2", 13, 13),
        ("max 2", 3, 3),
        ("global average", 1, 1),
        ("relu", 6, 6),
    ],
)
def test_steps_go_row_by_row_through_one_channel(recipe: str, rows: int, columns: int) -> None:
    output = evaluated(recipe).plan.steps[0].output

    visited = [unit_at(output, 0, number) for number in range(step_count(output))]

    assert visited == [Unit(0, row, column) for row in range(rows) for column in range(columns)]
    assert [number_of(output, unit) for unit in visited] == list(range(rows * columns))
    assert last_unit(output, 0) == visited[-1]


def test_steps_stop_at_the_ends_and_stay_in_their_channel() -> None:
    output = Shape(3, 2, 4)

    assert unit_after(output, Unit(2, 0, 3), 1) == Unit(2, 1, 0)
    assert unit_after(output, Unit(2, 1, 0), -1) == Unit(2, 0, 3)
    assert unit_after(output, Unit(2, 1, 3), 1) == Unit(2, 1, 3)
    assert unit_after(output, Unit(2, 0, 0), -1) == Unit(2, 0, 0)
    assert unit_after(output, None, 1) == Unit(0, 0, 0)


def test_progress_counts_from_one() -> None:
    assert progress_text(Shape(8, 10, 200), Unit(3, 9, 199)) == "step 2,000 of 2,000"


def test_a_stage_has_every_input_that_its_outputs_read() -> None:
    stage = excerpt_around(evaluated("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid"), 0, Unit(0, 3, 3))

    assert stage.inputs.tolist() == SQUARE[:, :, 0].tolist()
    assert (stage.input_corner, stage.output_corner) == ((0, 0), (0, 0))
    assert not stage.is_padding.any()
    assert len(stage.units) == 16


def test_a_stage_of_a_large_picture_lies_around_the_output() -> None:
    pixels = np.arange(10_000.0).reshape(100, 100, 1)

    stage = excerpt_around(evaluated("conv [1 2 3; 4 5 6; 7 8 9] padding valid", pixels), 0, Unit(0, 50, 97))

    # six outputs around row 50 and the last six of 98 columns; two inputs more each way
    assert (stage.output_corner, stage.outputs.shape) == ((47, 92), (6, 6))
    assert (stage.input_corner, stage.inputs.shape) == ((47, 92), (8, 8))
    assert stage.inputs[0, 0] == 4792


def test_with_a_stride_fewer_outputs_are_drawn_so_that_the_inputs_fit() -> None:
    pixels = np.zeros((64, 64, 1))

    stage = excerpt_around(evaluated("conv [1 2 3; 4 5 6; 7 8 9] padding valid stride 3", pixels), 0, Unit(0, 10, 10))

    # four windows of three at every third place read 3·3 + 3 = 12 rows; five would read 15
    assert stage.outputs.shape == (4, 4)
    assert stage.inputs.shape == (12, 12)


def test_a_window_that_is_too_large_shows_its_middle() -> None:
    pixels = np.arange(10_000.0).reshape(100, 100, 1)

    stage = excerpt_around(evaluated("conv filters 1 size 31 padding valid", pixels), 0, Unit(0, 5, 7))

    # the window covers rows 5 … 35: 12 in the middle of 31 start 9 below its first
    assert stage.input_corner == (14, 16)
    assert stage.inputs.shape == (12, 12)
    assert stage.inputs[0, 0] == 1416


@pytest.mark.parametrize(
    ("border", "corner", "edge"),
    [("zeros", 0, 0), ("replicate", 0, 1), ("reflect", 7, 7), ("circular", 35, 31)],
)
def test_the_padding_holds_what_is_read_there(border: str, corner: float, edge: float) -> None:
    recipe = f"conv [1 0 -1; 1 0 -1; 1 0 -1] border {border}"

    stage = excerpt_around(evaluated(recipe), 0, Unit(0, 0, 0))

    assert stage.input_corner == (-1, -1)
    assert stage.inputs[0, 0] == corner
    assert stage.inputs[0, 2] == edge  # above column 1
    assert stage.is_padding[0].all()
    assert stage.is_padding[:, 0].all()
    assert not stage.is_padding[1:7, 1:7].any()


@pytest.mark.parametrize(("kind", "counts", "is_read"), [
    (PoolKind.MAX, True, False), (PoolKind.AVERAGE, True, True), (PoolKind.AVERAGE, False, False),
])  # fmt: skip
def test_padding_that_is_not_counted_is_blank(*, kind: PoolKind, counts: bool, is_read: bool) -> None:
    layer = Pool(kind=kind, window=Pair(3, 3), padding=Amounts(1, 1, 1, 1), count_include_pad=counts)
    result = evaluate(Document((layer,)), Frame(SQUARE, white=36.0))

    stage = excerpt_around(result, 0, Unit(0, 0, 0))

    assert stage.is_padding[0, 0]
    assert np.isfinite(stage.inputs[0, 0]) == is_read


def test_a_transposed_convolution_reads_the_inputs_that_reach_its_outputs() -> None:
    stage = excerpt_around(evaluated("transposed 2 stride 3"), 0, Unit(0, 7, 7))

    # outputs 4 … 9; those at 4, 6, 7 and 9 are reached from inputs 1, 2, 2 and 3
    assert stage.output_corner == (4, 4)
    assert stage.input_corner == (1, 1)
    assert stage.inputs.tolist() == SQUARE[1:4, 1:4, 0].tolist()


def test_outputs_that_nothing_reaches_show_the_nearest_input() -> None:
    stage = excerpt_around(evaluated("transposed 1 stride 40"), 0, Unit(0, 20, 20))

    # outputs 17 … 22 of 201 lie between input 0 and input 40
    assert stage.input_corner == (0, 0)
    assert stage.inputs.tolist() == [[0.0]]
    assert not stage.outputs.any()
