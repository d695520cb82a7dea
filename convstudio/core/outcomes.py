"""Outcomes: what a layer with windows makes of a shape (padding, output, weights, connections), or a refusal.

A whole recipe is the affair of `plan`.
"""

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Shape
from convstudio.core.geometry import (
    AXES,
    check_border,
    check_groups,
    check_pool_padding,
    check_positive,
    output_length,
    padding_amounts,
    transposed_length,
)
from convstudio.core.layers import NOTHING, Amounts, Channels, Conv, ConvTranspose, Pair, Pool, PoolKind


def conv_outcome(layer: Conv, source: Shape) -> tuple[Amounts, Shape, int, int, int]:
    """What a convolution pads and makes, its weights, biases and connections."""
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
    weights = int(layer.weight.array.size)
    return (
        pads,
        output,
        weights,
        filters,
        output.size * per_group * layer.kernel.vertical * layer.kernel.horizontal,
    )


def transposed_outcome(layer: ConvTranspose, source: Shape) -> tuple[Amounts, Shape, int, int, int]:
    """What a transposed convolution cuts off and makes, its weights, biases and connections."""
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
    return (
        Amounts(vertical, vertical, horizontal, horizontal),
        Shape(layer.filters, *lengths),
        weights,
        layer.filters,
        source.height * source.width * weights,
    )


def pool_outcome(layer: Pool, source: Shape) -> tuple[Amounts, Shape]:
    """What a pool pads and makes."""
    if layer.is_global:
        return NOTHING, Shape(source.channels, 1, 1)
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
    return layer.padding, output


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
