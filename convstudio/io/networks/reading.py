"""The bytes of a file become a network. Used in the reader's process alone; the program's side is `reader`."""

import importlib.util
from collections.abc import Mapping

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.size import MOST_CELLS
from convstudio.core.recipe.layers import Conv, Layer
from convstudio.io.networks.banks import banks_of_graph
from convstudio.io.networks.formats import NetworkFormat
from convstudio.io.networks.graphs.chain import follow
from convstudio.io.networks.graphs.constants import with_constants
from convstudio.io.networks.graphs.graph import Array, Graph
from convstudio.io.networks.graphs.onnx_file import read_onnx
from convstudio.io.networks.graphs.operators import OPERATORS
from convstudio.io.networks.graphs.recognition import recognise
from convstudio.io.networks.graphs.stop import StopError
from convstudio.io.networks.network import Bank, NetworkFile
from convstudio.io.networks.sequence import banks_of_weights, layers_of_weights
from convstudio.io.networks.tensors import read_tensors

LIBRARIES = {NetworkFormat.ONNX: "onnx", NetworkFormat.SAFETENSORS: "safetensors"}


def read(data: bytes, kind: NetworkFormat, name: str, folder: str) -> NetworkFile:
    """The network in the bytes of a file; `folder` is where it lies.

    Raises
    ------
    ConvStudioError
        If it cannot be read, or holds neither a chain of layers nor a convolution.
    """
    library = LIBRARIES.get(kind)
    if library is not None and importlib.util.find_spec(library) is None:
        raise ConvStudioError(
            f"“{name}” is read by the library {library}, which is not installed here; "
            "install it with: pip install convstudio[networks]"
        )
    if kind is NetworkFormat.ONNX:
        network = _from_graph(read_onnx(data, name, folder), name)
    else:
        network = _from_weights(read_tensors(data, kind, name), name)
    if network.refusal and not network.banks:
        raise ConvStudioError(network.refusal)
    return network


def _from_graph(graph: Graph, name: str) -> NetworkFile:
    graph = with_constants(graph)
    banks = tuple(banks_of_graph(graph))
    try:
        chain = follow(graph, OPERATORS, recognise)
    except StopError as error:
        return NetworkFile(name, refusal=_refusal(name, error, banks), banks=banks)
    size = chain.read_size if chain.needs_size else None
    return NetworkFile(
        name, tuple(chain.layers), notes=tuple(chain.notes), channels=chain.read_channels, size=size, banks=banks,
        is_scaled=chain.is_scaled,
    )  # fmt: skip


def _from_weights(tensors: Mapping[str, Array], name: str) -> NetworkFile:
    banks = banks_of_weights(tensors)
    if len(tensors) == 1:  # a single array is a bank, and nothing has to be assumed
        layers: tuple[Layer, ...] = tuple(entry.picked() for entry in banks)
        if not layers:
            array = next(iter(tensors.values()))
            raise ConvStudioError(
                f"“{name}” holds an array of the shape {array.shape}, which is no bank of filters; it has 4 axes "
                f"(filters, channels, rows, columns), and at most {MOST_CELLS} rows and columns."
            )
        return NetworkFile(name, layers, channels=_reads(layers), banks=banks, is_scaled=True)
    try:
        layers, notes = layers_of_weights(tensors)
    except StopError as error:
        return NetworkFile(name, refusal=_refusal(name, error, banks), banks=banks, has_graph=False)
    return NetworkFile(name, layers, notes=notes, channels=_reads(layers), banks=banks, has_graph=False)


def _reads(layers: tuple[Layer, ...]) -> int:
    first = layers[0]
    return first.weight.array.shape[1] * first.groups if isinstance(first, Conv) else 0


def _refusal(name: str, error: StopError, banks: tuple[Bank, ...]) -> str:
    count = len(banks)
    if not count:
        return f"“{name}” is no chain of layers: {error}, and no convolution is in it."
    rest = "pick its convolution" if count == 1 else f"pick one of its {count:,} convolutions"
    return f"“{name}” is no chain of layers: {error}; {rest} instead."
