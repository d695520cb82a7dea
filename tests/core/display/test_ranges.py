"""Display ranges: the usual magnitude, the ends that were chosen, and what holds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from convstudio.core.display.ranges import (
    DisplayRange,
    Scale,
    Steadiness,
    display_range_of,
    steadied,
    usual_magnitude,
)
from convstudio.core.recipe.document import Display, DisplayMode

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


SIGNED = DisplayRange(DisplayMode.SIGNED, -100.0, 100.0)


@pytest.mark.parametrize(("magnitude", "held"), [(60.0, True), (124.0, True), (130.0, False), (45.0, False)])
def test_the_next_frame_moves_a_range_only_where_it_no_longer_fits(magnitude: float, held: bool) -> None:
    asked = DisplayRange(DisplayMode.SIGNED, -magnitude, magnitude)

    assert steadied(asked, SIGNED, Steadiness.STREAM) == (SIGNED if held else asked)


def test_a_gesture_holds_mode_and_range_and_a_stream_no_other_mode() -> None:
    asked = DisplayRange(DisplayMode.CLIP, 0.0, 255.0)

    assert steadied(asked, SIGNED, Steadiness.GESTURE) == SIGNED
    assert steadied(asked, SIGNED, Steadiness.STREAM) == asked
    assert steadied(asked, SIGNED, Steadiness.FREE) == asked


@pytest.mark.parametrize(
    ("display", "ends"),
    [
        (Display(DisplayMode.CLIP), (20.0, 4000.0)),
        (Display(DisplayMode.CLIP, limit=3000.0), (20.0, 3000.0)),
        (Display(DisplayMode.CLIP, low=-50.0), (-50.0, 4000.0)),
        (Display(DisplayMode.CLIP, limit=90.0, low=100.0), (20.0, 4000.0)),
        (Display(DisplayMode.OFFSET), (-2000.0, 2000.0)),
    ],
)
def test_the_ends_of_the_colours_are_those_chosen_else_those_of_the_source(
    display: Display, ends: tuple[float, float]
) -> None:
    display_range = display_range_of(display, Scale(65535.0, is_signed=False, ends=(20.0, 4000.0)), 0.0, 0.0, None)

    assert (display_range.low, display_range.high) == ends
