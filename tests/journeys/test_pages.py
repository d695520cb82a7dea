"""A file that holds several pictures: a slider, arrows and keys go through them."""

from pathlib import Path

import numpy as np
import tifffile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from convstudio.io.sessions.session import load_session
from tests.journeys.conftest import Studio
from tests.pictures import write_png

PAGES = 30


def stack(path: Path) -> Path:
    """A stack in which slice n is of the grey 8·n."""
    slices = np.repeat(np.arange(PAGES, dtype=np.uint8) * 8, 24 * 32).reshape(PAGES, 24, 32)
    tifffile.imwrite(path, slices, imagej=True, metadata={"axes": "ZYX"})
    return path


def shown_page(studio: Studio, page: int) -> None:
    """Wait until a page is on the screen, and look whether it is that one."""
    feed = studio.application.feed
    studio.until(lambda: feed.frame is not None and feed.frame.pages.page == page)
    assert studio.settled().result.frame.pixels[0, 0, 0] == 8 * page
    assert studio.text("page-place") == f"Slice {page + 1} of {PAGES}"


def test_slider_arrows_and_keys_go_through_the_pages_and_the_session_keeps_the_page(
    studio: Studio, tmp_path: Path
) -> None:
    studio.settled_on_a_picture()
    assert not studio.find("page-bar").isVisible()
    said = studio.sentences()
    path = stack(tmp_path / "stack.tif")
    studio.drop(path)
    studio.opened("stack.tif")
    shown_page(studio, 0)
    assert any("slice 1 of 30" in sentence for sentence in said)
    slider = studio.find("page-slider", QSlider)
    assert isinstance(slider, QSlider)

    for _ in range(5):  # more quickly than pages are read: the last one counts
        studio.click("page-forward")
    shown_page(studio, 5)
    studio.press("Alt+PgUp")
    shown_page(studio, 4)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    shown_page(studio, PAGES - 1)
    assert not studio.find("page-forward").isEnabled()
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 8, middle.y()))
    for x in range(slider.width() - 8, middle.x(), -12):
        QTest.mouseMove(slider, QPoint(x, middle.y()))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
    shown_page(studio, slider.value())
    page = slider.value()
    assert 10 < page < 20

    studio.application.commands.sessions.save(tmp_path / "kept.convstudio")
    studio.until((tmp_path / "kept.convstudio").is_file)
    assert load_session(tmp_path / "kept.convstudio").source.page == page
    write_png(tmp_path / "one.png", np.zeros((8, 12, 3), np.uint8))
    studio.drop(tmp_path / "one.png")
    studio.opened("one.png")
    assert not studio.find("page-bar").isVisible()
    studio.drop(tmp_path / "kept.convstudio")
    studio.opened("stack.tif")
    shown_page(studio, page)


def test_a_page_that_cannot_be_read_is_told_and_the_slider_goes_back(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    path = stack(tmp_path / "stack.tif")
    studio.drop(path)
    studio.opened("stack.tif")
    path.unlink()

    studio.click("page-forward")

    studio.until(lambda: studio.text("page-place") == f"Slice 1 of {PAGES}")
    assert "stack.tif" in studio.text("status-sentence")
