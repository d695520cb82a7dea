"""Scales of colours: every number has one, also those that are not finite."""

import numpy as np
import pytest

from convstudio.core.display.colours import (
    NO_NUMBER,
    ZERO,
    diverging_colours,
    grey_colours,
    limit_of,
    signed_colour,
    signed_colours,
)


@pytest.mark.parametrize("limit", [1.0, 0.0, np.inf, np.nan])
def test_numbers_that_are_not_finite_have_colours(limit: float) -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0.0])

    one_by_one = [signed_colour(value, limit) for value in values.tolist()]
    together = signed_colours(values, limit)

    ends = diverging_colours()[[255, 1, ZERO]].tolist()
    assert [list(colour) for colour in one_by_one] == [list(NO_NUMBER), *ends]
    np.testing.assert_array_equal(together, one_by_one)


def test_no_scale_has_the_colour_of_no_number() -> None:
    scales = np.concatenate([diverging_colours(), grey_colours()]).tolist()

    assert list(NO_NUMBER) not in scales


@pytest.mark.parametrize(
    ("values", "limit"), [([np.nan, -2.0, np.inf], 2.0), ([np.nan], 1.0), ([-np.inf, np.inf], 1.0), ([0.0, 0.0], 1.0)]
)
def test_a_scale_ends_at_the_largest_finite_magnitude(values: list[float], limit: float) -> None:
    assert limit_of(np.array(values, np.float32)) == limit
