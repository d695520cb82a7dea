"""Pupils: what one kind of map has learned from its examples, and what it makes of patches it never saw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.insight.teach.fit import (
    Fitted,
    Kind,
    Patches,
    Plane,
    Unknowns,
    predicted,
    relative_error,
    unknowns,
)
from convstudio.insight.teach.places import cut
from convstudio.insight.teach.wanted import BeforeAfter


@dataclass(frozen=True, eq=False)
class Pupil:
    """What one kind of map has learned.

    Parameters
    ----------
    unknowns
        How many numbers it has to learn.
    of_known, of_shifted
        What it makes of the first example, and of that example moved; (s, s).
    examples_error, known_error, shifted_error, tests_error
        Relative errors on all its examples, on those two, and on patches it never saw; None where nothing but 0 is
        wanted or there is no such patch.
    """

    kind: Kind
    unknowns: Unknowns
    of_known: Plane
    of_shifted: Plane | None
    examples_error: float | None
    known_error: float | None
    shifted_error: float | None
    tests_error: float | None


@dataclass(frozen=True, eq=False)
class Look:
    """The first example, or the same moved: what goes in and what should come out."""

    input: Plane
    wanted: Plane


def pupil_of(
    fitted: Fitted, examples: tuple[Patches, Patches], moved: Look | None, tests: tuple[Patches, Patches]
) -> Pupil:
    """How a fitted map does on its examples, on the first of them moved, and on tests.

    Parameters
    ----------
    fitted
        The map.
    examples, tests
        Inputs (count, n, n) and wanted outputs (count, s, s); there may be no tests.
    moved
        The first example moved, if it can be.

    Examples
    --------
    >>> twice = Fitted(Kind.CONVOLUTION, 1, np.array([[2.0]]), np.zeros(1), rank=1)
    >>> one = np.ones((1, 1, 1))
    >>> pupil = pupil_of(twice, (one, 2 * one), None, (one, 4 * one))
    >>> pupil.known_error, pupil.shifted_error, pupil.tests_error
    (0.0, None, 0.5)
    """
    inputs, outputs = examples
    made = predicted(fitted, inputs)
    of_shifted = None if moved is None else predicted(fitted, moved.input[None])
    side = outputs.shape[1]
    return Pupil(
        kind=fitted.kind,
        unknowns=unknowns(fitted.kind, fitted.size, side, has_bias=fitted.has_bias),
        of_known=made[0],
        of_shifted=None if of_shifted is None else of_shifted[0],
        examples_error=relative_error(outputs, made),
        known_error=relative_error(outputs[:1], made[:1]),
        shifted_error=None if moved is None or of_shifted is None else relative_error(moved.wanted[None], of_shifted),
        tests_error=error_on(fitted, tests),
    )


def error_on(fitted: Fitted, patches: tuple[Patches, Patches]) -> float | None:
    """The relative error of a map on inputs and their wanted outputs; None without any.

    Examples
    --------
    >>> twice = Fitted(Kind.CONVOLUTION, 1, np.array([[2.0]]), np.zeros(1), rank=1)
    >>> error_on(twice, (np.zeros((0, 1, 1)), np.zeros((0, 1, 1)))) is None
    True
    """
    inputs, outputs = patches
    return relative_error(outputs, predicted(fitted, inputs)) if len(inputs) else None


def patches_at(pair: BeforeAfter, places: NDArray[np.int64], side: int, size: int) -> tuple[Patches, Patches]:
    """What maps see and what is wanted of them at some places.

    Parameters
    ----------
    pair
        The picture before and after.
    places
        (count, 2): row and column of the first output of each patch.
    side, size
        s of the s×s outputs, and k of the k×k windows.

    Examples
    --------
    >>> from convstudio.core.geometry.regions import Region
    >>> pair = BeforeAfter(np.eye(4), np.eye(4), Region(0, 4, 0, 4))
    >>> [patches.shape for patches in patches_at(pair, np.array([[1, 1]]), side=2, size=3)]
    [(1, 4, 4), (1, 2, 2)]
    """
    if len(places) == 0:
        return np.zeros((0, side + size - 1, side + size - 1)), np.zeros((0, side, side))
    return cut(pair.before, places, side, size), cut(pair.after, places, side)
