"""The stage LEARN: digits that the hand moves and draws, and networks that answer at once."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.progress import silent
from convstudio.core.recipe.layers import Channels, Conv
from convstudio.insight.learn.networks import CANVAS, NetworkKind
from convstudio.insight.learn.study import Study, StudyQuestion, answer
from convstudio.insight.learn.training import Task
from convstudio.io.digits import load_digits
from convstudio.views import theme
from convstudio.views.explain.learn.column import summary
from convstudio.views.explain.learn.panel import LearnPanel
from convstudio.views.measures import COMPACT
from convstudio.views.style_sheet import Sizes

TASK = Task(examples=60, rounds=4, seed=0)


@cache
def study() -> Study:
    return answer(StudyQuestion(TASK, untaught()), silent, load_digits())


def untaught() -> Study:
    return answer(StudyQuestion(TASK), silent, load_digits())


@pytest.fixture
def own_look(qapp: QApplication) -> Iterator[None]:
    """The letters and sizes of the program's smallest window."""
    theme.fonts(qapp)
    theme.apply(qapp, Qt.ColorScheme.Light, Sizes(COMPACT.field))
    yield
    theme.apply(qapp, Qt.ColorScheme.Unknown)


@pytest.fixture
def panel(qtbot: QtBot) -> LearnPanel:
    panel = LearnPanel()
    qtbot.addWidget(panel)
    qtbot.addWidget(panel.settings)
    panel.resize(1112, 690)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_answer(study())
    return panel


def place_in(cell: tuple[int, int], width: int) -> QPoint:
    return QPoint(round((cell[1] + 0.5) * width / CANVAS), round((cell[0] + 0.5) * width / CANVAS))


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Press, move in steps and let go."""
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(widget, left, pos=start)
    for step in range(1, 21):
        place = QPointF(start) + (QPointF(end) - QPointF(start)) * step / 20
        move = QMouseEvent(
            QEvent.Type.MouseMove, place, widget.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, move)
    QTest.mouseRelease(widget, left, pos=end)


def test_a_digit_is_dragged_and_all_three_answer_to_where_it_is(panel: LearnPanel) -> None:
    before = panel.digit.pixels.copy()
    width = panel.digit.width()

    drag(panel.digit, place_in((7, 7), width), place_in((6, 9), width))

    np.testing.assert_array_equal(panel.digit.pixels[:-1, 2:], before[1:, :-2])
    expected = [network.beliefs(panel.digit.pixels[None])[0] for network in study().networks]
    assert [digit for digit, _ in panel.digit_answers.answers] == [int(belief.argmax()) for belief in expected]
    assert panel.titles["digit"].text() == "A test digit, moved by 2"


def test_arrows_move_it_no_further_than_the_canvas_and_home_puts_it_back(panel: LearnPanel) -> None:
    before = panel.digit.pixels.copy()
    panel.digit.setFocus()

    for _ in range(9):
        QTest.keyClick(panel.digit, Qt.Key.Key_Left)
    far = panel.digit.shift
    QTest.keyClick(panel.digit, Qt.Key.Key_Home)

    assert far == (-3, 0)
    np.testing.assert_array_equal(panel.digit.pixels, before)


def test_a_drawn_digit_is_answered_and_wiped(panel: LearnPanel) -> None:
    width = panel.drawing.width()
    nothing = panel.drawing_answers.answers

    drag(panel.drawing, place_in((3, 7), width), place_in((10, 7), width))
    drawn = panel.drawing.pixels.copy()
    answered = panel.drawing_answers.answers
    QTest.mouseClick(panel.wipe, Qt.MouseButton.LeftButton)

    assert (nothing, len(answered), panel.drawing_answers.answers) == ((), 3, ())
    assert drawn[3, 7] == drawn[10, 7] == pytest.approx(0.9)
    assert not panel.drawing.pixels.any()


def test_the_learned_filters_become_a_layer_on_each_channel(panel: LearnPanel) -> None:
    edited = QSignalSpy(panel.layer_edited)

    QTest.mouseClick(panel.settings.use, Qt.MouseButton.LeftButton)

    layer = edited.at(0)[0]
    assert isinstance(layer, Conv)
    assert (layer.weight.array.shape, layer.channels) == ((12, 1, 3, 3), Channels.EACH)


def test_digits_are_seen_before_the_first_round_and_nothing_is_claimed(panel: LearnPanel) -> None:
    panel.show_study(untaught())

    assert panel.digit.pixels.any()
    assert panel.settings.figures[NetworkKind.DENSE][1].text() == ""


def test_train_asks_for_the_task_that_is_set_and_stop_ends_it(panel: LearnPanel) -> None:
    asked, cancelled = QSignalSpy(panel.asked), QSignalSpy(panel.cancelled)
    panel.settings.rounds.setValue(7)

    QTest.mouseClick(panel.settings.train, Qt.MouseButton.LeftButton)
    word = panel.settings.train.text()
    QTest.mouseClick(panel.settings.train, Qt.MouseButton.LeftButton)

    assert asked.at(0)[0].task == Task(round(panel.settings.examples.value), 7, 0)
    assert (word, panel.settings.train.text()) == ("Stop", "Train again")
    assert cancelled.count() == 1


def test_what_is_measured_at_the_end_is_promised_while_they_learn_and_asked_for_when_they_stopped(
    panel: LearnPanel,
) -> None:
    titles = [panel.titles["moving"].text()]

    QTest.mouseClick(panel.settings.train, Qt.MouseButton.LeftButton)
    panel.show_answer(untaught())
    titles.append(panel.titles["moving"].text())
    QTest.mouseClick(panel.settings.train, Qt.MouseButton.LeftButton)
    titles.append(panel.titles["moving"].text())

    assert titles == [
        "Right answers when the test digits move",
        "They are learning; then the test digits move",
        "Train them to the end, and the test digits move",
    ]


@pytest.mark.usefixtures("own_look")
def test_all_of_the_column_is_to_be_read_in_the_smallest_window(panel: LearnPanel, qtbot: QtBot) -> None:
    column = panel.settings
    column.show_study(replace(study(), known=((1.0,),) * 3, new=((0.9,), (0.91,), (0.95,))), is_running=False)
    column.show_measures(COMPACT)
    column.setFixedSize(248, 442)
    column.show()
    qtbot.waitExposed(column)
    QApplication.processEvents()

    words = [label for label in column.findChildren(QLabel) if label.isVisible() and label.text()]
    cut = [label.text() for label in words if not label.wordWrap() and label.sizeHint().width() > label.width()]
    assert cut == []
    assert column.sentence.heightForWidth(column.sentence.width()) <= column.sentence.height()
    assert column.sentence.text().endswith("The gap is overfitting.")


def test_what_is_said_of_examples_and_new_digits_is_what_the_curves_have() -> None:
    sentence = summary(study())

    assert sentence.startswith(("Of their 60 examples", "They know their 60 examples by heart"))
    assert "New digits:" in sentence


def test_there_is_no_black_picture_before_there_is_a_digit(qtbot: QtBot) -> None:
    panel = LearnPanel()
    qtbot.addWidget(panel)
    qtbot.addWidget(panel.settings)

    image = panel.digit.grab().toImage()

    assert image.pixelColor(image.rect().center()).name() == theme.tokens(panel).card.name()


def test_filters_that_have_learned_nothing_are_not_offered(panel: LearnPanel) -> None:
    panel.show_answer(untaught())

    assert len(panel.filters.weight) == 0
    assert not panel.settings.use.isEnabled()
