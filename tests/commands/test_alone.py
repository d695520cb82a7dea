"""Commands of each subject work without those of the others."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from convstudio.commands.exporting import ExportCommands
from convstudio.commands.looking import LookingCommands
from convstudio.commands.recipe import RecipeCommands
from convstudio.commands.sessions import SessionCommands
from convstudio.commands.sources import SourceCommands
from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Pool
from convstudio.io.export.export import ExportOptions
from convstudio.io.sessions.session import Session, SourceKind, SourceReference, load_session
from convstudio.runtime.engine import Engine
from convstudio.runtime.feed import Feed
from convstudio.runtime.store import Store
from convstudio.runtime.tasks import Tasks
from tests.runtime.test_engine import Stepwise

PICTURE = Frame(np.arange(36, dtype=np.uint8).reshape(6, 6, 1), white=255, name="numbers")
ABSENT = SourceReference(SourceKind.URL, "http://127.0.0.1:1/", None)


class Fallible(Stepwise):
    """As its base, for work that may refuse."""

    def step(self) -> None:
        future, work = self.waiting.pop(0)
        try:
            future.set_result(work())
        except ConvStudioError as refusal:
            future.set_exception(refusal)


class Bench:
    """What commands work with; slow work is done when the test says so."""

    def __init__(self, qapp: QApplication) -> None:
        self._qapp, self._executor = qapp, Fallible()
        self.store, self.feed = Store(Document((Activation(), Pool()), selected=0)), Feed()
        self.engine, self.tasks = Engine(self._executor), Tasks(self._executor)

    def work(self) -> None:
        self._executor.step()
        self._qapp.processEvents()

    def looking(self) -> LookingCommands:
        return LookingCommands(self.store, self.feed, self.engine, self.tasks)

    def recipe(self) -> RecipeCommands:
        return RecipeCommands(self.store, self.looking())

    def sources(self) -> SourceCommands:
        return SourceCommands(self.feed, self.tasks)

    def sessions(self, sources: SourceCommands) -> SessionCommands:
        return SessionCommands(self.store, sources, self.looking(), self.tasks)


@pytest.fixture
def bench(qapp: QApplication) -> Bench:
    return Bench(qapp)


def test_a_recipe_is_edited_and_undone_without_a_picture(bench: Bench) -> None:
    recipe = bench.recipe()
    sentences: list[str] = []
    recipe.said.connect(sentences.append)

    before = recipe.document
    recipe.delete_layer(0)
    edited = recipe.document
    recipe.undo()

    assert edited.layers == (Pool(),)
    assert recipe.document == before
    assert sentences == ["Layer 1 is gone; Undo brings it back."]


def test_a_layer_needs_a_picture(bench: Bench) -> None:
    recipe = bench.recipe()
    refusals: list[str] = []
    recipe.refused.connect(refusals.append)

    recipe.add_layer(lambda _: Pool())

    assert refusals == ["There is no picture yet, so a layer has nothing to work on; open a picture first."]


def test_a_file_that_is_not_there_is_refused_by_whoever_opens_it(bench: Bench, tmp_path: Path) -> None:
    sources = bench.sources()
    refusals: list[str] = []
    sources.refused.connect(refusals.append)

    sources.open(str(tmp_path / "nothing.png"))
    bench.work()

    assert len(refusals) == 1
    assert "nothing.png" in refusals[0]


def test_what_is_opened_later_wins_over_what_takes_longer(bench: Bench) -> None:
    sources = bench.sources()

    sources.open_sample("camera")
    sources.paste(PICTURE)
    bench.work()

    assert bench.feed.frame is PICTURE
    assert sources.source.kind is SourceKind.PICTURE


def test_a_session_is_saved_with_its_source(bench: Bench, tmp_path: Path) -> None:
    sources = bench.sources()
    sessions = bench.sessions(sources)
    sources.open_grid([[1.0, 2.0], [3.0, 4.0]])

    sessions.save(tmp_path / "mine.convstudio")
    bench.work()  # the picture
    bench.work()

    session = load_session(tmp_path / "mine.convstudio")
    assert session.document.layers == (Activation(), Pool())
    assert session.source.grid == ((1.0, 2.0), (3.0, 4.0))
    assert not bench.store.is_dirty


def test_a_question_about_a_source_is_settled_as_soon_as_another_is_opened(bench: Bench, tmp_path: Path) -> None:
    sources = bench.sources()
    sessions = bench.sessions(sources)
    questions: list[SourceReference | None] = []
    sessions.source_questioned.connect(questions.append)

    sessions.take(tmp_path / "foreign.convstudio", Session(Document(), ABSENT))
    sources.paste(PICTURE)

    assert questions == [ABSENT, None]


def test_work_is_put_back_with_its_past_and_its_picture(bench: Bench) -> None:
    sources = bench.sources()
    sessions = bench.sessions(sources)
    sources.paste(PICTURE)
    bench.store.edit(Document((Pool(),), selected=0))

    work = sessions.keep_work()
    sessions.set_up(Document(), Frame(np.zeros((3, 3, 1), np.uint8), white=255, name="a lesson's"))
    sessions.bring_back(work)

    assert bench.feed.frame is PICTURE
    assert bench.store.document.layers == (Pool(),)
    assert bench.store.can_undo


def test_an_export_needs_a_result(bench: Bench, tmp_path: Path) -> None:
    exporting = ExportCommands(bench.tasks)
    refusals: list[str] = []
    exporting.refused.connect(refusals.append)

    exporting.export(None, tmp_path / "filtered.png", ExportOptions())

    assert refusals == ["There is no result to export yet; open a picture first."]
