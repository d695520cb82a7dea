"""The count strip: the article's numbers in one line that never needs more room than there is."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.recipe.new_layers import image_filter
from convstudio.core.recipe.plan import Plan, plan
from convstudio.core.recipe.text import recipe_from
from convstudio.views.count_strip import CountStrip
from convstudio.views.measures import COMPACT, LARGE, MEDIUM, SMALL, Measures

ARTICLE = plan(recipe_from("conv filters 6 size 5 padding valid"), Shape(3, 32, 32))
LENET = plan(recipe_from("conv filters 6 size 5 padding valid | relu | max 2 | dense 10"), Shape(3, 32, 32))
PHOTO = plan(Document((image_filter(np.ones((1, 3, 3))),)), Shape(3, 512, 512))


@pytest.fixture
def strip(qtbot: QtBot) -> CountStrip:
    strip = CountStrip()
    qtbot.addWidget(strip)
    strip.resize(1200, 40)
    with qtbot.waitExposed(strip):
        strip.show()
    return strip


def test_a_photograph_under_one_kernel_for_all_channels(strip: CountStrip) -> None:
    strip.show_plan(PHOTO, 0)

    # (512·512·3)² pairs; 3·(3·512 − 2)² connections, as the mirrored places of an edge are its neighbours; nine weights
    assert strip.text == (
        "Dense 618 billion Locally connected 7.06 million Convolution 9 68.7 billion times fewer ≈ 87,600 × 784,000"
    )
    layer = PHOTO.steps[0].layer
    assert isinstance(layer, Conv)
    assert layer.channels is Channels.EACH


def test_the_articles_numbers(strip: CountStrip) -> None:
    strip.show_plan(ARTICLE, 0)

    assert strip.text == "Dense 14.5 million Locally connected 353,000 Convolution 450 32,113 times fewer ≈ 41 × 784"
    assert strip.toolTip() == "The selected layer has 450 weights; locally connected 352,800, dense 14,450,688."


@pytest.mark.parametrize("selected", [-1, 1, 2])
def test_what_has_no_weights_counts_the_stack(strip: CountStrip, selected: int) -> None:
    strip.show_plan(LENET, selected)

    # the dense layer has 14·14·6 = 1,176 inputs and 10 units, in all three ways
    assert strip.text.startswith("Stack: Dense 14.5 million Locally connected 365,000 Convolution 12,200 ")
    assert strip.toolTip() == "All layers together have 12,210 weights; locally connected 364,560, dense 14,462,448."


@pytest.mark.parametrize(
    ("measures", "width", "text"),
    [
        (LARGE, 1200, "Dense 576 Locally connected 144 Convolution 9 64 times fewer = 4 × 16"),
        (SMALL, 1200, "Dense 576 Local 144 Convolution 9 64 times fewer"),
        (COMPACT, 1200, "64 times fewer"),
        (MEDIUM, 300, "64 times fewer = 4 × 16"),
        (MEDIUM, 100, "64 times fewer"),
    ],
)
def test_the_least_parts_go_first(strip: CountStrip, measures: Measures, width: int, text: str) -> None:
    strip.show_plan(plan(recipe_from("conv size 3 padding valid"), Shape(1, 6, 6)), 0)

    strip.show_measures(measures)
    strip.resize(width, 40)

    assert strip.text == text
    assert strip.minimumSizeHint().width() <= 100
    assert strip.rect().contains(strip.open.geometry())
    assert not strip.grab().isNull()


def test_on_the_count_stage_a_number_is_said_once(strip: CountStrip) -> None:
    strip.show_plan(ARTICLE, 0)

    strip.show_sentence_only(is_on=True)

    assert strip.text == "32,113 times fewer weights ≈ 41 × 784"
    assert not strip.open.isVisible()


def test_its_button_opens_the_count_by_mouse_and_by_key(strip: CountStrip, qtbot: QtBot) -> None:
    strip.show_plan(ARTICLE, 0)

    with qtbot.waitSignal(strip.opened):
        QTest.mouseClick(strip.open, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(strip.opened):
        QTest.keyClick(strip.open, Qt.Key.Key_Space)


@pytest.mark.parametrize(
    ("counted_plan", "text"),
    [
        (None, "Nothing is convolved here yet"),
        (plan(Document(()), Shape(1, 6, 6)), "Nothing is convolved here yet"),
        (plan(Document((Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,)),)), Shape(1, 1, 1)), ""),
    ],
)
def test_where_nothing_is_saved_it_claims_nothing(strip: CountStrip, counted_plan: Plan | None, text: str) -> None:
    strip.show_plan(counted_plan, 0 if text == "" else -1)

    assert strip.text == (text or "Dense 1 Locally connected 1 Convolution 9 No fewer weights than a dense layer")
