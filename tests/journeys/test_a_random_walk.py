"""Whatever a person does, in whatever order: the picture is right, undo leads to the start, and nothing breaks.

A longer walk: `CONVSTUDIO_WALK=20000 CONVSTUDIO_WALK_SEED=7 pytest tests/journeys/test_a_random_walk.py`.
"""

import os
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.app import Application
from tests.float64_reference import assert_right
from tests.journeys.random_walk import Walk

STEPS = int(os.environ.get("CONVSTUDIO_WALK", "500"))
SEED = int(os.environ.get("CONVSTUDIO_WALK_SEED", "17"))
LOOK = 10  # steps between two looks at the picture
BACK = 125  # steps between two ways back to the start
SETTLING = 15_000  # milliseconds, on a busy machine
CLOSING = 1.0  # seconds
TRAIL = 30  # steps that are told when something is wrong


@pytest.mark.alone  # closing is timed
@pytest.mark.timeout(240 if STEPS <= 500 else 0)
@pytest.mark.qt_log_level_fail("WARNING")
@pytest.mark.qt_log_ignore("propagateSizeHints", "QXcb", "qt.qpa", "QMouseDevice", "Keyboard event not accepted")
def test_a_random_walk_breaks_nothing(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = Application(qapp, tmp_path / "settings.json")
    application.window.resize(1280, 800)
    application.window.show()
    with qtbot.waitActive(application.window):
        application.window.activateWindow()
    faults: list[str] = []
    application.wiring.broke.connect(faults.append)
    walk = Walk(application, tmp_path, monkeypatch, SEED)
    application.open([str(walk.pictures[0])])
    qtbot.waitUntil(lambda: application.commands.looking.latest is not None, timeout=SETTLING)

    compared = 0
    try:
        with qtbot.captureExceptions() as exceptions:
            for number in range(1, STEPS + 1):
                walk.step()
                qapp.processEvents()
                assert (faults, exceptions) == ([], [])
                if number % LOOK == 0:
                    compared += look(application, qtbot)
                if number % BACK == 0:
                    go_back_to_the_start(application, qtbot)
        start = time.perf_counter()
        application.close()
        closing = time.perf_counter() - start
    except BaseException as error:
        error.add_note("\n".join([f"Seed {SEED}, step {number}. The last steps:", *walk.trail[-TRAIL:], *faults]))
        application.close()
        raise
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert (faults, exceptions) == ([], [])
    assert compared > STEPS // LOOK  # a recipe has more than one layer, as a rule
    assert closing < CLOSING


def look(application: Application, qtbot: QtBot) -> int:
    """Wait until everything rests, and compare all outputs with the reference; how many."""
    commands, engine = application.commands, application.engine

    def rests() -> bool:
        if engine.is_busy:
            return False
        latest = commands.looking.latest
        if commands.looking.plan() is None or latest is None:
            return True  # the recipe does not fit the picture: the last good one stays
        result = latest.result
        is_newest = result.document is commands.recipe.document and result.frame is commands.sources.feed.frame
        return is_newest and result.drafts == 0

    qtbot.waitUntil(rests, timeout=SETTLING)
    latest = commands.looking.latest
    return assert_right(latest.result) if latest is not None and latest.result.is_whole else 0


def go_back_to_the_start(application: Application, qtbot: QtBot) -> None:
    """Undo everything, look, and do it all again."""
    store, actions = application.store, application.window.actions_by_name
    for name, end in (("undo", 0), ("redo", -1)):
        history = store.history  # a lesson that was asked for before may open while we look
        states = *history.past, history.present, *history.future
        while actions[name].isEnabled():
            actions[name].trigger()
        assert store.document == states[end].document
        look(application, qtbot)
