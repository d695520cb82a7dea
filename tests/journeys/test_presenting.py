"""Somebody shows a class the picture: picture and kernel fill the screen, and Escape gives everything back."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.core.edits.channels import kernel_everywhere
from convstudio.core.recipe.layers import Conv
from convstudio.views import theme
from tests.journeys.conftest import Studio

ROWS = ("menu-row", "bottom-row", "flow")


def begin(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.looking.select(0)
    studio.settled()
    studio.press("F5")


def visible(studio: Studio) -> list[str]:
    return [name for name in ROWS if studio.find(name).isVisible()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F5])
def test_picture_and_kernel_fill_the_screen_until_escape_or_f5(studio: Studio, key: Qt.Key) -> None:
    window = studio.application.window
    before = visible(studio), window.columns.width(), window.column, studio.application.panels.pair.view_bar.is_wipe
    dark_before = theme.is_dark(window.palette())

    begin(studio)
    shown = visible(studio), studio.application.panels.presenter.isVisible(), theme.is_dark(window.palette())
    pointer = QGuiApplication.overrideCursor()
    had_ring = pointer is not None and not pointer.pixmap().isNull()
    QTest.keyClick(window, key)

    assert shown == ([], True, True)
    assert had_ring
    assert QGuiApplication.overrideCursor() is None
    assert (
        visible(studio), window.columns.width(), window.column, studio.application.panels.pair.view_bar.is_wipe,
    ) == before  # fmt: skip
    assert theme.is_dark(window.palette()) is dark_before
    assert not window.isFullScreen()


def test_the_kernel_follows_and_the_sum_is_that_of_the_place_under_the_mouse(studio: Studio) -> None:
    begin(studio)
    column, commands = studio.application.panels.presenter, studio.application.commands
    layer = commands.recipe.document.layers[0]
    assert isinstance(layer, Conv)
    titles = [column.title.text()]

    canvas = studio.application.panels.pair.after.canvas
    studio.hover(canvas, QPoint(canvas.width() * 3 // 4, canvas.height() // 2))
    studio.until(lambda: column.sum.text() != "")
    studio.application.panels.kernel.load_preset("sharpen-4", {})
    studio.settled()
    titles.append(column.title.text())

    assert titles == ["Sobel, left to right", "Sharpen, 4 neighbours"]
    assert column.sentence.text() == "Adds what sets each pixel apart from its four nearest neighbours."
    settled = commands.recipe.document.layers[0]
    assert isinstance(settled, Conv)
    np.testing.assert_array_equal(kernel_everywhere(settled, 0), [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)


def test_nothing_lies_over_the_picture_and_beside_a_lesson_its_controls_stay(studio: Studio) -> None:
    panels = studio.application.panels
    begin(studio)
    canvas = panels.pair.after.canvas
    studio.hover(canvas, QPoint(canvas.width() * 3 // 4, canvas.height() // 2))
    studio.until(lambda: panels.presenter.sum.text() != "")
    alone = [widget.isVisible() for widget in (panels.pair.view_bar, panels.pair.display_bar, panels.pair.marks.loupe)]
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    studio.application.wiring.run("follow-article")
    studio.press("F5")
    beside_a_lesson = panels.pair.view_bar.isVisible(), panels.pair.display_bar.isVisible()
    column, window = panels.presenter, studio.window
    studio.until(lambda: window.rect().contains(column.mapTo(window, column.rect().bottomRight())))
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)

    assert alone == [False, False, False]
    assert beside_a_lesson == (True, True)
    assert panels.pair.view_bar.isVisible()


def test_every_stage_fills_the_screen(studio: Studio) -> None:
    begin(studio)
    window = studio.application.window
    widths = {}
    for stage in ("step", "count", "weights", "shift", "reach", "kernel", "teach", "libraries"):
        window.show_stage(stage)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        widths[stage] = window.stages.width()
    full = window.width()
    window.show_stage("pictures")
    is_back = studio.find("presenter-column", QWidget).isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)

    beside = {name: widths[name] for name in ("count",)}  # it is controlled from a column of its own
    assert [name for name in widths if name not in beside and widths[name] < full - 8] == []
    assert all(width > full - 320 for width in beside.values())
    assert is_back
