"""Making a layer read another number of channels, so that changing what comes before it is never a dead end.

The document keeps the weights as the person left them; the plan adapts what it executes. Going back to the old
source or filter count therefore brings the old weights back.
"""

from dataclasses import replace
from math import gcd

import numpy as np
from numpy.typing import NDArray

from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Layer,
    Normalisation,
    ScaleShift,
    Weights,
)


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


def per_channel(numbers: tuple[float, ...], count: int) -> tuple[float, ...]:
    """One number for each of so many channels; a single one stays, as it is for all of them.

    Fewer channels take the means of those that went; more take them in turn.

    Examples
    --------
    >>> per_channel((1.0, 2.0, 6.0), 1), per_channel((1.0, 2.0), 3), per_channel((5.0,), 3)
    ((3.0,), (1.0, 2.0, 1.0), (5.0,))
    """
    if len(numbers) in (1, count):
        return numbers
    if count > len(numbers):
        return tuple(numbers[number % len(numbers)] for number in range(count))
    return tuple(float(np.mean(numbers[number::count])) for number in range(count))


def adapted(layer: Layer, channels: int) -> Layer:  # noqa: PLR0911  # a case for each kind of layer
    """The layer as it reads an input of so many channels: itself, when it already does.

    Groups that no longer divide the channels are merged. A layer whose own numbers contradict each other is left
    alone; the plan refuses it.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> layer = Conv(weight=Weights([[[[1.0]], [[2.0]], [[3.0]]]]), bias=(0.0,))
    >>> adapted(layer, 1).weight.array.tolist()
    [[[[6.0]]]]
    """
    match layer:
        case Conv(channels=Channels.ACROSS):
            if layer.groups < 1 or layer.weight.array.shape[1] * layer.groups == channels:
                return layer
            groups = gcd(layer.groups, channels, layer.filters)
            weight = spread(layer.weight.array, 1, channels // groups)
            return replace(layer, weight=Weights(weight), groups=groups)
        case ConvTranspose():
            inputs = layer.weight.array.shape[0]
            if layer.groups < 1 or inputs == channels or inputs % layer.groups:
                return layer
            groups = gcd(layer.groups, channels)
            weight = spread(_merged(layer.weight.array, layer.groups, groups), 1, channels // groups)
            return replace(layer, weight=Weights(weight.reshape(channels, *weight.shape[2:])), groups=groups)
        case Activation(slopes=slopes):
            new = per_channel(slopes, channels) if slopes else slopes
            return layer if new == slopes else replace(layer, slopes=new)
        case ScaleShift():
            scale, shift = per_channel(layer.scale, channels), per_channel(layer.shift, channels)
            return layer if (scale, shift) == (layer.scale, layer.shift) else replace(layer, scale=scale, shift=shift)
        case Normalisation():
            mean, deviation = per_channel(layer.mean, channels), per_channel(layer.deviation, channels)
            is_same = (mean, deviation) == (layer.mean, layer.deviation)
            return layer if is_same else replace(layer, mean=mean, deviation=deviation)
        case _:
            return layer


def _merged(weight: NDArray[np.float64], old: int, new: int) -> NDArray[np.float64]:
    """Transposed weights (in, out / old, …) as (new, in / new, out / new, …), zero between groups that were apart."""
    inputs, filters, height, width = weight.shape
    parts = old // new
    apart = weight.reshape(new, parts, inputs // old, filters, height, width)
    merged = np.zeros((new, parts, inputs // old, parts, filters, height, width))
    for part in range(parts):
        merged[:, part, :, part] = apart[:, part]
    return merged.reshape(new, inputs // new, filters * parts, height, width)
