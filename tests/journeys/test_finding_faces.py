"""A network that somebody else trained: it opens as layers, and lights the face up in the photograph."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from convstudio.core.recipe.layers import Resize, Softmax
from tests.journeys.conftest import Studio


def brightness(image: QImage) -> float:
    """The mean grey of a part of the screen."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return float(rows[:, : grey.width()].mean())


def test_the_face_of_the_portrait_is_lit_up(studio: Studio) -> None:
    studio.application.window.actions_by_name["face-finder"].trigger()
    shown = studio.opened("Astronaut")
    studio.told()

    canvas = studio.application.panels.pair.after.canvas
    faces = shown.result.outputs[-1][1]
    row, column = (int(place) for place in np.unravel_index(int(faces.argmax()), faces.shape))
    lit = canvas.grab(canvas.rectangle_of((row, column)).toRect()).toImage()
    elsewhere = canvas.grab(canvas.rectangle_of((30, 3)).toRect()).toImage()

    assert isinstance(shown.result.document.layers[-1], Softmax)
    assert shown.selection.output_map == 1
    assert canvas.light is not None
    assert brightness(lit) > 2 * brightness(elsewhere)


def test_a_smaller_factor_is_typed_at_its_first_layer(studio: Studio) -> None:
    studio.application.window.actions_by_name["face-finder"].trigger()
    studio.opened("Astronaut")
    studio.application.commands.looking.select(0)
    studio.told()

    factor = studio.application.panels.inspector.resize_page.factor
    factor.selectAll()
    QTest.keyClicks(factor, "0.12")
    QTest.keyClick(factor, Qt.Key.Key_Return)
    shown = studio.settled()

    first = shown.result.document.layers[0]
    assert isinstance(first, Resize)
    assert first.factor == (0.12, 0.12)
    assert shown.result.outputs[-1].shape == (2, 26, 26)


def test_the_light_goes_off_with_its_switch(studio: Studio) -> None:
    studio.application.window.actions_by_name["face-finder"].trigger()
    studio.opened("Astronaut")
    studio.told()

    studio.click("softmax-lit")

    assert studio.application.panels.pair.after.canvas.light is None
