"""Looking at another recipe before it is taken: it is computed and shown at once, and the document stays as it is."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Layer, Pool
from convstudio.core.view.shown import Shown
from tests.commands.test_looking import Bench


class PreviewBench(Bench):
    """A picture of twos through a layer that multiplies nothing; what the pictures show is noted by its slope."""

    def __init__(self, qapp: QApplication) -> None:
        super().__init__(qapp)
        self.previewed: list[tuple[int, float]] = []
        self.ended: list[bool] = []
        self.refused: list[str] = []
        self.looking.previewed.connect(self._note_preview)
        self.looking.preview_ended.connect(lambda: self.ended.append(True))
        self.looking.refused.connect(self.refused.append)

    def look_at(self, recipe: Document | Layer) -> None:
        self.looking.preview(recipe)
        self.flush()

    def flush(self) -> None:
        QApplication.processEvents()

    def settle(self) -> None:
        while self.engine.is_busy:
            self.work()

    @property
    def slope(self) -> float:
        layer = self.recipe.document.layers[0]
        assert isinstance(layer, Activation)
        return layer.slope

    def _note_preview(self, shown: Shown) -> None:
        layer = shown.result.document.layers[0]
        assert isinstance(layer, Activation)
        self.previewed.append((int(shown.result.frame.pixels[0, 0, 0]), layer.slope))


@pytest.fixture
def bench(qapp: QApplication) -> Iterator[PreviewBench]:
    bench = PreviewBench(qapp)
    bench.send(2)
    bench.settle()
    yield bench
    bench.feed.close()
    bench.engine.close()


def test_a_preview_is_shown_and_is_no_edit(bench: PreviewBench) -> None:
    own = bench.looking.latest

    bench.look_at(Activation(slope=5))
    bench.settle()

    assert bench.previewed == [(2, 5)]
    assert bench.looking.on_screen is not own
    assert bench.looking.latest is own  # what would be saved and copied
    assert bench.slope == 1
    assert not bench.recipe.store.can_undo
    assert not bench.recipe.store.is_dirty


def test_its_end_brings_the_document_back_without_computing_it_again(bench: PreviewBench) -> None:
    bench.look_at(Activation(slope=5))
    bench.settle()

    bench.looking.end_preview()

    assert bench.previewed == [(2, 5), (2, 1)]
    assert bench.looking.on_screen is bench.looking.latest
    assert bench.ended == [True]
    assert not bench.engine.is_busy


def test_a_preview_that_ended_before_its_answer_came_is_never_shown(bench: PreviewBench) -> None:
    bench.look_at(Activation(slope=5))
    bench.looking.end_preview()
    bench.settle()

    assert bench.previewed == []
    assert bench.looking.on_screen is bench.looking.latest


def test_the_newest_preview_wins(bench: PreviewBench) -> None:
    for slope in (3, 4, 5):
        bench.look_at(Activation(slope=slope))
    bench.settle()

    assert bench.previewed == [(2, 5)]


def test_the_frames_of_a_camera_are_shown_through_the_preview_until_it_ends(bench: PreviewBench) -> None:
    bench.look_at(Activation(slope=5))
    bench.settle()
    bench.send(7)
    bench.settle()
    bench.looking.end_preview()
    bench.settle()

    assert bench.previewed == [(2, 5), (7, 5)]
    assert bench.shown == [(2, 1), (7, 1)]


def test_an_edit_ends_it_and_late_answers_are_dropped(bench: PreviewBench) -> None:
    bench.look_at(Activation(slope=5))

    bench.edit(0.5)
    bench.settle()

    assert bench.previewed == []
    assert bench.shown == [(2, 1), (2, 0.5)]
    assert bench.ended == [True]


@pytest.mark.parametrize("way", ["undo", "layer", "session"])
def test_undo_another_layer_and_another_session_end_it(bench: PreviewBench, way: str) -> None:
    bench.edit(0.5)
    bench.settle()
    bench.look_at(Activation(slope=5))
    bench.settle()

    match way:
        case "undo":
            bench.recipe.undo()
        case "layer":
            bench.looking.select(-1)
        case _:
            bench.recipe.store.open(Document((Activation(slope=9),), selected=0))
    bench.settle()

    assert bench.ended == [True]
    assert bench.looking.on_screen is bench.looking.latest
    assert bench.shown[-1] == {"undo": (2, 1), "layer": (2, 0.5)}.get(way, (2, 9))


def test_an_edit_under_way_is_computed_before_the_preview(bench: PreviewBench) -> None:
    bench.edit(0.5)
    bench.look_at(Activation(slope=5))
    bench.settle()

    assert bench.shown[-1] == (2, 0.5)
    assert bench.previewed == [(2, 5)]
    assert bench.looking.latest is not None
    assert bench.looking.latest.result.document is bench.recipe.document


def test_what_cannot_be_computed_is_refused_in_a_sentence_and_nothing_is_previewed(bench: PreviewBench) -> None:
    bench.look_at(Activation(slope=5))
    bench.settle()

    bench.look_at(Pool())  # 2×2 on a picture of 2×3 is fine; twice it is not
    bench.look_at(Document((Pool(), Pool()), selected=0))

    assert len(bench.refused) == 1
    assert bench.looking.on_screen is bench.looking.latest
