"""The finder: search by any words, move with the keys, choose; the page of keys lists every key there is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from convstudio.views.flow import keys as flow_keys
from convstudio.views.kernel import keys as kernel_keys
from convstudio.views.pictures.canvas import keys as picture_keys
from convstudio.views.search.entries import SearchEntry, SearchGroup, matching
from convstudio.views.search.finder import Finder
from convstudio.views.search.keys_page import KeysPage
from convstudio.views.window.actions import ACTIONS, Menu
from convstudio.views.window.window import key_tables

ENTRIES = (
    SearchEntry("light", SearchGroup.SETTINGS, "Light theme", "Dark text on light ground", "Ctrl+T, L"),
    SearchEntry("dark", SearchGroup.SETTINGS, "Dark theme", "Light text on dark ground", "Ctrl+T, D"),
    SearchEntry("box", SearchGroup.PRESETS, "Box 9 × 9", "The mean of a square"),
    SearchEntry("gauss", SearchGroup.PRESETS, "Gaussian, σ 3", "A soft blur"),
    SearchEntry("redo", SearchGroup.COMMANDS, "Redo", "Do it again", is_enabled=False),
    SearchEntry("reset", SearchGroup.COMMANDS, "Default recipe", "Start again"),
)


@pytest.fixture
def finder(qtbot: QtBot) -> Iterator[Finder]:
    """A finder that is open on a few entries."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    finder = Finder(window)
    finder.search(ENTRIES)
    yield finder
    finder.hide()


def texts(finder: Finder) -> list[str]:
    items = [finder.list.topLevelItem(row) for row in range(finder.list.topLevelItemCount())]
    return [item.text(0) for item in items if item is not None]


def highlighted(finder: Finder) -> str:
    item = finder.list.currentItem()
    assert item is not None
    return item.text(0)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("theme dark", ["dark", "light"]),
        ("dark", ["dark", "light"]),
        ("9x9", []),
        ("9 x 9", ["box"]),
        ("gssn", ["gauss"]),
        ("soft", ["gauss"]),
        ("again", ["redo", "reset"]),
        ("ctrl+t d", ["dark", "light"]),
        ("zebra", []),
    ],
)
def test_words_match_in_any_order_by_their_beginnings_their_letters_or_what_an_entry_does(
    typed: str, names: list[str]
) -> None:
    assert [entry.name for entry in matching(ENTRIES, typed)] == names


def test_entries_stand_under_headings_and_the_best_match_comes_first(finder: Finder) -> None:
    QTest.keyClicks(finder.line, "da")

    assert texts(finder) == ["Settings", "Dark theme", "Light theme"]
    assert highlighted(finder) == "Dark theme"


def test_enter_chooses_what_is_highlighted_and_closes(finder: Finder, qtbot: QtBot) -> None:
    QTest.keyClicks(finder.line, "theme")
    QTest.keyClick(finder.line, Qt.Key.Key_Down)

    with qtbot.waitSignal(finder.chosen) as signal:
        QTest.keyClick(finder.line, Qt.Key.Key_Return)

    assert signal.args == ["dark"]
    assert not finder.isVisible()


def test_headings_and_what_cannot_be_done_now_are_passed_over(finder: Finder) -> None:
    QTest.keyClicks(finder.line, "again")
    first = highlighted(finder)
    QTest.keyClick(finder.line, Qt.Key.Key_Down)
    second = highlighted(finder)
    QTest.keyClick(finder.line, Qt.Key.Key_Up)

    assert first == second == highlighted(finder) == "Default recipe"


def test_what_matches_nothing_says_so_and_enter_does_nothing(finder: Finder, qtbot: QtBot) -> None:
    QTest.keyClicks(finder.line, "zebra")

    with qtbot.assertNotEmitted(finder.chosen):
        QTest.keyClick(finder.line, Qt.Key.Key_Return)

    assert texts(finder) == ["Nothing is called like that."]


def test_the_highlighted_entry_is_looked_at_until_the_finder_closes(finder: Finder, qtbot: QtBot) -> None:
    names: list[str] = []
    finder.looked_at.connect(names.append)

    QTest.keyClicks(finder.line, "gauss")
    qtbot.waitUntil(lambda: names[-1:] == ["gauss"])
    QTest.keyClick(finder.line, Qt.Key.Key_Escape)

    assert names[-1] == ""
    assert not finder.isVisible()


def test_every_action_has_a_name_and_words_and_no_two_share_a_key() -> None:
    names = [row.name for row in ACTIONS]
    keys = [key.toString() for row in ACTIONS for key in row.keys]

    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)
    assert all(row.text and row.tip for row in ACTIONS)
    assert {row.menu for row in ACTIONS} == set(Menu)


def test_keys_that_a_desktop_has_are_its_own_and_ours_work_too() -> None:
    keys = {row.name: [key.toString() for key in row.keys] for row in ACTIONS}

    assert "Ctrl+O" in keys["open"]
    assert "Ctrl+Z" in keys["undo"]
    assert "F11" in keys["full-screen"]
    assert keys["search"] == ["Ctrl+K", "Ctrl+Shift+P"]


def test_the_page_of_keys_lists_those_of_the_window_the_flow_the_pictures_and_the_kernel(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    page = KeysPage(key_tables(), window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()

    page.toggle()
    words = {label.text() for label in page.findChildren(QLabel)}
    QTest.keyClick(page.area, Qt.Key.Key_Escape)

    expected = [row.text for row in ACTIONS if row.keys]
    tables = (kernel_keys.KEYS, picture_keys.KEYS, flow_keys.KEYS)
    assert words >= {*expected, *(meaning for table in tables for _, meaning in table)}
    assert not page.isVisible()
