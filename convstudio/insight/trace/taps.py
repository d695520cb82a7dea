"""Taps: which inputs one output reads, through which kernel cells, and what stands in the padding.

Integers and gathered values only; the sums and their meaning are in `trace`. Every explanation asks here what a layer
reads: `channels_read`, and `axis_of` for rows and columns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.window import Resampling
from convstudio.core.ops import dense_weights_from
from convstudio.core.recipe.layers import (
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Magnitude,
    Normalisation,
    Orientation,
    Pixelwise,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
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


@dataclass(frozen=True)
class Grouping:
    """Which channels read which: `groups` groups, each of `reads` input and `makes` output channels."""

    groups: int
    reads: int
    makes: int
    is_filter_first: bool = False  # output channels lie filter by filter, not group by group

    def place_of(self, channel: int) -> tuple[int, int]:
        """The group of an output channel, and its number in the group."""
        if self.is_filter_first:
            return channel % self.groups, channel // self.groups
        return channel // self.makes, channel % self.makes

    def channel_at(self, group: int, number: int) -> int:
        """The output channel of that number in a group."""
        return number * self.groups + group if self.is_filter_first else group * self.makes + number

    def read_by(self, channel: int) -> range:
        """The input channels that an output channel reads."""
        first = self.place_of(channel)[0] * self.reads
        return range(first, first + self.reads)


def grouping(step: Step) -> Grouping:
    """Which input channels a layer's output channels read.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> grouping(plan(Document((Pool(),)), Shape(3, 8, 8)).steps[0])
    Grouping(groups=3, reads=1, makes=1, is_filter_first=False)
    """
    channels, outputs = step.input.channels, step.output.channels
    match step.layer:
        case Conv(channels=Channels.EACH):
            return Grouping(channels, 1, outputs // channels, is_filter_first=True)
        case Conv(groups=groups) | ConvTranspose(groups=groups):
            return Grouping(groups, channels // groups, outputs // groups)
        case Magnitude(enabled=True):
            return Grouping(outputs, 2, 1)
        case Pool() | Resize():
            return Grouping(channels, 1, 1)
        case _:
            return Grouping(1, channels, outputs)


def channels_read(step: Step, channel: int) -> range:
    """The channels of its input that one channel of a layer's output is made of.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> channels_read(plan(recipe_from("conv filters 4 size 3 channels 6 groups 2"), Shape(6, 9, 9)).steps[0], 3)
    range(3, 6)
    """
    if _is_at_its_place(step):
        match step.layer:
            case Softmax(enabled=True):
                return range(step.input.channels)
            case Magnitude(enabled=True):
                return range(channel, step.input.channels, step.output.channels)  # its partner in the second half
            case _:
                return range(channel, channel + 1)
    return grouping(step).read_by(channel)


def axis_of(step: Step, axis: int, index: int) -> Axis:
    """The taps of output `index` along one axis (0 vertical, 1 horizontal) of a layer.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> axis_of(plan(recipe_from("conv size 3 padding valid"), Shape(1, 5, 5)).steps[0], 1, 2).places.tolist()
    [2, 3, 4]
    >>> axis_of(plan(recipe_from("max 2"), Shape(1, 4, 4)).steps[0], 0, 1).places.tolist()
    [2, 3]
    >>> taps = axis_of(plan(recipe_from("conv size 3 border reflect"), Shape(1, 5, 5)).steps[0], 0, 0)
    >>> taps.places.tolist(), taps.sources.tolist()
    ([-1, 0, 1], [1, 0, 1])
    >>> taps = axis_of(plan(recipe_from("transposed 3 stride 2"), Shape(1, 4, 4)).steps[0], 0, 2)
    >>> taps.places.tolist(), taps.cells.tolist()
    ([0, 1], [2, 0])
    """
    layer = step.layer
    if _is_at_its_place(step):
        place = np.array([index])
        return Axis(np.array([0]), place, place)
    match layer:
        case Conv():
            return _window_axis(
                step, axis, index, kernel=layer.kernel[axis], stride=layer.stride[axis], dilation=layer.dilation[axis],
                border=layer.border, is_flipped=layer.orientation is Orientation.CONVOLUTION,
            )  # fmt: skip
        case ConvTranspose():
            return _scattered_axis(step, layer, axis, index)
        case Pool(is_global=False):
            return _pool_axis(step, layer, axis, index)
        case Resize():
            places = _resized_taps(step, axis, index)[0]
            return Axis(np.arange(len(places)), places, places)
        case _:
            every = np.arange(step.input[1 + axis])
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
    channels: Indices = np.array(channels_read(step, unit.channel))
    rows, columns = axis_of(step, 0, unit.row), axis_of(step, 1, unit.column)
    weights = _weights(step, unit, channels, rows, columns)
    return Taps(channels, rows, columns, weights, gather_values(read, channels, rows, columns))


def _weights(step: Step, unit: Unit, channels: Indices, rows: Axis, columns: Axis) -> Numbers:
    """The weight of each tap, (C, R, S); ones where the layer has none."""
    layer = step.layer
    match layer:
        case Conv(enabled=True):
            planes = layer.weight.array[filter_of(step, unit.channel)]
        case ConvTranspose(enabled=True):
            number = grouping(step).place_of(unit.channel)[1]
            planes = layer.weight.array[channels, number]
        case ScaleShift(enabled=True) | Normalisation(enabled=True):
            return np.full((1, 1, 1), layer.scale[unit.channel % len(layer.scale)])
        case Resize(enabled=True):
            (_, down), (_, across) = _resized_taps(step, 0, unit.row), _resized_taps(step, 1, unit.column)
            return np.asarray(np.outer(down, across)[None], np.float64)
        case Dense(enabled=True, weight=weight) if weight is not None:
            return np.asarray(weight.array[unit.channel], np.float64)
        case Dense(enabled=True):
            size = step.input.size
            weights = dense_weights_from(unit.channel * size, size, inputs=size, seed=layer.seed)
            return weights.astype(np.float64).reshape(step.input)
        case _:
            return np.ones((len(channels), len(rows.places), len(columns.places)))
    return np.asarray(planes[:, rows.cells][:, :, columns.cells])


def _is_at_its_place(step: Step) -> bool:
    """Whether an output reads nothing but the input at its own place."""
    return not step.layer.enabled or isinstance(step.layer, Pixelwise)


def _resized_taps(step: Step, axis: int, index: int) -> tuple[Indices, Numbers]:
    """The rows (or columns) that one of a resized picture is made of, and their shares."""
    assert isinstance(step.window, Resampling)
    (places,), (weights,) = step.window.axis(axis).taps(np.array([index]))
    return places[weights > 0], weights[weights > 0]


def _window_axis(
    step: Step, axis: int, index: int, *, kernel: int, stride: int, dilation: int, border: Border, is_flipped: bool
) -> Axis:
    """The taps of a sliding window."""
    cells = np.arange(kernel)
    places = index * stride - (step.pads.top, step.pads.left)[axis] + dilation * cells
    sources = mirrored(places, step.input[1 + axis], border)
    return Axis(cells[::-1] if is_flipped else cells, places, sources)


def _scattered_axis(step: Step, layer: ConvTranspose, axis: int, index: int) -> Axis:
    """The taps of a transposed convolution: only those that meet an input."""
    cells = np.arange(layer.kernel[axis])[::-1]  # the last cell comes from the first input
    offset = index + (step.pads.top, step.pads.left)[axis] - layer.dilation[axis] * cells
    places = offset // layer.stride[axis]
    meets = (offset % layer.stride[axis] == 0) & (places >= 0) & (places < step.input[1 + axis])
    return Axis(cells[meets], places[meets], places[meets])


def _pool_axis(step: Step, layer: Pool, axis: int, index: int) -> Axis:
    """The taps of a pooling window."""
    taps = _window_axis(
        step, axis, index, kernel=layer.window[axis], stride=layer.stride[axis],
        dilation=1 if layer.kind is PoolKind.AVERAGE else layer.dilation[axis],
        border=Border.ZEROS, is_flipped=False,
    )  # fmt: skip
    # a window of the ceil mode may hang over the far padding; what hangs over is not looked at
    end = step.input[1 + axis] + (step.pads.bottom, step.pads.right)[axis]
    inside = taps.places < end
    return Axis(taps.cells[inside], taps.places[inside], taps.sources[inside])
