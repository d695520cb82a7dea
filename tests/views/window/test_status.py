"""The status line: figures that change with every picture take their room once and stay readable."""

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


def test_a_sentence_that_has_no_room_ends_in_dots_and_keeps_its_colour(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    status = StatusLine(window)
    status.resize(500, 30)
    status.show()
    whole = "http://127.0.0.1:8080/stream.mjpg: " + "a long sentence about it " * 9
    status.refuse(whole)
    sentence = status.sentence
    cut = sentence.grab().toImage()

    sentence.setText(sentence.fontMetrics().elidedText(f"⚠ {whole}", Qt.TextElideMode.ElideRight, sentence.width()))
    dotted = sentence.grab().toImage()
    warning = theme.tokens(status).warning.rgb()

    assert sentence.text().endswith("…")
    assert cut == dotted
    assert warning in {cut.pixel(x, y) for x in range(cut.width()) for y in range(cut.height())}
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
