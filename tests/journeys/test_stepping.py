"""The window slides over the outputs: step, play, symbols, LaTeX, and films and pictures of it."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from convstudio.core.opencv import cv2
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.taps import Unit
from tests.journeys.conftest import Studio
from tests.pictures import read_png


@pytest.fixture
def article(studio: Studio) -> Studio:
    """The article's example, with its first output chosen."""
    studio.settled_on_a_picture()
    studio.press("Ctrl+Shift+A")
    studio.opened("6×6 grid")
    studio.application.wiring.probe.choose(None)  # of what comes pinned
    studio.press("Ctrl+.")
    studio.until(lambda: studio.text("step-place") == "step 1 of 16")
    return studio


def save(studio: Studio, monkeypatch: pytest.MonkeyPatch, kind: str, path: Path) -> None:
    """Choose an entry of the Save menu and the file."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action = studio.window.findChild(QAction, f"save-{kind}")
    assert action is not None
    action.trigger()
    studio.until(lambda: studio.text("status-sentence").startswith(f"Saved {path}"))  # not what was saved before


def value(studio: Studio) -> str:
    """What the card at the left says of the output at which the window stands."""
    return studio.text("step-left-title").removeprefix("The ")


def test_stepping_reads_0_30_30_0_off_the_screen(article: Studio) -> None:
    said = []
    for _ in range(4):
        said.append(value(article))
        article.click("step-on")

    assert said == ["0", "30", "30", "0"]
    assert article.text("step-left-place") == "at row 2, column 1"
    article.press("Ctrl+,")
    assert article.text("step-place") == "step 4 of 16"
    QTest.keyClick(article.application.panels.step.grids, Qt.Key.Key_End)
    assert article.text("step-place") == "step 16 of 16"


def test_the_window_slides_by_itself_to_the_last_output_and_stops(article: Studio) -> None:
    bar = article.application.panels.step.bar
    bar.speed.setCurrentIndex(3)

    article.press("Ctrl+/")
    assert bar.play.isChecked()
    article.until(lambda: article.text("step-place") == "step 16 of 16")
    article.until(lambda: not bar.play.isChecked())

    assert article.application.wiring.probe.shown == Unit(0, 3, 3)


def test_going_to_another_stage_stops_the_sliding(article: Studio) -> None:
    article.click("step-play")

    article.application.window.show_stage("count")

    article.until(lambda: not article.application.panels.step.bar.play.isChecked())


def test_a_strip_of_a_photograph_is_walked_and_its_sums_can_be_checked(studio: Studio) -> None:
    shown = studio.settled_on_a_picture()
    studio.application.commands.recipe.reset(
        recipe_from("conv [1 2 3; 4 5 6; 7 8 9] stride 2 border replicate bias 0.5")
    )
    studio.settled()
    padded = np.pad(shown.result.frame.pixels[:, :, 0].astype(np.float64), 1, mode="edge")
    studio.application.window.show_stage("step")
    strip = studio.application.panels.step.strip

    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place.center().toPoint())
    studio.click("step-first")
    studio.click("step-on")

    chosen = studio.application.wiring.probe.pins
    assert chosen.strip is not None
    assert chosen.chosen is not None
    row, column = chosen.strip
    assert chosen.chosen == Unit(0, row, column + 1)
    window = padded[2 * row : 2 * row + 3, 2 * column + 2 : 2 * column + 5]
    total = float((window * np.arange(1.0, 10.0).reshape(3, 3)).sum() + 0.5)
    assert value(studio) == f"{total:,.1f}"
    assert studio.text("step-place") == f"row {row + 1}, column {column + 2}"


def test_one_key_turns_the_sum_into_letters(article: Studio) -> None:
    article.click("step-on")
    focused = QApplication.focusWidget()
    assert focused is not None

    QTest.keyClick(focused, Qt.Key.Key_S)

    assert article.text("step-sum").startswith("y[0, 1] = w[0, 0]·x[0, 1] + w[0, 1]·x[0, 2]")
    assert article.text("step-left-title") == "The 30"


def test_latex_has_the_letters_too(article: Studio) -> None:
    article.click("step-on")
    article.click("step-symbols")
    action = article.window.findChild(QAction, "copy-latex")
    assert action is not None
    action.trigger()

    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(r"y_{0,1} = w_{0,0}\,x_{0,1} + w_{0,1}\,x_{0,2}")
    assert copied.endswith("+ b = 30")


def test_unpinning_lets_go(article: Studio) -> None:
    article.click("step-unpin")

    assert article.application.wiring.probe.shown is None
    assert article.text("step-hint").startswith("Point at an output")


def test_the_steps_are_saved_as_a_gif_a_film_and_pictures(
    article: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(article, monkeypatch, "gif", tmp_path / "steps.gif")
    save(article, monkeypatch, "mp4", tmp_path / "steps.mp4")
    save(article, monkeypatch, "png", tmp_path / "frames")
    article.until(lambda: len(list((tmp_path / "frames").glob("*.png"))) == 16)

    is_read, animation = cv2.imreadanimation(str(tmp_path / "steps.gif"))
    film = cv2.VideoCapture(str(tmp_path / "steps.mp4"))
    count = int(film.get(cv2.CAP_PROP_FRAME_COUNT))
    film.release()
    assert is_read
    assert [frame.shape[:2] for frame in animation.frames] == [(540, 960)] * 16
    assert count == 16
    pictures = sorted((tmp_path / "frames").glob("*.png"))
    first, last = (read_png(file.read_bytes()) for file in (pictures[0], pictures[-1]))
    assert first.shape == (540, 960, 3)
    assert (first != last).any()


def test_one_step_is_saved_as_vectors(article: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article.click("step-on")
    save(article, monkeypatch, "svg", tmp_path / "step.svg")
    save(article, monkeypatch, "pdf", tmp_path / "step.pdf")
    article.until((tmp_path / "step.pdf").is_file)

    texts = [node.text or "" for node in ET.parse(tmp_path / "step.svg").iter() if node.tag.endswith("text")]
    assert texts.count("30") >= 1
    assert texts.count("10") >= 18  # the bright half of the grid
    assert any("row 1, column 2" in text for text in texts)
    assert (tmp_path / "step.pdf").read_bytes().startswith(b"%PDF")


def test_steps_named_without_their_ending_are_not_written_over_unasked(
    article: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.gif").write_bytes(b"mine")
    questions = article.answer_questions("Cancel")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    action = article.window.findChild(QAction, "save-gif")
    assert action is not None

    action.trigger()

    assert questions == ["There is already a file mine.gif. Write over what is there?"]
    assert (tmp_path / "mine.gif").read_bytes() == b"mine"
