"""Translate planes by whole and fractional pixels, and find the outputs that no edge affects.

Running layers is in `baseline`, comparing outputs in `comparison`.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.layers import Dense
from convstudio.core.recipe.plan import Plan

Planes = NDArray[np.float32]
FAR = 2**40  # pixels: farther than any window reaches, so that half a plane can be a region


@dataclass(frozen=True)
class Shift:
    """How far a picture moves, in pixels: `across` to the right, `down` downwards. Fractions are exact."""

    across: Fraction = Fraction(0)
    down: Fraction = Fraction(0)

    @classmethod
    def of(cls, across: float, down: float = 0.0) -> "Shift":
        """To the nearest half pixels.

        Examples
        --------
        >>> Shift.of(1.5)
        Shift(across=Fraction(3, 2), down=Fraction(0, 1))
        """
        return cls(Fraction(round(across * 2), 2), Fraction(round(down * 2), 2))

    def over(self, jump: tuple[Fraction, Fraction]) -> "Shift":
        """The same move counted in outputs that lie `jump` (vertical, horizontal) pixels apart."""
        return Shift(self.across / jump[1], self.down / jump[0])


def translate(planes: Planes, shift: Shift, *, is_ring: bool) -> Planes:
    """Planes (C, H, W) moved; between two pixels, values are interpolated linearly along each axis.

    With d = w + t, w whole and 0 ≤ t < 1, pixel i becomes (1 − t)·x[i − w] + t·x[i − w − 1].

    Parameters
    ----------
    is_ring
        What leaves at one side comes in at the other; else zeros come in.

    Examples
    --------
    >>> translate(np.array([[[2, 4, 6]]], np.float32), Shift.of(0.5), is_ring=False).tolist()
    [[[1.0, 3.0, 5.0]]]
    >>> translate(np.array([[[2, 4, 6]]], np.float32), Shift.of(-1), is_ring=True).tolist()
    [[[4.0, 6.0, 2.0]]]
    """
    for axis, by in ((1, shift.down), (2, shift.across)):
        whole = floor(by)
        part = np.float32(by - whole)
        near = _translate_whole(planes, axis, whole, is_ring=is_ring)
        if part:
            near = (1 - part) * near + part * _translate_whole(planes, axis, whole + 1, is_ring=is_ring)
        planes = near
    return planes


def own_region(height: int, width: int, shift: Shift) -> Region:
    """Where a moved plane holds nothing but its own values: neither what came in at an edge nor a mixture with it.

    Examples
    --------
    >>> own_region(4, 4, Shift.of(1.5, -1))
    Region(top=0, bottom=3, left=2, right=4)
    """
    plane = Region(0, height, 0, width)
    return plane.intersection(translate_region(plane, shift))


def translate_region(region: Region, shift: Shift) -> Region:
    """Where the moved plane is made of values of a region alone; it may reach outside of the plane.

    Examples
    --------
    >>> translate_region(Region(0, 4, 0, 4), Shift.of(0.5))
    Region(top=0, bottom=4, left=1, right=4)
    """
    return Region(
        region.top + ceil(shift.down),
        region.bottom + floor(shift.down),
        region.left + ceil(shift.across),
        region.right + floor(shift.across),
    )


def unaffected_region(plan: Plan, region: Region) -> Region:
    """The outputs of the last layer whose receptive field lies in a region of the source and in no padding.

    They are those that nothing outside of the region reaches.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Conv, Pool, Weights
    >>> from convstudio.core.recipe.plan import plan
    >>> layer = Conv(weight=Weights([[[[1] * 3] * 3]]), bias=(0,))
    >>> unaffected_region(plan(Document((layer, Pool())), Shape(1, 8, 8)), Region(0, 8, 0, 8))
    Region(top=1, bottom=3, left=1, right=3)
    """
    for step in plan.steps:
        if region.is_empty:
            break
        if isinstance(step.layer, Dense) and step.layer.enabled:
            sees_all = region == Region(0, step.input.height, 0, step.input.width)
            region = Region(0, 1, 0, 1) if sees_all else Region(0, 0, 0, 0)
            continue
        before = step.window.reached(Region(-FAR, region.top, -FAR, region.left))
        after = step.window.reached(Region(region.bottom, FAR, region.right, FAR))
        region = Region(before.bottom, after.top, before.right, after.left).clipped(step.output)
    return region


def _translate_whole(planes: Planes, axis: int, by: int, *, is_ring: bool) -> Planes:
    if by == 0:
        return planes
    if is_ring:
        return np.roll(planes, by, axis)
    result = np.zeros_like(planes)
    length = planes.shape[axis]
    if abs(by) < length:
        target = [slice(None)] * 3
        source = [slice(None)] * 3
        target[axis] = slice(max(by, 0), length + min(by, 0))
        source[axis] = slice(max(-by, 0), length - max(by, 0))
        result[tuple(target)] = planes[tuple(source)]
    return result
