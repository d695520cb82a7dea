"""Which preset a kernel is, number by number, so that cards and titles can call it by its name.

What a kernel is merely like is `insight.kernel.nearest_preset`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from math import atan2, ceil, degrees, hypot

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.choices import CHOICES
from convstudio.core.kernels.formulas import gabor, wave_under_bell
from convstudio.core.kernels.preset import Filters, Parameter, Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.core.kernels.size import MOST_CELLS

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # a weight that was typed with nine digits is the same weight
_VARIED = (("gaussian", "sigma"), ("log", "sigma"), ("high-boost", "amount"))
_WITHOUT_A_LOOK = ("random",)  # its seed cannot be read from its weights


Plane = NDArray[np.float64]
NAMES = ("theta", "wavelength", "sigma", "gamma", "phase")
SMALLEST = 5  # cells to a side
ROUNDNESS = (1.0, 0.6, 1.5, 0.35)  # where the search begins
MOST_STEPS, NUDGE, CLOSE = 40, 1e-6, 1e-10
SPECTRUM = 64
DECIMALS = 6  # of a number that somebody chose


@dataclass(frozen=True)
class Recognised:
    """A preset, and the values of its parameters that give the kernel: all of them, by name."""

    preset: Preset
    values: tuple[tuple[str, float], ...]


def recognise(filters: ArrayLike) -> Recognised | None:
    """The preset that filters (count, height, width) are; None where they are none.

    Tried are the defaults of every preset and what the gallery offers of it, and of both every size, every blur σ and
    every angle in its steps; where the numbers decide how large the kernel is, all of them in their steps. A Gabor
    filter is recognised whatever its numbers are.

    Examples
    --------
    >>> recognise([[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]]).preset.key
    'sharpen-4'
    >>> dict(recognise([[[1 / 25] * 5] * 5]).values)
    {'size': 5}
    """
    kernels = np.asarray(filters, dtype=np.float64)
    if kernels[0].size == 1 or max(kernels.shape[1:]) > MOST_CELLS:
        return None  # a single weight is many presets of that size, and no preset is larger
    return _recognise(kernels.tobytes(), kernels.shape)


@lru_cache(maxsize=256)
def _recognise(data: bytes, shape: tuple[int, int, int]) -> Recognised | None:
    kernels = np.frombuffer(data).reshape(shape)
    for has_numbers in (False, True):
        candidates, table = _candidates(shape, has_numbers=has_numbers)
        if not candidates:
            continue
        differences = np.abs(table - kernels).reshape(len(candidates), -1).max(axis=1)
        place = int(differences.argmin())
        if differences[place] <= ABSOLUTE + RELATIVE * float(np.abs(kernels).max()):
            return candidates[place]
    return _recognise_waves(kernels)


def _recognise_waves(kernels: Filters) -> Recognised | None:
    """A Gabor filter, or a bank of them, of any numbers that the preset allows."""
    values = _gabor_values(kernels[0])
    if values is None:
        return None
    key = "gabor"
    if len(kernels) > 1:
        key, values = "gabor-bank", {"count": len(kernels), **{name: values[name] for name in ("wavelength", "sigma")}}
    preset = find(key)
    try:
        rebuilt = build(preset, **values)
    except ConvStudioError:
        return None  # no numbers that the preset can be given
    is_same = rebuilt.shape == kernels.shape and np.allclose(rebuilt, kernels, rtol=0, atol=CLOSE)
    return Recognised(preset, tuple(values.items())) if is_same else None


@lru_cache(maxsize=64)
def _candidates(shape: tuple[int, int, int], *, has_numbers: bool) -> tuple[tuple[Recognised, ...], Filters]:
    """What has this shape, and its weights; of two that are the same the first of the menu comes first.

    Presets without parameters are a table of their own: it is made in a tenth of the time, and asked first.
    """
    candidates: list[Recognised] = []
    weights: list[Filters] = []
    for preset in PRESETS:
        if bool(preset.parameters) is not has_numbers or preset.key in _WITHOUT_A_LOOK:
            continue
        for values in _tried(preset, shape):
            filters = build(preset, **values)
            if filters.shape == shape:
                candidates.append(Recognised(preset, tuple({**preset.defaults, **values}.items())))
                weights.append(filters)
    return tuple(candidates), np.array(weights)


def _tried(preset: Preset, shape: tuple[int, int, int]) -> Iterator[dict[str, float]]:
    """The values of a preset that are tried for a shape, the defaults first, then what the gallery offers of it."""
    side = shape[1]
    yield from _of_the_size(preset, shape)
    for base in _bases(preset):
        yield base
        for parameter in filter(lambda parameter: _is_varied(preset, parameter), preset.parameters):
            if parameter.name == "size":
                if parameter.low <= side <= parameter.high:
                    yield {**base, "size": side}
                continue
            if parameter.unit == "°" and not _turns_into(preset, base, shape):
                continue
            for value in _values(parameter):
                yield {**base, parameter.name: value}
                if (preset.key, parameter.name) == ("gaussian", "sigma") and side % 2:
                    yield {**base, parameter.name: value, "size": side}


def _of_the_size(preset: Preset, shape: tuple[int, int, int]) -> Iterator[dict[str, float]]:
    """Of presets whose numbers decide how large the kernel is, all that give one so large."""
    _, height, width = shape
    numbers = {parameter.name: tuple(_values(parameter)) for parameter in preset.parameters}
    match preset.key:
        case "shift":
            for right, down in product((width // 2, -(width // 2)), (height // 2, -(height // 2))):
                if (right, down) != (0, 0):  # nothing is moved by that
                    yield {"right": right, "down": down}
        case "disk":
            yield from ({"radius": radius} for radius in numbers["radius"] if 2 * ceil(radius - 0.5) + 1 == height)
        case "pinwheel":
            yield from ({"arms": arms, "size": height} for arms in numbers["arms"] if height in numbers["size"])
        case "unsharp":
            for sigma in filter(partial(_fits_three_sigma, height), numbers["sigma"]):
                yield from ({"sigma": sigma, "amount": amount} for amount in numbers["amount"])
        case "dog":
            for wide in filter(partial(_fits_three_sigma, height), numbers["sigma2"]):
                yield from ({"sigma1": narrow, "sigma2": wide} for narrow in numbers["sigma1"] if narrow < wide)


def _fits_three_sigma(side: int, sigma: float) -> bool:
    return 2 * ceil(3 * sigma - 1e-9) + 1 == side


def _values(parameter: Parameter) -> Iterator[float]:
    """A parameter's values in its steps."""
    yield from np.arange(parameter.low, parameter.high + parameter.step / 2, parameter.step).round(9).tolist()


def _turns_into(preset: Preset, base: dict[str, float], shape: tuple[int, int, int]) -> bool:
    """Whether a preset can have a shape when it is turned; a motion blur is as large as its length at most."""
    if preset.key != "motion":
        return build(preset, **base).shape == shape
    return base["length"] / 2 <= max(shape[1:]) <= base["length"] + 2


def _is_varied(preset: Preset, parameter: Parameter) -> bool:
    """Whether many values of a parameter are tried."""
    return parameter.name == "size" or parameter.unit == "°" or (preset.key, parameter.name) in _VARIED


def _bases(preset: Preset) -> list[dict[str, float]]:
    """The defaults and the gallery's choices, each without what many values are tried of anyway."""
    varied = {parameter.name for parameter in preset.parameters if _is_varied(preset, parameter)}
    defaults = {name: value for name, value in preset.defaults.items() if name not in varied}
    bases = [defaults]
    for choice in CHOICES:
        base = {name: value for name, value in choice.values.items() if name not in varied}
        if choice.preset is preset and base not in bases:
            bases.append(base)
    return bases


def _gabor_values(kernel: Plane) -> dict[str, float] | None:
    """The numbers of a Gabor filter (height, width), by name; None where it is none.

    Its spectrum has its peak at the wave; from there least squares go on to the exact numbers.
    """
    side = len(kernel)
    is_odd_square = kernel.shape == (side, side) and side % 2 and side >= SMALLEST
    if not is_odd_square or abs(kernel.sum()) > CLOSE or abs(kernel[kernel > 0].sum() - 1) > CLOSE:
        return None
    theta, wavelength, phase = _wave(kernel)
    for gamma in ROUNDNESS:
        for reach in (side // 2 - 0.1, side // 2 - 0.6):
            start = np.array([theta, wavelength, max(reach, 0.5) * min(gamma, 1) / 3, gamma, phase])
            values = _refined(kernel, start)
            if values is not None and _is_it(kernel, values):
                return dict(zip(NAMES, values, strict=True))
    return None


def _wave(kernel: Plane) -> tuple[float, float, float]:
    """Direction in degrees, wavelength in pixels and phase in degrees at the peak of the spectrum."""
    spectrum = np.fft.fft2(kernel, (SPECTRUM, SPECTRUM))
    frequencies = np.fft.fftfreq(SPECTRUM)
    strength = np.abs(spectrum)
    strength[:, frequencies < 0] = 0  # the other half says the same
    row, column = np.unravel_index(int(strength.argmax()), strength.shape)
    down, right = frequencies[row], frequencies[column]
    middle = len(kernel) // 2
    at_the_middle = spectrum[row, column] * np.exp(2j * np.pi * middle * (down + right))
    theta, phase = degrees(atan2(-down, right)), degrees(float(np.angle(at_the_middle)))
    return theta, 1 / max(hypot(down, right), 1 / 20), phase


def _refined(kernel: Plane, start: Plane) -> list[float] | None:
    """Levenberg-Marquardt from a start; None where it ends at another kernel than this."""
    values, damping = start, 1e-3
    miss = _miss(kernel, values)
    for _ in range(MOST_STEPS):
        if miss is None or np.abs(miss).max() < CLOSE:
            break
        nudged = [_miss(kernel, values + NUDGE * unit) for unit in np.eye(len(values))]
        slopes = np.array([(other if other is not None else miss) - miss for other in nudged]) / NUDGE
        curvature = slopes @ slopes.T
        scale = damping * (np.diag(np.diag(curvature)) + 1e-12 * np.eye(len(values)))
        step = np.linalg.lstsq(curvature + scale, -slopes @ miss, rcond=None)[0]
        other = _miss(kernel, values + step)
        if other is not None and np.square(other).sum() < np.square(miss).sum():
            values, miss, damping = values + step, other, damping / 10
        else:
            damping *= 10
    if miss is None or np.abs(miss).max() > CLOSE:
        return None
    return _chosen(values)


def _is_it(kernel: Plane, values: list[float]) -> bool:
    other = gabor(*values)[0]
    return other.shape == kernel.shape and bool(np.abs(other - kernel).max() < CLOSE)


def _chosen(values: Plane) -> list[float]:
    """The same numbers as somebody would choose them: a half turn of the direction turns the phase round."""
    theta, wavelength, sigma, gamma, phase = values.tolist()
    theta = round(theta, DECIMALS) % 360
    if theta >= 180:
        theta, phase = theta - 180, -phase
    rest = (round(number, DECIMALS) + 0.0 for number in (wavelength, sigma, gamma))
    return [theta, *rest, round(phase, DECIMALS) % 360]


def _miss(kernel: Plane, values: Plane) -> Plane | None:
    """How far a Gabor filter of these numbers is from a kernel, cell by cell; None where it has no sense."""
    theta, wavelength, sigma, gamma, phase = values.tolist()
    if not (wavelength > 1 and sigma > 0 and gamma > 0):
        return None
    miss = wave_under_bell(len(kernel), theta, wavelength, sigma, gamma, phase) - kernel
    return miss.ravel() if np.isfinite(miss).all() else None
