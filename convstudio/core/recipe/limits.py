"""Limits of the whole numbers that people give: more is refused in a sentence before anything is made of it.

What a layer needs of its numbers (a stride of at least 1, groups that divide) is said where its shape is worked out.
"""

from collections.abc import Iterable

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.layers import (
    Activation,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    Resize,
    ScaleShift,
    Softmax,
)

MOST_PIXELS = 2**16  # of a stride, dilation, padding or window: more than any picture that is opened has in a row
MOST_PLANES = 2**16  # filters, channels, groups
MOST_WEIGHTS = 2**26  # of one layer: half a gigabyte
MOST_UNITS = 2**30
MOST_SEED = 2**31 - 1
MOST_FACTOR = 64  # that a picture is enlarged by


def check_most(what: str, values: Iterable[int], most: int) -> None:
    """Refuse whole numbers above a limit.

    Examples
    --------
    >>> check_most("stride", (1, 2), MOST_PIXELS)
    """
    largest = max(values)
    if largest > most:
        raise ConvStudioError(f"The {what} is {largest:,}, but at most {most:,} can be used; make it smaller.")


def check_limits(layer: Layer) -> None:  # noqa: C901  # a case for each kind of layer
    """Refuse a layer with a number that is too large for any picture.

    Raises
    ------
    ConvStudioError
        The sentence names the number and its limit.

    Examples
    --------
    >>> check_limits(Dense(units=10))
    """
    match layer:
        case Conv() | ConvTranspose():
            check_most("stride", layer.stride, MOST_PIXELS)
            check_most("dilation", layer.dilation, MOST_PIXELS)
            check_most("number of groups", (layer.groups,), MOST_PLANES)
            if isinstance(layer.padding, tuple):
                check_most("padding", layer.padding, MOST_PIXELS)
            if isinstance(layer, ConvTranspose):
                check_most("output padding", layer.output_padding, MOST_PIXELS)
        case Pool():
            check_most("window", layer.window, MOST_PIXELS)
            check_most("stride", layer.stride, MOST_PIXELS)
            check_most("padding", layer.padding, MOST_PIXELS)
            check_most("dilation", layer.dilation, MOST_PIXELS)
        case Dense():
            check_most("number of units", (layer.units,), MOST_UNITS)
            check_most("seed", (layer.seed,), MOST_SEED)
        case Resize():
            if layer.size is not None:
                check_most("size", layer.size, MOST_PIXELS)
            elif max(layer.factor) > MOST_FACTOR:
                raise ConvStudioError(
                    f"The factor is {max(layer.factor):g}, but at most {MOST_FACTOR:,} can be used; make it smaller."
                )
        case Activation():
            check_most("number of slopes", (len(layer.slopes),), MOST_PLANES)
        case ScaleShift():
            check_most("number of scales", (len(layer.scale), len(layer.shift)), MOST_PLANES)
        case Normalisation():
            check_most("number of means", (len(layer.mean), len(layer.deviation)), MOST_PLANES)
        case Softmax() | Magnitude():
            pass


def check_weights(filters: int, planes: int, height: int, width: int) -> None:
    """Refuse a bank of filters before its weights are made.

    Examples
    --------
    >>> check_weights(6, 3, 5, 5)
    """
    check_most("number of filters", (filters,), MOST_PLANES)
    check_most("number of channels", (planes,), MOST_PLANES)
    check_most("number of weights", (filters * planes * height * width,), MOST_WEIGHTS)
