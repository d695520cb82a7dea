"""Numbers that are none, and infinite ones, stay where they are in pooling, transposed convolution and activations."""

import numpy as np
import pytest

from convstudio.core import ops
from convstudio.core.activations import ActivationKind


@pytest.mark.parametrize("window", [2, 3])
def test_pooling_keeps_a_nan_where_it_is(window: int) -> None:
    x = np.random.default_rng(3).normal(size=(1, 100, 100)).astype(np.float32)
    x[0, 50, 50] = np.nan

    largest = ops.max_pool2d(x, window, stride=1)
    means = ops.avg_pool2d(x, window, stride=1)
    halves = ops.avg_pool2d(x, 2)

    reached = np.zeros((101 - window, 101 - window), bool)
    reached[51 - window : 51, 51 - window : 51] = True
    np.testing.assert_array_equal(np.isnan(largest[0]), reached)
    np.testing.assert_array_equal(np.isnan(means[0]), reached)
    assert np.argwhere(np.isnan(halves[0])).tolist() == [[25, 25]]


def test_one_infinity_is_stamped_by_a_transposed_kernel_alone() -> None:
    x = np.ones((1, 4, 4), np.float32)
    x[0, 1, 1] = np.inf

    output = ops.conv_transpose2d(x, np.ones((1, 1, 3, 3)), stride=2)

    reached = np.zeros((9, 9), bool)
    reached[2:5, 2:5] = True
    np.testing.assert_array_equal(output[0] == np.inf, reached)
    assert not np.isnan(output).any()


def test_the_curve_of_a_nan_is_a_nan() -> None:
    values = np.tile(np.array([np.nan, -np.inf, 0, np.inf, -200], np.float32), 20)

    curve = ops.activate(values, ActivationKind.SIGMOID)

    np.testing.assert_array_equal(curve, np.tile([np.nan, 0, 0.5, 1, 0], 20))


def test_a_sigmoid_is_1_where_its_exponential_is_infinite_and_its_neighbours_are_as_ever() -> None:
    x = np.array([1000.0, np.inf, 0.0, np.nan, -np.inf], np.float32)

    output = ops.activate(x, ActivationKind.SIGMOID)

    np.testing.assert_array_equal(output, [1, 1, 0.5, np.nan, 0])


@pytest.mark.parametrize("side", [4, 200])
@pytest.mark.parametrize("weight", [1e39, -1e300])
def test_a_weight_that_no_float32_can_hold_is_infinite_as_its_products_are(side: int, weight: float) -> None:
    planes = np.ones((2, side, side), np.float32)

    crossed = ops.conv2d(planes, [[[[weight]], [[0.5]]]])
    stamped = ops.conv_transpose2d(planes, [[[[weight]]], [[[0.5]]]])

    np.testing.assert_array_equal(crossed, np.full((1, side, side), np.sign(weight) * np.inf))
    np.testing.assert_array_equal(stamped, crossed)
