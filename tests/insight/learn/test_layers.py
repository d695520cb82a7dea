"""Every gradient is what the loss does when a number is changed a little."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.insight.learn.layers import (
    DenseWeights,
    GlobalMaximum,
    LearningLayer,
    LocalWeights,
    Rectifier,
    SharedWeights,
    cross_entropy,
    softmax,
)
from convstudio.insight.learn.networks import DigitNetwork, NetworkKind

STEP = 1e-6
RANDOM = np.random.default_rng(5)
LAYERS: dict[str, tuple[Callable[[], LearningLayer], tuple[int, ...]]] = {
    "dense": (lambda: DenseWeights(6, 4, np.random.default_rng(1)), (3, 6)),
    "convolution": (lambda: SharedWeights(2, 3, 3, np.random.default_rng(1)), (2, 5, 4, 2)),
    "convolution 5×5": (lambda: SharedWeights(1, 2, 5, np.random.default_rng(1)), (2, 6, 6, 1)),
    "local": (lambda: LocalWeights(5, 6, 2, 3, np.random.default_rng(1)), (2, 5, 6, 1)),
    "ReLU": (Rectifier, (2, 3, 3, 2)),
    "global maximum": (GlobalMaximum, (2, 3, 4, 2)),
}


def differences(loss: Callable[[], float], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """How the loss changes with each number, from both sides."""
    slopes = np.zeros_like(numbers)
    for place in np.ndindex(numbers.shape):
        before = numbers[place]
        numbers[place] = before + STEP
        above = loss()
        numbers[place] = before - STEP
        below = loss()
        numbers[place] = before
        slopes[place] = (above - below) / (2 * STEP)
    return slopes


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_are_finite_differences(name: str) -> None:
    make, shape = LAYERS[name]
    layer = make()
    layer.parameters = [values.astype(np.float64) for values in layer.parameters]
    inputs = RANDOM.normal(size=shape)
    weights = RANDOM.normal(size=layer.forward(inputs).shape)  # type: ignore[arg-type]

    def loss() -> float:
        return float((layer.forward(inputs) * weights).sum())  # type: ignore[arg-type]

    loss()
    at_inputs = layer.backward(weights)  # type: ignore[arg-type]
    gradients = [gradient.copy() for gradient in layer.gradients]

    np.testing.assert_allclose(at_inputs, differences(loss, inputs), atol=1e-7)
    for values, gradient in zip(layer.parameters, gradients, strict=True):
        np.testing.assert_allclose(gradient.reshape(values.shape), differences(loss, values), atol=1e-7)  # type: ignore[arg-type]


def test_the_gradient_of_the_loss_is_what_is_believed_less_what_is_right() -> None:
    scores = RANDOM.normal(size=(3, 5))
    labels = np.array([0, 4, 2])

    _, gradient = cross_entropy(scores, labels)  # type: ignore[arg-type]

    slopes = differences(lambda: cross_entropy(scores, labels)[0], scores)  # type: ignore[arg-type]
    np.testing.assert_allclose(gradient, slopes, atol=1e-6)


def test_beliefs_are_shares_even_of_large_scores() -> None:
    shares = softmax(np.array([[1e4, 0.0, -1e4]], np.float32))

    assert shares.tolist() == [[1.0, 0.0, 0.0]]


def test_the_networks_are_as_large_as_hand_arithmetic_says() -> None:
    dense = 196 * 64 + 64 + 64 * 10 + 10
    local = 144 * 9 * 2 + 144 * 2 + 288 * 10 + 10
    convolution = 12 * 9 + 12 + 24 * 12 * 25 + 24 + 24 * 10 + 10

    assert [DigitNetwork(kind, 3).size for kind in NetworkKind] == [dense, local, convolution]


def test_a_convolutions_answer_moves_with_the_digit_and_its_maximum_stays() -> None:
    network = DigitNetwork(NetworkKind.CONVOLUTION, 7)
    picture = np.zeros((1, 14, 14), np.float32)
    picture[0, 5:9, 5:8] = RANDOM.random((4, 3))
    moved = np.roll(picture, (1, -2), axis=(1, 2))  # nothing reaches the border

    np.testing.assert_allclose(network.scores(moved), network.scores(picture), atol=1e-6)
