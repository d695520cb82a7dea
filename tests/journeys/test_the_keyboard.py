"""Somebody without a mouse or a screen: every stage has names, a way in by Tab, and letters that can be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QWidget,
)

from convstudio.views.window.stages import NAMES
from tests.journeys.conftest import Studio

SMALLEST_TEXT = 12  # pixels
MOST_STOPS = 200  # a person who presses Tab more often has given up
INNER = QAbstractSpinBox | QComboBox | QAbstractItemView  # what is inside of them is theirs


@pytest.fixture
def stage(studio: Studio, request: pytest.FixtureRequest) -> str:
    """A stage that is on the screen and has got its answer."""
    name: str = request.param
    studio.settled_on_a_picture()
    studio.window.resize(1440, 900)
    studio.window.activateWindow()
    studio.until(studio.window.isActiveWindow)
    studio.application.window.show_stage(name)
    studio.told()
    if name != "learn":  # which goes on learning
        studio.until(lambda: not studio.application.wiring.explanations.is_busy_with(name))
    return name


def visible(studio: Studio) -> Iterator[QWidget]:
    """Every widget that is on the screen, but for what is inside of another control."""
    for widget in studio.window.findChildren(QWidget):
        is_inner = isinstance(widget.parentWidget(), INNER) or isinstance(widget, QMenu | QMenuBar)
        if widget.isVisible() and not is_inner and not widget.objectName().startswith("qt_"):
            yield widget


def title(widget: QWidget) -> str:
    above = widget.parentWidget()
    return f"{type(widget).__name__} {widget.objectName()} in {above.objectName() if above else 'no widget'}"


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it: the name that it was given, or the words on a button."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()


stages = pytest.mark.parametrize("stage", NAMES, indirect=True)


@stages
def test_everything_that_takes_the_keyboard_has_a_name(studio: Studio, stage: str) -> None:
    nameless = [
        title(widget)
        for widget in visible(studio)
        if takes_tab(widget) and widget.focusProxy() is None and not name_of(widget)
    ]

    assert nameless == [], stage


@stages
def test_no_words_are_smaller_than_twelve_pixels(studio: Studio, stage: str) -> None:
    small = {
        title(widget)
        for widget in visible(studio)
        if widget.font().pixelSize() < SMALLEST_TEXT and (not isinstance(widget, QLabel) or widget.text())
    }

    assert small == set(), stage


@stages
@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_tab_comes_to_every_control_and_round_again(studio: Studio, stage: str, size: tuple[int, int]) -> None:
    studio.window.resize(*size)
    studio.told()
    studio.at_rest(lambda: sorted(title(widget) for widget in visible(studio)))
    first = studio.find("tool-open")
    first.setFocus(Qt.FocusReason.TabFocusReason)
    stops: list[QWidget] = []

    while (stop := QApplication.focusWidget()) is not None and stop not in stops and len(stops) < MOST_STOPS:
        stops.append(stop)
        QTest.keyClick(stop, Qt.Key.Key_Tab)

    reached = set(stops)
    missed = [
        title(widget)
        for widget in visible(studio)
        if takes_tab(widget) and widget.focusProxy() is None and widget not in reached
    ]
    assert missed == [], stage
    assert stop is first, title(stop) if stop is not None else "nowhere"


@stages
def test_the_focus_is_seen_wherever_it_is(studio: Studio, stage: str) -> None:
    controls = [widget for widget in visible(studio) if takes_tab(widget) and widget.focusProxy() is None]
    unseen = []
    for widget in controls:
        if not widget.isVisible() or (isinstance(widget, QLineEdit) and widget.isReadOnly()):
            continue
        origin = widget.mapTo(studio.window, QPoint(0, 0))
        place = widget.rect().translated(origin).adjusted(-4, -4, 4, 4)
        studio.find("menu-row").setFocus()
        QApplication.processEvents()
        before = studio.window.grab(place).toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        after = studio.window.grab(place).toImage()
        if widget.hasFocus() and before == after:
            unseen.append(title(widget))

    assert unseen == [], stage


def test_a_new_sum_is_announced_once(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.settled_on_a_picture()
    spoken: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: spoken.append(event.message()))

    studio.type_into_cell(1, 1, "5")
    studio.type_into_cell(1, 1, "6")

    sums = [sentence for sentence in spoken if sentence.startswith("Sum")]
    assert sums == ["Sum 5: brightness × 5", "Sum 6: brightness × 6"]


def test_a_start_marks_no_control_that_nobody_has_chosen(studio: Studio) -> None:
    studio.settled_on_a_picture()

    assert QApplication.focusWidget() is studio.window
    QTest.keyClick(studio.window, Qt.Key.Key_Tab)
    assert takes_tab(QApplication.focusWidget() or studio.window)


def test_a_layer_is_given_a_name(studio: Studio) -> None:
    studio.settled_on_a_picture()
    card = studio.find("layer-card-1")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)

    QTest.keyClick(card, Qt.Key.Key_F2)
    editor = studio.find("layer-name")
    QTest.keyClicks(editor, "Edges")
    QTest.keyClick(editor, Qt.Key.Key_Return)

    studio.until(lambda: "Edges" in studio.find("layer-card-1").accessibleName())


def test_take_home_gives_the_keyboard_back_where_it_was(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.png"), ""))
    studio.settled_on_a_picture()
    grid, button = studio.application.panels.kernel.grid, studio.find("export-button")
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(1, 1).center().toPoint())

    studio.press("Ctrl+E")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    studio.until(lambda: "Exported" in studio.text("status-sentence"))
    after_saving = QApplication.focusWidget()
    QTest.keyClick(button, Qt.Key.Key_Escape)

    assert after_saving is button
    assert QApplication.focusWidget() is grid
