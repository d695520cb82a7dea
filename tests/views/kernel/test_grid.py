"""The grid repaints what changed: a cell, or all of it where the scale of its colours did."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from convstudio.views import theme
from convstudio.views.kernel.cells import lettering
from convstudio.views.kernel.grid import KernelGrid

PLANE = np.arange(25.0).reshape(5, 5)


class Painted(QObject):
    """Where a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


@pytest.fixture
def grid(qtbot: QtBot) -> Iterator[tuple[KernelGrid, Painted]]:
    grid, painted = KernelGrid(), Painted()
    qtbot.addWidget(grid)
    grid.resize(300, 300)
    with qtbot.waitExposed(grid):
        grid.show()
    grid.show_plane(PLANE, 100.0, None)
    qtbot.waitUntil(lambda: not grid.is_easing)
    QApplication.processEvents()
    grid.installEventFilter(painted)
    yield grid, painted
    grid.removeEventFilter(painted)


def cell(grid: KernelGrid, row: int, column: int) -> QRect:
    return grid.cell_rect(row, column).toRect()


def test_one_changed_cell_is_all_that_is_painted(grid: tuple[KernelGrid, Painted], qtbot: QtBot) -> None:
    widget, painted = grid
    changed = PLANE.copy()
    changed[2, 2] = 13

    widget.show_plane(changed, 100.0, None)
    qtbot.waitUntil(lambda: not painted.region.isEmpty())

    assert painted.region.contains(cell(widget, 2, 2).center())
    assert not painted.region.contains(cell(widget, 0, 0).center())
    assert not painted.region.contains(cell(widget, 2, 4).center())


def test_another_scale_or_longer_numbers_paint_everything(grid: tuple[KernelGrid, Painted], qtbot: QtBot) -> None:
    widget, painted = grid
    longer = PLANE.copy()
    longer[0, 0] = -0.123

    for plane, limit in ((PLANE, 50.0), (longer, 50.0)):
        painted.region = QRegion()
        widget.show_plane(plane, limit, None)
        qtbot.waitUntil(lambda: not painted.region.isEmpty())

        assert painted.region.contains(cell(widget, 4, 4).center())


def test_every_cell_has_the_colour_of_its_number(grid: tuple[KernelGrid, Painted]) -> None:
    widget, _ = grid

    image = widget.grab().toImage()

    beside_the_text = QPoint(5, 5)
    for row, column in np.ndindex(PLANE.shape):
        colour = image.pixelColor(cell(widget, row, column).topLeft() + beside_the_text)
        assert colour == theme.diverging(float(PLANE[row, column]), 100.0), (row, column)


def test_an_edited_cell_is_painted_once_its_edit_is_taken(qtbot: QtBot) -> None:
    grid, painted = KernelGrid(), Painted()
    qtbot.addWidget(grid)
    grid.plane_edited.connect(lambda plane, _: grid.show_plane(plane, 100.0, None))  # as the panel does
    grid.resize(300, 300)
    with qtbot.waitExposed(grid):
        grid.show()
    grid.show_plane(PLANE, 100.0, None)
    qtbot.waitUntil(lambda: not grid.is_easing)
    QApplication.processEvents()
    grid.installEventFilter(painted)

    grid.set_selected(13.0)

    qtbot.waitUntil(lambda: painted.region.contains(grid.cell_rect(0, 0).toRect().center()))
    grid.removeEventFilter(painted)
    assert grid.accessibleName() == "Kernel cell, row 1, column 1: 13"


@pytest.mark.parametrize("side", [155, 186, 248, 310])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (3, 3), (4, 7), (31, 31)])
def test_a_cell_by_itself_is_painted_where_the_whole_grid_has_it(
    qtbot: QtBot, side: int, shape: tuple[int, int]
) -> None:
    grid = KernelGrid()
    qtbot.addWidget(grid)
    grid.setFixedSize(side, side)
    grid.show_plane(np.linspace(-1, 1, shape[0] * shape[1]).reshape(shape), 1.0, None)
    whole = grid.grab().toImage()

    for column in range(0, shape[1], 3):
        rect = grid.cell_rect(0, column).adjusted(-1, -1, 1, 1).toAlignedRect().intersected(grid.rect())
        part = whole.copy()
        grid.render(part, rect.topLeft(), QRegion(rect))
        assert part == whole


@pytest.mark.parametrize(
    ("side", "cells", "pixels"),
    [
        (248, 3, 24),  # 0.3 of 82 is 24.8, and 24 is the largest
        (248, 5, 14),  # 0.3 of 49.6
        (186, 9, 12),  # cells of 20.7: the smallest letters
        (186, 11, 0),  # of 16.9: no numbers
        (248, 31, 0),
    ],
)
def test_numbers_are_three_tenths_of_their_cell_and_go_when_it_is_small(
    qtbot: QtBot, side: int, cells: int, pixels: int
) -> None:
    assert lettering(np.ones((cells, cells)), side / cells).pixels == pixels


def test_the_box_keeps_its_size_and_every_cell_lies_within_it(qtbot: QtBot) -> None:
    grid = KernelGrid()
    qtbot.addWidget(grid)
    size = grid.size()

    for height, width in ((1, 1), (2, 2), (3, 3), (1, 31), (31, 31), (7, 4)):
        grid.show_plane(np.ones((height, width)), 1.0, None)

        assert grid.size() == size
        assert grid.rect().adjusted(0, 0, 1, 1).contains(grid.cell_rect(0, 0).toRect())
        assert grid.rect().adjusted(0, 0, 1, 1).contains(grid.cell_rect(height - 1, width - 1).toRect())


def test_a_cell_too_small_for_its_number_is_shown_large_beside_the_mouse(qtbot: QtBot) -> None:
    grid = KernelGrid()
    qtbot.addWidget(grid)
    with qtbot.waitExposed(grid):
        grid.show()
    grid.show_plane(np.full((31, 31), 0.5), 1.0, None)
    qtbot.waitUntil(lambda: not grid.is_easing)
    before = grid.grab().toImage()

    with qtbot.waitSignal(grid.cell_hovered):
        QTest.mouseMove(grid, grid.cell_rect(12, 20).center().toPoint())
    after = grid.grab().toImage()

    changed = [x for x in range(248) for y in range(248) if before.pixel(x, y) != after.pixel(x, y)]
    assert min(changed) < 100  # at the left, as the cell is in the right half
    assert after.pixel(grid.cell_rect(12, 20).center().toPoint()) == before.pixel(
        grid.cell_rect(12, 20).center().toPoint()
    )


def test_tab_leaves_the_grid_in_one_step(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    grid, button = KernelGrid(), QPushButton("after")
    row.addWidget(grid)
    row.addWidget(button)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    grid.setFocus()

    QTest.keyClick(grid, Qt.Key.Key_Tab)

    assert button.hasFocus()
