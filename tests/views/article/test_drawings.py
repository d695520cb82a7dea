"""The drawings of the argument: what they show, what a hand does with them, and what becomes of the ties."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.first_recipes import articles_recipe
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.article.drawings import Drawing
from convstudio.views.article.drawings import ArticleDrawings

GRID = Frame(np.tile(np.array([10.0, 10, 10, 0, 0, 0], np.float32), (6, 1))[:, :, None], white=10)
COLOURED = Frame(np.zeros((32, 32, 3), np.float32), white=255)


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., ArticleDrawings]:
    def drawn(drawing: Drawing, result: Result, *, is_shared: bool = True) -> ArticleDrawings:
        drawings = ArticleDrawings()
        qtbot.addWidget(drawings)
        drawings.resize(352, 300)
        drawings.show_drawing(drawing)
        drawings.show_result(result, is_shared=is_shared)
        drawings.show()
        qtbot.waitExposed(drawings)
        return drawings

    return drawn


def of_groups(groups: int) -> Result:
    return evaluate(recipe_from(f"conv filters 6 size 5 channels 3 groups {groups} padding valid"), COLOURED)


def test_one_filter_has_the_same_nine_colours_at_three_places_and_answers_0_30_and_0(
    show: Callable[..., ArticleDrawings],
) -> None:
    drawings = show(Drawing.THREE_PLACES, evaluate(articles_recipe(), GRID))
    places = drawings.places

    first, *others = [picture.colours() for picture in places.pictures]
    assert len({colour.name() for colour in first}) == 9
    assert others == [first, first]
    assert [picture.answer for picture in places.pictures] == [0, 30, 0]


def test_without_ties_no_two_places_have_a_weight_in_common(show: Callable[..., ArticleDrawings]) -> None:
    drawings = show(Drawing.THREE_PLACES, evaluate(articles_recipe(), GRID), is_shared=False)
    places = drawings.places

    assert len({colour.name() for picture in places.pictures for colour in picture.colours()}) == 27


def test_a_window_is_dragged_and_moved_with_the_arrow_keys_and_stays_on_the_picture(
    show: Callable[..., ArticleDrawings],
) -> None:
    drawings = show(Drawing.THREE_PLACES, evaluate(articles_recipe(), GRID))
    picture = drawings.places.pictures[0]
    start, cell = picture.window_rect().center().toPoint(), picture.window_rect().width() / 3

    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(picture, start + QPoint(round(cell), round(2 * cell)))
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=start + QPoint(round(cell), round(2 * cell)))
    dragged, answer = picture.place, picture.answer
    for _ in range(7):
        QTest.keyClick(picture, Qt.Key.Key_Right)

    assert (dragged, answer) == ((2, 1), 30)
    assert (picture.place, picture.answer) == ((2, 3), 0)


@pytest.mark.parametrize(("groups", "present"), [(3, [True, False]), (1, [False, True])])
def test_156_and_456_stand_beside_each_other_as_sums(
    show: Callable[..., ArticleDrawings], groups: int, present: list[bool]
) -> None:
    drawings = show(Drawing.SUMS, of_groups(groups))
    cards = drawings.sums.cards

    assert [card.lines[1:] for card in cards] == [
        ("5·5 + 1 = 26", "26 × 6 =", "156"),
        ("5·5·3 + 1 = 76", "76 × 6 =", "456"),
    ]
    assert [card.isChecked() for card in cards] == present


def test_a_click_on_a_sum_asks_for_its_groups_and_the_layer_says_which_is_present(
    show: Callable[..., ArticleDrawings], qtbot: QtBot
) -> None:
    drawings = show(Drawing.SUMS, of_groups(3))

    with qtbot.waitSignal(drawings.groups_chosen) as asked:
        QTest.mouseClick(drawings.sums.cards[1], Qt.MouseButton.LeftButton)

    assert asked.args == [1]
    assert [card.isChecked() for card in drawings.sums.cards] == [True, False]


def test_what_cannot_be_drawn_is_not_shown(show: Callable[..., ArticleDrawings]) -> None:
    places = show(Drawing.THREE_PLACES, of_groups(3))
    sums = show(Drawing.SUMS, evaluate(articles_recipe(), GRID))

    assert not places.places.isVisible()
    assert not sums.sums.isVisible()
