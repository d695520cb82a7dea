"""Whole numbers from people: what is too large is refused in a sentence, before anything is made of it."""

import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.plan import plan
from convstudio.core.recipe.text import recipe_from


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        ("conv sobel-x dilation 1000000000", "dilation is 1,000,000,000, but at most 65,536"),
        ("conv sobel-x stride 99999999999999999999", "stride is 99,999,999,999,999,999,999, but at most 65,536"),
        ("conv sobel-x padding 70000", "padding is 70,000, but at most 65,536"),
        ("conv filters 99999999999 size 5", "number of filters is 99,999,999,999, but at most 65,536"),
        ("conv size 5 channels 99999999999", "number of channels is 99,999,999,999, but at most 65,536"),
        ("conv filters 60000 size 31 channels 60000", "number of weights is 3,459,600,000,000, but at most 67,108,864"),
        ("conv size 3 groups 1e30", "groups must divide"),
        ("conv size ²", "size of “conv” is not a number"),
        ("transposed 999999", "A kernel has 1 to 31 rows, not 999999"),
        ("transposed 3 channels 99999999", "number of filters is 99,999,999, but at most 65,536"),
        ("transposed 3 stride 1000000000", "stride is 1,000,000,000, but at most 65,536"),
        ("max 100000", "window is 100,000, but at most 65,536"),
        ("max 2 padding 100000", "padding is 100,000, but at most 65,536"),
        ("dense 10000000000000000000", "number of units is 10,000,000,000,000,000,000, but at most 1,073,741,824"),
    ],
)
def test_a_recipe_with_too_large_a_number_is_refused(recipe: str, sentence: str) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        recipe_from(recipe)


@pytest.mark.parametrize("recipe", ["conv sobel-x padding 20000", "max 2 stride 65536", "conv filters 3000 size 3"])
def test_large_numbers_that_can_be_used_are_taken(recipe: str) -> None:
    assert plan(recipe_from(recipe), Shape(1, 64, 64)).output.size > 0
