"""What a library makes of a picture by its documented defaults, computed in float64. No library is run here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.ops import reference
from convstudio.insight.conventions.libraries import (
    Anchor,
    Convention,
    Division,
    Edge,
    Flip,
    KernelSizes,
    Library,
    OutputSize,
    Rounding,
)

Plane = NDArray[np.float64]
GreyPicture = NDArray[np.uint8]

LEVELS = 256  # of 8 bits
ROUNDING = 1e-12  # of the magnitudes added up: a smaller sum is 0 in every order of adding
_PAD_MODES = {
    Edge.REFLECT_101: "reflect",
    Edge.SYMMETRIC: "symmetric",
    Edge.REPLICATE: "edge",
    Edge.CIRCULAR: "wrap",
}


@dataclass(frozen=True, eq=False)
class FilterOutput:
    """The output of a filter, (H, W); its first number belongs to pixel (`top`, `left`) of the picture."""

    values: Plane
    top: int = 0
    left: int = 0


def anchor_of(convention: Convention, length: int) -> int:
    """The row or column of the kernel, as it is laid, that lies on the output's own place.

    Examples
    --------
    >>> from convstudio.insight.conventions.libraries import CONVENTIONS, Library
    >>> rows = [row for row in CONVENTIONS if row.library in (Library.OPENCV, Library.SCIPY_CONVOLVE)]
    >>> {row.library.value: anchor_of(row, 4) for row in rows}
    {'opencv': 2, 'scipy-convolve': 1}
    """
    return length // 2 if convention.anchor is Anchor.SECOND else (length - 1) // 2


def refusal_of(convention: Convention, picture: tuple[int, ...], kernel: tuple[int, ...]) -> str:
    """Why a kernel of this shape is not taken for a picture of that shape, or "".

    Examples
    --------
    >>> from convstudio.insight.conventions.libraries import CONVENTIONS
    >>> refusal_of(CONVENTIONS[-1], (9, 9), (7, 7))
    'It takes kernels of 3×3 and 5×5 only, not 7×7.'
    """
    height, width = kernel
    if convention.sizes is KernelSizes.THREE_OR_FIVE and kernel not in ((3, 3), (5, 5)):
        return f"It takes kernels of {convention.sizes} only, not {height}×{width}."
    if convention.sizes is KernelSizes.ODD and not (height % 2 and width % 2):
        return f"It takes kernels of {convention.sizes} only, not {height}×{width}."
    if convention.output_size is OutputSize.VALID and (height > picture[0] or width > picture[1]):
        return f"Without padding a kernel of {height}×{width} does not fit into {picture[0]}×{picture[1]} pixels."
    return ""


def laid_kernel(convention: Convention, kernel: Plane) -> Plane:
    """The kernel as it is laid on the picture: divided by its sum and flipped where that is the convention.

    Examples
    --------
    >>> from convstudio.insight.conventions.libraries import CONVENTIONS
    >>> laid_kernel(CONVENTIONS[-1], np.array([[3.0, 1.0], [0.0, 0.0]])).tolist()
    [[0.0, 0.0], [0.75, 0.25]]
    """
    total = total_of(kernel)
    weights = kernel / total if convention.division is not Division.NONE and total != 0 else kernel
    match convention.flip:
        case Flip.NONE:
            return weights
        case Flip.BOTH:
            return weights[::-1, ::-1]
        case Flip.ROWS:
            return weights[::-1]


def total_of(kernel: Plane) -> float:
    """The sum of the weights that some divide by; 0 where nothing but rounding is left of it.

    Examples
    --------
    >>> total_of(np.array([[0.1, 0.2, -0.3]])), total_of(np.array([[1.0, 2.0]]))
    (0.0, 3.0)
    """
    total = float(kernel.sum())
    return 0.0 if abs(total) <= ROUNDING * float(np.abs(kernel).sum()) else total


def call_of(convention: Convention, kernel: Plane) -> str:
    """The library's call for this kernel, as it is shown and as it is run.

    Examples
    --------
    >>> from convstudio.insight.conventions.libraries import CONVENTIONS
    >>> call_of(CONVENTIONS[-1], np.array([[-1.0, 0.0, 1.0]] * 3)).rpartition("    ")[2]
    '(3, 3), kernel.ravel(), scale=1))'
    """
    has_scale = convention.division is Division.SUM and total_of(kernel) == 0
    return convention.call.format(size=kernel.shape, scale=", scale=1" if has_scale else "")


def is_too_small(convention: Convention, picture: tuple[int, ...], kernel: tuple[int, ...]) -> bool:
    """Whether a picture is too small for a library to be run with a kernel of that shape.

    Pillow has no place then on which the whole kernel lies. SciPy's ndimage mirrors by steps of twice the picture and
    reads memory beside it where a kernel reaches four times as far as the picture is long.

    Examples
    --------
    >>> from convstudio.insight.conventions.libraries import CONVENTIONS, Library
    >>> scipy = next(row for row in CONVENTIONS if row.library is Library.SCIPY_CORRELATE)
    >>> is_too_small(scipy, (2, 9), (5, 5)), is_too_small(scipy, (2, 9), (6, 5))
    (False, True)
    """
    match convention.library:
        case Library.PILLOW:
            return min(picture) < max(kernel)
        case Library.SCIPY_CORRELATE | Library.SCIPY_CORRELATE_8BIT | Library.SCIPY_CONVOLVE:
            return any(length // 2 > side for length, side in zip(kernel, picture, strict=True))
        case _:
            return False


def emulate(convention: Convention, picture: GreyPicture, kernel: Plane) -> FilterOutput:
    """What a library makes of a picture and a kernel, by its documented defaults.

    Parameters
    ----------
    picture
        (H, W), 8 bits.
    kernel
        (height, width), as it is written.

    Raises
    ------
    ConvStudioError
        If it does not take such a kernel.

    Examples
    --------
    >>> from convstudio.insight.conventions.libraries import CONVENTIONS
    >>> row = np.array([[1, 2, 3]], np.uint8)
    >>> emulate(CONVENTIONS[0], row, np.array([[0, 1, 0.5]])).values.tolist()
    [[0.0, 1.0, 2.5, 4.0, 1.5]]
    """
    refusal = refusal_of(convention, picture.shape, kernel.shape)
    if refusal:
        raise ConvStudioError(refusal)
    weights = laid_kernel(convention, kernel)
    before, after = _room(convention, weights.shape)
    values = picture.astype(np.float64)
    room = tuple(zip(before, after, strict=True))
    if convention.edge in _PAD_MODES:
        padded = np.pad(values, room, _PAD_MODES[convention.edge])  # type: ignore[call-overload]  # a mode by name
    else:
        padded = np.pad(values, room)
    filtered = round_levels(reference.conv2d(padded[None], weights[None, None])[0], convention.rounding)
    if convention.edge is Edge.COPIED:
        inside = _inside(picture.shape, before, after)
        filtered = np.where(inside, filtered, values)
    first = [anchor_of(convention, length) - amount for length, amount in zip(weights.shape, before, strict=True)]
    return FilterOutput(filtered, first[0], first[1])


def round_levels(values: Plane, rounding: Rounding) -> Plane:
    """Numbers as they come out: as they are, or in whole steps from 0 to 255.

    Examples
    --------
    >>> round_levels(np.array([-3.0, 0.5, 1.5, 300.0]), Rounding.HALF_EVEN).tolist()
    [0.0, 0.0, 2.0, 255.0]
    >>> round_levels(np.array([-3.0, 0.5, 1.5, 300.0]), Rounding.HALF_UP).tolist()
    [0.0, 1.0, 2.0, 255.0]
    >>> round_levels(np.array([-3.7, 0.5, 1.5, 300.0]), Rounding.WRAP).tolist()
    [253.0, 0.0, 1.0, 44.0]
    """
    match rounding:
        case Rounding.NONE:
            return values
        case Rounding.HALF_EVEN:
            return np.clip(np.rint(values), 0, 255)
        case Rounding.HALF_UP:
            return np.floor(np.clip(values, 0, 255) + 0.5).clip(0, 255)
        case Rounding.WRAP:
            return np.mod(np.trunc(values), LEVELS)


def largest_difference(values: Plane, other: Plane, rounding: Rounding) -> float:
    """The largest difference between two outputs of one library; where numbers wrap around, 255 and 0 are neighbours.

    Examples
    --------
    >>> [largest_difference(np.array([255.0]), np.array([0.0]), way) for way in (Rounding.WRAP, Rounding.NONE)]
    [1.0, 255.0]
    """
    apart = np.abs(values - other)
    return float((np.minimum(apart, LEVELS - apart) if rounding is Rounding.WRAP else apart).max())


def _room(convention: Convention, shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How far the kernel reaches out of the picture: above and to the left, below and to the right."""
    match convention.output_size:
        case OutputSize.VALID:
            return (0, 0), (0, 0)
        case OutputSize.FULL:
            rest = tuple(length - 1 for length in shape)
            return rest, rest
        case OutputSize.SAME:
            before = tuple(anchor_of(convention, length) for length in shape)
            return before, tuple(length - 1 - amount for length, amount in zip(shape, before, strict=True))


def _inside(shape: tuple[int, ...], before: tuple[int, ...], after: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where the whole kernel lies on the picture."""
    inside = np.zeros(shape, np.bool_)
    inside[before[0] : max(shape[0] - after[0], 0), before[1] : max(shape[1] - after[1], 0)] = True
    return inside
