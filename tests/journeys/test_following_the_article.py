"""Following the article: every section's thing is done with mouse and keyboard, and the card sees that it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from convstudio.io.lessons import ARTICLE, read_lesson
from convstudio.views.lessons.panel import GoalRow
from tests.journeys.conftest import Studio
from tests.journeys.test_lessons import at_step

LEARNING = 90_000  # milliseconds at most; a second where nothing else runs
LEFT = Qt.MouseButton.LeftButton
HEADINGS = [step.heading for step in read_lesson(ARTICLE).steps]


def met(studio: Studio) -> list[bool]:
    """Which boxes of the card are ticked."""
    return [row.is_met for row in studio.find("lesson-goals").findChildren(GoalRow) if row.isVisible()]


def drag(studio: Studio, name: str, steps: int) -> None:
    """Drag a number of the card's sentence."""
    number = studio.find(f"drag-{name}")
    start = number.rect().center()
    QTest.mousePress(number, LEFT, pos=start)
    for part in range(1, 5):
        QTest.mouseMove(number, start + QPoint(round(8 * steps * part / 4), 0))
    QTest.mouseRelease(number, LEFT, pos=start + QPoint(8 * steps, 0))
    studio.settled()


def fill(studio: Studio, name: str, text: str) -> None:
    line = studio.find(name).findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    QTest.mouseClick(line, LEFT)
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    studio.settled()


def press(studio: Studio, name: str, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(studio.find(name), key)


def said(studio: Studio, words: str) -> None:
    """Wait until the card's sentence has these words."""
    studio.until(lambda: words in studio.find("lesson-live").accessibleName())


def click_a_30(studio: Studio) -> None:
    drag(studio, "input-at-0-2", 2)
    said(studio, "is −2, 30, 32, 0")
    drag(studio, "input-at-0-2", -2)
    grids = studio.application.panels.step.grids
    studio.until(lambda: grids.output is not None)
    assert grids.output is not None
    QTest.mouseClick(grids, LEFT, pos=grids.output.rectangle(0, 1).center().toPoint())


def cut_and_tie(studio: Studio) -> None:
    drag(studio, "kernel-size", -1)
    said(studio, "25 windows of 2 × 2 are read with 4 weights")
    studio.click("matrix-cut")
    said(studio, "with 100 weights")
    studio.click("matrix-tied")


def count_all(studio: Studio) -> None:
    drag(studio, "filters", 2)
    said(studio, "With 8 filters, 3,072 inputs × 6,272 outputs = 19,267,584.")
    press(studio, "count-slider", Qt.Key.Key_Home)
    said(studio, "stands at 19,267,584.")


def count_shared(studio: Studio) -> None:
    press(studio, "count-slider", Qt.Key.Key_End)
    said(studio, "5 × 5: 14,450,688 ÷ 40.96 ÷ 784 = 450. The slider stands at 450.")
    drag(studio, "kernel-size", -2)
    said(studio, "3 × 3: 16,588,800 ÷ 113.778 ÷ 900 = 162. The slider stands at 162.")


def suppose_a_thousand(studio: Studio) -> None:
    drag(studio, "supposed-side", 30)
    said(studio, "With 1,000 pixels on a side: dense 1.79·10¹³ weights, the convolution 456 parameters.")


def drag_outside_and_inside(studio: Studio) -> None:
    drag(studio, "input-at-0-5", 2)
    studio.until(lambda: met(studio) == [True, False])
    drag(studio, "input-at-3-2", 3)


def drag_maximum_and_another(studio: Studio) -> None:
    drag(studio, "input-at-0-0", 1)
    studio.until(lambda: met(studio) == [False, True])
    drag(studio, "input-at-1-1", 2)


def move_and_stride(studio: Studio) -> None:
    drag(studio, "moved-right-by", 1)
    said(studio, "Moved to the right by 2: of the middle of the answer 0 %")
    press(studio, "shift-input", Qt.Key.Key_Right)
    studio.until(lambda: met(studio)[0])
    press(studio, "shift-stride", Qt.Key.Key_End)


def learn_and_move(studio: Studio) -> None:
    studio.click("learn-train")  # fewer rounds are enough to see it
    fill(studio, "learn-rounds", "3")
    press(studio, "learn-examples-slider", Qt.Key.Key_Home)
    studio.click("learn-train")
    studio.qtbot.waitUntil(lambda: met(studio)[0], timeout=LEARNING)
    drag(studio, "digit-moved-by", 1)
    said(studio, "Of new digits moved by 1 pixels the dense network reads")
    press(studio, "learn-digit", Qt.Key.Key_Right)


def save(studio: Studio) -> None:
    drag(studio, "stride", 1)
    said(studio, "In steps of 2 the picture to take home is 32 × 24. It takes 10 parameters.")
    studio.press("Ctrl+E")
    studio.until(lambda: met(studio)[0])
    studio.click("export-button")


DOING: tuple[Callable[[Studio], None], ...] = (
    lambda studio: drag(studio, "weight-at-1-2", 3),
    click_a_30,
    cut_and_tie,
    drag_outside_and_inside,
    lambda studio: drag(studio, "padding", 1),
    lambda studio: drag(studio, "stride", 1),
    lambda studio: press(studio, "groups", Qt.Key.Key_Home),
    drag_maximum_and_another,
    count_all,
    count_shared,
    suppose_a_thousand,
    move_and_stride,
    learn_and_move,
    save,
)


@pytest.mark.timeout(180)
def test_the_argument_is_walked_with_ones_own_hands(
    studio: Studio, photograph: tuple[Path, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = photograph
    studio.window.resize(1440, 900)
    studio.drop(path)
    own = studio.opened(path.name).result.frame
    mine = studio.type_into_cell(0, 0, "7").result.document
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "home.png"), ""))

    studio.application.wiring.run("follow-article")
    for number, do in enumerate(DOING):
        at_step(studio, number)
        studio.until(lambda: studio.find("lesson-live").accessibleName() != "")
        undone = met(studio)
        do(studio)
        studio.until(lambda: all(met(studio)))
        assert undone
        assert not any(undone), HEADINGS[number]
        studio.click("lesson-next")
    studio.click("lesson-leave")
    shown = studio.settled()

    assert (tmp_path / "home.png").exists()
    assert shown.result.frame is own
    assert shown.result.document == mine
