"""Somebody turns the numbers of a preset, and then looks at another kernel."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import isValid

from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.io.lessons import lesson_files
from convstudio.io.sessions.session import Session, SourceKind, SourceReference, save_session
from convstudio.views.controls.slider_field import SliderField
from tests.journeys.conftest import Studio

SOBEL = build(find("sobel-x"))[0]


def turned_gabor(studio: Studio) -> SliderField:
    """Take Gabor's kernel for the first filter and turn its wavelength; the field."""
    kernel, gallery = studio.application.panels.kernel, studio.application.panels.presets
    QTest.mouseClick(kernel.open_presets, Qt.MouseButton.LeftButton)
    QTest.keyClicks(gallery.search, "gabor wave 0")
    QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    studio.settled()
    box = kernel.parameters.sliders["wavelength"]
    QTest.keyClick(box.slider, Qt.Key.Key_Up)
    studio.settled()
    studio.told()
    layer = studio.application.commands.recipe.document.layers[0]
    assert isinstance(layer, Conv)
    np.testing.assert_allclose(
        layer.weight.array[0].sum(axis=0), build(find("gabor"), wavelength=8.5, sigma=3)[0], atol=1e-12
    )
    return box


def look_at_another_kernel(studio: Studio, way: str, folder: Path) -> None:
    """Go to a kernel that did not come from the preset."""
    commands = studio.application.commands
    match way:
        case "undo":
            studio.press("Ctrl+Z")
            studio.press("Ctrl+Z")
        case "session":
            path = folder / "sobel.convstudio"
            layer = Conv(weight=Weights(np.repeat(SOBEL[None, None], 6, axis=0)), bias=(0.0,) * 6)
            save_session(path, Session(Document((layer,), selected=0), SourceReference(SourceKind.SAMPLE, "camera")))
            studio.answer_questions("Discard")
            commands.sources.open(str(path))
            studio.until(lambda: commands.recipe.document.layers == (layer,))
        case "lesson":
            studio.application.wiring.lessons.open(lesson_files()[0])
            studio.until(lambda: "step 1 of" in studio.text("lesson-title"))
        case "layer":
            commands.recipe.duplicate_layer(0)
            commands.looking.select(1)
            studio.type_into_cell(0, 0, "5")
        case "typed":
            studio.type_into_cell(0, 0, "5")
        case _:
            raise AssertionError(way)
    studio.settled()
    studio.told()


@pytest.mark.parametrize("way", ["undo", "session", "lesson", "layer", "typed"])
def test_the_numbers_of_a_preset_vanish_with_it_and_replace_no_other_kernel(
    studio: Studio, tmp_path: Path, way: str
) -> None:
    studio.settled_on_a_picture()
    box = turned_gabor(studio)
    form, commands = studio.application.panels.kernel.parameters, studio.application.commands
    was_there = form.isVisible()

    look_at_another_kernel(studio, way, tmp_path)
    layers, is_there = commands.recipe.document.layers, form.isVisible()
    if isValid(box.slider):  # even if somebody could still reach it
        box.slider.setValue(box.slider.value() + 1)
    studio.settled()

    assert (was_there, is_there) == (True, False)
    assert commands.recipe.document.layers == layers


def test_with_undo_the_numbers_are_again_those_of_the_kernel(studio: Studio) -> None:
    studio.settled_on_a_picture()
    box = turned_gabor(studio)
    form = studio.application.panels.kernel.parameters

    studio.press("Ctrl+Z")
    studio.settled()
    studio.told()
    after_undo = form.isVisible(), box.value
    studio.press("Ctrl+Shift+Z")
    studio.settled()
    studio.told()

    assert after_undo == (True, 8.0)
    assert (form.isVisible(), box.value) == (True, 8.5)
