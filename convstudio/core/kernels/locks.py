"""Locks: what stays true of a kernel plane while single cells are typed or painted."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convstudio.core.kernels.planes import Plane, total


class SumLock(StrEnum):
    """What the sum of the weights is held at."""

    FREE = "free"
    ZERO = "zero"
    ONE = "one"


@dataclass(frozen=True)
class Locks:
    """Which properties of a plane hold: the same to all sides, and its sum."""

    is_symmetric: bool = False
    sum: SumLock = SumLock.FREE


def locked(plane: Plane, cells: NDArray[np.bool_], locks: Locks) -> Plane:
    """The plane with its locks true again after some cells were changed on purpose.

    Those cells keep their values, and so do their mirror images; the others make up for the sum in equal parts. Where
    no other cell is left, all of them do. A square plane is the same under quarter turns, too.

    Parameters
    ----------
    plane
        (height, width) with the change.
    cells
        Bool, (height, width): the changed cells; none, where a lock has just been set.

    Examples
    --------
    >>> cells = np.array([[True, False, False]])
    >>> locked(np.array([[4.0, 0.0, 0.0]]), cells, Locks(is_symmetric=True, sum=SumLock.ZERO)).tolist()
    [[4.0, -8.0, 4.0]]
    """
    values, is_fixed = np.array(plane, dtype=np.float64), cells
    if locks.is_symmetric:
        values, is_fixed = _mirrored(values, cells)
    if locks.sum is SumLock.FREE:
        return values
    goal = 1.0 if locks.sum is SumLock.ONE else 0.0
    whole = total(values)
    if goal and whole and not is_fixed.any():
        return values / whole
    is_free = ~is_fixed if not is_fixed.all() else np.ones_like(is_fixed)
    values[is_free] += (goal - whole) / is_free.sum()
    return values


def _mirrored(plane: Plane, cells: NDArray[np.bool_]) -> tuple[Plane, NDArray[np.bool_]]:
    """The plane the same to all sides: changed cells spread to their images, the others become the mean of theirs."""
    images = [plane, plane[::-1], plane[:, ::-1], plane[::-1, ::-1]]
    changed = [cells, cells[::-1], cells[:, ::-1], cells[::-1, ::-1]]
    if plane.shape[0] == plane.shape[1]:
        images += [image.T for image in images]
        changed += [image.T for image in changed]
    values, is_changed = np.stack(images), np.stack(changed)
    is_fixed: NDArray[np.bool_] = np.logical_or.reduce(is_changed)
    counts = is_changed.sum(axis=0)
    with np.errstate(invalid="ignore"):
        of_changed = np.where(is_changed, values, 0.0).sum(axis=0) / np.maximum(counts, 1)
    mirrored: Plane = np.where(is_fixed, of_changed, values.mean(axis=0))
    return mirrored, is_fixed
