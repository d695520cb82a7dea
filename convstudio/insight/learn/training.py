"""NetworkTraining: examples in a random order, the gradient of the loss, and a small step against it (Adam)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.insight.learn.layers import Values, cross_entropy
from convstudio.insight.learn.networks import CANVAS, DigitNetwork, NetworkKind

BATCH = 32
RATE = 3e-3
SLOWNESS = 0.9, 0.999  # of the two running means of Adam
TINY = 1e-8
SCALE = 16.0  # the white of the digits
AT_ONCE = 32  # examples that are read at once: the windows of more leave the cache, and their memory comes and goes
WATCH = 2  # rounds from one look to the next
WATCHED = 200  # digits that are asked about then
ASKED = 500  # new digits that are asked about at the end


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures (count, 8, 8) from 0 to 16, and which digit each is."""

    pictures: Values
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """What is learned: how many examples, how often all of them are shown, and the seed of everything random."""

    examples: int = 200
    rounds: int = 100
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Split:
    """Examples to learn from, and all other digits to be asked about: pictures (count, 14, 14) between 0 and 1."""

    pictures: Values
    labels: NDArray[np.int64]
    new_pictures: Values
    new_labels: NDArray[np.int64]


class Adam:
    """Steps against the gradient, each number at a pace of its own (Kingma and Ba, 2015, algorithm 1)."""

    def __init__(self, parameters: list[Values]) -> None:
        self._means = [np.zeros_like(values) for values in parameters]
        self._squares = [np.zeros_like(values) for values in parameters]
        self._steps = 0

    def step(self, parameters: list[Values], gradients: list[Values]) -> None:
        """Change the parameters in place."""
        self._steps += 1
        slow, slower = SLOWNESS
        rate = RATE / (1 - slow**self._steps)
        correction = 1 - slower**self._steps
        for place, gradient in enumerate(gradients):
            self._means[place] += (1 - slow) * (gradient - self._means[place])
            self._squares[place] += (1 - slower) * (gradient * gradient - self._squares[place])
            parameters[place] -= rate * self._means[place] / (np.sqrt(self._squares[place] / correction) + TINY)


@dataclass(eq=False)
class NetworkTraining:
    """A network under way: every second round it is asked how many examples and new digits it reads rightly."""

    network: DigitNetwork
    task: Task
    rounds: int = 0  # that are over
    known: list[float] = field(default_factory=list)  # shares after each `WATCH` rounds
    new: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._adam = Adam(self.network.parameters)
        self._random = np.random.default_rng(self.task.seed + 1)

    @property
    def is_done(self) -> bool:
        """Whether all rounds are over."""
        return self.rounds >= self.task.rounds

    def run(self, split: Split, rounds: int) -> None:
        """Show all examples so many times more.

        Raises
        ------
        Cancelled
            Between two batches, if nobody wants the rest.
        """
        for _ in range(min(rounds, self.task.rounds - self.rounds)):
            order = self._random.permutation(len(split.labels))
            for start in range(0, len(order), BATCH):
                check()
                batch = order[start : start + BATCH]
                _, gradient = cross_entropy(self.network.scores(split.pictures[batch]), split.labels[batch])
                self.network.backward(gradient)
                self._adam.step(self.network.parameters, self.network.gradients)
            self.rounds += 1
            if self.rounds % WATCH and not self.is_done:
                continue
            self.known.append(share_right(self.network, split.pictures[:WATCHED], split.labels[:WATCHED]))
            self.new.append(share_right(self.network, split.new_pictures[:WATCHED], split.new_labels[:WATCHED]))


def begin(kind: NetworkKind, task: Task) -> NetworkTraining:
    """A network that has seen nothing."""
    return NetworkTraining(DigitNetwork(kind, task.seed), task)


def split_digits(digits: Digits, task: Task) -> Split:
    """Choose the examples by the seed, and put every digit in the middle of a canvas."""
    order = np.random.default_rng(task.seed).permutation(len(digits.labels))
    canvases = on_canvas(digits.pictures[order])
    labels, count = digits.labels[order], task.examples
    return Split(canvases[:count], labels[:count], canvases[count:], labels[count:])


def on_canvas(pictures: Values) -> Values:
    """Digits (count, rows, columns) from 0 to 16 in the middle of black canvases, between 0 and 1.

    Examples
    --------
    >>> on_canvas(np.full((1, 8, 8), 16, np.float32))[0, 3].tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    """
    count, rows, columns = pictures.shape
    canvases = np.zeros((count, CANVAS, CANVAS), np.float32)
    top, left = (CANVAS - rows) // 2, (CANVAS - columns) // 2
    canvases[:, top : top + rows, left : left + columns] = pictures / np.float32(SCALE)
    return canvases


def share_right(network: DigitNetwork, pictures: Values, labels: NDArray[np.int64]) -> float:
    """The share of pictures whose highest score is that of the right digit, 0 to 1."""
    right = 0
    for start in range(0, len(labels), AT_ONCE):
        check()
        scores = network.scores(pictures[start : start + AT_ONCE])
        right += int((scores.argmax(axis=1) == labels[start : start + AT_ONCE]).sum())
    return right / len(labels)
