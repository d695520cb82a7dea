"""The layers that "+ Layer" offers, as a table. `core.recipe.new_layers` gives them their first numbers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Layer, Pool, PoolKind
from convstudio.core.recipe.new_layers import LayerKind, new_activation, new_layer


@dataclass(frozen=True)
class NewLayer:
    """An entry of the menu: its label, what it does, the key after Ctrl+I, and the layer it makes for a shape."""

    label: str
    tip: str
    key: str
    make: Callable[[Shape], Layer]

    @property
    def keys(self) -> str:
        """The keys that add it, "" where it has none."""
        return f"Ctrl+I, {self.key}" if self.key else ""

    @property
    def name(self) -> str:
        """The name of the action that adds such a layer."""
        return f"add-{self.label.lower().replace(' ', '-')}"


@dataclass(frozen=True)
class MenuSection:
    """Entries that belong together; those with a title have a menu of their own."""

    choices: tuple[NewLayer, ...]
    title: str = ""


def _activation(kind: ActivationKind, shape: Shape) -> Layer:
    return new_activation(kind, shape.channels)


def _min_pool(shape: Shape) -> Layer:
    layer = new_layer(LayerKind.POOL, shape)
    return replace(layer, kind=PoolKind.MIN) if isinstance(layer, Pool) else layer


def _percentile(shape: Shape) -> Layer:
    layer = new_layer(LayerKind.MEDIAN, shape)
    return replace(layer, kind=PoolKind.PERCENTILE, percentile=25.0) if isinstance(layer, Pool) else layer


def _curves(kinds: Iterable[ActivationKind]) -> tuple[NewLayer, ...]:
    return tuple(
        NewLayer(row.title, row.tip, row.key, partial(_activation, kind))
        for kind in kinds
        for row in [ACTIVATIONS[kind]]
    )


COMMON = (
    ActivationKind.RELU,
    ActivationKind.LEAKY_RELU,
    ActivationKind.SIGMOID,
    ActivationKind.TANH,
    ActivationKind.ABSOLUTE,
)
"""The activations that need no menu of their own."""


def _average_pool(shape: Shape) -> Layer:
    layer = new_layer(LayerKind.POOL, shape)
    return replace(layer, kind=PoolKind.AVERAGE) if isinstance(layer, Pool) else layer


SECTIONS = (
    MenuSection(
        (
            NewLayer(
                "Convolution",
                "Six 3×3 filters, each of which spans all channels, as in a network",
                "C",
                partial(new_layer, LayerKind.CONVOLUTION),
            ),
            NewLayer(
                "Each-channel filter",
                "One 3×3 filter applied to each channel alone, as in an image editor",
                "E",
                partial(new_layer, LayerKind.IMAGE_FILTER),
            ),
            NewLayer(
                "Transposed convolution",
                "Spreads every value over a window: doubles the size",
                "T",
                partial(new_layer, LayerKind.TRANSPOSED),
            ),
        )
    ),
    MenuSection(_curves(COMMON)),
    MenuSection(_curves(kind for kind in ACTIVATIONS if kind not in COMMON), "More activations"),
    MenuSection(
        (
            NewLayer("Max pool", "Keeps the largest value of each 2×2 window", "M", partial(new_layer, LayerKind.POOL)),
            NewLayer("Average pool", "Keeps the mean of each 2×2 window", "A", _average_pool),
            NewLayer("Global pool", "Keeps the mean of each whole map", "G", partial(new_layer, LayerKind.GLOBAL_POOL)),
        )
    ),
    MenuSection(
        (
            NewLayer(
                "Median",
                "The value in the middle of each 3×3 window: takes single wrong pixels out",
                "I",
                partial(new_layer, LayerKind.MEDIAN),
            ),
            NewLayer("Minimum pool", "Keeps the smallest value of each 2×2 window", "N", _min_pool),
            NewLayer("Percentile", "The value that a quarter of each 3×3 window lies below", "", _percentile),
        ),
        "Rank filters",
    ),
    MenuSection(
        (
            NewLayer(
                "Normalise",
                "Takes the mean from every value and divides by the deviation",
                "K",
                partial(new_layer, LayerKind.NORMALISATION),
            ),
            NewLayer(
                "Scale and shift",
                "Each map times a number, plus a number: a batch normalisation after training",
                "F",
                partial(new_layer, LayerKind.SCALE_SHIFT),
            ),
            NewLayer(
                "Magnitude",
                "√(a² + b²) of two halves of the channels: how strong a gradient is, whichever way it points",
                "V",
                partial(new_layer, LayerKind.MAGNITUDE),
            ),
            NewLayer(
                "Softmax",
                "Makes the channels of each place into shares that sum to 1",
                "X",
                partial(new_layer, LayerKind.SOFTMAX),
            ),
        ),
        "Each pixel by itself",
    ),
    MenuSection(
        (NewLayer("Resize", "Makes the picture smaller or larger", "Z", partial(new_layer, LayerKind.RESIZE)),)
    ),
    MenuSection(
        (NewLayer("Dense", "Ten outputs, each of which sees every input", "D", partial(new_layer, LayerKind.DENSE)),)
    ),
)
CHOICES = {choice.label: choice for section in SECTIONS for choice in section.choices}
"""By the label, which travels in `layer_added`."""
