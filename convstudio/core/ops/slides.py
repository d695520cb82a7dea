"""Slides: how windows move over planes, in exact integers, or the refusal of arguments that do not fit together."""

from dataclasses import dataclass
from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, check_border, check_pool_padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import (
    AXES,
    MOST_VALUES,
    check_groups,
    check_positive,
    extent,
    output_length,
    transposed_length,
)
from convstudio.core.ops.arguments import PaddingLike, PairLike, amounts, border_word, pair, whole_number


class Strip(NamedTuple):
    """A block of the output of one group."""

    group: int
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Slide:
    """How a window moves over planes, in integers: everything an operation needs to know but the numbers."""

    source: Shape
    output: Shape
    kernel: Pair
    stride: Pair
    dilation: Pair
    pads: Amounts
    groups: int = 1
    border: Border = Border.ZEROS

    @property
    def span(self) -> Pair:
        """Pixels under one window on each axis."""
        return Pair(
            extent(self.kernel.vertical, self.dilation.vertical),
            extent(self.kernel.horizontal, self.dilation.horizontal),
        )


def convolution(
    source: Shape,
    weight: tuple[int, ...],
    *,
    stride: PairLike,
    padding: PaddingLike,
    dilation: PairLike,
    groups: int,
    border: str,
) -> Slide:
    """The slide of a convolution of planes `source` with weights of the shape `weight`."""
    filters, per_group, *window = weight
    kernel, steps, spread = Pair.of(window), pair("stride", stride), pair("dilation", dilation)
    check_positive("stride", steps)
    check_positive("dilation", spread)
    groups = whole_number("number of groups", groups)
    check_groups(groups, source.channels, filters)
    if per_group * groups != source.channels:
        raise ConvStudioError(
            f"Each filter reads {per_group} channels in each of {groups} groups, {per_group * groups} in all, but the "
            f"input has {source.channels}; give the weights {source.channels // groups} channels."
        )
    pads = amounts(padding, kernel=kernel, stride=steps, dilation=spread)
    kind = border_word(border)
    check_border(kind, pads, source.height, source.width)
    output = _output(source, filters, kernel, steps, spread, pads)
    # a step beyond the planes is as good as one to their end, and a single number has no distance to the next
    rooms = source.height + pads.top + pads.bottom, source.width + pads.left + pads.right
    steps = Pair(*map(min, steps, rooms))
    spread = Pair(*(each if count > 1 else 1 for each, count in zip(spread, kernel, strict=True)))
    return Slide(source, output, kernel, steps, spread, pads, groups, kind)


def transposed(
    source: Shape,
    weight: tuple[int, ...],
    *,
    stride: PairLike,
    padding: PaddingLike,
    output_padding: PairLike,
    dilation: PairLike,
    groups: int,
) -> Slide:
    """The slide of a transposed convolution: its windows lie on the output, one for each input pixel."""
    inputs, per_group, *window = weight
    kernel, steps, spread = Pair.of(window), pair("stride", stride), pair("dilation", dilation)
    check_positive("stride", steps)
    check_positive("dilation", spread)
    groups = whole_number("number of groups", groups)
    check_groups(groups, source.channels, per_group * groups)
    if inputs != source.channels:
        raise ConvStudioError(
            f"The weights read {inputs} channels but the input has {source.channels}; give them one set for each."
        )
    if isinstance(padding, str):
        raise ConvStudioError(f"A transposed convolution needs its padding as amounts, not as {padding!r}.")
    pads = amounts(padding, kernel=kernel, stride=steps, dilation=spread)
    more = pair("output padding", output_padding)
    height, width = (
        transposed_length(
            n, kernel=k, stride=s, before=before, after=after, output_padding=extra, dilation=d, axis=axis
        )
        for n, k, s, d, extra, (before, after), axis in zip(
            source[1:], kernel, steps, spread, more, (pads[:2], pads[2:]), AXES, strict=True
        )
    )
    output = Shape(per_group * groups, height, width)
    _check_size(output)
    return Slide(source, output, kernel, steps, spread, pads, groups)


def pooling(
    source: Shape,
    window: PairLike,
    *,
    stride: PairLike | None,
    padding: PaddingLike,
    dilation: PairLike,
    ceil_mode: bool,
) -> Slide:
    """The slide of a pooling window; its stride is the window unless given."""
    kernel, spread = pair("window", window), pair("dilation", dilation)
    steps = kernel if stride is None else pair("stride", stride)
    check_positive("window", kernel)
    check_positive("stride", steps)
    check_positive("dilation", spread)
    pads = amounts(padding, kernel=kernel, stride=steps, dilation=spread)
    check_pool_padding(pads, kernel, spread)
    output = _output(source, source.channels, kernel, steps, spread, pads, ceil_mode=ceil_mode)
    return Slide(source, output, kernel, steps, spread, pads)


def _output(
    source: Shape, channels: int, kernel: Pair, stride: Pair, dilation: Pair, pads: Amounts, *, ceil_mode: bool = False
) -> Shape:
    height, width = (
        output_length(n, kernel=k, stride=s, dilation=d, before=before, after=after, ceil_mode=ceil_mode, axis=axis)
        for n, k, s, d, (before, after), axis in zip(
            source[1:], kernel, stride, dilation, (pads[:2], pads[2:]), AXES, strict=True
        )
    )
    output = Shape(channels, height, width)
    _check_size(output)
    top, bottom, left, right = pads
    _check_size(Shape(source.channels, source.height + top + bottom, source.width + left + right))
    return output


def _check_size(shape: Shape) -> None:
    if shape.size > MOST_VALUES:
        raise ConvStudioError(
            f"A plane stack of {shape} has {shape.size:,} numbers, more than the {MOST_VALUES:,} that fit into memory; "
            "use a smaller picture, fewer filters, less padding or a larger stride."
        )
