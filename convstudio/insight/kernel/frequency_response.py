"""How a kernel answers to waves: the gain for every frequency. What that means in words is in `character`.

Frequencies are angles from one pixel to the next, 0 … π; π is half a cycle per pixel, the finest stripes there are.
Directions are degrees, counter-clockwise from "to the right" as seen on screen; rows count downwards.
"""

from dataclasses import dataclass
from math import atan2, degrees, hypot, pi

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.shapes import ONE, Pair
from convstudio.core.kernels.size import anchor
from convstudio.core.wording import NOISE

Plane = NDArray[np.float64]
STEPS = 64  # from 0 to π along an axis; the square from −π to π has twice as many and one
TIE = 1e-9  # relative; gains that differ by less are equal


@dataclass(frozen=True)
class Peak:
    """The wave that is let through most.

    Parameters
    ----------
    gain
        What its contrast is multiplied by.
    cycles
        Cycles per pixel, 0 for even areas; the slowest where several waves are let through alike.
    direction
        Towards where it runs, 0 … 180 degrees; None where waves in several directions are let through alike.
    """

    gain: float
    cycles: float
    direction: float | None


@dataclass(frozen=True, eq=False)
class Response:
    """The gain |H| of a kernel.

    Parameters
    ----------
    square
        (129, 129): rows from −π to π downwards, columns from −π to π to the right; the middle is even areas.
    across, down
        (65,) each: waves from 0 to π that run from left to right, and from top to bottom.
    peak
        Where `square` is largest.
    """

    square: Plane
    across: Plane
    down: Plane
    peak: Peak


def answer_to_waves(applied: Plane, rows: Plane, columns: Plane) -> NDArray[np.complex128]:
    """What a wave is multiplied by: Σ w·e^{i(row·y + column·x)}, counted from the anchor.

    Parameters
    ----------
    applied
        (height, width), the weights as they are laid on the picture.
    rows, columns
        (N,) frequencies of N waves downwards and to the right, in radians per pixel.

    Examples
    --------
    >>> box = np.full((3, 3), 1 / 9)
    >>> bool(np.isclose(answer_to_waves(box, np.zeros(1), np.array([2 * np.pi / 3]))[0], 0))
    True
    """
    height, width = applied.shape
    y = np.exp(1j * np.outer(rows, np.arange(height) - anchor(height)))
    x = np.exp(1j * np.outer(columns, np.arange(width) - anchor(width)))
    response: NDArray[np.complex128] = ((y @ applied) * x).sum(axis=1)
    return response


def response_of(applied: Plane, dilation: Pair = ONE) -> Response:
    """The frequency response of a kernel whose cells lie `dilation` pixels apart.

    Examples
    --------
    >>> response = response_of(np.array([[-1.0, 0.0, 1.0]]))
    >>> round(response.peak.gain, 6), response.peak.cycles, response.peak.direction
    (2.0, 0.25, 0.0)
    """
    height, width = applied.shape
    waves = np.linspace(-pi, pi, 2 * STEPS + 1)
    y = np.exp(1j * dilation.vertical * np.outer(waves, np.arange(height)))
    x = np.exp(1j * dilation.horizontal * np.outer(waves, np.arange(width)))
    square: Plane = np.abs(y @ applied @ x.T)
    square[square <= NOISE * np.abs(applied).sum()] = 0  # what cancels does so but for rounding
    return Response(square, square[STEPS, STEPS:].copy(), square[STEPS:, STEPS].copy(), _peak(square))


def _peak(square: Plane) -> Peak:
    most = float(square.max())
    rows, columns = np.nonzero(square >= most * (1 - TIE))
    up, right = STEPS - rows, columns - STEPS
    # every wave stands in the square twice, once for each way it can be said to run: the upper half names it
    named = (up > 0) | ((up == 0) & (right >= 0))
    up, right = up[named], right[named]
    lengths = up**2 + right**2
    slowest = lengths == lengths.min()
    directions = {degrees(atan2(y, x)) % 180 for y, x in zip(up[slowest], right[slowest], strict=True)}
    cycles = hypot(int(up[slowest][0]), int(right[slowest][0])) / (2 * STEPS)
    return Peak(most, cycles, directions.pop() if len(directions) == 1 and cycles > 0 else None)
