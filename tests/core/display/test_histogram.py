"""Histograms of what is shown: against counting by hand in float64."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from convstudio.core.display.colouring import planes_shown
from convstudio.core.display.histogram import clipped_at, histogram_of
from convstudio.core.display.ranges import DisplayRange
from convstudio.core.recipe.document import DisplayMode

VALUES = st.one_of(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 10.0, -4.0]), st.integers(-20, 20).map(float))
MODES = st.sampled_from([DisplayMode.CLIP, DisplayMode.SIGNED, DisplayMode.ABSOLUTE])


@given(arrays(np.float32, (3, 4, 5), elements=VALUES), MODES)
def test_every_value_within_the_range_is_in_its_bin(planes: NDArray[np.float32], mode: DisplayMode) -> None:
    low = -10.0 if mode is DisplayMode.SIGNED else 0.0
    display_range, bins = DisplayRange(mode, low, 10.0), 4

    counts = histogram_of(planes, display_range, bins=bins).counts

    edges = [low + (10.0 - low) * place / bins for place in range(bins + 1)]
    for plane, row in zip(planes_shown(planes, mode), counts, strict=True):
        values = [abs(float(v)) if mode is DisplayMode.ABSOLUTE else float(v) for v in plane.ravel()]
        expected = [sum(left <= v < right for v in values) for left, right in pairwise(edges)]
        expected[-1] += sum(v == 10.0 for v in values)
        assert row.tolist() == expected


def test_a_large_picture_is_counted_by_samples_that_are_spread_evenly() -> None:
    plane = np.repeat(np.arange(1000, dtype=np.float32)[None, :, None], 1000, axis=2)

    (counts,) = histogram_of(plane, DisplayRange(DisplayMode.CLIP, 0.0, 999.0), bins=10).counts

    assert counts.sum() < plane.size / 20
    assert counts.max() / counts.sum() == pytest.approx(0.1, abs=0.01)


@given(arrays(np.float32, (3, 4, 5), elements=VALUES), MODES)
def test_a_pixel_is_clipped_where_one_of_its_values_is(planes: NDArray[np.float32], mode: DisplayMode) -> None:
    low = {DisplayMode.CLIP: 0.0}.get(mode, -10.0)

    clipped = clipped_at(planes, DisplayRange(mode, 0.0 if mode is DisplayMode.ABSOLUTE else low, 10.0))

    by_hand = [[any(v < low or v > 10.0 for v in pixel) for pixel in row] for row in np.moveaxis(planes, 0, 2).tolist()]
    assert clipped.tolist() == by_hand
