"""The usual magnitude: the one that 99.5 % of the samples stay below, whatever they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from convstudio.core.display.ranges import usual_magnitude

few = st.sampled_from([0.0, 1e-40, -1e-40, 1e-30, 2.0, -2.0, 3e38])
values = st.one_of(few, st.floats(-1e6, 1e6, width=32))


@given(arrays(np.float32, st.integers(1, 600), elements=values))
def test_it_is_the_value_at_its_rank(samples: NDArray[np.float32]) -> None:
    ranked = sorted(abs(value) for value in samples.tolist())

    magnitude = usual_magnitude(samples)

    usual = ranked[int(len(ranked) * 0.995)]
    assert magnitude == (usual if usual > ranked[-1] / 2**20 else None)


@pytest.mark.parametrize(("last", "expected"), [(np.inf, 1.0), (np.nan, 1.0), (7.0, 1.0)])
def test_a_rare_value_does_not_count_whatever_it_is(last: float, expected: float) -> None:
    samples = np.array([1.0] * 999 + [last], np.float32)

    assert usual_magnitude(samples) == expected


def test_what_rounding_leaves_of_an_even_picture_is_not_usual() -> None:
    assert usual_magnitude(np.array([2.5e-6] * 999 + [300.0], np.float32)) is None


def test_nothing_usual_where_everything_is_0_or_most_is_infinite() -> None:
    assert usual_magnitude(np.zeros(9, np.float32)) is None
    assert usual_magnitude(np.full(9, np.inf, np.float32)) is None
