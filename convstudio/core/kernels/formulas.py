"""Kernels that follow from a formula and a few numbers, each as an array (filters, height, width).

Angles are in degrees, counter-clockwise from "to the right" as seen on screen; rows count downwards. Ranges of the
numbers are checked before anything here is called.
"""

from collections.abc import Callable
from math import ceil, cos, pi, radians, sin

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.planes import randomise
from convstudio.core.kernels.size import MOST_CELLS
from convstudio.core.wording import number

Plane = NDArray[np.float64]
Filters = NDArray[np.float64]

SAMPLES = 16  # along each side of a cell, to measure how much of it a shape covers


def moved(right: int, down: int) -> Filters:
    """The picture moved: the weight lies on the side that the picture comes from."""
    kernel = np.zeros((2 * abs(down) + 1, 2 * abs(right) + 1))
    kernel[abs(down) - down, abs(right) - right] = 1
    return kernel[None]


def box(size: int) -> Filters:
    """The plain mean."""
    return np.full((1, size, size), 1 / size**2)


def gaussian(sigma: float, size: int) -> Filters:
    """The bell curve with sum 1; it fits 3σ to each side."""
    return _bell(sigma, size or _odd(3 * sigma))[None]


def disk(radius: float) -> Filters:
    """A round area of sum 1, the cells at its rim counted by how much of them it covers."""
    reach = _reach(radius)
    return _share(lambda y, x: np.hypot(y, x) <= radius, reach, reach)


def motion(length: float, angle: float) -> Filters:
    """A bar one pixel thick of sum 1, cells counted by how much of them it covers."""
    c, s = cos(radians(angle)), sin(radians(angle))
    wide, high = (length * abs(c) + abs(s)) / 2, (length * abs(s) + abs(c)) / 2

    def on_bar(y: Plane, x: Plane) -> NDArray[np.bool_]:
        return (np.abs(x * c - y * s) <= length / 2) & (np.abs(x * s + y * c) <= 0.5)

    return _share(on_bar, _reach(high), _reach(wide))


def unsharp(sigma: float, amount: float) -> Filters:
    """The picture plus so much of what a Gaussian blur takes away."""
    blur = gaussian(sigma, 0)[0]
    kernel: Plane = (1 + amount) * _impulse(len(blur)) - amount * blur
    return kernel[None]


def high_boost(amount: float) -> Filters:
    """So much of the picture, plus its difference from its eight neighbours; the sum is the amount."""
    kernel = np.full((3, 3), -1.0)
    kernel[1, 1] = 8 + amount
    return kernel[None]


def laplacian_of_gaussian(sigma: float) -> Filters:
    """∂²/∂x² + ∂²/∂y² of the bell curve; what the cut-off tails leave over is taken away in the bell's own shape."""
    size = _odd(4 * sigma)
    bell = _bell(sigma, size)
    y, x = _places(size, size)
    kernel: Plane = bell * (x**2 + y**2 - 2 * sigma**2) / sigma**4
    kernel -= bell * kernel.sum()
    return kernel[None]


def difference_of_gaussians(sigma1: float, sigma2: float) -> Filters:
    """A narrow bell minus a wide one."""
    if sigma1 >= sigma2:
        raise ConvStudioError(
            f"The narrow blur's sigma1 is {number(sigma1)} and the wide one's sigma2 is {number(sigma2)}; "
            "make sigma1 the smaller one."
        )
    size = _odd(3 * sigma2)
    return (_bell(sigma1, size) - _bell(sigma2, size))[None]


def emboss(angle: float) -> Filters:
    """Light falling in from a direction: slopes that face it are bright. At multiples of 45° the weights are whole."""
    across = np.array([[-1.0, 0, 1]] * 3)
    c, s = cos(radians(angle)), sin(radians(angle))
    slope = (across.T * s - across * c) / max(abs(c), abs(s))
    return (_impulse(3) + np.round(slope, 12))[None]


def gabor(theta: float, wavelength: float, sigma: float, gamma: float, phase: float) -> Filters:
    """A wave that runs in direction θ, under a bell; its sum is 0, and its positive weights add up to 1."""
    return wave_under_bell(_odd(3 * sigma / min(gamma, 1)), theta, wavelength, sigma, gamma, phase)[None]


def wave_under_bell(
    size: int, theta: float, wavelength: float, sigma: float, gamma: float, phase: float
) -> Plane:  # fmt: skip
    """A Gabor filter in a square of any size."""
    y, x = _places(size, size)
    c, s = cos(radians(theta)), sin(radians(theta))
    along, across = x * c - y * s, x * s + y * c
    bell = np.exp(-(along**2 + (gamma * across) ** 2) / (2 * sigma**2))
    wave = bell * np.cos(2 * pi * along / wavelength + radians(phase))
    return _balanced(wave - bell * (wave.sum() / bell.sum()))


def gabor_bank(count: int, wavelength: float, sigma: float) -> Filters:
    """Gabor filters in so many directions, evenly spread over half a turn."""
    return np.concatenate([gabor(180 * index / count, wavelength, sigma, 1, 0) for index in range(count)])


def checker(size: int) -> Filters:
    """Plus and minus in turn."""
    y, x = np.indices((size, size))
    signs = np.where((y + x) % 2, -1.0, 1.0)
    return _balanced(signs * np.where(signs > 0, 1, (signs > 0).sum() / (signs < 0).sum()))[None]


def pinwheel(arms: int, size: int) -> Filters:
    """Bright and dark sectors in turn, so many of each."""
    y, x = _places(size, size)
    inside = (np.hypot(y, x) <= size / 2) & (np.hypot(y, x) > 0)
    sectors = np.where(inside, np.cos(arms * np.arctan2(-y, x)), 0)
    return _balanced(np.where(inside, sectors - sectors.sum() / inside.sum(), 0))[None]


def noise(seed: int, size: int) -> Filters:
    """Normal numbers, as an untrained network starts with."""
    return randomise(np.zeros((size, size)), seed)[None]


def _places(height: int, width: int) -> tuple[Plane, Plane]:
    """How far each cell lies below and to the right of the middle."""
    y, x = np.indices((height, width), dtype=np.float64)
    return y - (height - 1) / 2, x - (width - 1) / 2


def _odd(reach: float) -> int:
    """The odd size that holds so many pixels to each side."""
    return min(2 * ceil(reach - 1e-9) + 1, MOST_CELLS)


def _reach(extent: float) -> int:
    """How many cells beside the middle one a shape touches that extends so far from its centre."""
    return min(ceil(extent - 0.5 - 1e-9), MOST_CELLS // 2)


def _impulse(size: int) -> Plane:
    kernel = np.zeros((size, size))
    kernel[size // 2, size // 2] = 1
    return kernel


def _bell(sigma: float, size: int) -> Plane:
    y, _ = _places(size, 1)
    side = np.exp(-(y**2) / (2 * sigma**2))
    side /= side.sum()
    return side * side.T


def _share(inside: Callable[[Plane, Plane], NDArray[np.bool_]], rows: int, columns: int) -> Filters:
    """How much of each cell a shape covers, as shares of the shape."""
    height, width = 2 * rows + 1, 2 * columns + 1
    y, x = _places(height * SAMPLES, width * SAMPLES)
    covered = inside(y / SAMPLES, x / SAMPLES).reshape(height, SAMPLES, width, SAMPLES).sum(axis=(1, 3))
    shares: Plane = covered / covered.sum()
    return shares[None]


def _balanced(kernel: Plane) -> Plane:
    """Scaled so that the positive weights add up to 1; those of a kernel with sum 0 then stay within the picture's."""
    balanced: Plane = kernel / kernel[kernel > 0].sum()
    return balanced
