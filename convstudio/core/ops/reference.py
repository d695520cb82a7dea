"""The operations once more, slow and obvious, in float64: what the fast ones are tested against.

They refuse what the fast ones refuse, but where windows lie and how many there are follows from a rule of their own:
one start after the other is tried, so that a wrong formula of sizes is noticed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.resampling import ResizeMode, resized_axes
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops import arguments
from convstudio.core.ops.arguments import PaddingLike, PairLike

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
    arguments.convolution_window(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, len(weights))
    kernel = Pair.of(weights.shape[2:])
    steps, spacing, (top, bottom, left, right) = _exact(kernel, stride, padding, dilation)
    padded = np.pad(
        planes.astype(np.float64), ((0, 0), (top, bottom), (left, right)), _PAD_MODES[Border(border)]  # type: ignore[call-overload]  # a mode by name
    )  # fmt: skip
    rows, columns = (
        _starts(length, k, step, distance)
        for length, k, step, distance in zip(padded.shape[1:], kernel, steps, spacing, strict=True)
    )
    windows = _windows(padded, kernel, spacing, rows, columns)
    with np.errstate(all="ignore"):
        parts = [
            np.einsum("cyxij,ocij->oyx", part, kernels.astype(np.float64))
            for part, kernels in zip(
                np.split(windows, groups), np.split(weights, groups), strict=True
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
    arguments.transposed_window(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, output_padding=output_padding, dilation=dilation, groups=groups,
    )  # fmt: skip
    filters_per_group, kernel = weights.shape[1], Pair.of(weights.shape[2:])
    offsets = arguments.bias_array(bias, filters_per_group * groups)
    (down, across), spacing, (top, bottom, left, right) = _exact(kernel, stride, padding, dilation)
    more, inputs_per_group = arguments.pair("output padding", output_padding), planes.shape[0] // groups
    span = [distance * (k - 1) + 1 for k, distance in zip(kernel, spacing, strict=True)]
    canvas = np.zeros(
        (
            filters_per_group * groups,
            (planes.shape[1] - 1) * down + span[0] + more.vertical,
            (planes.shape[2] - 1) * across + span[1] + more.horizontal,
        )
    )
    with np.errstate(all="ignore"):
        for group in range(groups):
            inputs = slice(group * inputs_per_group, (group + 1) * inputs_per_group)
            filters = slice(group * filters_per_group, (group + 1) * filters_per_group)
            for row, column in np.ndindex(planes.shape[1:]):
                stamp = np.einsum("c,coij->oij", planes[inputs, row, column], weights[inputs])
                y, x0 = row * down, column * across
                area = canvas[filters, y : y + span[0], x0 : x0 + span[1]]
                area[:, :: spacing.vertical, :: spacing.horizontal] += stamp
        _, height, width = canvas.shape
        return _with_bias(canvas[:, top : height - bottom, left : width - right], offsets)


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
    arguments.pooling_window(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    kernel = arguments.pair("window", window)
    steps, spacing, pads = _exact(kernel, window if stride is None else stride, padding, dilation)
    padded, _, rows, columns = _padded(planes, kernel, steps, spacing, pads, ceil_mode=ceil_mode, filling=-np.inf)
    result: Planes = _windows(padded, kernel, spacing, rows, columns).max(axis=(3, 4))
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
    arguments.pooling_window(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=1, ceil_mode=ceil_mode
    )
    kernel = arguments.pair("window", window)
    steps, spacing, pads = _exact(kernel, window if stride is None else stride, padding, 1)
    padded, inside, rows, columns = _padded(planes, kernel, steps, spacing, pads, ceil_mode=ceil_mode, filling=0.0)
    counted = np.zeros((1, *padded.shape[1:]))
    if count_include_pad:
        counted[:, : pads.top + planes.shape[1] + pads.bottom, : pads.left + planes.shape[2] + pads.right] = 1
    else:
        counted[inside] = 1
    with np.errstate(all="ignore"):
        sums = _windows(padded, kernel, spacing, rows, columns).sum(axis=(3, 4))
        result: Planes = sums / _windows(counted, kernel, spacing, rows, columns).sum(axis=(3, 4))
        return result


def min_pool2d(
    x: ArrayLike,
    window: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    ceil_mode: bool = False,
) -> Planes:
    """`ops.min_pool2d` in float64: the padding never wins.

    Examples
    --------
    >>> min_pool2d([[[1, 5, 2, 0]]], (1, 2)).tolist()
    [[[1.0, 0.0]]]
    """
    negative = -np.asarray(x).astype(np.float64)
    return -max_pool2d(negative, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)


def rank_pool2d(
    x: ArrayLike,
    window: PairLike,
    percentile: float = 50.0,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
    dilation: PairLike = 1,
    ceil_mode: bool = False,
) -> Planes:
    """`ops.rank_pool2d` in float64: the real pixels of every window are sorted.

    Examples
    --------
    >>> rank_pool2d([[[1, 5, 2, 0, 9]]], (1, 5)).tolist()
    [[[2.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    arguments.pooling_window(
        Shape(*planes.shape), window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    kernel = arguments.pair("window", window)
    steps, spacing, pads = _exact(kernel, window if stride is None else stride, padding, dilation)
    padded, inside, rows, columns = _padded(planes, kernel, steps, spacing, pads, ceil_mode=ceil_mode, filling=0.0)
    is_real = np.zeros((1, *padded.shape[1:]))
    is_real[0, inside[1], inside[2]] = 1
    windows, real = _windows(padded, kernel, spacing, rows, columns), _windows(is_real, kernel, spacing, rows, columns)
    result = np.full(windows.shape[:3], -np.inf)
    for channel, row, column in np.ndindex(result.shape):
        values = sorted(windows[channel, row, column][real[0, row, column] > 0].tolist())
        if values:
            result[channel, row, column] = values[int((len(values) - 1) * percentile / 100)]
    return result


def activate(x: ArrayLike, kind: ActivationKind, slope: float | Sequence[float] = 0.01) -> Planes:
    """`ops.activate` in float64, by each function's definition.

    Examples
    --------
    >>> activate([-2.0, 3.0], ActivationKind.LEAKY_RELU, 0.1).tolist()
    [-0.2, 3.0]
    """
    values = np.asarray(x).astype(np.float64)
    slopes = np.asarray(slope, np.float64)
    if slopes.ndim:
        slopes = slopes.reshape(-1, *(1,) * (values.ndim - 1))
    with np.errstate(all="ignore"):
        return ACTIVATIONS[kind].definition(values, slopes)


def scale_shift(x: ArrayLike, scale: float | Sequence[float], shift: float | Sequence[float]) -> Planes:
    """`ops.scale_shift` in float64.

    Examples
    --------
    >>> scale_shift([[[1.0]], [[2.0]]], [10, 100], 1).tolist()
    [[[11.0]], [[201.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    scales = arguments.per_channel("scale", scale, len(planes))
    shifts = arguments.per_channel("shift", shift, len(planes))
    return np.asarray(planes * np.array(scales)[:, None, None] + np.array(shifts)[:, None, None])


def softmax(x: ArrayLike) -> Planes:
    """`ops.softmax` in float64.

    Examples
    --------
    >>> softmax([[[1.0]], [[1.0]], [[1.0]], [[1.0]]]).ravel().tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    result = np.empty_like(planes)
    for row, column in np.ndindex(planes.shape[1:]):
        powers = np.exp(planes[:, row, column] - max(planes[:, row, column].tolist()))
        result[:, row, column] = powers / np.sum(powers)
    return result


def magnitude(x: ArrayLike) -> Planes:
    """`ops.magnitude` in float64.

    Examples
    --------
    >>> magnitude([[[6.0]], [[8.0]]]).tolist()
    [[[10.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    first, second = np.split(planes, 2)
    return np.asarray(np.sqrt(first**2 + second**2))


def resize(
    x: ArrayLike,
    *,
    size: PairLike | None = None,
    factor: float | tuple[float, float] = 1.0,
    mode: str = "bilinear",
    align_corners: bool = False,
) -> Planes:
    """`ops.resize` in float64: each output asks by itself where it lies.

    Examples
    --------
    >>> resize([[[0, 4]]], size=(1, 4), mode="nearest").tolist()
    [[[0.0, 0.0, 4.0, 4.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width").astype(np.float64)
    resized_axes(
        (planes.shape[1], planes.shape[2]), mode=ResizeMode(mode),
        factor=(factor, factor) if isinstance(factor, int | float) else factor,
        size=None if size is None else arguments.pair("size", size),
    )  # fmt: skip  # it refuses what cannot be
    factors = np.broadcast_to(np.asarray(factor, np.float64), (2,)).tolist()
    lengths = [int(n * by) for n, by in zip(planes.shape[1:], factors, strict=True)]
    scales = [
        1.0 if m == n and mode != "nearest" else 1 / by
        for n, m, by in zip(planes.shape[1:], lengths, factors, strict=True)
    ]  # PyTorch copies what keeps its length
    if size is not None:
        lengths = list(arguments.pair("size", size))
        scales = [n / m for n, m in zip(planes.shape[1:], lengths, strict=True)]
    down, across = (
        np.array([_read_at(place, n, m, by, mode, align_corners=align_corners) for place in range(m)])
        for n, m, by in zip(planes.shape[1:], lengths, scales, strict=True)
    )
    return np.asarray(np.einsum("yi,cij,xj->cyx", down, planes, across))


def _read_at(place: int, source: int, output: int, scale: float, mode: str, *, align_corners: bool) -> Planes:
    """The weight of each input of an axis in one output."""
    weights = np.zeros(source)
    if mode == "area":
        weights[place * source // output : -(-(place + 1) * source // output)] = 1
        return np.asarray(weights / weights.sum())
    if mode == "nearest":
        weights[min(int(np.float32(place) * np.float32(scale)), source - 1)] = 1
        return weights
    if align_corners:
        at = place * (source - 1) / (output - 1) if output > 1 else 0.0
    else:
        at = max((place + 0.5) * scale - 0.5, 0.0)
    at = min(at, source - 1)
    low = int(at)
    weights[low] += 1 - (at - low)
    weights[min(low + 1, source - 1)] += at - low
    return weights


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


def _exact(kernel: Pair, stride: PairLike, padding: PaddingLike, dilation: PairLike) -> tuple[Pair, Pair, Amounts]:
    """Stride, dilation and padding as numbers."""
    steps, spacing = arguments.pair("stride", stride), arguments.pair("dilation", dilation)
    return steps, spacing, arguments.amounts(padding, kernel=kernel, stride=steps, dilation=spacing)


def _starts(padded: int, kernel: int, stride: int, dilation: int, *, last: int = 0, ceil_mode: bool = False) -> range:
    """Where windows begin along an axis of so many places: as long as they fit, in ceil mode as long as they begin
    less than a stride behind the last that would fit, and before `last`, the end of the real input."""
    span = dilation * (kernel - 1) + 1
    count = 0
    for start in range(0, padded, stride):
        is_inside = start + span <= padded
        if not is_inside and not (ceil_mode and start + span < padded + stride and start < last):
            break
        count += 1
    return range(0, count * stride, stride)


def _padded(
    planes: Planes, kernel: Pair, stride: Pair, dilation: Pair, pads: Amounts, *, ceil_mode: bool, filling: float
) -> tuple[Planes, tuple[slice, slice, slice], range, range]:
    """Planes with room for every window of a pool, where the planes lie in it, and the windows' starts."""
    starts, ends = [], []
    for axis, (before, after) in enumerate((pads[:2], pads[2:])):
        length = planes.shape[1 + axis]
        padded = before + length + after
        begins = _starts(padded, kernel[axis], stride[axis], dilation[axis], last=before + length, ceil_mode=ceil_mode)
        starts.append(begins)
        ends.append(max(padded, begins[-1] + dilation[axis] * (kernel[axis] - 1) + 1))
    target = np.full((len(planes), *ends), filling)
    inside = (
        slice(None),
        slice(pads.top, pads.top + planes.shape[1]),
        slice(pads.left, pads.left + planes.shape[2]),
    )
    target[inside] = planes
    return target, inside, starts[0], starts[1]


def _windows(padded: Planes, kernel: Pair, dilation: Pair, rows: range, columns: range) -> Planes:
    """The windows that begin at rows and columns, as (C, rows, columns, kernel height, kernel width)."""
    span = [distance * (k - 1) + 1 for k, distance in zip(kernel, dilation, strict=True)]
    windows = sliding_window_view(padded, span, axis=(1, 2))
    begun = windows[:, rows.start : rows.stop : rows.step, columns.start : columns.stop : columns.step]
    return begun[..., :: dilation.vertical, :: dilation.horizontal]


def _with_bias(planes: Planes, bias: NDArray[np.generic] | None) -> Planes:
    return planes if bias is None else planes + bias.astype(np.float64)[:, None, None]
