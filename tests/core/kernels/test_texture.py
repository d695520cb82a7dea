"""Kernels for stripes, checks, crossings and noise, on the patterns that they are for."""

from math import pi, sqrt

import numpy as np
import pytest

from convstudio.core.kernels.planes import rank
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from tests.core.kernels.answers import answer, kernel_of, places, step_right


@pytest.mark.parametrize("theta", [0, 30, 45, 90, 150])
def test_gabor_answers_to_stripes_that_cross_its_direction(theta: float) -> None:
    y, x = places()
    kernel = kernel_of("gabor", theta=theta, wavelength=6, sigma=2.5)
    waves = {
        angle: np.cos(2 * pi / 6 * (x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle))))
        for angle in range(0, 180, 15)
    }

    responses = {angle: answer(wave, kernel) for angle, wave in waves.items()}

    assert max(responses, key=lambda angle: responses[angle]) == theta
    assert responses[int(theta + 90) % 180] < 0.1 * responses[int(theta)]


def test_gabor_weights_balance_and_the_phase_makes_an_edge_finder() -> None:
    kernel = kernel_of("gabor", phase=270)

    assert kernel[kernel > 0].sum() == pytest.approx(1)
    np.testing.assert_allclose(kernel, -kernel[:, ::-1], atol=1e-15)
    assert answer(step_right(), kernel) > 0.2


def test_gabor_gets_longer_along_its_stripes_where_gamma_is_small() -> None:
    kernel = kernel_of("gabor", gamma=0.5, wavelength=5)

    along_stripes, across = np.abs(kernel).sum(axis=1), np.abs(kernel).sum(axis=0)

    assert (along_stripes > 0.2 * along_stripes.max()).sum() > (across > 0.2 * across.max()).sum()


def test_a_gabor_bank_is_the_same_filter_in_evenly_spread_directions() -> None:
    bank = build(find("gabor-bank"), count=3, wavelength=5, sigma=2)

    for kernel, theta in zip(bank, (0, 60, 120), strict=True):
        np.testing.assert_allclose(kernel, kernel_of("gabor", theta=theta, wavelength=5, sigma=2), atol=1e-15)


@pytest.mark.parametrize("size", [2, 3, 8])
def test_checker_answers_2_to_its_own_pattern(size: int) -> None:
    y, x = np.indices((size, size))
    picture = np.where((x + y) % 2, -1.0, 1.0)

    assert answer(picture, kernel_of("checker", size=size)) == pytest.approx(2)


def test_pinwheel_answers_where_four_fields_meet_and_not_to_a_straight_edge() -> None:
    y, x = places()
    crossing = np.sign(x * x - y * y)  # bright to the left and right of the two diagonals
    kernel = kernel_of("pinwheel")

    assert answer(crossing, kernel) == pytest.approx(2)
    assert answer(step_right(), kernel) == pytest.approx(answer(1 - step_right(), kernel) * -1, abs=1e-12)
    np.testing.assert_allclose(np.rot90(kernel), -kernel, atol=1e-12)


def test_laws_filters_are_columns_times_rows() -> None:
    filters = build(find("laws"))

    assert [rank(kernel) for kernel in filters] == [1] * 9
    np.testing.assert_array_equal(filters[1], kernel_of("sobel-x"))
    np.testing.assert_array_equal(filters[8], kernel_of("point"))


def test_random_follows_its_seed() -> None:
    first, same, other = (kernel_of("random", seed=seed, size=31) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first, same)
    assert (first != other).mean() > 0.99
    assert first.std() == pytest.approx(sqrt(2) / 31, rel=0.1)
