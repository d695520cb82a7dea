"""What "+ Layer" offers, and the layer that each choice makes. How new layers get sensible numbers lives in core."""

from dataclasses import replace
from enum import StrEnum

from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Activation, ActivationKind, Layer, Pool, PoolKind
from convstudio.core.recipe.new_layers import LayerKind, new_layer


class NewLayer(StrEnum):
    """The entries of the menu, in its order; the values are their labels and travel in `layer_added`."""

    CONVOLUTION = "Convolution"
    EACH_CHANNEL = "Each-channel filter"
    TRANSPOSED = "Transposed convolution"
    RELU = "ReLU"
    LEAKY_RELU = "Leaky ReLU"
    SIGMOID = "Sigmoid"
    TANH = "Tanh"
    ABSOLUTE = "Absolute"
    MAX_POOL = "Max pool"
    AVERAGE_POOL = "Average pool"
    GLOBAL_POOL = "Global pool"
    DENSE = "Dense"


TIPS = {
    NewLayer.CONVOLUTION: "Six 3×3 filters, each of which spans all channels, as in a network",
    NewLayer.EACH_CHANNEL: "One 3×3 filter applied to each channel alone, as in an image editor",
    NewLayer.TRANSPOSED: "Spreads every value over a window: doubles the size",
    NewLayer.RELU: "Negative values become 0",
    NewLayer.LEAKY_RELU: "Negative values become small",
    NewLayer.SIGMOID: "Squeezes every value into 0 … 1",
    NewLayer.TANH: "Squeezes every value into −1 … 1",
    NewLayer.ABSOLUTE: "Drops the sign",
    NewLayer.MAX_POOL: "Keeps the largest value of each 2×2 window",
    NewLayer.AVERAGE_POOL: "Keeps the mean of each 2×2 window",
    NewLayer.GLOBAL_POOL: "Keeps the mean of each whole map",
    NewLayer.DENSE: "Ten outputs, each of which sees every input",
}
KEYS = {
    NewLayer.CONVOLUTION: "C",
    NewLayer.EACH_CHANNEL: "E",
    NewLayer.TRANSPOSED: "T",
    NewLayer.RELU: "R",
    NewLayer.LEAKY_RELU: "L",
    NewLayer.SIGMOID: "S",
    NewLayer.TANH: "H",
    NewLayer.ABSOLUTE: "B",
    NewLayer.MAX_POOL: "M",
    NewLayer.AVERAGE_POOL: "A",
    NewLayer.GLOBAL_POOL: "G",
    NewLayer.DENSE: "D",
}
"""The second key of adding a layer: Ctrl+K, then this."""
SECTIONS = (
    (NewLayer.CONVOLUTION, NewLayer.EACH_CHANNEL, NewLayer.TRANSPOSED),
    (NewLayer.RELU, NewLayer.LEAKY_RELU, NewLayer.SIGMOID, NewLayer.TANH, NewLayer.ABSOLUTE),
    (NewLayer.MAX_POOL, NewLayer.AVERAGE_POOL, NewLayer.GLOBAL_POOL),
    (NewLayer.DENSE,),
)
_CURVES = {
    NewLayer.RELU: ActivationKind.RELU,
    NewLayer.LEAKY_RELU: ActivationKind.LEAKY_RELU,
    NewLayer.SIGMOID: ActivationKind.SIGMOID,
    NewLayer.TANH: ActivationKind.TANH,
    NewLayer.ABSOLUTE: ActivationKind.ABSOLUTE,
}
_KINDS = {
    NewLayer.CONVOLUTION: LayerKind.CONVOLUTION,
    NewLayer.EACH_CHANNEL: LayerKind.IMAGE_FILTER,
    NewLayer.TRANSPOSED: LayerKind.TRANSPOSED,
    NewLayer.MAX_POOL: LayerKind.POOL,
    NewLayer.AVERAGE_POOL: LayerKind.POOL,
    NewLayer.GLOBAL_POOL: LayerKind.GLOBAL_POOL,
    NewLayer.DENSE: LayerKind.DENSE,
}


def name_of(choice: NewLayer) -> str:
    """The name of the action that adds such a layer."""
    return f"add-{choice.name.lower().replace('_', '-')}"


def layer_for(kind: str, shape: Shape) -> Layer:
    """The layer that an entry of the menu makes for an input of that shape."""
    choice = NewLayer(kind)
    if choice in _CURVES:
        return Activation(kind=_CURVES[choice])
    layer = new_layer(_KINDS[choice], shape)
    if choice is NewLayer.AVERAGE_POOL and isinstance(layer, Pool):
        return replace(layer, kind=PoolKind.AVERAGE)
    return layer
