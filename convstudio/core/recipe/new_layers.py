"""New layers that do something sensible with what arrives, and what a new filter of a layer starts with."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import ONE, Pair, Shape
from convstudio.core.geometry.sizes import check_groups
from convstudio.core.kernels.planes import randomise, resized
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.kernels.size import check_size
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
    Weights,
)
from convstudio.core.recipe.limits import check_weights

FILTERS = 6  # of a new convolution, as many as in the article's example
UNITS = 10
MOST_DENSE_WEIGHTS = 2**27  # of a new dense layer: half a gigabyte of float32
STARTERS = ("sobel-x", "sobel-y", "sobel-45", "sobel-135", "outline", "line-vertical", "line-horizontal", "point")
SMALLEST = 3  # rows and columns; a preset cut to fewer cells on an axis no longer does what it is for


class LayerKind(StrEnum):
    """What "+ layer" offers; the values are its labels."""

    IMAGE_FILTER = "Image filter"
    CONVOLUTION = "Convolution"
    TRANSPOSED = "Transposed convolution"
    ACTIVATION = "Activation"
    POOL = "Pool"
    GLOBAL_POOL = "Global pool"
    MEDIAN = "Median"
    RESIZE = "Resize"
    SCALE_SHIFT = "Scale and shift"
    NORMALISATION = "Normalise"
    MAGNITUDE = "Magnitude"
    SOFTMAX = "Softmax"
    DENSE = "Dense"


def usual_border(mode: Channels) -> Border:
    """What a new layer has in its padding: a filter mirrors the picture, a network's layer has zeros.

    Zeros around a photograph are a false line all round it.

    Examples
    --------
    >>> usual_border(Channels.EACH).value, usual_border(Channels.ACROSS).value
    ('reflect', 'zeros')
    """
    return Border.REFLECT if mode is Channels.EACH else Border.ZEROS


def image_filter(kernels: ArrayLike, *, name: str = "") -> Conv:
    """Kernels (filters, height, width) as an image filter: on each channel alone, in the picture's own size.

    Examples
    --------
    >>> layer = image_filter([[[1, 0, -1]]])
    >>> layer.channels.value, layer.padding.value, layer.border.value
    ('each channel alone', 'same', 'reflect')
    """
    planes = np.array(kernels, dtype=np.float64)
    return Conv(
        name=name,
        weight=Weights(planes[:, None]),
        bias=(0.0,) * len(planes),
        border=usual_border(Channels.EACH),
        channels=Channels.EACH,
    )


def new_conv(
    channels: int,
    *,
    filters: int = 1,
    kernel: Pair = Pair(3, 3),  # noqa: B008  # a tuple: it cannot change
    mode: Channels = Channels.ACROSS,
    groups: int = 1,
) -> Conv:
    """A convolution whose filters look for edges in different directions first; biases 0.

    Raises
    ------
    ConvStudioError
        If the groups do not divide channels and filters, or the kernel is not 1 to 31 on a side.

    Examples
    --------
    >>> new_conv(3, filters=6, kernel=Pair(5, 5)).weight.array.shape
    (6, 3, 5, 5)
    """
    check_size(*kernel)
    check_groups(groups, channels, filters)
    planes = 1 if mode is Channels.EACH else channels // groups
    check_weights(filters, planes, *kernel)
    weight = np.array([starter(planes, *kernel, number) for number in range(filters)])
    return Conv(weight=Weights(weight), bias=(0.0,) * filters, border=usual_border(mode), channels=mode, groups=groups)


def new_layer(kind: LayerKind, shape: Shape) -> Layer:  # noqa: C901, PLR0912  # a case for each kind of layer
    """A layer of that kind, ready for an input of that shape.

    An image filter is Sobel's, on each channel alone, with the picture mirrored at its edge; a transposed convolution
    doubles the size and interpolates.

    Examples
    --------
    >>> new_layer(LayerKind.CONVOLUTION, Shape(3, 480, 640)).filters
    6
    """
    layer: Layer
    match kind:
        case LayerKind.IMAGE_FILTER:
            layer = image_filter(starter(1, 3, 3, 0))
            if min(shape.height, shape.width) == 1:  # a single row has nothing to mirror
                layer = replace(layer, border=Border.REPLICATE)
        case LayerKind.CONVOLUTION:
            layer = new_conv(shape.channels, filters=FILTERS)
        case LayerKind.TRANSPOSED:
            layer = _doubling(shape.channels)
        case LayerKind.ACTIVATION:
            layer = Activation()
        case LayerKind.POOL:
            window = Pair(min(2, shape.height), min(2, shape.width))
            layer = Pool(window=window, stride=window)
        case LayerKind.GLOBAL_POOL:
            layer = Pool(kind=PoolKind.AVERAGE, is_global=True)
        case LayerKind.MEDIAN:
            window = Pair(min(3, shape.height), min(3, shape.width))
            sides = [side // 2 for side in window]
            padding = Amounts(sides[0], sides[0], sides[1], sides[1])
            layer = Pool(kind=PoolKind.MEDIAN, window=window, stride=ONE, padding=padding)
        case LayerKind.RESIZE:
            layer = Resize(factor=(0.5, 0.5) if min(shape.height, shape.width) > 1 else (2.0, 2.0))
        case LayerKind.SCALE_SHIFT:
            layer = ScaleShift(scale=(1.0,) * shape.channels, shift=(0.0,) * shape.channels)
        case LayerKind.NORMALISATION:
            layer = Normalisation()
        case LayerKind.MAGNITUDE:
            if shape.channels % 2:
                raise ConvStudioError(
                    f"A magnitude is made of pairs of channels, but {shape.channels} arrive here; put two filters "
                    "before it, such as Sobel's in both directions."
                )
            layer = Magnitude()
        case LayerKind.SOFTMAX:
            layer = Softmax()
        case LayerKind.DENSE:
            layer = Dense(units=max(1, min(UNITS, MOST_DENSE_WEIGHTS // shape.size)))
    return layer


def new_activation(kind: ActivationKind, channels: int) -> Activation:
    """An activation with the number that is usual; a PReLU has one for each channel.

    Examples
    --------
    >>> new_activation(ActivationKind.PRELU, 3).numbers, new_activation(ActivationKind.ELU, 3).slope
    ((0.25, 0.25, 0.25), 1.0)
    """
    number = ACTIVATIONS[kind].number
    usual = 0.01 if number is None else number.usual
    return Activation(kind=kind, slope=usual, slopes=(usual,) * channels if kind is ActivationKind.PRELU else ())


def _doubling(channels: int) -> ConvTranspose:
    """Twice the size with linear interpolation, each channel by itself."""
    side = np.array([0.25, 0.75, 0.75, 0.25])
    weight = np.repeat(np.outer(side, side)[None, None], channels, axis=0)
    return ConvTranspose(
        weight=Weights(weight), bias=(0.0,) * channels, stride=Pair(2, 2), padding=Pair(1, 1), groups=channels
    )


def starter(planes: int, height: int, width: int, number: int) -> NDArray[np.float64]:
    """The number-th first filter (planes, height, width): an edge or line finder, later ones random by their number.

    Every plane gets an equal share, so that the answer to a grey picture is the preset's own.

    Examples
    --------
    >>> starter(2, 3, 3, 0)[1].tolist()
    [[-0.5, 0.0, 0.5], [-1.0, 0.0, 1.0], [-0.5, 0.0, 0.5]]
    """
    if number < len(STARTERS) and min(height, width) >= SMALLEST:
        kernel = resized(build(find(STARTERS[number]))[0], height, width)
        return np.repeat(kernel[None], planes, axis=0) / planes
    return randomise(np.zeros((planes, height * width)), number).reshape(planes, height, width)


def unused_starters(filters: NDArray[np.float64], count: int) -> list[NDArray[np.float64]]:
    """So many first filters that are not yet among some filters (filters, planes, height, width).

    Examples
    --------
    >>> present = starter(1, 3, 3, 0)[None]
    >>> bool((unused_starters(present, 1)[0] == starter(1, 3, 3, 1)).all())
    True
    """
    present = {kernel.tobytes() for kernel in np.ascontiguousarray(filters + 0.0)}
    starters: list[NDArray[np.float64]] = []
    number = 0
    _, planes, height, width = filters.shape
    while len(starters) < count:
        kernel = starter(planes, height, width, number) + 0.0
        if kernel.tobytes() not in present:
            starters.append(kernel)
        number += 1
    return starters
