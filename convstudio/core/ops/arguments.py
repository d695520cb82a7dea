"""Arguments of the operations: what a caller may write, made exact integers or refused. No arithmetic on pixels."""

from collections.abc import Sequence
from dataclasses import replace
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding, check_same, padding_amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import MOST_VALUES, check_groups, check_positive
from convstudio.core.geometry.window import SlidingWindow, convolution, pooling, transposed_convolution

PairLike = int | Sequence[int]
PaddingLike = int | str | Sequence[int] | Sequence[Sequence[int]] | Amounts
Array = NDArray[Any]


def real_array(what: str, value: ArrayLike, axes: str) -> Array:
    """`value` as an array with one axis for each of the comma-separated `axes`, none empty, of real numbers."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ConvStudioError(f"The {what} is ragged; give it the axes ({axes}) with rows of one length.") from None
    if array.dtype.kind not in "biuf":
        raise ConvStudioError(f"The {what} holds {array.dtype} values; convert it to real numbers first.")
    if array.ndim != axes.count(",") + 1 or array.size == 0:
        shape = "×".join(map(str, array.shape)) or "no axes"
        raise ConvStudioError(f"The {what} needs the axes ({axes}), none empty, but its shape is {shape}; reshape it.")
    return array


def per_channel(what: str, value: float | ArrayLike, channels: int) -> tuple[float, ...]:
    """One number for all channels, or one for each."""
    numbers = tuple(np.asarray(value, np.float64).reshape(-1).tolist())
    if len(numbers) not in (1, channels):
        raise ConvStudioError(
            f"The {what} has {len(numbers)} numbers for {channels} channels; give one for all, or one for each."
        )
    return numbers


def pair(what: str, value: PairLike) -> Pair:
    """One whole number for both axes, or a (vertical, horizontal) pair."""
    try:
        if np.ndim(value) == 0:
            return Pair(index(value), index(value))  # type: ignore[arg-type]  # a sequence fails here, as it should
        vertical, horizontal = value  # type: ignore[misc]  # more or fewer than two fail here, as they should
        return Pair(index(vertical), index(horizontal))
    except (TypeError, ValueError):
        raise ConvStudioError(
            f"The {what} is {value!r}, but it must be a whole number or a (vertical, horizontal) pair of them."
        ) from None


def whole_number(what: str, value: int) -> int:
    """A whole number; 2.0 is refused as PyTorch refuses it."""
    try:
        return index(value)
    except TypeError:
        raise ConvStudioError(f"The {what} is {value!r}, but it must be a whole number.") from None


def amounts(padding: PaddingLike, *, kernel: Pair, stride: Pair, dilation: Pair) -> Amounts:
    """Padding for each side from any of the ways to write it; not negative."""
    if isinstance(padding, str):
        return _padding_by_rule(padding, kernel, stride, dilation)
    try:
        if isinstance(padding, Amounts):
            pads = Amounts(*map(index, padding))
        elif np.shape(padding) == (2, 2):
            (top, bottom), (left, right) = padding  # type: ignore[misc]  # its shape was just asked
            pads = Amounts(index(top), index(bottom), index(left), index(right))
        else:
            vertical, horizontal = pair("padding", padding)  # type: ignore[arg-type]  # `pair` refuses the rest
            pads = Amounts(vertical, vertical, horizontal, horizontal)
    except (TypeError, ValueError):
        raise ConvStudioError(
            f"The padding is {padding!r}, but it must be a whole number, a (vertical, horizontal) pair, "
            '((top, bottom), (left, right)), "valid" or "same".'
        ) from None
    if min(pads) < 0:
        top, bottom, left, right = pads
        raise ConvStudioError(
            f"The padding is {top}, {bottom}, {left} and {right} (top, bottom, left, right), but it cannot be "
            "negative; make it 0 or more."
        )
    return pads


def _padding_by_rule(word: str, kernel: Pair, stride: Pair, dilation: Pair) -> Amounts:
    if word not in (Padding.VALID, Padding.SAME):
        raise ConvStudioError(f'The padding {word!r} is not known; use "valid", "same" or amounts.')
    if word == Padding.SAME:
        check_same(stride, kernel, dilation)
    return padding_amounts(Padding(word), kernel, dilation)


def border_word(word: str) -> Border:
    """One of the four borders."""
    try:
        return Border(word)
    except ValueError:
        names = ", ".join(Border)
        raise ConvStudioError(f"The border {word!r} is not known; use one of {names}.") from None


def bias_array(bias: ArrayLike | None, filters: int) -> Array | None:
    """One bias for each filter, or None."""
    if bias is None:
        return None
    array = real_array("bias", bias, "filters")
    if array.size != filters:
        raise ConvStudioError(f"There are {filters} filters but {array.size} biases; give one bias for each filter.")
    return array


def dense_rows(weights: ArrayLike, inputs: int) -> Array:
    """Weights of a dense layer, one row for each unit and one column for each of `inputs`."""
    rows = real_array("weight", weights, "units, inputs")
    if rows.shape[1] != inputs:
        raise ConvStudioError(
            f"Each unit has {rows.shape[1]} weights but there are {inputs} inputs; give one weight for each input."
        )
    return rows


def convolution_window(
    source: Shape,
    weight: tuple[int, ...],
    *,
    stride: PairLike,
    padding: PaddingLike,
    dilation: PairLike,
    groups: int,
    border: str,
) -> SlidingWindow:
    """The window of a convolution of planes `source` with weights of the shape `weight`."""
    filters, per_group, *cells = weight
    kernel, steps, spacing = Pair.of(cells), pair("stride", stride), pair("dilation", dilation)
    check_positive("stride", steps)
    check_positive("dilation", spacing)
    groups = whole_number("number of groups", groups)
    check_groups(groups, source.channels, filters)
    if per_group * groups != source.channels:
        raise ConvStudioError(
            f"Each filter reads {per_group} channels in each of {groups} groups, {per_group * groups} in all, but the "
            f"input has {source.channels}; give the weights {source.channels // groups} channels."
        )
    pads = amounts(padding, kernel=kernel, stride=steps, dilation=spacing)
    window = convolution(
        source, filters, kernel=kernel, stride=steps, dilation=spacing, pads=pads, groups=groups,
        border=border_word(border),
    )  # fmt: skip
    _check_sizes(window)
    # a step beyond the planes is as good as one to their end, and a single number has no distance to the next
    padded = source.height + pads.top + pads.bottom, source.width + pads.left + pads.right
    return replace(
        window,
        stride=Pair(*map(min, steps, padded)),
        dilation=Pair(*(distance if cells > 1 else 1 for distance, cells in zip(spacing, kernel, strict=True))),
    )


def transposed_window(
    source: Shape,
    weight: tuple[int, ...],
    *,
    stride: PairLike,
    padding: PaddingLike,
    output_padding: PairLike,
    dilation: PairLike,
    groups: int,
) -> SlidingWindow:
    """The window of a transposed convolution of planes `source` with weights of the shape `weight`."""
    inputs, per_group, *cells = weight
    kernel, steps, spacing = Pair.of(cells), pair("stride", stride), pair("dilation", dilation)
    check_positive("stride", steps)
    check_positive("dilation", spacing)
    groups = whole_number("number of groups", groups)
    check_groups(groups, source.channels, per_group * groups)
    if inputs != source.channels:
        raise ConvStudioError(
            f"The weights read {inputs} channels but the input has {source.channels}; give them one set for each."
        )
    if isinstance(padding, str):
        raise ConvStudioError(f"A transposed convolution needs its padding as amounts, not as {padding!r}.")
    window = transposed_convolution(
        source, per_group * groups, kernel=kernel, stride=steps, dilation=spacing,
        pads=amounts(padding, kernel=kernel, stride=steps, dilation=spacing),
        output_padding=pair("output padding", output_padding), groups=groups,
    )  # fmt: skip
    _check_size(window.output)
    return window


def pooling_window(
    source: Shape,
    size: PairLike,
    *,
    stride: PairLike | None,
    padding: PaddingLike,
    dilation: PairLike,
    ceil_mode: bool,
) -> SlidingWindow:
    """The window of a pool; its stride is its size unless given."""
    kernel, spacing = pair("window", size), pair("dilation", dilation)
    steps = kernel if stride is None else pair("stride", stride)
    check_positive("window", kernel)
    check_positive("stride", steps)
    check_positive("dilation", spacing)
    pads = amounts(padding, kernel=kernel, stride=steps, dilation=spacing)
    window = pooling(source, kernel=kernel, stride=steps, dilation=spacing, pads=pads, ceil_mode=ceil_mode)
    _check_sizes(window)
    return window


def _check_sizes(window: SlidingWindow) -> None:
    _check_size(window.output)
    top, bottom, left, right = window.pads
    channels, height, width = window.source
    _check_size(Shape(channels, height + top + bottom, width + left + right))


def _check_size(shape: Shape) -> None:
    if shape.size > MOST_VALUES:
        raise ConvStudioError(
            f"A plane stack of {shape} has {shape.size:,} numbers, more than the {MOST_VALUES:,} that fit into memory; "
            "use a smaller picture, fewer filters, less padding or a larger stride."
        )
