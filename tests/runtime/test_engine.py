"""The store and the engine: newest wins, one at a time, answers for older sources are dropped."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, Pool, Weights
from convstudio.core.view.refinement import refine
from convstudio.core.view.shown import Selection, Shown
from convstudio.runtime.engine import Answer, Engine, Job, pace_for
from convstudio.runtime.store import Store

FRAME = Frame(np.zeros((8, 8, 1), np.uint8), white=255)


class Stepwise(Executor):
    """Runs one submitted job whenever the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: work(*arguments)))
        return future

    def step(self) -> None:
        future, work = self.waiting.pop(0)
        future.set_result(work())


def job(slope: float, generation: int = 0) -> Job:
    return Job(Document((Activation(slope=slope),)), FRAME, Selection(), generation)


def slope_of(answer: Answer) -> float:
    layer = answer.job.document.layers[0]
    assert isinstance(layer, Activation)
    return layer.slope


def test_the_newest_job_wins_and_one_waits_at_most(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor)
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    for number in range(200):
        engine.submit(job(number))
        assert len(executor.waiting) == 1
    executor.step()
    qapp.processEvents()
    executor.step()
    qapp.processEvents()

    assert [slope_of(answer) for answer in answers] == [0, 199]
    assert not executor.waiting
    assert not engine.is_busy


def seconds() -> Callable[[], float]:
    """A clock on which everything takes a second."""
    ticks = count()
    return lambda: float(next(ticks))


@pytest.mark.parametrize(
    ("newer", "answered"),
    [
        (lambda old: job(2), [2]),  # another recipe: nobody would look at the old one's picture
        (lambda old: job(2, generation=1), [2]),
        (lambda old: replace(old, generation=1), [1]),  # another source; its answer has the same slope
        (lambda old: replace(job(2), is_draft=True), [1, 2]),  # the next step of a gesture
        (lambda old: replace(old, frame=Frame(np.ones((8, 8, 1), np.uint8), white=255)), [1, 1]),  # a camera goes on
        (lambda old: replace(old, selection=Selection(output_map=1)), [1, 1]),
    ],
)
def test_a_job_is_given_up_when_another_recipe_or_source_waits(
    qapp: QApplication, newer: Callable[[Job], Job], answered: list[float]
) -> None:
    executor = Stepwise()
    engine = Engine(executor, clock=seconds())
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    old = job(1)
    engine.submit(old)
    engine.submit(newer(old))
    for _ in range(2):
        executor.step()
        qapp.processEvents()

    assert [slope_of(answer) for answer in answers] == answered
    assert not engine.is_busy


def test_what_ends_soon_is_shown_although_another_recipe_waits(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor, clock=lambda: 7.0)
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    engine.submit(job(1))
    engine.submit(job(2))
    for _ in range(2):
        executor.step()
        qapp.processEvents()

    assert [slope_of(answer) for answer in answers] == [1, 2]


def test_where_the_large_pictures_are_shown_the_small_ones_follow_although_another_recipe_waits(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    photograph = Frame(np.random.default_rng(1).integers(0, 256, (256, 256, 1), dtype=np.uint8), white=255)
    first, second, third = (replace(job(slope), frame=photograph) for slope in (0.1, 0.2, 0.3))

    def refined_with_an_edit(*arguments: Any, **named: Any) -> Iterator[Shown]:
        for shown in refine(*arguments, **named):
            yield shown
            if shown.result.document is second.document and not shown.is_complete:
                engine.submit(third)

    monkeypatch.setattr("convstudio.runtime.engine.refine", refined_with_an_edit)
    executor = Stepwise()
    engine = Engine(executor, clock=seconds())
    answers: list[Answer] = []
    engine.answered.connect(answers.append)
    for work in (first, second):
        engine.submit(work)
        executor.step()
        qapp.processEvents()
    executor.step()
    qapp.processEvents()

    seen = [(slope_of(answer), answer.shown is not None and answer.shown.is_complete) for answer in answers]
    assert seen == [(0.1, True), (0.2, False), (0.2, True), (0.3, False), (0.3, True)]


def test_a_closed_engine_gives_up_at_once(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    applied: list[object] = []
    monkeypatch.setattr("convstudio.core.evaluation.evaluate.apply", lambda *arguments: applied.append(arguments))
    executor = Stepwise()
    engine = Engine(executor)

    engine.submit(job(1))
    engine.close()
    executor.step()
    qapp.processEvents()

    assert applied == []


def test_memory_that_is_not_there_is_a_refusal(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    def without_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("convstudio.core.view.refinement.show", without_memory)
    executor = Stepwise()
    engine = Engine(executor)
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    engine.submit(job(1))
    executor.step()
    qapp.processEvents()

    assert answers[0].fault == ""
    assert str(answers[0].refusal).startswith("The memory is not enough for this; use a smaller picture")


def test_an_engine_is_full_while_it_has_a_frame_that_nobody_has_begun(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor)
    begun: list[bool] = []
    engine.began.connect(lambda: begun.append(engine.is_full))

    engine.submit(job(1))
    engine.submit(job(2))
    of_the_same_frame = engine.is_full
    engine.submit(replace(job(3), frame=Frame(np.ones((8, 8, 1), np.uint8), white=255)))
    of_another = engine.is_full
    executor.step()
    qapp.processEvents()

    assert (of_the_same_frame, of_another) == (False, True)
    assert begun == [False, False]


def test_jobs_begin_no_more_often_than_the_screen_changes_and_at_once_after_a_rest(qtbot: QtBot) -> None:
    executor, now = Stepwise(), [100.0]
    engine = Engine(executor, pace=0.016, clock=lambda: now[0])
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    engine.submit(job(1))
    executor.step()
    now[0] += 0.010
    qtbot.waitUntil(lambda: len(answers) == 1)
    for number in (2, 3):
        engine.submit(job(number))
    assert not executor.waiting
    assert engine.is_busy
    now[0] += 0.006
    qtbot.waitUntil(lambda: bool(executor.waiting))
    executor.step()
    qtbot.waitUntil(lambda: len(answers) == 2)
    now[0] += 0.016
    engine.submit(job(4))

    assert len(executor.waiting) == 1
    assert [slope_of(answer) for answer in answers] == [1, 3]


def test_no_screen_is_taken_to_change_less_than_sixty_times_a_second() -> None:
    assert [pace_for(rate) for rate in (0.0, 30.0, 60.0, 144.0)] == [0.016, 0.016, 0.016, 0.006]


def test_an_answer_for_an_older_source_is_dropped(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor)
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    engine.submit(job(1, generation=1))
    engine.submit(job(2, generation=2))
    executor.step()
    qapp.processEvents()
    executor.step()
    qapp.processEvents()

    assert [slope_of(answer) for answer in answers] == [2]


def test_a_job_of_a_gesture_may_be_a_draft_and_the_one_after_it_is_computed(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor)
    drafts: list[int] = []
    engine.answered.connect(lambda answer: drafts.append(answer.shown.result.drafts))

    for value, is_draft in ((1.0, False), (2.0, True), (3.0, True), (3.0, False)):
        layer = Conv(weight=Weights([[[[value, 1.0, 1.0]]]]), bias=(0.0,))
        engine.submit(Job(Document((layer,)), FRAME, Selection(), is_draft=is_draft))
        executor.step()
        qapp.processEvents()

    assert drafts == [0, 1, 1, 0]


def test_a_refusal_is_an_answer_and_the_worker_goes_on(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor)
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    engine.submit(Job(Document((Pool(window=Pair(9, 9)),)), FRAME, Selection()))
    engine.submit(job(3))
    executor.step()
    qapp.processEvents()
    executor.step()
    qapp.processEvents()

    assert "9 pixels" in str(answers[0].refusal)
    assert answers[1].shown is not None


def test_a_closed_engine_answers_no_more(qapp: QApplication) -> None:
    executor = Stepwise()
    engine = Engine(executor)
    answers: list[Answer] = []
    engine.answered.connect(answers.append)

    engine.submit(job(1))
    engine.close()
    executor.step()
    qapp.processEvents()

    assert answers == []


def test_the_store_tells_of_every_change_once(qtbot: QtBot) -> None:
    store = Store(Document())
    heard: list[Document] = []
    store.changed.connect(heard.append)

    store.edit(Document((Activation(),)))
    store.select(0)
    store.undo()

    assert [document.layers for document in heard] == [(Activation(),), (Activation(),), ()]
    assert store.can_redo
    assert not store.is_dirty
