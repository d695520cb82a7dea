"""The operations once more, slow and obvious, in float64: what the fast ones are tested against."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops import arguments, slides
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.slides import Slide
from convstudio.core.recipe.layers import ActivationKind

Planes = NDArray[np.float64]

_PAD_MODES = {
    Border.ZEROS: "constant",
    Border.REFLECT: "reflect",
    Border.REPLICATE: "edge",
    Border.CIRCULAR: "wrap",
}


def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    groups: int = 1,
    border: str = Border.ZEROS,
) -> Planes:
    """`ops.conv2d` in float64: cut out every window, multiply, add.

    Examples
    --------
    >>> conv2d([[[10, 10, 0, 0]]], [[[[1, 0, -1]]]]).tolist()
    [[[10.0, 10.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    weights = arguments.real_array("weight", weight, "filters, channels, height, width")
    slide = slides.convolution(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, slide.output.channels)
    top, bottom, left, right = slide.pads
    padded = np.pad(
        planes.astype(np.float64), ((0, 0), (top, bottom), (left, right)), _PAD_MODES[slide.border]  # type: ignore[call-overload]  # a mode by name
    )  # fmt: skip
    windows = _windows(padded, slide)
    with np.errstate(all="ignore"):
        parts = [
            np.einsum("cyxij,ocij->oyx", part, kernels.astype(np.float64))
            for part, kernels in zip(
                np.split(windows, slide.groups), np.split(weights, slide.groups), strict=True
            )
        ]  # fmt: skip
        return _with_bias(np.concatenate(parts), offsets)


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = 0,
    output_padding: PairLike = 0,
    dilation: PairLike = 1,
    groups: int = 1,
) -> Planes:
    """`ops.conv_transpose2d` in float64: every input pixel stamps its multiple of the kernel onto the output.

    Examples
    --------
    >>> conv_transpose2d([[[1, 2]]], [[[[1, 1, 1]]]], stride=2).tolist()
    [[[1.0, 1.0, 3.0, 2.0, 2.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    weights = arguments.real_array("weight", weight, "channels, filters, height, width").astype(np.float64)
    slide = slides.transposed(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, output_padding=output_padding, dilation=dilation, groups=groups,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, slide.output.channels)
    channels, height, width = slide.output
    top, bottom, left, right = slide.pads
    canvas = np.zeros((channels, top + height + bottom, left + width + right))
    inputs_per_group, filters_per_group = planes.shape[0] // slide.groups, channels // slide.groups
    with np.errstate(all="ignore"):
        for group in range(slide.groups):
            inputs = slice(group * inputs_per_group, (group + 1) * inputs_per_group)
            filters = slice(group * filters_per_group, (group + 1) * filters_per_group)
            for row, column in np.ndindex(planes.shape[1:]):
                stamp = np.einsum("c,coij->oij", planes[inputs, row, column], weights[inputs])
                y, x0 = row * slide.stride.vertical, column * slide.stride.horizontal
                area = canvas[filters, y : y + slide.span.vertical, x0 : x0 + slide.span.horizontal]
                area[:, :: slide.dilation.vertical, :: slide.dilation.horizontal] += stamp
        return _with_bias(canvas[:, top : top + height, left : left + width], offsets)


def max_pool2d(
    x: ArrayLike,
    window: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    ceil_mode: bool = False,
) -> Planes:
    """`ops.max_pool2d` in float64: the padding is −∞, so it never wins.

    Examples
    --------
    >>> max_pool2d([[[1, 5, 2, 0]]], (1, 2)).tolist()
    [[[5.0, 2.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    slide = slides.pooling(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    top, _, left, _ = slide.pads
    bottom, right = _room_after(slide)
    padded = np.pad(planes, ((0, 0), (top, bottom), (left, right)), constant_values=-np.inf)
    result: Planes = _windows(padded, slide).max(axis=(3, 4))
    return result


def avg_pool2d(
    x: ArrayLike,
    window: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Planes:
    """`ops.avg_pool2d` in float64: the sum of a window over the number of pixels that count in it.

    Examples
    --------
    >>> avg_pool2d([[[1, 5, 2, 0]]], (1, 2)).tolist()
    [[[3.0, 1.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    slide = slides.pooling(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=1, ceil_mode=ceil_mode
    )
    top, bottom, left, right = slide.pads
    beyond = _room_after(slide)
    room = ((0, 0), (top, beyond.vertical), (left, beyond.horizontal))
    counted = np.zeros((1, planes.shape[1] + top + beyond.vertical, planes.shape[2] + left + beyond.horizontal))
    if count_include_pad:
        counted[:, : top + planes.shape[1] + bottom, : left + planes.shape[2] + right] = 1
    else:
        counted[:, top : top + planes.shape[1], left : left + planes.shape[2]] = 1
    with np.errstate(all="ignore"):
        sums = _windows(np.pad(planes, room), slide).sum(axis=(3, 4))
        result: Planes = sums / _windows(counted, slide).sum(axis=(3, 4))
        return result


def activate(x: ArrayLike, kind: ActivationKind, slope: float = 0.01) -> Planes:
    """`ops.activate` in float64, by each curve's definition.

    Examples
    --------
    >>> activate([-2.0, 3.0], ActivationKind.LEAKY_RELU, 0.1).tolist()
    [-0.2, 3.0]
    """
    values = np.asarray(x).astype(np.float64)
    with np.errstate(all="ignore"):
        match kind:
            case ActivationKind.RELU:
                return np.where(values < 0, 0.0, values)
            case ActivationKind.LEAKY_RELU:
                return np.where(values > 0, values, values * slope)
            case ActivationKind.SIGMOID:
                return 1 / (1 + np.exp(-values))
            case ActivationKind.TANH:
                return np.tanh(values)
            case ActivationKind.ABSOLUTE:
                return np.where(values < 0, -values, values)


def dense(x: ArrayLike, weights: ArrayLike, bias: ArrayLike | None = None) -> Planes:
    """`ops.dense` in float64: one sum over everything for each unit.

    Examples
    --------
    >>> dense([[[1, 2]]], [[3, 4], [5, 6]]).tolist()
    [[[11.0]], [[17.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    rows = arguments.dense_rows(weights, planes.size).astype(np.float64)
    offsets = arguments.bias_array(bias, len(rows))
    with np.errstate(all="ignore"):
        sums = np.array([np.sum(row * planes.ravel()) for row in rows]).reshape(-1, 1, 1)
        return _with_bias(sums, offsets)


def _windows(padded: Planes, slide: Slide) -> Planes:
    """Every window, as (C, rows, columns, kernel height, kernel width)."""
    windows = sliding_window_view(padded, tuple(slide.span), axis=(1, 2))
    strided = windows[:, :: slide.stride.vertical, :: slide.stride.horizontal]
    return strided[..., :: slide.dilation.vertical, :: slide.dilation.horizontal]


def _room_after(slide: Slide) -> Pair:
    """Pixels below and to the right of the picture: its padding, and what the last window needs beyond it."""
    rows = (slide.output.height - 1) * slide.stride.vertical + slide.span.vertical
    columns = (slide.output.width - 1) * slide.stride.horizontal + slide.span.horizontal
    return Pair(
        max(rows - slide.pads.top - slide.source.height, slide.pads.bottom),
        max(columns - slide.pads.left - slide.source.width, slide.pads.right),
    )


def _with_bias(planes: Planes, bias: NDArray[np.generic] | None) -> Planes:
    return planes if bias is None else planes + bias.astype(np.float64)[:, None, None]
