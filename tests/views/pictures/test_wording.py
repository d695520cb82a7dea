"""What is told of a picture's numbers: the share of what is shown, and of what it is the share."""

import numpy as np
import pytest

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.views.pictures.wording import display_sentence, loss_sentence, shares_sentence


def shown(values: list[list[float]], factors: list[float], *, output_map: int = 0) -> Shown:
    """A picture multiplied by some factors, one map each, shown from 0 to 10."""
    weight = np.array(factors, np.float64)[:, None, None, None]
    layer = Conv(weight=Weights(weight), bias=(0.0,) * len(factors), padding=Padding.VALID)
    frame = Frame(np.array(values, np.float32)[:, :, None], white=10.0)
    document = Document((layer,), selected=0, display=Display(DisplayMode.CLIP))
    return show(evaluate(document, frame), Selection(output_map=output_map))


def test_the_share_of_a_list_is_of_all_its_numbers() -> None:
    ten = shown([[1.0]], [-1, 1, -1, 1, -1, 1, -1, 1, -1, 1])

    assert shares_sentence(ten, is_gallery=False) == "50 % of the 10 outputs negative"
    assert shares_sentence(ten, is_gallery=True) == "50 % of the 10 outputs negative"
    assert shares_sentence(shown([[1.0]], [-1]), is_gallery=False) == "100 % of the one output negative"


def test_the_share_of_one_map_says_which() -> None:
    pixels, factors = [[1.0, -2.0], [3.0, 20.0]], [1.0, -1.0]

    first, second = (shown(pixels, factors, output_map=number) for number in (0, 1))

    # 1 −2 3 20: one negative, two outside of 0 … 10; −1 2 −3 −20: three negative, all outside
    assert shares_sentence(first, is_gallery=False) == "map 1: 25 % negative, 50 % clipped"
    assert shares_sentence(second, is_gallery=False) == "map 2: 75 % negative, 75 % clipped"


def test_the_share_of_a_gallery_is_of_all_maps() -> None:
    # of eight values four are negative; 20 and the four are outside
    maps = shown([[1.0, -2.0], [3.0, 20.0]], [1.0, -1.0], output_map=1)

    assert shares_sentence(maps, is_gallery=True) == "2 maps: 50 % negative, 62 % clipped"


def test_a_gallery_that_does_not_show_all_maps_says_so() -> None:
    many = shown([[1.0, 2.0]], [-1.0] * 64 + [1.0] * 2)

    assert shares_sentence(many, is_gallery=True) == "first 64 maps: 100 % negative, 100 % clipped"


def test_maps_that_are_made_smaller_for_the_gallery_are_told_about() -> None:
    wide = shown([[-1.0] * 200, [1.0] * 200], [1.0, 2.0])

    assert shares_sentence(wide, is_gallery=True).startswith("2 maps: about ")
    assert shares_sentence(wide, is_gallery=False) == "map 1: 50 % negative, 50 % clipped"


def test_the_only_map_needs_no_name() -> None:
    assert shares_sentence(shown([[1.0, -1.0]], [1.0]), is_gallery=False) == "50 % negative, 50 % clipped"


@pytest.mark.parametrize(
    ("outside", "count", "text"), [(1, 8, "12.5 %"), (1, 2000, "<0.1 %"), (1999, 2000, ">99.9 %"), (2, 3, "66.7 %")]
)
def test_what_the_colours_leave_out_is_never_rounded_away(outside: int, count: int, text: str) -> None:
    values = [[20.0] * outside + [5.0] * (count - outside)]

    sentence = loss_sentence(shown(values, [1.0]).output)

    assert sentence == f"{text} of the values lie outside of the colour bar"


def test_the_white_of_16_bits_loses_no_digit() -> None:
    frame = Frame(np.array([[0, 65535]], np.uint16)[:, :, None], white=65535)

    picture = show(evaluate(Document(), frame), Selection()).input

    assert display_sentence(picture) == "clip: black 0, white 65,535"
