"""What a layer would cost without sharing, and without sparsity: dense, locally connected, convolution.

Counts are Python integers and fractions, so nothing overflows or is rounded, whatever the picture's size.
"""

from dataclasses import dataclass
from fractions import Fraction

from convstudio.core.layers import Channels, Conv, ConvTranspose
from convstudio.core.plan import Plan, Step

BYTES = 4  # of one float32 parameter


@dataclass(frozen=True)
class Count:
    """The cost of one way to connect the same inputs and outputs; connections are multiply-adds."""

    weights: int
    biases: int
    connections: int

    @property
    def parameters(self) -> int:
        return self.weights + self.biases

    @property
    def bytes(self) -> int:
        """Memory of the parameters in float32."""
        return self.parameters * BYTES

    def __add__(self, other: "Count") -> "Count":
        return Count(self.weights + other.weights, self.biases + other.biases, self.connections + other.connections)


@dataclass(frozen=True)
class Comparison:
    """The same layer (or stack) three times, and the two exact factors between them.

    `sparsity` is dense over local weights, what looking at a window instead of everything saves; `sharing` is local
    over convolution weights, what using one filter everywhere saves. Windows over the padding count as whole windows.
    """

    dense: Count
    local: Count
    conv: Count

    @property
    def sparsity(self) -> Fraction:
        return Fraction(self.dense.weights, self.local.weights)

    @property
    def sharing(self) -> Fraction:
        return Fraction(self.local.weights, self.conv.weights)


def compare(step: Step) -> Comparison | None:
    """The three counts of one layer, or None for a layer that does not convolve (or is switched off).

    Examples
    --------
    >>> from convstudio.core.document import Document
    >>> from convstudio.core.frame import Shape
    >>> from convstudio.core.layers import Padding, Weights
    >>> from convstudio.core.plan import plan
    >>> import numpy as np
    >>> layer = Conv(weight=Weights(np.zeros((6, 3, 5, 5))), bias=(0.0,) * 6, padding=Padding.VALID)
    >>> made = compare(plan(Document((layer,)), Shape(3, 32, 32)).steps[0])
    >>> made.dense.weights, made.local.weights, made.conv.parameters
    (14450688, 352800, 456)
    """
    layer = step.layer
    if not isinstance(layer, Conv | ConvTranspose) or not layer.enabled:
        return None
    inputs, outputs = step.input.size, step.output.size
    dense = inputs * outputs
    return Comparison(
        dense=Count(dense, outputs, dense),
        local=Count(step.connections, outputs, step.connections),
        conv=Count(step.weights, step.biases, step.connections),
    )


def compare_stack(made: Plan) -> Comparison | None:
    """The three counts summed over every layer that convolves, or None when there is none."""
    parts = [part for part in map(compare, made.steps) if part is not None]
    if not parts:
        return None
    first, *rest = parts
    dense, local, conv = first.dense, first.local, first.conv
    for part in rest:
        dense, local, conv = dense + part.dense, local + part.local, conv + part.conv
    return Comparison(dense, local, conv)


def inputs_of_one_output(step: Step) -> int:
    """How many input values one output reads, its window lying wholly inside; 0 for layers without a window."""
    layer = step.layer
    if not isinstance(layer, Conv):
        return 0
    planes = 1 if layer.channels is Channels.EACH else layer.weight.array.shape[1]
    return int(planes) * layer.kernel.vertical * layer.kernel.horizontal
