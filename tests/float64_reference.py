"""A recipe's outputs by the float64 reference, one obvious operation after the other."""

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.ops import dense_weights, reference
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.plan import Step

Planes = NDArray[np.float64]
MOST_WORK = 2 * 10**7  # multiply-adds of a layer: beyond that the reference takes seconds


def assert_right(result: Result) -> int:
    """Every output of a whole result is what the reference makes of the output before; how many were compared."""
    compared = 0
    for step, (before, after) in zip(result.plan.steps, pairwise([result.source, *result.outputs]), strict=True):
        assert after.shape == tuple(step.output), step.title
        if work_of(step) > MOST_WORK:
            continue
        with np.errstate(all="ignore"):
            expected = slowly(step, before.astype(np.float64))
            size = np.abs(expected[np.isfinite(expected)]).max(initial=0.0) + _magnitude(step, before)
        is_finite = np.isfinite(expected) & (np.abs(expected) < np.finfo(np.float32).max / 2)
        np.testing.assert_allclose(
            after[is_finite], expected[is_finite], rtol=1e-4, atol=max(2e-5 * size, 1e-30), err_msg=step.title
        )
        compared += 1
    return compared


def work_of(step: Step) -> int:
    """About how many multiply-adds the reference has."""
    layer = step.layer
    if isinstance(layer, Conv | ConvTranspose):
        stamps = 300 * step.input.height * step.input.width if isinstance(layer, ConvTranspose) else 0
        return step.connections * (step.input.channels if _is_alone(layer) else 1) + stamps
    if isinstance(layer, Pool) and not layer.is_global:
        return step.output.size * layer.window.vertical * layer.window.horizontal
    return step.input.size * (step.output.size if isinstance(layer, Dense) else 1)


def slowly(step: Step, planes: Planes) -> Planes:  # noqa: C901, PLR0911  # a case for each kind of layer
    """One step by the reference, from float64 planes."""
    layer = step.layer
    if not layer.enabled:
        return planes
    match layer:
        case Conv():
            return _convolved(layer, step, planes)
        case ConvTranspose():
            return reference.conv_transpose2d(
                planes,
                layer.weight.array,
                layer.bias,
                stride=layer.stride,
                padding=layer.padding,
                output_padding=layer.output_padding,
                dilation=layer.dilation,
                groups=layer.groups,
            )
        case Activation():
            return reference.activate(planes, layer.kind, layer.numbers)
        case ScaleShift() | Normalisation():
            return reference.scale_shift(planes, layer.scale, layer.shift)
        case Softmax():
            return reference.softmax(planes)
        case Magnitude():
            return reference.magnitude(planes)
        case Resize():
            factor = layer.factor
            return reference.resize(
                planes, size=layer.size, factor=factor, mode=layer.mode, align_corners=layer.align_corners
            )
        case Pool():
            return _pooled(layer, step, planes)
        case Dense():
            weights = (
                dense_weights(layer.units, planes.size, layer.seed).astype(np.float64)
                if layer.weight is None
                else layer.weight.array.reshape(layer.units, -1)
            )
            return reference.dense(planes, weights, layer.bias or None)


def _convolved(layer: Conv, step: Step, planes: Planes) -> Planes:
    weight = layer.weight.array
    if layer.orientation is Orientation.CONVOLUTION:
        weight = weight[:, :, ::-1, ::-1]
    convolve = partial(
        reference.conv2d, stride=layer.stride, padding=_sides(step), dilation=layer.dilation, border=layer.border
    )
    if not _is_alone(layer):
        return convolve(planes, weight, layer.bias, groups=layer.groups)
    filters = range(layer.filters)
    return np.concatenate(
        [convolve(plane[None], weight[[number]], [layer.bias[number]]) for number in filters for plane in planes]
    )


def _pooled(layer: Pool, step: Step, planes: Planes) -> Planes:
    if layer.is_global:
        if layer.rank is None:
            return np.asarray(planes.mean(axis=(1, 2), keepdims=True))
        return np.asarray(np.percentile(planes, layer.rank, axis=(1, 2), keepdims=True, method="lower"))
    window, stride, padding, ceil_mode = layer.window, layer.stride, _sides(step), layer.ceil_mode
    if layer.kind is PoolKind.MIN:
        return reference.min_pool2d(
            planes, window, stride=stride, padding=padding, dilation=layer.dilation, ceil_mode=ceil_mode
        )
    if layer.kind in (PoolKind.MEDIAN, PoolKind.PERCENTILE):
        return reference.rank_pool2d(
            planes, window, layer.rank or 0.0, stride=stride, padding=padding, dilation=layer.dilation,
            ceil_mode=ceil_mode,
        )  # fmt: skip
    if layer.kind is PoolKind.MAX:
        return reference.max_pool2d(
            planes, window, stride=stride, padding=padding, dilation=layer.dilation, ceil_mode=ceil_mode
        )
    return reference.avg_pool2d(
        planes,
        window,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=layer.count_include_pad,
    )


def _sides(step: Step) -> tuple[tuple[int, int], tuple[int, int]]:
    return (step.pads.top, step.pads.bottom), (step.pads.left, step.pads.right)


def _is_alone(layer: Conv | ConvTranspose) -> bool:
    return isinstance(layer, Conv) and layer.channels is Channels.EACH


def _magnitude(step: Step, planes: NDArray[np.float32]) -> float:
    """How large the numbers are that were added up: the rounding of a sum is measured by them."""
    layer = step.layer
    largest = float(np.abs(planes[np.isfinite(planes)]).max(initial=0.0))
    if isinstance(layer, Conv | ConvTranspose):
        return largest * float(np.abs(layer.weight.array).sum(axis=(1, 2, 3)).max())
    return largest
