"""Frames of a camera and edits on their way through feed and engine: none is lost, the newest is last."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from convstudio.commands.looking import LookingCommands
from convstudio.commands.recipe import RecipeCommands
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation
from convstudio.core.view.shown import Shown
from convstudio.runtime.engine import Engine
from convstudio.runtime.feed import Feed
from convstudio.runtime.store import Store
from convstudio.runtime.tasks import Tasks
from tests.runtime.test_engine import Stepwise
from tests.runtime.test_feed import Script


class Bench:
    """Commands with a camera that sends, and an engine that works, when the test says so."""

    def __init__(self, qapp: QApplication) -> None:
        self._qapp = qapp
        self.executor, self.source, self.feed = Stepwise(), Script(), Feed(clock=lambda: 0.0)
        self.engine = Engine(self.executor)
        store = Store(Document((Activation(slope=1),), selected=0))
        self.looking = LookingCommands(store, self.feed, self.engine, Tasks(self.executor))
        self.recipe = RecipeCommands(store, self.looking)
        self.shown: list[tuple[int, float]] = []
        self.looking.shown.connect(self._note)
        self.feed.play(self.source)

    def send(self, *values: int) -> None:
        for value in values:
            self.source.send(value)
            self._qapp.processEvents()

    def work(self) -> None:
        self.executor.step()
        self._qapp.processEvents()

    def edit(self, slope: float) -> None:
        self.recipe.edit_selected(Activation(slope=slope))
        self._qapp.processEvents()

    def _note(self, shown: Shown) -> None:
        layer = shown.result.document.layers[0]
        assert isinstance(layer, Activation)
        self.shown.append((int(shown.result.frame.pixels[0, 0, 0]), layer.slope))


@pytest.fixture
def bench(qapp: QApplication) -> Iterator[Bench]:
    bench = Bench(qapp)
    yield bench
    bench.feed.close()
    bench.engine.close()


def test_frames_that_come_while_one_is_computed_are_all_shown(bench: Bench) -> None:
    bench.send(1, 2, 3)

    while bench.engine.is_busy:
        bench.work()

    assert [value for value, _ in bench.shown] == [1, 2, 3]


def test_where_computing_takes_longer_than_the_camera_two_frames_wait_at_most(bench: Bench) -> None:
    bench.send(*range(1, 11))
    while bench.engine.is_busy:
        bench.work()

    assert [value for value, _ in bench.shown] == [1, 9, 10]


def test_a_drag_does_not_keep_a_camera_waiting(bench: Bench) -> None:
    bench.send(1)
    bench.edit(0.5)
    bench.send(2)
    bench.edit(0.25)

    bench.work()
    bench.work()

    assert bench.shown == [(1, 1), (2, 0.25)]
    assert not bench.engine.is_busy
