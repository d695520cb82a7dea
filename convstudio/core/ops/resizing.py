"""Resized planes: each output is a weighted sum of a few rows, and then of a few columns."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.geometry.resampling import AxisTaps, ResizedAxis, ResizeMode, resized_axes
from convstudio.core.opencv import cv2
from convstudio.core.ops import arguments
from convstudio.core.threads import run_parallel

Planes = NDArray[np.float32]


def resize(
    x: ArrayLike,
    *,
    size: arguments.PairLike | None = None,
    factor: float | tuple[float, float] = 1.0,
    mode: str = ResizeMode.BILINEAR,
    align_corners: bool = False,
) -> Planes:
    """Planes resized to a size, or by a factor, as PyTorch's `interpolate` does it.

    Parameters
    ----------
    x
        (C, H, W), any real dtype.
    size
        Height and width, or one number for both.
    factor
        Where there is no size: how many times as high and as wide; what is no whole pixel is left out.
    mode
        "nearest" takes the pixel that is there, "bilinear" a mean of the four around, "area" that of all that go in.
    align_corners
        Whether the corners lie on the corners (bilinear alone).

    Returns
    -------
    (C, rows, columns) float32.

    Raises
    ------
    ConvStudioError
        If nothing would be left, or an argument is not of its form.

    Examples
    --------
    >>> resize([[[0, 4]]], size=(1, 4)).tolist()
    [[[0.0, 1.0, 3.0, 4.0]]]
    >>> resize([[[0, 4]]], size=(1, 3), align_corners=True).tolist()
    [[[0.0, 2.0, 4.0]]]
    """
    planes = arguments.real_array("input", x, "channels, height, width")
    with np.errstate(all="ignore"):
        values = np.ascontiguousarray(planes, np.float32)
    target = None if size is None else arguments.pair("size", size)
    factors = (float(factor), float(factor)) if isinstance(factor, int | float) else factor
    rows, columns = resized_axes(
        (values.shape[1], values.shape[2]), factor=factors, size=target, mode=ResizeMode(mode),
        align_corners=align_corners,
    )  # fmt: skip
    return resized(values, rows, columns)


def resized(planes: Planes, rows: ResizedAxis, columns: ResizedAxis) -> Planes:
    """Planes (C, H, W) float32 whose two axes are resized as is said."""
    if rows.source == rows.output and columns.source == columns.output and rows.scale == columns.scale == 1:
        return planes.copy()
    interpolation = _opencv_mode(rows, columns)
    if interpolation is None:
        return resampled(planes, rows.taps(np.arange(rows.output)), columns.taps(np.arange(columns.output)))
    out = np.empty((len(planes), rows.output, columns.output), np.float32)

    def work(channel: int) -> None:
        cv2.resize(planes[channel], (columns.output, rows.output), dst=out[channel], interpolation=interpolation)

    run_parallel(lambda: work, range(len(planes)))
    return out


def resampled(planes: Planes, rows: AxisTaps, columns: AxisTaps) -> Planes:
    """The weighted sums of rows, and then of columns, (C, H, W) to (C, len(rows), len(columns)) float32."""
    out = np.empty((len(planes), len(rows.places), len(columns.places)), np.float32)

    def work(channel: int) -> None:
        with np.errstate(all="ignore"):
            down = _sums(planes[channel], rows)
            out[channel] = _sums(np.ascontiguousarray(down.T), columns).T

    run_parallel(lambda: work, range(len(planes)))
    return out


def _sums(plane: Planes, taps: AxisTaps) -> Planes:
    """The weighted sums of rows of a plane, (H, W) to (count, W)."""
    weights = taps.weights.astype(np.float32)
    if weights.shape[1] == 1 and (weights == 1).all():
        return plane[taps.places[:, 0]]
    sums = np.zeros((len(weights), plane.shape[1]), np.float32)
    for places, shares in zip(taps.places.T, weights.T, strict=True):
        used = np.flatnonzero(shares)  # what is not read may be infinite
        if len(used) == len(sums):
            sums += plane[places] * shares[:, None]
        else:
            sums[used] += plane[places[used]] * shares[used, None]
    return sums


def _opencv_mode(rows: ResizedAxis, columns: ResizedAxis) -> int | None:
    """OpenCV's way where it has the same rule and is quicker: bilinear with the scale that the sizes give."""
    is_by_size = all(axis.scale * axis.output == axis.source > 1 for axis in (rows, columns))
    if rows.mode is ResizeMode.BILINEAR and not rows.align_corners and is_by_size:
        return int(cv2.INTER_LINEAR)
    is_whole = all(axis.source % axis.output == 0 for axis in (rows, columns))
    return int(cv2.INTER_AREA) if rows.mode is ResizeMode.AREA and is_whole else None
