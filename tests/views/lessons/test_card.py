"""The card of a lesson alone: nothing of a section is out of sight in low windows, and Next names what comes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.recipe.document import Document
from convstudio.insight.lessons.lesson import fill_in, number_text
from convstudio.insight.lessons.measures import measure
from convstudio.io.lessons import ARTICLE, frame_of, read_lesson
from convstudio.views import theme
from convstudio.views.lessons.panel import LessonPanel
from convstudio.views.measures import COMPACT, MEDIUM, SMALL, Measures
from convstudio.views.style_sheet import Sizes

LESSON = read_lesson(ARTICLE)
SOON = 2000  # milliseconds, on a busy machine
LEFT = Qt.MouseButton.LeftButton
ROOMS = {"960×540": (COMPACT, 442), "1024×700": (SMALL, 597), "1440×900": (MEDIUM, 787)}
"""The measures of a window, and the height that is left for a card in it."""


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> Iterator[LessonPanel]:
    theme.fonts(qapp)
    panel = LessonPanel(())
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    theme.apply(qapp, Qt.ColorScheme.Unknown)


def find(card: LessonPanel, name: str) -> QWidget:
    widget: QWidget | None = card.findChild(QWidget, name)
    assert widget is not None, name
    return widget


def show(qtbot: QtBot, card: LessonPanel, number: int, measures: Measures, height: int) -> None:
    """Show a section with its numbers and its drawing."""
    step = LESSON.steps[number]
    result = evaluate(step.document or Document(), frame_of(step.source))
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, Qt.ColorScheme.Light, Sizes(measures.field))
    card.show_measures(measures)
    card.setFixedHeight(height)
    card.show_step(LESSON, number, replace(step, text=fill_in(step.text, result)))
    card.drawings.show_result(result, is_shared=True)
    card.live.show_numbers(lambda name: "17,856,288" if name not in KNOWN else number_text(measure(result, name)))
    QApplication.processEvents()  # it is laid out


KNOWN = ("output at 0,0", "output at 0,1", "outputs", "weights", "inputs", "dense weights", "kernel size")


def hidden_pixels(card: LessonPanel) -> int:
    """How many have to be scrolled to, up and down or sideways."""
    area = card.pages.findChild(QAbstractScrollArea)
    assert isinstance(area, QAbstractScrollArea)
    return area.verticalScrollBar().maximum() + area.horizontalScrollBar().maximum()


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_of_a_section_has_to_be_scrolled_to(qtbot: QtBot, card: LessonPanel, room: str) -> None:
    for number in range(len(LESSON.steps)):
        show(qtbot, card, number, *ROOMS[room])
        pages = ("lesson-pages-read", "lesson-pages-do") if card.pages.is_paged else ()

        qtbot.waitUntil(lambda: hidden_pixels(card) == 0, timeout=SOON)
        for page in pages:
            QTest.mouseClick(find(card, page), LEFT)
            qtbot.waitUntil(lambda: hidden_pixels(card) == 0, timeout=SOON)


def test_what_does_not_fit_is_read_first_and_done_on_a_page_of_its_own(qtbot: QtBot, card: LessonPanel) -> None:
    show(qtbot, card, 2, *ROOMS["960×540"])

    assert (card.text.isVisible(), card.drawings.isVisible(), card.task.isVisible()) == (True, True, False)

    QTest.mouseClick(find(card, "lesson-pages-do"), LEFT)

    assert (card.text.isVisible(), card.task.isVisible(), card.live.isVisible()) == (False, True, True)

    show(qtbot, card, 2, *ROOMS["1440×900"])

    assert (card.text.isVisible(), card.task.isVisible(), card.title.isVisible()) == (True, True, True)


def test_next_names_the_next_section(qtbot: QtBot, card: LessonPanel) -> None:
    show(qtbot, card, 4, *ROOMS["1440×900"])

    assert card.next.text() == LESSON.steps[5].heading

    show(qtbot, card, 1, *ROOMS["1024×700"])
    card.next.resize(120, card.next.height())

    assert card.next.text().endswith("…")
    assert card.next.toolTip() == f"Next: {LESSON.steps[2].heading}"

    show(qtbot, card, len(LESSON.steps) - 1, *ROOMS["1440×900"])

    assert not card.next.isEnabled()


def test_letters_are_smaller_in_a_low_window_and_stay_so_with_another_style_sheet(
    qtbot: QtBot, card: LessonPanel
) -> None:
    show(qtbot, card, 0, *ROOMS["960×540"])
    sizes = [label.font().pixelSize() for label in (card.heading, card.text, card.ask)]

    card.setStyleSheet("QLabel { color: red; }")
    QApplication.processEvents()

    assert sizes == [18, 13, 13]
    assert [label.font().pixelSize() for label in (card.heading, card.text, card.ask)] == sizes
