"""Other libraries, really run where they are installed, as one would write it: their defaults and nothing else.

A library is imported when it is asked for the first time; none of them is needed by the program itself.
"""

from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.insight.convention_rules import total_of
from convstudio.insight.convention_table import Way

Plane = NDArray[np.float64]
Picture = NDArray[np.uint8]


def run_installed(name: str, plane: Picture, kernel: Plane) -> Plane | None:
    """What a library makes of a picture (H, W) of 8 bits and a kernel; None where it is not installed or not run."""
    match name:
        case Way.NUMPY:
            made: Any = _run_numpy(plane, kernel)
        case Way.OPENCV:
            made = cv2.filter2D(plane, cv2.CV_64F, kernel)
        case Way.OPENCV_8BIT:
            made = cv2.filter2D(plane, -1, kernel)
        case Way.SCIPY_CORRELATE | Way.SCIPY_CONVOLVE | Way.SCIPY_SIGNAL:
            made = _run_scipy(name, plane, kernel)
        case Way.PYTORCH:
            made = _run_torch(plane, kernel)
        case Way.PILLOW:
            made = _run_pillow(plane, kernel)
        case _:
            made = None
    if made is None:
        return None
    values = np.asarray(made, np.float64)
    return values.reshape(values.shape[-2:])  # PyTorch has axes for the pictures of a batch and their channels too


def _run_numpy(plane: Picture, kernel: Plane) -> Plane:
    """Two dimensions from NumPy's one: every row of the kernel convolves every row of the picture."""
    height, width = plane.shape
    rows, columns = kernel.shape
    made = np.zeros((height + rows - 1, width + columns - 1))
    for down, weights in enumerate(kernel):
        for row, values in enumerate(plane.astype(np.float64)):
            made[row + down] += np.convolve(values, weights)
    return made


def _run_scipy(name: str, plane: Picture, kernel: Plane) -> Any:
    values = plane.astype(np.float64)  # for 8 bits ndimage would give 8 bits back, cut off and wrapped around
    if name == Way.SCIPY_SIGNAL:
        signal = _imported("scipy.signal")
        return None if signal is None else signal.convolve2d(values, kernel)
    ndimage = _imported("scipy.ndimage")
    if ndimage is None:
        return None
    return (ndimage.correlate if name == Way.SCIPY_CORRELATE else ndimage.convolve)(values, kernel)


def _run_torch(plane: Picture, kernel: Plane) -> Any:
    torch = _imported("torch")
    if torch is None:
        return None
    image, weight = (torch.from_numpy(array.astype(np.float32)[None, None]) for array in (plane, kernel))
    return torch.nn.functional.conv2d(image, weight).numpy()


def _run_pillow(plane: Picture, kernel: Plane) -> Any:
    image, filters = _imported("PIL.Image"), _imported("PIL.ImageFilter")
    if image is None or filters is None:
        return None
    scale = total_of(kernel) or 1.0  # a sum of 0 has to be told, or everything is divided by its rounding
    made = filters.Kernel(kernel.shape, kernel.ravel().tolist(), scale)
    return np.asarray(image.fromarray(plane).filter(made))


def _imported(name: str) -> ModuleType | None:
    """A library's module, or None where it is not installed or cannot be loaded."""
    try:
        return import_module(name)
    except (ImportError, OSError):
        return None
