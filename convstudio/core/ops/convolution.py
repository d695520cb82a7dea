"""Fast convolution: the public function, and the way of its numbers to the roads."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.frame import Shape
from convstudio.core.layers import Border
from convstudio.core.ops import arguments
from convstudio.core.ops.arguments import PaddingLike, PairLike, Slide
from convstudio.core.ops.borders import padded
from convstudio.core.ops.products import add_products

Planes = NDArray[np.float32]


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
    slide = arguments.convolution(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, dilation=dilation, groups=groups, border=border,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, slide.output.channels)
    with np.errstate(all="ignore"):
        out = convolved(np.ascontiguousarray(planes, np.float32), np.ascontiguousarray(weights, np.float32), slide)
        if offsets is not None:
            out += offsets.astype(np.float32)[:, None, None]
    return out


def convolved(planes: Planes, weight: Planes, slide: Slide) -> Planes:
    """`conv2d` with its arguments made exact."""
    room = padded(planes, slide.pads, slide.border)
    out = np.empty(slide.output, np.float32)
    parts = zip(*(np.split(array, slide.groups) for array in (room, weight, out)), strict=True)
    alone = replace(slide, groups=1)
    for inputs, kernels, outputs in parts:
        add_products(inputs, kernels, alone, outputs)
    return out
