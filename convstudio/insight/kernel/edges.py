"""How a kernel answers to an edge: its step response along both axes. Waves are in `frequency_response`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.shapes import ONE, Pair
from convstudio.core.wording import NOISE

Plane = NDArray[np.float64]
Vector = NDArray[np.float64]
Places = NDArray[np.intp]

BEYOND = 2  # pixels at both ends where nothing changes any more


@dataclass(frozen=True, eq=False)
class EdgeAnswers:
    """The outputs across an edge from 0 to 1.

    Parameters
    ----------
    places
        (N,) pixels from the first bright one, which is 0.
    across, down
        (N,) outputs across a vertical edge, bright at the right, and across a horizontal one, bright below.
    """

    places: Places
    across: Vector
    down: Vector


def edge_answers(applied: Plane, dilation: Pair = ONE) -> EdgeAnswers:
    """The step response of a kernel as it is laid on the picture, (height, width).

    Examples
    --------
    >>> answers = edge_answers(np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    >>> answers.places.tolist(), answers.across.tolist(), answers.down.tolist()
    ([-3, -2, -1, 0, 1, 2, 3], [0.0, 0.0, 4.0, 4.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    """
    upright = _taps(applied.shape[1], dilation.horizontal)
    level = _taps(applied.shape[0], dilation.vertical)
    reach = BEYOND + int(max(np.abs(upright).max(), np.abs(level).max()))
    places = np.arange(-reach, reach + 1)
    noise = NOISE * float(np.abs(applied).sum())
    return EdgeAnswers(
        places,
        _across(applied.sum(axis=0), upright, places, noise),
        _across(applied.sum(axis=1), level, places, noise),
    )


def _taps(count: int, dilation: int) -> Places:
    """How far the weights of a line lie from its anchor, which lies where padding that keeps the size has it."""
    return np.arange(count) * dilation - dilation * (count - 1) // 2


def _across(weights: Vector, taps: Places, places: Places, noise: float) -> Vector:
    """What weights in a line make of a step: of every place the sum of those that lie on its bright side."""
    answers: Vector = np.where(places[:, None] + taps >= 0, weights, 0.0).sum(axis=1)
    answers[np.abs(answers) <= noise] = 0  # what cancels does so but for rounding
    return answers
