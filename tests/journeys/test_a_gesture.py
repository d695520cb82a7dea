"""A gesture: many edits in a row are shown at once, are one step of undo, and end in an exact picture."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from convstudio.core.evaluate import evaluate
from tests.journeys.conftest import Studio


def test_a_drag_over_a_cell_ends_in_the_picture_that_is_computed_afresh(studio: Studio) -> None:
    studio.settled_on_a_picture()
    before = studio.application.commands.document
    grid = studio.application.panels.kernel.grid
    start = grid.cell_rect(1, 1).center().toPoint()

    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    drafts = []
    for up in range(4, 44, 8):
        QTest.mouseMove(grid, start - QPoint(0, up))
        drafts.append(studio.settled().result.drafts)
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 40))
    studio.until(lambda: studio.settled().result.drafts == 0)

    shown = studio.settled()
    exact = evaluate(shown.result.document, shown.result.frame)
    assert max(drafts) > 0
    np.testing.assert_array_equal(shown.result.outputs[0], exact.outputs[0])
    studio.press("Ctrl+Z")
    assert studio.application.commands.document == before
