"""Pointing at a picture: the loupe says why an output has its value, a click pins it, another pins a second."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.taps import Unit
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.probe.loupe import Loupe
from convstudio.views.probe.probed import Role
from tests.journeys.conftest import Studio


def spot(canvas: Canvas, row: int, column: int) -> QPoint:
    return canvas.rectangle_of((row, column)).center().toPoint()


def loupe_of(studio: Studio, role: Role = Role.POINTED) -> Loupe:
    return studio.application.panels.pair.marks.loupes[role]


def sharpened(studio: Studio) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A colour photograph under a sharpening kernel; its pixels."""
    studio.application.commands.sources.open_sample("coffee")
    shown = studio.opened("Coffee")
    studio.application.commands.recipe.reset(recipe_from("conv [0 -1 0; -1 5 -1; 0 -1 0] each border reflect"))
    studio.settled()
    return shown.result.frame.pixels.astype(np.float64)


def test_the_loupe_follows_the_mouse_over_a_photograph(studio: Studio) -> None:
    pixels = sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    row, column = 100, 120

    studio.hover(canvas, spot(canvas, row, column))

    where = canvas.hovered
    assert where is not None
    row, column = where
    around = pixels[row - 1 : row + 2, column - 1 : column + 2]
    sums = 5 * around[1, 1] - around[0, 1] - around[1, 0] - around[1, 2] - around[2, 1]
    said = [
        f"{name} {value:,.0f}".replace("-", "−") for name, value in zip(("red", "green", "blue"), sums, strict=True)
    ]
    loupe = loupe_of(studio)
    assert loupe.words == (f"Row {row + 1}, column {column + 1}", said[0].removeprefix("red "), *said)
    assert loupe.equation is not None
    np.testing.assert_array_equal(loupe.equation.inputs.values, around[:, :, 0])


def test_up_and_down_choose_the_channel_that_is_looked_into(studio: Studio) -> None:
    sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    studio.hover(canvas, spot(canvas, 100, 120))

    QTest.keyClick(canvas, Qt.Key.Key_Down)
    second = loupe_of(studio).words
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    last = loupe_of(studio).words

    assert f"green {second[1]}" in second
    assert f"blue {last[1]}" in last
    assert studio.application.wiring.probe.shown is not None
    assert studio.application.wiring.probe.shown.channel == 2


def test_leaving_the_picture_puts_the_loupe_away(studio: Studio) -> None:
    sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    studio.hover(canvas, spot(canvas, 100, 120))
    assert loupe_of(studio).isVisible()

    studio.hover(studio.application.window.menu_bar, QPoint(5, 5))

    studio.until(lambda: not loupe_of(studio).isVisible())


def test_a_picture_that_is_dragged_takes_its_loupe_along(studio: Studio) -> None:
    sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    canvas.zoom(4)
    start = canvas.rect().center()
    end = start - QPoint(60, 40)
    studio.hover(canvas, start)
    view = canvas.view

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in (1, 2):
        studio.hover(canvas, start - QPoint(30, 20) * step)
    tile, mouse = loupe_of(studio).tile, canvas.mapTo(studio.application.panels.pair, QPointF(end))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)

    assert canvas.view != view
    assert tile.adjusted(-40, -40, 40, 40).contains(mouse)
    assert not tile.contains(mouse)


def test_no_loupe_lies_over_what_the_wipe_compares(studio: Studio) -> None:
    sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    studio.click("view-wipe")
    studio.settled()
    middle = canvas.rect().center()
    studio.hover(canvas, middle + QPoint(3, 0))
    assert loupe_of(studio).isVisible()

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    studio.hover(canvas, middle - QPoint(40, 0))
    is_visible = loupe_of(studio).isVisible()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle - QPoint(40, 0))
    studio.hover(canvas, middle + QPoint(40, 0))

    assert canvas.divider < 0.5
    assert not is_visible
    assert loupe_of(studio).isVisible()


def test_the_loupe_follows_what_the_kernel_becomes(studio: Studio) -> None:
    sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    studio.hover(canvas, spot(canvas, 100, 120))

    studio.application.commands.recipe.edit(recipe_from("conv [0] each"))
    studio.settled()

    assert loupe_of(studio).words[1:] == ("0", "red 0", "green 0", "blue 0")


def test_clicks_pin_in_green_and_red_and_let_go(studio: Studio) -> None:
    sharpened(studio)
    canvas, probe = studio.application.panels.pair.after.canvas, studio.application.wiring.probe
    places = [(100, 120), (140, 160), (180, 200)]
    for row, column in places:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, row, column))
    roles = [box.role for box in canvas.boxes]

    pins = probe.pins
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, *(pins.green or Unit(0, 0, 0))[1:]))

    assert pins.green is not None
    assert pins.red is not None
    assert abs(pins.green.row - 100) <= 1
    assert abs(pins.red.row - 180) <= 1
    assert roles == [Role.GREEN, Role.RED]
    assert (probe.pins.green, probe.pins.red) == (None, pins.red)


def test_a_pinned_loupe_stays_beside_its_pixel(studio: Studio) -> None:
    sharpened(studio)
    canvas = studio.application.panels.pair.after.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, 100, 120))
    green = studio.application.wiring.probe.pins.green
    assert green is not None

    studio.hover(canvas, spot(canvas, 300, 400))

    assert loupe_of(studio, Role.GREEN).isVisible()
    assert loupe_of(studio, Role.GREEN).words[0] == f"Row {green.row + 1}, column {green.column + 1}"
    assert loupe_of(studio).isVisible()


def test_the_article_has_its_0_and_its_30_pinned_and_an_edit_keeps_them(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.press("Ctrl+Shift+A")
    studio.opened("6×6 grid")
    studio.application.window.show_stage("step")
    studio.until(lambda: studio.text("step-right-title") == "The 30")
    assert studio.text("step-left-title") == "The 0"
    grids = studio.application.panels.step.grids
    studio.at_rest(lambda: (grids.size(), None if grids.input is None else grids.input.place))
    assert grids.input is not None
    start = grids.input.rectangle(5, 2).center().toPoint()  # a 10 that meets a 1 of the 30's window
    studio.hover(grids, start)
    QTest.mousePress(grids, Qt.MouseButton.LeftButton, pos=start)
    studio.hover(grids, start - QPoint(0, 6))
    QTest.mouseRelease(grids, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 6))

    studio.until(lambda: studio.text("step-right-title") == "The 31")
    assert studio.text("step-left-title") == "The 0"
    outside = grids.input.rectangle(0, 5).center().toPoint()  # none of either window's
    studio.hover(grids, outside)
    QTest.mousePress(grids, Qt.MouseButton.LeftButton, pos=outside)
    studio.hover(grids, outside - QPoint(0, 6))
    QTest.mouseRelease(grids, Qt.MouseButton.LeftButton, pos=outside - QPoint(0, 6))
    studio.until(
        lambda: float(studio.application.feed.frame.pixels[0, 5, 0]) == 1 if studio.application.feed.frame else False
    )
    studio.settled()
    assert (studio.text("step-left-title"), studio.text("step-right-title")) == ("The 0", "The 31")


def test_hovering_the_input_shows_its_value_and_what_it_reaches(studio: Studio) -> None:
    pixels = sharpened(studio)
    canvas = studio.application.panels.pair.before.canvas

    studio.hover(canvas, spot(canvas, 100, 120))

    where = canvas.hovered
    assert where is not None
    red, green, blue = pixels[where].astype(int).tolist()
    assert loupe_of(studio).words == (
        f"Row {where[0] + 1}, column {where[1] + 1}",
        f"red {red}",
        f"green {green}",
        f"blue {blue}",
        "reaches 9 outputs",
    )
