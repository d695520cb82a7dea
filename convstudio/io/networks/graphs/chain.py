"""From a graph to a chain of layers: what follows what, with its shape. What an operator becomes is in `operators`."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense, Layer, ScaleShift, Weights
from convstudio.core.recipe.plan import plan
from convstudio.io.networks.graphs.graph import Array, Graph, Node, printed
from convstudio.io.networks.graphs.stop import StopError, stop

Values = NDArray[np.float64]
Folding = TypeVar("Folding", bound=Conv | ConvTranspose | Dense)
LARGEST_SIDE = 4096  # of pictures whose size is worked out
NHWC_TO_NCHW, NCHW_TO_NHWC = (0, 3, 1, 2), (0, 2, 3, 1)


class Chain:
    """Layers so far, and what is known of the shape that comes out of them.

    `channels`, `size` (rows, columns) are None where the file does not say. `is_flat` is whether rows and columns have
    been put into one axis with the channels.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.layers: list[Layer] = []
        self.notes: list[str] = []
        self.channels: int | None = None
        self.size: Pair | None = None
        self.is_flat = False
        self.is_scaled = False  # by the network itself, before its first layer with weights
        self.read_channels = 0  # how many the network reads; 0 where the file does not say
        self.read_size: Pair | None = None  # of its pictures; None where the file does not say
        self.needs_size = False  # it works on pictures of its own size alone
        self._pending: tuple[Amounts, Border] | None = None  # padding that the next convolution takes

    @property
    def padded_size(self) -> Pair | None:
        """The rows and columns that the next layer reads: with the padding that waits for it."""
        if self.size is None or self._pending is None:
            return self.size
        top, bottom, left, right = self._pending[0]
        return Pair(self.size[0] + top + bottom, self.size[1] + left + right)

    def constant(self, node: Node, index: int, what: str) -> Array:
        """The numbers of an input that the file holds."""
        name = node.input(index)
        if name not in self.graph.tensors:
            raise stop(node, f"takes its {what} from another operator instead of from the file")
        return self.graph.tensors[name]

    def optional(self, node: Node, index: int, what: str) -> Array | None:
        """As `constant`; None where the input is left out."""
        return self.constant(node, index, what) if node.input(index) else None

    def single(self, node: Node, index: int, what: str, default: float) -> float:
        """One number that the file holds."""
        array = self.optional(node, index, what)
        if array is None:
            return default
        if array.size != 1:
            raise stop(node, f"has {array.size} numbers for its {what}, where one is expected")
        return float(array.reshape(-1)[0])

    def add(self, node: Node, layer: Layer) -> None:
        """Append a layer, and work out what shape comes out of it."""
        layer = self._padded(layer)
        if self.channels is not None:
            self._check_channels(node, layer)
        if self.channels is None and isinstance(layer, Conv) and layer.channels is Channels.ACROSS:
            self.channels = self.read_channels = layer.weight.array.shape[1] * layer.groups
        if self.channels is not None:
            self._measure(node, layer)
        self.layers.append(layer)

    def pad(self, amounts: Amounts, border: Border) -> None:
        """Pad before the next layer: a convolution takes it over, anything else gets a layer in front that pads."""
        self.settle()
        if amounts != NOTHING:
            self._pending = amounts, border

    def settle(self, node: Node | None = None) -> None:
        """Make a layer of padding that no convolution has taken over."""
        if self._pending is not None:
            (amounts, border), self._pending = self._pending, None
            layer = Conv(
                name="Pad", weight=Weights([[[[1.0]]]]), bias=(0.0,), padding=amounts, border=border,
                channels=Channels.EACH,
            )  # fmt: skip
            self.add(node or Node("Pad", "", (), ()), layer)

    def scale(self, node: Node, factor: ArrayLike, shift: ArrayLike) -> None:
        """Multiply each channel and add to it: within the convolution before, or as a layer of its own."""
        factors, shifts = np.asarray(factor, np.float64).reshape(-1), np.asarray(shift, np.float64).reshape(-1)
        count = max(factors.size, shifts.size)
        if self.is_flat and self.size != (1, 1) and count > 1:
            raise stop(node, "has a number for each of the values that were flattened, not for each channel")
        if count > 1 and self.channels is not None and count != self.channels:
            raise stop(node, f"has {count} numbers, but {self.channels} channels arrive")
        last = self.layers[-1] if self.layers and self._pending is None else None
        is_across = not isinstance(last, Conv) or last.channels is Channels.ACROSS
        if isinstance(last, Conv | ConvTranspose | Dense) and is_across and last.weight is not None:
            self.layers[-1] = folded(last, factors, shifts)
            return
        self.is_scaled = self.is_scaled or not self.layers
        self.add(node, ScaleShift(scale=tuple(factors.tolist()), shift=tuple(shifts.tolist())))

    def assume_size(self, node: Node, side: int) -> None:
        """Take the smallest square pictures of which `side`² places arrive here, where the file says no size."""
        channels = self.read_channels or self.channels or 1
        low, high = 1, LARGEST_SIDE
        while low < high:
            middle = (low + high) // 2
            if self._side_after(Shape(channels, middle, middle)) < side:
                low = middle + 1
            else:
                high = middle
        if self._side_after(Shape(channels, low, low)) != side:
            raise stop(node, f"reads {side}×{side} places, but there is no size of pictures of which so many arrive")
        self.read_size, self.size = Pair(low, low), Pair(side, side)
        self.notes.append(f"The file does not say which size it reads; with {low}×{low} {node.label} fits.")

    def _side_after(self, source: Shape) -> int:
        """How many rows come out of the layers; 0 where they do not fit."""
        try:
            return plan(Document(tuple(self.layers)), source).output.height
        except ConvStudioError:
            return 0

    def _padded(self, layer: Layer) -> Layer:
        """The layer with the padding that waits for it, where it can take that over."""
        if self._pending is None:
            return layer
        amounts, border = self._pending
        if isinstance(layer, Conv) and layer.padding == NOTHING:
            self._pending = None
            return replace(layer, padding=amounts, border=border)
        is_zero = border is Border.ZEROS and isinstance(layer, Conv) and layer.border is Border.ZEROS
        if is_zero and isinstance(layer, Conv) and isinstance(layer.padding, Amounts):
            self._pending = None
            return replace(layer, padding=Amounts(*(a + b for a, b in zip(amounts, layer.padding, strict=True))))
        self.settle()
        return layer

    def _check_channels(self, node: Node, layer: Layer) -> None:
        match layer:
            case Conv(channels=Channels.ACROSS):
                reads = layer.weight.array.shape[1] * layer.groups
            case ConvTranspose():
                reads = layer.weight.array.shape[0]
            case _:
                return
        if reads != self.channels:
            raise stop(node, f"reads {reads} channels, but {self.channels} arrive")

    def _measure(self, node: Node, layer: Layer) -> None:
        assert self.channels is not None
        size = self.size or Pair(2**12, 2**12)  # any will do to learn how many channels come out
        try:
            step = plan(Document((layer,)), Shape(self.channels, *size)).steps[0]
        except ConvStudioError as error:
            raise StopError(node.label, f"does not fit what arrives: {str(error).partition('): ')[2]}") from error
        is_everywhere = step.output[1:] == (1, 1)  # a global pool's output has one size, whatever comes in
        self.channels = step.output.channels
        self.size = Pair.of(step.output[1:]) if self.size is not None or is_everywhere else None


def folded(layer: Folding, factors: Values, shifts: Values) -> Folding:
    """A layer with weights, with each output channel multiplied and shifted.

    Examples
    --------
    >>> layer = Conv(weight=Weights([[[[2.0]]], [[[3.0]]]]), bias=(1.0, 1.0))
    >>> layer = folded(layer, np.array([10.0, 1.0]), np.array([0.0, 5.0]))
    >>> layer.weight.array.reshape(-1).tolist(), layer.bias
    ([20.0, 3.0], (10.0, 6.0))
    """
    assert layer.weight is not None
    weight = layer.weight.array
    scales = np.broadcast_to(factors, layer.units if isinstance(layer, Dense) else layer.filters)
    bias = tuple((np.asarray(layer.bias or 0.0) * scales + shifts).tolist())
    if isinstance(layer, ConvTranspose):
        by_input = np.repeat(scales.reshape(layer.groups, -1), weight.shape[0] // layer.groups, axis=0)
        return replace(layer, weight=Weights(weight * by_input[:, :, None, None]), bias=bias)
    return replace(layer, weight=Weights(weight * scales[:, None, None, None]), bias=bias)


Translate = Callable[[Chain, Node], None]
Recognise = Callable[[Chain, str, "Uses"], str | None]
"""Of a value that several operators take: the value that they come to together, after the chain has got its layer."""


class Uses:
    """Which operators take a value, of those that something comes of."""

    def __init__(self, graph: Graph) -> None:
        makers = {output: node for node in graph.nodes for output in node.outputs if output}
        live: set[int] = set()
        waiting = [makers[name] for name in graph.outputs if name in makers]
        while waiting:
            node = waiting.pop()
            if id(node) not in live:
                live.add(id(node))
                waiting += [makers[name] for name in node.inputs if name in makers]
        self.makers: Mapping[str, Node] = makers
        self._users: defaultdict[str, list[Node]] = defaultdict(list)
        for node in graph.nodes:
            if id(node) in live and node.operator != "Shape":  # sizes are worked out from shapes, not from values
                for name in dict.fromkeys(node.inputs):
                    self._users[name].append(node)

    def of(self, name: str) -> list[Node]:
        """Those of one value, in the file's order."""
        return self._users.get(name, [])


def follow(graph: Graph, operators: Mapping[str, Translate], recognise: Recognise) -> Chain:
    """The layers of a graph in which a single operator takes what the one before gives.

    Raises
    ------
    StopError
        At the first operator that cannot be followed.
    """
    chain, uses = Chain(graph), Uses(graph)
    name = _begin(chain, uses)
    past = {name}
    while users := uses.of(name):
        if len(users) > 1:
            following = recognise(chain, name, uses)
            if following is None:
                raise _branch(uses, name, users)
        else:
            following = _step(chain, users[0], name, operators, uses)
        if following in past:
            raise stop(users[0], "leads back to an operator before it, so the network goes in a circle")
        past.add(following)
        name = following
    chain.settle()
    if name not in graph.outputs:
        raise StopError("The network", f"ends in “{printed(name)}”, which is none of its outputs")
    if not chain.layers:
        raise StopError("The network", "does nothing to what it reads")
    return chain


def _begin(chain: Chain, uses: Uses) -> str:
    """The value that the network reads, with its shape."""
    names = [name for name in chain.graph.inputs if uses.of(name)]
    if len(names) != 1:
        count = len(names) or "no"
        raise StopError("The network", f"reads {count} inputs, but a recipe works on one picture")
    name = names[0]
    lengths = chain.graph.inputs[name]
    if len(lengths) not in (0, 4):
        raise StopError(
            "The network", f"reads an input of {len(lengths)} axes, not one of 4: pictures, channels, rows, columns"
        )
    if lengths:
        order = (0, 1, 2, 3)
        users = uses.of(name)
        if len(users) == 1 and users[0].operator == "Transpose" and users[0].wholes("perm") == NHWC_TO_NCHW:
            order = NHWC_TO_NCHW  # channels come last in what it reads
            name = users[0].outputs[0]
        _, chain.channels, rows, columns = (lengths[axis] for axis in order)
        chain.size = Pair(rows, columns) if rows and columns else None
        chain.read_channels, chain.read_size = chain.channels or 0, chain.size
    return name


def _step(chain: Chain, node: Node, name: str, operators: Mapping[str, Translate], uses: Uses) -> str:
    """Take one operator; the name of what comes out of it."""
    if node.inputs.count(name) != 1:
        raise stop(node, "takes the same values twice")
    others = [output for output in node.outputs[1:] if output and uses.of(output)]
    if others:
        raise stop(node, f"gives a second output, “{printed(others[0])}”, that another operator takes")
    translate = operators.get(node.operator)
    if translate is None:
        is_last = not uses.of(node.outputs[0]) if node.outputs else False
        if not (node.operator == "Transpose" and is_last and node.wholes("perm") == NCHW_TO_NHWC):
            raise stop(node, "is no layer that there is here")
    else:
        try:
            translate(chain, node)
        except ConvStudioError as error:
            raise stop(node, f"cannot be a layer: {error}") from error
        except (ValueError, TypeError, LookupError, OverflowError) as error:
            raise stop(node, "is written with numbers that contradict each other") from error
    if not node.outputs:
        raise stop(node, "gives nothing")
    return node.outputs[0]


def _branch(uses: Uses, name: str, users: list[Node]) -> StopError:
    maker = uses.makers.get(name)
    place = f"behind {maker.label}" if maker else "at its beginning"
    labels = " and ".join(node.label for node in users[:2])
    more = f" and {len(users) - 2} more" if len(users) > 2 else ""
    return StopError("The network", f"branches {place} into {labels}{more}, but a recipe is one chain")
