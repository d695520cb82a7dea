"""The errors of the shift test: what f(Sx) should be, where it can be compared, and how far apart the two are."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from convstudio.core.region import Region, whole
from convstudio.insight.shift_bench import Bench
from convstudio.insight.shift_moves import Planes, Shift, carried, clear, moved, overlap, own

EXACT, MOST_ROUNDING = 1e-5, 1e-3  # relative errors that are rounding at least, and at most
SINGLE = 2e-7  # relative rounding of one float32 product and sum
NOTHING = Region(0, 0, 0, 0)


class Verdict(StrEnum):
    """What may be said of one shift."""

    EQUIVARIANT = "equivariant"
    INSIDE = "equivariant in the interior"
    INVARIANT = "invariant"
    NEITHER = "neither equivariant nor invariant"
    UNKNOWN = "nothing to compare"


@dataclass(frozen=True)
class Errors:
    """How far f(Sx) and S f(x) are apart.

    Each number is ‖f(Sx) − S f(x)‖ over some outputs, divided by ‖f(x)‖ over all outputs, so that the squares of
    interior and border add up to that of everything. None where there are no such outputs, or where f(x) is 0.

    Parameters
    ----------
    interior
        Outputs whose receptive field holds, in both, nothing but the picture's own pixels: no padding, and nothing that
        came in at an edge.
    border
        The others of those that are compared.
    everything
        All that are compared: on a ring all outputs, else those for which S f(x) is known.
    change
        ‖f(Sx) − f(x)‖ over these: what would be 0 if f were invariant.
    rounding
        Up to here an error is floating-point noise.
    """

    interior: float | None
    border: float | None
    everything: float | None
    change: float | None
    rounding: float

    def is_zero(self, error: float | None) -> bool:
        """Whether an error is nothing but rounding."""
        return error is not None and error <= self.rounding


@dataclass(frozen=True, eq=False)
class Expectation:
    """What f(Sx) is compared with.

    Parameters
    ----------
    output
        S f(x): the output moved by shift / jump, interpolated linearly where that is no whole number; without places
        left it is f(x) itself.
    compared, interior
        Regions of the output; the interior lies in what is compared.
    """

    output: Planes
    compared: Region
    interior: Region


def expectation(found: Bench, shift: Shift) -> Expectation:
    """S f(x), and where it can be compared with f(Sx).

    On a ring all outputs are compared. Else S f(x) is not known where it comes from beyond the edge, and rolling it
    round would report an error that is not there; those outputs are left out.

    Examples
    --------
    >>> from convstudio.core.layers import Pool
    >>> from convstudio.insight.shift_bench import Subject, bench
    >>> found = bench(Subject((Pool(),), np.zeros((1, 8, 8), np.float32), white=1.0))
    >>> expectation(found, Shift.of(2)).interior
    Region(top=0, bottom=4, left=1, right=4)
    """
    _, height, width = found.output.shape
    everywhere = Region(0, height, 0, width)
    if found.is_placeless:
        return Expectation(found.output, everywhere, NOTHING)
    by = shift.over(found.jump)
    output = moved(found.output, by, is_ring=found.is_ring)
    source = found.plan.source
    compared = everywhere if found.is_ring else own(height, width, by)
    clear_after = clear(found.plan, own(source.height, source.width, shift))
    clear_before = clear(found.plan, whole(source))
    if clear_after.is_empty or clear_before.is_empty:
        return Expectation(output, compared, NOTHING)
    return Expectation(output, compared, overlap(compared, overlap(clear_after, carried(clear_before, by))))


def measured(found: Bench, output: Planes, expected: Expectation) -> Errors:
    """Compare f(Sx) with S f(x), interior and border apart.

    Parameters
    ----------
    output
        f(Sx), (C, H, W).

    Examples
    --------
    >>> from convstudio.insight.shift_bench import Subject, bench
    >>> found = bench(Subject((), np.ones((1, 4, 4), np.float32), white=1.0))
    >>> measured(found, found.output + np.float32(0.5), expectation(found, Shift())).interior
    0.5
    """
    scale = rms(found.output)
    rounding = min(max(EXACT, SINGLE * found.largest / scale), MOST_ROUNDING) if scale > 0 else EXACT
    if not (isfinite(scale) and scale > SINGLE * found.largest):
        return Errors(None, None, None, None, rounding)
    apart = _squares(output, expected.output)
    inside, outside = _mask(apart, expected.interior), _mask(apart, expected.compared)
    edge = outside & ~inside
    changed = _squares(output, found.output)
    interior, border, everything = (_relative(apart, mask, scale) for mask in (inside, edge, outside))
    return Errors(interior, border, everything, _relative(changed, outside, scale), rounding)


def verdict(found: Bench, errors: Errors) -> Verdict:
    """What may be said: equivariance where the output moves along, invariance where no place is left and none changes.

    Examples
    --------
    >>> from convstudio.core.layers import Pool
    >>> from convstudio.insight.shift_bench import Subject, bench
    >>> found = bench(Subject((Pool(is_global=True),), np.ones((1, 4, 4), np.float32), white=1.0))
    >>> verdict(found, Errors(None, 0.0, 0.0, 0.0, 1e-5)).value
    'invariant'
    """
    if errors.everything is None:
        return Verdict.UNKNOWN
    if found.is_placeless:
        return Verdict.INVARIANT if errors.is_zero(errors.everything) else Verdict.NEITHER
    if errors.is_zero(errors.everything):
        return Verdict.EQUIVARIANT
    return Verdict.INSIDE if errors.is_zero(errors.interior) else Verdict.NEITHER


def rms(planes: Planes) -> float:
    """The root mean square of all values.

    Examples
    --------
    >>> rms(np.array([[[3, -3]]], np.float32))
    3.0
    """
    return float(np.sqrt(np.mean(np.square(planes, dtype=np.float64))))


def _squares(one: Planes, other: Planes) -> NDArray[np.float64]:
    """The squared difference at each place, averaged over the channels, (H, W)."""
    difference = np.subtract(one, other, dtype=np.float64)
    return np.asarray(np.mean(difference * difference, axis=0))


def _mask(like: NDArray[np.float64], region: Region) -> NDArray[np.bool_]:
    mask = np.zeros(like.shape, np.bool_)
    mask[region.top : region.bottom, region.left : region.right] = True
    return mask


def _relative(squares: NDArray[np.float64], mask: NDArray[np.bool_], scale: float) -> float | None:
    chosen = squares[mask]
    error = float(np.sqrt(chosen.sum() / squares.size)) / scale if chosen.size else None
    return error if error is None or isfinite(error) else None
