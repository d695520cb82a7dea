"""Convolutions and pools of ONNX as layers: its order of axes is ours, its padding has both starts first.

ONNX gives [rows before, columns before, rows after, columns after]; here it is top, bottom, left, right.
"""

from typing import Any

import numpy as np

from convstudio.core.geometry.padding import Amounts, same_padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.sizes import ceil_division, extent
from convstudio.core.kernels.size import check_size
from convstudio.core.recipe.layers import Conv, ConvTranspose, Pool, PoolKind, Weights
from convstudio.io.networks.graphs.chain import Chain
from convstudio.io.networks.graphs.graph import Array, Node
from convstudio.io.networks.graphs.stop import StopError, stop


def convolution(chain: Chain, node: Node) -> None:
    """Conv."""
    weight = weights_of(chain, node)
    kernel, stride, dilation = Pair.of(weight.shape[2:]), _pair(node, "strides"), _pair(node, "dilations")
    layer = Conv(
        weight=Weights(weight),
        bias=_bias(chain, node, len(weight)),
        stride=stride,
        padding=_padding(chain, node, kernel, stride, dilation),
        dilation=dilation,
        groups=node.whole("group", 1),
    )
    chain.add(node, layer)


def settings_of(node: Node, weight: Array) -> dict[str, Any]:
    """How a convolution that is taken out of its network is laid on a picture; a rule that depends on its size is none.

    What the file has of it may not fit: then it is laid on a picture as any new layer is.
    """
    kernel = Pair.of(weight.shape[2:])
    try:
        stride, dilation, groups = _pair(node, "strides"), _pair(node, "dilations"), node.whole("group", 1)
        rule, pads = node.text("auto_pad", "NOTSET"), node.wholes("pads") or (0, 0, 0, 0)
        if min(*stride, *dilation, groups) < 1 or min(pads) < 0 or len(pads) != 4 or len(weight) % groups:
            return {}
    except StopError:
        return {}
    padding = same_padding(kernel, dilation)
    if not rule.startswith("SAME"):
        top, left, bottom, right = pads if rule != "VALID" else (0, 0, 0, 0)
        padding = Amounts(top, bottom, left, right)
    return {"stride": stride, "dilation": dilation, "groups": groups, "padding": padding}


def transposed(chain: Chain, node: Node) -> None:
    """ConvTranspose; more is cut off at the start than at the end where that can be said with output padding."""
    weight = weights_of(chain, node)
    kernel, stride, dilation = Pair.of(weight.shape[2:]), _pair(node, "strides"), _pair(node, "dilations")
    if node.wholes("output_shape"):
        raise stop(node, "fixes its output's size (output_shape)")
    extra = node.wholes("output_padding") or (0, 0)
    cut = node.wholes("pads") or (0, 0, 0, 0)
    rule = node.text("auto_pad", "NOTSET")
    if rule.startswith("SAME"):
        totals = [extent(k, d) - s + e for k, d, s, e in zip(kernel, dilation, stride, extra, strict=True)]
        smaller, larger = tuple(total // 2 for total in totals), tuple(total - total // 2 for total in totals)
        cut = (*smaller, *larger) if rule == "SAME_UPPER" else (*larger, *smaller)
    elif rule == "VALID":
        cut = (0, 0, 0, 0)
    starts, ends = Pair(*cut[:2]), Pair(*cut[2:])
    if any(start < end for start, end in zip(starts, ends, strict=True)) or min(cut) < 0:
        raise stop(node, f"cuts off {ends} at the end and {starts} at the start, which is not there")
    groups = node.whole("group", 1)
    layer = ConvTranspose(
        weight=Weights(weight),
        bias=_bias(chain, node, weight.shape[1] * groups),
        stride=stride,
        padding=starts,
        output_padding=Pair(*(e + start - end for e, start, end in zip(extra, starts, ends, strict=True))),
        dilation=dilation,
        groups=groups,
    )
    chain.add(node, layer)


def pool(chain: Chain, node: Node) -> None:
    """MaxPool and AveragePool; without strides they move by 1, and padding does not count unless said."""
    window = node.wholes("kernel_shape")
    if window is None or len(window) != 2 or chain.is_flat:
        raise stop(node, f"has a window of {len(window or ())} axes, not 2")
    kernel, stride, dilation = Pair.of(window), _pair(node, "strides"), _pair(node, "dilations")
    layer = Pool(
        kind=PoolKind.MAX if node.operator == "MaxPool" else PoolKind.AVERAGE,
        window=kernel,
        stride=stride,
        padding=_padding(chain, node, kernel, stride, dilation),
        dilation=dilation,
        ceil_mode=bool(node.whole("ceil_mode", 0)),
        count_include_pad=bool(node.whole("count_include_pad", 0)),
    )
    chain.settle(node)
    chain.add(node, layer)


def weights_of(chain: Chain, node: Node) -> Array:
    """The weights of a convolution in two dimensions, as the file has them."""
    weight = chain.constant(node, 1, "weights")
    if weight.ndim != 4:
        raise stop(node, f"has weights of {weight.ndim} axes, {weight.ndim - 2} of them in space, where 2 are there")
    if chain.is_flat:
        raise stop(node, "works on values that were flattened")
    if not np.issubdtype(weight.dtype, np.floating):
        raise stop(node, f"has weights of the type {weight.dtype}, not of decimals")
    check_size(*weight.shape[2:])
    return weight


def _bias(chain: Chain, node: Node, filters: int) -> tuple[float, ...]:
    bias = chain.optional(node, 2, "bias")
    if bias is None:
        return (0.0,) * filters
    if bias.size != filters:
        raise stop(node, f"has {bias.size} biases for {filters} filters")
    return tuple(bias.astype(np.float64).reshape(-1).tolist())


def _pair(node: Node, name: str) -> Pair:
    numbers = node.wholes(name) or (1, 1)
    if len(numbers) != 2:
        raise stop(node, f"has {name} for {len(numbers)} axes, not 2")
    return Pair.of(numbers)


def _padding(chain: Chain, node: Node, kernel: Pair, stride: Pair, dilation: Pair) -> Amounts:
    """The pixels of padding; those of the rule SAME depend on the size of what arrives unless the stride is 1."""
    rule = node.text("auto_pad", "NOTSET")
    if not rule.startswith("SAME"):
        top, left, bottom, right = (node.wholes("pads") if rule != "VALID" else None) or (0, 0, 0, 0)
        return Amounts(top, bottom, left, right)
    size = chain.padded_size
    if size is None and stride != (1, 1):
        raise stop(node, f"pads by the rule {rule}, whose pixels depend on a size that the file does not say")
    chain.needs_size = chain.needs_size or stride != (1, 1)
    sides: list[int] = []
    for axis in (0, 1):
        length = size[axis] if size else 1
        span = extent(kernel[axis], dilation[axis])
        total = max((ceil_division(length, stride[axis]) - 1) * stride[axis] + span - length, 0)
        smaller = total // 2
        sides += [smaller, total - smaller] if rule == "SAME_UPPER" else [total - smaller, smaller]
    return Amounts(*sides)
