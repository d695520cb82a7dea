"""The loupe: hand arithmetic beside the mouse, where there is room, never over the pixel that it explains."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.trace.trace import trace
from convstudio.views.probe.equation import Equation, equation_of
from convstudio.views.probe.loupe import AWAY, Loupe
from convstudio.views.probe.probed import Probed, Role

SHARPEN = "conv [0 -1 0; -1 5 -1; 0 -1 0] each border reflect"


def shown_of(recipe: str, pixels: object, white: float = 255.0) -> Shown:
    return show(evaluate(recipe_from(recipe), Frame(np.asarray(pixels), white=white)), Selection())


def colours() -> Shown:
    """A patch of green whose sum is 5·213 − 215 − 208 − 207 − 212 = 223."""
    pixels = np.full((9, 9, 3), 7, np.uint8)
    pixels[3:6, 3:6, 1] = [[212, 215, 211], [208, 213, 207], [206, 212, 208]]
    return shown_of(SHARPEN, pixels)


def probed(shown: Shown, channel: int, row: int, column: int) -> Probed:
    place = shown.result.outputs[shown.output_index][:3, row, column]
    channels = tuple(place.tolist()) if shown.result.plan.channels_per_map_at(shown.output_index) == 3 else ()
    return Probed(trace(shown.result, shown.output_index, channel, row, column), Role.POINTED, channels)


def equation(shown: Shown, channel: int, row: int, column: int, place: int = 0) -> Equation:
    return equation_of(probed(shown, channel, row, column), shown, place, ghost=QColor("white"))


@pytest.fixture
def loupe(qtbot: QtBot) -> Loupe:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(800, 600)
    with qtbot.waitExposed(parent):
        parent.show()
    return Loupe(parent)


def test_a_patch_times_a_kernel_is_a_sum() -> None:
    shown = colours()

    sharpened = equation(shown, 1, 4, 4)

    assert sharpened.heading == "Row 5, column 5"
    assert sharpened.inputs.values.tolist() == [[212, 215, 211], [208, 213, 207], [206, 212, 208]]
    assert sharpened.weights is not None
    assert sharpened.weights.values.tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert (sharpened.sign, sharpened.rest, sharpened.result) == ("×", "", "223")
    assert sharpened.line == (("red 7", False), ("green 223", True), ("blue 7", False))
    assert sharpened.ground == tuple(shown.output.pixels[4, 4].tolist())
    assert sharpened.inputs.grounds[1, 1].tolist() == shown.input.pixels[4, 4].tolist()


def test_a_filter_across_channels_says_what_each_of_them_adds() -> None:
    shown = shown_of("conv [1] [2] [-1] bias 0.5", [[[10, 20, 30]]])

    mixing = equation(shown, 0, 0, 0, place=1)

    assert mixing.inputs.values.tolist() == [[20]]
    assert (mixing.rest, mixing.result) == ("+ …", "20.5")  # 10 + 40 − 30 + 0.5
    assert mixing.line == (("red 10", False), ("+ green 40", True), ("+ blue −30", False), ("bias 0.5", False))


@pytest.mark.parametrize(
    ("recipe", "sign", "result", "line"),
    [
        ("max 2", "largest", "9", "goes on, from row 1, column 2"),
        ("average 2", "mean", "5", "20 ÷ 4"),
        ("relu", "ReLU", "0", "Each number by itself."),
        ("global average", "mean", "5", "20 ÷ 4"),
        ("dense 2", "×", None, "All 4 inputs take part, each with a weight of its own."),
    ],
)
def test_other_layers_say_what_goes_on(recipe: str, sign: str, result: str | None, line: str) -> None:
    shown = shown_of(recipe, np.array([[-2.0, 9.0], [5.0, 8.0]])[:, :, None], white=9.0)

    other = equation(shown, 0, 0, 0)

    assert other.sign == sign
    assert result is None or other.result == result
    assert [text for text, _ in other.line] == [line]


def test_a_kernel_too_large_for_numbers_is_shown_in_colours() -> None:
    shown = shown_of("conv filters 1 size 31 channels 1", np.ones((64, 64, 1), np.float32), white=1.0)

    large = equation(shown, 0, 32, 32)

    assert not large.inputs.has_numbers
    assert large.weights is not None
    assert large.inputs.grounds.shape == large.weights.grounds.shape == (31, 31, 3)
    assert large.size.width() < 400


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38])
def test_what_is_no_number_is_shown_all_the_same(loupe: Loupe, monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    faults: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *fault: faults.append(fault))
    with np.errstate(all="ignore"):
        shown = shown_of("conv [1 0 -1]", np.full((3, 3, 1), value, np.float32), white=1.0)
        loupe.show_unit(probed(shown, 0, 1, 1), shown, 0)
        loupe.grab()

    assert faults == []
    assert loupe.equation is not None
    assert loupe.equation.result == ("0" if value == 1e38 else "not a number")


@pytest.mark.parametrize(
    ("value", "words"), [(np.nan, "not a number"), (np.inf, "infinite"), (-np.inf, "negative infinite"), (-2.0, "−2")]
)
def test_the_value_of_an_input_is_said_in_words_where_it_is_no_number(loupe: Loupe, value: float, words: str) -> None:
    loupe.show_input((1, 1), (value,), QColor("white"), 9)
    loupe.grab()

    assert loupe.words[1] == words


@pytest.mark.parametrize("place", [(10, 10), (790, 10), (10, 590), (790, 590), (400, 300), (400, 590)])
@pytest.mark.parametrize("side", [2, 60])
def test_it_turns_to_the_side_with_room_and_keeps_off_its_pixel(
    loupe: Loupe, place: tuple[int, int], side: int
) -> None:
    shown, point = colours(), QPointF(*place)
    pixel = QRectF(point.x() - side / 2, point.y() - side / 2, side, side)
    loupe.show_unit(probed(shown, 1, 4, 4), shown, 0)

    loupe.follow(point, pixel)

    assert QRectF(0, 0, 800, 600).contains(loupe.tile)
    assert not loupe.tile.intersects(pixel)
    assert not loupe.tile.contains(point)
    if side == 2:
        beside = min(abs(loupe.tile.left() - point.x()), abs(loupe.tile.right() - point.x()))
        assert abs(beside - AWAY) <= 2


def test_it_takes_neither_the_mouse_nor_the_focus(loupe: Loupe, qtbot: QtBot) -> None:
    shown, parent = colours(), loupe.parentWidget()
    assert parent is not None
    loupe.show_unit(probed(shown, 1, 4, 4), shown, 0)
    loupe.follow(QPointF(400, 300), QRectF(399, 299, 2, 2))

    under = parent.childAt(loupe.geometry().center())

    assert loupe.isVisible()
    assert under is None
    assert loupe.focusPolicy() is Qt.FocusPolicy.NoFocus
    QTest.mouseClick(parent, Qt.MouseButton.LeftButton, pos=QPoint(loupe.geometry().center()))
    assert not loupe.hasFocus()
