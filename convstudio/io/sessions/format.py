"""The session file's format, as structs, and the way between them and layers. No files, no JSON text.

It is spelled out beside the layers' own definitions so that a change there cannot change the format unseen.
"""

from typing import Annotated

import msgspec

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.size import check_size
from convstudio.core.recipe.document import DisplayMode
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
    Weights,
)

VERSION = 3  # of a session that names a page of its file, or the values between which its picture is shown
WITHOUT_PICTURE, WITH_PICTURE = 1, 2  # the versions of all others, so that older programs open them
# The plan refuses what cannot be executed; these bounds are those of the fields that show the numbers.
Whole = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
Both = tuple[Whole, Whole]
Sides = tuple[Whole, Whole, Whole, Whole]
Numbers = Annotated[tuple[float, ...], msgspec.Meta(min_length=1)]
Nested = tuple[tuple[tuple[tuple[float, ...], ...], ...], ...]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    name: str = ""
    enabled: bool = True


class ConvEntry(_Entry, frozen=True, kw_only=True, tag="conv"):
    weight: Nested
    bias: tuple[float, ...]
    stride: Both
    padding: Padding | Sides
    dilation: Both
    groups: Whole
    border: Border
    orientation: Orientation
    channels: Channels


class ConvTransposeEntry(_Entry, frozen=True, kw_only=True, tag="conv_transpose"):
    weight: Nested
    bias: tuple[float, ...]
    stride: Both
    padding: Both
    output_padding: Both
    dilation: Both
    groups: Whole


class ActivationEntry(_Entry, frozen=True, kw_only=True, tag="activation"):
    function: ActivationKind
    slope: float
    slopes: Numbers | msgspec.UnsetType = msgspec.UNSET  # what older programs do not know is left out where it is empty


class ScaleShiftEntry(_Entry, frozen=True, kw_only=True, tag="scale_shift"):
    scale: Numbers
    shift: Numbers


class NormalisationEntry(_Entry, frozen=True, kw_only=True, tag="normalisation"):
    mean: Numbers
    deviation: Numbers


class SoftmaxEntry(_Entry, frozen=True, kw_only=True, tag="softmax"):
    labels: tuple[str, ...]


class MagnitudeEntry(_Entry, frozen=True, kw_only=True, tag="magnitude"):
    pass


class ResizeEntry(_Entry, frozen=True, kw_only=True, tag="resize"):
    mode: ResizeMode
    factor: tuple[float, float]
    size: Both | None
    align_corners: bool


class PoolEntry(_Entry, frozen=True, kw_only=True, tag="pool"):
    method: PoolKind
    window: Both
    stride: Both
    padding: Sides
    dilation: Both
    ceil_mode: bool
    count_include_pad: bool
    is_global: bool
    percentile: float | msgspec.UnsetType = msgspec.UNSET


class DenseEntry(_Entry, frozen=True, kw_only=True, tag="dense"):
    units: Whole
    seed: Whole
    weight: Nested | msgspec.UnsetType = msgspec.UNSET
    bias: Numbers | msgspec.UnsetType = msgspec.UNSET


LayerEntry = (
    ConvEntry | ConvTransposeEntry | ActivationEntry | ScaleShiftEntry | NormalisationEntry | SoftmaxEntry
    | MagnitudeEntry | ResizeEntry | PoolEntry | DenseEntry
)  # fmt: skip


class DisplayEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    mode: DisplayMode
    limit: float | None
    low: float | None = None


class SourceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    kind: str
    text: str
    grid: tuple[tuple[float, ...], ...] | None
    picture: str | None = None  # a PNG file in base64
    page: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0
    display_range: tuple[float, float] | None = None


class SessionEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: str
    version: int
    layers: tuple[LayerEntry, ...]
    display: DisplayEntry
    selected: Whole
    source: SourceEntry


def entry_of(layer: Layer) -> LayerEntry:  # noqa: C901, PLR0911  # a case for each kind of layer
    """What the file says of a layer."""
    match layer:
        case Conv():
            return ConvEntry(
                name=layer.name,
                enabled=layer.enabled,
                weight=layer.weight.array.tolist(),
                bias=layer.bias,
                stride=layer.stride,
                padding=layer.padding,
                dilation=layer.dilation,
                groups=layer.groups,
                border=layer.border,
                orientation=layer.orientation,
                channels=layer.channels,
            )
        case ConvTranspose():
            return ConvTransposeEntry(
                name=layer.name,
                enabled=layer.enabled,
                weight=layer.weight.array.tolist(),
                bias=layer.bias,
                stride=layer.stride,
                padding=layer.padding,
                output_padding=layer.output_padding,
                dilation=layer.dilation,
                groups=layer.groups,
            )
        case Activation():
            return ActivationEntry(
                name=layer.name,
                enabled=layer.enabled,
                function=layer.kind,
                slope=layer.slope,
                slopes=layer.slopes or msgspec.UNSET,
            )
        case ScaleShift():
            return ScaleShiftEntry(name=layer.name, enabled=layer.enabled, scale=layer.scale, shift=layer.shift)
        case Normalisation():
            return NormalisationEntry(
                name=layer.name, enabled=layer.enabled, mean=layer.mean, deviation=layer.deviation
            )
        case Softmax():
            return SoftmaxEntry(name=layer.name, enabled=layer.enabled, labels=layer.labels)
        case Magnitude():
            return MagnitudeEntry(name=layer.name, enabled=layer.enabled)
        case Resize():
            return ResizeEntry(
                name=layer.name,
                enabled=layer.enabled,
                mode=layer.mode,
                factor=layer.factor,
                size=layer.size,
                align_corners=layer.align_corners,
            )
        case Pool():
            return PoolEntry(
                name=layer.name,
                enabled=layer.enabled,
                method=layer.kind,
                window=layer.window,
                stride=layer.stride,
                padding=layer.padding,
                dilation=layer.dilation,
                ceil_mode=layer.ceil_mode,
                count_include_pad=layer.count_include_pad,
                is_global=layer.is_global,
                percentile=layer.percentile if layer.kind is PoolKind.PERCENTILE else msgspec.UNSET,
            )
        case Dense():
            return DenseEntry(
                name=layer.name,
                enabled=layer.enabled,
                units=layer.units,
                seed=layer.seed,
                weight=msgspec.UNSET if layer.weight is None else layer.weight.array.tolist(),
                bias=layer.bias or msgspec.UNSET,
            )


def layer_of(entry: LayerEntry) -> Layer:  # noqa: C901, PLR0911  # a case for each kind of layer
    """The layer that the file describes."""
    match entry:
        case ConvEntry():
            return Conv(
                name=entry.name,
                enabled=entry.enabled,
                weight=_weights(entry.weight),
                bias=entry.bias,
                stride=Pair(*entry.stride),
                padding=entry.padding if isinstance(entry.padding, Padding) else Amounts(*entry.padding),
                dilation=Pair(*entry.dilation),
                groups=entry.groups,
                border=entry.border,
                orientation=entry.orientation,
                channels=entry.channels,
            )
        case ConvTransposeEntry():
            return ConvTranspose(
                name=entry.name,
                enabled=entry.enabled,
                weight=_weights(entry.weight),
                bias=entry.bias,
                stride=Pair(*entry.stride),
                padding=Pair(*entry.padding),
                output_padding=Pair(*entry.output_padding),
                dilation=Pair(*entry.dilation),
                groups=entry.groups,
            )
        case ActivationEntry():
            return Activation(
                name=entry.name,
                enabled=entry.enabled,
                kind=entry.function,
                slope=entry.slope,
                slopes=() if entry.slopes is msgspec.UNSET else entry.slopes,
            )
        case ScaleShiftEntry():
            return ScaleShift(name=entry.name, enabled=entry.enabled, scale=entry.scale, shift=entry.shift)
        case NormalisationEntry():
            return Normalisation(name=entry.name, enabled=entry.enabled, mean=entry.mean, deviation=entry.deviation)
        case SoftmaxEntry():
            return Softmax(name=entry.name, enabled=entry.enabled, labels=entry.labels)
        case MagnitudeEntry():
            return Magnitude(name=entry.name, enabled=entry.enabled)
        case ResizeEntry():
            return Resize(
                name=entry.name,
                enabled=entry.enabled,
                mode=entry.mode,
                factor=entry.factor,
                size=None if entry.size is None else Pair(*entry.size),
                align_corners=entry.align_corners,
            )
        case PoolEntry():
            return Pool(
                name=entry.name,
                enabled=entry.enabled,
                kind=entry.method,
                window=Pair(*entry.window),
                stride=Pair(*entry.stride),
                padding=Amounts(*entry.padding),
                dilation=Pair(*entry.dilation),
                ceil_mode=entry.ceil_mode,
                count_include_pad=entry.count_include_pad,
                is_global=entry.is_global,
                percentile=50.0 if entry.percentile is msgspec.UNSET else entry.percentile,
            )
        case DenseEntry():
            weight = None if entry.weight is msgspec.UNSET else _array(entry.weight)
            return Dense(
                name=entry.name,
                enabled=entry.enabled,
                units=entry.units,
                seed=entry.seed,
                weight=weight,
                bias=() if entry.bias is msgspec.UNSET else entry.bias,
            )


def _weights(nested: Nested) -> Weights:
    weights = _array(nested)
    check_size(*weights.array.shape[2:])
    return weights


def _array(nested: Nested) -> Weights:
    lengths = {(len(filters), len(rows), len(row)) for filters in nested for rows in filters for row in rows}
    if len(lengths) != 1:
        raise ConvStudioError("All kernels of a layer need the same numbers of channels, rows and columns.")
    return Weights(nested)
