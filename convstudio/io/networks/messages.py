"""What the reader's process and the program say to each other, and a network as bytes that carry no program.

The program sends {name, format, folder} with the bytes of a file. The process answers {is: a `Verdict`}, with a network
where it read one: its layers as a session's file writes them, and their weights behind that as plain numbers.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense, Layer, Weights
from convstudio.io.networks.network import Bank, NetworkFile
from convstudio.io.sessions.format import LayerEntry, entry_of, layer_of

READING = 60.0  # seconds of a core for one file, and of standing still
MOST_BYTES = 2**33  # of a network: more than the process has memory for
HIDDEN = Weights([[[[0.0]]]])  # in the place of weights that travel as numbers


class Verdict(StrEnum):
    """What the process says of a file."""

    READ = "read"  # with the size of the text, behind which the weights lie
    REFUSED = "refused"  # with a sentence: why
    FAULT = "fault"  # an error of ours, with its trace


def pack(network: NetworkFile) -> tuple[bytes, list[NDArray[Any]]]:
    """A network as text, and the weights that lie behind it, in float64 for layers and float32 for banks."""
    arrays: list[NDArray[Any]] = []
    layers = [_packed(layer, arrays) for layer in network.layers]
    banks = []
    for bank in network.banks:
        banks.append({"name": bank.name, "shape": bank.weight.shape, "layer": _entry(bank.layer)})
        arrays.append(bank.weight)
    text = {
        "layers": layers,
        "banks": banks,
        "refusal": network.refusal,
        "notes": network.notes,
        "channels": network.channels,
        "size": network.size,
        "has_graph": network.has_graph,
        "is_scaled": network.is_scaled,
    }
    return json.dumps(text).encode(), arrays


def unpack(text: bytes | memoryview, numbers: memoryview, name: str) -> NetworkFile:
    """The network that was packed.

    Raises
    ------
    ValueError
        If the text is not what `pack` writes, or the numbers are fewer or more.
    """
    content = json.loads(bytes(text))
    source = _Numbers(numbers)
    layers = tuple(_unpacked(entry, source) for entry in content["layers"])
    banks = []
    for entry in content["banks"]:
        weight = source.take(entry["shape"], np.float32)
        layer = layer_of(msgspec.convert(entry["layer"], LayerEntry))
        if not isinstance(layer, Conv):
            raise ValueError("a bank is a convolution")
        banks.append(Bank(entry["name"], layer, weight))
    source.check_end()
    size = content["size"]
    return NetworkFile(
        name, layers, refusal=content["refusal"], notes=tuple(content["notes"]), channels=content["channels"],
        size=None if size is None else Pair.of(size), banks=tuple(banks), has_graph=content["has_graph"],
        is_scaled=content["is_scaled"],
    )  # fmt: skip


def _packed(layer: Layer, arrays: list[NDArray[Any]]) -> Mapping[str, Any]:
    if not isinstance(layer, Conv | ConvTranspose | Dense) or layer.weight is None:
        return {"layer": _entry(layer)}
    arrays.append(layer.weight.array)
    return {"layer": _entry(replace(layer, weight=HIDDEN)), "shape": layer.weight.array.shape}


def _unpacked(entry: Mapping[str, Any], numbers: "_Numbers") -> Layer:
    layer = layer_of(msgspec.convert(entry["layer"], LayerEntry))
    if "shape" not in entry or not isinstance(layer, Conv | ConvTranspose | Dense):
        return layer
    return replace(layer, weight=Weights(numbers.take(entry["shape"], np.float64)))


def _entry(layer: Layer) -> Any:
    return msgspec.to_builtins(entry_of(layer))


class _Numbers:
    """Weights one after the other."""

    def __init__(self, numbers: memoryview) -> None:
        self._rest = numbers

    def take(self, shape: Iterable[int], kind: type) -> NDArray[Any]:
        """The next array."""
        lengths = tuple(shape)
        size = int(np.prod(lengths, dtype=np.int64)) * np.dtype(kind).itemsize
        array: NDArray[Any] = np.frombuffer(self._rest[:size], kind).reshape(lengths)
        self._rest = self._rest[size:]
        return array

    def check_end(self) -> None:
        """Refuse numbers that are left over."""
        if len(self._rest):
            raise ValueError(f"{len(self._rest)} bytes are left over")
