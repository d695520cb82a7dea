"""A network that was read: layers where it is a chain of them, and the filters of each of its convolutions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Layer, Normalisation, Resize, Weights
from convstudio.core.wording import counted, number

WHITE = 255.0  # of the pictures that most people have


class InputScale(StrEnum):
    """Which numbers a network was taught with, where a picture has 0 (black) to 255 (white). No file says it."""

    UNIT = "0 to 1"
    AS_THEY_ARE = "0 to 255"
    SIGNED = "−1 to 1"
    IMAGENET = "ImageNet's mean and spread"


IMAGENET_MEAN, IMAGENET_SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of red, green, blue; torchvision


@dataclass(frozen=True, eq=False)
class Bank:
    """The filters of one layer, as a convolution to be used alone; its weights are a layer's once it is picked."""

    name: str
    layer: Conv
    weight: NDArray[np.float32]  # (filters, channels / groups, height, width)

    @property
    def shape_text(self) -> str:
        """As a list shows it: filters, what each reads, and their size.

        Examples
        --------
        >>> layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))
        >>> Bank("conv1", layer, np.zeros((6, 3, 5, 5), np.float32)).shape_text
        '6 filters, 3 channels, 5×5'
        """
        filters, channels, height, width = self.weight.shape
        groups = f", groups {self.layer.groups}" if self.layer.groups > 1 else ""
        return f"{counted(filters, 'filter')}, {counted(channels, 'channel')}, {height}×{width}{groups}"

    @property
    def channels(self) -> int:
        """How many it reads."""
        return int(self.weight.shape[1]) * self.layer.groups

    def picked(self) -> Conv:
        """The convolution as a layer."""
        return replace(self.layer, weight=Weights(self.weight))


@dataclass(frozen=True, eq=False)
class NetworkFile:
    """What is in a file.

    Parameters
    ----------
    name
        The file's.
    layers
        The whole network; empty where it is no chain of layers that there are here.
    refusal
        Why it is none, in a sentence that names the operator; "" where it is one.
    notes
        What is not as in the file, and what the file does not say, in sentences.
    channels
        How many it reads; 0 where the file does not say.
    size
        Rows and columns of its pictures, where it works on no others.
    banks
        Its convolutions, in the file's order.
    has_graph
        Whether the file says what lies between its weights. Otherwise activations are assumed, and can be chosen.
    is_scaled
        Whether the network itself begins with scaling its input, so that pictures go in as they are.
    """

    name: str
    layers: tuple[Layer, ...] = ()
    refusal: str = ""
    notes: tuple[str, ...] = ()
    channels: int = 0
    size: Pair | None = None
    banks: tuple[Bank, ...] = ()
    has_graph: bool = True
    is_scaled: bool = False

    @property
    def has_assumed(self) -> bool:
        """Whether activations were assumed between its layers."""
        return not self.has_graph and ASSUMED in self.layers

    @property
    def usual_scale(self) -> InputScale:
        """The scale that is taken unless somebody says otherwise."""
        return InputScale.AS_THEY_ARE if self.is_scaled else InputScale.UNIT


def input_layer(scale: InputScale, channels: int, white: float = WHITE) -> Layer | None:
    """The layer that brings 0 … white to what a network was taught with; None where nothing is to be done.

    Examples
    --------
    >>> input_layer(InputScale.SIGNED, 1).mean
    (127.5,)
    """
    match scale:
        case InputScale.AS_THEY_ARE:
            return None
        case InputScale.UNIT:
            return Normalisation(mean=(0.0,), deviation=(white,))
        case InputScale.SIGNED:
            return Normalisation(mean=(white / 2,), deviation=(white / 2,))
        case InputScale.IMAGENET:
            if channels not in (0, 3):
                raise ConvStudioError(
                    "ImageNet's mean and spread are those of red, green and blue, but the network reads "
                    f"{counted(channels, 'channel')}; choose another scale."
                )
            return Normalisation(
                mean=tuple(white * mean for mean in IMAGENET_MEAN),
                deviation=tuple(white * spread for spread in IMAGENET_SPREAD),
            )


def document_of(
    network: NetworkFile,
    *,
    scale: InputScale | None = None,
    activation: Activation | None = None,
    white: float = WHITE,
) -> Document:
    """The network as a recipe.

    Parameters
    ----------
    scale
        Which numbers it was taught with; None takes the usual.
    activation
        What stands between layers of a file without a graph; None takes what was assumed. One that is switched off
        stands for none at all.
    white
        The number that pictures have where they are white.

    Raises
    ------
    ConvStudioError
        If the network is no chain of layers, or the scale does not fit it.
    """
    if network.refusal:
        raise ConvStudioError(network.refusal)
    scaled = input_layer(network.usual_scale if scale is None else scale, network.channels, white)
    layers = network.layers if network.has_graph else _with_activation(network.layers, activation)
    if scaled is not None:
        layers = (scaled, *layers)
    if network.size is not None:
        layers = (Resize(size=network.size), *layers)
    return Document(layers, selected=len(layers) - 1)


def _with_activation(layers: Sequence[Layer], activation: Activation | None) -> tuple[Layer, ...]:
    """Layers with another activation in all the places where one was assumed."""
    if activation is None:
        return tuple(layers)
    changed = (activation if layer == ASSUMED else layer for layer in layers)
    return tuple(layer for layer in changed if layer.enabled)


ASSUMED = Activation()
"""What stands between the layers of a file that holds weights alone: a ReLU, as in most networks."""


def notes_of(network: NetworkFile, white: float = WHITE) -> tuple[str, ...]:
    """What was assumed of a network, in sentences: of its size, its scale, and what its file does not say."""
    scale = network.usual_scale
    notes = list(network.notes)
    if network.size is not None:
        rows, columns = network.size
        notes.append(f"It works on pictures of {columns}×{rows} alone, so a layer in front resizes them.")
    if scale is not InputScale.AS_THEY_ARE:
        notes.append(
            "No file says with which numbers a network was taught; "
            f"{scale} was taken for black (0) to white ({number(white)})."
        )
    return tuple(notes)


def summary(network: NetworkFile) -> str:
    """What was opened, in a sentence.

    Examples
    --------
    >>> summary(NetworkFile("a.onnx", layers=(ASSUMED,), channels=3))
    '“a.onnx” is a chain of 1 layer that reads 3 channels.'
    """
    reads = f" that reads {counted(network.channels, 'channel')}" if network.channels else ""
    return f"“{network.name}” is a chain of {counted(len(network.layers), 'layer')}{reads}."
