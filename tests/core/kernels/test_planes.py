"""Edits of one kernel plane, with numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels import planes
from convstudio.core.kernels.planes import Plane
from convstudio.core.kernels.size import anchor

kernels = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(-9, 9))
sides = st.integers(1, 31)


def test_normalising_divides_by_the_sum() -> None:
    np.testing.assert_array_equal(planes.normalise([[1, 2], [3, 2]]), [[0.125, 0.25], [0.375, 0.25]])
    np.testing.assert_array_equal(planes.normalise([[-1, -3]]), [[0.25, 0.75]])


@pytest.mark.parametrize("plane", [[[1.0, 0, -1]], [[0.1, 0.2, -0.3]], [[0.0, 0.0]]])
def test_normalising_leaves_a_kernel_whose_sum_is_0(plane: list[list[float]]) -> None:
    np.testing.assert_array_equal(planes.normalise(plane), plane)


def test_zero_sum_takes_the_mean_away() -> None:
    np.testing.assert_array_equal(planes.zero_sum([[1, 2], [3, 6]]), [[-2, -1], [0, 3]])


def test_signs_and_mirrors() -> None:
    plane = [[1, 2, 3], [4, 5, 6]]

    np.testing.assert_array_equal(planes.negate(plane), [[-1, -2, -3], [-4, -5, -6]])
    np.testing.assert_array_equal(planes.scale(plane, 0.5), [[0.5, 1, 1.5], [2, 2.5, 3]])
    np.testing.assert_array_equal(planes.flip_horizontal(plane), [[3, 2, 1], [6, 5, 4]])
    np.testing.assert_array_equal(planes.flip_vertical(plane), [[4, 5, 6], [1, 2, 3]])
    np.testing.assert_array_equal(planes.transpose(plane), [[1, 4], [2, 5], [3, 6]])


def test_negating_leaves_no_minus_zero() -> None:
    assert not np.signbit(planes.negate([[0.0]])).any()
    assert not np.signbit(planes.scale([[0.0]], -1)).any()


def test_turning_is_counter_clockwise() -> None:
    plane = [[1, 2, 3], [4, 5, 6]]

    np.testing.assert_array_equal(planes.rotate(plane), [[3, 6], [2, 5], [1, 4]])
    np.testing.assert_array_equal(planes.rotate(plane, 2), [[6, 5, 4], [3, 2, 1]])
    np.testing.assert_array_equal(planes.rotate(plane, -1), [[4, 1], [5, 2], [6, 3]])


def test_turning_by_45_degrees_moves_the_outer_cells_on_by_one() -> None:
    plane = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]

    np.testing.assert_array_equal(planes.rotate_ring(plane), [[2, 3, 6], [1, 5, 9], [4, 7, 8]])
    np.testing.assert_array_equal(planes.rotate_ring(planes.rotate_ring(plane)), planes.rotate(plane))


def test_turning_by_45_degrees_is_refused_for_other_sizes() -> None:
    with pytest.raises(ConvStudioError, match="this one is 2×3; turn it by 90°"):
        planes.rotate_ring(np.ones((2, 3)))


def test_shifting_brings_in_at_the_other_side_what_leaves() -> None:
    plane = [[1, 2, 3], [4, 5, 6]]

    np.testing.assert_array_equal(planes.shift(plane, right=1), [[3, 1, 2], [6, 4, 5]])
    np.testing.assert_array_equal(planes.shift(plane, down=-1, right=-1), [[5, 6, 4], [2, 3, 1]])


@given(kernels)
def test_a_symmetrised_kernel_is_its_own_mirror_and_keeps_its_sum(plane: Plane) -> None:
    symmetric = planes.symmetrise(plane)

    np.testing.assert_allclose(symmetric, symmetric[::-1], atol=1e-12)
    np.testing.assert_allclose(symmetric, symmetric[:, ::-1], atol=1e-12)
    assert symmetric.sum() == pytest.approx(plane.sum(), abs=1e-9)
    if symmetric.shape[0] == symmetric.shape[1]:
        np.testing.assert_allclose(symmetric, symmetric.T, atol=1e-12)


def test_symmetrising_averages_cells_that_are_alike() -> None:
    np.testing.assert_array_equal(planes.symmetrise([[1, 2, 3], [4, 5, 12]]), [[5, 3.5, 5], [5, 3.5, 5]])


def test_random_weights_follow_their_seed_and_have_hes_spread() -> None:
    zeros = np.zeros((31, 31))

    np.testing.assert_array_equal(planes.randomise(zeros, 3), planes.randomise(zeros + 1, 3))
    assert (planes.randomise(zeros, 3) != planes.randomise(zeros, 4)).any()
    assert planes.randomise(zeros, 3).std() == pytest.approx(np.sqrt(2 / 961), rel=0.1)


def test_resizing_keeps_what_lies_on_the_anchor_there() -> None:
    plane = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]

    np.testing.assert_array_equal(planes.resized(plane, 1, 1), [[5]])
    np.testing.assert_array_equal(planes.resized(plane, 2, 3), [[4, 5, 6], [7, 8, 9]])
    np.testing.assert_array_equal(planes.resized(plane, 1, 5), [[0, 4, 5, 6, 0]])
    np.testing.assert_array_equal(planes.resized([[1, 2], [3, 4]], 3, 3), [[0, 0, 0], [0, 1, 2], [0, 3, 4]])
    np.testing.assert_array_equal(planes.resized([[1, 2, 3, 4]], 1, 5), [[0, 1, 2, 3, 4]])


@given(kernels, sides, sides)
def test_whatever_the_sizes_the_anchor_stays_and_larger_sizes_lose_nothing(
    plane: Plane, height: int, width: int
) -> None:
    resized = planes.resized(plane, height, width)

    assert resized.shape == (height, width)
    assert resized[anchor(height), anchor(width)] == plane[anchor(plane.shape[0]), anchor(plane.shape[1])]
    if height > plane.shape[0] and width > plane.shape[1]:
        np.testing.assert_array_equal(planes.resized(resized, *plane.shape), plane)


@pytest.mark.parametrize(("height", "width", "what"), [(0, 3, "rows, not 0"), (3, 32, "columns, not 32")])
def test_sizes_outside_1_to_31_are_refused(height: int, width: int, what: str) -> None:
    with pytest.raises(ConvStudioError, match=f"1 to 31 {what}"):
        planes.resized([[1]], height, width)


@pytest.mark.parametrize(
    ("plane", "expected"),
    [
        ([[0, 0], [0, 0]], 0),
        ([[1, 0, -1]] * 3, 1),
        ([[1, 2], [2, 4 + 1e-12]], 1),
        ([[1, 2], [2, 4.001]], 2),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 2),
        (np.eye(5), 5),
    ],
)
def test_rank(plane: Plane, expected: int) -> None:
    assert planes.rank(plane) == expected


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=7), st.lists(st.integers(-9, 9), min_size=1, max_size=7))
def test_a_product_of_column_and_row_is_found_again(column: list[int], row: list[int]) -> None:
    plane = np.outer(column, row).astype(float)

    parts = planes.separable(plane)

    if plane.any():
        assert parts is not None
        np.testing.assert_allclose(np.outer(*parts), plane, atol=1e-9)
    else:
        assert parts is None


def test_factors_are_whole_numbers_where_they_can_be() -> None:
    blur = planes.separable(np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256)
    bell = np.exp(-(np.arange(-3.0, 4) ** 2) / 2)

    assert blur is not None
    np.testing.assert_allclose(blur[0], [1, 4, 6, 4, 1])
    np.testing.assert_allclose(blur[1], np.array([1, 4, 6, 4, 1]) / 256)
    smooth = planes.separable(np.outer(bell, bell))
    assert smooth is not None
    assert np.abs(smooth[0]).max() == 1


def test_a_kernel_of_rank_2_has_no_factors() -> None:
    assert planes.separable([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) is None


def test_an_edit_never_changes_the_plane_it_is_given() -> None:
    plane = np.arange(9.0).reshape(3, 3)
    plane.flags.writeable = False

    for edit in (
        planes.normalise, planes.zero_sum, planes.negate, planes.flip_horizontal, planes.flip_vertical,
        planes.transpose, planes.rotate, planes.rotate_ring, planes.shift, planes.symmetrise,
    ):  # fmt: skip
        edited = edit(plane)
        edited += 1  # it is a plane of its own, writable

    np.testing.assert_array_equal(plane, np.arange(9.0).reshape(3, 3))


def test_something_else_than_rows_and_columns_is_refused() -> None:
    with pytest.raises(ConvStudioError, match="rows and columns"):
        planes.negate(np.zeros((2, 2, 2)))
