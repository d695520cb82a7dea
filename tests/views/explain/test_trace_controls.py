"""STEPPING: the panel chooses outputs by buttons, keys and by itself, in numbers or letters, and copies them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.formula import Notation
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import trace
from convstudio.views.explain.trace.panel import ArithmeticPanel

GRID = Frame(np.array([[[v] for v in (10.0, 10.0, 10.0, 0.0, 0.0, 0.0)]] * 6), white=10)
EDGE = "conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid"
COLOUR = Frame(np.full((6, 6, 3), 2, np.uint8), white=255)


class Steps:
    """A panel whose wishes are fulfilled at once, as the window does."""

    def __init__(self, qtbot: QtBot, recipe: str = EDGE, frame: Frame = GRID) -> None:
        self.result: Result = evaluate(recipe_from(recipe), frame)
        self.panel = ArithmeticPanel()
        self.chosen: list[Unit | None] = []
        self.wishes: list[str] = []
        self.panel.unit_chosen.connect(self.show)
        self.panel.save_asked.connect(self.wishes.append)
        qtbot.addWidget(self.panel)
        self.panel.resize(1000, 240)
        self.panel.show()
        with qtbot.waitActive(self.panel):
            self.panel.activateWindow()
        self.panel.show_step(self.result.plan.steps[0])

    def show(self, unit: Unit | None) -> None:
        self.chosen.append(unit)
        self.panel.show_trace(None if unit is None else trace(self.result, 0, *unit), is_pinned=unit is not None)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def button(self, name: str) -> QToolButton:
        widget = self.panel.findChild(QToolButton, name)
        assert widget is not None
        return widget

    def text(self, name: str) -> str:
        widget = self.panel.findChild(QLabel, name)
        assert widget is not None
        return widget.text()


@pytest.fixture
def steps(qtbot: QtBot) -> Steps:
    return Steps(qtbot)


def test_the_buttons_go_to_the_first_next_previous_and_last_output(steps: Steps) -> None:
    for name in ("step-forward", "step-forward", "step-last", "step-back", "step-first"):
        steps.click(name)

    assert steps.chosen == [Unit(0, 0, 0), Unit(0, 0, 1), Unit(0, 3, 3), Unit(0, 3, 2), Unit(0, 0, 0)]
    assert steps.text("step-place") == "step 1 of 16"
    assert steps.text("arithmetic-lead").endswith("row 1, column 1: 0")


def test_the_keys_do_the_same_while_the_panel_has_the_keyboard(steps: Steps) -> None:
    QTest.mouseClick(steps.panel, Qt.MouseButton.LeftButton, pos=QPoint(400, 200))

    for key in (Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_End, Qt.Key.Key_Comma, Qt.Key.Key_Home):
        QTest.keyClick(steps.panel, key)

    assert steps.panel.hasFocus()
    assert steps.chosen == [Unit(0, 0, 0), Unit(0, 0, 1), Unit(0, 3, 3), Unit(0, 3, 2), Unit(0, 0, 0)]


def test_stepping_stays_in_its_channel(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "max 2", COLOUR)
    steps.show(Unit(2, 0, 2))

    steps.click("step-forward")
    steps.click("step-last")

    assert steps.chosen[1:] == [Unit(2, 1, 0), Unit(2, 2, 2)]


@pytest.mark.parametrize("focused", ["panel", "step-forward", "step-speed"])
def test_s_turns_numbers_into_letters_and_back(steps: Steps, focused: str) -> None:
    steps.show(Unit(0, 1, 1))
    widget = steps.panel if focused == "panel" else steps.panel.findChild(QWidget, focused)
    assert widget is not None
    widget.setFocus()
    grids = steps.panel.grids
    numbers = [grids.text_at(grid, 0, 2) for grid in grids.grids]

    QTest.keyClick(widget, Qt.Key.Key_S)
    letters = [grids.text_at(grid, 0, 2) for grid in grids.grids]

    assert numbers == ["0", "−1", "0"]
    assert letters == ["x[1, 3]", "w[0, 2]", "w[0, 2]·x[1, 3]"]
    assert steps.text("arithmetic-sum").startswith("y[1, 1] = w[0, 0]·x[1, 1] + ")
    assert steps.panel.notation is Notation.SYMBOLS
    QTest.keyClick(widget, Qt.Key.Key_S)
    assert [grids.text_at(grid, 0, 2) for grid in grids.grids] == numbers
    assert steps.text("arithmetic-sum").endswith("= 30, + bias 0 = 30")


def test_letters_fit_into_their_cells(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "max 3 padding 1", COLOUR)
    steps.show(Unit(1, 0, 0))

    steps.click("step-symbols")

    (grid,) = steps.panel.grids.grids
    assert steps.panel.grids.text_at(grid, 0, 0) == "0"
    assert steps.panel.grids.text_at(grid, 2, 2) == "x₂[1, 1]"
    assert grid.cell >= steps.panel.grids.fontMetrics().horizontalAdvance("x₂[1, 1]") + 8


def test_grids_of_several_channels_stand_side_by_side_where_there_is_room(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "conv [1 2] [3 4] [5 6] padding valid", COLOUR)
    steps.show(Unit(0, 0, 0))

    qtbot.waitUntil(lambda: len({grid.top for grid in steps.panel.grids.grids}) == 1)
    assert [grid.left for grid in steps.panel.grids.grids] == sorted(grid.left for grid in steps.panel.grids.grids)
    steps.panel.resize(500, 240)

    qtbot.waitUntil(lambda: len({grid.top for grid in steps.panel.grids.grids}) > 1)
    assert steps.panel.grids.width() <= 500


def test_playing_visits_every_output_and_stops_at_the_last(steps: Steps, qtbot: QtBot) -> None:
    speed = steps.panel.findChild(QComboBox, "step-speed")
    assert speed is not None
    speed.setCurrentIndex(speed.count() - 1)

    steps.click("step-play")
    assert steps.button("step-play").text() == "Pause"
    qtbot.waitUntil(lambda: not steps.button("step-play").isChecked(), timeout=15_000)

    assert steps.chosen == [Unit(0, row, column) for row in range(4) for column in range(4)]
    assert steps.button("step-play").text() == "Play"


def test_playing_again_at_the_end_starts_at_the_first(steps: Steps) -> None:
    steps.show(Unit(0, 3, 3))

    steps.click("step-play")

    assert steps.chosen[-1] == Unit(0, 0, 0)
    assert steps.button("step-play").isChecked()


@pytest.mark.parametrize("what", ["hide", "follow", "escape", "other layer"])
def test_playing_stops_when_nobody_watches_it(steps: Steps, what: str) -> None:
    steps.show(Unit(0, 0, 0))
    steps.click("step-play")

    match what:
        case "hide":
            steps.panel.hide()
        case "follow":
            steps.click("step-follow")
        case "escape":
            QTest.keyClick(steps.panel, Qt.Key.Key_Escape)
        case _:
            steps.panel.show_step(evaluate(recipe_from("max 2"), GRID).plan.steps[0])

    assert not steps.button("step-play").isChecked()


def test_follow_lets_go_of_the_output(steps: Steps) -> None:
    assert not steps.button("step-follow").isEnabled()
    steps.click("step-last")
    assert steps.button("step-follow").isEnabled()

    steps.click("step-follow")

    assert steps.chosen[-1] is None
    assert steps.text("step-place") == ""
    assert not steps.button("step-save").isEnabled()
    assert not steps.button("step-latex").isEnabled()


def test_without_a_layer_there_is_nothing_to_step_through(qtbot: QtBot) -> None:
    panel = ArithmeticPanel()
    qtbot.addWidget(panel)
    panel.show()

    with qtbot.assertNotEmitted(panel.unit_chosen):
        panel.move_by(1)
        panel.move_to_first()
        panel.move_to_last()

    assert not panel.bar.isEnabled()


def test_latex_is_copied_in_the_notation_on_the_screen(steps: Steps) -> None:
    steps.show(Unit(0, 0, 1))

    steps.click("step-latex")
    numbers = QGuiApplication.clipboard().text()
    steps.click("step-symbols")
    steps.click("step-latex")
    symbols = QGuiApplication.clipboard().text()

    row = r"10 \cdot 1 + 10 \cdot 0 + 0 \cdot (-1)"
    assert numbers == f"y_{{0,1}} = {row} + {row} + {row} + 0 = 30"
    assert symbols.startswith(r"y_{0,1} = w_{0,0}\,x_{0,1} + w_{0,1}\,x_{0,2} + w_{0,2}\,x_{0,3} + w_{1,0}\,x_{1,1}")
    assert symbols.endswith("+ b = 30")


def test_saving_is_asked_for_by_kind(steps: Steps) -> None:
    steps.show(Unit(0, 0, 0))

    for action in steps.panel.findChildren(QAction):
        if action.objectName().startswith("save-"):
            action.trigger()

    assert sorted(steps.wishes) == ["gif", "mp4", "pdf", "png", "svg"]


def test_a_transposed_output_that_reads_nothing_is_shown_in_letters_too(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "transposed 1 stride 2")
    steps.show(Unit(0, 1, 1))

    steps.click("step-symbols")

    assert steps.text("arithmetic-sum") == "y[1, 1] = b = 0"


def test_the_bar_fits_a_window_of_1024_pixels(steps: Steps) -> None:
    steps.show(Unit(0, 0, 0))

    assert steps.panel.bar.sizeHint().width() <= 1000
    assert {child.accessibleName() for child in steps.panel.bar.findChildren(QToolButton)} >= {"First", "Play", "Last"}
