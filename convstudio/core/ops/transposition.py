"""Fast transposed convolution: every input pixel stamps its multiple of the kernel onto the output."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.geometry.shapes import Shape
from convstudio.core.ops import arguments, phases, slides
from convstudio.core.ops.arguments import PaddingLike, PairLike
from convstudio.core.ops.slides import Slide
from convstudio.core.stopping import check

Planes = NDArray[np.float32]
BLOCK_BYTES = 2**20  # of one block of stamps: it should stay in the second-level cache


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
    """Enlarge planes with filters, as PyTorch's function of this name does.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    weight
        (C, filters / groups, height, width).
    bias
        One number for each filter.
    stride
        Distance on the output between the stamps of neighbouring pixels; one number or (vertical, horizontal), here
        and below.
    padding
        How much is cut off: one number, (vertical, horizontal) or ((top, bottom), (left, right)).
    output_padding
        Rows and columns added below and to the right; smaller than the stride or the dilation.
    dilation
        Distance on the output between the numbers of one kernel.
    groups
        Filters and channels are split into so many parts that do not see each other.

    Returns
    -------
    (filters, rows, columns) float32.

    Raises
    ------
    ConvStudioError
        If an argument is not of its form or they do not fit together.

    Examples
    --------
    >>> conv_transpose2d([[[1, 2]]], [[[[1, 1, 1]]]], stride=2).tolist()
    [[[1.0, 1.0, 3.0, 2.0, 2.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    weights = arguments.real_array("weight", weight, "channels, filters, height, width")
    slide = slides.transposed(
        Shape(*planes.shape), weights.shape,
        stride=stride, padding=padding, output_padding=output_padding, dilation=dilation, groups=groups,
    )  # fmt: skip
    offsets = arguments.bias_array(bias, slide.output.channels)
    with np.errstate(all="ignore"):
        inputs, kernels = np.ascontiguousarray(planes, np.float32), np.ascontiguousarray(weights, np.float32)
        added = None if offsets is None else offsets.astype(np.float32)
        if phases.suits(inputs, kernels, slide):
            return phases.interleaved(inputs, kernels, added, slide)
        out = stamped(inputs, kernels, slide)
        if added is not None:
            for plane, one in zip(out, added, strict=True):
                check()
                np.add(plane, one, out=plane)
    return out


def stamped(planes: Planes, weight: Planes, slide: Slide) -> Planes:
    """`conv_transpose2d` with its arguments made exact: products of a block of rows, added where they belong."""
    channels, height, width = slide.output
    top, bottom, left, right = slide.pads
    inputs, rows, columns = planes.shape
    (taps_y, taps_x), (step_y, step_x), (spread_y, spread_x) = slide.kernel, slide.stride, slide.dilation
    canvas = np.zeros((channels, top + height + bottom, left + width + right), np.float32)
    across = (columns - 1) * step_x + 1
    block = max(1, BLOCK_BYTES // (channels // slide.groups * taps_y * taps_x * columns * 4))
    parts = zip(*(np.split(array, slide.groups) for array in (planes, weight, canvas)), strict=True)
    for pixels, kernels, target in parts:
        matrix = kernels.reshape(inputs // slide.groups, -1).T
        for start in range(0, rows, block):
            check()
            some = pixels[:, start : start + block]
            count = some.shape[1]
            stamps = (matrix @ some.reshape(len(some), -1)).reshape(-1, taps_y, taps_x, count, columns)
            down = (count - 1) * step_y + 1
            for i, j in np.ndindex(taps_y, taps_x):
                y, x = start * step_y + i * spread_y, j * spread_x
                target[:, y : y + down : step_y, x : x + across : step_x] += stamps[:, i, j]
    return np.ascontiguousarray(canvas[:, top : top + height, left : left + width])
