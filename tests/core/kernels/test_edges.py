"""Edge, curve and line finders, on slopes, steps, corners and lines worked out by hand."""

from math import sqrt

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from tests.core.kernels.answers import answer, answers, kernel_of, places, step_right


def test_the_articles_kernel_gives_the_articles_answer() -> None:
    picture = np.tile([10.0, 10, 10, 0, 0, 0], (6, 1))

    responses = answers(picture, kernel_of("article-vertical"))

    np.testing.assert_array_equal(responses, [[0, 30, 30, 0]] * 4)


def test_the_articles_horizontal_kernel_answers_to_the_same_picture_turned() -> None:
    picture = np.tile([10.0, 10, 10, 0, 0, 0], (6, 1)).T

    responses = answers(picture, kernel_of("article-horizontal"))

    np.testing.assert_array_equal(responses, [[0] * 4, [30] * 4, [30] * 4, [0] * 4])


@pytest.mark.parametrize(("key", "turn"), [("sobel-x", 0), ("sobel-45", 45), ("sobel-y", -90), ("sobel-135", 135)])
def test_a_sobel_kernel_answers_most_to_a_slope_in_its_own_direction(key: str, turn: float) -> None:
    y, x = places()
    slopes = [x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle)) for angle in range(-180, 180, 15)]

    responses = [answer(slope, kernel_of(key)) for slope in slopes]

    assert range(-180, 180, 15)[int(np.argmax(responses))] == turn
    assert max(responses) == pytest.approx(8 if turn in (0, -90) else 6 * sqrt(2))


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

    response = answer(2 * x**2 + 3 * y**2 + 7 * x * y + 5 * x - y + 9, kernel_of(key))

    # ∂²/∂x² = 4, ∂²/∂y² = 6, ∂²/∂x∂y = 7; the eight neighbours count each square three times: 3 · (2 + 3) · 2
    assert response == expected


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

    responses = {name: answer(picture.astype(float), kernel_of(key)) for name, picture in pictures.items()}

    assert responses.pop(key) == 6
    assert list(responses.values()) == [0, 0, 0]
