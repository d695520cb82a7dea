"""Controls: what a hand and the keyboard do with them, what they say, and what a screen reader hears."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from convstudio.views import theme
from convstudio.views.controls.labelled import labelled
from convstudio.views.controls.menu_button import menu_button
from convstudio.views.controls.segments import Segments
from convstudio.views.controls.slider_field import SliderField
from convstudio.views.controls.switch import Switch
from convstudio.views.fields import NumberBox
from convstudio.views.style_sheet import Sizes

CHOICES = [("colour", "Colour"), ("signed", "Signed"), ("strength", "Strength")]


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    """The application in the light theme."""
    theme.apply(qapp, Qt.ColorScheme.Light)
    yield
    theme.apply(qapp, Qt.ColorScheme.Unknown)


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., None]:
    """Shows widgets in an active window."""
    window = QWidget()
    qtbot.addWidget(window)

    def together(*widgets: QWidget) -> None:
        rows = QVBoxLayout(window)
        for widget in widgets:
            rows.addWidget(widget)
        window.resize(320, 240)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()

    return together


def focused() -> QWidget:
    """The widget that has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_a_segment_is_chosen_by_a_click_once(qtbot: QtBot, show: Callable[..., None]) -> None:
    segments = Segments("language", CHOICES, "Show the output as")
    show(segments)
    keys: list[str] = []
    segments.chosen.connect(keys.append)

    for _ in range(2):
        QTest.mouseClick(segments.buttons["signed"], Qt.MouseButton.LeftButton)

    assert keys == ["signed"]
    assert segments.choice == "signed"


def test_the_arrow_keys_choose_among_segments_which_are_one_tab_stop(qtbot: QtBot, show: Callable[..., None]) -> None:
    before, segments, after = NumberBox(1, 9), Segments("language", CHOICES, "Show the output as"), NumberBox(1, 9)
    show(before, segments, after)
    keys: list[str] = []
    segments.chosen.connect(keys.append)
    before.setFocus()

    QTest.keyClick(before, Qt.Key.Key_Tab)
    first = focused()
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    chosen = focused()
    QTest.keyClick(chosen, Qt.Key.Key_Tab)

    assert first is segments.buttons["colour"]
    assert keys == ["signed", "strength", "signed"]
    assert chosen is segments.buttons["signed"]
    assert QApplication.focusWidget() is after


def test_showing_a_choice_says_nothing_and_takes_the_tab_stop_along(qtbot: QtBot, show: Callable[..., None]) -> None:
    segments = Segments("language", CHOICES, "Show the output as")
    show(segments)

    with qtbot.assertNotEmitted(segments.chosen):
        segments.show_choice("strength")
    segments.setFocus()

    assert segments.buttons["strength"].isChecked()
    assert not segments.buttons["colour"].isChecked()
    assert QApplication.focusWidget() is segments.buttons["strength"]
    assert segments.buttons["signed"].accessibleName() == "Show the output as: Signed"


@pytest.mark.parametrize("way", ["click", "space"])
def test_a_switch_is_turned(way: str, qtbot: QtBot, show: Callable[..., None]) -> None:
    switch = Switch("Mix channels", "mix-channels")
    show(switch)
    states: list[bool] = []
    switch.clicked.connect(lambda: states.append(switch.isChecked()))

    for _ in range(2):
        if way == "click":
            QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
        else:
            switch.setFocus()
            QTest.keyClick(switch, Qt.Key.Key_Space)

    assert states == [True, False]
    assert switch.accessibleName() == "Mix channels"


def test_a_switch_that_is_on_is_violet_and_showing_it_says_nothing(qtbot: QtBot, show: Callable[..., None]) -> None:
    switch = Switch("Mix channels", "mix-channels")
    show(switch)
    place = QPoint(switch.width() - 27, switch.height() // 2)
    off = switch.grab().toImage().pixelColor(place + QPoint(12, 0))

    with qtbot.assertNotEmitted(switch.toggled):
        switch.show_on(True)

    assert switch.grab().toImage().pixelColor(place).name() == theme.LIGHT.accent.name()
    assert off.name() == theme.LIGHT.faint.name()


@pytest.mark.parametrize("role", ["kernel", "padding", "stride", "dilation"])
def test_a_field_of_a_term_has_the_terms_colour(role: str, qtbot: QtBot, show: Callable[..., None]) -> None:
    field = NumberBox(1, 9)
    column = labelled("Field", field, role)
    show(column)
    label = column.findChild(QLabel)
    assert isinstance(label, QLabel)

    colour = getattr(theme.LIGHT, role).name()

    assert field.grab().toImage().pixelColor(4, field.height() // 2).name() == colour
    assert label.palette().color(label.foregroundRole()).name() == colour
    assert field.accessibleName() == "Field"


@pytest.mark.parametrize(("field", "height"), [(32, 32), (28, 28)])
def test_fields_are_as_high_as_the_window_wants_them(
    field: int, height: int, qtbot: QtBot, show: Callable[..., None], qapp: QApplication
) -> None:
    theme.apply(qapp, Qt.ColorScheme.Light, Sizes(field))
    number, choice, segments = NumberBox(1, 9), QComboBox(), Segments("language", CHOICES, "Show")
    menu = menu_button("flip", "Flip", "", "Turn the kernel", QMenu())
    show(number, choice, segments, menu)

    assert [widget.height() for widget in (number, choice, segments, menu)] == [height] * 4


def test_a_focused_field_has_a_violet_frame_and_its_text_stays_in_place(
    qtbot: QtBot, show: Callable[..., None]
) -> None:
    field, other = NumberBox(1, 9), NumberBox(1, 9)
    show(other, field)
    other.setFocus()
    place = field.lineEdit().geometry()

    field.setFocus()
    image = field.grab().toImage()

    assert image.pixelColor(image.width() // 2, 1).name() == theme.LIGHT.accent.name()
    assert field.lineEdit().geometry().center().y() == place.center().y()
    assert field.height() == other.height()


def test_a_slider_says_each_move_and_the_end_of_a_gesture(qtbot: QtBot, show: Callable[..., None]) -> None:
    field = SliderField("angle", "Angle", 0, 180, 5, "°")
    show(field)
    moves: list[float] = []
    field.moved.connect(moves.append)
    field.setFocus()

    with qtbot.waitSignal(field.released):
        QTest.keyClick(focused(), Qt.Key.Key_Right)
    QTest.keyClick(focused(), Qt.Key.Key_Right)

    assert moves == [5, 10]
    assert field.figure.text() == "10°"
    assert field.slider.accessibleName() == "Angle: 10°"


def test_a_slider_shows_a_number_between_two_steps_as_it_is_and_says_nothing(
    qtbot: QtBot, show: Callable[..., None]
) -> None:
    field = SliderField("sigma", "Spread σ", 0.5, 8, 0.5, "px")
    show(field)

    with qtbot.assertNotEmitted(field.moved):
        field.show_value(1.3)

    assert field.figure.text() == "1.3 px"
    assert field.value == 1.3


def test_a_menu_button_opens_its_menu_with_the_space_bar(qtbot: QtBot, show: Callable[..., None]) -> None:
    menu = QMenu()
    menu.addAction("Up and down")
    button = menu_button("flip", "Flip", "", "Turn the kernel", menu)
    show(button)
    button.setFocus()
    texts: list[str] = []
    menu.aboutToShow.connect(lambda: QTimer.singleShot(0, read))

    def read() -> None:
        texts.extend(action.text() for action in menu.actions() if menu.isVisible())
        menu.close()

    QTest.keyClick(button, Qt.Key.Key_Space)

    assert texts == ["Up and down"]
    assert button.accessibleName() == "Flip"


def test_a_word_stands_in_the_middle_of_what_the_arrow_leaves(qtbot: QtBot) -> None:
    menu = QMenu()
    button = menu_button("tools", "Normalise", "", "", menu)
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    button.show()
    picture = button.grab().toImage()
    ink = [
        x
        for x in range(4, picture.width() - 4)
        if any(picture.pixelColor(x, y).lightness() < 128 for y in range(6, picture.height() - 6))
    ]
    gaps = [right - left for left, right in pairwise(ink)]
    word, arrow = ink[: gaps.index(max(gaps)) + 1], ink[gaps.index(max(gaps)) + 1 :]
    assert arrow  # drawn, and clear of the word
    assert arrow[0] - word[-1] >= 4
    assert abs(word[0] - (arrow[0] - word[-1])) <= 8
