"""Single values are the same whether a result holds them or computes them on the spot."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.evaluation.values import values_at
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Dense, Pool
from tests.amounts import random_cases
from tests.core.evaluation.test_region import stacks

CASES = random_cases(150)
NOTHING = np.empty((0, 0, 0), np.float32)


def by_parts(result: Result) -> Result:
    """The same result as if its picture were too large to be held."""
    return replace(result, source=NOTHING, outputs=(), preview=result)


@CASES
@given(st.data())
def test_values_computed_on_the_spot_are_those_of_the_whole(data: st.DataObject) -> None:
    pixels = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, 100, (9, 11, 2 + 1)).astype(np.uint8)
    layers = data.draw(stacks(3, "convolution", "transposed", "activation", "max"))
    try:
        result = evaluate(Document(layers), Frame(pixels, white=255))
    except ConvStudioError:
        assume(False)
    index = data.draw(st.integers(-1, len(layers) - 1))
    places = [
        np.array(data.draw(st.lists(st.integers(0, length - 1), min_size=1, max_size=4)))
        for length in result.plan.shape_at(index)
    ]

    values = values_at(by_parts(result), index, *places)

    np.testing.assert_array_equal(values, result.planes_at(index)[np.ix_(*places)])


@pytest.mark.parametrize("layer", [Dense(units=2), Pool(is_global=True)])
def test_what_sees_the_whole_picture_is_not_looked_into_value_by_value(layer: Dense | Pool) -> None:
    result = by_parts(evaluate(Document((layer,)), Frame(np.zeros((5, 6, 1)), white=1.0)))
    first = np.array([0])

    with pytest.raises(ConvStudioError, match="needs its whole input, 6×5×1"):
        values_at(result, 0, first, first, first)


def test_a_result_that_is_not_whole_says_so_to_whoever_wants_all_of_it() -> None:
    result = by_parts(evaluate(Document(), Frame(np.zeros((5, 6, 1)), white=1.0)))

    with pytest.raises(ConvStudioError, match="6×5×1 is computed part by part"):
        result.planes_at(-1)


def test_more_than_somebody_waits_for_is_refused_with_its_number() -> None:
    side = 2200
    result = by_parts(evaluate(Document(), Frame(np.zeros((side, side, 1), np.uint8), white=255)))

    with pytest.raises(ConvStudioError, match="4,840,000 others, more than the 4,194,304"):
        values_at(result, -1, np.array([0]), np.arange(side), np.arange(side))
