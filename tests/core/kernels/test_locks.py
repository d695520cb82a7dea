"""Locks: what holds while one cell is changed, worked out by hand."""

import numpy as np
import pytest

from convstudio.core.kernels.locks import Locks, SumLock, locked
from convstudio.core.kernels.planes import total

SYMMETRIC, ZERO, ONE = Locks(is_symmetric=True), Locks(sum=SumLock.ZERO), Locks(sum=SumLock.ONE)
NONE = np.zeros((3, 3), np.bool_)


def cell(row: int, column: int) -> np.typing.NDArray[np.bool_]:
    cells = NONE.copy()
    cells[row, column] = True
    return cells


def test_without_locks_nothing_else_changes() -> None:
    plane = np.arange(9.0).reshape(3, 3)

    np.testing.assert_array_equal(locked(plane, cell(0, 0), Locks()), plane)


def test_a_corner_takes_the_other_corners_along_and_no_edge() -> None:
    plane = np.array([[7.0, 1.0, 2.0], [1.0, 5.0, 1.0], [2.0, 1.0, 2.0]])

    assert locked(plane, cell(0, 0), SYMMETRIC).tolist() == [[7, 1, 7], [1, 5, 1], [7, 1, 7]]


def test_a_wide_plane_mirrors_without_turning() -> None:
    cells = np.array([[True, False, False], [False, False, False]])

    assert locked(np.array([[4.0, 1, 2], [2, 1, 2]]), cells, SYMMETRIC).tolist() == [[4, 1, 4], [4, 1, 4]]


def test_the_others_make_up_for_the_sum() -> None:
    plane = np.zeros((3, 3))
    plane[1, 1] = 8.0

    assert locked(plane, cell(1, 1), ZERO).tolist() == [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
    # 1 − 9 shared by eight cells
    assert locked(plane + cell(1, 1), cell(1, 1), ONE).tolist() == [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]


def test_a_lock_that_is_set_divides_by_the_sum_or_where_that_is_zero_adds() -> None:
    assert locked(np.array([[1.0, 2.0, 1.0]]), NONE[:1], ONE).tolist() == [[0.25, 0.5, 0.25]]
    assert locked(np.array([[1.0, 0.0, -1.0]]), NONE[:1], ONE).sum() == pytest.approx(1)
    assert locked(np.array([[3.0, 0.0, 0.0]]), NONE[:1], ZERO).tolist() == [[2, -1, -1]]


def test_where_every_cell_was_changed_all_of_them_give_way() -> None:
    assert locked(np.full((3, 3), 9.0), ~NONE, ONE).sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("goal", [SumLock.ZERO, SumLock.ONE])
def test_both_locks_hold_for_whatever_is_painted(seed: int, goal: SumLock) -> None:
    draw = np.random.default_rng(seed)
    side = int(draw.integers(2, 8))
    plane = draw.normal(size=(side, side))
    cells = draw.random((side, side)) < 0.2

    result = locked(plane, cells, Locks(is_symmetric=True, sum=goal))

    for image in (result[::-1], result[:, ::-1], result.T):
        np.testing.assert_allclose(image, result, atol=1e-12)
    assert total(result) == pytest.approx(1.0 if goal is SumLock.ONE else 0.0, abs=1e-12)
