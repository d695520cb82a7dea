"""What a change of one weight, of a scale or of a bias costs at 1080p, in parts of computing the layer anew."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

import numpy as np

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.ops.jit import compile_all
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Weights
from tests.benchmarks import rounds
from tests.benchmarks.claims import Claim

LIMITS = {31: 1 / 10, 5: 1 / 2}


def measure(sizes: Sequence[int] = (3, 5, 7, 11, 15, 31)) -> Iterator[Claim]:
    """Sizes, edits and borders, one claim each."""
    compile_all()
    generator = np.random.default_rng(0)
    frame = Frame(generator.integers(0, 256, (1080, 1920, 1)).astype(np.uint8), white=255)
    for size in sizes:
        for border in (Border.ZEROS, Border.REFLECT):
            layer = Conv(weight=Weights(generator.normal(size=(1, 1, size, size))), bias=(0.0,), border=border)
            for name, edited in _edits(layer).items():
                yield _claim(layer, edited, f"{size}×{size}, {border}: {name}", frame)


def _edits(layer: Conv) -> dict[str, Conv]:
    """What a person drags."""
    weight = layer.weight.array.copy()
    weight[0, 0, 0, 0] += 0.5
    return {
        "one weight": replace(layer, weight=Weights(weight)),
        "scale": replace(layer, weight=Weights(layer.weight.array * 1.25)),
        "bias": replace(layer, bias=(5.0,)),
    }


def _claim(layer: Conv, edited: Conv, name: str, frame: Frame) -> Claim:
    before, document = evaluate(Document((layer,)), frame), Document((edited,))

    def draft() -> int:
        return evaluate(document, frame, previous=before, is_draft=True).drafts

    assert draft() == 1
    times = rounds.take_turns({"draft": draft, "anew": lambda: evaluate(document, frame, previous=before)}, 5)
    limit = LIMITS.get(layer.kernel.vertical, 1.0)
    ours, theirs = median(times["draft"]), median(times["anew"])
    return Claim(name, ours, "ms", "computed anew", theirs, limit, rounds.ratio(times["draft"], times["anew"]))
