"""Edits of a layer's filters and their weights; each returns a new layer. Ways over channels live in `channels`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.planes import Plane, resized
from convstudio.core.kernels.size import check_size
from convstudio.core.recipe.layers import Conv, ConvTranspose, Weights
from convstudio.core.recipe.new_layers import unused_starters

Filters = NDArray[np.float64]
Kerneled = TypeVar("Kerneled", bound=Conv | ConvTranspose)

MOST_FILTERS = 1024


def filters_first(layer: Conv | ConvTranspose) -> Filters:
    """The weights as (filters, planes, height, width), which a transposed layer keeps in another order.

    Examples
    --------
    >>> filters_first(ConvTranspose(weight=Weights(np.zeros((6, 2, 4, 4))), bias=(0.0,) * 2)).shape
    (2, 6, 4, 4)
    """
    weight = layer.weight.array
    if isinstance(layer, Conv):
        return weight
    inputs, per_group, height, width = weight.shape
    _check_dividing(layer.groups, inputs, "input channels")
    grouped = weight.reshape(layer.groups, inputs // layer.groups, per_group, height, width)
    return grouped.swapaxes(1, 2).reshape(layer.filters, inputs // layer.groups, height, width)


def with_weights(
    layer: Kerneled, filters: ArrayLike, bias: Sequence[float] | None = None, *, groups: int | None = None
) -> Kerneled:
    """The layer with other weights (filters, planes, height, width), and other biases or groups where given.

    Examples
    --------
    >>> layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))
    >>> with_weights(layer, [[[[2.0, 3.0]]]]).weight
    Weights([[[[2.0, 3.0]]]])
    """
    values = np.array(filters, dtype=np.float64)
    count, planes, height, width = values.shape
    check_size(height, width)
    parts = layer.groups if groups is None else groups
    biases = layer.bias if bias is None else tuple(float(value) for value in bias)
    if isinstance(layer, ConvTranspose):
        _check_dividing(parts, count, "filters")
        grouped = values.reshape(parts, count // parts, planes, height, width)
        values = grouped.swapaxes(1, 2).reshape(parts * planes, count // parts, height, width)
    return replace(layer, weight=Weights(values), bias=biases, groups=parts)


def planes_of(layer: Conv | ConvTranspose) -> int:
    """How many planes one filter has: one for each input channel of its group, 1 when it takes each channel alone.

    Examples
    --------
    >>> planes_of(Conv(weight=Weights(np.zeros((6, 3, 5, 5))), bias=(0.0,) * 6))
    3
    """
    if isinstance(layer, Conv):
        return int(layer.weight.array.shape[1])
    return int(layer.weight.array.shape[0]) // layer.groups


def kernel_at(layer: Conv | ConvTranspose, filter_index: int, channel: int) -> Plane:
    """One plane (height, width) of one filter; `channel` counts the planes of that filter.

    Examples
    --------
    >>> kernel_at(Conv(weight=Weights([[[[1, 0, -1]]]]), bias=(0.0,)), 0, 0).tolist()
    [[1.0, 0.0, -1.0]]
    """
    _check_index("filter", filter_index, layer.filters)
    _check_index("plane", channel, planes_of(layer))
    plane: Plane = filters_first(layer)[filter_index, channel].copy()
    return plane


def with_kernel(layer: Kerneled, filter_index: int, channel: int, array: ArrayLike) -> Kerneled:
    """The layer with one plane exchanged; a plane of another size brings all kernels of the layer to that size.

    Examples
    --------
    >>> with_kernel(Conv(weight=Weights([[[[1, 2, 3]]], [[[4, 5, 6]]]]), bias=(0.0, 0.0)), 0, 0, [[7]]).weight
    Weights([[[[7.0]]], [[[5.0]]]])
    """
    _check_index("filter", filter_index, layer.filters)
    _check_index("plane", channel, planes_of(layer))
    plane = np.array(array, dtype=np.float64)
    if plane.ndim != 2:
        raise ConvStudioError(f"A kernel plane has rows and columns, not the shape {plane.shape}; give both.")
    values = filters_first(with_kernel_size(layer, *plane.shape)).copy()
    values[filter_index, channel] = plane
    return with_weights(layer, values)


def with_cell(layer: Kerneled, filter_index: int, channel: int, row: int, column: int, value: float) -> Kerneled:
    """The layer with one weight exchanged.

    Examples
    --------
    >>> with_cell(Conv(weight=Weights([[[[1, 2]]]]), bias=(0.0,)), 0, 0, 0, 1, -3).weight
    Weights([[[[1.0, -3.0]]]])
    """
    plane = kernel_at(layer, filter_index, channel)
    _check_index("row", row, plane.shape[0])
    _check_index("column", column, plane.shape[1])
    plane[row, column] = value
    return with_kernel(layer, filter_index, channel, plane)


def with_kernel_size(layer: Kerneled, height: int, width: int) -> Kerneled:
    """The layer with all kernels cut to another size, or extended with zeros, around their anchor.

    Examples
    --------
    >>> with_kernel_size(Conv(weight=Weights([[[[1, 2, 3]]]]), bias=(0.0,)), 1, 5).weight
    Weights([[[[0.0, 1.0, 2.0, 3.0, 0.0]]]])
    """
    if layer.kernel == (height, width):
        return layer
    check_size(height, width)
    values = filters_first(layer)
    return with_weights(layer, [[resized(plane, height, width) for plane in planes] for planes in values])


def with_filters(layer: Kerneled, count: int) -> Kerneled:
    """The layer with so many filters: the last ones go, or new ones come that look for something else.

    In a layer with groups every group loses or gains the same number.

    Raises
    ------
    ConvStudioError
        If the count is not 1 to 1024, or the groups cannot share it equally.

    Examples
    --------
    >>> layer = Conv(weight=Weights([[[[1.0]]], [[[2.0]]]]), bias=(5.0, 6.0))
    >>> with_filters(layer, 1).bias, with_filters(layer, 3).bias
    ((5.0,), (5.0, 6.0, 0.0))
    """
    if not 1 <= count <= MOST_FILTERS:
        raise ConvStudioError(
            f"A layer has 1 to {MOST_FILTERS} filters, not {count}; choose a number from 1 to {MOST_FILTERS}."
        )
    groups = layer.groups
    if count % groups:
        near = " or ".join(
            str(number) for number in (count - count % groups, count - count % groups + groups) if number
        )
        raise ConvStudioError(
            f"{groups} groups cannot share {count} filters equally; use {near} filters, or fewer groups."
        )
    values = filters_first(layer)
    added = np.concatenate([values[:0], *(kernel[None] for kernel in unused_starters(values, count - layer.filters))])
    remaining = [part[: count // groups] for part in np.split(values, groups)]
    kernels = [part for pair in zip(remaining, np.split(added, groups), strict=True) for part in pair]
    biases = np.array(layer.bias).reshape(groups, -1)[:, : count // groups]
    biases = np.pad(biases, ((0, 0), (0, count // groups - biases.shape[1])))
    return with_weights(layer, np.concatenate(kernels), biases.ravel().tolist())


def with_duplicated_filter(layer: Kerneled, filter_index: int) -> Kerneled:
    """The layer with a copy of one filter, and of its bias, behind it.

    Examples
    --------
    >>> with_duplicated_filter(Conv(weight=Weights([[[[1.0]]], [[[2.0]]]]), bias=(5.0, 6.0)), 0).bias
    (5.0, 5.0, 6.0)
    """
    _check_index("filter", filter_index, layer.filters)
    _refuse_groups(layer)
    order = [*range(filter_index + 1), *range(filter_index, layer.filters)]
    if len(order) > MOST_FILTERS:
        raise ConvStudioError(f"The layer has {layer.filters} filters, the most there can be; delete one first.")
    return with_weights(layer, filters_first(layer)[order], [layer.bias[index] for index in order])


def without_filter(layer: Kerneled, filter_index: int) -> Kerneled:
    """The layer without one filter.

    Raises
    ------
    ConvStudioError
        If it is the last one, or the layer has groups.

    Examples
    --------
    >>> without_filter(Conv(weight=Weights([[[[1.0]]], [[[2.0]]]]), bias=(5.0, 6.0)), 0).bias
    (6.0,)
    """
    _check_index("filter", filter_index, layer.filters)
    if layer.filters == 1:
        raise ConvStudioError("A layer needs at least 1 filter and this is its last; delete the layer instead.")
    _refuse_groups(layer)
    order = [index for index in range(layer.filters) if index != filter_index]
    return with_weights(layer, filters_first(layer)[order], [layer.bias[index] for index in order])


def with_bias(layer: Kerneled, filter_index: int, value: float) -> Kerneled:
    """The layer with the bias of one filter exchanged.

    Examples
    --------
    >>> with_bias(Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,)), 0, 128).bias
    (128.0,)
    """
    _check_index("filter", filter_index, layer.filters)
    if not np.isfinite(value):
        raise ConvStudioError("A bias must be a finite number; write another one.")
    bias = (*layer.bias[:filter_index], float(value), *layer.bias[filter_index + 1 :])
    return replace(layer, bias=bias)


def _check_index(what: str, index: int, count: int) -> None:
    if not 0 <= index < count:
        raise ConvStudioError(f"There is no {what} {index + 1}; choose one from 1 to {count}.")


def _check_dividing(groups: int, count: int, what: str) -> None:
    if groups < 1 or count % groups:
        raise ConvStudioError(
            f"{groups} groups cannot share {count} {what} equally; choose a number of groups that divides {count}."
        )


def _refuse_groups(layer: Conv | ConvTranspose) -> None:
    if layer.groups > 1:
        raise ConvStudioError(
            f"With {layer.groups} groups filters come and go {layer.groups} at a time; "
            f"set the number of filters to a multiple of {layer.groups}, or use 1 group."
        )
