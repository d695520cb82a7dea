"""Fast convolution: the public function, which checks its arguments and hands the arrays to the method chosen."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core import buffers
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.opencv import cv2
from convstudio.core.ops import arguments, fft, jit, methods
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.filter2d import filter_work
from convstudio.core.ops.gemm import gemm_strips, gemm_work
from convstudio.core.ops.methods import Choice, Method
from convstudio.core.threads import run_parallel, run_serial

Planes = NDArray[np.float32]
EXACT_ANYWHERE = frozenset(Method) - {Method.FFT}
A_MOMENT = 2**21  # in the units of the methods' costs: less is done before another thread has woken up


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
    """Slide filters over planes, as PyTorch's function of this name does: the kernel is not flipped.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    weight
        (filters, C / groups, height, width).
    bias
        One number for each filter.
    stride
        Steps of the window; one number or (vertical, horizontal), here and below.
    padding
        One number, (vertical, horizontal), ((top, bottom), (left, right)), "valid" for none, or "same" for an output
        of the input's size with stride 1: an even kernel then has the smaller half of the padding first.
    dilation
        Distance between the pixels under the kernel.
    groups
        Filters and channels are split into so many parts that do not see each other.
    border
        What stands in the padding: zeros, reflect, replicate or circular.

    Returns
    -------
    (filters, rows, columns) float32, accurate to 10⁻⁵ of the sum of the products' magnitudes. A window with a NaN or
    an infinity under it gives what the products and their sum give, weights of 0 included.

    Raises
    ------
    ConvStudioError
        If an argument is not of its form or they do not fit together.

    Examples
    --------
    >>> conv2d([[[10, 10, 0, 0]]], [[[[1, 0, -1]]]], padding="same").tolist()
    [[[-10.0, 10.0, 10.0, 0.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    weights = arguments.real_array("weight", weight, "filters, channels, height, width")
    window = arguments.convolution_window(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, window.output.channels)
    with np.errstate(all="ignore"):
        inputs = np.ascontiguousarray(planes, np.float32)
        added = None if offsets is None else offsets.astype(np.float32)
    out = buffers.empty(window.output)
    exact = weights.astype(np.float64)
    choice = _choice(window, exact)
    if choice.estimate.method is Method.FFT:
        largest = fft.largest_magnitudes(inputs, exact, window)
        if largest is not None:
            run_parallel(fft.fft_work(inputs, largest, exact, added, window, out), fft.fft_strips(window))
            return out
        choice = _choice(window, exact, EXACT_ANYWHERE)
    with np.errstate(over="ignore"):
        kernels = exact.astype(np.float32)
    is_whole = planes.dtype.kind != "f"
    cpu = jit.usable()
    if choice.estimate.method is Method.COMPILED and cpu:
        rows = jit.rows_at_once(window)
        rows = rows if rows == 1 or is_whole or _is_finite(inputs) else 1
        jit.convolve(inputs, kernels, added, window, out, cpu, rows=rows)
        return out
    if choice.estimate.method in (Method.DIRECT, Method.SEPARABLE) and (is_whole or exact.all() or _is_finite(inputs)):
        # OpenCV's filters leave weights of 0 out, so 0 · ∞ would not count
        places = window.output.height * window.output.width
        run = run_parallel if choice.estimate.cost * places > A_MOMENT else run_serial
        run(filter_work(inputs, choice.passes, added, window, out), range(len(exact)))
        return out
    run_parallel(gemm_work(inputs, kernels, added, window, out), gemm_strips(window, kernels.shape[1]))
    return out


def _choice(window: SlidingWindow, kernels: NDArray[np.float64], allowed: frozenset[Method] = methods.EVERY) -> Choice:
    """The best method that can be taken now: the JIT may have to compile its loops first, and that may not pay yet."""
    best = methods.choose(window, kernels, allowed)
    if best.estimate.method is not Method.COMPILED or jit.is_compiled():
        return best
    other = methods.choose(window, kernels, allowed - {Method.COMPILED})
    missed = (other.estimate.cost - best.estimate.cost) * window.output.height * window.output.width
    return best if jit.is_ready(missed=missed) else other


def _is_finite(planes: Planes) -> bool:
    return all(np.isfinite(cv2.sumElems(plane)[0]) for plane in planes)
