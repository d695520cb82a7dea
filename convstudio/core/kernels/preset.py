"""What a preset is, and the one engine that makes kernels of it. The presets themselves are data elsewhere."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.size import check_size
from convstudio.core.wording import number

Filters = NDArray[np.float64]


class Group(StrEnum):
    """Presets that belong together in a menu; the values are its titles."""

    BASIC = "Basic"
    SMOOTH = "Smooth"
    SHARPEN = "Sharpen"
    EDGES = "Edges"
    CURVATURE = "Curvature"
    LINES = "Lines"
    TEXTURE = "Texture"
    ARTICLE = "Article"
    MINE = "Mine"


@dataclass(frozen=True)
class Parameter:
    """One number that a preset can be given: `name` in text and code, `title` on screen, `step` for a spin box."""

    name: str
    title: str
    default: float
    low: float
    high: float
    step: float
    unit: str = ""
    is_whole: bool = False


@dataclass(frozen=True)
class Preset:
    """A named kernel, or a set of them, for correlation (the field's "convolution").

    Parameters
    ----------
    key
        Its name in text, such as "sobel-x".
    make
        Gives an array (filters, height, width) for a value of each parameter.
    """

    key: str
    title: str
    group: Group
    description: str
    make: Callable[..., Filters] = field(compare=False, repr=False)
    parameters: tuple[Parameter, ...] = ()

    @property
    def short_title(self) -> str:
        """The title without what tells it from its siblings: "Sobel", where the title is "Sobel, left to right"."""
        short = self.title.partition(",")[0].removeprefix("The article's ")
        return f"{short[0].upper()}{short[1:]}"

    @property
    def defaults(self) -> dict[str, float]:
        """The value of each parameter when nothing else is said."""
        return {parameter.name: parameter.default for parameter in self.parameters}


def build(preset: Preset, **values: float) -> Filters:
    """The kernels of a preset.

    Parameters
    ----------
    preset
        Which one.
    **values
        Of its parameters; those left out have their default.

    Returns
    -------
    Array (filters, height, width), float64; a set such as Kirsch's has several filters.

    Raises
    ------
    ConvStudioError
        If it has no such parameter, or a value is out of range.

    Examples
    --------
    >>> from convstudio.core.kernels.presets import find
    >>> build(find("box"), size=2).tolist()
    [[[0.25, 0.25], [0.25, 0.25]]]
    """
    names = preset.defaults
    for name in values:
        if name not in names:
            known = f"it has {_listed(list(names))}" if names else "it has none"
            raise ConvStudioError(f"The preset {preset.key} has no parameter “{name}”; {known}.")
    weights = preset.make(**{parameter.name: _checked(preset, parameter, values) for parameter in preset.parameters})
    filters = np.array(weights, dtype=np.float64) + 0.0
    check_size(*filters.shape[1:])
    return filters


def _checked(preset: Preset, parameter: Parameter, values: dict[str, float]) -> float:
    value = float(values.get(parameter.name, parameter.default))
    unit = f" {parameter.unit}" if parameter.unit else ""
    if not (math.isfinite(value) and parameter.low <= value <= parameter.high):
        raise ConvStudioError(
            f"The {parameter.name} of {preset.key} is {number(value, digits=6)}{unit}, but it goes from "
            f"{number(parameter.low)} to {number(parameter.high)}{unit}; choose a value between them."
        )
    if not parameter.is_whole:
        return value
    if value != round(value):
        raise ConvStudioError(
            f"The {parameter.name} of {preset.key} is {number(value, digits=6)}{unit}, "
            "but it must be a whole number; leave out the fraction."
        )
    return int(value)


def _listed(names: list[str]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))
