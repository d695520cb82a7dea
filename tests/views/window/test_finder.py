"""The finder: search by any words, move with the keys, choose."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.views.window.actions import ACTIONS, Menu
from convstudio.views.window.window import MainWindow


def opened(qtbot: QtBot) -> tuple[MainWindow, list[str]]:
    """The window with its finder open, and a list that grows with what is chosen."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    asked: list[str] = []
    window.asked.connect(asked.append)
    window.search()
    return window, asked


def test_a_command_is_found_by_any_of_its_words_and_chosen_with_enter(qtbot: QtBot) -> None:
    window, asked = opened(qtbot)

    QTest.keyClicks(window.finder.line, "theme dark")
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)

    assert asked == ["theme-dark"]
    assert not window.finder.isVisible()


def test_down_skips_what_cannot_be_done_now(qtbot: QtBot) -> None:
    window, asked = opened(qtbot)
    for name in ("theme-light", "theme-system"):
        window.actions_by_name[name].setEnabled(False)
    window.search()

    QTest.keyClicks(window.finder.line, "theme")
    QTest.keyClick(window.finder.line, Qt.Key.Key_Down)
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)

    assert asked == ["theme-dark"]  # the only one that can be chosen, after a whole round


def test_what_matches_nothing_says_so_and_enter_does_nothing(qtbot: QtBot) -> None:
    window, asked = opened(qtbot)

    QTest.keyClicks(window.finder.line, "zebra")
    item = window.finder.list.topLevelItem(0)
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)

    assert item is not None
    assert asked == []


def test_every_action_has_a_name_words_and_a_key_of_its_own() -> None:
    names = [row.name for row in ACTIONS]
    keys = [row.key for row in ACTIONS]

    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)
    assert all(row.text and row.tip and row.key for row in ACTIONS)
    assert {row.menu for row in ACTIONS} == set(Menu)
