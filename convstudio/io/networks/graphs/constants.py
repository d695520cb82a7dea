"""Numbers that operators give whatever the picture is: worked out beforehand, so that they count as the file's own.

Programs write sizes and padding as small sums; weights may be stored as whole numbers with a scale.
"""

from collections.abc import Callable, Mapping

import numpy as np

from convstudio.io.networks.graphs.graph import Array, Graph, Node

MOST_NUMBERS = 4096  # that are worked out at a time: sizes and padding are few
DECIMAL = (1, 10, 11, 16)  # types by their numbers in ONNX: float, float16, double, bfloat16
WHOLE = {6: np.int32, 7: np.int64}


def with_constants(graph: Graph) -> Graph:
    """The graph with such numbers beside those that the file holds, and without the operators that give them."""
    tensors, nodes = dict(graph.tensors), []
    for node in graph.nodes:
        value = constant(node, tensors) if len(node.outputs) == 1 else None
        if value is None:
            nodes.append(node)
        else:
            tensors[node.outputs[0]] = value
    return Graph(tuple(nodes), tensors, graph.inputs, graph.outputs, graph.version)


def constant(node: Node, tensors: Mapping[str, Array]) -> Array | None:
    """What an operator gives whatever the picture is; None where that depends on it, or is none of ours to work out."""
    if node.operator == "Constant":
        names = ("value", "value_float", "value_floats", "value_int", "value_ints")
        value = next((node.attributes[name] for name in names if node.attributes.get(name) is not None), None)
        return None if value is None or isinstance(value, str) else np.asarray(value)
    if not node.inputs or not all(name in tensors for name in node.inputs if name):
        return None
    inputs = [tensors[name] for name in node.inputs if name]
    is_number_kept = node.operator == "Cast" and inputs[0].dtype.kind == "f" and node.whole("to", 1) in DECIMAL
    if node.operator == "Identity" or is_number_kept:
        return inputs[0]
    is_small = all(array.size <= MOST_NUMBERS for array in inputs)
    compute = _dequantised if node.operator == "DequantizeLinear" else SMALL.get(node.operator) if is_small else None
    try:
        with np.errstate(all="ignore"):
            return None if compute is None else np.asarray(compute(node, *inputs))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # whoever needs it says that it is not there


def _axes(node: Node, inputs: tuple[Array, ...]) -> tuple[int, ...]:
    return node.wholes("axes") or tuple(int(axis) for axis in inputs[0].reshape(-1))


def _filled(node: Node, shape: Array) -> Array:
    value = node.attributes.get("value")
    number = np.asarray(value).reshape(-1)[0] if value is not None else np.float32(0)
    lengths = tuple(int(length) for length in shape.reshape(-1))
    if np.prod(lengths, dtype=np.float64) > MOST_NUMBERS:
        raise ValueError("more numbers than are worked out")
    return np.full(lengths, number)


def _sliced(node: Node, array: Array, *rest: Array) -> Array:
    """Starts, ends, axes and steps are inputs, or attributes in older files."""
    names = ("starts", "ends", "axes")
    parts = rest or tuple(np.asarray(node.wholes(name)) for name in names if node.wholes(name) is not None)
    starts, ends = (tuple(int(number) for number in part.reshape(-1)) for part in parts[:2])
    axes = tuple(int(number) for number in parts[2].reshape(-1)) if len(parts) > 2 else tuple(range(len(starts)))
    steps = tuple(int(number) for number in parts[3].reshape(-1)) if len(parts) > 3 else (1,) * len(starts)
    places: list[slice] = [slice(None)] * array.ndim
    for low, high, axis, step in zip(starts, ends, axes, steps, strict=True):
        places[axis] = slice(low, None if step < 0 and high < -array.shape[axis] else high, step)
    return array[tuple(places)]


def _expanded(node: Node, array: Array, *rest: Array) -> Array:
    for axis in sorted(_axes(node, rest)):
        array = np.expand_dims(array, axis)
    return array


SMALL: dict[str, Callable[..., Array]] = {
    "Add": lambda _, first, second: first + second,
    "Sub": lambda _, first, second: first - second,
    "Mul": lambda _, first, second: first * second,
    "Div": lambda _, first, second: first // second if first.dtype.kind in "iu" else first / second,
    "Cast": lambda node, array: array.astype(WHOLE.get(node.whole("to", 1), np.float32)),
    "Concat": lambda node, *arrays: np.concatenate(arrays, axis=node.whole("axis", 0)),
    "ConstantOfShape": _filled,
    "Floor": lambda _, array: np.floor(array),
    "Gather": lambda node, array, places: np.take(array, places, axis=node.whole("axis", 0)),
    "Reshape": lambda _, array, shape: array.reshape(tuple(int(length) for length in shape)),
    "Shape": lambda _, array: np.array(array.shape),
    "Slice": _sliced,
    "Squeeze": lambda node, array, *rest: np.squeeze(array, _axes(node, rest) if rest or node.wholes("axes") else None),
    "Transpose": lambda node, array: np.transpose(array, node.wholes("perm")),
    "Unsqueeze": _expanded,
}


def _dequantised(node: Node, stored: Array, scale: Array, zero: Array | None = None) -> Array:
    """(stored − zero)·scale, with one scale for all or for each place along an axis."""
    shape = [1] * stored.ndim
    if scale.size > 1:
        axis = node.whole("axis", 1)
        if not -stored.ndim <= axis < stored.ndim or stored.shape[axis] != scale.size:
            raise ValueError("the scales are not those of an axis")
        shape[axis] = scale.size
    shift = 0.0 if zero is None else zero.astype(np.float32).reshape(shape if zero.size > 1 else [1] * stored.ndim)
    return np.asarray((stored.astype(np.float32) - shift) * scale.astype(np.float32).reshape(shape))
