"""STEP: the window walks by buttons, keys and by itself; outputs are pointed at and pinned, numbers are dragged."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.trace.formula import Notation
from convstudio.insight.trace.sliding import way_of
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import trace
from convstudio.views.explain.trace.panel import StepStage
from convstudio.views.probe.probed import Probed, Role
from tests.pointer import point_at

GRID = Frame(np.array([[[v] for v in (10.0, 10.0, 10.0, 0.0, 0.0, 0.0)]] * 6), white=10)
EDGE = "conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid"
COLOUR = Frame(np.full((6, 6, 3), 2, np.uint8), white=255)
RAMP = Frame(np.arange(48 * 64).reshape(48, 64, 1) % 251, white=255)
ZERO, THIRTY = Unit(0, 0, 0), Unit(0, 3, 2)


class Steps:
    """A stage whose wishes are fulfilled at once, as the window does."""

    def __init__(self, qtbot: QtBot, recipe: str = EDGE, frame: Frame = GRID) -> None:
        self.shown: Shown = show(evaluate(recipe_from(recipe), frame), Selection())
        self.panel = StepStage()
        self.chosen: list[Unit | None] = []
        self.wishes: list[str] = []
        self.pins: dict[Role, Unit] = {}
        self.hovered: Unit | None = None
        self.walker: Unit | None = None
        self.strip: tuple[int, int] | None = None
        self.panel.unit_chosen.connect(self.show)
        self.panel.unit_hovered.connect(self.hover)
        self.panel.unit_pinned.connect(self.pin)
        self.panel.strip_chosen.connect(self.choose_strip)
        self.panel.save_asked.connect(self.wishes.append)
        qtbot.addWidget(self.panel)
        self.panel.resize(1100, 700)
        self.panel.show()
        with qtbot.waitActive(self.panel):
            self.panel.activateWindow()
        self.refresh()

    def show(self, unit: Unit | None) -> None:
        self.chosen.append(unit)
        self.walker = unit
        self.refresh()

    def hover(self, unit: Unit | None) -> None:
        self.hovered = unit
        self.refresh()

    def pin(self, unit: Unit) -> None:
        self.pins[Role.RED if Role.GREEN in self.pins else Role.GREEN] = unit
        self.walker = None
        self.refresh()

    def choose_strip(self, strip: tuple[int, int]) -> None:
        self.strip = strip
        self.refresh()

    def refresh(self) -> None:
        result, index = self.shown.result, self.shown.output_index
        pointed = self.hovered or self.walker
        units = [*self.pins.items(), *([(Role.POINTED, pointed)] if pointed else [])]
        unit = self.walker or pointed or Unit(0, *(self.strip or (0, 0)))
        way = way_of(result, index, unit, strip=self.strip)
        self.panel.show_way(self.shown, way, trace(result, index, *(pointed or unit)))
        self.panel.show_probed(
            tuple(Probed(trace(result, index, *probed), role) for role, probed in units), self.walker
        )

    def click(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def choose(self, name: str) -> None:
        action = self.panel.findChild(QAction, name)
        assert action is not None
        action.trigger()

    def button(self, name: str) -> QToolButton:
        widget = self.panel.findChild(QToolButton, name)
        assert widget is not None
        return widget

    def text(self, name: str) -> str:
        widget = self.panel.findChild(QLabel, name)
        assert widget is not None
        return widget.text()

    def spot(self, unit: Unit) -> QPoint:
        return self.panel.grids.place_of(unit).center().toPoint()

    def input_spot(self, row: int, column: int) -> QPoint:
        assert self.panel.grids.input is not None
        return self.panel.grids.input.rectangle(row, column).center().toPoint()


@pytest.fixture
def steps(qtbot: QtBot) -> Steps:
    return Steps(qtbot)


def test_one_output_is_written_out_before_anybody_points(steps: Steps) -> None:
    assert [card.isVisible() for card in steps.panel.cards] == [True, False]
    assert steps.text("step-left-title") == "The 0"
    assert steps.text("step-hint").startswith("Point at an output")

    steps.hover(Unit(0, 0, 1))

    assert steps.text("step-left-title") == "The 30"


def test_the_buttons_go_to_the_first_the_previous_and_the_next_output(steps: Steps) -> None:
    for name in ("step-on", "step-on", "step-on", "step-back", "step-first"):
        steps.click(name)

    assert steps.chosen == [Unit(0, 0, 0), Unit(0, 0, 1), Unit(0, 0, 2), Unit(0, 0, 1), Unit(0, 0, 0)]
    assert steps.text("step-place") == "step 1 of 16"
    assert steps.text("step-left-title") == "The 0"


def test_the_keys_do_the_same_while_the_stage_has_the_keyboard(steps: Steps) -> None:
    steps.panel.grids.setFocus()

    for key in (Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_End, Qt.Key.Key_Comma, Qt.Key.Key_Home):
        QTest.keyClick(steps.panel.grids, key)

    assert steps.chosen == [Unit(0, 0, 0), Unit(0, 0, 1), Unit(0, 3, 3), Unit(0, 3, 2), Unit(0, 0, 0)]


def test_stepping_stays_in_its_channel(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "max 2", COLOUR)
    steps.show(Unit(2, 0, 2))

    steps.click("step-on")
    steps.panel.move_to_last()

    assert steps.chosen[1:] == [Unit(2, 1, 0), Unit(2, 2, 2)]


def test_the_outputs_fill_as_the_window_passes(steps: Steps, qtbot: QtBot) -> None:
    assert steps.panel.grids.blank == frozenset()

    steps.click("step-first")
    steps.click("step-on")

    qtbot.waitUntil(lambda: Unit(0, 0, 1) not in steps.panel.grids.blank)
    assert steps.panel.grids.blank == {Unit(0, row, column) for row in range(4) for column in range(4)} - {
        Unit(0, 0, 0),
        Unit(0, 0, 1),
    }


def test_pinned_outputs_are_never_blank(steps: Steps) -> None:
    steps.pin(ZERO)
    steps.pin(THIRTY)

    steps.click("step-first")

    assert THIRTY not in steps.panel.grids.blank
    assert Unit(0, 3, 3) in steps.panel.grids.blank


def test_without_motion_an_output_is_there_at_once(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(steps.panel), "_has_motion", property(lambda _: False))

    steps.click("step-first")

    assert ZERO not in steps.panel.grids.blank


def test_pointing_at_an_output_with_the_mouse_and_clicking_makes_a_card(steps: Steps, qtbot: QtBot) -> None:
    point_at(steps.panel.grids, steps.spot(THIRTY))
    pointed = steps.text("step-left-title"), steps.text("step-left-place"), steps.hovered

    QTest.mouseClick(steps.panel.grids, Qt.MouseButton.LeftButton, pos=steps.spot(ZERO))
    QTest.mouseClick(steps.panel.grids, Qt.MouseButton.LeftButton, pos=steps.spot(THIRTY))

    assert pointed == ("The 30", "at row 4, column 3", THIRTY)
    assert steps.pins == {Role.GREEN: ZERO, Role.RED: THIRTY}
    assert steps.text("step-left-title") == "The 0"
    assert steps.text("step-left-place") == "at row 1, column 1"
    assert steps.text("step-right-title") == "The 30"
    sentence = "9 inputs take part, 27 do not"
    qtbot.waitUntil(lambda: {steps.text("step-left-share"), steps.text("step-right-share")} == {sentence})


def test_the_keys_point_and_pin_too(steps: Steps) -> None:
    grids = steps.panel.grids
    grids.setFocus()

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(grids, key)

    assert steps.pins == {Role.GREEN: Unit(0, 1, 1)}


def test_the_ring_of_padding_0_is_a_ghost_and_that_of_padding_1_has_the_borders_values(qtbot: QtBot) -> None:
    ghost = Steps(qtbot).panel.grids.input
    wrapped = Steps(qtbot, "conv [1 0 -1; 1 0 -1; 1 0 -1] padding 1 border circular").panel.grids.input
    assert ghost is not None
    assert wrapped is not None

    assert ghost.values.shape == wrapped.values.shape == (8, 8)
    assert ghost.values[1].tolist() == [0, 10, 10, 10, 0, 0, 0, 0]
    assert wrapped.values[1].tolist() == [0, 10, 10, 10, 0, 0, 0, 10]
    assert ghost.caption == "Input 6 × 6, with the ring that padding 1 would add"
    assert wrapped.caption == "Input 6 × 6"


def test_a_number_of_a_typed_grid_is_dragged(steps: Steps, qtbot: QtBot) -> None:
    grids, start = steps.panel.grids, steps.input_spot(2, 4)
    edits: list[list[list[float]]] = []
    steps.panel.grid_edited.connect(edits.append)
    point_at(grids, start)

    QTest.mousePress(grids, Qt.MouseButton.LeftButton, pos=start)
    point_at(grids, start - QPoint(0, 12))
    QTest.mouseRelease(grids, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 12))

    changed = np.argwhere(np.array(edits[-1]) != GRID.pixels[:, :, 0])
    assert changed.tolist() == [[2, 4]]
    assert edits[-1][2][4] == 2  # twelve pixels up, six for each step
    assert steps.pins == {}


def test_the_numbers_of_a_colour_picture_stay(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "relu", COLOUR)
    start = steps.input_spot(2, 4)

    with qtbot.assertNotEmitted(steps.panel.grid_edited):
        QTest.mousePress(steps.panel.grids, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(steps.panel.grids, start - QPoint(0, 30))
        QTest.mouseRelease(steps.panel.grids, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 30))


def test_a_picture_is_walked_in_a_strip_that_is_chosen_on_it(qtbot: QtBot) -> None:
    steps = Steps(qtbot, "conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid", RAMP)
    strip = steps.panel.strip
    assert strip.isVisible()
    place = strip.place

    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    steps.click("step-first")

    assert steps.strip is not None
    row, column = steps.strip  # of 46×62 outputs: the middle, less half of a strip of eight
    assert (abs(row - 23) <= 1, abs(column - 27) <= 1) == (True, True)
    board = steps.panel.grids.input
    assert board is not None
    np.testing.assert_array_equal(board.values, RAMP.pixels[row : row + 3, column : column + 10, 0])
    assert steps.chosen[-1] == Unit(0, row, column)


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


@pytest.mark.parametrize("what", ["hide", "unpin", "pin", "other layer"])
def test_playing_stops_when_nobody_watches_it(steps: Steps, what: str) -> None:
    steps.show(Unit(0, 0, 0))
    steps.click("step-play")

    match what:
        case "hide":
            steps.panel.hide()
        case "unpin":
            steps.click("step-unpin")
        case "pin":
            QTest.mouseClick(steps.panel.grids, Qt.MouseButton.LeftButton, pos=steps.spot(THIRTY))
        case _:
            steps.shown = show(evaluate(recipe_from("max 2"), GRID), Selection())
            steps.refresh()

    assert not steps.button("step-play").isChecked()


def test_without_a_layer_there_is_nothing_to_step_through(qtbot: QtBot) -> None:
    panel = StepStage()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_way(None, None, None)
    panel.show_probed((), None)

    with qtbot.assertNotEmitted(panel.unit_chosen):
        panel.move_by(1)
        panel.move_to_first()
        panel.move_to_last()

    assert not panel.bar.isEnabled()
    assert panel.hint.text() == "Choose a layer: its window walks here."


@pytest.mark.parametrize("focused", ["step-grids", "step-on", "step-speed"])
def test_s_turns_numbers_into_letters_and_back(steps: Steps, focused: str) -> None:
    steps.show(Unit(0, 1, 1))
    widget = steps.panel.findChild(QWidget, focused)
    assert widget is not None
    widget.setFocus()

    QTest.keyClick(widget, Qt.Key.Key_S)

    assert steps.text("step-sum").startswith("y[1, 1] = w[0, 0]·x[1, 1] + ")
    assert steps.panel.notation is Notation.SYMBOLS
    QTest.keyClick(widget, Qt.Key.Key_S)
    assert steps.text("step-sum").endswith("0·(−1) = 30")


def test_latex_is_copied_in_the_notation_on_the_screen(steps: Steps) -> None:
    steps.show(Unit(0, 0, 1))

    steps.choose("copy-latex")
    numbers = QGuiApplication.clipboard().text()
    steps.click("step-symbols")
    steps.choose("copy-latex")
    symbols = QGuiApplication.clipboard().text()
    steps.choose("copy-text")

    row = r"10 \cdot 1 + 10 \cdot 0 + 0 \cdot (-1)"
    assert numbers == f"y_{{0,1}} = {row} + {row} + {row} + 0 = 30"
    assert symbols.startswith(r"y_{0,1} = w_{0,0}\,x_{0,1} + w_{0,1}\,x_{0,2} + w_{0,2}\,x_{0,3} + w_{1,0}\,x_{1,1}")
    assert symbols.endswith("+ b = 30")
    assert QGuiApplication.clipboard().text().startswith("Output of Vertical edge 3×3 at row 1, column 2: 30")


def test_saving_is_asked_for_by_kind(steps: Steps) -> None:
    steps.show(Unit(0, 0, 0))

    for action in steps.panel.findChildren(QAction):
        if action.objectName().startswith("save-"):
            action.trigger()

    assert sorted(steps.wishes) == ["gif", "mp4", "pdf", "png", "svg"]


@pytest.mark.parametrize("width", [700, 768, 1112])
def test_nothing_is_cut_off_at_the_sizes_of_a_stage(steps: Steps, width: int) -> None:
    steps.show(Unit(0, 0, 0))

    steps.panel.resize(width, 530)

    assert steps.panel.bar.minimumSizeHint().width() <= width - 32
    board = steps.panel.grids.output
    assert board is not None
    assert steps.panel.grids.rect().contains(board.place.toAlignedRect())


LAYERS = (
    "conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid",
    "conv filters 3 size 5 channels 3 stride 2 border reflect",
    "conv filters 1 size 31 channels 3",
    "conv [1 2 3] dilation 3 padding 4 border circular",
    "transposed 3 stride 2",
    "transposed 1 stride 2",
    "max 2",
    "max 3 padding 1",
    "average 3 padding 1",
    "relu",
    "tanh",
    "dense 4",
    "global average",
    "global max",
)
NUMBERS = np.array([[np.nan, np.inf, -np.inf, 0.0, 1e38, -1e-38]] * 6, np.float32)


@pytest.mark.parametrize("recipe", LAYERS)
@pytest.mark.parametrize("frame", ["grid", "one", "photograph", "not finite"])
def test_every_layer_has_a_drawing_on_every_picture(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, recipe: str, frame: str
) -> None:
    faults: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *fault: faults.append(fault))
    channels = 3 if "channels 3" in recipe else 1
    pixels = {
        "grid": np.repeat(np.asarray(GRID.pixels, np.float32), channels, axis=2),
        "one": np.ones((1, 1, channels), np.float32),
        "photograph": np.random.default_rng(1).random((50, 70, channels)).astype(np.float32),
        "not finite": np.repeat(NUMBERS[:, :, None], channels, axis=2),
    }[frame]
    if frame == "one" and ("padding valid" in recipe or "border" in recipe or recipe == "max 2"):
        recipe = f"conv filters 1 size 1 channels {channels}"

    with np.errstate(all="ignore"):
        steps = Steps(qtbot, recipe, Frame(pixels, white=10.0))
        units = steps.panel._way.units if steps.panel._way is not None else ()
        for unit in (units[0], units[len(units) // 2], units[-1]):
            steps.hover(unit)
            steps.panel.grab()
            steps.show(unit)
            steps.panel.grids.show_progress(0.5)
            steps.panel.grab()

    assert units
    assert faults == []
    assert steps.panel.grids.input is not None
    assert steps.panel.cards[0].isVisible()
