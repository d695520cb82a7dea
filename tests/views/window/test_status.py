"""The status line: figures that change with every picture take their room once and stay readable."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from convstudio.core.live_source import LiveState
from convstudio.views import theme
from convstudio.views.window.status import Figure, StatusLine


class Layouts(QObject):
    """Counts how often a window is laid out."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


def test_a_figure_of_as_many_letters_has_nothing_laid_out_anew(qtbot: QtBot) -> None:
    window, layouts = QMainWindow(), Layouts()
    qtbot.addWidget(window)
    status = StatusLine(window)
    window.setCentralWidget(status)
    window.installEventFilter(layouts)
    window.show()
    qtbot.waitExposed(window)

    def counted(rate: float) -> int:
        status.show_state(LiveState.LIVE, "", rate)
        before = layouts.count
        for _ in range(4):  # from the label to its row, to the line, to the window
            QApplication.processEvents()
        return layouts.count - before

    first, same, longer = counted(23), counted(59), counted(120)

    assert status.speed.text() == "· 120 fps"
    assert (first > 0, same, longer > 0) == (True, 0, True)


def test_a_figure_has_room_for_its_text_in_larger_letters_too(qtbot: QtBot) -> None:
    figure = Figure()
    qtbot.addWidget(figure)
    figure.show_text("49 % negative")
    before = figure.width()
    font = figure.font()
    font.setPixelSize(40)

    figure.setFont(font)

    assert figure.width() > 2 * before
    assert figure.height() >= figure.fontMetrics().height()


def test_what_is_said_of_a_recipe_goes_with_it_and_what_is_said_of_the_source_stays(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    status = StatusLine(window)

    status.refuse("Layer 2 does not fit.")
    status.forget_recipe()
    gone = status.sentence.text()
    status.say("Layer 2 is gone.")
    status.forget_recipe()
    gone_too = status.sentence.text()
    status.show_state(LiveState.LOST, "The camera is lost.", 0)
    status.forget_recipe()

    assert (gone, gone_too) == ("", "")
    assert status.sentence.text() == "⚠ The camera is lost."


LONG = "Layer 4 (Max pool 2×2): The kernel spans 2 pixels but the input's height is only 1; use a smaller kernel."


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def shown_in(window: QMainWindow, width: int, height: int, sentence: str) -> StatusLine:
    status = StatusLine(window)
    status.resize(width, height)
    status.show()
    status.refuse(sentence)
    return status


def test_a_long_sentence_takes_two_lines_and_no_word_of_it_is_cut(window: QMainWindow) -> None:
    status = shown_in(window, 560, 36, LONG)

    first, second = status.sentence.lines

    assert f"{first} {second}" == f"⚠ {LONG}"
    assert not status.sentence.is_cut
    assert not status.notice.isVisible()


@pytest.mark.parametrize("height", [36, 20])
def test_a_sentence_that_has_no_room_ends_in_dots_and_keeps_its_colour(window: QMainWindow, height: int) -> None:
    whole = "http://127.0.0.1:8080/stream.mjpg: " + "a long sentence about it " * 9
    status = shown_in(window, 500, height, whole)
    sentence = status.sentence
    drawn = sentence.grab().toImage()
    warning = theme.tokens(status).warning.rgb()

    assert sentence.is_cut
    assert len(sentence.lines) == (2 if height == 36 else 1)
    assert sentence.lines[-1].endswith("…")
    assert warning in {drawn.pixel(x, y) for x in range(drawn.width()) for y in range(drawn.height())}
    assert sentence.toolTip() == whole


def test_what_is_said_already_takes_the_colours_of_another_theme(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Qt.ColorScheme.Dark)
    window = QMainWindow()
    qtbot.addWidget(window)
    status = StatusLine(window)
    window.show()
    status.say("A sentence.")
    dark = status.sentence.palette().windowText().color()

    theme.apply(qapp, Qt.ColorScheme.Light)
    light = status.sentence.palette().windowText().color()

    assert (dark, light) == (theme.DARK.text, theme.LIGHT.text)
    theme.apply(qapp, Qt.ColorScheme.Unknown)
