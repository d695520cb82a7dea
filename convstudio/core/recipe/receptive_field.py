"""Receptive fields: how the outputs of a layer lie on the frame, and how that follows from the layer before."""

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from convstudio.core.geometry.window import SlidingWindow


class ReceptiveField(NamedTuple):
    """How the outputs of a layer lie on the frame.

    Output (row, column) looks at `size` pixels of the frame, from `start` + index · `jump` on each axis. Transposed
    layers, and those that enlarge, have jumps below 1. Sizes follow r ← r + (k_eff − 1)·j, j ← j·s.
    """

    size: tuple[Fraction, Fraction]
    jump: tuple[Fraction, Fraction]
    start: tuple[Fraction, Fraction]


@lru_cache(64)  # a drag asks for the same one again with every number, and fractions take time
def receptive_field_after(window: SlidingWindow, before: ReceptiveField) -> ReceptiveField:
    """How the outputs of a layer lie on the frame, from how those before it do."""
    size, jump, start = [], [], []
    for axis in (0, 1):
        span, first, step = window.looks(axis)
        size.append(before.size[axis] + (span - 1) * before.jump[axis])
        jump.append(step * before.jump[axis])
        start.append(before.start[axis] + first * before.jump[axis])
    return ReceptiveField((size[0], size[1]), (jump[0], jump[1]), (start[0], start[1]))
