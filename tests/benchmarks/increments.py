"""What a change of one weight, of a scale or of a bias costs at 1080p: python tests/benchmarks/increments.py

Each line compares a draft with computing the layer anew, both by their best of several runs.
"""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np

from convstudio.core.document import Document
from convstudio.core.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.layers import Border, Conv, Weights

LIMITS = {31: 1 / 10, 5: 1 / 2}


def best(work: Callable[[], object], runs: int = 15) -> float:
    """Milliseconds of the quickest run."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return min(times)


def edits(layer: Conv) -> dict[str, Conv]:
    """What a person drags."""
    weight = layer.weight.array.copy()
    weight[0, 0, 0, 0] += 0.5
    return {
        "weight": replace(layer, weight=Weights(weight)),
        "scale": replace(layer, weight=Weights(layer.weight.array * 1.25)),
        "bias": replace(layer, bias=(5.0,)),
    }


def main() -> None:
    """Sizes, edits and borders, one line each."""
    generator = np.random.default_rng(0)
    frame = Frame(generator.integers(0, 256, (1080, 1920, 1)).astype(np.uint8), white=255)
    for size in (3, 5, 7, 11, 15, 31):
        for border in (Border.ZEROS, Border.REFLECT):
            layer = Conv(weight=Weights(generator.normal(size=(1, 1, size, size))), bias=(0.0,), border=border)
            before = evaluate(Document((layer,)), frame)
            for name, edited in edits(layer).items():
                document = Document((edited,))
                assert evaluate(document, frame, previous=before, is_draft=True).drafts == 1
                draft = best(lambda: evaluate(document, frame, previous=before, is_draft=True))  # noqa: B023
                anew = best(lambda: evaluate(document, frame, previous=before), runs=5)  # noqa: B023
                limit = LIMITS.get(size, 1.0)
                verdict = "" if draft / anew <= limit else f"  OVER {limit:.2f}"
                print(
                    f"{size:2}×{size:<2} {border:8} {name:6} {draft:6.2f} ms instead of {anew:6.2f} ms: "
                    f"{draft / anew:5.3f}{verdict}"
                )


if __name__ == "__main__":
    main()
