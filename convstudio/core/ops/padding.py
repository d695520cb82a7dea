"""Padding planes for the fast operations. The rules and limits of padding are integers and live in `geometry`."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.opencv import cv2

Planes = NDArray[np.float32]

BORDER_TYPES = {
    Border.ZEROS: cv2.BORDER_CONSTANT,
    Border.REFLECT: cv2.BORDER_REFLECT_101,
    Border.REPLICATE: cv2.BORDER_REPLICATE,
    Border.CIRCULAR: cv2.BORDER_WRAP,
}


def padded(planes: Planes, pads: Amounts, border: Border) -> Planes:
    """(C, H, W) planes with their padding; the planes themselves when there is none.

    Only rows and columns are padded, never the channels.

    Examples
    --------
    >>> padded(np.array([[[1, 2]]], np.float32), Amounts(0, 0, 1, 1), Border.REPLICATE).tolist()
    [[[1.0, 1.0, 2.0, 2.0]]]
    """
    if not any(pads):
        return planes
    channels, height, width = planes.shape
    top, bottom, left, right = pads
    target = np.empty((channels, top + height + bottom, left + width + right), np.float32)
    for plane, padded_plane in zip(planes, target, strict=True):
        cv2.copyMakeBorder(plane, top, bottom, left, right, BORDER_TYPES[border], dst=padded_plane)
    return target


def fetch(planes: Planes, rows: range, left: int, target: Planes) -> None:
    """Copy rows of all channels into `target`, from the column `left` on; zeros where there are no planes.

    Parameters
    ----------
    planes
        (C, H, W).
    rows
        Of the planes; some may lie above or below them.
    left
        The first column, which may lie outside, too.
    target
        (rows, C, columns), to be filled.

    Examples
    --------
    >>> target = np.empty((2, 1, 3), np.float32)
    >>> fetch(np.array([[[1, 2], [3, 4]]], np.float32), range(1, 3), 1, target)
    >>> target.tolist()
    [[[4.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]]
    """
    _, height, width = planes.shape
    above = min(len(rows), max(0, -(rows.start // rows.step)))
    below = max(above, min(len(rows), -((rows.start - height) // rows.step)))
    before = min(target.shape[2], max(0, -left))
    after = max(before, min(target.shape[2], width - left))
    target[:above] = target[below:] = 0
    target[:, :, :before] = target[:, :, after:] = 0
    rows_inside = slice(rows.start + above * rows.step, rows.start + below * rows.step, rows.step)
    if below > above:
        target[above:below, :, before:after] = planes[:, rows_inside, left + before : left + after].swapaxes(0, 1)
