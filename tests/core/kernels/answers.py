"""Pictures worked out by hand, and what a kernel answers to them by the definition."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find

Plane = NDArray[np.float64]


def answers(picture: ArrayLike, kernel: Plane) -> Plane:
    """Correlation without padding, by its definition."""
    windows = sliding_window_view(np.array(picture, dtype=np.float64), kernel.shape)
    return np.array((windows * kernel).sum(axis=(2, 3)))


def answer(picture: Plane, kernel: Plane) -> float:
    """The one answer where the kernel lies on the middle of the picture."""
    height, width = kernel.shape
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return float((picture[top : top + height, left : left + width] * kernel).sum())


def kernel_of(key: str, **values: float) -> Plane:
    filters = build(find(key), **values)
    assert len(filters) == 1
    kernel: NDArray[np.float64] = filters[0]
    return kernel


def places(size: int = 31) -> tuple[Plane, Plane]:
    """Rows below and columns right of the middle."""
    y, x = np.indices((size, size), dtype=np.float64)
    return y - size // 2, x - size // 2


def step_right(size: int = 31) -> Plane:
    """0 up to and with the middle column, then 1."""
    return (places(size)[1] > 0).astype(np.float64)
