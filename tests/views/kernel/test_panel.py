"""The kernel editor by mouse and keyboard."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Layer, Orientation, Weights
from convstudio.core.recipe.plan import plan
from convstudio.views.controls.slider_field import SliderField
from convstudio.views.kernel.cells import cell_text
from convstudio.views.kernel.panel import KernelPanel

SOBEL = [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]


class Desk:
    """The panel with a layer that follows its edits, as the store would let it."""

    def __init__(self, panel: KernelPanel, layer: Conv, channels: int = 1) -> None:
        self.panel, self.channels = panel, channels
        self.keys: list[str] = []
        self.ends = 0
        self.messages: list[str] = []
        panel.layer_edited.connect(self._take)
        panel.gesture_ended.connect(self._end)
        panel.message.connect(self.messages.append)
        self.show(layer)

    def show(self, layer: Layer) -> None:
        self.layer = layer
        self.panel.show_step(plan(Document((layer,)), Shape(self.channels, 40, 40)).steps[0])

    def plane(self, filter_index: int = 0, channel: int = 0) -> list[list[float]]:
        assert isinstance(self.layer, Conv)
        plane: list[list[float]] = self.layer.weight.array[filter_index, channel].tolist()
        return plane

    def _take(self, layer: Layer, key: str) -> None:
        self.keys.append(key)
        self.show(layer)

    def _end(self) -> None:
        self.ends += 1

    def at(self, row: int, column: int) -> QPoint:
        return self.panel.grid.cell_rect(row, column).center().toPoint()

    def click(self, row: int, column: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.panel.grid, Qt.MouseButton.LeftButton, modifier, self.at(row, column))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    """A panel on one Sobel filter for a grey picture."""
    panel = KernelPanel()
    qtbot.addWidget(panel)
    panel.resize(360, 900)
    panel.show()
    with qtbot.waitActive(panel):
        panel.activateWindow()
    return Desk(panel, Conv(weight=Weights([[SOBEL]]), bias=(0.0,)))


def test_showing_a_layer_emits_nothing(desk: Desk) -> None:
    desk.show(SIX)

    assert desk.keys == []


@pytest.mark.parametrize(
    ("kernel", "sentence"),
    [
        (SOBEL, "Sum 0: flat places give 0"),
        ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "Sum 1: brightness stays"),
        ([[1, 1], [1, 0.5]], "Sum 3.5: brightness × 3.5"),
        ([[0, 0]], "Sum 0: everything gives 0"),
    ],
)
def test_the_sum_is_told_with_what_it_means(desk: Desk, kernel: list[list[float]], sentence: str) -> None:
    desk.show(Conv(weight=Weights([[kernel]]), bias=(0.0,)))

    assert desk.panel.sentence.text() == sentence


def test_it_tells_how_the_layer_is_computed_when_somebody_asks(desk: Desk) -> None:
    hat = np.hanning(17)[1:-1]
    blur = Conv(weight=Weights(np.outer(hat, hat)[None, None]), bias=(0.0,))
    desk.panel.show_step(plan(Document((blur,)), Shape(1, 480, 640)).steps[0])

    QApplication.sendEvent(desk.panel.sentence, QHelpEvent(QEvent.Type.ToolTip, QPoint(4, 4), QPoint(4, 4)))

    assert "15 + 15 products replace 225 at each pixel" in desk.panel.sentence.toolTip()


def test_typing_a_number_and_enter_writes_it_and_moves_down(desk: Desk) -> None:
    desk.click(0, 0)
    QTest.keyClicks(desk.panel.grid, "7")
    QTest.keyClicks(desk.panel.grid.editor, ".5")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.plane()[0] == [7.5, 0, 1]
    assert desk.panel.grid.current == (1, 0)
    assert desk.keys == [""]


def test_tab_moves_right_and_on_to_the_next_row(desk: Desk) -> None:
    desk.click(0, 2)
    QTest.keyClicks(desk.panel.grid, "4")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Tab)

    assert desk.plane()[0] == [-1, 0, 4]
    assert desk.panel.grid.current == (1, 0)


def test_a_fraction_can_be_typed(desk: Desk) -> None:
    desk.click(1, 1)
    QTest.keyClicks(desk.panel.grid, "1")
    QTest.keyClicks(desk.panel.grid.editor, "/9")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.plane()[1][1] == 1 / 9


def test_looking_at_a_cell_does_not_round_it(desk: Desk) -> None:
    desk.show(Conv(weight=Weights([[[[1 / 3, 0, 0]] * 3]]), bias=(0.0,)))

    desk.click(0, 0)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Return)
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)
    desk.panel.size_fields.rows.setFocus()

    assert desk.keys == []
    assert desk.plane()[0][0] == 1 / 3


def test_what_is_not_a_number_is_said_and_changes_nothing(desk: Desk) -> None:
    desk.click(0, 0)
    QTest.keyClicks(desk.panel.grid, "1")
    QTest.keyClicks(desk.panel.grid.editor, "x")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.keys == []
    assert len(desk.messages) == 1


def test_control_and_arrows_step_the_value_as_one_gesture(desk: Desk) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    desk.click(0, 1)
    before = desk.ends

    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Up, control)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Up, control | shift)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Right)

    assert desk.plane()[0] == [-1, 1.1, 1]  # 0.1, and ten times 0.1
    assert len(set(desk.keys)) == 1
    assert desk.keys[0] != ""
    assert desk.ends == before + 1


def test_the_wheel_steps_the_chosen_cell(desk: Desk) -> None:
    desk.click(2, 2)
    at = QPointF(desk.at(2, 2))
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        at, desk.panel.grid.mapToGlobal(at), QPoint(), QPoint(0, -240), none,
        Qt.KeyboardModifier.NoModifier, phase, False,
    )  # fmt: skip

    QApplication.sendEvent(desk.panel.grid, event)

    assert desk.plane()[2][2] == pytest.approx(0.8)


def test_dragging_up_scrubs_and_is_one_edit(desk: Desk) -> None:
    grid, start = desk.panel.grid, desk.at(1, 1)

    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    for up in (4, 8, 20):
        QTest.mouseMove(grid, start - QPoint(0, up))
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 20))

    assert desk.plane()[1][1] == pytest.approx(0.5)  # 20 pixels are 5 steps
    assert len(set(desk.keys)) == 1
    assert desk.ends >= 1


def test_a_range_is_selected_and_filled(desk: Desk) -> None:
    desk.click(0, 0)
    desk.click(1, 1, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(desk.panel.grid, "9")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.plane() == [[9, 9, 1], [9, 9, 2], [-1, 0, 1]]


def test_delete_sets_the_selection_to_zero(desk: Desk) -> None:
    desk.click(0, 0)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Delete)

    assert desk.plane() == [[0, 0, 1], [0, 0, 2], [-1, 0, 1]]


def drag(desk: Desk, *cells: tuple[int, int]) -> None:
    """Press on the first cell, go over the others, let go."""
    grid = desk.panel.grid
    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=desk.at(*cells[0]))
    for cell in cells[1:]:
        QTest.mouseMove(grid, desk.at(*cell))
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=desk.at(*cells[-1]))


def test_the_brush_paints_the_chosen_value_as_one_edit(desk: Desk) -> None:
    desk.click(1, 2)
    QTest.mouseClick(desk.panel.brush, Qt.MouseButton.LeftButton)
    ends = desk.ends

    drag(desk, (0, 0), (0, 1), (1, 1))

    assert desk.plane() == [[2, 2, 1], [-2, 2, 2], [-1, 0, 1]]
    assert desk.panel.sentence.text().startswith("Painting 2:")
    assert set(desk.keys) == {desk.keys[0]}
    assert desk.keys[0] != ""
    assert desk.ends == ends + 1


def test_on_a_kernel_of_zeros_the_brush_paints_ones_or_what_was_typed_last(desk: Desk) -> None:
    desk.show(Conv(weight=Weights(np.zeros((1, 1, 3, 3))), bias=(0.0,)))
    QTest.mouseClick(desk.panel.brush, Qt.MouseButton.LeftButton)
    drag(desk, (0, 0), (0, 1))
    ones = desk.plane()

    QTest.keyClicks(desk.panel.grid, "7")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)
    drag(desk, (2, 0), (2, 1))

    assert ones == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert desk.plane()[2] == [7, 7, 0]


def test_alt_is_left_to_the_desktop(desk: Desk) -> None:
    grid, alt = desk.panel.grid, Qt.KeyboardModifier.AltModifier
    desk.click(1, 2)

    QTest.mousePress(grid, Qt.MouseButton.LeftButton, alt, desk.at(0, 0))
    QTest.mouseMove(grid, desk.at(0, 1))
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, alt, desk.at(0, 1))

    assert desk.keys == []


def choose(desk: Desk, name: str) -> None:
    """A row of one of the menus."""
    action = desk.panel.findChild(QAction, name)
    assert isinstance(action, QAction)
    action.trigger()


def test_locks_hold_while_one_paints(desk: Desk) -> None:
    desk.show(Conv(weight=Weights(np.zeros((1, 1, 3, 3))), bias=(0.0,)))
    choose(desk, "lock-symmetry")
    choose(desk, "lock-zero")

    desk.click(0, 0)
    QTest.keyClicks(desk.panel.grid, "5")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    # the corners are 5, and the five others give −4 each
    assert desk.plane() == [[5, -4, 5], [-4, -4, -4], [5, -4, 5]]
    assert desk.panel.locks_button.isChecked()


def test_a_lock_is_true_at_once_and_there_is_one_of_the_sum(desk: Desk) -> None:
    desk.show(Conv(weight=Weights([[[[1.0, 2.0, 1.0]]]]), bias=(0.0,)))

    choose(desk, "lock-one")
    of_one = desk.plane()
    choose(desk, "lock-zero")

    assert of_one == [[0.25, 0.5, 0.25]]
    assert np.sum(desk.plane()) == pytest.approx(0)
    action = desk.panel.findChild(QAction, "lock-one")
    assert isinstance(action, QAction)
    assert not action.isChecked()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\t2\n3\t4", [[1, 2], [3, 4]]),
        ("np.array([[0, 1], [1, 0]])", [[0, 1], [1, 0]]),
        ("[1 0 −1; 2 0 −2; 1 0 −1]", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    ],
)
def test_a_kernel_is_pasted_from_other_programs(desk: Desk, text: str, expected: list[list[float]]) -> None:
    QGuiApplication.clipboard().setText(text)
    desk.click(0, 0)

    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert desk.plane() == expected


def test_all_cells_chosen_are_replaced_by_a_smaller_kernel_and_a_range_is_filled(desk: Desk) -> None:
    desk.show(Conv(weight=Weights(np.zeros((1, 1, 5, 3))), bias=(0.0,)))
    QGuiApplication.clipboard().setText("1 2\n3 4")
    control = Qt.KeyboardModifier.ControlModifier
    desk.click(1, 1)

    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, control)
    filled = desk.plane()
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_A, control)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, control)

    assert filled == [[0, 0, 0], [0, 1, 2], [0, 3, 4], [0, 0, 0], [0, 0, 0]]
    assert desk.plane() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [(Qt.Key.Key_Down, [[0.25], [0.5], [0.25]]), (Qt.Key.Key_Up, [[0, 25], [0, 5], [0, 25]])],
)
def test_a_text_with_two_readings_is_asked_about(
    desk: Desk, qtbot: QtBot, choice: Qt.Key, expected: list[list[float]]
) -> None:
    menu = paste_with_two_readings(desk, qtbot, "0,25\r\n0,5\r\n0,25\r\n")

    assert [action.text() for action in menu.actions()[1:]] == ["[0.25; 0.5; 0.25] (3×1)", "[0 25; 0 5; 0 25] (3×2)"]
    QTest.keyClick(menu, choice)
    QTest.keyClick(menu, Qt.Key.Key_Return)

    assert desk.plane() == expected
    assert desk.messages == []


def test_a_cell_with_two_readings_is_asked_about_and_turning_away_pastes_nothing(desk: Desk, qtbot: QtBot) -> None:
    menu = paste_with_two_readings(desk, qtbot, "0,25")

    QTest.keyClick(menu, Qt.Key.Key_Escape)

    assert desk.plane() == SOBEL
    assert desk.keys == []


def paste_with_two_readings(desk: Desk, qtbot: QtBot, text: str) -> QMenu:
    """Paste into the kernel's first cell; the question that comes of it."""
    QGuiApplication.clipboard().setText(text)
    desk.click(0, 0)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    menu = desk.panel.findChild(QMenu, "kernel-readings")
    assert isinstance(menu, QMenu)
    assert desk.keys == []  # nothing is decided yet
    qtbot.waitExposed(menu)
    return menu


def test_a_kernel_is_copied_and_comes_back(desk: Desk) -> None:
    desk.click(0, 0)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_Delete)

    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert desk.plane() == SOBEL


def test_a_number_that_nothing_can_be_computed_with_is_refused(desk: Desk) -> None:
    desk.click(1, 1)
    QTest.keyClick(desk.panel.grid, Qt.Key.Key_1)
    QTest.keyClicks(desk.panel.grid.editor, "e39")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.plane() == SOBEL
    assert desk.panel.grid.plane.tolist() == SOBEL
    assert desk.messages == ["A weight is 1e+39, but what is computed with ends at 3.4e+38; give it a smaller number."]


def test_text_that_is_no_kernel_is_refused_with_a_sentence(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("1 2 3\n4 5")
    desk.click(0, 0)

    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert desk.keys == []
    assert "row" in desk.messages[0]


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("negate", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("flip-horizontal", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("flip-vertical", SOBEL),
        ("transpose", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("rotate", [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
        ("shift-left", [[0, 1, -1], [0, 2, -2], [0, 1, -1]]),
        ("shift-down", [[-1, 0, 1], [-1, 0, 1], [-2, 0, 2]]),
        ("rotate-right", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("rotate-ring", [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]),
        ("zero-sum", SOBEL),
    ],
)
def test_tools_by_hand(desk: Desk, tool: str, expected: list[list[float]]) -> None:
    choose(desk, f"tool-{tool}")

    assert desk.plane() == expected


def test_a_sum_of_zero_cannot_be_made_one_and_that_is_said(desk: Desk) -> None:
    choose(desk, "tool-normalise")

    assert desk.keys == []
    assert "sum of this kernel is 0" in desk.messages[0]


def test_the_size_grows_around_the_anchor(desk: Desk) -> None:
    columns = desk.panel.size_fields.columns
    columns.setFocus()
    columns.selectAll()
    QTest.keyClicks(columns, "5")
    QTest.keyClick(columns, Qt.Key.Key_Return)

    assert desk.plane() == [[0, *row, 0] for row in SOBEL]


def test_a_kernel_that_is_turned_in_use_says_so_and_is_chosen_with_the_flips(desk: Desk) -> None:
    choose(desk, "orientation-convolution")

    assert isinstance(desk.layer, Conv)
    assert desk.layer.orientation is Orientation.CONVOLUTION
    assert desk.panel.sentence.text() == "Sum 0: turned by 180° before it is used"


def test_filters_are_added_duplicated_and_deleted(desk: Desk) -> None:
    for name in ("filter-add", "filter-duplicate", "filter-delete"):
        button = desk.panel.findChild(QToolButton, name)
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert isinstance(desk.layer, Conv)
    assert desk.layer.filters == 2
    assert desk.panel.filters.itemText(1) == "Filter 2"


def test_the_last_filter_stays(desk: Desk) -> None:
    button = desk.panel.findChild(QToolButton, "filter-delete")
    assert button is not None

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert desk.keys == []
    assert len(desk.messages) == 1


def test_another_plane_is_chosen_and_edited(desk: Desk) -> None:
    desk.channels = 3
    desk.show(Conv(weight=Weights(np.zeros((2, 3, 1, 1))), bias=(0.0, 0.0)))

    QTest.keyClick(desk.panel.filters, Qt.Key.Key_Down)
    for _ in range(3):  # past all channels, red and green
        QTest.keyClick(desk.panel.planes, Qt.Key.Key_Down)
    desk.click(0, 0)
    QTest.keyClicks(desk.panel.grid, "6")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.panel.planes.currentText() == "Slice: blue"
    assert desk.plane(1, 2) == [[6]]
    assert desk.plane(0, 2) == [[0]]


@pytest.mark.parametrize(
    ("index", "names"), [(0, ["Slice: red", "Slice: green", "Slice: blue"]), (1, ["Slice: map 1"])]
)
def test_only_the_picture_has_colours(desk: Desk, index: int, names: list[str]) -> None:
    """Three filters over a colour picture, and one over their three maps: the second reads no red."""
    first = Conv(weight=Weights(np.ones((3, 3, 3, 3))), bias=(0.0,) * 3)
    second = Conv(weight=Weights(np.ones((1, 3, 3, 3))), bias=(0.0,))

    desk.panel.show_step(plan(Document((first, second)), Shape(3, 40, 40)).steps[index])

    planes = desk.panel.planes
    assert planes.count() == 4
    assert planes.currentText() == "All channels"
    assert [planes.itemText(place + 1) for place in range(len(names))] == names


def test_all_channels_shows_what_the_filter_makes_of_grey_and_shares_what_is_typed(desk: Desk) -> None:
    desk.channels = 3
    desk.show(Conv(weight=Weights([[[[1.0, 0.0]], [[2.0, 0.0]], [[3.0, 0.0]]]]), bias=(0.0,)))
    shown = desk.panel.grid.plane.tolist()

    desk.click(0, 0)
    QTest.keyClicks(desk.panel.grid, "9")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert shown == [[6, 0]]
    assert [desk.plane(0, channel)[0] for channel in range(3)] == [[2, 0], [3, 0], [4, 0]]
    assert desk.panel.sentence.text() == "Sum 9 · 6 weights in this filter"


def test_a_tool_works_on_every_slice_or_on_the_one_that_is_shown(desk: Desk) -> None:
    desk.channels = 2
    desk.show(Conv(weight=Weights([[[[1.0, 2.0]], [[3.0, 4.0]]]]), bias=(0.0,)))

    choose(desk, "tool-flip-horizontal")
    on_all = [desk.plane(0, channel) for channel in range(2)]
    desk.panel.planes.setFocus()
    QTest.keyClick(desk.panel.planes, Qt.Key.Key_End)
    choose(desk, "tool-negate")

    assert on_all == [[[2, 1]], [[4, 3]]]
    assert [desk.plane(0, channel) for channel in range(2)] == [[[2, 1]], [[-4, -3]]]


def test_a_pasted_kernel_on_all_channels_keeps_its_brightness(desk: Desk) -> None:
    desk.channels = 3
    desk.show(Conv(weight=Weights(np.zeros((1, 3, 3, 3))), bias=(0.0,)))
    QGuiApplication.clipboard().setText("0 -1 0\n-1 5 -1\n0 -1 0")
    desk.click(0, 0)

    QTest.keyClick(desk.panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert desk.panel.grid.plane.tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert [desk.plane(0, channel)[1][1] for channel in range(3)] == [5 / 3] * 3


def test_a_preset_is_loaded_and_turned_as_one_gesture(desk: Desk) -> None:
    load(desk, "gaussian")
    loaded = len(desk.keys)
    QTest.keyClick(field(desk, "sigma").slider, Qt.Key.Key_Up)
    QTest.keyClick(field(desk, "sigma").slider, Qt.Key.Key_Up)

    assert np.sum(desk.plane()) == pytest.approx(1.0)
    assert loaded == 1
    assert len(set(desk.keys[loaded:])) == 1
    assert "gaussian" in desk.keys[-1]


def load(desk: Desk, key: str) -> None:
    """Take a preset, as the gallery does."""
    desk.panel.load_preset(key, find(key).defaults)


def field(desk: Desk, name: str) -> SliderField:
    return desk.panel.parameters.sliders[name]


SIX = Conv(weight=Weights(np.stack([np.array(SOBEL) * factor for factor in range(1, 7)])[:, None]), bias=(0.0,) * 6)


@pytest.mark.parametrize("key", ["gaussian", "gabor", "motion", "gabor-bank", "random"])
def test_the_numbers_of_a_preset_vanish_with_its_kernel(desk: Desk, key: str) -> None:
    """Another layer, another session, a lesson and undo are all the same here: another layer is shown."""
    desk.show(SIX)
    load(desk, key)
    assert desk.panel.parameters.isVisible()
    sliders = [field.slider for field in desk.panel.parameters.sliders.values()]
    edits = len(desk.keys)

    desk.show(SIX)
    for slider in sliders:  # even if somebody could still reach them
        if isValid(slider):
            slider.setValue(slider.value() + 1)

    assert not desk.panel.parameters.isVisible()
    assert len(desk.keys) == edits
    assert desk.layer == SIX


def test_the_numbers_of_a_preset_come_back_with_undo_and_are_those_of_the_kernel(desk: Desk) -> None:
    load(desk, "gaussian")
    first = desk.layer
    QTest.keyClick(field(desk, "sigma").slider, Qt.Key.Key_Up)
    second = desk.layer

    desk.show(first)
    of_first = desk.panel.parameters.isVisible(), field(desk, "sigma").value
    desk.show(second)
    of_second = field(desk, "sigma").value
    desk.show(first)
    QTest.keyClick(field(desk, "sigma").slider, Qt.Key.Key_Down)

    assert of_first == (True, 1.0)
    assert of_second == 1.1
    np.testing.assert_array_equal(desk.plane(), build(find("gaussian"), sigma=0.9)[0])


def test_typed_weights_are_no_longer_the_preset(desk: Desk) -> None:
    load(desk, "gaussian")
    desk.click(0, 0)
    QTest.keyClicks(desk.panel.grid, "7")
    QTest.keyClick(desk.panel.grid.editor, Qt.Key.Key_Return)

    assert desk.plane()[0][0] == 7
    assert not desk.panel.parameters.isVisible()


def test_the_numbers_belong_to_one_filter_and_change_that_one_alone(desk: Desk) -> None:
    desk.show(SIX)
    choose_filter(desk, 2)
    load(desk, "gabor")
    loaded = desk.layer

    choose_filter(desk, 4)
    of_another = desk.panel.parameters.isVisible()
    choose_filter(desk, 2)
    of_its_own = desk.panel.parameters.isVisible()
    QTest.keyClick(field(desk, "wavelength").slider, Qt.Key.Key_Up)

    assert (of_another, of_its_own) == (False, True)
    assert isinstance(loaded, Conv)
    assert isinstance(desk.layer, Conv)
    others = [0, 1, 3, 4, 5]
    np.testing.assert_array_equal(desk.layer.weight.array[others], loaded.weight.array[others])
    np.testing.assert_array_equal(desk.plane(2), build(find("gabor"), wavelength=4.5)[0])


def test_what_else_is_set_of_the_layer_stays_while_its_preset_is_turned(desk: Desk) -> None:
    load(desk, "gaussian")
    assert isinstance(desk.layer, Conv)
    desk.show(replace(desk.layer, stride=Pair(2, 2), bias=(5.0,)))

    QTest.keyClick(field(desk, "sigma").slider, Qt.Key.Key_Up)

    assert isinstance(desk.layer, Conv)
    assert (desk.layer.stride, desk.layer.bias) == (Pair(2, 2), (5.0,))
    np.testing.assert_array_equal(desk.plane(), build(find("gaussian"), sigma=1.1)[0])


def test_a_filter_taken_out_of_a_set_ends_it(desk: Desk) -> None:
    load(desk, "gabor-bank")
    whole = desk.panel.preset_key

    button = desk.panel.findChild(QToolButton, "filter-delete")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert whole == "gabor-bank"
    assert desk.panel.preset_key == "gabor"  # what is left in the first place, at 45°
    assert field(desk, "theta").value == 45


def test_a_number_that_is_refused_is_not_the_kernels(desk: Desk) -> None:
    load(desk, "dog")
    before = desk.layer
    field(desk, "sigma1").slider.setValue(27)  # 0.3 + 27 · 0.1 = 3

    assert desk.layer == before
    assert desk.messages[-1].endswith("make sigma1 the smaller one.")
    assert field(desk, "sigma1").value == 1


def choose_filter(desk: Desk, index: int) -> None:
    """By the keyboard, as far down the list as needed."""
    box = desk.panel.filters
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(index):
        QTest.keyClick(box, Qt.Key.Key_Down)
    box.activated.emit(box.currentIndex())


def test_the_button_asks_for_the_gallery_and_shows_silently_that_it_is_open(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.panel.presets_toggled) as toggled:
        QTest.mouseClick(desk.panel.open_presets, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(desk.panel.presets_toggled):
        desk.panel.show_presets_open(is_open=False)

    assert toggled.args == [True]
    assert not desk.panel.open_presets.isChecked()


def test_a_preview_shows_another_kernel_and_gives_the_own_back(desk: Desk) -> None:
    desk.panel.grid.setFocus()
    before = desk.panel.grid.grab().toImage()
    desk.panel.show_preview(np.array([[1.0, 1.0]]), "Sum of two")
    words, previewed = desk.panel.sentence.text(), desk.panel.grid.grab().toImage()
    desk.click(0, 0)
    desk.panel.show_preview(None, "")

    assert words == "Preview of Sum of two: sum 2"
    assert previewed != before
    assert desk.panel.grid.grab().toImage() == before
    assert desk.panel.sentence.text().startswith("Sum 0")
    assert desk.keys == []


def test_hovering_a_cell_tells_which(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.panel.cell_hovered) as hovered:
        QTest.mouseMove(desk.panel.grid, desk.at(2, 1))

    assert hovered.args[0] == (2, 1)


def test_each_channel_alone_has_one_plane_for_all(desk: Desk) -> None:
    desk.channels = 3
    desk.show(Conv(weight=Weights([[SOBEL]]), bias=(0.0,), channels=Channels.EACH))

    assert [desk.panel.planes.itemText(place) for place in range(desk.panel.planes.count())] == ["All channels"]


def test_a_large_kernel_hides_numbers_that_cannot_be_read(desk: Desk) -> None:
    desk.show(Conv(weight=Weights(np.full((1, 1, 31, 31), 1 / 961)), bias=(0.0,)))

    assert not desk.panel.grid.are_numbers_shown()
    assert desk.panel.grid.accessibleName() == "Kernel cell, row 1, column 1: 0.001040583"


def test_the_keyboard_finds_the_value_of_a_cell_by_name(desk: Desk) -> None:
    desk.click(1, 0)

    assert desk.panel.grid.accessibleName() == "Kernel cell, row 2, column 1: −2"


@pytest.mark.parametrize(
    ("value", "fitting", "text"),
    [
        (-1 / 3, 7, "−0.333"),
        (-1 / 3, 5, "−0.33"),
        (0.000582, 5, "6e−4"),
        (6.55e-6, 5, "7e−6"),
        (1.0, 4, "1"),
        (-12345.6, 4, "−1e4"),
        (-12345.6, 3, "…"),
    ],
)
def test_a_cell_shows_as_many_digits_as_fit(value: float, fitting: int, text: str) -> None:
    assert cell_text(value, fitting) == text
