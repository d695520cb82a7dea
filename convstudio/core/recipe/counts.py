"""What a layer would cost without sharing, and without sparsity: dense, locally connected, convolution.

A connection joins an output to a real input (`connections` counts them); a window's place over zeros is none. Counts
are Python integers and fractions, so nothing overflows or is rounded, whatever the picture's size.
"""

from dataclasses import dataclass
from fractions import Fraction

from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Plan, Step

BYTES = 4  # of one float32 parameter


@dataclass(frozen=True)
class Count:
    """The cost of one way to connect the same inputs and outputs.

    Multiply-adds are what FLOP counters print: all places of all windows, those over the padding too. Without padding
    there are as many as connections.
    """

    weights: int
    biases: int
    connections: int
    multiply_adds: int

    @property
    def parameters(self) -> int:
        return self.weights + self.biases

    @property
    def bytes(self) -> int:
        """Memory of the parameters in float32."""
        return self.parameters * BYTES

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.weights + other.weights,
            self.biases + other.biases,
            self.connections + other.connections,
            self.multiply_adds + other.multiply_adds,
        )


@dataclass(frozen=True)
class Comparison:
    """The same layer (or stack) three times, and the two exact factors between them.

    `sparsity` is dense over local weights, what looking at a window instead of everything saves; `sharing` is local
    over convolution weights, what using one filter everywhere saves. Their product is `saving`, dense over convolution.
    """

    dense: Count
    local: Count
    conv: Count

    @property
    def sparsity(self) -> Fraction | None:
        """None where no window meets a pixel: then a locally connected layer has no weights at all."""
        return Fraction(self.dense.weights, self.local.weights) if self.local.weights else None

    @property
    def sharing(self) -> Fraction:
        return Fraction(self.local.weights, self.conv.weights)

    @property
    def saving(self) -> Fraction:
        return Fraction(self.dense.weights, self.conv.weights)

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(self.dense + other.dense, self.local + other.local, self.conv + other.conv)


def count_of(step: Step) -> Count:
    """What a layer costs as it is.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Dense
    >>> from convstudio.core.recipe.plan import plan
    >>> count_of(plan(Document((Dense(units=10),)), Shape(3, 2, 2)).steps[0])
    Count(weights=120, biases=10, connections=120, multiply_adds=120)
    """
    return Count(step.weights, step.biases, step.connections, step.multiply_adds)


def compare(step: Step) -> Comparison | None:
    """The three counts of one layer, or None for a layer that does not convolve (or is switched off).

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.geometry.padding import Padding
    >>> from convstudio.core.recipe.layers import Weights
    >>> from convstudio.core.recipe.plan import plan
    >>> import numpy as np
    >>> layer = Conv(weight=Weights(np.zeros((6, 3, 5, 5))), bias=(0.0,) * 6, padding=Padding.VALID)
    >>> comparison = compare(plan(Document((layer,)), Shape(3, 32, 32)).steps[0])
    >>> comparison.dense.weights, comparison.local.weights, comparison.conv.parameters
    (14450688, 352800, 456)
    """
    layer = step.layer
    if not isinstance(layer, Conv | ConvTranspose) or not layer.enabled:
        return None
    outputs = step.output.size
    pairs = step.input.size * outputs
    return Comparison(
        dense=Count(pairs, outputs, pairs, pairs),
        local=Count(step.connections, outputs, step.connections, step.multiply_adds),
        conv=count_of(step),
    )


def compare_stack(plan: Plan) -> Comparison | None:
    """The three counts summed over every layer that learns, or None when none convolves.

    A dense layer is dense in all three, and learned slopes and scales are the same in all, so `conv.parameters` are all
    parameters of the stack.
    """
    convolving = [part for part in map(compare, plan.steps) if part is not None]
    if not convolving:
        return None
    alike = [count_of(step) for step in plan.steps if compare(step) is None and step.parameters]
    parts = [*convolving, *(Comparison(count, count, count) for count in alike)]
    return sum(parts[1:], start=parts[0])


def inputs_of_one_output(step: Step) -> Fraction:
    """How many real inputs one output sees, on average over the outputs: at a border of zeros it sees fewer."""
    return Fraction(step.connections, step.output.size)
