"""What an evaluation costs: memory is refused in sum, seconds are told before."""

import numpy as np
import pytest

from convstudio.core import cost
from convstudio.core.cost import cost_of, refuse_sum
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Weights
from convstudio.core.recipe.plan import Refusal, plan

GIGABYTE = 10**9
LARGE = Conv(weight=Weights(np.ones((360, 1, 1, 1))), bias=(0.0,) * 360)  # of 1024×1024: 1.5 GB
MANY = Document((LARGE, *[Activation()] * 6))


def test_layers_that_fit_one_by_one_are_refused_together() -> None:
    seven = plan(MANY, Shape(1, 1024, 1024))

    assert cost_of(seven).bytes == 4 * 1024 * 1024 * (1 + 7 * 360)  # 10.6 GB
    with pytest.raises(
        Refusal, match=r"Together the 7 layers hold .* at once, more than the .* that may be used"
    ) as refusal:
        refuse_sum(seven)
    assert refusal.value.index == 0


def test_they_are_refused_before_anything_is_made() -> None:
    with pytest.raises(Refusal, match="Together the 7 layers"):
        evaluate(MANY, Frame(np.zeros((1024, 1024, 1), np.uint8), white=255))


def test_a_layer_that_is_switched_off_holds_nothing() -> None:
    document = Document((LARGE, *[Activation(enabled=False)] * 6))

    assert cost_of(plan(document, Shape(1, 1024, 1024))).bytes == 4 * 1024 * 1024 * (1 + 360)


def test_what_is_held_meanwhile_counts() -> None:
    mirrored = Conv(
        weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), border=Border.REPLICATE, padding=Amounts(9, 9, 0, 0)
    )
    spread = ConvTranspose(
        weight=Weights(np.ones((1, 1, 2, 2))), bias=(0.0,), dilation=Pair(1000, 1000), padding=Pair(500, 500)
    )

    assert cost_of(plan(Document((mirrored,)), Shape(1, 10, 10))).bytes == 4 * (100 + 26 * 8 + 28 * 10)
    assert cost_of(plan(Document((spread,)), Shape(1, 10, 10))).bytes == 4 * (100 + 10 * 10 + 1010 * 1010)


def test_a_machine_with_little_memory_refuses_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "most_bytes", lambda: GIGABYTE)

    with pytest.raises(Refusal, match=r"more than the (1 GB|1,000 MB|954 MB|954 MiB|0.93 GiB)"):
        refuse_sum(plan(Document((LARGE,)), Shape(1, 1024, 1024)))


def test_layers_that_are_there_already_cost_no_time() -> None:
    layers = plan(Document((LARGE, Activation())), Shape(1, 1024, 1024))

    assert cost_of(layers).seconds > cost_of(layers, reused=1).seconds > cost_of(layers, reused=2).seconds == 0


def test_the_sentence_says_the_seconds_and_the_memory() -> None:
    assert cost.Cost(41.3, 6 * 10**9).sentence.startswith("This takes about 41 s and ")
    assert cost.Cost(300.0, 6 * 10**9).sentence.startswith("This takes about 5 minutes and ")


def test_memory_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("convstudio.core.evaluation.evaluate.apply", without_memory)

    with pytest.raises(Refusal, match=r"The memory is not enough for layer 1 \(ReLU\), whose output is 1×1×1; use a"):
        evaluate(Document((Activation(),)), Frame(np.zeros((1, 1, 1)), white=1.0))
