"""Tiles cover an output exactly once, stay within their memory, and together are the whole."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.evaluation.tiles import evaluate_tiled, tile_bytes, tiles, whole_bytes
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Channels, Conv, Dense, Layer, Pool, Weights
from convstudio.core.recipe.plan import plan

GENERATOR = np.random.default_rng(11)
BLUR = Conv(
    weight=Weights(np.ones((1, 1, 5, 5))), bias=(0.5,), padding=Padding.SAME, border=Border.CIRCULAR,
    channels=Channels.EACH,
)  # fmt: skip
EDGE = Conv(
    weight=Weights([[[[1.0, 0.0, -1.0]] * 3]]), bias=(0.0,), padding=Padding.SAME, border=Border.REFLECT,
    channels=Channels.EACH,
)  # fmt: skip


def picture(height: int, width: int, channels: int = 3) -> Frame:
    return Frame(GENERATOR.integers(0, 256, (height, width, channels)).astype(np.uint8), white=255)


@given(st.data())
def test_tiles_cover_every_output_once_and_fit(data: st.DataObject) -> None:
    shape = Shape(data.draw(st.integers(1, 9)), data.draw(st.integers(8, 300)), data.draw(st.integers(8, 300)))
    layers: tuple[Layer, ...] = data.draw(st.sampled_from([(), (BLUR,), (BLUR, Pool(), EDGE)]))
    recipe_plan = plan(Document(layers), shape)
    index = len(layers) - 1
    budget = data.draw(st.integers(1, 10**6))

    cut = tiles(recipe_plan, index, budget)

    times = np.zeros(recipe_plan.output[1:], int)
    for top, bottom, left, right in cut:
        times[top:bottom, left:right] += 1
    assert (times == 1).all()
    small = max(region.height for region in cut) <= 16 and max(region.width for region in cut) <= 16
    assert small or max(tile_bytes(recipe_plan, index, region) for region in cut) <= budget


def test_the_tiles_together_are_the_whole() -> None:
    frame, document = picture(61, 83), Document((BLUR, Activation(), EDGE, Pool(window=Pair(3, 3), stride=Pair(2, 2))))
    whole = evaluate(document, frame)

    parts = list(evaluate_tiled(document, frame, 3, budget=30_000))

    output = np.full_like(whole.outputs[3], np.nan)
    for (top, bottom, left, right), planes in parts:
        output[:, top:bottom, left:right] = planes
    assert len(parts) > 4
    np.testing.assert_array_equal(output, whole.outputs[3])  # sums of whole numbers are exact


def test_what_must_be_seen_whole_comes_as_one_tile() -> None:
    frame, document = picture(40, 50), Document((EDGE, Pool(is_global=True), Dense(units=4, seed=2), Activation()))

    ((region, planes),) = evaluate_tiled(document, frame, 3, budget=10_000)

    assert region == (0, 1, 0, 1)
    np.testing.assert_array_equal(planes, evaluate(document, frame).outputs[3])


def test_memory_stays_near_the_budget_whatever_the_picture_needs() -> None:
    frame, document = picture(1200, 1500), Document((BLUR, EDGE, BLUR))
    budget = 2**21

    tracemalloc.start()
    for _, planes in evaluate_tiled(document, frame, 2, budget=budget):
        assert planes.nbytes < budget
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert whole_bytes(plan(document, frame.shape), 2) == 4 * 4 * 3 * 1200 * 1500
    assert peak < 2 * budget  # a fortieth of the 86 MB above


def test_progress_grows_to_one_and_may_end_the_work() -> None:
    class NotWantedError(Exception):
        pass

    heard: list[float] = []

    def stop(fraction: float) -> None:
        heard.append(fraction)
        if fraction > 0.5:
            raise NotWantedError

    done: list[float] = []
    for _ in evaluate_tiled(Document((BLUR,)), picture(60, 60), 0, budget=20_000, progress=done.append):
        pass
    with pytest.raises(NotWantedError):
        list(evaluate_tiled(Document((BLUR,)), picture(60, 60), 0, budget=20_000, progress=stop))

    assert done == sorted(done)
    assert done[-1] == 1.0
    assert len(heard) < len(done)


def test_a_layer_too_large_for_memory_is_fine_in_tiles_but_not_where_it_is_seen_whole() -> None:
    many = Conv(weight=Weights(np.ones((700, 1, 1, 1))), bias=(0.0,) * 700, channels=Channels.EACH)
    frame = Frame(np.zeros((1000, 2000, 1), np.uint8), white=255)

    _, planes = next(evaluate_tiled(Document((many,)), frame, 0))

    assert planes.shape[0] == 700
    with pytest.raises(ConvStudioError, match=r"Layer 1 .* has 1,400,000,000 numbers"):
        next(evaluate_tiled(Document((many, Pool(is_global=True))), frame, 1))
