"""Somebody who knows a word for it finds it: a preset with a look at what it does, a field, a sample, a stage."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.journeys.conftest import Studio


def search(studio: Studio, words: str) -> None:
    """Open the search by its key and type."""
    studio.window.activateWindow()
    studio.until(studio.window.isActiveWindow)
    QTest.keyClick(studio.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    finder = studio.application.window.finder
    studio.until(finder.isVisible)
    QTest.keyClicks(finder.line, words)


def test_a_preset_is_seen_on_the_output_before_it_is_taken(studio: Studio) -> None:
    before = studio.settled_on_a_picture()
    finder, looking = studio.application.window.finder, studio.application.commands.looking

    search(studio, "box 9")
    studio.until(lambda: looking.on_screen is not None and looking.on_screen is not looking.latest)
    studio.until(lambda: looking.on_screen is not None and bool(looking.on_screen.output.pixels.any()))
    assert looking.on_screen is not None
    previewed = looking.on_screen.result.outputs[0]
    QTest.keyClick(finder.line, Qt.Key.Key_Escape)
    studio.until(lambda: looking.on_screen is looking.latest)
    assert studio.application.commands.recipe.document is before.result.document

    search(studio, "box 9")
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    after = studio.settled()

    assert after.result.document is not before.result.document
    np.testing.assert_allclose(previewed, after.result.outputs[0], atol=1e-3)


def test_a_field_gets_the_keyboard(studio: Studio) -> None:
    studio.settled_on_a_picture()

    search(studio, "dilation")
    QTest.keyClick(studio.application.window.finder.line, Qt.Key.Key_Return)
    field = QApplication.focusWidget()

    assert field is not None
    assert "dilation" in field.accessibleName().lower()


def test_a_stage_and_a_sample_are_opened(studio: Studio) -> None:
    studio.settled_on_a_picture()
    line = studio.application.window.finder.line

    search(studio, "weights matrix")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert studio.application.window.stage == "weights"

    search(studio, "coffee")
    QTest.keyClick(line, Qt.Key.Key_Return)
    studio.opened("Coffee")
