"""A run of a dense layer's weights is what all of them have there, wherever it begins."""

import numpy as np
import pytest

from convstudio.core.ops import dense_weights, dense_weights_from


@pytest.mark.parametrize("first", [*range(9), 15, 16, 17, 59])
@pytest.mark.parametrize("count", [1, 2, 7, 8, 9])
def test_a_run_is_a_part_of_all(first: int, count: int) -> None:
    every = dense_weights(4, 17, seed=5).ravel()

    np.testing.assert_array_equal(dense_weights_from(first, count, inputs=17, seed=5), every[first : first + count])
