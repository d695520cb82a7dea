"""Reach: how the outputs of a layer lie on the frame, and how that follows from the layer before. Numbers only."""

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.regions import whole
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import extent
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Dense, Layer, Pool


class Reach(NamedTuple):
    """How the outputs of a layer lie on the frame.

    Output (row, column) looks at `size` pixels of the frame, from `start` + index · `jump` on each axis. Transposed
    layers have jumps below 1. Sizes follow r ← r + (k_eff − 1)·j, j ← j·s.
    """

    size: tuple[Fraction, Fraction]
    jump: tuple[Fraction, Fraction]
    start: tuple[Fraction, Fraction]


def reach_after(layer: Layer, pads: Amounts, source: Shape, before: Reach) -> Reach:
    """How the outputs of a layer lie on the frame, from how those before it do."""
    one = Pair(1, 1)
    match layer:
        case Conv():
            kernel, stride, dilation = layer.kernel, layer.stride, layer.dilation
        case Pool(is_global=False):
            kernel, stride, dilation = layer.window, layer.stride, layer.dilation
        case Activation():
            return before
        case ConvTranspose():
            return _reach_transposed(layer, before)
        case Pool() | Dense():
            region = whole(source)
            kernel, stride, dilation = Pair(region.height, region.width), one, one
    return _reach_slid(Pair(extent(kernel[0], dilation[0]), extent(kernel[1], dilation[1])), stride, pads, before)


@lru_cache(64)  # a drag asks for the same one again with every number, and fractions take time
def _reach_slid(span: Pair, stride: Pair, pads: Amounts, before: Reach) -> Reach:
    size, jump, start = [], [], []
    for axis, pad in enumerate((pads.top, pads.left)):
        size.append(before.size[axis] + (span[axis] - 1) * before.jump[axis])
        jump.append(before.jump[axis] * stride[axis])
        start.append(before.start[axis] - pad * before.jump[axis])
    return Reach((size[0], size[1]), (jump[0], jump[1]), (start[0], start[1]))


def _reach_transposed(layer: ConvTranspose, before: Reach) -> Reach:
    size, jump, start = [], [], []
    for axis in range(2):
        span, stride = extent(layer.kernel[axis], layer.dilation[axis]), layer.stride[axis]
        step = before.jump[axis] / stride
        size.append(before.size[axis] + (span - 1) * step)
        jump.append(step)
        start.append(before.start[axis] + (layer.padding[axis] - span + 1) * step)
    return Reach((size[0], size[1]), (jump[0], jump[1]), (start[0], start[1]))
