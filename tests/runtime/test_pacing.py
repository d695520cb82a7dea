"""Pacing: a picture first, then short turns; figures seldom, and the last ones always."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Layer, Pool, Weights
from convstudio.runtime.pacing import FIGURES_INTERVAL, Pacing, is_drag


class Bench:
    """A pacing, and what was due when."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.pacing = Pacing()
        self.due: list[str] = []
        self.figures_at: list[float] = []
        self.pacing.recipe_due.connect(lambda: self.due.append("recipe"))
        self.pacing.figures_due.connect(lambda: self.due.append("figures"))
        self.pacing.figures_due.connect(lambda: self.figures_at.append(perf_counter()))

    @property
    def is_idle(self) -> bool:
        """Whether nothing will be due any more."""
        return not any(timer.isActive() for timer in self.pacing.findChildren(QTimer))

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: self.is_idle)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_panels_follow_a_picture_that_stands_still_at_once(bench: Bench) -> None:
    bench.pacing.follow(is_moving=False)

    assert bench.due == ["recipe", "figures"]
    assert bench.is_idle


def test_panels_follow_a_picture_of_a_drag_in_turns_of_the_event_loop(bench: Bench) -> None:
    bench.pacing.follow(is_moving=True)
    assert bench.due == []

    bench.rest()

    assert bench.due == ["recipe", "figures"]


def test_figures_follow_twenty_times_a_second_at_most_and_the_recipe_follows_every_picture(bench: Bench) -> None:
    for number in range(1, 21):
        bench.pacing.follow(is_moving=True)
        bench.qtbot.waitUntil(lambda: bench.due.count("recipe") == number)  # noqa: B023  # it is called here
    bench.rest()

    gaps = np.diff(bench.figures_at)
    assert gaps.size >= 1
    assert gaps.min() > 0.95 * FIGURES_INTERVAL / 1000  # as exact as a timer of Qt is
    assert bench.due[-1] == "figures"  # those of the last picture are shown, though no other comes


def test_a_drag_whose_pictures_are_slow_is_shown_without_one(bench: Bench) -> None:
    bench.pacing.drag()
    assert bench.due == []

    bench.rest()

    assert bench.due == ["recipe"]


def test_a_drag_that_the_panels_show_already_is_not_due(bench: Bench) -> None:
    bench.pacing.drag()

    bench.pacing.recipe_shown()

    assert bench.is_idle
    assert bench.due == []


def test_a_drag_waits_for_what_follows_a_picture(bench: Bench) -> None:
    bench.pacing.follow(is_moving=True)
    bench.pacing.drag()

    bench.rest()

    assert bench.due == ["recipe", "figures", "recipe"]


def test_a_picture_takes_the_place_of_one_that_was_not_followed_yet(bench: Bench) -> None:
    bench.pacing.follow(is_moving=True)

    bench.pacing.follow(is_moving=False)

    assert bench.due == ["recipe", "figures"]
    assert bench.is_idle


def test_what_is_dropped_never_follows(bench: Bench) -> None:
    bench.pacing.follow(is_moving=False)
    bench.pacing.follow(is_moving=True)

    bench.pacing.drop()

    assert bench.is_idle
    assert bench.due == ["recipe", "figures"]


CONV = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,))
DRAGGED = replace(CONV, weight=Weights(np.full((1, 1, 3, 3), 2.0)))


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda conv: replace(conv, weight=DRAGGED.weight), True),
        (lambda conv: replace(conv, bias=(0.5,)), True),
        (lambda conv: replace(conv, weight=Weights(np.ones((1, 1, 5, 5)))), False),
        (lambda conv: replace(conv, weight=DRAGGED.weight, stride=Pair(2, 2)), False),
        (lambda _: Pool(), False),
    ],
    ids=["weights", "biases", "another size", "a stride too", "another kind"],
)
def test_a_drag_changes_nothing_but_numbers(change: Callable[[Conv], Layer], answer: bool) -> None:
    document = Document((CONV, Pool()), selected=0)

    assert is_drag(document, replace(document, layers=(change(CONV), Pool()))) is answer


def test_a_drag_is_of_the_layer_that_was_selected_before() -> None:
    document = Document((CONV, CONV), selected=0)

    assert is_drag(document, replace(document, layers=(DRAGGED, CONV)))
    assert not is_drag(document, replace(document, layers=(CONV, DRAGGED)))
    assert not is_drag(document, replace(document, layers=(CONV, DRAGGED), selected=1))
    assert not is_drag(document, replace(document, layers=(DRAGGED,)))
    assert not is_drag(document, document)
    assert not is_drag(None, document)
