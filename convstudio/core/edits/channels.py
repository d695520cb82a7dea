"""Edits of how filters read the input channels: groups, each channel alone or across them, and loading presets."""

from dataclasses import replace
from math import gcd
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from convstudio.core.edits.filters import (
    MOST_FILTERS,
    Filters,
    Kerneled,
    filters_first,
    planes_of,
    with_kernel_size,
    with_weights,
)
from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.planes import resized
from convstudio.core.kernels.size import check_size
from convstudio.core.recipe.channel_adaptation import adapted, spread
from convstudio.core.recipe.layers import Channels, Conv, Weights


def common_divisors(channels: int, filters: int) -> tuple[int, ...]:
    """The numbers of groups that are possible.

    Examples
    --------
    >>> common_divisors(12, 18)
    (1, 2, 3, 6)
    """
    most = gcd(channels, filters)
    return tuple(number for number in range(1, most + 1) if most % number == 0)


def with_groups(layer: Kerneled, groups: int, channels: int) -> Kerneled:
    """The layer in so many groups, for an input of so many channels.

    A filter that reads fewer channels takes up the weights of those it no longer sees; one that reads more shares
    its weights among them. So the sum of each filter stays, and the answer to a grey picture too.

    Raises
    ------
    ConvStudioError
        If the number does not divide channels and filters, or each channel is taken alone.

    Examples
    --------
    >>> layer = Conv(weight=Weights(np.ones((6, 3, 5, 5))), bias=(0.0,) * 6)
    >>> with_groups(layer, 3, 3).weight.array.shape
    (6, 1, 5, 5)
    """
    if isinstance(layer, Conv) and layer.channels is Channels.EACH:
        raise ConvStudioError(
            "Groups share out the channels of a filter that spans them; choose across channels first."
        )
    possible = common_divisors(channels, layer.filters)
    if groups not in possible:
        raise ConvStudioError(
            f"{groups} groups cannot share {channels} input channels and {layer.filters} filters equally; "
            f"choose {_alternatives(possible)}."
        )
    return with_weights(layer, spread(filters_first(layer), 1, channels // groups), groups=groups)


def with_channel_mode(layer: Conv, mode: Channels, channels: int) -> Conv:
    """The layer taking each channel alone, or spanning them, for an input of so many channels.

    Spanning, each filter is spread equally over the channels; alone, it is the sum of its planes. Biases stay.

    Examples
    --------
    >>> layer = Conv(weight=Weights([[[[6.0]]]]), bias=(1.0,), channels=Channels.EACH)
    >>> with_channel_mode(layer, Channels.ACROSS, 3).weight
    Weights([[[[2.0]], [[2.0]], [[2.0]]]])
    """
    if mode is layer.channels:
        return layer
    total = layer.weight.array.sum(axis=1, keepdims=True)
    weight = spread(total, 1, channels) if mode is Channels.ACROSS else total
    return replace(layer, weight=Weights(weight), groups=1, channels=mode)


def with_preset(layer: Kerneled, filters: ArrayLike, channels: int, *, filter_index: int = 0) -> Kerneled:
    """The layer with the kernels of a preset (filters, height, width), for an input of so many channels.

    One kernel takes the place of the filter `filter_index`, whose bias stays; should others stand beside it, all
    kernels get the larger of both sizes. A set takes the place of all filters, with biases 0. A filter that spans
    channels gets an equal share on each, so that its answer to a grey picture is the preset's own.

    Examples
    --------
    >>> layer = Conv(weight=Weights(np.zeros((1, 2, 1, 1))), bias=(0.0,))
    >>> with_preset(layer, [[[1, 0, -1]]], 2).weight
    Weights([[[[0.5, 0.0, -0.5]], [[0.5, 0.0, -0.5]]]])
    """
    kernels = np.array(filters, dtype=np.float64)
    if kernels.ndim != 3 or not 1 <= len(kernels) <= MOST_FILTERS:
        raise ConvStudioError(f"Kernels have filters, rows and columns, not the shape {kernels.shape}; give all three.")
    count, height, width = kernels.shape
    check_size(height, width)
    reading = cast("Kerneled", adapted(layer, channels))
    if count > 1:
        return _with_set(reading, kernels, channels)
    if not 0 <= filter_index < reading.filters:
        raise ConvStudioError(f"There is no filter {filter_index + 1}; choose one from 1 to {reading.filters}.")
    if reading.filters > 1:
        height, width = max(height, reading.kernel.vertical), max(width, reading.kernel.horizontal)
    reading = with_kernel_size(reading, height, width)
    values = filters_first(reading).copy()
    values[filter_index] = resized(kernels[0], height, width) / planes_of(reading)
    return with_weights(reading, values)


def _with_set(layer: Kerneled, kernels: Filters, channels: int) -> Kerneled:
    groups = gcd(layer.groups, len(kernels))
    planes = 1 if isinstance(layer, Conv) and layer.channels is Channels.EACH else channels // groups
    return with_weights(layer, spread(kernels[:, None], 1, planes), (0.0,) * len(kernels), groups=groups)


def _alternatives(numbers: tuple[int, ...]) -> str:
    return " or ".join(", ".join(map(str, numbers)).rsplit(", ", 1))
