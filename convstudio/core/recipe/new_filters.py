"""What a new filter starts with: something that already answers to the picture, and to something else than its
neighbours do."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.kernels.planes import randomise, resized
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find

KEYS = ("sobel-x", "sobel-y", "sobel-45", "sobel-135", "outline", "line-vertical", "line-horizontal", "point")
SMALLEST = 3  # a preset cut to fewer cells on an axis no longer does what it is for


def starter(planes: int, height: int, width: int, number: int) -> NDArray[np.float64]:
    """The number-th first filter (planes, height, width): an edge or line finder, later ones random by their number.

    Every plane gets an equal share, so that the answer to a grey picture is the preset's own.

    Examples
    --------
    >>> starter(2, 3, 3, 0)[1].tolist()
    [[-0.5, 0.0, 0.5], [-1.0, 0.0, 1.0], [-0.5, 0.0, 0.5]]
    """
    if number < len(KEYS) and min(height, width) >= SMALLEST:
        kernel = resized(build(find(KEYS[number]))[0], height, width)
        return np.repeat(kernel[None], planes, axis=0) / planes
    return randomise(np.zeros((planes, height * width)), number).reshape(planes, height, width)


def unused_starters(filters: NDArray[np.float64], count: int) -> list[NDArray[np.float64]]:
    """So many first filters that are not yet among the given ones (filters, planes, height, width).

    Examples
    --------
    >>> present = starter(1, 3, 3, 0)[None]
    >>> bool((unused_starters(present, 1)[0] == starter(1, 3, 3, 1)).all())
    True
    """
    present = {kernel.tobytes() for kernel in np.ascontiguousarray(filters + 0.0)}
    starters: list[NDArray[np.float64]] = []
    number = 0
    _, planes, height, width = filters.shape
    while len(starters) < count:
        kernel = starter(planes, height, width, number) + 0.0
        if kernel.tobytes() not in present:
            starters.append(kernel)
        number += 1
    return starters
