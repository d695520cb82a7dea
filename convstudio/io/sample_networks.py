"""Networks that come with the program, as recipes; where their weights are from stands beside them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Layer, Normalisation, Pool, Resize, Softmax, Weights
from convstudio.io.resources import RESOURCES

FACE_PIXELS = 12  # the side of a face that the network was trained with, and of what one of its outputs sees
FACTOR = 0.18  # of the sample portrait, whose face then is about so large
LABELS = ("no face", "face")


@dataclass(frozen=True)
class SampleNetwork:
    """A recipe to look into, the picture it starts with, which of its maps shows it, and what a person should know."""

    document: Document
    sample: str
    channel: int
    advice: str


def face_finder() -> SampleNetwork:
    """The first network of MTCNN (Zhang et al. 2016): it says of every place how sure it is that a face is there.

    It takes values of 8 bits, red first. Behind it the original has two more networks, which look closer.
    """
    with np.load(RESOURCES / "networks" / "pnet.npz") as arrays:
        layers: tuple[Layer, ...] = (
            Resize(name=f"Face to {FACE_PIXELS} pixels", mode=ResizeMode.AREA, factor=(FACTOR, FACTOR)),
            Normalisation(mean=(127.5,), deviation=(128.0,)),
            _conv(arrays["conv1.weight"], arrays["conv1.bias"]),
            _prelu(arrays["prelu1.weight"]),
            Pool(window=Pair(2, 2), stride=Pair(2, 2), ceil_mode=True),
            _conv(arrays["conv2.weight"], arrays["conv2.bias"]),
            _prelu(arrays["prelu2.weight"]),
            _conv(arrays["conv3.weight"], arrays["conv3.bias"]),
            _prelu(arrays["prelu3.weight"]),
            _conv(arrays["conv4_1.weight"], arrays["conv4_1.bias"]),
            Softmax(name="Face or not", labels=LABELS),
        )
    advice = f"A face is about {FACE_PIXELS} pixels here; layer 1's factor fits others."
    return SampleNetwork(Document(layers, selected=len(layers) - 1), "astronaut", LABELS.index("face"), advice)


def _conv(weight: NDArray[np.float32], bias: NDArray[np.float32]) -> Conv:
    return Conv(weight=Weights(weight), bias=tuple(map(float, bias)), padding=Padding.VALID)


def _prelu(slopes: NDArray[np.float32]) -> Activation:
    return Activation(kind=ActivationKind.PRELU, slopes=tuple(map(float, slopes)))
