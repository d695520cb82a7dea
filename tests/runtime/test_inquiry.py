"""Inquiries: the newest question wins, an answer under way can be stopped, progress is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.core.errors import ConvStudioError
from convstudio.runtime.inquiry import Inquiry


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_an_answer_comes_with_its_progress(qapp: QApplication, qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
    inquiry = Inquiry(executor)
    fractions: list[float] = []
    inquiry.progressed.connect(fractions.append)

    def work(progress: Callable[[float], None]) -> str:
        progress(0.5)
        return "42"

    with qtbot.waitSignal(inquiry.answered) as answered:
        inquiry.ask(work)

    assert answered.args == ["42"]
    assert fractions == [0.5]


def test_the_newest_question_wins_and_the_one_under_way_is_stopped(
    qapp: QApplication, qtbot: QtBot, executor: ThreadPoolExecutor
) -> None:
    inquiry = Inquiry(executor)
    answers: list[object] = []
    inquiry.answered.connect(answers.append)
    begun, go_on, was_stopped = Event(), Event(), Event()

    def slow(progress: Callable[[float], None]) -> str:
        begun.set()
        go_on.wait()
        try:
            progress(0.1)
        except BaseException:
            was_stopped.set()
            raise
        return "slow"

    inquiry.ask(slow)
    begun.wait()
    inquiry.ask(lambda _: "second")
    inquiry.ask(lambda _: "third")
    with qtbot.waitSignal(inquiry.answered):
        go_on.set()

    assert was_stopped.is_set()
    assert answers == ["third"]


def test_a_stopped_question_is_not_answered(qapp: QApplication, qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
    inquiry = Inquiry(executor)
    answers: list[object] = []
    inquiry.answered.connect(answers.append)
    go_on = Event()

    inquiry.ask(lambda _: go_on.wait())
    inquiry.stop()
    inquiry.ask(lambda _: "after")
    with qtbot.waitSignal(inquiry.answered):
        go_on.set()

    assert answers == ["after"]


def test_refusals_and_faults_are_told_apart(qapp: QApplication, qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
    inquiry = Inquiry(executor)

    def refuse(_: Callable[[float], None]) -> None:
        raise ConvStudioError("There are 0 examples; add one.")

    def fail(_: Callable[[float], None]) -> None:
        raise ZeroDivisionError("ours")

    with qtbot.waitSignal(inquiry.refused) as refused:
        inquiry.ask(refuse)
    with qtbot.waitSignal(inquiry.broke) as broke:
        inquiry.ask(fail)

    assert refused.args == ["There are 0 examples; add one."]
    assert "ZeroDivisionError: ours" in str(broke.args)
