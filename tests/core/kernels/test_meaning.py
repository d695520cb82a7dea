"""What each kernel is for, on small pictures worked out by hand: points, lines, corners, slopes, stripes, light."""

from math import pi, sqrt

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from convstudio.core.edits.planes import rank
from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels import build, find

Plane = NDArray[np.float64]


def answers(picture: ArrayLike, kernel: Plane) -> Plane:
    """Correlation without padding, by its definition."""
    windows = sliding_window_view(np.array(picture, dtype=np.float64), kernel.shape)
    return np.array((windows * kernel).sum(axis=(2, 3)))


def answer(picture: Plane, kernel: Plane) -> float:
    """The one answer where the kernel lies on the middle of the picture."""
    height, width = kernel.shape
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return float((picture[top : top + height, left : left + width] * kernel).sum())


def kernel_of(key: str, **values: float) -> Plane:
    filters = build(find(key), **values)
    assert len(filters) == 1
    kernel: NDArray[np.float64] = filters[0]
    return kernel


def places(size: int = 31) -> tuple[Plane, Plane]:
    """Rows below and columns right of the middle."""
    y, x = np.indices((size, size), dtype=np.float64)
    return y - size // 2, x - size // 2


def step_right(size: int = 31) -> Plane:
    """0 up to and with the middle column, then 1."""
    return (places(size)[1] > 0).astype(np.float64)


def test_the_articles_kernel_gives_the_articles_answer() -> None:
    picture = np.tile([10.0, 10, 10, 0, 0, 0], (6, 1))

    found = answers(picture, kernel_of("article-vertical"))

    np.testing.assert_array_equal(found, [[0, 30, 30, 0]] * 4)


def test_the_articles_horizontal_kernel_answers_to_the_same_picture_turned() -> None:
    picture = np.tile([10.0, 10, 10, 0, 0, 0], (6, 1)).T

    found = answers(picture, kernel_of("article-horizontal"))

    np.testing.assert_array_equal(found, [[0] * 4, [30] * 4, [30] * 4, [0] * 4])


def test_identity_leaves_a_picture_alone() -> None:
    picture = np.arange(25.0).reshape(5, 5)

    np.testing.assert_array_equal(answers(picture, kernel_of("identity")), picture[1:-1, 1:-1])


def test_shift_moves_a_point_to_the_right_and_down() -> None:
    picture = np.zeros((9, 9))
    picture[4, 4] = 1

    found = answers(picture, kernel_of("shift", right=2, down=1))

    # the answers begin where the kernel of 3×5 lies on the point's row 1 and column 2
    assert np.argwhere(found).tolist() == [[4 + 1 - 1, 4 + 2 - 2]]


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


@pytest.mark.parametrize(("key", "over"), [("sharpen-4", 1), ("sharpen-8", 3)])
def test_sharpening_overshoots_on_both_sides_of_a_step(key: str, over: float) -> None:
    row = answers(step_right(7), kernel_of(key))[2]

    # a pixel beside the step has 1 (of 4) or 3 (of 8) neighbours on the other side
    np.testing.assert_array_equal(row, [0, 0, -over, 1 + over, 1])


def test_unsharp_adds_what_the_blur_takes_away() -> None:
    picture = np.random.default_rng(1).random((15, 15))
    blurred = answer(picture, kernel_of("gaussian", sigma=1.5))

    found = answer(picture, kernel_of("unsharp", sigma=1.5, amount=0.8))

    assert found == pytest.approx(picture[7, 7] + 0.8 * (picture[7, 7] - blurred))


def test_high_boost_with_amount_1_is_the_strong_sharpening() -> None:
    np.testing.assert_array_equal(kernel_of("high-boost", amount=1), kernel_of("sharpen-8"))


@pytest.mark.parametrize(("key", "turn"), [("sobel-x", 0), ("sobel-45", 45), ("sobel-y", -90), ("sobel-135", 135)])
def test_a_sobel_kernel_answers_most_to_a_slope_in_its_own_direction(key: str, turn: float) -> None:
    y, x = places()
    slopes = [x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle)) for angle in range(-180, 180, 15)]

    found = [answer(slope, kernel_of(key)) for slope in slopes]

    assert range(-180, 180, 15)[int(np.argmax(found))] == turn
    assert max(found) == pytest.approx(8 if turn in (0, -90) else 6 * sqrt(2))


@pytest.mark.parametrize(
    ("key", "expected"), [("difference-x", 3), ("difference-y", 5), ("sobel-x", 24), ("scharr-y", 160)]
)
def test_first_derivatives_measure_a_slope(key: str, expected: float) -> None:
    y, x = places()

    assert answer(3 * x + 5 * y, kernel_of(key)) == expected


def test_roberts_subtracts_along_the_two_diagonals() -> None:
    falling, rising = build(find("roberts"))
    picture = np.array([[7.0, 5.0], [3.0, 2.0]])

    assert answer(picture, falling) == 7 - 2
    assert answer(picture, rising) == 5 - 3


@pytest.mark.parametrize("key", ["kirsch", "robinson"])
def test_a_compass_names_the_side_that_is_brighter(key: str) -> None:
    filters = build(find(key))
    clockwise = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]  # N, NE, E, …
    y, x = places(3)

    strongest = [
        int(np.argmax([answer(((y * down + x * right) > 0).astype(float), kernel) for kernel in filters]))
        for down, right in clockwise
    ]

    assert strongest == list(range(8))


def test_kirsch_has_fives_on_three_sides_and_answers_15_to_a_bright_top() -> None:
    kernel = kernel_of("kirsch-n")

    assert answer(np.array([[1.0] * 3, [0] * 3, [0] * 3]), kernel) == 15
    np.testing.assert_array_equal(build(find("kirsch"))[2], [[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]])


def test_robinson_starts_with_sobel_upside_down() -> None:
    north, _, east, *_ = build(find("robinson"))

    np.testing.assert_array_equal(north, -kernel_of("sobel-y"))
    np.testing.assert_array_equal(east, kernel_of("sobel-x"))


def test_frei_chen_filters_are_nine_directions_at_right_angles_of_length_1() -> None:
    filters = build(find("frei-chen")).reshape(9, 9)

    np.testing.assert_allclose(filters @ filters.T, np.eye(9), atol=1e-15)
    np.testing.assert_allclose(filters[0, :3], [1 / sqrt(8), 0.5, 1 / sqrt(8)])
    np.testing.assert_allclose(filters[8], [1 / 3] * 9)


def test_outline_is_positive_just_inside_the_bright_side_and_negative_just_outside() -> None:
    row = answers(step_right(7), kernel_of("outline"))[2]

    np.testing.assert_array_equal(row, [0, 0, -3, 3, 0])


def test_emboss_from_the_upper_left_has_the_usual_numbers() -> None:
    np.testing.assert_array_equal(kernel_of("emboss"), [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
    np.testing.assert_array_equal(kernel_of("emboss", angle=0), [[1, 0, -1], [1, 1, -1], [1, 0, -1]])
    np.testing.assert_array_equal(kernel_of("emboss", angle=90), [[-1, -1, -1], [0, 1, 0], [1, 1, 1]])


@pytest.mark.parametrize("angle", [0, 30, 90, 135, 200, 315])
def test_emboss_lights_the_slope_that_faces_the_light(angle: float) -> None:
    y, x = places()
    towards_light = x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle))
    kernel = kernel_of("emboss", angle=angle)

    assert answer(-towards_light, kernel) > 1  # it rises away from the light, so this side faces it
    assert answer(towards_light, kernel) < -1


@pytest.mark.parametrize(
    ("key", "expected"),
    [("laplacian-4", 10), ("laplacian-8", 30), ("second-x", 4), ("second-y", 6), ("second-xy", 7), ("point", 0)],
)
def test_second_derivatives_measure_a_curve(key: str, expected: float) -> None:
    y, x = places()

    found = answer(2 * x**2 + 3 * y**2 + 7 * x * y + 5 * x - y + 9, kernel_of(key))

    # ∂²/∂x² = 4, ∂²/∂y² = 6, ∂²/∂x∂y = 7; the eight neighbours count each square three times: 3 · (2 + 3) · 2
    assert found == expected


def test_points_and_corners_are_found_but_not_lines_and_edges() -> None:
    kernel = kernel_of("point")
    y, x = places(9)

    assert answer(((x == 0) & (y == 0)).astype(float), kernel) == 4
    assert answer(((x >= 0) & (y >= 0)).astype(float), kernel) == 1
    for straight in (x >= 0, y >= 0, x == 0, y == 0):
        assert answer(straight.astype(float), kernel) == 0


def test_laplacian_of_gaussian_measures_a_curve_and_changes_sign_at_its_ring() -> None:
    sigma = 2.0
    kernel = kernel_of("log", sigma=sigma)
    y, x = places(kernel.shape[0])
    distance = np.hypot(y, x)

    assert answer(x**2 + y**2, kernel) == pytest.approx(4, rel=0.01)
    assert kernel.min() == kernel[8, 8]
    assert (kernel[distance < 0.95 * sigma * sqrt(2)] < 0).all()
    assert (kernel[(distance > 1.05 * sigma * sqrt(2)) & (distance < 4 * sigma)] > 0).all()


def test_difference_of_gaussians_is_the_difference_and_finds_bright_spots() -> None:
    y, x = places()

    kernel = kernel_of("dog", sigma1=1, sigma2=2)

    np.testing.assert_allclose(
        kernel, kernel_of("gaussian", sigma=1, size=13) - kernel_of("gaussian", sigma=2, size=13), atol=1e-17
    )
    assert answer((np.hypot(y, x) < 1.5).astype(float), kernel) > 0.3


def test_difference_of_gaussians_refuses_a_narrow_blur_that_is_not_narrow() -> None:
    with pytest.raises(ConvStudioError, match=r"sigma1 is 2 .* sigma2 is 1\.6"):
        kernel_of("dog", sigma1=2)


@pytest.mark.parametrize("key", ["line-horizontal", "line-45", "line-vertical", "line-135"])
def test_a_line_finder_answers_most_to_its_own_line(key: str) -> None:
    y, x = places(3)
    pictures = {
        "line-horizontal": y == 0, "line-45": x + y == 0, "line-vertical": x == 0, "line-135": x == y,
    }  # fmt: skip

    found = {name: answer(picture.astype(float), kernel_of(key)) for name, picture in pictures.items()}

    assert found.pop(key) == 6
    assert list(found.values()) == [0, 0, 0]


@pytest.mark.parametrize("theta", [0, 30, 45, 90, 150])
def test_gabor_answers_to_stripes_that_cross_its_direction(theta: float) -> None:
    y, x = places()
    kernel = kernel_of("gabor", theta=theta, wavelength=6, sigma=2.5)
    waves = {
        angle: np.cos(2 * pi / 6 * (x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle))))
        for angle in range(0, 180, 15)
    }

    found = {angle: answer(wave, kernel) for angle, wave in waves.items()}

    assert max(found, key=lambda angle: found[angle]) == theta
    assert found[int(theta + 90) % 180] < 0.1 * found[int(theta)]


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
