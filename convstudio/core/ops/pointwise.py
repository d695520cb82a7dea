"""Operations without a window: activation functions, scale and shift, softmax, magnitude, and the dense layer."""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core import buffers
from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.opencv import cv2
from convstudio.core.ops import arguments, jit
from convstudio.core.ops.methods import Method, is_allowed
from convstudio.core.threads import cores, run_parallel

Planes = NDArray[np.float32]
STRIP_NUMBERS = 2**18  # of one strip: larger ones leave the cache, for smaller ones the threads wait for the GIL
SHARED_NUMBERS = 2**16  # of all channels in a strip of a softmax, which goes over them several times
STRIPS = 2  # for each core, of a function that goes over its numbers once: no cache would help


def activate(x: ArrayLike, kind: ActivationKind, slope: float | Sequence[float] = 0.01) -> Planes:
    """Apply one activation function to every value.

    Parameters
    ----------
    x
        Real numbers of any shape; any real dtype.
    kind
        The function; its words are PyTorch's.
    slope
        The number of the function, where it has one: the leaky ReLU's slope, the alpha of the ELU, the threshold. With
        several there is one for each channel, the first axis of `x`.

    Returns
    -------
    float32, of the same shape; NaN stays NaN.

    Raises
    ------
    ConvStudioError
        If `x` is not of real numbers, or there are several slopes but not one for each channel.

    Examples
    --------
    >>> activate([-2.0, 3.0], ActivationKind.LEAKY_RELU, 0.5).tolist()
    [-1.0, 3.0]
    >>> activate([[-2.0], [-2.0]], ActivationKind.PRELU, [0.5, 2.0]).tolist()
    [[-1.0], [-4.0]]
    """
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise ConvStudioError(f"The input holds {array.dtype} values; convert it to real numbers first.")
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(array, np.float32).reshape(array.shape)
    out = buffers.empty(values.shape)
    slopes = arguments.per_channel("slope", slope, len(values) if values.ndim else 1)
    if len(slopes) == 1:
        _activate(values.reshape(-1), out.reshape(-1), kind, slopes[0])
    else:
        for plane, target, number in zip(values, out, slopes, strict=True):
            _activate(plane.reshape(-1), target.reshape(-1), kind, number)
    return out


def _activate(inputs: Planes, outputs: Planes, kind: ActivationKind, slope: float) -> None:
    """Fill (count,) outputs with the function of as many inputs."""
    function = ACTIVATIONS[kind]
    compiled = ActivationKind.LEAKY_RELU if kind is ActivationKind.PRELU else kind
    cpu = jit.usable() if compiled in jit.ACTIVATIONS and is_allowed(Method.COMPILED) else None
    if cpu and jit.is_ready(missed=function.saved * inputs.size):
        jit.activated(compiled, inputs, outputs, cpu, slope)
        return
    count = STRIP_NUMBERS if function.is_in_strips else max(STRIP_NUMBERS, inputs.size // (STRIPS * cores()))

    def make_work() -> Callable[[int], None]:
        scratch = np.empty(min(count, inputs.size), np.float32)  # no memory until it is written

        def work(start: int) -> None:
            strip = slice(start, start + count)
            with np.errstate(all="ignore"):
                function.quick(inputs[strip], outputs[strip], scratch[: inputs.size - start], np.float32(slope))

        return work

    run_parallel(make_work, range(0, inputs.size, count))


def scale_shift(x: ArrayLike, scale: float | Sequence[float], shift: float | Sequence[float]) -> Planes:
    """Every value times a scale, plus a shift: what is left of a batch normalisation once a network is trained.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    scale, shift
        One number for all channels, or one for each.

    Returns
    -------
    (C, H, W) float32.

    Raises
    ------
    ConvStudioError
        If there are several numbers but not one for each channel.

    Examples
    --------
    >>> scale_shift([[[0, 255]]], 1 / 128, -127.5 / 128).tolist()
    [[[-0.99609375, 0.99609375]]]
    """
    values = _float32(x)
    scales = arguments.per_channel("scale", scale, len(values))
    shifts = arguments.per_channel("shift", shift, len(values))
    out = buffers.empty(values.shape)

    def work(channel: int) -> None:
        with np.errstate(all="ignore"):
            np.multiply(values[channel], np.float32(scales[channel % len(scales)]), out=out[channel])
            np.add(out[channel], np.float32(shifts[channel % len(shifts)]), out=out[channel])

    run_parallel(lambda: work, range(len(values)))
    return out


def softmax(x: ArrayLike) -> Planes:
    """The share of each channel at its place: e to the power of its value, over the sum of all channels' powers.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.

    Returns
    -------
    (C, H, W) float32; the channels at one place sum to 1.

    Examples
    --------
    >>> softmax([[[0.0]], [[0.0]]]).tolist()
    [[[0.5]], [[0.5]]]
    """
    values = _float32(x)
    out = buffers.empty(values.shape)

    def fill(inputs: Planes, target: Planes) -> None:
        np.subtract(inputs, inputs.max(axis=0), out=target)  # no power is larger than 1
        np.exp(target, out=target)
        np.divide(target, target.sum(axis=0), out=target)

    _by_strips(values, out, fill)
    return out


def magnitude(x: ArrayLike) -> Planes:
    """√(a² + b²) of each channel of the first half and its partner in the second: the strength of a gradient.

    Parameters
    ----------
    x
        (2·C, H, W), any real dtype; channel 0 goes with channel C.

    Returns
    -------
    (C, H, W) float32.

    Raises
    ------
    ConvStudioError
        If the number of channels is odd.

    Examples
    --------
    >>> magnitude([[[3]], [[-4]]]).tolist()
    [[[5.0]]]
    """
    values = _float32(x)
    half, left = divmod(len(values), 2)
    if left:
        raise ConvStudioError(f"A magnitude is made of pairs of channels, but there are {len(values)}.")
    out = buffers.empty((half, *values.shape[1:]))

    def work(channel: int) -> None:
        first, second = values[channel], values[half + channel]
        most = max(float(np.abs(first).max()), float(np.abs(second).max()))
        if 1e-15 < most < 1e18:  # where no square is lost
            cv2.magnitude(first, second, magnitude=out[channel])
        else:
            with np.errstate(all="ignore"):
                np.hypot(first, second, out=out[channel])

    run_parallel(lambda: work, range(half))
    return out


def _float32(x: ArrayLike) -> Planes:
    planes = arguments.real_array("input", x, "channels, height, width")
    with np.errstate(all="ignore"):
        return np.ascontiguousarray(planes, np.float32)


def _by_strips(values: Planes, out: Planes, fill: Callable[[Planes, Planes], None]) -> None:
    """All channels of some rows at a time."""
    high = max(1, SHARED_NUMBERS // (values.shape[0] * values.shape[2]))

    def work(top: int) -> None:
        with np.errstate(all="ignore"):
            fill(values[:, top : top + high], out[:, top : top + high])

    run_parallel(lambda: work, range(0, values.shape[1], high))


def dense(x: ArrayLike, weights: ArrayLike, bias: ArrayLike | None = None) -> Planes:
    """Connect every input with every unit.

    Parameters
    ----------
    x
        (C, H, W), any real dtype; read in this order.
    weights
        (units, C·H·W).
    bias
        One number for each unit.

    Returns
    -------
    (units, 1, 1) float32.

    Raises
    ------
    ConvStudioError
        If the shapes do not fit together.

    Examples
    --------
    >>> dense([[[1, 2]]], [[3, 4], [5, 6]], [0, 100]).tolist()
    [[[11.0]], [[117.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    rows = arguments.dense_rows(weights, planes.size)
    offsets = arguments.bias_array(bias, len(rows))
    with np.errstate(all="ignore"):
        sums = rows.astype(np.float32, copy=False) @ np.ascontiguousarray(planes, np.float32).ravel()
        if offsets is not None:
            sums += offsets.astype(np.float32)
    return np.ascontiguousarray(sums.reshape(-1, 1, 1))


def dense_weights(units: int, inputs: int, seed: int) -> NDArray[np.float32]:
    """Random weights that are the same for the same seed, on every machine and with every version of NumPy.

    They are uniform with mean 0 and standard deviation 1/√inputs, so that an output is about as large as an input
    (He et al. 2015, without the factor for the ReLU). They are made from the raw bits of Philox, the one thing
    that NumPy promises not to change.

    Returns
    -------
    (units, inputs) float32.

    Raises
    ------
    ConvStudioError
        If there is no unit or no input, or the seed is negative.

    Examples
    --------
    >>> dense_weights(2, 3, seed=0).shape
    (2, 3)
    """
    if units < 1 or inputs < 1 or seed < 0:
        raise ConvStudioError(
            f"A dense layer of {units} units on {inputs} inputs with seed {seed} cannot be made; "
            "use at least 1 unit, 1 input and the seed 0 or more."
        )
    return dense_weights_from(0, units * inputs, inputs=inputs, seed=seed).reshape(units, inputs)


def dense_weights_from(first: int, count: int, *, inputs: int, seed: int) -> NDArray[np.float32]:
    """A run of `dense_weights` of any number of units, counted row by row, without drawing the others.

    Examples
    --------
    >>> bool((dense_weights_from(13, 4, inputs=7, seed=2) == dense_weights(3, 7, 2).ravel()[13:17]).all())
    True
    """
    block, skipped = divmod(first, 8)  # Philox counts in blocks of four 64-bit numbers, each of which makes two weights
    words = np.random.Philox(seed).advance(block).random_raw(ceil_division(skipped + count, 2))
    # 24 bits of each half of a raw 64-bit number are an exact float32
    bits = words.astype("<u8", copy=False).view("<u4")[skipped : skipped + count]
    weights = (bits >> 8).astype(np.float32)
    weights -= np.float32(2**23 - 0.5)
    weights *= np.float32(sqrt(3 / inputs) / 2**23)
    return weights
