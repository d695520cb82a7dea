"""The filters of a graph that can be used alone: of its convolutions, whichever way they go, and of dense layers."""

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np

from convstudio.core.kernels.size import MOST_CELLS
from convstudio.io.networks.graphs.graph import Array, Graph, Node
from convstudio.io.networks.graphs.windows import settings_of
from convstudio.io.networks.network import Bank
from convstudio.io.networks.sequence import bank

SAME_NUMBERS = "Flatten", "Reshape", "Identity", "Dropout"  # in the same order


def banks_of_graph(graph: Graph) -> Iterator[Bank]:
    """The banks in the order of the file, of layers whose numbers it holds.

    A transposed convolution has the weights of the convolution whose transpose it is: that is the bank. Its bias
    belongs to the other end and is left out. A dense layer that reads the picture itself is a convolution whose kernels
    are as large as that picture.
    """
    makers = {output: node for node in graph.nodes for output in node.outputs}
    for node in graph.nodes:
        weight = _filters(graph, node, makers)
        if weight is None or not weight.size or max(weight.shape[2:]) > MOST_CELLS:
            continue
        stored = None if node.operator == "ConvTranspose" else graph.tensors.get(node.input(2))
        bias = (0.0,) * len(weight)
        if stored is not None and stored.size == len(weight):
            bias = tuple(stored.astype(np.float64).reshape(-1).tolist())
        settings = settings_of(node, weight) if node.operator.startswith("Conv") else {}
        yield bank(node.name or node.outputs[0], weight, bias, **settings)


def _filters(graph: Graph, node: Node, makers: Mapping[str, Node]) -> Array | None:
    """(filters, channels, rows, columns) of an operator that has them."""
    weight = graph.tensors.get(node.input(1))
    if weight is None or not np.issubdtype(weight.dtype, np.floating):
        return None
    match node.operator:
        case "Conv" | "ConvTranspose":
            return weight if weight.ndim == 4 else None
        case "Gemm" | "MatMul":
            return _units(weight, node, graph.inputs.get(_source(node.input(0), makers), ()))
    return None


def _units(weight: Array, node: Node, shape: Sequence[int | None]) -> Array | None:
    """The weights of each unit as a picture, where the layer reads the picture of the network."""
    units = weight if node.whole("transB", 0) else weight.T
    sides = [side for side in shape[1:] if side is not None]
    if weight.ndim != 2 or len(sides) != 3 or prod(sides) != units.shape[1]:
        return None
    return np.asarray(units * node.real("alpha", 1.0), weight.dtype).reshape(len(units), *sides)


def _source(name: str, makers: Mapping[str, Node]) -> str:
    """Where the numbers of a value come from, before anything has been calculated with them."""
    passed = set()
    while (maker := makers.get(name)) is not None and maker.operator in SAME_NUMBERS and name not in passed:
        passed.add(name)
        name = maker.input(0)
    return name
