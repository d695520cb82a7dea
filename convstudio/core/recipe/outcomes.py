"""Outcomes: what a layer makes of a shape (its window, and with it its output, and what it costs), or a refusal.

A whole recipe is the affair of `plan`.
"""

from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.connections import stamp_pairs, window_pairs
from convstudio.core.geometry.padding import Amounts, padding_amounts
from convstudio.core.geometry.shapes import ONE, Shape
from convstudio.core.geometry.sizes import check_groups, check_positive
from convstudio.core.geometry.window import SlidingWindow, convolution, everything, pooling, transposed_convolution
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense, Pool, PoolKind


class Outcome(NamedTuple):
    """How a layer's window lies on its planes, and what it costs.

    A connection joins an output to a real input; a multiply-add is a weight of a window, over the padding too.
    """

    window: SlidingWindow
    weights: int = 0
    biases: int = 0
    connections: int = 0
    multiply_adds: int = 0


def conv_outcome(layer: Conv, source: Shape) -> Outcome:
    """What a convolution makes of a shape."""
    filters, per_group, _, _ = layer.weight.array.shape
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    if len(layer.bias) != filters:
        raise ConvStudioError(f"It has {filters} filters but {len(layer.bias)} biases; give one bias for each.")
    if layer.channels is Channels.EACH:
        if per_group != 1:
            raise ConvStudioError(
                f"Working on each channel alone, a filter has one plane, not {per_group}; keep one plane."
            )
        channels, groups = filters * source.channels, source.channels
    else:
        check_groups(layer.groups, source.channels, filters)
        channels, groups = filters, layer.groups
    window = convolution(
        source, channels, kernel=layer.kernel, stride=layer.stride, dilation=layer.dilation,
        pads=padding_amounts(layer.padding, layer.kernel, layer.dilation), groups=groups, border=layer.border,
    )  # fmt: skip
    rows, columns = (
        window_pairs(length, count, kernel=k, stride=s, dilation=d, before=before, border=layer.border)
        for length, count, k, s, d, before in zip(
            source[1:], window.output[1:], layer.kernel, layer.stride, layer.dilation,
            (window.pads.top, window.pads.left), strict=True,
        )
    )  # fmt: skip
    return Outcome(
        window,
        weights=int(layer.weight.array.size),
        biases=filters,
        connections=channels * per_group * rows * columns,
        multiply_adds=window.output.size * per_group * layer.kernel.vertical * layer.kernel.horizontal,
    )


def transposed_outcome(layer: ConvTranspose, source: Shape) -> Outcome:
    """What a transposed convolution makes of a shape; its padding is what it cuts off."""
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    check_groups(layer.groups, source.channels, layer.filters)
    if layer.weight.array.shape[0] != source.channels:
        raise ConvStudioError(
            f"Its weights read {layer.weight.array.shape[0]} channels in {layer.groups} groups, but {source.channels} "
            "arrive; choose a number of groups that divides both."
        )
    if len(layer.bias) != layer.filters:
        raise ConvStudioError(f"It has {layer.filters} filters but {len(layer.bias)} biases; give one for each.")
    vertical, horizontal = layer.padding
    window = transposed_convolution(
        source, layer.filters, kernel=layer.kernel, stride=layer.stride, dilation=layer.dilation,
        pads=Amounts(vertical, vertical, horizontal, horizontal), output_padding=layer.output_padding,
        groups=layer.groups,
    )  # fmt: skip
    weights = int(layer.weight.array.size)
    rows, columns = (
        stamp_pairs(length, count, kernel=k, stride=s, dilation=d, before=before)
        for length, count, k, s, d, before in zip(
            source[1:], window.output[1:], layer.kernel, layer.stride, layer.dilation, layer.padding, strict=True
        )
    )
    return Outcome(
        window,
        weights=weights,
        biases=layer.filters,
        connections=weights // (layer.kernel.vertical * layer.kernel.horizontal) * rows * columns,
        multiply_adds=source.height * source.width * weights,
    )


def dense_outcome(layer: Dense, source: Shape) -> Outcome:
    """What a dense layer makes of a shape: every output is joined to every input."""
    if layer.units < 1:
        raise ConvStudioError(f"It has {layer.units} units, but it needs at least 1.")
    weights = layer.units * source.size
    return Outcome(everything(source, layer.units), weights, layer.units, weights, weights)


def pool_outcome(layer: Pool, source: Shape) -> Outcome:
    """What a pool makes of a shape; it has nothing to learn."""
    if layer.is_global:
        return Outcome(everything(source, source.channels))
    check_positive("window", layer.window)
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    if layer.kind is PoolKind.AVERAGE and layer.dilation != ONE:
        raise ConvStudioError(
            f"An average is taken of neighbouring pixels, so its dilation is 1 and not {layer.dilation}; "
            "set it to 1, or take the maximum."
        )
    return Outcome(
        pooling(
            source, kernel=layer.window, stride=layer.stride, dilation=layer.dilation, pads=layer.padding,
            ceil_mode=layer.ceil_mode,
        )
    )  # fmt: skip
