"""Weights: what they refuse, because nothing true could be computed with it."""

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.layers import LARGEST, Weights


@pytest.mark.parametrize("value", [1e39, -1e300, np.nextafter(LARGEST, np.inf)])
def test_a_weight_that_float32_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ConvStudioError, match=r"what is computed with ends at 3\.4e\+38; give it a smaller number"):
        Weights([[[[0.0, value]]]])


def test_the_largest_weight_is_kept() -> None:
    assert Weights([[[[LARGEST, -LARGEST]]]]).array.tolist() == [[[[LARGEST, -LARGEST]]]]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_weight_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ConvStudioError, match="finite number"):
        Weights([[[[value]]]])
