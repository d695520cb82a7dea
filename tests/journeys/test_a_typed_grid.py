"""A grid of numbers, typed cell by cell."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Pool
from convstudio.views.kernel.grid import KernelGrid
from tests.journeys.conftest import Studio


def type_number(grid: KernelGrid, row: int, column: int, text: str) -> None:
    """Click a cell and type."""
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(row, column).center().toPoint())
    QTest.keyClick(grid, Qt.Key.Key_F2)
    grid.editor.selectAll()
    QTest.keyClicks(grid.editor, text)
    QTest.keyClick(grid.editor, Qt.Key.Key_Return)


def test_a_typed_number_is_in_the_picture_at_once(studio: Studio) -> None:
    studio.settled_on_a_picture()

    studio.press("Ctrl+G")
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape.width == 5)
    grid = studio.application.panels.inspector.source.grid
    studio.until(lambda: grid.isVisible() and grid.plane.shape == (5, 5))
    type_number(grid, 0, 4, "-2.5")
    studio.until(lambda: (frame := studio.application.feed.frame) is not None and frame.pixels[0, 4, 0] == -2.5)

    plus = np.array([[0, 0, 0, 0, -2.5], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]])
    np.testing.assert_array_equal(studio.settled().result.frame.pixels[:, :, 0], plus)
    studio.told()
    assert grid.plane[0, 4] == -2.5


def test_what_is_no_number_is_refused_and_the_old_one_stays(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.press("Ctrl+G")
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape.width == 5)
    grid = studio.application.panels.inspector.source.grid
    studio.until(lambda: grid.isVisible() and grid.plane.shape == (5, 5))

    type_number(grid, 1, 2, "one")

    assert "one" in studio.text("status-sentence")
    assert grid.plane[1, 2] == 1


def test_a_layer_that_is_refused_is_mended_where_it_stands(studio: Studio) -> None:
    studio.application.wiring.run("articles-example")
    studio.settled()
    recipe, inspector = studio.application.commands.recipe, studio.application.panels.inspector
    recipe.reset(Document((Pool(), Pool(), Pool()), selected=2))
    studio.until(inspector.fields.formula.refusal.isVisible)

    box = inspector.pool.findChild(QAbstractSpinBox)
    assert box is not None
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "1")
    QTest.keyClick(box, Qt.Key.Key_Return)
    shown = studio.settled()

    assert shown.result.plan.output.height == 1
    assert not inspector.fields.formula.refusal.isVisible()
