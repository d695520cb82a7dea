"""Edits of how filters read the input channels: groups, each channel alone or across them, and loading presets."""

from dataclasses import replace
from math import gcd
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
from convstudio.core.kernels.planes import Plane, resized
from convstudio.core.kernels.size import check_size
from convstudio.core.recipe.channel_adaptation import adapted, spread
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.wording import NOISE

DIGITS = 13  # of a sum of planes; float64 has fifteen, and rounding takes the last of them


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

    Alone, a filter is the sum of its planes, so that its answer to a grey picture stays. Spanning, its planes are as
    far apart as when it last did, and otherwise alike; their sum is the filter that was alone. Biases stay, and the
    way there and back gives back every weight.

    Examples
    --------
    >>> layer = Conv(weight=Weights([[[[6.0]]]]), bias=(1.0,), channels=Channels.EACH)
    >>> with_channel_mode(layer, Channels.ACROSS, 3).weight
    Weights([[[[2.0]], [[2.0]], [[2.0]]]])
    >>> across = Conv(weight=Weights([[[[6.0]], [[1.0]], [[-1.0]]]]), bias=(1.0,))
    >>> with_channel_mode(with_channel_mode(across, Channels.EACH, 3), Channels.ACROSS, 3) == across
    True
    """
    if mode is layer.channels:
        return layer
    if mode is Channels.EACH:
        weight, groups = _alone(layer), 1
    else:
        groups = _groups_before(layer, channels)
        weight = _spanning(layer, channels // groups)
    return replace(layer, weight=Weights(weight), groups=groups, channels=mode, other_weight=layer.weight)


def _alone(layer: Conv) -> Filters:
    """The sums of the planes (filters, 1, height, width), without noise where they are the filters that were alone."""
    total: Filters = layer.weight.array.sum(axis=1, keepdims=True)
    before = layer.other_weight.array if layer.other_weight is not None else total
    if before.shape == total.shape:
        total = np.where(_is_alike(total, before, layer.weight.array), before, total)
    return total


def _groups_before(layer: Conv, channels: int) -> int:
    """In how many groups the layer last spanned so many channels; 1 where it did not."""
    if layer.other_weight is None:
        return 1
    groups, rest = divmod(channels, layer.other_weight.array.shape[1])
    return groups if rest == 0 and layer.filters % groups == 0 else 1


def _spanning(layer: Conv, planes: int) -> Filters:
    """The filters over so many planes: as far apart as they last were, and adding up to the filter that is alone."""
    kernels = layer.weight.array
    share = spread(kernels, 1, planes)
    if layer.other_weight is None or layer.other_weight.array.shape[1] != planes:
        return share
    before = np.array([[resized(plane, *layer.kernel) for plane in kernel] for kernel in layer.other_weight.array])
    total = before.sum(axis=1, keepdims=True)
    weight = share
    for place, kernel in enumerate(kernels):
        origin = _origin(place, kernel, total, before, is_same_count=len(kernels) == len(before))
        if origin is not None:
            apart, whole = before[origin], total[origin]
            is_equal = (apart == apart[:1]).all(axis=0)
            moved = np.where(is_equal, share[place], apart + (kernel - whole) / planes)
            weight[place] = np.where(_is_alike(kernel, whole, apart), apart, moved)
    return weight


def _origin(place: int, kernel: Filters, total: Filters, before: Filters, *, is_same_count: bool) -> int | None:
    """Which of the filters from before one that is alone comes from: its own place, or the one with its sum."""
    alike = [index for index in range(len(total)) if bool(_is_alike(kernel, total[index], before[index]).all())]
    if place in alike or (is_same_count and not alike):
        return place
    return alike[0] if alike else None


def _is_alike(values: Filters, others: Filters, planes: Filters) -> NDArray[np.bool_]:
    """Where two sums of planes (…, planes, height, width) differ by no more than rounding."""
    noise: NDArray[np.bool_] = np.abs(values - others) <= NOISE * np.abs(planes).sum(axis=-3, keepdims=True)
    return noise


def with_kernel_everywhere(layer: Kerneled, filter_index: int, array: ArrayLike) -> Kerneled:
    """The layer with one filter changed on all its planes alike, so that they add up to a kernel (height, width).

    The sum is what the filter makes of a grey picture. Each plane takes an equal share of the change; where planes are
    alike they stay alike. A kernel of another size brings all kernels of the layer to that size.

    Examples
    --------
    >>> layer = Conv(weight=Weights([[[[1.0]], [[4.0]]]]), bias=(0.0,))
    >>> with_kernel_everywhere(layer, 0, [[9.0]]).weight
    Weights([[[[3.0]], [[6.0]]]])
    """
    kernel = np.array(array, dtype=np.float64)
    if kernel.ndim != 2:
        raise ConvStudioError(f"A kernel has rows and columns, not the shape {kernel.shape}; give both.")
    reading = with_kernel_size(layer, *kernel.shape)
    values = filters_first(reading).copy()
    planes = values[filter_index]
    is_equal = (planes == planes[:1]).all(axis=0)
    values[filter_index] = np.where(
        is_equal, kernel / len(planes), planes + (kernel - kernel_everywhere(reading, filter_index)) / len(planes)
    )
    return with_weights(reading, values)


def kernel_everywhere(layer: Kerneled, filter_index: int) -> Plane:
    """What one filter makes of a grey picture: the sum (height, width) of its planes, without the noise of rounding.

    Examples
    --------
    >>> layer = Conv(weight=Weights(np.full((1, 3, 1, 1), 0.1)), bias=(0.0,))
    >>> kernel_everywhere(layer, 0).tolist()
    [[0.3]]
    """
    planes = filters_first(layer)[filter_index]
    if len(planes) == 1:
        return np.array(planes[0])
    total = planes.sum(axis=0)
    places = np.maximum(0, DIGITS - np.ceil(np.log10(np.maximum(np.abs(planes).sum(axis=0), np.finfo(float).tiny))))
    pairs = zip(total.ravel().tolist(), places.ravel().tolist(), strict=True)
    return np.array([round(value, int(digits)) for value, digits in pairs]).reshape(total.shape) + 0.0


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
