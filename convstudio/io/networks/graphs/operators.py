"""What each operator of ONNX becomes, by the meaning that its specification gives it. A table from names to functions.

What follows what is the business of `chain`; windows and their padding are in `windows`.
"""

from dataclasses import replace

import numpy as np

from convstudio.core.activations import SELU_ALPHA, SELU_SCALE, ActivationKind
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import Activation, Dense, Pool, PoolKind, Resize, Softmax, Weights
from convstudio.io.networks.graphs.chain import Chain, Translate
from convstudio.io.networks.graphs.graph import Array, Node
from convstudio.io.networks.graphs.stop import stop
from convstudio.io.networks.graphs.windows import convolution, pool, transposed

PAD_MODES = {
    "constant": Border.ZEROS, "reflect": Border.REFLECT, "edge": Border.REPLICATE, "wrap": Border.CIRCULAR,
}  # fmt: skip


# activations


def _function(kind: ActivationKind) -> Translate:
    return lambda chain, node: chain.add(node, Activation(kind=kind))


def _with_slope(kind: ActivationKind, default: float) -> Translate:
    return lambda chain, node: chain.add(node, Activation(kind=kind, slope=node.real("alpha", default)))


def _prelu(chain: Chain, node: Node) -> None:
    slopes = chain.constant(node, 1, "slopes")
    if slopes.size > 1 and not (slopes.ndim == 1 and chain.is_flat) and slopes.shape[-2:] != (1, 1):
        raise stop(node, f"has slopes of the shape {slopes.shape}, not one for each channel")
    if chain.channels is not None and slopes.size not in (1, chain.channels):
        raise stop(node, f"has {slopes.size} slopes, but {chain.channels} channels arrive")
    numbers = tuple(slopes.astype(np.float64).reshape(-1).tolist())
    chain.add(node, Activation(kind=ActivationKind.PRELU, slopes=numbers))


def _gelu(chain: Chain, node: Node) -> None:
    is_tanh = node.text("approximate", "none") == "tanh"
    chain.add(node, Activation(kind=ActivationKind.GELU_TANH if is_tanh else ActivationKind.GELU))


def _hard_sigmoid(chain: Chain, node: Node) -> None:
    """Its slope and middle can be chosen; ours are PyTorch's, so the difference is a scale and a shift before it."""
    alpha, beta = node.real("alpha", 0.2), node.real("beta", 0.5)
    if not (np.isclose(alpha, 1 / 6) and np.isclose(beta, 0.5)):
        chain.scale(node, 6 * alpha, 6 * beta - 3)
    chain.add(node, Activation(kind=ActivationKind.HARD_SIGMOID))


def _clip(chain: Chain, node: Node) -> None:
    if "min" in node.attributes or "max" in node.attributes:
        low, high = node.real("min", -np.inf), node.real("max", np.inf)
    else:
        low, high = chain.single(node, 1, "minimum", -np.inf), chain.single(node, 2, "maximum", np.inf)
    largest = float(np.finfo(np.float32).max)
    kinds = {
        (0.0, 6.0): ActivationKind.RELU6, (-1.0, 1.0): ActivationKind.HARD_TANH, (0.0, np.inf): ActivationKind.RELU,
    }  # fmt: skip
    kind = kinds.get((low, np.inf if high >= largest else high))
    if kind is None:
        raise stop(node, f"keeps values between {low:g} and {high:g}; only 0 to 6, −1 to 1 and from 0 on are there")
    chain.add(node, Activation(kind=kind))


def _selu(chain: Chain, node: Node) -> None:
    alpha, gamma = node.real("alpha", SELU_ALPHA), node.real("gamma", SELU_SCALE)
    if not (np.isclose(alpha, SELU_ALPHA) and np.isclose(gamma, SELU_SCALE)):
        raise stop(node, f"has the numbers {alpha:g} and {gamma:g}, not those of a SELU")
    chain.add(node, Activation(kind=ActivationKind.SELU))


def _log_softmax(chain: Chain, node: Node) -> None:
    """At the very end the shares themselves say the same, and are easier to read than their logarithms."""
    if node.outputs[0] not in chain.graph.outputs:
        raise stop(node, "gives logarithms to another operator, which is not there")
    _softmax(chain, node)
    chain.notes.append(f"{node.label} gives logarithms of shares at its end; here they are the shares themselves.")


def _softmax(chain: Chain, node: Node) -> None:
    axis = node.whole("axis", 1 if chain.graph.version < 13 else -1)
    rank = 2 if chain.is_flat else 4
    is_over_channels = axis % rank == 1 and (rank == 2 or chain.graph.version >= 13 or chain.size == (1, 1))
    if chain.is_flat and chain.size != (1, 1):
        raise stop(node, "takes shares of flattened rows and columns, not of channels")
    if not is_over_channels:
        raise stop(node, f"takes shares along axis {axis}, not of the channels")
    chain.add(node, Softmax())


# scale and shift


def _batch_normalisation(chain: Chain, node: Node) -> None:
    if node.whole("training_mode", 0):
        raise stop(node, "is set to training, so what it does depends on the other pictures")
    gamma, beta, mean, variance = (
        chain.constant(node, index, what).astype(np.float64)
        for index, what in enumerate(("scale", "shift", "mean", "variance"), start=1)
    )
    factors = gamma / np.sqrt(variance + node.real("epsilon", 1e-5))
    chain.scale(node, factors, beta - mean * factors)


def _arithmetic(chain: Chain, node: Node) -> None:
    """Add, Sub, Mul and Div with numbers that the file holds."""
    stored = [index for index in (0, 1) if node.input(index) in chain.graph.tensors]
    if len(stored) != 1:
        raise stop(node, "joins the results of two operators, but a recipe is one chain")
    numbers = _by_channel(chain, node, chain.graph.tensors[node.input(stored[0])])
    is_first = stored[0] == 0  # the stored number is what something is subtracted from, or divided
    match node.operator:
        case "Add":
            chain.scale(node, 1.0, numbers)
        case "Sub":
            chain.scale(node, -1.0 if is_first else 1.0, numbers if is_first else -numbers)
        case "Mul":
            chain.scale(node, numbers, 0.0)
        case _:
            if is_first or not numbers.all():
                raise stop(node, "divides by what arrives" if is_first else "divides by 0")
            chain.scale(node, 1 / numbers, 0.0)


def _by_channel(chain: Chain, node: Node, numbers: Array) -> Array:
    """One number, or one for each channel."""
    values = np.asarray(numbers, np.float64)
    if values.size == 1:
        return values.reshape(-1)
    rank = 2 if chain.is_flat else 4
    shape = (*(1,) * (rank - values.ndim), *values.shape)
    if len(shape) != rank or any(length != 1 for axis, length in enumerate(shape) if axis != 1):
        raise stop(node, f"has numbers of the shape {values.shape}, not one for each channel")
    return values.reshape(-1)


# dense layers and shapes


def _gemm(chain: Chain, node: Node) -> None:
    if node.whole("transA", 0):
        raise stop(node, "turns what arrives round (transA)")
    weight = chain.constant(node, 1, "weights").astype(np.float64)
    weight = (weight if node.whole("transB", 0) else weight.T) * node.real("alpha", 1.0)
    shift = chain.optional(node, 2, "bias")
    bias = np.zeros(1) if shift is None else shift.astype(np.float64).reshape(-1) * node.real("beta", 1.0)
    _dense(chain, node, weight, bias)


def _matmul(chain: Chain, node: Node) -> None:
    if node.input(1) not in chain.graph.tensors:
        raise stop(node, "multiplies the results of two operators, but a recipe is one chain")
    weight = chain.constant(node, 1, "weights").astype(np.float64)
    if weight.ndim != 2:
        raise stop(node, f"has weights of {weight.ndim} axes, not 2")
    _dense(chain, node, weight.T, np.zeros(1))


def _dense(chain: Chain, node: Node, weight: Array, bias: Array) -> None:
    """Every unit sees every value; after flattening these are the channels, and within each its rows."""
    units, values = weight.shape
    if not chain.is_flat:
        raise stop(node, "works along the columns of maps that were not flattened")
    if chain.channels is None:
        raise stop(node, "reads values of which the file does not say how many there are")
    if chain.size is None:
        side = round((values / chain.channels) ** 0.5)
        if side * side * chain.channels != values:
            raise stop(node, f"reads {values} values of {chain.channels} channels, of no size that the file says")
        chain.assume_size(node, side)
    assert chain.size is not None
    rows, columns = chain.size
    if values != chain.channels * rows * columns:
        raise stop(node, f"reads {values} values, but {chain.channels}×{rows}×{columns} arrive")
    chain.needs_size = chain.needs_size or (rows, columns) != (1, 1)
    numbers = tuple(np.broadcast_to(bias, units).tolist())
    chain.add(
        node, Dense(units=units, weight=Weights(weight.reshape(units, chain.channels, rows, columns)), bias=numbers)
    )


def _flatten(chain: Chain, node: Node) -> None:
    axis = node.whole("axis", 1)
    if axis != 1 and not (chain.is_flat and axis == -1):
        raise stop(node, f"flattens from axis {axis}, not each picture for itself")
    _make_flat(chain)


def _make_flat(chain: Chain) -> None:
    chain.settle()
    chain.is_flat = True


def _reshape(chain: Chain, node: Node) -> None:
    stored = node.wholes("shape") or _lengths(chain, node)
    size = None if chain.size is None or chain.channels is None else chain.channels * chain.size[0] * chain.size[1]
    fits = stored is not None and len(stored) == 2 and (stored[1] in (-1, size) or (size is None and stored[1] > 0))
    if fits:  # of a size that the file does not say, the dense layer behind it says whether it fits
        _make_flat(chain)
        return
    same = chain.channels is not None and chain.size is not None and (chain.channels, *chain.size)
    if not chain.is_flat and stored is not None and stored[1:] == same:
        return
    if chain.is_flat and chain.size == (1, 1) and stored is not None and stored[1:] == (chain.channels, 1, 1):
        chain.is_flat = False
        return
    raise stop(node, "puts values into another order than flattening does")


def _lengths(chain: Chain, node: Node) -> tuple[int, ...] | None:
    """The shape that a Reshape makes; worked out from the picture's own number, it can still be one that flattens."""
    name = node.input(1)
    numbers = _last_numbers(chain, name)
    if name in chain.graph.tensors:
        return numbers
    maker = next((other for other in chain.graph.nodes if name in other.outputs), None)
    return (0, *numbers) if maker is not None and len(maker.inputs) == 2 and len(numbers) == 1 else None


def _squeeze(chain: Chain, node: Node) -> None:
    axes = _axes(chain, node)
    if chain.size != (1, 1) or chain.is_flat or axes is None or {axis % 4 for axis in axes} != {2, 3}:
        raise stop(node, "takes axes away that are not those of a single row and column")
    _make_flat(chain)


def _axes(chain: Chain, node: Node) -> tuple[int, ...] | None:
    axes = node.wholes("axes")
    if axes is None and node.input(1):
        axes = tuple(int(axis) for axis in chain.constant(node, 1, "axes").reshape(-1))
    return axes


def _nothing(chain: Chain, node: Node) -> None:
    """What does nothing once a network is taught."""


def _cast(_: Chain, node: Node) -> None:
    """Another precision; all is computed in float32."""
    if node.whole("to", 1) not in (1, 10, 11, 16):  # float, float16, double, bfloat16
        raise stop(node, "makes whole numbers of what arrives")


# pools, padding, sizes


def _global(kind: PoolKind) -> Translate:
    return lambda chain, node: chain.add(node, Pool(kind=kind, is_global=True))


def _reduced(kind: PoolKind) -> Translate:
    """A mean or maximum over rows and columns is a global pool."""

    def translate(chain: Chain, node: Node) -> None:
        axes = _axes(chain, node)
        if chain.is_flat or axes is None or {axis % 4 for axis in axes} != {2, 3}:
            raise stop(node, "does not go over rows and columns, and over nothing else")
        chain.add(node, Pool(kind=kind, is_global=True))
        chain.is_flat = not node.whole("keepdims", 1)

    return translate


def _pad(chain: Chain, node: Node) -> None:
    mode = node.text("mode", "constant")
    stored = node.wholes("pads")
    if stored is None:
        stored = tuple(int(pixels) for pixels in chain.constant(node, 1, "padding").reshape(-1))
    value = node.real("value", 0.0) if "value" in node.attributes else chain.single(node, 2, "value", 0.0)
    if mode not in PAD_MODES or (mode == "constant" and value != 0):
        raise stop(node, f"pads with {value:g}" if mode == "constant" else f"pads by the rule “{mode}”")
    axes = _axes(chain, node) if "axes" in node.attributes else None
    if node.input(3):
        axes = tuple(int(axis) % 4 for axis in chain.constant(node, 3, "axes").reshape(-1))
    sides = np.zeros((2, 4), int)
    for place, axis in enumerate(axes if axes is not None else range(4)):
        sides[:, axis] = stored[place], stored[place + len(stored) // 2]
    if sides[:, :2].any() or sides.min() < 0 or chain.is_flat:
        raise stop(node, "pads along the channels, or cuts off")
    chain.pad(Amounts(*(int(side) for side in (*sides[:, 2], *sides[:, 3]))), PAD_MODES[mode])


def _resize(chain: Chain, node: Node) -> None:
    """Only what PyTorch's interpolate does as well: nearest from the upper left, or bilinear."""
    is_old = node.operator == "Upsample" or chain.graph.version < 11
    mode = node.text("mode", "nearest")
    place = node.text("coordinate_transformation_mode", "asymmetric" if is_old else "half_pixel")
    rounding = node.text("nearest_mode", "floor" if is_old else "round_prefer_floor")
    if node.whole("antialias", 0) or node.text("keep_aspect_ratio_policy", "stretch") != "stretch" or _axes_of(node):
        raise stop(node, "resizes in a way that is not there (antialias, axes or a kept proportion)")
    factor, size = _resized(chain, node, is_old=is_old)
    is_linear = mode in ("linear", "bilinear")
    is_whole = factor is not None and all(number == int(number) for number in factor)
    if mode == "nearest":
        is_floor = (place, rounding) == ("asymmetric", "floor")
        is_same = is_whole and place in ("half_pixel", "pytorch_half_pixel") and rounding.startswith("round_prefer")
        if not (is_floor or is_same):
            raise stop(node, f"takes the nearest pixel by the rules {place} and {rounding}, which are not there")
        layer = Resize(mode=ResizeMode.NEAREST)
    elif is_linear and place in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        layer = Resize(mode=ResizeMode.BILINEAR, align_corners=place == "align_corners")
    else:
        raise stop(node, f"resizes by “{mode}” with the rule {place}, which is not there")
    layer = replace(layer, size=size) if factor is None else replace(layer, factor=factor)
    chain.add(node, layer)


def _axes_of(node: Node) -> bool:
    return node.wholes("axes") is not None


def _resized(chain: Chain, node: Node, *, is_old: bool) -> tuple[tuple[float, float] | None, Pair | None]:
    """How many times as high and wide it becomes, or which size it gets."""
    if isinstance(node.attributes.get("scales"), tuple):
        scales = np.asarray(node.attributes["scales"], np.float64)
    else:
        stored = chain.optional(node, 1 if is_old else 2, "scales")
        scales = np.zeros(0) if stored is None else stored.astype(np.float64).reshape(-1)
    if scales.size == 4:
        if tuple(scales[:2]) != (1, 1):
            raise stop(node, "resizes along the channels")
        return (float(scales[2]), float(scales[3])), None
    sizes = _last_numbers(chain, node.input(3))
    if len(sizes) < 2:
        raise stop(node, "does not say in the file by how much it resizes")
    return None, Pair(*sizes[-2:])


def _last_numbers(chain: Chain, name: str) -> tuple[int, ...]:
    """The last of some whole numbers, as many as the file holds; the first may come from the picture."""
    if name in chain.graph.tensors:
        return tuple(int(number) for number in chain.graph.tensors[name].reshape(-1))
    maker = next((other for other in chain.graph.nodes if name in other.outputs), None)
    last = chain.graph.tensors.get(maker.inputs[-1]) if maker is not None and maker.operator == "Concat" else None
    return () if last is None else tuple(int(number) for number in last.reshape(-1))


OPERATORS: dict[str, Translate] = {
    "Conv": convolution,
    "ConvTranspose": transposed,
    "MaxPool": pool,
    "AveragePool": pool,
    "GlobalMaxPool": _global(PoolKind.MAX),
    "GlobalAveragePool": _global(PoolKind.AVERAGE),
    "ReduceMean": _reduced(PoolKind.AVERAGE),
    "ReduceMax": _reduced(PoolKind.MAX),
    "BatchNormalization": _batch_normalisation,
    "Add": _arithmetic,
    "Sub": _arithmetic,
    "Mul": _arithmetic,
    "Div": _arithmetic,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "Identity": _nothing,
    "Dropout": _nothing,
    "Cast": _cast,
    "Pad": _pad,
    "Resize": _resize,
    "Upsample": _resize,
    "Softmax": _softmax,
    "LogSoftmax": _log_softmax,
    "Selu": _selu,
    "Clip": _clip,
    "PRelu": _prelu,
    "Gelu": _gelu,
    "HardSigmoid": _hard_sigmoid,
    "LeakyRelu": _with_slope(ActivationKind.LEAKY_RELU, 0.01),
    "Elu": _with_slope(ActivationKind.ELU, 1.0),
    "Relu": _function(ActivationKind.RELU),
    "Sigmoid": _function(ActivationKind.SIGMOID),
    "Tanh": _function(ActivationKind.TANH),
    "HardSwish": _function(ActivationKind.HARD_SWISH),
    "Mish": _function(ActivationKind.MISH),
    "Softplus": _function(ActivationKind.SOFTPLUS),
    "Softsign": _function(ActivationKind.SOFTSIGN),
    "Abs": _function(ActivationKind.ABSOLUTE),
}
