"""Lessons: every one walked to its end with each question answered wrongly and rightly; one's own work comes back."""

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLabel, QWidget

from convstudio.insight.lessons.lesson import number_text
from convstudio.io.lessons import lesson_files, read_lesson
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.lessons.answer_cover import Cover
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.pictures.pair import PicturePair
from tests.journeys.conftest import Studio

OWN = """title: Mine
summary: One step.

# Only look
source: article
recipe: conv article-vertical padding valid
lock: kernel, layers
touch: output
ask: How many outputs are there?
answer: outputs

There are {outputs} outputs, and the recipe is locked.
"""


def at_step(studio: Studio, number: int) -> None:
    """Wait until a step and its picture are on the screen."""
    studio.until(lambda: f"step {number + 1} of" in studio.text("lesson-title"))
    studio.settled()


def predict(studio: Studio, text: str) -> str:
    """Type a prediction and press Enter; what is said of it."""
    line = studio.find("lesson-answer")
    line.setProperty("text", "")
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return studio.text("lesson-verdict")


GIVEN = ("lesson-", "status-sentence", "inspector-title", "kernel", "preset-", "activation-formula", "step-place")
"""By their names: what a step sets or asks. A prediction is made from these."""


def is_covered(widget: QWidget) -> bool:
    """Whether a cover lies over a widget, or over what it is a part of."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    parts: QWidget | None = widget
    while parts is not None:
        if any(cover.isVisible() for cover in parts.findChildren(Cover, options=direct)):
            return True
        parts = parts.parentWidget()
    return False


def computed_texts(window: QWidget) -> list[str]:
    """What a person can read, or be told by a tooltip, of results: all but controls, the input and what is given."""
    texts = []
    pair = window.findChild(PicturePair)
    assert isinstance(pair, PicturePair)
    for widget in window.findChildren(QWidget):
        is_given = widget.objectName().startswith(GIVEN) or pair.before.isAncestorOf(widget)
        if is_given or not widget.isVisible() or widget.visibleRegion().isEmpty() or is_covered(widget):
            continue
        if isinstance(widget, QAbstractItemView):
            index = widget.model().index(0, 0)
            rows = range(widget.model().rowCount(QModelIndex()) if index.isValid() else 0)
            roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
            texts += [str(widget.model().index(row, 0).data(role)) for row in rows for role in roles]
        elif isinstance(widget, QLabel | Canvas | ElidedLabel):
            texts += [str(widget.property(name) or "") for name in ("text", "accessibleName", "toolTip")]
    return texts


def says(text: str, number: str) -> bool:
    """Whether a text has this very number in it."""
    return re.search(rf"(?<![\d.,−]){re.escape(number)}(?!\d|[.,]\d)", text) is not None


@pytest.mark.parametrize("place", range(5))
def test_a_lesson_is_walked_to_its_end(studio: Studio, place: int) -> None:
    lesson = read_lesson(lesson_files()[place])
    studio.settled_on_a_picture()

    studio.press("F6")
    studio.click(f"lesson-{place + 1}")
    for number, step in enumerate(lesson.steps):
        at_step(studio, number)
        assert step.expect is not None
        right = number_text(step.expect)
        spoilers = [text for text in computed_texts(studio.window) if says(text, right)]
        wrong = predict(studio, "123456789")
        verdict = predict(studio, str(step.expect))
        assert wrong.startswith(f"You said 123456789; it is {right}.")
        assert verdict.startswith(f"Right: {right}.")
        assert not spoilers  # nothing on the screen gave the answer away
        studio.until(studio.find("spotlight").isVisible)
        studio.click("lesson-next")

    assert not studio.find("lesson-next").isEnabled()


def test_leaving_gives_back_the_recipe_its_past_and_the_picture(
    studio: Studio, photograph: tuple[Path, object]
) -> None:
    path, _ = photograph
    studio.drop(path)
    studio.opened(path.name)
    mine = studio.type_into_cell(0, 0, "7")

    studio.press("F6")
    studio.click("lesson-2")
    at_step(studio, 0)
    studio.type_into_cell(0, 0, "3")
    studio.click("lesson-leave")
    back = studio.opened(path.name)

    assert back.result.document == mine.result.document
    assert studio.application.store.is_dirty  # what was not saved before the lesson is not saved now
    np.testing.assert_array_equal(back.result.outputs[0], mine.result.outputs[0])
    studio.press("Ctrl+Z")
    assert studio.settled().result.document != mine.result.document
    assert not studio.find("spotlight").isVisible()


def test_a_lesson_of_ones_own_is_opened_and_locks_what_it_names(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    (tmp_path / "mine.md").write_text(OWN, encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mine.md"), ""))

    studio.press("F6")
    studio.click("lesson-open")
    at_step(studio, 0)

    text = studio.text("lesson-text")
    assert text == "There are 16 outputs, and the recipe is locked."
    assert not studio.application.panels.kernel.grid.isEnabled()
    studio.click("lesson-leave")
    assert studio.application.panels.kernel.grid.isEnabled()


def test_a_lesson_that_cannot_be_read_leaves_everything_as_it_is(studio: Studio, tmp_path: Path) -> None:
    before = studio.settled_on_a_picture()
    (tmp_path / "bad.md").write_text("title: T\n\n# S\nrecipe: swirl\n\nText.", encoding="utf-8")

    studio.application.wiring.lessons.open(tmp_path / "bad.md")

    assert "swirl" in studio.text("status-sentence")
    assert studio.settled().result.document == before.result.document
