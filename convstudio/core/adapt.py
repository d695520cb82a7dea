"""Making a layer read another number of channels, so that changing what comes before it is never a dead end.

The document keeps the weights as the person left them; the plan adapts what it executes. Going back to the old
source or filter count therefore brings the old weights back.
"""

from dataclasses import replace
from math import gcd

import numpy as np
from numpy.typing import NDArray

from convstudio.core.layers import Channels, Conv, ConvTranspose, Layer, Weights


def spread(weight: NDArray[np.float64], axis: int, count: int) -> NDArray[np.float64]:
    """Weights over another number of channels along `axis`; their sum over that axis stays the same.

    Fewer channels take up the weights of those that went; more share them. So the answer to a picture whose
    channels are all alike does not change.

    Examples
    --------
    >>> spread(np.array([[3.0, 2.0, 1.0]]), 1, 1)
    array([[6.]])
    """
    old = weight.shape[axis]
    weight = np.moveaxis(weight, axis, 0)
    if count <= old:
        result = weight[:count].copy()
        for index in range(count, old):
            result[index % count] += weight[index]
    else:
        copies = np.bincount(np.arange(count) % old)
        result = np.stack([weight[index % old] / copies[index % old] for index in range(count)])
    return np.moveaxis(result, 0, axis)


def adapted(layer: Layer, channels: int) -> Layer:
    """The layer as it reads an input of so many channels: itself, when it already does."""
    match layer:
        case Conv(channels=Channels.ACROSS):
            if layer.weight.array.shape[1] * layer.groups == channels:
                return layer
            groups = gcd(layer.groups, channels, layer.filters)
            weight = spread(layer.weight.array, 1, channels // groups)
            return replace(layer, weight=Weights(weight), groups=groups)
        case ConvTranspose():
            if layer.weight.array.shape[0] == channels:
                return layer
            groups = gcd(layer.groups, channels)
            if groups == layer.groups:
                return replace(layer, weight=Weights(spread(layer.weight.array, 0, channels)))
            dense = np.concatenate([layer.weight.array] * (layer.groups // groups), axis=1)
            return replace(layer, weight=Weights(spread(dense, 0, channels)), groups=groups)
        case _:
            return layer
