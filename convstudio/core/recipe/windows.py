"""Which part of its input a layer's output comes from, and which part of the output an input reaches: integers only."""

from typing import NamedTuple

from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.regions import Region, whole
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import extent
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Dense, Layer, Pool


class Slide(NamedTuple):
    """How a layer's window moves over its input."""

    kernel: Pair
    stride: Pair
    dilation: Pair

    def gathered(self, axis: int, start: int, stop: int, pad: int) -> tuple[int, int]:
        """Places under the windows start … stop − 1 along an axis (0 vertical, 1 horizontal)."""
        stride, span = self.stride[axis], extent(self.kernel[axis], self.dilation[axis])
        return start * stride - pad, (stop - 1) * stride - pad + span

    def scattered(self, axis: int, start: int, stop: int, pad: int) -> tuple[int, int]:
        """Windows that touch the places start … stop − 1 along an axis."""
        stride, span = self.stride[axis], extent(self.kernel[axis], self.dilation[axis])
        return -(-(start + pad - span + 1) // stride), (stop - 1 + pad) // stride + 1


def slide_of(layer: Layer, shape: Shape) -> Slide | None:
    """How a layer's window moves over an input of a shape; None where every output sees every input."""
    one = Pair(1, 1)
    match layer:
        case Conv() | ConvTranspose():
            return Slide(layer.kernel, layer.stride, layer.dilation)
        case Pool(is_global=True):
            return Slide(Pair(shape.height, shape.width), one, one)
        case Pool():
            return Slide(layer.window, layer.stride, layer.dilation)
        case Activation():
            return Slide(one, one, one)
        case Dense():
            return None


def needed(layer: Layer, pads: Amounts, source: Shape, region: Region) -> Region:
    """The region of a layer's input that a region of its output depends on; not clipped, so it shows padding.

    Parameters
    ----------
    layer, pads, source
        The layer, its padding in pixels and the shape of its input.
    region
        Of its output.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> layer = Conv(weight=Weights([[[[0] * 3] * 3]]), bias=(0,))
    >>> needed(layer, Amounts(1, 1, 1, 1), Shape(1, 9, 9), unit(0, 4))
    Region(top=-1, bottom=2, left=3, right=6)
    """
    return _carry(layer, pads, source, region, backward=True)


def reached(layer: Layer, pads: Amounts, source: Shape, region: Region) -> Region:
    """The region of a layer's output that a region of its input has an effect on; not clipped.

    With a stride larger than the kernel's span it can be empty: those inputs are never read.
    """
    return _carry(layer, pads, source, region, backward=False)


def _carry(layer: Layer, pads: Amounts, source: Shape, region: Region, *, backward: bool) -> Region:
    if not layer.enabled:
        return region
    if region.is_empty:
        return Region(0, 0, 0, 0)
    slide = slide_of(layer, source)
    if slide is None:
        return whole(source) if backward else Region(0, 1, 0, 1)
    carry = slide.gathered if backward != isinstance(layer, ConvTranspose) else slide.scattered
    top, bottom = carry(0, region.top, region.bottom, pads.top)
    left, right = carry(1, region.left, region.right, pads.left)
    return Region(top, bottom, left, right)
