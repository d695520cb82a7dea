"""Scale: what automatic display knows of each channel from the layers alone, without looking at the values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.activations import ACTIVATIONS
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
)

FLAT_SHARE = 0.1  # a filter that keeps more than this of a flat picture's brightness makes another picture of it


@dataclass(frozen=True)
class Scale:
    """What automatic display knows of a layer's output without looking at it."""

    white: float
    is_signed: bool


def scales_after(layers: tuple[Layer, ...], white: float, signed: tuple[bool, ...]) -> tuple[Scale, ...]:
    """The brightness that counts as full and whether values swing around zero, for each channel after some layers.

    Parameters
    ----------
    layers
        As a plan executes them.
    white
        What counts as full brightness in the source.
    signed
        Whether the values swing around zero, for each channel of the source.

    Examples
    --------
    >>> from convstudio.core.activations import ActivationKind
    >>> scales_after((Activation(kind=ActivationKind.SIGMOID),), 255.0, (True,))
    (Scale(white=1.0, is_signed=False),)
    """
    *_, last = scales_along(layers, white, signed)
    return last


def scales_along(layers: Iterable[Layer], white: float, signed: tuple[bool, ...]) -> Iterator[tuple[Scale, ...]]:
    """`scales_after` no layer, after the first, and so on.

    Examples
    --------
    >>> from convstudio.core.activations import ActivationKind
    >>> [scales[0].white for scales in scales_along((Activation(kind=ActivationKind.TANH),), 255.0, (True,))]
    [255.0, 1.0]
    """
    yield tuple(Scale(white, is_signed) for is_signed in signed)
    for layer in layers:
        match layer:
            case _ if not layer.enabled:
                pass
            case Conv(channels=Channels.EACH):
                signed = tuple(
                    is_signed or differs
                    for differs in map(_differs, layer.weight.array, layer.bias)
                    for is_signed in signed
                )
            case Conv():
                signed = tuple(
                    any(signed[_inputs_of(layer, number)]) or _differs(weights, bias)
                    for number, (weights, bias) in enumerate(zip(layer.weight.array, layer.bias, strict=True))
                )
            case ConvTranspose():
                weight, filters_per_group = layer.weight.array, layer.weight.array.shape[1]
                signed = tuple(
                    any(signed[inputs]) or _differs(weight[inputs, number % filters_per_group], bias)
                    for number, bias in enumerate(layer.bias)
                    for inputs in [_inputs_of(layer, number)]
                )
            case Dense():
                signed = (True,) * layer.units
            case Activation():
                function = ACTIVATIONS[layer.kind]
                white = white if function.limit is None else function.limit
                signed = (False,) * len(signed) if function.is_positive else signed
            case _:
                pass
        yield tuple(Scale(white, is_signed) for is_signed in signed)


def _inputs_of(layer: Conv | ConvTranspose, filter_index: int) -> slice:
    """The channels that a filter reads: those of its group."""
    weight = layer.weight.array
    channels = weight.shape[1] if isinstance(layer, Conv) else weight.shape[0] // layer.groups
    group = filter_index // (layer.filters // layer.groups)
    return slice(group * channels, (group + 1) * channels)


def _differs(weights: NDArray[np.float64], bias: float) -> bool:
    """Whether a filter takes differences: its weights nearly cancel, so that what is flat becomes about zero."""
    total = float(weights.sum())
    return bias < 0 or (bool((weights < 0).any()) and total < FLAT_SHARE * float(np.abs(weights).sum()))
