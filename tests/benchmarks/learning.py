"""How much the three networks of the Learn stage learn, and how soon, beside the same networks in PyTorch.

Both sides get the same digits, the same examples in the same batches and the same rule of learning; only the first
weights differ, which each side draws by itself. The table of `README.md` is what this prints:

    python -m tests.benchmarks.learning [--seeds 5] [--examples 50 200 1000]
"""

import argparse
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np

from convstudio.core.threads import serial_blas
from convstudio.insight.learn.layers import Values
from convstudio.insight.learn.moving import moved
from convstudio.insight.learn.networks import CANVAS, CLASSES, NetworkKind
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

FAR = (0, 1, 2)  # pixels
AT_ONCE = 100  # digits that are read at once
Scores = Callable[[Values], Values]


def measure(examples: int, seeds: int, sides: tuple[str, ...]) -> Iterator[str]:
    """Rows of the table: the mean over the seeds of what is read rightly, and of the seconds."""
    digits = load_digits()
    for kind, side in product(NetworkKind, sides):
        results = []
        for seed in range(seeds):
            task = Task(examples, seed=seed)
            split = split_digits(digits, task)
            start = perf_counter()
            scores = _ours(kind, task, split) if side == "ours" else _pytorch(kind, task, split)
            seconds = perf_counter() - start
            results.append((*(_share(scores, split, far) for far in FAR), seconds))
        *shares, seconds = np.mean(results, axis=0)
        spread = np.ptp(np.array(results)[:, 0])
        cells = " | ".join(f"{100 * share:.0f} %" for share in shares)
        yield f"| {examples} | {kind} | {side} | {cells} | {100 * spread:.0f} | {seconds:.1f} |"


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
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--examples", type=int, nargs="+", default=[50, 200, 1000])
    parser.add_argument("--sides", nargs="+", default=["ours", "PyTorch"], choices=["ours", "PyTorch"])
    options = parser.parse_args()
    print("| examples | network | whose | in place | moved by 1 | by 2 | spread in place, points | seconds |")
    print("|---:|---|---|---:|---:|---:|---:|---:|")
    for examples in options.examples:
        for row in measure(examples, options.seeds, tuple(options.sides)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
