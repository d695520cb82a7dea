"""A video file: pause, seek, loop."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from tests.journeys.conftest import Studio
from tests.streams import number_in, write_video

FRAMES, RATE = 50, 25.0


def on_screen(studio: Studio) -> int:
    """The number drawn into the frame on the screen; −1 before there is one."""
    latest = studio.application.commands.looking.latest
    return -1 if latest is None or latest.result.frame.shape.width != 320 else number_in(latest.result.frame.pixels)


def test_a_video_is_paused_sought_and_looped(studio: Studio, tmp_path: Path) -> None:
    path = write_video(tmp_path / "numbers.avi", frames=FRAMES, rate=RATE)

    studio.drop(path)
    studio.until(lambda: "live" in studio.text("status-live").lower() and on_screen(studio) >= 0)
    studio.click("play-pause")
    studio.until(lambda: "paused" in studio.text("status-live").lower())

    slider = studio.find("play-position", QSlider)
    assert isinstance(slider, QSlider)
    assert slider.maximum() == FRAMES / RATE * 1000
    QTest.keyClick(slider, Qt.Key.Key_Home)
    studio.until(lambda: on_screen(studio) == 0)
    QTest.keyClick(slider, Qt.Key.Key_Right)  # 0.2 seconds: five frames
    studio.until(lambda: on_screen(studio) == 5)

    studio.click("play-loop")
    studio.click("play-pause")
    studio.until(lambda: on_screen(studio) > 30)
    studio.until(lambda: 0 <= on_screen(studio) < 25)  # it began again
    assert "live" in studio.text("status-live").lower()


def test_opening_a_picture_ends_the_video(studio: Studio, tmp_path: Path) -> None:
    studio.drop(write_video(tmp_path / "numbers.avi", frames=FRAMES, rate=RATE))
    studio.until(lambda: on_screen(studio) >= 0)

    studio.application.commands.sources.open_sample("camera")
    studio.opened("Camera man")

    assert "still" in studio.text("status-live").lower()
    assert not studio.find("play-bar").isVisible()
