"""Weights without a graph: a chain of those that fit each other, with what stands between them assumed and said.

A file of weights does not say what lies between its layers. Every convolution keeps the size, moves by 1 and is
followed by a ReLU but for the last, unless the file has slopes of a PReLU or a batch normalisation in that place.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Padding
from convstudio.core.kernels.size import MOST_CELLS, check_size
from convstudio.core.recipe.layers import Activation, Conv, Layer, Weights
from convstudio.io.networks.graphs.chain import folded
from convstudio.io.networks.graphs.graph import Array, printed
from convstudio.io.networks.graphs.stop import StopError
from convstudio.io.networks.network import ASSUMED, Bank
from convstudio.io.networks.tensors import in_their_order

EPSILON = 1e-5  # of a batch normalisation, PyTorch's; files do not hold it
LAST_WORDS = (
    "weight",
    "bias",
    "running_mean",
    "running_var",
    "kernel",
    "gamma",
    "beta",
    "moving_mean",
    "moving_variance",
)
ROLES = {
    "kernel": "weight",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}
ACROSS_LAST = (2, 3, 1, 0)  # TensorFlow's order (rows, columns, channels, filters), from which ours is made

Parts = dict[str, Array]


def layers_of_weights(tensors: Mapping[str, Array]) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    """The layers of weights that follow each other, and what was assumed.

    Raises
    ------
    StopError
        At the first weights that do not fit what comes before them.
    """
    sequence, parts = _Sequence(), list(_by_layer(tensors).items())
    for place, (name, arrays) in enumerate(parts):
        try:
            sequence.take(f"“{printed(name)}”", arrays)
        except StopError as error:
            if place < len(parts) - 1 or place < 2:
                raise
            sequence.notes.append(f"A second end of the network was left out: {error}.")
    layers, notes = sequence.layers, sequence.notes
    if not layers:
        raise StopError("The file", "holds no weights of a convolution")
    has_assumed = ASSUMED in layers
    between = ", and a ReLU stands between them" if has_assumed else ""
    notes.insert(
        0,
        "The file holds weights alone and does not say what lies between them: padding that keeps the size and "
        f"stride 1 were taken{between}; pools and strides are missing.",
    )
    return tuple(layers), tuple(notes)


class _Sequence:
    """Layers so far, and how many channels come out of them."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.notes: list[str] = []
        self._channels = 0

    def take(self, shown: str, parts: Parts) -> None:
        """Append what the arrays of one layer are."""
        weight, layers = parts.get("weight"), self.layers
        if weight is None:
            raise StopError(shown, "has no weights of its own")
        if "running_mean" in parts and "running_var" in parts:
            _normalise(layers, parts, shown)
        elif weight.ndim == 1 and "bias" not in parts and layers:
            _slopes(layers, weight, self._channels, shown)
        elif weight.ndim in (2, 4):
            layer = _convolution(weight, parts.get("bias"), self._channels, shown, self.notes)
            if layers and not isinstance(layers[-1], Activation):
                layers.append(ASSUMED)
            layers.append(layer)
            self._channels = layer.filters
        else:
            raise StopError(shown, f"has weights of the shape {weight.shape}, which are none of a chain of layers")


def banks_of_weights(tensors: Mapping[str, Array]) -> tuple[Bank, ...]:
    """Every array that can be a bank of filters."""
    banks: list[Bank] = []
    for name, parts in _by_layer(tensors).items():
        for role, array in parts.items():
            weight = _four_axes(array, is_alone=len(tensors) == 1)
            if role == "bias" or weight is None or max(weight.shape[2:]) > MOST_CELLS:
                continue
            bias = parts.get("bias")
            numbers = (0.0,) * len(weight)
            if bias is not None and bias.size == len(weight):
                numbers = tuple(bias.astype(np.float64).reshape(-1).tolist())
            banks.append(bank(name, weight, numbers))
    return tuple(banks)


def bank(name: str, weight: Array, bias: tuple[float, ...], **settings: object) -> Bank:
    """A bank of filters; a layer of a single number stands for what it is until somebody picks it."""
    label = printed(name)
    layer = Conv(name=label, weight=Weights([[[[0.0]]]]), bias=bias)
    return Bank(label, replace(layer, **settings), np.ascontiguousarray(weight, np.float32))  # type: ignore[arg-type]


def _four_axes(array: Array, *, is_alone: bool) -> NDArray[np.float32] | None:
    """An array as filters; one that is alone in its file may leave out channels and filters."""
    if array.ndim == 4:
        return (array.transpose(3, 2, 0, 1) if has_filters_last(array.shape) else array).astype(np.float32)
    if is_alone and array.ndim in (2, 3):
        return array.reshape(-1, 1, *array.shape[-2:]).astype(np.float32)
    return None


def has_filters_last(shape: tuple[int, ...]) -> bool:
    """Whether four axes are TensorFlow's: rows and columns are alike at the front, and no kernel's at the end.

    Examples
    --------
    >>> has_filters_last((3, 3, 3, 32)), has_filters_last((32, 3, 3, 3)), has_filters_last((3, 3, 64, 64))
    (True, False, True)
    """
    first, second, third, fourth = shape
    is_kernel_at_end = third == fourth <= MOST_CELLS
    return first == second <= MOST_CELLS and not is_kernel_at_end


def _by_layer(tensors: Mapping[str, Array]) -> dict[str, Parts]:
    """What belongs to one layer, by what stands before the last point or stroke of the names."""
    layers: dict[str, Parts] = {}
    for name in in_their_order(list(tensors)):
        if name.endswith("num_batches_tracked"):
            continue
        plain = name.removesuffix(":0").replace("/", ".")
        before, _, last = plain.rpartition(".")
        owner, role = (before, ROLES.get(last, last)) if last in LAST_WORDS and before else (plain, "weight")
        layers.setdefault(owner, {})[role] = tensors[name]
    return layers


def _convolution(weight: Array, bias: Array | None, channels: int, shown: str, notes: list[str]) -> Conv:
    if weight.ndim == 4 and has_filters_last(weight.shape):
        notes.append(f"The axes of {shown} were taken for rows, columns, channels, filters, TensorFlow's order.")
        weight = weight.transpose(3, 2, 0, 1)
    is_dense = weight.ndim == 2
    if is_dense:
        units, values = weight.shape
        side = round((values / (channels or values)) ** 0.5)
        if channels and side * side * channels != values:
            raise StopError(shown, f"reads {values} values, but {channels} channels arrive")
        weight = weight.reshape(units, channels or values, side, side)
        if side > 1:
            notes.append(f"{shown} is a dense layer of {side}×{side} places; it slides over larger pictures.")
    filters, reads, height, width = weight.shape
    groups = channels // reads if channels and channels % reads == 0 else 1
    if channels and (reads * groups != channels or filters % groups):
        raise StopError(shown, f"reads {reads} channels, but {channels} arrive")
    try:
        check_size(height, width)
        return Conv(
            name=printed(shown.strip("“”")),
            weight=Weights(weight),
            bias=(0.0,) * filters if bias is None else tuple(bias.astype(np.float64).reshape(-1).tolist()),
            groups=groups,
            padding=Padding.VALID if is_dense else Padding.SAME,
        )
    except ConvStudioError as error:
        raise StopError(shown, f"cannot be a layer: {error}") from error


def _normalise(layers: list[Layer], parts: Parts, shown: str) -> None:
    """Fold a batch normalisation into the convolution before it."""
    last = layers[-1] if layers else None
    mean, variance = (parts[key].astype(np.float64).reshape(-1) for key in ("running_mean", "running_var"))
    if not isinstance(last, Conv) or last.filters != mean.size:
        raise StopError(shown, f"normalises {mean.size} channels, but no convolution of so many stands before it")
    factors = parts["weight"].astype(np.float64).reshape(-1) / np.sqrt(variance + EPSILON)
    shifts = (parts["bias"].astype(np.float64).reshape(-1) if "bias" in parts else 0.0) - mean * factors
    layers[-1] = folded(last, factors, np.asarray(shifts))


def _slopes(layers: list[Layer], slopes: Array, channels: int, shown: str) -> None:
    """The slopes of a PReLU, which stand in the place of the ReLU that would be assumed."""
    if slopes.size not in (1, channels) or isinstance(layers[-1], Activation):
        raise StopError(shown, f"has {slopes.size} numbers, but {channels} channels arrive")
    numbers = tuple(slopes.astype(np.float64).reshape(-1).tolist())
    layers.append(Activation(kind=ActivationKind.PRELU, slopes=numbers))
