"""Somebody has the maps learn a filter, reads who learned it, and takes the learned kernel into the editor."""

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from convstudio.core.recipe.layers import Conv
from convstudio.insight.teach.training import Training, TrainingQuestion, answer
from convstudio.views.explain.teach.panel import TeachPanel
from tests.journeys.conftest import Studio
from tests.pictures import write_png

SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


def opened(studio: Studio) -> TeachPanel:
    """The panel in front, on a photograph."""
    studio.settled_on_a_picture()
    studio.application.panels.window.show_stage("teach")
    panel = studio.application.panels.explanations["teach"].open()
    assert isinstance(panel, TeachPanel)
    studio.until(lambda: panel.kernel.kernel is not None)
    return panel


def choose(studio: Studio, name: str, text: str) -> None:
    """Type the beginning of an entry into a box; a space would open its list."""
    box = studio.find(name)
    box.setFocus()
    QTest.keyClicks(box, text)


def errors_by_plain_least_squares(lesson: Training, picture: np.ndarray) -> tuple[float, float]:
    """The errors of the local and of the dense map on the tests after one example, from the picture itself."""
    kernel = np.array(SHARPEN, np.float64)

    def patch(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        row, column = (int(number) - 1 for number in place)  # the window starts one pixel before the first output
        pixels = picture[row : row + 10, column : column + 10].astype(np.float64)
        target = [[float((pixels[y : y + 3, x : x + 3] * kernel).sum()) for x in range(8)] for y in range(8)]
        return pixels, np.array(target)

    pixels, target = patch(lesson.samples.examples[0])
    dense = (
        np.outer(target.ravel(), pixels.ravel()) / (pixels * pixels).sum()
    )  # the smallest weights that fit one example
    windows = np.array([[pixels[y : y + 3, x : x + 3] for x in range(8)] for y in range(8)])
    local = target[:, :, None, None] * windows / (windows * windows).sum(axis=(2, 3), keepdims=True)
    off_local = off_dense = total = 0.0
    for place in lesson.samples.tests:
        pixels, target = patch(place)
        windows = np.array([[pixels[y : y + 3, x : x + 3] for x in range(8)] for y in range(8)])
        off_local += float((((local * windows).sum(axis=(2, 3)) - target) ** 2).sum())
        off_dense += float((((dense @ pixels.ravel()).reshape(8, 8) - target) ** 2).sum())
        total += float((target**2).sum())
    return float(np.sqrt(off_local / total)), float(np.sqrt(off_dense / total))


def test_the_numbers_on_the_screen_are_those_of_plain_least_squares(studio: Studio) -> None:
    panel = opened(studio)
    questions: list[TrainingQuestion] = []
    panel.asked.connect(questions.append)
    choose(studio, "teach-preset", "Sharpen")
    studio.until(lambda: panel.kernel.kernel is not None and panel.kernel.kernel.tolist() == SHARPEN)

    lead = studio.text("teach-lead")

    places = answer(questions[-1])
    assert isinstance(places, Training)
    local, dense = errors_by_plain_least_squares(places, questions[-1].planes[0])
    numbers = re.search(r"the local map \(576 weights\) errs by ([\d.]+), the dense one \(6,400\) by ([\d.]+)\.", lead)
    assert lead.startswith("After 1 example the convolution (9 weights) is right on patches it never saw; ")
    assert numbers is not None
    assert float(numbers[1]) == pytest.approx(local, rel=0.05)  # they are written in two digits
    assert float(numbers[2]) == pytest.approx(dense, rel=0.05)
    assert "the example is still right in the convolution alone" in lead


def test_the_learned_kernel_goes_into_the_editor_and_undo_takes_it_out(studio: Studio) -> None:
    panel = opened(studio)
    commands = studio.application.commands
    before = commands.recipe.document
    choose(studio, "teach-preset", "Sharpen")
    studio.until(lambda: panel.kernel.kernel is not None and panel.kernel.kernel.tolist() == SHARPEN)

    studio.click("teach-use")
    shown = studio.settled()
    layer = shown.result.document.layers[0]
    studio.press("Ctrl+Z")
    studio.settled()

    assert isinstance(layer, Conv)
    np.testing.assert_allclose(layer.weight.array[0].sum(axis=0), SHARPEN, atol=1e-9)
    assert commands.recipe.document == before


def test_painting_changes_what_is_learned(studio: Studio) -> None:
    panel = opened(studio)
    choose(studio, "teach-source", "Painted")
    studio.until(lambda: studio.text("teach-lead").startswith("Nothing is painted yet"))

    place = panel.canvas.pixel_rect(8, 8).center().toPoint()
    QTest.mouseClick(panel.canvas, Qt.MouseButton.RightButton, pos=place)
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=place)

    studio.until(lambda: studio.text("teach-lead").startswith("No convolution of 3×3 does this"))


def test_a_picture_that_somebody_filtered_elsewhere_is_learned_from(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened(studio)
    latest = studio.application.commands.looking.latest
    assert latest is not None
    grey = latest.result.frame.pixels[:, :, 0]
    write_png(tmp_path / "after.png", np.repeat((255 - grey)[:, :, None], 3, axis=2))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "after.png"), ""))
    before = panel.kernel.kernel

    studio.click("teach-open")
    studio.until(lambda: panel.kernel.kernel is not None and panel.kernel.kernel is not before)

    learned = panel.kernel.kernel
    assert learned is not None
    assert learned[1, 1] < -0.9  # a negative takes every value away from white
