"""The layers that "+ Layer" offers, as a table. `core.recipe.new_layers` gives them their first numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Activation, Layer, Pool, PoolKind
from convstudio.core.recipe.new_layers import LayerKind, new_layer


@dataclass(frozen=True)
class NewLayer:
    """An entry of the menu: its label, what it does, the key after Ctrl+I, and the layer it makes for a shape."""

    label: str
    tip: str
    key: str
    make: Callable[[Shape], Layer]

    @property
    def name(self) -> str:
        """The name of the action that adds such a layer."""
        return f"add-{self.label.lower().replace(' ', '-')}"


def _activation(kind: ActivationKind, _: Shape) -> Layer:
    return Activation(kind=kind)


def _average_pool(shape: Shape) -> Layer:
    layer = new_layer(LayerKind.POOL, shape)
    return replace(layer, kind=PoolKind.AVERAGE) if isinstance(layer, Pool) else layer


SECTIONS = (
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
    ),
    tuple(NewLayer(row.title, row.tip, row.key, partial(_activation, kind)) for kind, row in ACTIVATIONS.items()),
    (
        NewLayer("Max pool", "Keeps the largest value of each 2×2 window", "M", partial(new_layer, LayerKind.POOL)),
        NewLayer("Average pool", "Keeps the mean of each 2×2 window", "A", _average_pool),
        NewLayer("Global pool", "Keeps the mean of each whole map", "G", partial(new_layer, LayerKind.GLOBAL_POOL)),
    ),
    (NewLayer("Dense", "Ten outputs, each of which sees every input", "D", partial(new_layer, LayerKind.DENSE)),),
)
CHOICES = {choice.label: choice for section in SECTIONS for choice in section}
"""By the label, which travels in `layer_added`."""
