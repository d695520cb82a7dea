"""Edits of a layer's filters: what changes, what stays, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from convstudio.core.edits import filters
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.layers import Conv, ConvTranspose, Weights


def conv(count: int = 2, planes: int = 1, *, groups: int = 1) -> Conv:
    """Filter f, plane p holds 10·f + p + 1 in the middle of 3×3; biases 100, 200, …; odd settings to be kept."""
    weight = np.zeros((count, planes, 3, 3))
    for index in range(count):
        weight[index, :, 1, 1] = 10 * index + np.arange(planes) + 1
    bias = tuple(100.0 * (index + 1) for index in range(count))
    return Conv(weight=Weights(weight), bias=bias, stride=Pair(2, 1), border=Border.REFLECT, groups=groups, name="mine")


def middles(layer: Conv | ConvTranspose) -> list[list[float]]:
    middle: list[list[float]] = filters.filters_first(layer)[:, :, 1, 1].tolist()
    return middle


def transposed() -> ConvTranspose:
    """Two groups; 4 channels in, 6 filters out; every weight tells its input channel and place."""
    weight = np.arange(4 * 3 * 2.0).reshape(4, 3, 1, 2)
    return ConvTranspose(weight=Weights(weight), bias=(0.0,) * 6, groups=2)


def test_filters_of_a_transposed_layer_are_found_by_pytorchs_rule() -> None:
    layer = transposed()
    weight = layer.weight.array

    kernels = filters.filters_first(layer)

    assert kernels.shape == (6, 2, 1, 2)
    # filter 4 is the second of group 1, which reads the input channels 2 and 3
    np.testing.assert_array_equal(kernels[4], [weight[2, 1], weight[3, 1]])
    np.testing.assert_array_equal(filters.kernel_at(layer, 0, 1), weight[1, 0])
    assert filters.planes_of(layer) == 2


def test_putting_the_filters_of_a_transposed_layer_back_gives_the_same_layer() -> None:
    layer = transposed()

    assert filters.with_weights(layer, filters.filters_first(layer)) == layer


def test_a_kernel_is_put_into_its_place_only() -> None:
    layer = conv(2, 2)

    edited = filters.with_kernel(layer, 1, 0, np.full((3, 3), 7.0))

    np.testing.assert_array_equal(filters.kernel_at(edited, 1, 0), np.full((3, 3), 7.0))
    assert middles(edited) == [[1, 2], [7, 12]]
    assert replace(edited, weight=layer.weight) == layer


def test_a_kernel_of_another_size_brings_the_others_to_its_size() -> None:
    edited = filters.with_kernel(conv(2), 0, 0, np.full((1, 5), 7.0))

    np.testing.assert_array_equal(edited.weight.array[:, 0], [[[7] * 5], [[0, 0, 11, 0, 0]]])


def test_a_cell_of_a_transposed_layer_is_edited_in_its_own_order() -> None:
    edited = filters.with_cell(transposed(), 4, 1, 0, 1, -9)

    changed = np.argwhere(edited.weight.array != transposed().weight.array)
    assert changed.tolist() == [[3, 1, 0, 1]]
    assert edited.weight.array[3, 1, 0, 1] == -9


def test_a_cell_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ConvStudioError, match="finite"):
        filters.with_cell(conv(), 0, 0, 0, 0, float("nan"))


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ((2, 0, 0, 0), "There is no filter 3; choose one from 1 to 2"),
        ((-1, 0, 0, 0), "There is no filter 0"),
        ((0, 1, 0, 0), "There is no plane 2; choose one from 1 to 1"),
        ((0, 0, 3, 0), "There is no row 4"),
        ((0, 0, 0, 3), "There is no column 4"),
    ],
)
def test_places_outside_the_kernel_are_refused(place: tuple[int, int, int, int], sentence: str) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        filters.with_cell(conv(), *place, 1.0)


def test_all_kernels_take_another_size_around_their_middle() -> None:
    new_layer = filters.with_kernel_size(conv(2, 2), 1, 1)

    assert new_layer.weight.array.ravel().tolist() == [1, 2, 11, 12]
    assert new_layer.kernel == (1, 1)
    assert filters.with_kernel_size(transposed(), 2, 3).weight.array.shape == (4, 3, 2, 3)


def test_sizes_above_31_are_refused() -> None:
    with pytest.raises(ConvStudioError, match="1 to 31 columns, not 32"):
        filters.with_kernel_size(conv(), 3, 32)


def test_fewer_filters_keep_the_first_ones() -> None:
    new_layer = filters.with_filters(conv(3, 2), 2)

    assert middles(new_layer) == [[1, 2], [11, 12]]
    assert new_layer.bias == (100, 200)


def test_added_filters_look_for_something_that_no_filter_looks_for_yet() -> None:
    layer = filters.with_kernel(conv(1), 0, 0, build(find("sobel-x"))[0])

    new_layer = filters.with_filters(layer, 12)

    assert new_layer.bias == (100.0,) + (0.0,) * 11
    assert len({kernel.tobytes() for kernel in new_layer.weight.array}) == 12
    np.testing.assert_array_equal(new_layer.weight.array[1, 0], build(find("sobel-y"))[0])
    assert all(np.abs(kernel).max() > 0 for kernel in new_layer.weight.array)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 2), (1, 7), (31, 31)])
def test_added_filters_do_something_at_every_size(height: int, width: int) -> None:
    new_layer = filters.with_filters(filters.with_kernel_size(conv(1, 3), height, width), 9)

    assert new_layer.kernel == (height, width)
    assert len({kernel.tobytes() for kernel in new_layer.weight.array}) == 9


def test_in_groups_every_group_loses_or_gains_the_same_number() -> None:
    layer = conv(4, 2, groups=2)

    fewer, more = filters.with_filters(layer, 2), filters.with_filters(layer, 6)

    assert middles(fewer) == [[1, 2], [21, 22]]
    assert fewer.bias == (100.0, 300.0)
    assert [middles(more)[index] for index in (0, 1, 3, 4)] == middles(layer)
    assert more.bias == (100, 200, 0, 300, 400, 0)


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "1 to 1024 filters, not 0"),
        (1025, "1 to 1024 filters, not 1025"),
        (5, "2 groups cannot share 5 filters equally; use 4 or 6 filters"),
        (1, "cannot share 1 filters equally; use 2 filters"),
    ],
)
def test_impossible_numbers_of_filters_are_refused(count: int, sentence: str) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        filters.with_filters(conv(4, groups=2), count)


def test_a_transposed_layer_gains_and_loses_filters_too() -> None:
    new_layer = filters.with_filters(transposed(), 8)

    assert new_layer.weight.array.shape == (4, 4, 1, 2)
    np.testing.assert_array_equal(new_layer.weight.array[:, :3], transposed().weight.array)
    assert filters.with_filters(new_layer, 6) == transposed()


def test_a_duplicate_stands_behind_its_original() -> None:
    new_layer = filters.with_duplicated_filter(conv(3), 1)

    assert middles(new_layer) == [[1], [11], [11], [21]]
    assert new_layer.bias == (100, 200, 200, 300)


def test_a_deleted_filter_takes_its_bias_along() -> None:
    new_layer = filters.without_filter(conv(3), 1)

    assert middles(new_layer) == [[1], [21]]
    assert new_layer.bias == (100, 300)


def test_the_last_filter_cannot_be_deleted() -> None:
    with pytest.raises(ConvStudioError, match="at least 1 filter"):
        filters.without_filter(conv(1), 0)


def test_single_filters_cannot_come_or_go_in_groups() -> None:
    layer = conv(4, groups=2)

    with pytest.raises(ConvStudioError, match="With 2 groups filters come and go 2 at a time"):
        filters.without_filter(layer, 0)
    with pytest.raises(ConvStudioError, match="With 2 groups"):
        filters.with_duplicated_filter(layer, 0)


def test_no_duplicate_past_the_most_filters() -> None:
    layer = filters.with_weights(conv(1), np.zeros((1024, 1, 1, 1)), [0.0] * 1024)

    with pytest.raises(ConvStudioError, match="1024 filters, the most"):
        filters.with_duplicated_filter(layer, 0)


def test_one_bias_is_exchanged() -> None:
    assert filters.with_bias(conv(3), 1, -5).bias == (100, -5, 300)

    with pytest.raises(ConvStudioError, match="finite"):
        filters.with_bias(conv(3), 1, float("inf"))
