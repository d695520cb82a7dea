"""What a region needs of everything before it: hand arithmetic, and no pixel more than has an effect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.evaluation.needed_regions import needed_regions, whole_reader
from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored, sources
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.regions import Region, unit
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense, Pool, Weights
from convstudio.core.recipe.plan import plan


def conv(kernel: int, *, stride: int = 1, padding: Padding = Padding.SAME, border: Border = Border.ZEROS) -> Conv:
    weight = Weights(np.ones((1, 1, kernel, kernel)))
    return Conv(weight=weight, bias=(0.0,), stride=Pair(stride, stride), padding=padding, border=border)


def test_three_layers_by_hand() -> None:
    # rows 2 … 3 of the last pool come from 4 … 7; those, at stride 2 without padding, from 8 … 16; those from 6 … 18
    layers = (conv(5), conv(3, stride=2, padding=Padding.VALID), Pool())
    recipe_plan = plan(Document(layers), Shape(1, 41, 41))

    needs = needed_regions(recipe_plan, 2, Region(2, 4, 0, 1))

    assert [need.region for need in needs] == [
        Region(6, 19, 0, 7),  # column −2 … 6, of which two are padding
        Region(8, 17, 0, 5),
        Region(4, 8, 0, 2),
        Region(2, 4, 0, 1),
    ]
    assert [need.padding for need in needs] == [Amounts(0, 0, 2, 0), *[Amounts(0, 0, 0, 0)] * 3]


@pytest.mark.parametrize(
    ("border", "rows"),
    [
        (Border.ZEROS, (range(3),)),
        (Border.REFLECT, (range(4),)),  # row −3 is row 3
        (Border.REPLICATE, (range(3),)),
        (Border.CIRCULAR, (range(3), range(17, 20))),  # row −3 is row 17
    ],
)
def test_a_border_needs_the_rows_that_stand_in_its_padding(border: Border, rows: tuple[range, ...]) -> None:
    layer = Conv(weight=Weights(np.ones((1, 1, 6, 1))), bias=(0.0,), padding=Amounts(3, 2, 0, 0), border=border)
    recipe_plan = plan(Document((layer,)), Shape(1, 20, 9))

    frame, _ = needed_regions(recipe_plan, 0, unit(0, 4))

    assert frame.rows == rows
    assert frame.columns == (range(4, 5),)
    assert frame.padding == Amounts(3, 0, 0, 0)


def test_windows_over_nothing_but_padding_need_nothing_of_zeros_and_the_edge_of_a_repeated_one() -> None:
    plans = [
        plan(Document((Conv(weight=Weights([[[[1]]]]), bias=(0.0,), padding=Amounts(4, 0, 0, 0), border=border),)),
             Shape(1, 9, 9))
        for border in (Border.ZEROS, Border.REPLICATE)
    ]  # fmt: skip

    zeros, edge = (needed_regions(recipe_plan, 0, Region(0, 2, 0, 9))[0] for recipe_plan in plans)

    assert (zeros.region, zeros.extent) == (Region(0, 0, 0, 0), (0, 9))
    assert edge.region == Region(0, 1, 0, 9)


def test_a_transposed_layer_needs_the_inputs_whose_stamps_meet_the_region() -> None:
    # stride 2, kernel 3: input i stamps outputs 2i … 2i + 2, so outputs 5 and 6 come from inputs 2 and 3 (and no more)
    layer = ConvTranspose(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), stride=Pair(2, 2))
    recipe_plan = plan(Document((layer,)), Shape(1, 8, 8))

    frame, _ = needed_regions(recipe_plan, 0, Region(5, 7, 0, 1))

    assert frame.region == Region(2, 4, 0, 1)


def test_dense_and_global_layers_say_that_they_need_everything() -> None:
    recipe_plan = plan(Document((conv(3), Pool(is_global=True), Dense(units=2))), Shape(1, 12, 16))

    needs = needed_regions(recipe_plan, 2, unit(0, 0))

    assert [need.is_whole for need in needs] == [False, True, True, False]
    assert needs[0].region == Region(0, 12, 0, 16)
    assert whole_reader(recipe_plan, 0) is None
    assert whole_reader(recipe_plan, 2) is recipe_plan.steps[1]


@given(st.data(), st.sampled_from(Border))
def test_ranges_and_places_tell_of_the_same_sources(data: st.DataObject, border: Border) -> None:
    length = data.draw(st.integers(1, 9))
    most = {Border.REFLECT: length - 1, Border.CIRCULAR: length}.get(border, 20)
    start = data.draw(st.integers(-most, length + most - 1))
    stop = data.draw(st.integers(start + 1, length + most))

    spans = sources(range(start, stop), length, border)

    expected = set(mirrored(np.arange(start, stop), length, border).tolist()) - {OUTSIDE}
    assert [place for span in spans for place in span] == sorted(expected)
