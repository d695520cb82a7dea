"""Activations that a file spells out in several operators: they are computed at many numbers, and compared with ours.

So every way of writing SiLU, GELU or Mish is understood, whatever program wrote it.
"""

from collections.abc import Callable
from math import erf

import numpy as np
from numpy.typing import NDArray

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.recipe.layers import Activation
from convstudio.io.networks.graphs.chain import Chain, Uses
from convstudio.io.networks.graphs.graph import Node

Values = NDArray[np.float64]

MOST_OPERATORS = 12  # that make up one activation
PLACES = np.concatenate([np.linspace(-8, 8, 641), [-30.0, 30.0]])
TOLERANCE = 2e-6  # the numbers in files are float32
CANDIDATES = (
    ActivationKind.SILU, ActivationKind.GELU, ActivationKind.GELU_TANH, ActivationKind.HARD_SWISH, ActivationKind.MISH,
    ActivationKind.SOFTSIGN, ActivationKind.RELU, ActivationKind.RELU6, ActivationKind.ABSOLUTE,
)  # fmt: skip

_erf = np.vectorize(erf, otypes=[np.float64])
ELEMENTWISE: dict[str, Callable[..., Values]] = {
    "Abs": np.abs,
    "Add": np.add,
    "Clip": lambda values, low=-np.inf, high=np.inf: np.clip(values, low, high),
    "Div": np.divide,
    "Erf": _erf,
    "Exp": np.exp,
    "Max": np.maximum,
    "Min": np.minimum,
    "Mul": np.multiply,
    "Neg": np.negative,
    "Pow": np.power,
    "Relu": lambda values: np.maximum(values, 0),
    "Sigmoid": lambda values: 1 / (1 + np.exp(-values)),
    "Softplus": lambda values: np.logaddexp(0, values),
    "Sub": np.subtract,
    "Tanh": np.tanh,
}


def recognise(chain: Chain, name: str, uses: Uses) -> str | None:
    """Where operators that all start from one value come to an activation: add it, and name what they come to."""
    values: dict[str, Values] = {name: PLACES}
    open_names, waiting, taken = {name}, list(uses.of(name)), set[int]()
    while waiting and len(taken) < MOST_OPERATORS:
        node = next((other for other in waiting if _is_ready(chain, other, values)), None)
        if node is None:
            return None
        result = _computed(chain, node, values)
        if result is None:
            return None
        waiting.remove(node)
        taken.add(id(node))
        output = node.outputs[0]
        values[output] = result
        open_names.add(output)
        waiting += [other for other in uses.of(output) if id(other) not in taken and other not in waiting]
        open_names -= {
            used for used in open_names if all(id(user) in taken for user in uses.of(used)) and uses.of(used)
        }
        if open_names == {output}:
            kind = activation_at(result)
            if kind is not None:
                chain.add(node, Activation(kind=kind))
                return output
    return None


def activation_at(values: Values) -> ActivationKind | None:
    """The activation that has these values at `PLACES`, or None."""
    with np.errstate(all="ignore"):
        return next(
            (
                kind
                for kind in CANDIDATES
                if np.allclose(values, ACTIVATIONS[kind].definition(PLACES, 0.0), rtol=TOLERANCE, atol=TOLERANCE)
            ),
            None,
        )


def _is_ready(chain: Chain, node: Node, values: dict[str, Values]) -> bool:
    return all(name in values or name in chain.graph.tensors or not name for name in node.inputs)


def _computed(chain: Chain, node: Node, values: dict[str, Values]) -> Values | None:
    """What an operator gives at the places; None where it is none that works on each number alone."""
    function = ELEMENTWISE.get(node.operator)
    if node.operator == "HardSigmoid":
        alpha, beta = node.real("alpha", 0.2), node.real("beta", 0.5)
        return np.clip(alpha * values[node.inputs[0]] + beta, 0, 1)
    if function is None or len(node.outputs) != 1:
        return None
    arguments: list[Values] = []
    for name in node.inputs:
        if name in values:
            arguments.append(values[name])
            continue
        stored = chain.graph.tensors.get(name)
        if stored is None or stored.size != 1:
            return None
        arguments.append(stored.astype(np.float64).reshape(()))
    if node.operator == "Clip" and ("min" in node.attributes or "max" in node.attributes):
        arguments += [np.asarray(node.real("min", -np.inf)), np.asarray(node.real("max", np.inf))]
    try:
        with np.errstate(all="ignore"):
            return np.asarray(function(*arguments), np.float64)
    except TypeError:  # more inputs than it can have
        return None
