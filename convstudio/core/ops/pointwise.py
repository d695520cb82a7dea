"""Operations without a window: activation functions and the dense layer."""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core import buffers
from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.ops import arguments, jit
from convstudio.core.ops.methods import Method, is_allowed
from convstudio.core.threads import cores, run_parallel

Planes = NDArray[np.float32]
STRIP_NUMBERS = 2**18  # of one strip: larger ones leave the cache, for smaller ones the threads wait for the GIL
STRIPS = 2  # for each core, of a function that goes over its numbers once: no cache would help


def activate(x: ArrayLike, kind: ActivationKind, slope: float = 0.01) -> Planes:
    """Apply one activation function to every value.

    Parameters
    ----------
    x
        Real numbers of any shape; any real dtype.
    kind
        The function; its words are PyTorch's.
    slope
        The leaky ReLU's for negative values.

    Returns
    -------
    float32, of the same shape; NaN stays NaN.

    Raises
    ------
    ConvStudioError
        If `x` is not of real numbers.

    Examples
    --------
    >>> activate([-2.0, 3.0], ActivationKind.LEAKY_RELU, 0.5).tolist()
    [-1.0, 3.0]
    """
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise ConvStudioError(f"The input holds {array.dtype} values; convert it to real numbers first.")
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(array, np.float32).reshape(array.shape)
    out = buffers.empty(values.shape)
    inputs, outputs = values.reshape(-1), out.reshape(-1)
    function = ACTIVATIONS[kind]
    cpu = jit.usable() if kind in jit.ACTIVATIONS and is_allowed(Method.COMPILED) else None
    if cpu and jit.is_ready(missed=function.saved * inputs.size):
        jit.activated(kind, inputs, outputs, cpu, slope)
        return out
    count = STRIP_NUMBERS if function.is_in_strips else max(STRIP_NUMBERS, inputs.size // (STRIPS * cores()))

    def make_work() -> Callable[[int], None]:
        scratch = np.empty(min(count, inputs.size), np.float32)  # no memory until it is written

        def work(start: int) -> None:
            strip = slice(start, start + count)
            function.quick(inputs[strip], outputs[strip], scratch[: inputs.size - start], np.float32(slope))

        return work

    run_parallel(make_work, range(0, inputs.size, count))
    return out


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
