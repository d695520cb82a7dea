"""Recipes to start with. Single layers live in `new_layers`, presets in `kernels`."""

import numpy as np

from convstudio.core.geometry.padding import Padding
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Pool, Weights
from convstudio.core.recipe.new_layers import image_filter

SIX = ("sobel-x", "sobel-y", "laplacian-8", "gaussian", "sharpen-4", "emboss")


def first_recipe() -> Document:
    """What the window opens with: one kernel that finds edges, on each channel of the picture alike.

    Examples
    --------
    >>> layer = first_recipe().layers[0]
    >>> layer.weight.array[0, 0].tolist()
    [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
    """
    return Document((image_filter(build(find("sobel-x"))),), selected=0)


def small_network() -> Document:
    """How a network begins: six filters across the colours, ReLU, and max pooling.

    Each filter's planes share its kernel in equal parts, so its answer to grey is the preset's.

    Examples
    --------
    >>> [layer.__class__.__name__ for layer in small_network().layers]
    ['Conv', 'Activation', 'Pool']
    """
    kernels = [build(find(key))[0] for key in SIX]
    kernels = [kernel if kernel.shape == (3, 3) else build(find("box"), size=3)[0] for kernel in kernels]
    weight = np.repeat(np.stack(kernels)[:, None], 3, axis=1) / 3
    layer = Conv(weight=Weights(weight), bias=(0.0,) * len(kernels))
    return Document((layer, Activation(), Pool()), selected=0)


def articles_recipe() -> Document:
    """The filter of the article's 6×6 example: 1 0 −1 on three rows, no padding, stride 1.

    Examples
    --------
    >>> articles_recipe().layers[0].weight.array[0, 0].tolist()
    [[1.0, 0.0, -1.0], [1.0, 0.0, -1.0], [1.0, 0.0, -1.0]]
    """
    weight = Weights([[[[1, 0, -1]] * 3]])
    return Document((Conv(weight=weight, bias=(0.0,), padding=Padding.VALID),), selected=0)
