"""The three networks: about as large as each other, and joined to the picture in three ways."""

from enum import StrEnum

import numpy as np

from convstudio.insight.learn.layers import (
    DenseWeights,
    GlobalMaximum,
    LearningLayer,
    LocalWeights,
    Rectifier,
    SharedWeights,
    Values,
    softmax,
)

CANVAS = 14  # rows and columns
CLASSES = 10


class NetworkKind(StrEnum):
    """How a network is joined to the picture."""

    DENSE = "Dense"
    LOCAL = "Locally connected"
    CONVOLUTION = "Convolutional"


class DigitNetwork:
    """Layers one after the other; the last one gives a score for each digit."""

    def __init__(self, kind: NetworkKind, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.kind = kind
        self.layers: list[LearningLayer]
        match kind:
            case NetworkKind.DENSE:
                self.layers = [
                    DenseWeights(CANVAS * CANVAS, 64, random),
                    Rectifier(),
                    DenseWeights(64, CLASSES, random),
                ]
            case NetworkKind.LOCAL:
                local = LocalWeights(CANVAS, CANVAS, 2, 3, random)
                high, wide = local.size
                self.layers = [local, Rectifier(), DenseWeights(2 * high * wide, CLASSES, random)]
            case NetworkKind.CONVOLUTION:
                self.layers = [
                    SharedWeights(1, 12, 3, random),
                    Rectifier(),
                    SharedWeights(12, 24, 5, random),
                    Rectifier(),
                    GlobalMaximum(),
                    DenseWeights(24, CLASSES, random),
                ]

    def copy(self) -> "DigitNetwork":
        """The same numbers, and nothing of what the layers remember of their last inputs, which is much larger."""
        network = DigitNetwork(self.kind, seed=0)
        for layer, own in zip(network.layers, self.layers, strict=True):
            layer.parameters = [values.copy() for values in own.parameters]
        return network

    @property
    def parameters(self) -> list[Values]:
        """All numbers that are learned, layer by layer."""
        return [values for layer in self.layers for values in layer.parameters]

    @property
    def gradients(self) -> list[Values]:
        """Their gradients after the last `backward`."""
        return [values for layer in self.layers for values in layer.gradients]

    @property
    def size(self) -> int:
        """How many numbers are learned.

        Examples
        --------
        >>> [DigitNetwork(kind, 0).size for kind in NetworkKind]
        [13258, 5770, 7594]
        """
        return sum(values.size for values in self.parameters)

    def scores(self, pictures: Values) -> Values:
        """(examples, 10) of pictures (examples, 14, 14) between 0 and 1."""
        values = pictures[..., None]
        for layer in self.layers:
            values = layer.forward(values)
        return values

    def beliefs(self, pictures: Values) -> Values:
        """How much of its belief a network gives each digit: (examples, 10), each row with sum 1."""
        return softmax(self.scores(pictures))

    def backward(self, gradient: Values) -> None:
        """Work out all gradients, from the one at the scores."""
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
