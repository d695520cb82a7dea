"""Layers that learn: each computes its output, and from the gradient of the loss at its output those of its numbers.

Arrays are float32 of shape (examples, rows, columns, channels) or (examples, units). The gradients are those of the sum
over the examples. Goodfellow, Bengio and Courville, *Deep Learning* (2016), chapter 6.5, has the algebra.
"""

from math import prod, sqrt
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Values = NDArray[np.float32]


class LearningLayer(Protocol):
    """One layer; `parameters` and `gradients` have the same shapes, and none where nothing is learned."""

    parameters: list[Values]
    gradients: list[Values]

    def forward(self, inputs: Values) -> Values:
        """The output of the layer; what `backward` needs is remembered."""

    def backward(self, gradient: Values) -> Values:
        """The gradient at the inputs of the last `forward`, given that at its outputs."""


def first_weights(shape: tuple[int, ...], inputs: int, random: np.random.Generator) -> Values:
    """Numbers to begin with, evenly between ±1/√inputs: what PyTorch begins its layers with, too."""
    most = 1 / sqrt(inputs)
    return random.uniform(-most, most, shape).astype(np.float32)


class DenseWeights:
    """Every output sees every input."""

    def __init__(self, inputs: int, outputs: int, random: np.random.Generator) -> None:
        self.parameters = [first_weights((outputs, inputs), inputs, random), first_weights((outputs,), inputs, random)]
        self.gradients = [np.zeros_like(values) for values in self.parameters]

    def forward(self, inputs: Values) -> Values:
        """(examples, outputs)."""
        weight, bias = self.parameters
        self._shape, self._inputs = inputs.shape, inputs.reshape(len(inputs), -1)
        return self._inputs @ weight.T + bias

    def backward(self, gradient: Values) -> Values:
        """The gradients of weights and biases, and the one at the inputs."""
        self.gradients = [gradient.T @ self._inputs, gradient.sum(axis=0)]
        return (gradient @ self.parameters[0]).reshape(self._shape)


class SharedWeights:
    """A convolution: the same kernels at every place; zeros around the input keep its size."""

    def __init__(self, channels: int, filters: int, kernel: int, random: np.random.Generator) -> None:
        inputs = kernel * kernel * channels
        self.kernel, self.channels = kernel, channels
        self.parameters = [first_weights((inputs, filters), inputs, random), first_weights((filters,), inputs, random)]
        self.gradients = [np.zeros_like(values) for values in self.parameters]

    @property
    def weight(self) -> Values:
        """The kernels as a layer of a recipe has them: (filters, channels, kernel, kernel)."""
        return self.parameters[0].T.reshape(-1, self.kernel, self.kernel, self.channels).transpose(0, 3, 1, 2)

    def forward(self, inputs: Values) -> Values:
        """(examples, rows, columns, filters), as large as the inputs: what the kernels' rows answer, added up.

        So the windows of one row are enough, which are fewer numbers than those of whole kernels.
        """
        weight, bias = self.parameters
        examples, rows, columns, _ = inputs.shape
        windows = windows_of(padded(inputs, self.kernel // 2), (1, self.kernel))
        self._windows = windows.reshape(examples, -1, columns, self.kernel * self.channels)
        outputs = np.zeros((examples, rows * columns, len(bias)), inputs.dtype) + bias
        for row, part in enumerate(weight.reshape(self.kernel, -1, len(bias))):
            outputs += self._windows[:, row : row + rows].reshape(examples, rows * columns, -1) @ part
        return outputs.reshape(examples, rows, columns, -1)

    def backward(self, gradient: Values) -> Values:
        """Each weight gathers the gradients of all places where it works, and each input those of all that saw it.

        Places without a gradient add nothing. Behind a global maximum that is most of them, so they are left out.
        """
        examples, rows, columns, filters = gradient.shape
        at_places = gradient.reshape(-1, filters)
        places = np.flatnonzero(at_places.any(axis=1))
        at_places = at_places[places]
        example, row, column = np.unravel_index(places, gradient.shape[:3])
        windows = self._windows[example[:, None], row[:, None] + np.arange(self.kernel), column[:, None]]
        self.gradients = [windows.reshape(len(places), -1).T @ at_places, at_places.sum(axis=0)]
        shares = (at_places @ self.parameters[0].T).reshape(len(places), -1, self.channels)
        margin = self.kernel // 2
        wide = columns + 2 * margin
        total = np.zeros((examples, rows + 2 * margin, wide, self.channels), gradient.dtype)
        flat = total.reshape(-1, self.channels)
        corners = (example * total.shape[1] + row) * wide + column  # of the windows
        for number in range(self.kernel**2):
            down, right = divmod(number, self.kernel)
            flat[corners + down * wide + right] += shares[:, number]
        return total[:, margin : margin + rows, margin : margin + columns]


class LocalWeights:
    """Locally connected: windows like a convolution's, without padding, but with weights of their own at each place."""

    def __init__(self, rows: int, columns: int, filters: int, kernel: int, random: np.random.Generator) -> None:
        self.kernel, self.size = kernel, (rows - kernel + 1, columns - kernel + 1)
        inputs = kernel * kernel
        places = prod(self.size)
        self.parameters = [
            first_weights((places, inputs, filters), inputs, random),
            first_weights((places, filters), inputs, random),
        ]
        self.gradients = [np.zeros_like(values) for values in self.parameters]

    def forward(self, inputs: Values) -> Values:
        """(examples, rows − kernel + 1, columns − kernel + 1, filters) of inputs with one channel."""
        weight, bias = self.parameters
        self._shape = inputs.shape
        windows = windows_of(inputs, (self.kernel, self.kernel)).reshape(len(inputs), len(weight), -1)
        self._windows = windows.transpose(1, 0, 2)  # (places, examples, weights of a window)
        outputs = self._windows @ weight + bias[:, None]
        return outputs.transpose(1, 0, 2).reshape(len(inputs), *self.size, -1)

    def backward(self, gradient: Values) -> Values:
        """Each weight hears of its own place alone."""
        weight = self.parameters[0]
        examples, (high, wide) = len(gradient), self.size
        at_places = gradient.reshape(examples, high * wide, -1).transpose(1, 0, 2)
        self.gradients = [self._windows.transpose(0, 2, 1) @ at_places, at_places.sum(axis=1)]
        shares = (at_places @ weight.transpose(0, 2, 1)).reshape(high, wide, examples, -1)
        total = np.zeros(self._shape, gradient.dtype)
        for place in range(self.kernel**2):
            row, column = divmod(place, self.kernel)
            total[:, row : row + high, column : column + wide, 0] += shares[..., place].transpose(2, 0, 1)
        return total


class Rectifier:
    """ReLU: what is negative becomes 0, and passes no gradient."""

    parameters: list[Values]
    gradients: list[Values]

    def __init__(self) -> None:
        self.parameters, self.gradients = [], []

    def forward(self, inputs: Values) -> Values:
        """The inputs that are positive."""
        self._is_positive = inputs > 0
        return np.maximum(inputs, 0)

    def backward(self, gradient: Values) -> Values:
        """The gradient where the input was positive."""
        return gradient * self._is_positive


class GlobalMaximum:
    """The largest value of each map, wherever it stands: this is what makes the answer stay when the digit moves."""

    parameters: list[Values]
    gradients: list[Values]

    def __init__(self) -> None:
        self.parameters, self.gradients = [], []

    def forward(self, inputs: Values) -> Values:
        """(examples, channels)."""
        self._shape = inputs.shape
        flat = inputs.reshape(len(inputs), -1, inputs.shape[-1])
        self._largest = flat.argmax(axis=1)[:, None]
        return np.take_along_axis(flat, self._largest, 1)[:, 0]

    def backward(self, gradient: Values) -> Values:
        """The gradient at the place that gave the value, and 0 elsewhere."""
        flat = np.zeros((len(gradient), prod(self._shape[1:3]), self._shape[-1]), gradient.dtype)
        np.put_along_axis(flat, self._largest, gradient[:, None], 1)
        return flat.reshape(self._shape)


def windows_of(inputs: Values, size: tuple[int, int]) -> Values:
    """All windows of so many rows and columns, as rows of a matrix: (examples · places, rows · columns · channels).

    Examples
    --------
    >>> windows_of(np.arange(6, dtype=np.float32).reshape(1, 2, 3, 1), (2, 2)).tolist()
    [[0.0, 1.0, 3.0, 4.0], [1.0, 2.0, 4.0, 5.0]]
    """
    views = sliding_window_view(inputs, size, axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    return np.ascontiguousarray(views).reshape(prod(views.shape[:3]), -1)


def padded(inputs: Values, margin: int) -> Values:
    """The inputs with zeros around each map."""
    examples, rows, columns, channels = inputs.shape
    room = np.zeros((examples, rows + 2 * margin, columns + 2 * margin, channels), inputs.dtype)
    room[:, margin : margin + rows, margin : margin + columns] = inputs
    return room


def softmax(scores: Values) -> Values:
    """What share of the belief each class gets: positive numbers whose sum is 1, for each example.

    Examples
    --------
    >>> softmax(np.zeros((1, 4), np.float32)).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), scores.dtype)


def cross_entropy(scores: Values, labels: NDArray[np.int64]) -> tuple[float, Values]:
    """The mean loss −log(share of the right class), and its gradient at the scores."""
    shares = softmax(scores)
    examples = np.arange(len(labels))
    loss = -np.log(np.maximum(shares[examples, labels], 1e-30)).mean()
    shares[examples, labels] -= 1
    return float(loss), np.asarray(shares / len(labels), scores.dtype)
