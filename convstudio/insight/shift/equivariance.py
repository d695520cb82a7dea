"""The errors of the shift test: what f(Sx) should be, where it can be compared, and how far apart the two are."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.regions import Region, whole
from convstudio.insight.shift.baseline import Baseline
from convstudio.insight.shift.translation import (
    Planes,
    Shift,
    own_region,
    translate,
    translate_region,
    unaffected_region,
)

EXACT = 1e-5  # a relative error up to here is rounding
SINGLE = 2e-7  # relative rounding of one float32 product and sum
NOTHING = Region(0, 0, 0, 0)


class Conclusion(StrEnum):
    """What the errors of one shift allow to conclude."""

    EQUIVARIANT = "equivariant"
    INSIDE = "equivariant in the interior"
    INVARIANT = "invariant"
    NEITHER = "neither equivariant nor invariant"
    UNKNOWN = "nothing to compare"


@dataclass(frozen=True)
class Errors:
    """How far f(Sx) and S f(x) are apart.

    Each number is ‖f(Sx) − S f(x)‖ / ‖f(x)‖, both over the same outputs. It is 0 where the difference is nothing but
    rounding, and None where there are no such outputs, or where f(x) is 0 over them or not finite.

    Parameters
    ----------
    interior
        Outputs whose receptive field holds, in both, nothing but the picture's own pixels: no padding, and nothing that
        came in at an edge. What is left out for that is left out on the opposite side too; see `_framed`.
    border
        The others of those that are compared.
    everything
        All that are compared: on a ring all outputs, else those for which S f(x) is known.
    change
        ‖f(Sx) − f(x)‖ / ‖f(x)‖ over these: what would be 0 if f were invariant.
    """

    interior: float | None
    border: float | None
    everything: float | None
    change: float | None


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


def expected_output(baseline: Baseline, shift: Shift) -> Expectation:
    """S f(x), and where it can be compared with f(Sx).

    On a ring all outputs are compared. Else S f(x) is not known where it comes from beyond the edge, and rolling it
    round would report an error that is not there; those outputs are left out.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> from convstudio.insight.shift.baseline import Experiment, run_baseline
    >>> baseline = run_baseline(Experiment((Pool(),), np.zeros((1, 8, 8), np.float32), white=1.0))
    >>> expected_output(baseline, Shift.of(2)).interior
    Region(top=0, bottom=4, left=1, right=4)
    """
    _, height, width = baseline.output.shape
    everywhere = Region(0, height, 0, width)
    if baseline.is_placeless:
        return Expectation(baseline.output, everywhere, NOTHING)
    by = shift.over(baseline.jump)
    output = translate(baseline.output, by, is_ring=baseline.is_ring)
    source = baseline.plan.source
    compared = everywhere if baseline.is_ring else own_region(height, width, by)
    clear_after = unaffected_region(baseline.plan, own_region(source.height, source.width, shift))
    clear_before = unaffected_region(baseline.plan, whole(source))
    if clear_after.is_empty or clear_before.is_empty:
        return Expectation(output, compared, NOTHING)
    clear = compared.intersection(clear_after).intersection(translate_region(clear_before, by))
    return Expectation(output, compared, _framed(clear, compared))


def _framed(clear: Region, compared: Region) -> Region:
    """What of the clear outputs lies within a frame as wide on opposite sides, of one output at least.

    A stride reaches over one edge of the picture and ends short of the other, so that the outputs that see padding lie
    on one side alone; an interior that begins one output away from one edge and at the other favours a side. Where
    nothing sees padding there is no border, and no frame.
    """
    if clear.is_empty or clear == compared:
        return clear
    rows = max(clear.top - compared.top, compared.bottom - clear.bottom, 1)
    columns = max(clear.left - compared.left, compared.right - clear.right, 1)
    within = Region(compared.top + rows, compared.bottom - rows, compared.left + columns, compared.right - columns)
    return NOTHING if within.is_empty else within


def measure_errors(baseline: Baseline, output: Planes, expected: Expectation) -> Errors:
    """Compare f(Sx) with S f(x), interior and border apart.

    Parameters
    ----------
    output
        f(Sx), (C, H, W).

    Examples
    --------
    >>> from convstudio.insight.shift.baseline import Experiment, run_baseline
    >>> baseline = run_baseline(Experiment((), np.ones((1, 4, 4), np.float32), white=1.0))
    >>> measure_errors(baseline, baseline.output + np.float32(0.5), expected_output(baseline, Shift())).interior
    0.5
    """
    compared, interior = (_mask(baseline.output, region) for region in (expected.compared, expected.interior))
    apart, change = (np.subtract(output, other, dtype=np.float64) for other in (expected.output, baseline.output))
    noise = SINGLE * baseline.largest
    return Errors(
        interior=_relative(apart, baseline.output, interior, noise),
        border=_relative(apart, baseline.output, compared & ~interior, noise),
        everything=_relative(apart, baseline.output, compared, noise),
        change=_relative(change, baseline.output, compared, noise),
    )


def conclusion_from(baseline: Baseline, errors: Errors) -> Conclusion:
    """Conclude equivariance where the output moves along, invariance where it has no places left and does not change.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> from convstudio.insight.shift.baseline import Experiment, run_baseline
    >>> baseline = run_baseline(Experiment((Pool(is_global=True),), np.ones((1, 4, 4), np.float32), white=1.0))
    >>> conclusion_from(baseline, Errors(None, 0.0, 0.0, 0.0)).value
    'invariant'
    """
    if errors.everything is None:
        return Conclusion.UNKNOWN
    if baseline.is_placeless:
        return Conclusion.INVARIANT if errors.everything == 0 else Conclusion.NEITHER
    if errors.everything == 0:
        return Conclusion.EQUIVARIANT
    return Conclusion.INSIDE if errors.interior == 0 else Conclusion.NEITHER


def rms(values: NDArray[np.floating]) -> float:
    """The root mean square of all values.

    Examples
    --------
    >>> rms(np.array([[[3, -3]]], np.float32))
    3.0
    """
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def _mask(planes: Planes, region: Region) -> NDArray[np.bool_]:
    """Which places, (H, W), lie in a region."""
    mask = np.zeros(planes.shape[1:], np.bool_)
    mask[region.top : region.bottom, region.left : region.right] = True
    return mask


def _relative(difference: NDArray[np.float64], output: Planes, mask: NDArray[np.bool_], noise: float) -> float | None:
    """‖difference‖ / ‖output‖ over the places of a mask; up to `noise` a root mean square is nothing but rounding."""
    if not mask.any():
        return None
    error, size = rms(difference[:, mask]), rms(output[:, mask])
    if not (isfinite(error) and isfinite(size) and size > noise):
        return None
    return 0.0 if error <= max(EXACT * size, noise) else error / size
