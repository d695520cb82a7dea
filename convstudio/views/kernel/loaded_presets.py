"""Loaded presets: which preset a filter came from, so that the parameters of the preset can still be changed."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from convstudio.core.edits.channels import kernel_everywhere
from convstudio.core.edits.filters import filters_first
from convstudio.core.kernels.recognition import recognise
from convstudio.core.recipe.layers import Conv, ConvTranspose

MOST_LOADED = 32  # presets whose numbers come back with undo
ConvolutionLayer = Conv | ConvTranspose


@dataclass(frozen=True, eq=False)
class LoadedPreset:
    """A preset that was put into a layer: its numbers belong to exactly these weights.

    Parameters
    ----------
    key, values
        The preset and its numbers.
    base, layer
        The layer before it, and with it.
    filter_index
        Of the filter that it replaced; None where it is a set, which replaced all.
    """

    key: str
    values: dict[str, float]
    base: ConvolutionLayer
    layer: ConvolutionLayer
    filter_index: int | None

    def is_in(self, layer: ConvolutionLayer, filter_index: int) -> bool:
        """Whether a filter has exactly its weights, or, for a set, all filters have."""
        if self.filter_index is None:
            return layer.weight == self.layer.weight
        return np.array_equal(filters_first(layer)[filter_index], filters_first(self.layer)[self.filter_index])


class LoadedPresets:
    """The presets that were loaded last, the newest first."""

    def __init__(self) -> None:
        self._presets: deque[LoadedPreset] = deque(maxlen=MOST_LOADED)

    def add(self, preset: LoadedPreset) -> None:
        """Remember a preset; more than `MOST_LOADED` push out the oldest."""
        self._presets.appendleft(preset)

    def present(self, layer: ConvolutionLayer, filter_index: int) -> LoadedPreset | None:
        """The preset whose weights a filter has, loaded or recognised by them; None where it has others."""
        loaded = next((preset for preset in self._presets if preset.is_in(layer, filter_index)), None)
        return loaded or _recognised(layer, filter_index)


def _recognised(layer: ConvolutionLayer, filter_index: int) -> LoadedPreset | None:
    """The preset that a filter is, number by number, the same on all its planes."""
    planes = filters_first(layer)[filter_index]
    if not (planes == planes[:1]).all():
        return None
    recognised = recognise(kernel_everywhere(layer, filter_index)[None])
    if recognised is None:
        return None
    return LoadedPreset(recognised.preset.key, dict(recognised.values), layer, layer, filter_index)
