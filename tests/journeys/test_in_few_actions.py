"""What people come for takes few actions: each click, each drag, each run of keys and each chosen file is one."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from convstudio.core.ops import reference
from tests.journeys.conftest import Studio
from tests.pictures import read_png

SHARPEN: list[list[float]] = [[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """Mouse and keyboard, and how often they were used."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.actions = 0

    def drop(self, path: Path) -> None:
        self.actions += 1
        self.studio.drop(path)
        self.studio.opened(path.name)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        self.actions += 1
        QTest.mouseClick(widget, LEFT, pos=place or widget.rect().center())

    def type_cells(self, numbers: list[list[float]]) -> None:
        """One run of keys over the cells of the kernel, from the chosen one on."""
        self.actions += 1
        grid = self.studio.application.panels.kernel.grid
        for value in np.ravel(numbers):
            text = f"{value:g}"
            QTest.keyClicks(grid, text[0])
            QTest.keyClicks(grid.editor, text[1:])
            QTest.keyClick(grid.editor, Qt.Key.Key_Tab)
        self.studio.settled()

    def press(self, keys: str) -> None:
        self.actions += 1
        self.studio.press(keys)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        self.actions += 1
        QTest.mousePress(widget, LEFT, pos=start)
        for part in (1, 2, 3, 4):
            QTest.mouseMove(widget, start + (end - start) * part / 4)
        QTest.mouseRelease(widget, LEFT, pos=end)


def expected(pixels: NDArray[np.uint8], kernel: list[list[float]]) -> NDArray[np.uint8]:
    """A kernel on each channel alone, mirrored at the border, on the slow road."""
    weight = np.array(kernel)[None, None]
    planes = [
        reference.conv2d(plane[None].astype(np.float64), weight, padding="same", border="reflect")[0]
        for plane in np.moveaxis(pixels, 2, 0)
    ]
    return np.asarray(np.clip(np.rint(np.stack(planes, axis=2)), 0, 255), np.uint8)


def test_an_own_photograph_is_sharpened_by_typing_compared_and_saved_in_eight(
    studio: Studio, photograph: tuple[Path, NDArray[np.uint8]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pixels = photograph
    target = tmp_path / "sharpened.png"
    hand = Hand(studio)

    def choose(*_: object) -> tuple[str, str]:
        hand.actions += 1
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)  # a native dialog
    grid, canvas = studio.application.panels.kernel.grid, studio.application.panels.pair.after.canvas

    hand.drop(path)
    hand.click(grid, grid.cell_rect(0, 0).center().toPoint())
    hand.type_cells(SHARPEN)
    hand.click(studio.find("view-wipe"))
    middle = canvas.rect().center()
    hand.drag(canvas, middle, middle + QPoint(canvas.width() // 4, 0))
    hand.press("Ctrl+E")
    hand.click(studio.find("export-button"))
    studio.until(lambda: "Exported" in studio.text("status-sentence"))

    assert hand.actions <= 8
    assert canvas.divider == pytest.approx(0.75, abs=0.01)
    np.testing.assert_array_equal(read_png(target.read_bytes()), expected(pixels, SHARPEN))
