"""Several files are opened together and stepped through; what was copied elsewhere is pasted."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.journeys.conftest import Studio
from tests.pictures import png, write_png
from tests.streams import StillServer


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, ...]:
    """Three small pictures, each of one grey."""
    paths = tuple(tmp_path / f"{name}.png" for name in ("first", "second", "third"))
    for number, path in enumerate(paths):
        write_png(path, np.full((8, 12, 3), 50 * number, np.uint8))
    return paths


def copy_elsewhere(*paths: Path) -> None:
    """What a file manager puts on the clipboard."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(str(path) for path in paths))
    QGuiApplication.clipboard().setMimeData(data)


def test_dropped_files_are_a_list_that_page_up_and_down_go_through(studio: Studio, files: tuple[Path, ...]) -> None:
    studio.settled_on_a_picture()

    studio.drop(*files)
    studio.opened("first.png")
    assert studio.text("file-place") == "1 of 3"
    for key, name, place in (
        (Qt.Key.Key_PageDown, "second.png", "2 of 3"),
        (Qt.Key.Key_PageDown, "third.png", "3 of 3"),
        (Qt.Key.Key_PageDown, "third.png", "3 of 3"),  # there is no other behind it
        (Qt.Key.Key_PageUp, "second.png", "2 of 3"),
    ):
        QTest.keyClick(studio.window, key)
        shown = studio.opened(name)
        assert studio.text("file-place") == place

    assert shown.result.frame.pixels[0, 0, 0] == 50


def test_the_arrows_beside_the_place_do_the_same(studio: Studio, files: tuple[Path, ...]) -> None:
    studio.settled_on_a_picture()
    studio.drop(*files)
    studio.opened("first.png")
    assert not studio.find("file-back").isEnabled()

    studio.click("file-forward")
    studio.opened("second.png")
    studio.click("file-back")

    studio.opened("first.png")


def test_several_chosen_files_are_such_a_list_too(
    studio: Studio, files: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in files], ""))

    studio.press("Ctrl+O")
    studio.opened("first.png")

    assert studio.find("file-steps").isVisible()


def test_another_source_ends_the_list(studio: Studio, files: tuple[Path, ...]) -> None:
    studio.settled_on_a_picture()
    studio.drop(*files)
    studio.opened("first.png")

    studio.settled_on_a_picture()

    assert not studio.find("file-steps").isVisible()
    QTest.keyClick(studio.window, Qt.Key.Key_PageDown)
    assert studio.application.commands.sources.list_place == (0, 0)


def test_a_file_that_cannot_be_read_is_passed(studio: Studio, files: tuple[Path, ...]) -> None:
    studio.settled_on_a_picture()
    files[1].write_bytes(b"no picture")
    studio.drop(*files)
    studio.opened("first.png")

    QTest.keyClick(studio.window, Qt.Key.Key_PageDown)
    studio.until(lambda: "second.png" in studio.text("status-sentence"))
    QTest.keyClick(studio.window, Qt.Key.Key_PageDown)

    studio.opened("third.png")


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
@pytest.mark.parametrize("is_kernel_focused", [False, True])
def test_a_file_that_was_copied_is_pasted(
    studio: Studio,
    files: tuple[Path, ...],
    modifiers: Qt.KeyboardModifier,
    is_kernel_focused: bool,  # a parameter of the test
) -> None:
    studio.settled_on_a_picture()
    copy_elsewhere(files[2])
    widget = studio.application.panels.kernel.grid if is_kernel_focused else studio.window
    widget.setFocus()

    QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | modifiers)

    assert studio.opened("third.png").result.frame.pixels[0, 0, 0] == 100


def test_a_kernel_that_was_copied_is_still_pasted_into_the_kernel(studio: Studio) -> None:
    studio.settled_on_a_picture()
    QGuiApplication.clipboard().setText("0 0 0\n0 7 0\n0 0 0")
    grid = studio.application.panels.kernel.grid
    grid.setFocus()

    QTest.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    shown = studio.settled()

    layer = shown.result.document.layers[0]
    assert getattr(layer, "weight").array[0, 0].tolist() == [[0, 0, 0], [0, 7, 0], [0, 0, 0]]  # noqa: B009


def test_a_pictures_address_from_a_browser_is_downloaded_once(studio: Studio) -> None:
    studio.settled_on_a_picture()
    pixels = np.full((5, 7, 3), 90, np.uint8)

    with StillServer(png(pixels), "image/png") as server:
        studio.drop(f"{server.url}/a/picture.png")
        studio.until(
            lambda: (
                studio.application.commands.looking.frame is not None
                and studio.settled().result.frame.shape == (3, 5, 7)
            )
        )

        assert server.paths == ["/a/picture.png"]
    np.testing.assert_array_equal(studio.settled().result.frame.pixels, pixels)
