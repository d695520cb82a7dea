"""How much the three networks of the Learn stage learn, and how soon, beside the same networks in PyTorch.

Both sides get the same digits, the same examples in the same batches and the same rule of learning; only the first
weights differ, which each side draws by itself. The seconds are those of the processor, one core for each side, so that
what else the machine does is not counted. The table of `README.md` is what `--bench learning` prints, or, for a part:

    python -m tests.benchmarks.learning [--seeds 5] [--examples 50 200 1000]
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import product
from time import process_time
from typing import Any

import numpy as np

from convstudio.core.threads import serial_blas
from convstudio.insight.learn.layers import Values, cross_entropy
from convstudio.insight.learn.moving import moved
from convstudio.insight.learn.networks import CANVAS, CLASSES, DigitNetwork, NetworkKind
from convstudio.insight.learn.training import (
    ASKED,
    BATCH,
    RATE,
    NetworkTraining,
    Split,
    Task,
    begin,
    split_digits,
)
from convstudio.io.digits import load_digits

EXAMPLES, SEEDS, SIDES = (50, 200, 1000), 5, ("ours", "PyTorch")
FAR = (0, 1, 2)  # pixels
AT_ONCE = 100  # digits that are read at once
Scores = Callable[[Values], Values]


HEADINGS = "examples", "network", "whose", "in place", "moved by 1", "by 2", "spread in place, points", "seconds"


@dataclass(frozen=True)
class Learned:
    """The means over the seeds for one network: shares of new digits read rightly at each of `FAR`, and seconds."""

    examples: int
    network: str
    whose: str
    shares: tuple[float, ...]
    spread: float  # of the shares in place
    seconds: float

    def __str__(self) -> str:
        shares = (f"{100 * share:.0f} %" for share in self.shares)
        cells = (f"{self.examples:,}", self.network, self.whose, *shares)
        return f"| {' | '.join(cells)} | {100 * self.spread:.0f} | {self.seconds:.1f} |"


def measure(
    examples: Sequence[int] = EXAMPLES, *, seeds: int = SEEDS, sides: Sequence[str] = SIDES
) -> list[dict[str, Any]]:
    """Print the table, row by row, and how far the gradients are from PyTorch's."""
    if "PyTorch" in sides:
        print(f"\nlearning\nThe gradients are within {gradient_difference():.1e} of PyTorch's.\n")
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    learned = []
    for count, kind, side in product(examples, NetworkKind, sides):
        row = _learn(count, kind, side, seeds)
        print(row, flush=True)
        learned.append(asdict(row))
    return learned


def _learn(examples: int, kind: NetworkKind, side: str, seeds: int) -> Learned:
    digits = load_digits()
    shares, seconds = [], []
    for seed in range(seeds):
        task = Task(examples, seed=seed)
        split = split_digits(digits, task)
        start = process_time()
        scores = _ours(kind, task, split) if side == "ours" else _pytorch(kind, task, split)
        seconds.append(process_time() - start)
        shares.append([_share(scores, split, far) for far in FAR])
    table = np.array(shares)
    return Learned(examples, kind, side, tuple(table.mean(axis=0)), float(np.ptp(table[:, 0])), float(np.mean(seconds)))


def gradient_difference() -> float:
    """The largest difference between a gradient of ours and PyTorch's, in parts of the largest of its layer's."""
    torch: Any = import_module("torch")
    split = split_digits(load_digits(), Task(BATCH))
    worst = 0.0
    for kind in NetworkKind:
        ours, theirs = DigitNetwork(kind, seed=0), _pytorch_network(torch, kind)
        with torch.no_grad():
            for values, tensor in zip(ours.parameters, theirs.parameters(), strict=True):
                tensor.copy_(torch.from_numpy(_as_pytorch(values, tensor.shape)))
        _, gradient = cross_entropy(ours.scores(split.pictures), split.labels)
        ours.backward(gradient)
        scores = theirs(torch.from_numpy(split.pictures)[:, None])
        torch.nn.CrossEntropyLoss()(scores, torch.from_numpy(split.labels)).backward()
        for values, tensor in zip(ours.gradients, theirs.parameters(), strict=True):
            expected = tensor.grad.numpy()
            worst = max(
                worst, float(np.abs(_as_pytorch(values, tensor.shape) - expected).max() / np.abs(expected).max())
            )
    return worst


def _as_pytorch(values: Values, shape: tuple[int, ...]) -> Values:
    """Weights of a convolution, which are (rows · columns · channels, filters) here, as PyTorch has them."""
    if len(shape) < 4:
        return values
    filters, channels, rows, columns = shape
    return np.ascontiguousarray(values.T.reshape(filters, rows, columns, channels).transpose(0, 3, 1, 2))


def _share(scores: Scores, split: Split, far: int) -> float:
    """The share of 500 new digits that are read rightly; the mean of right, left, down and up."""
    pictures, labels = split.new_pictures[:ASKED], split.new_labels[:ASKED]
    ways = ((far, 0), (-far, 0), (0, far), (0, -far)) if far else ((0, 0),)
    rights = []
    for right, down in ways:
        canvases = moved(pictures, right, down)
        read = [scores(canvases[start : start + AT_ONCE]).argmax(axis=1) for start in range(0, ASKED, AT_ONCE)]
        rights.append((np.concatenate(read) == labels).mean())
    return float(np.mean(rights))


def _ours(kind: NetworkKind, task: Task, split: Split) -> Scores:
    training: NetworkTraining = begin(kind, task)
    with serial_blas():
        training.run(split, task.rounds)
    return training.network.scores


def _pytorch(kind: NetworkKind, task: Task, split: Split) -> Scores:
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(task.seed)
    network = _pytorch_network(torch, kind)
    steps = torch.optim.Adam(network.parameters(), lr=RATE)
    loss = torch.nn.CrossEntropyLoss()
    pictures, labels = torch.from_numpy(split.pictures)[:, None], torch.from_numpy(split.labels)
    random = np.random.default_rng(task.seed + 1)  # the order in which ours sees them
    for _ in range(task.rounds):
        order = random.permutation(len(labels))
        for start in range(0, len(order), BATCH):
            batch = torch.from_numpy(order[start : start + BATCH])
            steps.zero_grad()
            loss(network(pictures[batch]), labels[batch]).backward()
            steps.step()

    def scores(canvases: Values) -> Values:
        with torch.no_grad():
            values: Values = network(torch.from_numpy(canvases)[:, None]).numpy()
        return values

    return scores


def _pytorch_network(torch: Any, kind: NetworkKind) -> Any:
    nn = torch.nn
    match kind:
        case NetworkKind.DENSE:
            layers = [nn.Flatten(), nn.Linear(CANVAS**2, 64), nn.ReLU(), nn.Linear(64, CLASSES)]
        case NetworkKind.LOCAL:
            layers = [_local(torch, CANVAS, 2, 3), nn.ReLU(), nn.Linear(2 * (CANVAS - 2) ** 2, CLASSES)]
        case NetworkKind.CONVOLUTION:
            layers = [
                nn.Conv2d(1, 12, 3, padding="same"), nn.ReLU(),
                nn.Conv2d(12, 24, 5, padding="same"), nn.ReLU(),
                nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(24, CLASSES),
            ]  # fmt: skip
    return nn.Sequential(*layers)


def _local(torch: Any, side: int, filters: int, kernel: int) -> Any:
    """A locally connected layer, which PyTorch does not have: windows, each with weights of its own."""
    places, inputs = (side - kernel + 1) ** 2, kernel**2

    class Local(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            most = inputs**-0.5
            self.weight = torch.nn.Parameter(torch.empty(places, inputs, filters).uniform_(-most, most))
            self.bias = torch.nn.Parameter(torch.empty(places, filters).uniform_(-most, most))

        def forward(self, pictures: Any) -> Any:
            windows = torch.nn.functional.unfold(pictures, kernel)  # (examples, inputs, places)
            return (torch.einsum("eip,pif->epf", windows, self.weight) + self.bias).flatten(1)

    return Local()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--examples", type=int, nargs="+", default=EXAMPLES)
    parser.add_argument("--sides", nargs="+", default=SIDES, choices=SIDES)
    options = parser.parse_args()
    measure(options.examples, seeds=options.seeds, sides=options.sides)


if __name__ == "__main__":
    main()
