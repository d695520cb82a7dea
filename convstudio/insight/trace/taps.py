"""Taps: which inputs one output reads, through which kernel cells, and what stands in the padding.

Integers and gathered values only; the sums and their meaning are in `trace`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.shapes import Pair
from convstudio.core.ops import dense_weights_from
from convstudio.core.recipe.layers import (
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Orientation,
    Pool,
    PoolKind,
)
from convstudio.core.recipe.plan import Step

Indices = NDArray[np.intp]
Numbers = NDArray[np.float64]
Read = Callable[[Indices, Indices, Indices], NDArray[np.float32]]
"""The values of a layer's input where some channels, rows and columns cross."""


class Unit(NamedTuple):
    """One output of a layer."""

    channel: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Axis:
    """The taps of one output along one axis, in the order in which they lie on the input.

    Parameters
    ----------
    cells
        Row (or column) of the kernel as it is written, for each tap.
    places
        Input row (or column) on which the tap lies; it may be outside of the picture.
    sources
        Input row (or column) from which its value comes: the same place, its mirror, the edge, the opposite side; or
        `OUTSIDE`.
    """

    cells: Indices
    places: Indices
    sources: Indices

    @property
    def is_padding(self) -> NDArray[np.bool_]:
        return np.asarray((self.sources == OUTSIDE) | (self.places != self.sources))


@dataclass(frozen=True, eq=False)
class Taps:
    """Everything that one output reads: `channels` × `rows` × `columns`.

    Parameters
    ----------
    channels
        Input channels, (C,).
    rows, columns
        The taps along each axis, R and S of them.
    weights, values
        (C, R, S) float64. Values in a padding of zeros are 0.
    """

    channels: Indices
    rows: Axis
    columns: Axis
    weights: Numbers
    values: Numbers

    @cached_property
    def products(self) -> Numbers:
        """Weight times value, (C, R, S)."""
        with np.errstate(all="ignore"):  # 0 · ∞ is NaN, as the operations have it
            return self.weights * self.values

    @cached_property
    def is_padding(self) -> NDArray[np.bool_]:
        """Whether a tap lies outside of the picture, (R, S)."""
        return self.rows.is_padding[:, None] | self.columns.is_padding[None, :]

    @property
    def distinct(self) -> int:
        """How many different inputs are read; a zero of the padding is none, a mirrored one is counted once."""
        rows, columns = (np.unique(axis.sources[axis.sources != OUTSIDE]) for axis in (self.rows, self.columns))
        return len(self.channels) * len(rows) * len(columns)

    @property
    def shape(self) -> Pair:
        """Taps along each axis."""
        return Pair(len(self.rows.places), len(self.columns.places))


def gather_values(read: Read, channels: Indices, rows: Axis, columns: Axis) -> Numbers:
    """The values that taps read, (C, R, S) float64, 0 where they read nothing.

    Examples
    --------
    >>> axis = Axis(np.arange(2), np.array([-1, 0]), np.array([-1, 0]))
    >>> gather_values(lambda *_: np.full((1, 2, 2), 5, np.float32), np.array([0]), axis, axis).tolist()
    [[[0.0, 0.0], [0.0, 5.0]]]
    """
    places = (np.where(axis.sources == OUTSIDE, 0, axis.sources) for axis in (rows, columns))
    values = read(channels, *places).astype(np.float64)
    values[:, rows.sources == OUTSIDE, :] = 0.0
    values[:, :, columns.sources == OUTSIDE] = 0.0
    return values


def window_axis(
    step: Step, axis: int, index: int, *, kernel: int, stride: int, dilation: int, border: Border, is_flipped: bool
) -> Axis:
    """The taps of output `index` along one axis (0 vertical, 1 horizontal) of a sliding window.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv size 3"), Shape(1, 5, 5)).steps[0]
    >>> taps = window_axis(step, 0, 0, kernel=3, stride=1, dilation=1, border=Border.REFLECT, is_flipped=False)
    >>> taps.places.tolist(), taps.sources.tolist()
    ([-1, 0, 1], [1, 0, 1])
    """
    cells = np.arange(kernel)
    places = index * stride - (step.pads.top, step.pads.left)[axis] + dilation * cells
    sources = mirrored(places, step.input[1 + axis], border)
    return Axis(cells[::-1] if is_flipped else cells, places, sources)


def scattered_axis(step: Step, axis: int, index: int, *, kernel: int, stride: int, dilation: int) -> Axis:
    """The taps of output `index` along one axis of a transposed convolution: only those that meet an input.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("transposed 3 stride 2"), Shape(1, 4, 4)).steps[0]
    >>> taps = scattered_axis(step, 0, 2, kernel=3, stride=2, dilation=1)
    >>> taps.places.tolist(), taps.cells.tolist()
    ([0, 1], [2, 0])
    """
    cells = np.arange(kernel)[::-1]  # the last cell comes from the first input
    offset = index + (step.pads.top, step.pads.left)[axis] - dilation * cells
    places = offset // stride
    meets = (offset % stride == 0) & (places >= 0) & (places < step.input[1 + axis])
    return Axis(cells[meets], places[meets], places[meets])


def every_axis(length: int) -> Axis:
    """All inputs along one axis.

    Examples
    --------
    >>> every_axis(3).places.tolist()
    [0, 1, 2]
    """
    every = np.arange(length)
    return Axis(every, every, every)


def filter_of(step: Step, channel: int) -> int:
    """The filter that makes an output channel: filters that take each channel alone make one for each of them.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Weights
    >>> from convstudio.core.recipe.plan import plan
    >>> layer = Conv(weight=Weights([[[[1.0]]], [[[2.0]]]]), bias=(0, 0), channels=Channels.EACH)
    >>> filter_of(plan(Document((layer,)), Shape(3, 8, 8)).steps[0], 4)
    1
    """
    layer = step.layer
    is_alone = isinstance(layer, Conv) and layer.channels is Channels.EACH
    return channel // step.input.channels if is_alone else channel


def taps_of(step: Step, read: Read, unit: Unit) -> Taps:
    """What one output of a step reads.

    Parameters
    ----------
    read
        The values of the step's input where some channels, rows and columns cross.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> step = plan(Document((Pool(),)), Shape(1, 2, 2)).steps[0]
    >>> values = np.array([[[1, 2], [3, 4]]], np.float32)
    >>> taps_of(step, lambda *places: values[np.ix_(*places)], Unit(0, 0, 0)).values.tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]
    """
    layer = step.layer
    same = np.array([unit.channel])
    place = (unit.row, unit.column)
    match layer:
        case Conv(enabled=True):
            return _taps_conv(step, layer, read, unit)
        case ConvTranspose(enabled=True):
            return _taps_transposed(step, layer, read, unit)
        case Dense(enabled=True):
            rows, columns = every_axis(step.input.height), every_axis(step.input.width)
            size = step.input.size
            weights = dense_weights_from(unit.channel * size, size, inputs=size, seed=layer.seed).astype(np.float64)
            channels = np.arange(step.input.channels)
            values = read(channels, rows.sources, columns.sources).astype(np.float64)
            return Taps(channels, rows, columns, weights.reshape(step.input), values)
        case Pool(enabled=True, is_global=True):
            rows, columns = every_axis(step.input.height), every_axis(step.input.width)
        case Pool(enabled=True):
            rows, columns = (pool_axis(step, layer, axis, place[axis]) for axis in (0, 1))
        case _:
            rows, columns = (Axis(np.array([0]), np.array([place[axis]]), np.array([place[axis]])) for axis in (0, 1))
    values = gather_values(read, same, rows, columns)
    return Taps(same, rows, columns, np.ones(values.shape), values)


def _taps_conv(step: Step, layer: Conv, read: Read, unit: Unit) -> Taps:
    number = filter_of(step, unit.channel)
    if layer.channels is Channels.EACH:
        channels: Indices = np.array([unit.channel % step.input.channels])
    else:
        per_group = layer.weight.array.shape[1]
        channels = np.arange(per_group) + number // (layer.filters // layer.groups) * per_group
    rows, columns = (
        window_axis(
            step, axis, index, kernel=layer.kernel[axis], stride=layer.stride[axis], dilation=layer.dilation[axis],
            border=layer.border, is_flipped=layer.orientation is Orientation.CONVOLUTION,
        )
        for axis, index in enumerate((unit.row, unit.column))
    )  # fmt: skip
    weights = layer.weight.array[number][:, rows.cells][:, :, columns.cells]
    return Taps(channels, rows, columns, weights, gather_values(read, channels, rows, columns))


def _taps_transposed(step: Step, layer: ConvTranspose, read: Read, unit: Unit) -> Taps:
    per_group_out = layer.weight.array.shape[1]
    per_group_in = step.input.channels // layer.groups
    group, number = divmod(unit.channel, per_group_out)
    channels = np.arange(per_group_in) + group * per_group_in
    rows, columns = (
        scattered_axis(
            step, axis, index, kernel=layer.kernel[axis], stride=layer.stride[axis], dilation=layer.dilation[axis]
        )
        for axis, index in enumerate((unit.row, unit.column))
    )
    weights = layer.weight.array[channels, number][:, rows.cells][:, :, columns.cells]
    return Taps(channels, rows, columns, weights, gather_values(read, channels, rows, columns))


def pool_axis(step: Step, layer: Pool, axis: int, index: int) -> Axis:
    """The taps of output `index` along one axis of a pooling window.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("max 2"), Shape(1, 4, 4)).steps[0]
    >>> pool_axis(step, step.layer, 0, 1).places.tolist()
    [2, 3]
    """
    taps = window_axis(
        step, axis, index, kernel=layer.window[axis], stride=layer.stride[axis],
        dilation=layer.dilation[axis] if layer.kind is PoolKind.MAX else 1,
        border=Border.ZEROS, is_flipped=False,
    )  # fmt: skip
    # a window of the ceil mode may hang over the far padding; what hangs over is not looked at
    end = step.input[1 + axis] + (step.pads.bottom, step.pads.right)[axis]
    inside = taps.places < end
    return Axis(taps.cells[inside], taps.places[inside], taps.sources[inside])
