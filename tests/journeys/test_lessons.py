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
from convstudio.views.flow.card import Card
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


GIVEN = ("lesson-", "status-sentence", "inspector-title", "kernel", "preset-", "activation-formula", "input-note")
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
        elif isinstance(widget, Card) and widget.index >= 0:
            texts += [widget.content.shape, widget.toolTip()]
    return texts


def words_on_covers(window: QWidget) -> list[str]:
    """What is written on the covers that a person sees."""
    covers = window.findChildren(Cover)
    return [cover.words for cover in covers if cover.isVisible() and cover.words]


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
        words = words_on_covers(studio.window)
        wrong = predict(studio, "123456789")
        verdict = predict(studio, str(step.expect))
        assert wrong.startswith(f"You said 123456789; it is {right}.")
        assert verdict.startswith(f"Right: {right}.")
        assert not spoilers  # nothing on the screen gave the answer away
        assert words == ["Predict first"]  # said once
        assert not words_on_covers(studio.window)
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
    assert "There are 16 outputs, and the recipe is locked." in text
    assert not studio.application.panels.kernel.grid.isEnabled()
    studio.click("lesson-leave")
    assert studio.application.panels.kernel.grid.isEnabled()


def test_a_lesson_that_cannot_be_read_leaves_everything_as_it_is(studio: Studio, tmp_path: Path) -> None:
    before = studio.settled_on_a_picture()
    (tmp_path / "bad.md").write_text("title: T\n\n# S\nrecipe: swirl\n\nText.", encoding="utf-8")

    studio.application.wiring.lessons.open(tmp_path / "bad.md")

    assert "swirl" in studio.text("status-sentence")
    assert studio.settled().result.document == before.result.document


def own_lesson(studio: Studio, folder: Path, *lines: str) -> None:
    """Open a lesson of one step on the article's layer, set up by these lines."""
    path = folder / "own.md"
    setting = "\n".join(("source: article", "recipe: conv article-vertical padding valid", *lines))
    path.write_text(f"title: Own\n\n# A step\n{setting}\n\nLook.\n", encoding="utf-8")
    studio.settled_on_a_picture()
    studio.application.wiring.lessons.open(path)
    at_step(studio, 0)


def test_the_pictures_get_the_room_of_what_a_step_does_not_need(studio: Studio, tmp_path: Path) -> None:
    panels = studio.application.panels

    own_lesson(studio, tmp_path, "touch: output")

    assert not panels.flow.isVisible()
    assert not panels.window.columns.isVisible()
    studio.press("Ctrl+1")  # whoever wants to see everything asks for the stage
    assert panels.flow.isVisible()
    assert panels.window.columns.isVisible()


@pytest.mark.parametrize(
    ("line", "has_flow", "has_column"),
    [
        ("touch: layers", True, False),
        ("touch: stride", False, True),
        ("lock: kernel", False, True),
        ("needs: layers, kernel", True, True),
    ],
)
def test_what_a_step_names_is_in_sight(
    studio: Studio, tmp_path: Path, line: str, has_flow: bool, has_column: bool
) -> None:
    panels = studio.application.panels

    own_lesson(studio, tmp_path, line)

    assert (panels.flow.isVisible(), panels.window.columns.isVisible()) == (has_flow, has_column)


def test_the_column_that_has_the_control_is_shown_on_a_stage_with_a_column_of_its_own(
    studio: Studio, tmp_path: Path
) -> None:
    own_lesson(studio, tmp_path, "panel: count", "touch: stride")

    assert studio.application.panels.window.column == "layer"
    studio.until(studio.find("spotlight").isVisible)
    centre = studio.find("spotlight").geometry().center()
    field = studio.application.panels.inspector.fields.stride
    assert field.rect().contains(field.mapFrom(studio.window, centre))


def test_a_control_on_the_other_page_of_a_low_window_is_turned_to(studio: Studio, tmp_path: Path) -> None:
    studio.window.resize(960, 540)

    own_lesson(studio, tmp_path, "touch: padding")

    studio.until(studio.find("spotlight").isVisible)
    assert studio.application.panels.inspector.fields.padding.isVisible()


def test_leaving_gives_back_what_was_on_the_screen(studio: Studio) -> None:
    panels = studio.application.panels
    studio.settled_on_a_picture()
    studio.click("view-wipe")
    panels.window.show_stage("count")
    panels.window.show_column("take-home")
    studio.press("F6")
    studio.click("lesson-1")
    at_step(studio, 0)
    began = panels.window.stage, panels.pair.view_bar.is_wipe
    studio.click("lesson-leave")
    studio.opened("Camera man")

    assert began == ("pictures", False)
    assert (panels.window.stage, panels.window.column) == ("count", "take-home")
    assert panels.flow.isVisible()
    assert panels.pair.view_bar.is_wipe
    assert studio.application.wiring.preferences.settings.wiped == ("square",)


def test_a_wipe_in_a_lesson_is_not_remembered(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.press("F6")
    studio.click("lesson-1")
    at_step(studio, 0)

    studio.click("view-wipe")
    studio.click("lesson-leave")
    studio.opened("Camera man")

    assert studio.application.wiring.preferences.settings.wiped == ()
    assert not studio.application.panels.pair.view_bar.is_wipe


def test_a_cover_lets_neither_mouse_nor_keys_through(studio: Studio, tmp_path: Path) -> None:
    own_lesson(studio, tmp_path, "ask: How wide is the output?", "answer: output width")
    pair = studio.application.panels.pair
    cover = next(cover for cover in pair.after.findChildren(Cover) if cover.isVisible())

    QTest.mouseMove(cover, cover.rect().center())
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton, pos=cover.rect().center())
    hidden = [
        studio.application.wiring.probe.pinned,
        pair.after.canvas.isEnabled(),
        pair.display_bar.segments.isEnabled(),
    ]
    predict(studio, "4")

    assert hidden == [None, False, False]
    assert pair.after.canvas.isEnabled()
    assert pair.display_bar.segments.isEnabled()


def test_the_cards_of_the_flow_name_the_layers_and_not_what_comes_out(studio: Studio, tmp_path: Path) -> None:
    own_lesson(studio, tmp_path, "touch: layers", "ask: How wide is the output?", "answer: output width")
    card = studio.application.panels.flow.layers[0]
    before = card.content
    predict(studio, "4")

    assert (before.shape, before.tip, before.thumbnail) == ("?", before.name, None)
    assert card.content.shape == "4 × 4, grey"
    assert card.content.thumbnail is not None
