"""Kernels that a person keeps under a name of their own, as they stand among the presets. Their files are `io`'s."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.choices import CHOICES, PresetChoice
from convstudio.core.kernels.preset import Filters, Group, Preset
from convstudio.core.kernels.presets import PRESETS

LONGEST_NAME, LONGEST_NOTE = 60, 400  # characters
_LAYERS = (
    "conv", "transposed", "max", "average", "min", "median", "percentile", "global", "resize", "scale", "normalise",
    "normalize", "softmax", "magnitude", "dense",
)  # fmt: skip
_DEVICES = ("con", "prn", "aux", "nul")  # names of devices on Windows, which can be no file's


@dataclass(frozen=True)
class OwnKernel:
    """A kernel (height, width) with the name that its owner gave it, and a note about it."""

    name: str
    note: str
    plane: NDArray[np.float64] = field(compare=False, repr=False)

    @property
    def key(self) -> str:
        """What it is called in recipes and what its file is called."""
        return key_of(self.name)


def key_of(name: str) -> str:
    """A name as one word of small letters, digits and hyphens.

    Examples
    --------
    >>> key_of("My edge (soft)")
    'my-edge-soft'
    """
    words = "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split()
    return "-".join(words)


def checked_name(name: str) -> str:
    """A name that an own kernel may have, without spaces at its ends.

    Raises
    ------
    ConvStudioError
        If it is empty or long, or already means something else in a recipe.

    Examples
    --------
    >>> checked_name(" Soft edge ")
    'Soft edge'
    """
    name = " ".join(name.split())
    key = key_of(name)
    if not key:
        raise ConvStudioError("A kernel's name needs a letter or a digit; write one.")
    if len(name) > LONGEST_NAME:
        raise ConvStudioError(f"The name has {len(name)} characters; {LONGEST_NAME} are the most, so shorten it.")
    titles = {choice.title.casefold() for choice in CHOICES}
    if name.casefold() in titles or key in {preset.key for preset in PRESETS}:
        raise ConvStudioError(f"“{name}” is the name of a preset; choose another one.")
    if key in {*_LAYERS, *(key_of(kind.value) for kind in ActivationKind), *_DEVICES}:
        raise ConvStudioError(f"“{name}” means something else in a recipe; choose another name.")
    return name


def choice_of(kernel: OwnKernel) -> PresetChoice:
    """An own kernel as the gallery of presets shows it.

    Examples
    --------
    >>> choice_of(OwnKernel("Soft edge", "", np.array([[1.0, 0, -1]]))).filters.tolist()
    [[[1.0, 0.0, -1.0]]]
    """
    plane = kernel.plane

    def make() -> Filters:
        return plane[None]

    note = kernel.note or "A kernel of your own"
    return PresetChoice(Preset(kernel.key, kernel.name, Group.MINE, note, make), kernel.name, {})
