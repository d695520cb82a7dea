"""Somebody moves the input and reads whether the output moves along, with a stride and without."""

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convstudio.core.ops import reference
from convstudio.core.recipe.layers import Conv, Pool
from convstudio.core.view.shown import Shown
from tests.journeys.conftest import Studio


def open_the_test(studio: Studio) -> Shown:
    """The first layer of the first recipe on a photograph, with the panel in front."""
    studio.settled_on_a_picture()
    studio.application.panels.window.show_stage("shift")
    shown = studio.settled()
    assert isinstance(shown.result.plan.steps[0].layer, Conv)
    return shown


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (960, 540), (896, 480)])
def test_what_can_be_read_beside_the_difference_is_whole(studio: Studio, size: tuple[int, int]) -> None:
    studio.window.resize(*size)
    open_the_test(studio)
    studio.until(lambda: studio.text("shift-second").startswith("At the border"))
    direction = studio.find("shift-direction")

    words = [studio.find(f"shift-{name}") for name in ("number", "first", "second")]

    assert words[0].isVisible()
    assert words[1].isVisible()
    assert words[2].isVisible() or size[1] < 700
    for label in words:
        if label.isVisible():
            assert label.geometry().bottom() < direction.geometry().top()
            assert label.height() >= label.heightForWidth(label.width())


def wait_for(studio: Studio, words: str) -> str:
    """Wait until the panel says something."""
    studio.until(lambda: words in studio.find("shift-number").toolTip())
    return studio.find("shift-number").toolTip()


def spoken_error(sentence: str, where: str) -> float:
    match = re.search(rf"([\d.]+) {where} the", sentence)
    assert match is not None, sentence
    return float(match[1])


def border_error(shown: Shown, across: int) -> float:
    """‖f(Sx) − S f(x)‖ / ‖f(x)‖, both on the frame of one output around the middle 128×128 pixels, in float64."""
    layer = shown.result.plan.steps[0].layer
    assert isinstance(layer, Conv)
    _, height, width = shown.result.source.shape
    top, left = (height - 128) // 2, (width - 128) // 2
    x = shown.result.source[:, top : top + 128, left : left + 128].astype(np.float64)
    shifted = np.zeros_like(x)
    shifted[:, :, across:] = x[:, :, :-across]
    f, f_of_shifted = (
        reference.conv2d(plane, layer.weight.array, layer.bias, padding=1, border=layer.border)
        for plane in (x, shifted)
    )
    apart = f_of_shifted[:, :, across:] - f[:, :, :-across]
    is_border = np.ones(apart.shape[1:], np.bool_)
    is_border[1:-1, 1:-1] = False
    return float(np.linalg.norm(apart[:, is_border]) / np.linalg.norm(f[:, :, across:][:, is_border]))


def test_the_interior_moves_along_and_the_border_does_not(studio: Studio) -> None:
    shown = open_the_test(studio)
    wait_for(studio, "moved 1 pixel to the right")

    studio.find("shift-input").setFocus()
    QTest.keyClick(studio.find("shift-input"), Qt.Key.Key_Right)
    lead = wait_for(studio, "moved 2 pixels to the right")
    studio.until(lambda: "at every shift" in studio.find("shift-chart").accessibleName())

    assert lead.startswith("Equivariant in the interior: the middle 128×128 pixels moved")
    assert spoken_error(lead, "in") == 0
    assert spoken_error(lead, "at") == pytest.approx(border_error(shown, 2), rel=0.06)  # it is written in two digits
    assert studio.text("shift-number") == "0 %"


def test_a_supposed_stride_of_2_is_a_comb_and_leaves_the_recipe_alone(studio: Studio) -> None:
    open_the_test(studio)
    wait_for(studio, "Equivariant")
    document = studio.application.commands.recipe.document

    studio.find("shift-stride").setFocus()
    QTest.keyClick(studio.find("shift-stride"), Qt.Key.Key_End)
    lead = wait_for(studio, "Neither")
    studio.until(lambda: "multiples of 2" in studio.find("shift-chart").accessibleName())

    assert lead.endswith("The stride lets it follow multiples of 2 pixels only.")
    assert spoken_error(lead, "in") > 0
    assert studio.application.commands.recipe.document is document


def test_behind_another_tab_nothing_is_asked_and_in_front_again_it_answers(studio: Studio) -> None:
    open_the_test(studio)
    wait_for(studio, "Sobel 3×3")
    window, commands = studio.application.panels.window, studio.application.commands

    window.show_stage("step")
    commands.recipe.add_layer(lambda _: Pool())
    studio.settled()
    behind = studio.find("shift-number").toolTip()
    window.show_stage("shift")

    wait_for(studio, "the 2 layers up to Max pool 2×2")
    assert "Sobel 3×3" in behind


def test_left_before_it_could_answer_it_answers_when_somebody_comes_back(studio: Studio) -> None:
    studio.settled_on_a_picture()
    window, panel = studio.application.panels.window, studio.application.panels.explanations["shift"].open()
    panel.asked.connect(lambda _: window.show_stage("step"), Qt.ConnectionType.SingleShotConnection)

    window.show_stage("shift")
    studio.until(lambda: window.stage != "shift")
    window.show_stage("shift")

    wait_for(studio, "Sobel 3×3")
