"""One case by the fast methods and by the float64 reference, and how far apart the results are."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.ops import reference
from tests.core.ops.cases import Case, Numbers

TOLERANCE = 1e-5  # of the sum of magnitudes


def slow(case: Case) -> NDArray[np.float64]:
    """The float64 reference; raises ConvStudioError where the arguments do not fit together."""
    output: NDArray[np.float64] = getattr(reference, case.name)(case.x, *case.others, **case.options)
    return output


def fast(case: Case) -> Numbers:
    """As the program computes it."""
    output: Numbers = getattr(ops, case.name)(case.x, *case.others, **case.options)
    return output


def magnitude(case: Case) -> NDArray[np.float64]:
    """For each output what the magnitudes of everything that was added up come to."""
    sizes = np.abs(case.x.astype(np.float64))
    match case.name:
        case "max_pool2d" | "min_pool2d" | "rank_pool2d" | "magnitude" | "softmax":
            return np.abs(slow(case))
        case "activate":  # what a gate lets through of a large number is the difference of two larger ones
            return np.maximum(np.abs(slow(case)), 1e-6 * sizes)
        case "scale_shift":
            scale, shift = (np.abs(numbers).tolist() for numbers in case.others)
            return slow(Case(case.name, sizes, (scale, shift)))
        case "avg_pool2d":
            return slow(Case(case.name, sizes, case.others, case.options))
        case _:
            others = tuple(None if other is None else np.abs(other) for other in case.others)
            return slow(Case(case.name, sizes, others, case.options))


def error(output: Numbers, exact: NDArray[np.float64], sizes: NDArray[np.float64]) -> float:
    """The largest error in parts of the sum of magnitudes."""
    assert output.dtype == np.float32
    assert output.flags.c_contiguous
    assert output.shape == exact.shape
    with np.errstate(invalid="ignore"):
        errors = np.abs(output.astype(np.float64) - exact) / (sizes + 1e-25)
    return float(np.where(output == exact, 0, errors).max())  # −∞ where a window has nothing but padding
