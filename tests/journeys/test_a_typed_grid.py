"""A grid of numbers, typed cell by cell."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidget

from tests.journeys.conftest import Studio


def type_number(table: QTableWidget, row: int, column: int, text: str) -> None:
    """Double-click a cell and type."""
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    editor = table.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_typed_number_is_in_the_picture_at_once(studio: Studio) -> None:
    studio.settled_on_a_picture()

    studio.press("Ctrl+G")
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape.width == 5)
    table = studio.find("source-grid", QTableWidget)
    assert isinstance(table, QTableWidget)
    type_number(table, 0, 4, "-2.5")
    studio.until(lambda: (frame := studio.application.feed.frame) is not None and frame.pixels[0, 4, 0] == -2.5)

    plus = np.array([[0, 0, 0, 0, -2.5], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]])
    np.testing.assert_array_equal(studio.settled().result.frame.pixels[:, :, 0], plus)
    assert table.model().index(0, 4).data() == "−2.5"


def test_what_is_no_number_is_refused_and_the_old_one_stays(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.press("Ctrl+G")
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape.width == 5)
    table = studio.find("source-grid", QTableWidget)
    assert isinstance(table, QTableWidget)

    type_number(table, 1, 2, "one")

    assert "one" in studio.text("status-sentence")
    assert table.model().index(1, 2).data() == "1"
