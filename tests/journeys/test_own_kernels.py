"""Somebody keeps a kernel, finds it among the presets, renames it, deletes it, and exchanges it with other programs."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu

from convstudio.views.presets.gallery import PresetGallery
from tests.journeys.conftest import Studio

ROOFS = [[-1.0, 0, 1], [-2, 9, 2], [-1, 0, 1]]


def choose(studio: Studio, name: str) -> None:
    """Choose an entry of the menu beside the kernel."""
    action = studio.window.findChild(QAction, name)
    assert action is not None
    action.trigger()


def titles(gallery: PresetGallery) -> list[str]:
    return [choice.title for choice in gallery.mine]


def type_name(studio: Studio, name: str, note: str) -> None:
    field = studio.find("kernel-form-name")
    QTest.keyClicks(field, name)
    QTest.keyClicks(studio.find("kernel-form-note"), note)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_from_the_kernel_to_the_library_and_back(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.looking.select(0)
    studio.settled()
    panels, library = studio.application.panels, studio.application.commands.library
    gallery, tiles = panels.presets, panels.presets.tiles
    studio.type_into_cell(1, 1, "9")

    choose(studio, "keep")
    type_name(studio, "Roofs", "for tiles")
    studio.until(lambda: titles(gallery) == ["Roofs"])
    kept = (library.folder / "roofs.txt").read_text()
    studio.type_into_cell(1, 1, "5")
    QTest.mouseClick(panels.kernel.open_presets, Qt.MouseButton.LeftButton)
    studio.until(lambda: "Roofs" in tiles.pictures)
    QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.rect_of("Roofs").center())
    studio.settled()
    assert kept == "# Roofs\n# for tiles\n-1  0  1\n-2  9  2\n-1  0  1\n"
    np.testing.assert_array_equal(panels.kernel.grid.plane, ROOFS)
    studio.until(lambda: tiles.present is not None and tiles.present.title == "Roofs")

    tiles.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClick(tiles, Qt.Key.Key_F2)
    QTest.keyClick(studio.find("kernel-form-name"), Qt.Key.Key_End)
    type_name(studio, " two", "")
    studio.until(lambda: titles(gallery) == ["Roofs two"])
    assert [path.name for path in library.folder.iterdir()] == ["roofs-two.txt"]

    studio.hover(tiles, tiles.rect_of("Roofs two").center())
    studio.until(tiles.more.isVisible)
    QTest.mouseClick(tiles.more, Qt.MouseButton.LeftButton)
    menu = gallery.findChild(QMenu, "preset-menu")
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Up)  # the last entry: Delete
    QTest.keyClick(menu, Qt.Key.Key_Return)
    studio.until(lambda: titles(gallery) == [] and gallery.undo_button.isVisible())
    QTest.mouseClick(gallery.undo_button, Qt.MouseButton.LeftButton)
    studio.until(lambda: titles(gallery) == ["Roofs two"])
    assert not gallery.undo_button.isVisible()

    path = tmp_path / "for-magick.txt"
    studio.monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "ImageMagick (*.txt)"))
    sentences = studio.sentences()
    gallery.close_gallery()
    choose(studio, "kernel-export")
    studio.until(lambda: bool(sentences))
    assert path.read_text() == "3x3: -1,0,1  -2,9,2  -1,0,1\n"


def test_a_file_with_two_readings_is_asked_about(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.looking.select(0)
    studio.settled()
    path = tmp_path / "two.csv"
    path.write_text("1,1\n2,2\n")
    studio.monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))

    choose(studio, "kernel-import")
    studio.until(lambda: studio.window.findChild(QMenu, "kernel-readings") is not None)
    menu = studio.window.findChild(QMenu, "kernel-readings")
    assert menu is not None
    asked = [action.text() for action in menu.actions()]
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    studio.settled()

    assert asked == [
        "“two” can be read in several ways. Which is meant?",
        "[1.1; 2.2] (2×1)",
        "[1 1; 2 2] (2×2)",
    ]
    np.testing.assert_array_equal(studio.application.panels.kernel.grid.plane, [[1, 1], [2, 2]])
