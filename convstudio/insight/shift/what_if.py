"""The recipe of the shift test: the layers as they are, or with another border, stride, pool or blur.

The document does not change.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import NOTHING, Amounts, Padding, padding_amounts
from convstudio.core.geometry.shapes import ONE, Pair
from convstudio.core.geometry.sizes import ceil_division, extent
from convstudio.core.recipe.layers import (
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)

BINOMIAL = Weights(np.outer([1, 2, 1], [1, 2, 1])[None, None] / 16)
IDENTITY = Weights([[[[1.0]]]])
Layers = tuple[Layer, ...]


class BorderChoice(StrEnum):
    """What stands beside the picture in every layer."""

    RECIPE = "recipe"
    ZEROS = "zeros"
    CIRCULAR = "circular"


class StrideChoice(StrEnum):
    """The stride of the layer that subsamples first."""

    RECIPE = "recipe"
    ONE = "1"
    TWO = "2"


@dataclass(frozen=True)
class WhatIf:
    """What the test supposes of the recipe; the defaults suppose nothing.

    Parameters
    ----------
    border
        Zeros or circular make every convolution keep the picture's size, with that in its padding; circular also wraps
        the windows of pools and transposed convolutions around.
    stride
        Of the first convolution or pool with a stride above 1; where there is none, of the first one.
    has_pool, has_average
        A 2×2 max pool, then a global average, at the end; before a layer that takes in the whole picture.
    has_blur
        Every layer with a stride is computed at each place, blurred with the binomial 3×3, and only then subsampled.
    """

    border: BorderChoice = BorderChoice.RECIPE
    stride: StrideChoice = StrideChoice.RECIPE
    has_pool: bool = False
    has_blur: bool = False
    has_average: bool = False


def apply_what_if(layers: Layers, what_if: WhatIf) -> Layers:
    """The layers that the test runs; those that are switched off are left out.

    Examples
    --------
    >>> [type(layer).__name__ for layer in apply_what_if((Pool(), Dense()), WhatIf(has_blur=True, has_average=True))]
    ['Pool', 'Conv', 'Pool', 'Dense']
    """
    changed = [layer for layer in layers if layer.enabled]
    place = strided_place(tuple(changed))
    if what_if.stride is not StrideChoice.RECIPE and place is not None:
        changed[place] = _with_stride(changed[place], Pair.of(int(what_if.stride)))
    end = next((place for place, layer in enumerate(changed) if takes_all(layer)), len(changed))
    if what_if.has_average:
        changed.insert(end, Pool(kind=PoolKind.AVERAGE, is_global=True))
    if what_if.has_pool:
        changed.insert(end, Pool())
    if what_if.has_blur:
        changed = [part for layer in changed for part in _blurred(layer)]
    if what_if.border is not BorderChoice.RECIPE:
        changed = [part for layer in changed for part in _bordered(layer, Border(what_if.border))]
    return tuple(changed)


def takes_all(layer: Layer) -> bool:
    """Whether every output of a layer sees the whole picture, so that no place is left.

    Examples
    --------
    >>> takes_all(Dense()), takes_all(Pool())
    (True, False)
    """
    return isinstance(layer, Dense) or (isinstance(layer, Pool) and layer.is_global)


def strided_place(layers: Layers) -> int | None:
    """The layer whose stride can be supposed: the first with one above 1, else the first that could have one.

    Examples
    --------
    >>> strided_place((Dense(), Pool()))
    1
    """
    able = [place for place, layer in enumerate(layers) if layer.enabled and _can_stride(layer)]
    return next((place for place in able if _stride(layers[place]) != ONE), able[0] if able else None)


def subsamples(layers: Layers) -> bool:
    """Whether any layer leaves outputs out, so that there is something to blur before.

    Examples
    --------
    >>> subsamples((Pool(),)), subsamples((Dense(),))
    (True, False)
    """
    return any(layer.enabled and _can_stride(layer) and _stride(layer) != ONE for layer in layers)


def wraps(layers: Layers, what_if: WhatIf) -> bool:
    """Whether the picture is taken as a ring: every padding is circular, and so is the shift.

    Examples
    --------
    >>> wraps((Conv(weight=BINOMIAL, bias=(0.0,), border=Border.CIRCULAR),), WhatIf())
    True
    """
    if what_if.border is not BorderChoice.RECIPE:
        return what_if.border is BorderChoice.CIRCULAR
    padded = [
        layer.border
        for layer in layers
        if isinstance(layer, Conv)
        and layer.enabled
        and any(padding_amounts(layer.padding, layer.kernel, layer.dilation))
    ]
    return bool(padded) and set(padded) == {Border.CIRCULAR}


def _can_stride(layer: Layer) -> bool:
    return isinstance(layer, Conv) or (isinstance(layer, Pool) and not layer.is_global)


def _stride(layer: Layer) -> Pair:
    return layer.stride if isinstance(layer, Conv | Pool) else ONE


def _with_stride(layer: Layer, stride: Pair) -> Layer:
    return replace(layer, stride=stride) if isinstance(layer, Conv | Pool) else layer


def _blurred(layer: Layer) -> Layers:
    stride = _stride(layer)
    if not _can_stride(layer) or stride == ONE:
        return (layer,)
    border = layer.border if isinstance(layer, Conv) else Border.ZEROS
    blur = Conv(weight=BINOMIAL, bias=(0.0,), stride=stride, border=border, channels=Channels.EACH, name="Blur")
    return (_with_stride(layer, ONE), blur)


def _bordered(layer: Layer, border: Border) -> Layers:
    match layer:
        case Conv():
            return (replace(layer, padding=Padding.SAME, border=border),)
        case Pool(is_global=False) if border is Border.CIRCULAR:
            # enough around that N pixels become N / stride, as on a ring; the pool itself then pads nothing
            rooms = [max(extent(layer.window[axis], layer.dilation[axis]) - layer.stride[axis], 0) for axis in (0, 1)]
            pads = Amounts(*(part for room in rooms for part in (room // 2, room - room // 2)))
            bare = replace(layer, padding=NOTHING, ceil_mode=False)
            return (_ring(pads), bare) if any(pads) else (bare,)
        case ConvTranspose() if border is Border.CIRCULAR:
            # what reaches over an edge comes back on the other side; the rows added for it are cut off again
            rows, columns = (
                ceil_division(extent(layer.kernel[axis], layer.dilation[axis]), layer.stride[axis]) for axis in (0, 1)
            )
            padding = Pair(
                layer.padding.vertical + rows * layer.stride.vertical,
                layer.padding.horizontal + columns * layer.stride.horizontal,
            )
            return (_ring(Amounts(rows, rows, columns, columns)), replace(layer, padding=padding))
        case _:
            return (layer,)


def _ring(pads: Amounts) -> Conv:
    """Padding as a layer of its own: every pixel as it is, and pixels of the opposite side around them."""
    return Conv(weight=IDENTITY, bias=(0.0,), padding=pads, border=Border.CIRCULAR, channels=Channels.EACH, name="Ring")
