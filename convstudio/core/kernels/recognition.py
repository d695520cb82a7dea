"""Which preset a kernel is, number by number, so that cards and titles can call it by its name.

What a kernel is merely like is `insight.kernel.nearest_preset`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from convstudio.core.kernels.choices import CHOICES
from convstudio.core.kernels.preset import Filters, Parameter, Preset, build
from convstudio.core.kernels.presets import PRESETS

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # a weight that was typed with nine digits is the same weight
_WITHOUT_A_LOOK = ("random",)  # its seed cannot be read from its weights


@dataclass(frozen=True)
class Recognised:
    """A preset, and the values of its parameters that give the kernel: all of them, by name."""

    preset: Preset
    values: tuple[tuple[str, float], ...]


def recognise(filters: ArrayLike) -> Recognised | None:
    """The preset that filters (count, height, width) are; None where they are none.

    Tried are the defaults of every preset and what the gallery offers of it, and of both every size, every blur σ and
    every angle in its steps.

    Examples
    --------
    >>> recognise([[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]]).preset.key
    'sharpen-4'
    >>> dict(recognise([[[1 / 25] * 5] * 5]).values)
    {'size': 5}
    """
    kernels = np.asarray(filters, dtype=np.float64)
    return _recognise(kernels.tobytes(), kernels.shape)


@lru_cache(maxsize=256)
def _recognise(data: bytes, shape: tuple[int, int, int]) -> Recognised | None:
    candidates, table = _candidates(shape)
    if not candidates:
        return None
    kernels = np.frombuffer(data).reshape(shape)
    differences = np.abs(table - kernels).reshape(len(candidates), -1).max(axis=1)
    place = int(differences.argmin())
    limit = ABSOLUTE + RELATIVE * float(np.abs(kernels).max())
    return candidates[place] if differences[place] <= limit else None


@lru_cache(maxsize=64)
def _candidates(shape: tuple[int, int, int]) -> tuple[tuple[Recognised, ...], Filters]:
    """What has this shape, and its weights; of two that are the same the first of the menu comes first."""
    candidates: list[Recognised] = []
    weights: list[Filters] = []
    for preset in PRESETS:
        for values in _tried(preset, shape) if preset.key not in _WITHOUT_A_LOOK else ():
            filters = build(preset, **values)
            if filters.shape == shape:
                candidates.append(Recognised(preset, tuple({**preset.defaults, **values}.items())))
                weights.append(filters)
    return tuple(candidates), np.array(weights)


def _tried(preset: Preset, shape: tuple[int, int, int]) -> Iterator[dict[str, float]]:
    """The values of a preset that are tried for a shape, the defaults first, then what the gallery offers of it."""
    side = shape[1]
    for base in _bases(preset):
        yield base
        for parameter in filter(lambda parameter: _is_varied(preset, parameter), preset.parameters):
            if parameter.name == "size":
                if parameter.low <= side <= parameter.high:
                    yield {**base, "size": side}
                continue
            if parameter.unit == "°" and not _turns_into(preset, base, shape):
                continue
            for value in np.arange(parameter.low, parameter.high + parameter.step / 2, parameter.step).round(9):
                yield {**base, parameter.name: float(value)}
                if parameter.name == "sigma" and side % 2:
                    yield {**base, parameter.name: float(value), "size": side}


def _turns_into(preset: Preset, base: dict[str, float], shape: tuple[int, int, int]) -> bool:
    """Whether a preset can have a shape when it is turned; a motion blur is as large as its length at most."""
    if preset.key != "motion":
        return build(preset, **base).shape == shape
    return base["length"] / 2 <= max(shape[1:]) <= base["length"] + 2


def _is_varied(preset: Preset, parameter: Parameter) -> bool:
    """Whether many values of a parameter are tried."""
    return parameter.name == "size" or parameter.unit == "°" or (preset.key, parameter.name) == ("gaussian", "sigma")


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
