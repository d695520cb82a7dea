"""Layers: what a person can stack, as frozen values. What they do to shapes is in `plan`, to arrays in `ops`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import NOTHING, Amounts, Padding, PaddingChoice, same_padding
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import ONE, Pair

LARGEST = float(np.finfo(np.float32).max)  # of a weight: what it is multiplied with is float32


class Channels(StrEnum):
    """The two ways over channels: an image filter's and a network layer's."""

    EACH = "each channel alone"
    ACROSS = "across channels"


class Orientation(StrEnum):
    """Whether the kernel is laid on the picture as written, or flipped on both axes first."""

    CORRELATION = "correlation"
    CONVOLUTION = "convolution"


class PoolKind(StrEnum):
    """What becomes of the numbers under a window: their mean, or the one that has a certain rank among them."""

    MAX = "max"
    AVERAGE = "average"
    MIN = "min"
    MEDIAN = "median"
    PERCENTILE = "percentile"


class Weights:
    """A read-only float64 array of kernel weights, compared and hashed by its numbers.

    Raises
    ------
    ConvStudioError
        If the array is not 4-dimensional, is empty, or holds a number that is not finite, also in float32.

    Examples
    --------
    >>> Weights([[[[1, 0, -1]]]]) == Weights(np.array([[[[1.0, 0.0, -1.0]]]]))
    True
    """

    __slots__ = ("array",)

    array: NDArray[np.float64]

    def __init__(self, array: ArrayLike) -> None:
        values = np.array(array, dtype=np.float64, order="C")
        if values.ndim != 4 or values.size == 0:
            raise ConvStudioError(
                f"Weights need four axes (filters, channels, height, width), none empty, not {values.shape}; "
                "give each filter at least one number."
            )
        if not np.isfinite(values).all():
            raise ConvStudioError("Every weight must be a finite number; replace the ones that are not.")
        if np.abs(values).max() > LARGEST:
            raise ConvStudioError(
                f"A weight is {np.abs(values).max():.3g}, but what is computed with ends at {LARGEST:.3g}; "
                "give it a smaller number."
            )
        values += 0.0  # −0 becomes 0, so that equal weights hash alike
        values.flags.writeable = False
        object.__setattr__(self, "array", values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("weights are read-only")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Weights):
            return NotImplemented
        return np.array_equal(self.array, other.array)

    def __hash__(self) -> int:
        return hash((self.array.shape, self.array.tobytes()))

    def __repr__(self) -> str:
        return f"Weights({self.array.tolist()})"

    def __reduce__(self) -> tuple[type["Weights"], tuple[NDArray[np.float64]]]:
        return Weights, (np.array(self.array),)


@dataclass(frozen=True, kw_only=True)
class _Switchable:
    name: str = ""
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class Conv(_Switchable):
    """A bank of filters.

    Parameters
    ----------
    weight
        (filters, channels / groups, height, width) when it works across channels; (filters, 1, height, width) when
        it takes each channel alone, and then every filter is applied to every channel: the output channels are
        filter 0 on each input channel, then filter 1 on each, and so on.
    bias
        One number for each filter.
    padding
        "same" keeps the size, so it goes with stride 1 alone, as in PyTorch. With another stride the pixels that it
        would be with stride 1 take its place.
    other_weight
        The weights with which it last took the channels the other way: they come back with it (`core.edits.channels`).
        Nothing is computed with them, so layers that differ here alone are equal, and no file holds them.
    """

    weight: Weights
    bias: tuple[float, ...]
    stride: Pair = ONE
    padding: PaddingChoice = Padding.SAME
    dilation: Pair = ONE
    groups: int = 1
    border: Border = Border.ZEROS
    orientation: Orientation = Orientation.CORRELATION
    channels: Channels = Channels.ACROSS
    other_weight: Weights | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.padding == Padding.SAME and self.stride != ONE:
            object.__setattr__(self, "padding", same_padding(self.kernel, self.dilation))

    @property
    def filters(self) -> int:
        return int(self.weight.array.shape[0])

    @property
    def kernel(self) -> Pair:
        return Pair.of(self.weight.array.shape[2:])


@dataclass(frozen=True, kw_only=True)
class ConvTranspose(_Switchable):
    """PyTorch's transposed convolution; `weight` is (channels in, filters / groups, height, width)."""

    weight: Weights
    bias: tuple[float, ...]
    stride: Pair = ONE
    padding: Pair = field(default=Pair(0, 0))
    output_padding: Pair = field(default=Pair(0, 0))
    dilation: Pair = ONE
    groups: int = 1

    @property
    def filters(self) -> int:
        return int(self.weight.array.shape[1]) * self.groups

    @property
    def kernel(self) -> Pair:
        return Pair.of(self.weight.array.shape[2:])


@dataclass(frozen=True, kw_only=True)
class Activation(_Switchable):
    """The same curve applied to every value.

    Parameters
    ----------
    slope
        The number of the function, where it has one: the leaky ReLU's slope, the alpha of the ELU, the threshold.
    slopes
        Of a PReLU: one for each channel, or one for all; they are learned.
    """

    kind: ActivationKind = ActivationKind.RELU
    slope: float = 0.01
    slopes: tuple[float, ...] = ()

    @property
    def learned(self) -> tuple[float, ...]:
        """The numbers that count as parameters."""
        return self.numbers if self.kind is ActivationKind.PRELU else ()

    @property
    def numbers(self) -> tuple[float, ...]:
        """The number of the function: one for all channels, or one for each."""
        return self.slopes if self.kind is ActivationKind.PRELU and self.slopes else (self.slope,)

    def number_of(self, channel: int) -> float:
        """The number of the function in one channel."""
        return self.numbers[channel % len(self.numbers)]


@dataclass(frozen=True, kw_only=True)
class ScaleShift(_Switchable):
    """Every value times a scale, plus a shift; one number for all channels, or one for each. Both are learned."""

    scale: tuple[float, ...] = (1.0,)
    shift: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, kw_only=True)
class Normalisation(_Switchable):
    """(value − mean) / deviation, with one number for all channels or one for each. Nothing of it is learned."""

    mean: tuple[float, ...] = (127.5,)
    deviation: tuple[float, ...] = (128.0,)

    @property
    def scale(self) -> tuple[float, ...]:
        """What a value is multiplied with."""
        return tuple(1 / deviation for deviation in self.deviation)

    @property
    def shift(self) -> tuple[float, ...]:
        """What is added to the product."""
        count = max(len(self.mean), len(self.deviation))
        return tuple(
            -self.mean[number % len(self.mean)] / self.deviation[number % len(self.deviation)]
            for number in range(count)
        )


@dataclass(frozen=True, kw_only=True)
class Softmax(_Switchable):
    """The share of each channel at its place: shares of one place sum to 1. `labels` say what the channels are."""

    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Magnitude(_Switchable):
    """√(a² + b²) of each channel of the first half and its partner in the second."""


@dataclass(frozen=True, kw_only=True)
class Resize(_Switchable):
    """Another size: `size` where there is one, else `factor` times as high and as wide. As PyTorch's interpolate."""

    mode: ResizeMode = ResizeMode.BILINEAR
    factor: tuple[float, float] = (2.0, 2.0)
    size: Pair | None = None
    align_corners: bool = False


@dataclass(frozen=True, kw_only=True)
class Pool(_Switchable):
    """One number for each window. A global pool's window is the whole plane and ignores the other choices.

    `percentile` is of that kind alone: so many of a hundred numbers under the window are smaller.
    """

    kind: PoolKind = PoolKind.MAX
    window: Pair = field(default=Pair(2, 2))
    stride: Pair = field(default=Pair(2, 2))
    padding: Amounts = NOTHING
    dilation: Pair = ONE
    ceil_mode: bool = False
    count_include_pad: bool = True
    is_global: bool = False
    percentile: float = 50.0

    @property
    def rank(self) -> float | None:
        """The percentile that goes on: 0 of the smallest, 100 of the largest; None for the mean."""
        ranks = {PoolKind.MIN: 0.0, PoolKind.MEDIAN: 50.0, PoolKind.PERCENTILE: self.percentile, PoolKind.MAX: 100.0}
        return ranks.get(self.kind)


@dataclass(frozen=True, kw_only=True)
class Dense(_Switchable):
    """Every output sees every input.

    Parameters
    ----------
    units
        How many outputs.
    seed
        Of weights that are drawn by `dense_weights`, where there are no others.
    weight
        (units, channels, height, width), for inputs of this one shape; None where they are drawn.
    bias
        One number for each unit; zeros where there are none.
    """

    units: int = 10
    seed: int = 0
    weight: Weights | None = None
    bias: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.weight is not None and self.units != len(self.weight.array):
            object.__setattr__(self, "units", len(self.weight.array))

    def bias_of(self, unit: int) -> float:
        """The bias of one unit."""
        return self.bias[unit] if self.bias else 0.0


Pixelwise = Activation | ScaleShift | Normalisation | Softmax | Magnitude
"""Layers whose outputs see nothing but their own place."""
Layer = Conv | ConvTranspose | Pixelwise | Resize | Pool | Dense
LAYER_TYPES: tuple[type[Any], ...] = (
    Conv, ConvTranspose, Activation, ScaleShift, Normalisation, Softmax, Magnitude, Resize, Pool, Dense,
)  # fmt: skip


def title(layer: Layer) -> str:  # noqa: C901, PLR0911, PLR0912  # a case for each kind of layer
    """A short name for a layer: the person's own, or what it is.

    Examples
    --------
    >>> title(Pool())
    'Max pool 2×2'
    """
    if layer.name:
        return layer.name
    match layer:
        case Conv():
            return f"Conv {layer.kernel}"
        case ConvTranspose():
            return f"Transposed conv {layer.kernel}"
        case Activation():
            return ACTIVATIONS[layer.kind].title
        case ScaleShift():
            return "Scale and shift"
        case Normalisation():
            return "Normalise"
        case Softmax():
            return "Softmax"
        case Magnitude():
            return "Magnitude"
        case Resize():
            return f"Resize {resize_text(layer)}"
        case Pool(kind=PoolKind.MEDIAN, is_global=False):
            return f"Median {layer.window}"
        case Pool(kind=PoolKind.PERCENTILE, is_global=False):
            return f"Percentile {layer.percentile:g}"
        case Pool():
            return f"Global {layer.kind} pool" if layer.is_global else f"{layer.kind.capitalize()} pool {layer.window}"
        case Dense():
            return f"Dense {layer.units}"


def resize_text(layer: Resize) -> str:
    """What a picture is resized to, or by.

    Examples
    --------
    >>> resize_text(Resize(factor=(0.5, 0.5))), resize_text(Resize(size=Pair(92, 120)))
    ('×0.5', 'to 120×92')
    """
    if layer.size is not None:
        return f"to {layer.size.horizontal}×{layer.size.vertical}"
    down, across = layer.factor
    return f"×{across:.4g}" if down == across else f"×{across:.4g} and ×{down:.4g}"
