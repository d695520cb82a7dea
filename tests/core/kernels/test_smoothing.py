"""Kernels that keep the brightness: moving, blurring, sharpening; worked out by hand."""

from math import pi

import numpy as np
import pytest

from tests.core.kernels.answers import answer, answers, kernel_of, places, step_right


def test_identity_leaves_a_picture_alone() -> None:
    picture = np.arange(25.0).reshape(5, 5)

    np.testing.assert_array_equal(answers(picture, kernel_of("identity")), picture[1:-1, 1:-1])


def test_shift_moves_a_point_to_the_right_and_down() -> None:
    picture = np.zeros((9, 9))
    picture[4, 4] = 1

    responses = answers(picture, kernel_of("shift", right=2, down=1))

    # the answers begin where the kernel of 3×5 lies on the point's row 1 and column 2
    assert np.argwhere(responses).tolist() == [[4 + 1 - 1, 4 + 2 - 2]]


def test_box_is_the_mean() -> None:
    np.testing.assert_allclose(kernel_of("box", size=4), np.full((4, 4), 1 / 16))


def test_gaussian_has_the_bell_curves_numbers() -> None:
    side = np.array([np.exp(-0.5), 1, np.exp(-0.5)]) / (1 + 2 * np.exp(-0.5))

    np.testing.assert_allclose(kernel_of("gaussian", sigma=1, size=3), np.outer(side, side), rtol=1e-14)


@pytest.mark.parametrize(("sigma", "size"), [(1, 7), (2, 13), (0.3, 3), (5, 31)])
def test_gaussian_reaches_three_sigma_to_each_side(sigma: float, size: int) -> None:
    assert kernel_of("gaussian", sigma=sigma).shape == (size, size)


def test_two_gaussians_blur_like_one_whose_squares_add_up() -> None:
    y, x = places(31)
    point = ((y == 0) & (x == 0)).astype(float)

    twice = answers(answers(point, kernel_of("gaussian", sigma=0.9, size=9)), kernel_of("gaussian", sigma=1.2, size=9))

    once = answers(point, kernel_of("gaussian", sigma=1.5, size=17))
    np.testing.assert_allclose(twice, once, atol=4e-4)


def test_binomial_is_pascals_triangle_across_and_down() -> None:
    kernel = kernel_of("binomial")

    np.testing.assert_array_equal(kernel[2] * 256, [6, 24, 36, 24, 6])
    np.testing.assert_array_equal(kernel[0] * 256, [1, 4, 6, 4, 1])


@pytest.mark.parametrize("radius", [1.5, 2.5, 4, 10])
def test_disk_weighs_whole_cells_by_the_area_of_the_circle(radius: float) -> None:
    kernel = kernel_of("disk", radius=radius)

    assert kernel[kernel.shape[0] // 2, kernel.shape[1] // 2] == pytest.approx(1 / (pi * radius**2), rel=0.01)
    assert kernel[0, 0] < 0.6 * kernel.max()


def test_motion_along_a_row_is_the_mean_of_its_pixels() -> None:
    np.testing.assert_allclose(kernel_of("motion", length=5, angle=0), [[0.2] * 5])
    np.testing.assert_allclose(kernel_of("motion", length=4, angle=0), [[0.125, 0.25, 0.25, 0.25, 0.125]])
    np.testing.assert_allclose(kernel_of("motion", length=5, angle=90), [[0.2]] * 5)


def test_motion_at_45_degrees_lies_on_the_rising_diagonal() -> None:
    kernel = kernel_of("motion", length=9, angle=45)

    np.testing.assert_allclose(kernel, kernel[::-1, ::-1])  # no side is heavier
    assert np.fliplr(kernel).diagonal().sum() > 0.6
    assert kernel[0, 0] == 0
    np.testing.assert_allclose(kernel_of("motion", length=9, angle=135), kernel[:, ::-1])


@pytest.mark.parametrize("angle", [0, 20, 45, 70, 90, 120])
def test_motion_is_as_long_as_it_says_in_its_direction_and_one_pixel_thick(angle: float) -> None:
    kernel = kernel_of("motion", length=12, angle=angle)
    rows, columns = (np.arange(length) - length // 2 for length in kernel.shape)
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along, across = columns * c - rows[:, None] * s, columns * s + rows[:, None] * c

    # the mean square of a bar's places is length² / 12; cells one wide add up to 1/12 to each
    assert (kernel * along**2).sum() == pytest.approx(12**2 / 12 + 1 / 12, rel=0.02)
    assert (kernel * across**2).sum() <= 2 / 12 + 0.02


@pytest.mark.parametrize(("key", "over"), [("sharpen-4", 1), ("sharpen-8", 3)])
def test_sharpening_overshoots_on_both_sides_of_a_step(key: str, over: float) -> None:
    row = answers(step_right(7), kernel_of(key))[2]

    # a pixel beside the step has 1 (of 4) or 3 (of 8) neighbours on the other side
    np.testing.assert_array_equal(row, [0, 0, -over, 1 + over, 1])


def test_unsharp_adds_what_the_blur_takes_away() -> None:
    picture = np.random.default_rng(1).random((15, 15))
    blurred = answer(picture, kernel_of("gaussian", sigma=1.5))

    response = answer(picture, kernel_of("unsharp", sigma=1.5, amount=0.8))

    assert response == pytest.approx(picture[7, 7] + 0.8 * (picture[7, 7] - blurred))


def test_high_boost_with_amount_1_is_the_strong_sharpening() -> None:
    np.testing.assert_array_equal(kernel_of("high-boost", amount=1), kernel_of("sharpen-8"))
