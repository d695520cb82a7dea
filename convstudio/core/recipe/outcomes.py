"""Outcomes: what a layer makes of a shape (padding, output, and what it costs), or a refusal.

A whole recipe is the affair of `plan`.
"""

from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.connections import stamp_pairs, window_pairs
from convstudio.core.geometry.padding import NOTHING, Amounts, check_border, check_pool_padding, padding_amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import (
    AXES,
    check_groups,
    check_positive,
    output_length,
    transposed_length,
)
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense, Pool, PoolKind


class Outcome(NamedTuple):
    """What a layer pads and makes, and what it costs.

    A connection joins an output to a real input; a multiply-add is a weight of a window, over the padding too.
    """

    pads: Amounts
    output: Shape
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
        channels = filters * source.channels
    else:
        check_groups(layer.groups, source.channels, filters)
        channels = filters
    pads = padding_amounts(layer.padding, layer.kernel, layer.dilation)
    check_border(layer.border, pads, source.height, source.width)
    output = _windows(source, channels, layer.kernel, layer.stride, layer.dilation, pads)
    rows, columns = (
        window_pairs(length, count, kernel=k, stride=s, dilation=d, before=before, border=layer.border)
        for length, count, k, s, d, before in zip(
            source[1:], output[1:], layer.kernel, layer.stride, layer.dilation, (pads.top, pads.left), strict=True
        )
    )
    return Outcome(
        pads,
        output,
        weights=int(layer.weight.array.size),
        biases=filters,
        connections=channels * per_group * rows * columns,
        multiply_adds=output.size * per_group * layer.kernel.vertical * layer.kernel.horizontal,
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
    lengths = [
        transposed_length(n, kernel=k, stride=s, before=p, after=p, output_padding=o, dilation=d, axis=axis)
        for n, k, s, p, o, d, axis in zip(
            source[1:], layer.kernel, layer.stride, layer.padding, layer.output_padding, layer.dilation, AXES,
            strict=True,
        )
    ]  # fmt: skip
    vertical, horizontal = layer.padding
    weights = int(layer.weight.array.size)
    rows, columns = (
        stamp_pairs(length, count, kernel=k, stride=s, dilation=d, before=before)
        for length, count, k, s, d, before in zip(
            source[1:], lengths, layer.kernel, layer.stride, layer.dilation, layer.padding, strict=True
        )
    )
    return Outcome(
        Amounts(vertical, vertical, horizontal, horizontal),
        Shape(layer.filters, *lengths),
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
    return Outcome(NOTHING, Shape(layer.units, 1, 1), weights, layer.units, weights, weights)


def pool_outcome(layer: Pool, source: Shape) -> Outcome:
    """What a pool makes of a shape; it has nothing to learn."""
    if layer.is_global:
        return Outcome(NOTHING, Shape(source.channels, 1, 1))
    check_positive("window", layer.window)
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    if layer.kind is PoolKind.AVERAGE and layer.dilation != Pair(1, 1):
        raise ConvStudioError(
            f"An average is taken of neighbouring pixels, so its dilation is 1 and not {layer.dilation}; "
            "set it to 1, or take the maximum."
        )
    check_pool_padding(layer.padding, layer.window, layer.dilation)
    output = _windows(
        source,
        source.channels,
        layer.window,
        layer.stride,
        layer.dilation,
        layer.padding,
        ceil_mode=layer.ceil_mode,
    )
    return Outcome(layer.padding, output)


def _windows(
    source: Shape,
    channels: int,
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    pads: Amounts,
    *,
    ceil_mode: bool = False,
) -> Shape:
    lengths = [
        output_length(n, kernel=k, stride=s, dilation=d, before=before, after=after, ceil_mode=ceil_mode, axis=axis)
        for n, k, s, d, (before, after), axis in zip(
            source[1:], kernel, stride, dilation, (pads[:2], pads[2:]), AXES, strict=True
        )
    ]
    return Shape(channels, *lengths)
