"""The tools of the kernel editor as rows of a table: what each does to one plane."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.kernels import planes

Plane = NDArray[np.float64]


@dataclass(frozen=True)
class Tool:
    """One button; `icon` is empty for a button with words."""

    name: str
    text: str
    tip: str
    icon: str
    edit: Callable[[Plane, int], Plane]  # the plane, and a number that is new each time


TOOLS = (
    Tool("normalise", "Normalise", "Divide by the sum, so that it becomes 1; a sum of 0 is left alone", "sigma",
         lambda plane, _: planes.normalise(plane)),
    Tool("zero-sum", "Zero sum", "Take the mean off every cell, so that the sum becomes 0", "equal",
         lambda plane, _: planes.zero_sum(plane)),
    Tool("negate", "Negate", "Change every sign", "contrast", lambda plane, _: planes.negate(plane)),
    Tool("flip-horizontal", "Flip left and right", "Mirror left and right", "flip-horizontal",
         lambda plane, _: planes.flip_horizontal(plane)),
    Tool("flip-vertical", "Flip up and down", "Mirror up and down", "flip-vertical",
         lambda plane, _: planes.flip_vertical(plane)),
    Tool("rotate", "Rotate", "Turn a quarter counter-clockwise", "rotate-ccw", lambda plane, _: planes.rotate(plane)),
    Tool("transpose", "Transpose", "Rows become columns", "axis-3d", lambda plane, _: planes.transpose(plane)),
    Tool("symmetrise", "Symmetrise", "Make opposite cells alike", "diff", lambda plane, _: planes.symmetrise(plane)),
    Tool("randomise", "Randomise", "New random weights", "dices", planes.randomise),
    Tool("shift-left", "Shift left", "Move the cells left; the first column comes back on the right", "arrow-left",
         lambda plane, _: planes.shift(plane, right=-1)),
    Tool("shift-right", "Shift right", "Move the cells right; the last column comes back on the left", "arrow-right",
         lambda plane, _: planes.shift(plane, right=1)),
    Tool("shift-up", "Shift up", "Move the cells up; the first row comes back below", "arrow-up",
         lambda plane, _: planes.shift(plane, down=-1)),
    Tool("shift-down", "Shift down", "Move the cells down; the last row comes back on top", "arrow-down",
         lambda plane, _: planes.shift(plane, down=1)),
)  # fmt: skip
