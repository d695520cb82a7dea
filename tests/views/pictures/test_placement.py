"""Placement: zooming, and how layers lie on one another, by hand."""

import pytest

from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Pool, Weights
from convstudio.core.recipe.plan import plan
from convstudio.views.pictures.canvas.placement import Link, View, fitted, link_to_frame


def test_zooming_keeps_the_point_under_the_cursor() -> None:
    view = View(50, 40, 2, 2)

    zoomed = view.zoomed(4, 30, -20)

    # 30 screen pixels right of the middle is x = 50 + 30/2 = 65 before, and stays it at 8 pixels each
    assert zoomed.x + 30 / zoomed.wide == pytest.approx(65)
    assert zoomed.y - 20 / zoomed.high == pytest.approx(30)
    assert zoomed.wide == 8


def test_pushing_right_shows_what_is_left() -> None:
    assert View(50, 40, 2, 2).moved(10, 0) == View(45, 40, 2, 2)


def test_fitting_uses_the_scarcer_side() -> None:
    assert fitted(100, 50, 200, 200) == View(50, 25, 2, 2)
    assert fitted(100, 50, 200, 200, is_filled=True) == View(50, 25, 4, 4)


def test_a_valid_3x3_lies_one_pixel_in() -> None:
    layer = Conv(weight=Weights([[[[1] * 3] * 3]]), bias=(0,), padding=Padding.VALID)

    link = link_to_frame(plan(Document((layer,)), Shape(1, 6, 6)), 0)

    # output pixel 0 … 1 lies on input pixel 1 … 2
    assert link == Link(1, 1, 1, 1)


def test_a_2x2_pool_covers_its_windows() -> None:
    link = link_to_frame(plan(Document((Pool(),)), Shape(1, 6, 6)), 0)

    assert link == Link(2, 2, 0, 0)
    assert link.outward(View(1, 1, 8, 8)) == View(2, 2, 4, 4)
    assert link.inward(link.outward(View(1, 1, 8, 8))) == View(1, 1, 8, 8)


def test_two_layers_are_linked_through_the_frame() -> None:
    pools = plan(Document((Pool(), Pool(window=Pair(3, 3), stride=Pair(3, 3)))), Shape(1, 12, 12))

    link = link_to_frame(pools, 1).to(link_to_frame(pools, 0))

    # pixel i of the second pool covers 3i … 3i + 3 of the first
    assert link == Link(3, 3, 0, 0)
