"""The short name of a layer."""

from convstudio.core.activations import ACTIVATIONS
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Dense, Layer, Pool


def title(layer: Layer) -> str:
    """A short name for a layer: the person's own, or what it is.

    Examples
    --------
    >>> title(Pool())
    'Max pool 2×2'
    """
    if layer.name:
        return layer.name
    match layer:
        case Conv():
            return f"Conv {layer.kernel}"
        case ConvTranspose():
            return f"Transposed conv {layer.kernel}"
        case Activation():
            return ACTIVATIONS[layer.kind].title
        case Pool():
            return f"Global {layer.kind} pool" if layer.is_global else f"{layer.kind.capitalize()} pool {layer.window}"
        case Dense():
            return f"Dense {layer.units}"
