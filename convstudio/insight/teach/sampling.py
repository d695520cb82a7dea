"""Which patches of a picture become examples and tests: those with contrast, and always the same ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.regions import Region
from convstudio.core.kernels.size import anchor
from convstudio.insight.teach.models import Patches

Plane = NDArray[np.float64]
Places = NDArray[np.int64]  # (count, 2): row and column of the first output of each patch
SIDE = 8  # outputs on a side of a patch: 64 equations, more than the 49 unknowns of the largest kernel
MOST_TESTS = 16
FEWEST = 20  # examples, where those that overlap a test can be left out
LONGEST_SHIFT = 4  # pixels
SEED = 5


@dataclass(frozen=True, eq=False)
class Samples:
    """The patches to learn from and to test on.

    Parameters
    ----------
    side
        Outputs on a side of each patch.
    examples, tests
        Their places, the examples in the order in which they are learned; there may be fewer than were asked for.
    are_apart
        Whether no example overlaps a test; in a small picture they must.
    """

    side: int
    examples: Places
    tests: Places
    are_apart: bool


def side_of(room: Region) -> int:
    """The outputs on a side of a patch, so that there is more than one place for it; 0 where there is no room.

    Examples
    --------
    >>> side_of(Region(1, 479, 1, 639)), side_of(Region(1, 5, 1, 5)), side_of(Region(1, 1, 1, 5))
    (8, 3, 0)
    """
    least = min(room.height, room.width)
    return min(SIDE, least // 2 + 1) if least > 0 else 0


def choose_samples(before: Plane, room: Region, size: int, *, count: int, marks: Plane | None = None) -> Samples:
    """Choose places for examples and tests.

    Parameters
    ----------
    before
        The picture, (height, width).
    room
        Where outputs are known that have their whole k×k window in the picture; not empty.
    size
        k.
    count
        How many examples to choose at most.
    marks
        Where this differs from 0 is something to see, (height, width); without it, where neighbours differ.

    Examples
    --------
    >>> samples = choose_samples(np.eye(40), Region(1, 39, 1, 39), 3, count=5)
    >>> samples.side, samples.examples.shape, samples.tests.shape
    (8, (5, 2), (16, 2))
    """
    side = side_of(room)
    length = side + size - 1
    rows, columns = room.height - side + 1, room.width - side + 1
    contrast_map = contrast(before, side, side) if marks is None else window_sums(marks * marks, side, side)
    contrasts = contrast_map[room.top : room.top + rows, room.left : room.left + columns]
    flat_contrasts = contrasts.ravel()
    usual = (
        float(np.median(flat_contrasts)) if flat_contrasts.size > MOST_TESTS + FEWEST else -1.0
    )  # of few places all are taken
    good = np.flatnonzero(flat_contrasts > usual if usual == 0 else flat_contrasts >= usual)
    order = np.random.default_rng(SEED).permutation(good if len(good) else flat_contrasts.size)
    corner = np.array([room.top, room.left])
    places: Places = np.stack(np.divmod(order, columns), axis=1) + corner
    tests = min(MOST_TESTS, len(places) // 3)
    held, rest = places[:tests], places[tests:]
    rest = rest[: 8 * count]
    is_away = (np.abs(rest[:, None] - held[None]).max(axis=2) >= length).all(axis=1)
    are_apart = bool(is_away.sum() >= min(FEWEST, count))
    if are_apart:
        rest = rest[is_away]
    examples = _arranged(rest, contrasts[tuple((rest - corner).T)], length, room.left)
    return Samples(side, examples[:count], held, are_apart)


def patches_of(plane: Plane, places: Places, side: int, size: int = 1) -> Patches:
    """Cut patches out of a plane: what `side`×`side` outputs with k×k windows read, (places, side + k − 1, …).

    Examples
    --------
    >>> patches_of(np.arange(16.0).reshape(4, 4), np.array([[1, 1]]), side=1, size=3).tolist()
    [[[0.0, 1.0, 2.0], [4.0, 5.0, 6.0], [8.0, 9.0, 10.0]]]
    """
    length, before = side + size - 1, anchor(size)
    return np.array([plane[r - before : r - before + length, c - before : c - before + length] for r, c in places])


def contrast(grey: Plane, height: int, width: int) -> Plane:
    """How much neighbours differ within every window of a picture: the sum of their squared differences.

    Examples
    --------
    >>> contrast(np.array([[0.0, 0.0, 3.0, 3.0]]), 1, 2).tolist()
    [[0.0, 9.0, 0.0]]
    """
    # a difference belongs to the later of its two pixels, so a window holds all but those of its first row or column
    down = np.pad(np.diff(grey, axis=0) ** 2, ((1, 0), (0, 0)))
    across = np.pad(np.diff(grey, axis=1) ** 2, ((0, 0), (1, 0)))
    squares = window_sums(down, height, width, skip=(1, 0)) + window_sums(across, height, width, skip=(0, 1))
    return np.asarray(np.maximum(squares, 0.0))  # sums of sums leave rounding behind


def window_sums(values: Plane, height: int, width: int, *, skip: tuple[int, int] = (0, 0)) -> Plane:
    """The sums of the values in every window but its first `skip` rows and columns.

    Examples
    --------
    >>> row = np.array([[1.0, 2.0, 3.0]])
    >>> window_sums(row, 1, 2).tolist(), window_sums(row, 1, 2, skip=(0, 1)).tolist()
    ([[3.0, 5.0]], [[2.0, 3.0]])
    """
    total = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    rows, columns = values.shape[0] - height + 1, values.shape[1] - width + 1
    down, across = skip
    low, high = total[down : down + rows], total[height : height + rows]
    upper = low[:, width : width + columns] - low[:, across : across + columns]
    lower = high[:, width : width + columns] - high[:, across : across + columns]
    return np.asarray(lower - upper)


def _arranged(places: Places, contrasts: NDArray[np.float64], length: int, left: int) -> Places:
    """The example with the most contrast first, without those that show a model how it looks when it is moved."""
    if len(places) == 0:
        return places
    offsets = places[:, 1] - left
    can_move = offsets >= min(LONGEST_SHIFT, int(offsets.max()))
    first = int(np.argmax(np.where(can_move, contrasts, -1.0)))
    down, right = np.abs((places - places[first]).T)
    is_clear = (down >= length) | (right >= length + LONGEST_SHIFT)
    if is_clear.sum() < FEWEST:
        is_clear = (down > 0) | (places[:, 1] > places[first, 1]) | (right > LONGEST_SHIFT)
    is_clear[first] = False
    return np.concatenate([places[first : first + 1], places[is_clear]])
