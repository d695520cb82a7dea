"""Recipes that take a minute: told beforehand, given up at once, and closing does not wait for them."""

from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.app import Application
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Display, Document
from convstudio.core.recipe.layers import Activation, Conv, Weights
from tests.journeys.conftest import Studio

PIXELS = np.random.default_rng(1).integers(0, 256, (512, 512, 3), dtype=np.uint8)
LIGHT = Document((Activation(),), Display(), 0)
FILTERS = Document(
    (
        Conv(weight=Weights(np.random.default_rng(2).normal(size=(1500, 3, 9, 9))), bias=(0.0,) * 1500),
    ),
    Display(), 0,
)  # fmt: skip
ONE = Conv(weight=Weights(np.full((1, 3, 3, 3), 1 / 27)), bias=(0.0,))
NEXT = Conv(weight=Weights(np.full((1, 1, 3, 3), 1 / 9)), bias=(0.0,))
LAYERS = Document((ONE, *[NEXT] * 1500), Display(), 0)


def frame() -> Frame:
    return Frame(PIXELS, white=255, name="noise")


@pytest.mark.parametrize("heavy", [FILTERS, LAYERS], ids=["filters", "layers"])
def test_undo_gives_a_heavy_recipe_up(studio: Studio, heavy: Document) -> None:
    commands = studio.application.commands
    said = studio.sentences()
    commands.sessions.set_up(LIGHT, frame())
    studio.settled()

    commands.recipe.edit(heavy)
    studio.until(lambda: studio.application.engine.is_busy)
    start = perf_counter()
    commands.recipe.undo()
    studio.settled()

    assert perf_counter() - start < 5  # on a busy machine; computing it takes 20 s and more
    assert commands.recipe.document == LIGHT
    if heavy is FILTERS:
        assert any(sentence.startswith("This takes about") for sentence in said)


def test_closing_does_not_wait(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    application = Application(qapp, tmp_path / "settings.json")
    application.window.show()
    with qtbot.waitActive(application.window):
        application.window.activateWindow()
    application.commands.sessions.set_up(FILTERS, frame())
    qtbot.waitUntil(lambda: application.engine.is_busy)

    start = perf_counter()
    application.close()
    took = perf_counter() - start

    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert took < 2  # under a second where nothing else runs
