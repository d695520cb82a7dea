"""The tools of the kernel editor as rows of a table: what each does to the planes of a filter.

Planes are (planes, height, width): one, or all slices of a filter that spans channels.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels import planes

Slices = NDArray[np.float64]


@dataclass(frozen=True)
class Tool:
    """One row of a menu."""

    name: str
    text: str
    tip: str
    icon: str
    edit: Callable[[Slices, int], Slices]  # the planes, and a number that is new each time


def _on_each(edit: Callable[[planes.Plane], planes.Plane]) -> Callable[[Slices, int], Slices]:
    return lambda slices, _: np.stack([edit(plane) for plane in slices])


def _normalised(slices: Slices, _: int) -> Slices:
    """All planes of a filter by the same factor, as their sum is what a flat grey picture meets."""
    whole = planes.total(slices.reshape(1, -1))
    if whole == 0:
        raise ConvStudioError("The sum of this kernel is 0, so no factor makes it 1; change a weight first.")
    return slices / whole


def _random(slices: Slices, seed: int) -> Slices:
    return planes.randomise(slices.reshape(1, -1), seed).reshape(slices.shape)


NORMALISE = (
    Tool("normalise", "Sum 1: keep the brightness", "Divide by the sum", "sum-one", _normalised),
    Tool("zero-sum", "Sum 0: answer to edges alone", "Take the mean off every cell", "sum-zero",
         _on_each(planes.zero_sum)),
    Tool("negate", "Change all signs", "Positive weights become negative, negative ones positive", "diff",
         _on_each(planes.negate)),
    Tool("symmetrise", "Make symmetric", "The mean of all its mirror images: the same to all sides", "symmetry",
         _on_each(planes.symmetrise)),
    Tool("randomise", "Random weights", "New ones each time, as an untrained network has them", "dices", _random),
)  # fmt: skip
FLIP = (
    Tool("flip-horizontal", "Left and right", "Mirror left and right", "flip-horizontal",
         _on_each(planes.flip_horizontal)),
    Tool("flip-vertical", "Up and down", "Mirror up and down", "flip-vertical", _on_each(planes.flip_vertical)),
    Tool("rotate", "Turn left by 90°", "Turn a quarter counter-clockwise", "rotate-ccw", _on_each(planes.rotate)),
    Tool("rotate-right", "Turn right by 90°", "Turn a quarter clockwise", "rotate-cw",
         _on_each(lambda plane: planes.rotate(plane, 3))),
    Tool("rotate-ring", "Turn left by 45°", "Each outer cell of a 3×3 kernel moves on by one", "rotate-ring",
         _on_each(planes.rotate_ring)),
    Tool("transpose", "Rows become columns", "Transpose: mirror at the falling diagonal", "transpose",
         _on_each(planes.transpose)),
)  # fmt: skip
SHIFT = (
    Tool("shift-left", "Left", "The first column comes back on the right", "arrow-left",
         _on_each(lambda plane: planes.shift(plane, right=-1))),
    Tool("shift-right", "Right", "The last column comes back on the left", "arrow-right",
         _on_each(lambda plane: planes.shift(plane, right=1))),
    Tool("shift-up", "Up", "The first row comes back below", "arrow-up",
         _on_each(lambda plane: planes.shift(plane, down=-1))),
    Tool("shift-down", "Down", "The last row comes back on top", "arrow-down",
         _on_each(lambda plane: planes.shift(plane, down=1))),
)  # fmt: skip
