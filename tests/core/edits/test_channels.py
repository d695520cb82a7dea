"""Edits of the way over channels: the answer to a grey picture stays, and the weights go where they should."""

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.edits.channels import (
    common_divisors,
    kernel_everywhere,
    with_channel_mode,
    with_groups,
    with_kernel_everywhere,
    with_preset,
)
from convstudio.core.edits.filters import (
    filters_first,
    with_cell,
    with_duplicated_filter,
    with_kernel,
    with_kernel_size,
    without_filter,
)
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.kernels.preset import Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Weights
from convstudio.core.recipe.new_layers import new_conv
from convstudio.core.recipe.plan import plan

SOBEL = build(find("sobel-x"))


def numbered(filters: int, planes: int, *, groups: int = 1) -> Conv:
    weight = np.arange(1.0, filters * planes + 1).reshape(filters, planes, 1, 1)
    return Conv(weight=Weights(weight), bias=tuple(map(float, range(filters))), groups=groups)


def sums(layer: Conv | ConvTranspose) -> NDArray[np.float64]:
    """What each filter makes of a picture whose channels are all alike."""
    total: NDArray[np.float64] = filters_first(layer).sum(axis=1)
    return total


def test_the_possible_groups_divide_both() -> None:
    assert common_divisors(3, 6) == (1, 3)
    assert common_divisors(5, 7) == (1,)


def test_the_articles_layer_in_three_groups_has_156_parameters_and_456_in_one() -> None:
    layer = new_conv(3, filters=6, kernel=Pair(5, 5))

    in_three = with_groups(layer, 3, 3)
    back = with_groups(in_three, 1, 3)

    assert [plan(Document((version,)), Shape(3, 32, 32)).parameters for version in (layer, in_three, back)] == [
        456,
        156,
        456,
    ]
    np.testing.assert_allclose(back.weight.array, layer.weight.array, atol=1e-15)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_changing_groups_keeps_every_filters_sum_and_bias(groups: int) -> None:
    layer = numbered(6, 3, groups=2)

    new_layer = with_groups(layer, groups, 6)

    assert new_layer.weight.array.shape == (6, 6 // groups, 1, 1)
    np.testing.assert_allclose(sums(new_layer), sums(layer))
    assert new_layer.bias == layer.bias


def test_a_transposed_layer_changes_groups_too() -> None:
    layer = ConvTranspose(weight=Weights(np.arange(24.0).reshape(4, 6, 1, 1)), bias=(0.0,) * 6)

    new_layer = with_groups(layer, 2, 4)

    assert new_layer.weight.array.shape == (4, 3, 1, 1)
    np.testing.assert_allclose(sums(new_layer), sums(layer))
    assert plan(Document((new_layer,)), Shape(4, 5, 5)).output.channels == 6


def test_groups_that_do_not_divide_are_refused_with_those_that_do() -> None:
    with pytest.raises(
        ConvStudioError, match="4 groups cannot share 12 input channels and 6 filters equally; choose 1, 2, 3 or 6"
    ):
        with_groups(numbered(6, 12), 4, 12)


def test_groups_are_refused_where_each_channel_is_taken_alone() -> None:
    with pytest.raises(ConvStudioError, match="across channels first"):
        with_groups(new_conv(3, mode=Channels.EACH), 1, 3)


def test_spanning_channels_spreads_each_filter_equally() -> None:
    layer = with_preset(new_conv(1, filters=2, mode=Channels.EACH), SOBEL, 3)

    new_layer = with_channel_mode(layer, Channels.ACROSS, 3)

    assert new_layer.channels is Channels.ACROSS
    np.testing.assert_allclose(new_layer.weight.array[0], np.repeat(SOBEL, 3, axis=0) / 3)
    np.testing.assert_allclose(sums(new_layer), sums(layer))


def test_taking_channels_alone_sums_the_planes_and_forgets_groups() -> None:
    new_layer = with_channel_mode(numbered(2, 3, groups=2), Channels.EACH, 6)

    assert new_layer.weight.array.ravel().tolist() == [1 + 2 + 3, 4 + 5 + 6]
    assert (new_layer.groups, new_layer.channels, new_layer.bias) == (1, Channels.EACH, (0, 1))


def test_the_same_way_over_channels_changes_nothing() -> None:
    layer = numbered(2, 3)

    assert with_channel_mode(layer, Channels.ACROSS, 5) is layer


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
@pytest.mark.parametrize("mode", list(Channels))
def test_a_loaded_preset_answers_to_a_grey_picture_as_itself(preset: Preset, mode: Channels) -> None:
    kernels = build(preset)

    new_layer = with_preset(new_conv(3, mode=mode), kernels, 3)

    np.testing.assert_allclose(sums(new_layer), kernels, atol=1e-15)
    assert len(new_layer.bias) == new_layer.filters == len(kernels)
    assert plan(Document((new_layer,)), Shape(3, 40, 40)).output.channels == len(kernels) * (
        3 if mode is Channels.EACH else 1
    )


def test_a_single_kernel_replaces_only_the_chosen_filter() -> None:
    layer = new_conv(1, filters=3)

    new_layer = with_preset(layer, build(find("box"), size=5), 1, filter_index=1)

    np.testing.assert_allclose(new_layer.weight.array[1, 0], np.full((5, 5), 1 / 25))
    np.testing.assert_array_equal(new_layer.weight.array[[0, 2], :, 1:4, 1:4], layer.weight.array[[0, 2]])
    assert np.abs(new_layer.weight.array[[0, 2]]).sum() == np.abs(layer.weight.array[[0, 2]]).sum()


def test_a_smaller_kernel_does_not_cut_the_filters_beside_it() -> None:
    layer = new_conv(1, filters=2, kernel=Pair(5, 5))

    new_layer = with_preset(layer, [[[1, 0, -1]]], 1, filter_index=0)

    assert new_layer.kernel == (5, 5)
    np.testing.assert_array_equal(new_layer.weight.array[0, 0, 2], [0, 1, 0, -1, 0])
    np.testing.assert_array_equal(new_layer.weight.array[1], layer.weight.array[1])


def test_a_kernel_alone_in_its_layer_keeps_its_own_size_and_the_layers_bias() -> None:
    layer = Conv(weight=Weights(np.ones((1, 1, 7, 7))), bias=(128.0,))

    new_layer = with_preset(layer, [[[1, 0, -1]]], 1)

    assert new_layer.kernel == (1, 3)
    assert new_layer.bias == (128,)


def test_a_set_merges_groups_that_cannot_share_it() -> None:
    new_layer = with_preset(numbered(6, 1, groups=6), build(find("kirsch")), 6)

    assert (new_layer.filters, new_layer.groups) == (8, 2)
    assert plan(Document((new_layer,)), Shape(6, 9, 9)).output.channels == 8


def test_a_preset_is_loaded_for_the_channels_that_arrive() -> None:
    new_layer = with_preset(numbered(1, 3), SOBEL, 1)

    np.testing.assert_array_equal(new_layer.weight.array, SOBEL[None])


def test_a_transposed_layer_takes_presets_too() -> None:
    layer = ConvTranspose(weight=Weights(np.zeros((2, 3, 3, 3))), bias=(0.0,) * 3)

    single, whole_set = with_preset(layer, SOBEL, 2, filter_index=2), with_preset(layer, build(find("kirsch")), 2)

    np.testing.assert_array_equal(single.weight.array[:, 2], np.repeat(SOBEL, 2, axis=0) / 2)
    assert not single.weight.array[:, :2].any()
    np.testing.assert_allclose(sums(whole_set), build(find("kirsch")))


def test_a_filter_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConvStudioError, match="There is no filter 2; choose one from 1 to 1"):
        with_preset(new_conv(1), SOBEL, 1, filter_index=1)
    with pytest.raises(ConvStudioError, match="filters, rows and columns"):
        with_preset(new_conv(1), SOBEL[0], 1)


# there and back


@pytest.mark.parametrize(("filters", "groups"), [(1, 1), (6, 1), (6, 3)])
def test_mixing_channels_there_and_back_loses_no_weight(filters: int, groups: int) -> None:
    """Weights of random fractions, whose sums are rounded: they come back to the last bit."""
    draw = np.random.default_rng(5)
    weight = draw.normal(size=(filters, 3 // groups, 3, 3))
    mixed = Conv(weight=Weights(weight), bias=(1.0,) * filters, groups=groups)
    alone = Conv(weight=Weights(draw.normal(size=(filters, 1, 3, 3))), bias=(0.0,) * filters, channels=Channels.EACH)

    assert with_channel_mode(with_channel_mode(mixed, Channels.EACH, 3), Channels.ACROSS, 3) == mixed
    assert with_channel_mode(with_channel_mode(alone, Channels.ACROSS, 3), Channels.EACH, 3) == alone


def test_what_is_edited_meanwhile_is_shared_and_the_slices_stay_apart() -> None:
    mixed = Conv(weight=Weights([[[[6.0, 1.0]], [[1.0, 1.0]], [[-1.0, 1.0]]]]), bias=(0.0,))
    alone = with_channel_mode(mixed, Channels.EACH, 3)

    back = with_channel_mode(with_cell(alone, 0, 0, 0, 0, 12.0), Channels.ACROSS, 3)

    assert alone.weight.array.tolist() == [[[[6.0, 3.0]]]]
    # 12 is 6 more than 6, of which each slice takes 2
    assert back.weight.array.tolist() == [[[[8.0, 1.0]], [[3.0, 1.0]], [[1.0, 1.0]]]]


def test_a_slice_edited_meanwhile_is_in_the_filter_that_is_alone() -> None:
    alone = Conv(weight=Weights([[[[3.0, 0.1]]]]), bias=(0.0,), channels=Channels.EACH)
    mixed = with_channel_mode(alone, Channels.ACROSS, 3)

    back = with_channel_mode(with_cell(mixed, 0, 2, 0, 0, 4.0), Channels.EACH, 3)

    assert back.weight.array.tolist() == [[[[6.0, 0.1]]]]  # 1 + 1 + 4, and what was not touched to the last bit


def test_filters_that_come_and_go_meanwhile_leave_the_others_their_slices() -> None:
    mixed = Conv(weight=Weights([[[[1.0]], [[2.0]]], [[[5.0]], [[7.0]]]]), bias=(0.0, 0.0))
    alone = with_channel_mode(mixed, Channels.EACH, 2)

    without_first = with_channel_mode(without_filter(alone, 0), Channels.ACROSS, 2)
    doubled = with_channel_mode(with_duplicated_filter(alone, 0), Channels.ACROSS, 2)

    assert without_first.weight.array.tolist() == [[[[5.0]], [[7.0]]]]
    assert doubled.weight.array.tolist() == [[[[1.0]], [[2.0]]], [[[1.0]], [[2.0]]], [[[5.0]], [[7.0]]]]


def test_a_new_size_and_another_number_of_channels_are_no_obstacle() -> None:
    mixed = Conv(weight=Weights([[[[1.0]], [[2.0]]]]), bias=(0.0,))
    alone = with_channel_mode(mixed, Channels.EACH, 2)

    wider = with_channel_mode(with_kernel_size(alone, 1, 3), Channels.ACROSS, 2)
    of_three = with_channel_mode(alone, Channels.ACROSS, 3)

    assert wider.weight.array.tolist() == [[[[0.0, 1.0, 0.0]], [[0.0, 2.0, 0.0]]]]
    assert of_three.weight.array.tolist() == [[[[1.0]], [[1.0]], [[1.0]]]]


def test_layers_that_differ_in_what_they_remember_alone_are_equal() -> None:
    alone = Conv(weight=Weights([[[[3.0]]]]), bias=(0.0,), channels=Channels.EACH)

    back = with_channel_mode(with_channel_mode(alone, Channels.ACROSS, 3), Channels.EACH, 3)

    assert back == alone
    assert hash(back) == hash(alone)


def test_a_kernel_on_all_channels_is_what_the_filter_makes_of_grey() -> None:
    layer = Conv(weight=Weights(np.full((1, 3, 3, 3), 1 / 3)), bias=(0.0,))

    sharper = with_kernel_everywhere(layer, 0, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])

    assert kernel_everywhere(layer, 0).tolist() == [[1.0] * 3] * 3
    np.testing.assert_allclose(sharper.weight.array[0], np.array([[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]] * 3) / 3)
    assert kernel_everywhere(sharper, 0).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


def test_a_change_on_all_channels_leaves_the_slices_as_far_apart_as_they_were() -> None:
    layer = with_kernel(Conv(weight=Weights(np.zeros((2, 3, 1, 2))), bias=(0.0, 0.0)), 1, 2, [[3.0, 0.0]])

    changed = with_kernel_everywhere(layer, 1, [[9.0, 6.0]])

    assert changed.weight.array[1].tolist() == [[[2.0, 2.0]], [[2.0, 2.0]], [[5.0, 2.0]]]
    assert not changed.weight.array[0].any()
