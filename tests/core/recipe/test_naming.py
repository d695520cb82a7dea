"""The name on a layer's card."""

import numpy as np
import pytest

from convstudio.core.recipe.layers import Activation, Channels, Conv, ConvTranspose, Layer, Pool, Weights
from convstudio.core.recipe.naming import name_of

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def conv(weight: object, name: str = "") -> Conv:
    weights = Weights(np.asarray(weight))
    return Conv(weight=weights, bias=(0.0,) * weights.array.shape[0], channels=Channels.ACROSS, name=name)


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (conv([[SOBEL]]), "Sobel 3×3"),
        (conv([[SOBEL / 3] * 3]), "Sobel 3×3"),  # in equal parts on three channels
        (conv([[SOBEL] * 3]), "Sobel 3×3"),
        (conv([[SOBEL, SOBEL, SOBEL.T]]), "Conv 3×3"),
        (conv([[SOBEL]], name="My edges"), "My edges"),
        (conv([[[[1, 0, -1]] * 3]]), "Vertical edge 3×3"),
        (conv([[[[1 / 256 * a * b for a in (1, 4, 6, 4, 1)] for b in (1, 4, 6, 4, 1)]]]), "Binomial 5×5"),
        (conv([[[[0.5, 0.5]]]]), "Conv 1×2"),
        (ConvTranspose(weight=Weights([[SOBEL]]), bias=(0.0,)), "Transposed conv 3×3"),
        (Activation(), "ReLU"),
        (Pool(), "Max pool 2×2"),
    ],
)
def test_a_card_says_what_a_person_would_call_the_layer(layer: Layer, name: str) -> None:
    assert name_of(layer) == name
