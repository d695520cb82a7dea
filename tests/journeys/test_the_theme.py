"""Somebody turns the lights down: signed numbers go dark with the window, and what leaves it stays light."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.views import theme
from tests.journeys.conftest import Studio

LIGHT_ZERO, DARK_ZERO = [247, 247, 245], [38, 41, 46]


def test_the_dark_theme_paints_zero_dark_and_a_copy_stays_light(studio: Studio, qapp: QApplication) -> None:
    studio.application.wiring.run("theme-light")
    studio.settled_on_a_picture()
    studio.application.commands.recipe.edit_display(Display(DisplayMode.SIGNED))
    light = studio.settled()
    zeros = np.argwhere(np.abs(light.result.outputs[0][0]) < light.output.high / 1000)
    row, column = zeros[len(zeros) // 2]

    studio.application.wiring.run("theme-dark")
    studio.until(lambda: studio.settled().output.signed_scale.value == "dark")
    dark = studio.settled()
    grid = studio.application.panels.kernel.grid.grab().toImage()
    studio.application.wiring.run("copy-output")
    copy = QGuiApplication.clipboard().image().pixelColor(int(column), int(row))

    assert light.output.pixels[row, column].tolist() == LIGHT_ZERO
    assert dark.output.pixels[row, column].tolist() == DARK_ZERO
    assert [copy.red(), copy.green(), copy.blue()] == LIGHT_ZERO
    colours = {grid.pixelColor(x, grid.height() // 2).name() for x in range(grid.width())}
    assert "#26292e" in colours
    theme.apply(qapp, Qt.ColorScheme.Unknown)
