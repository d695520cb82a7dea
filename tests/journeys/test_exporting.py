"""Exporting takes a while: how far it is can be seen, it can be given up, and nothing is written over unasked."""

from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog

from convstudio.core.recipe.text import recipe_from
from convstudio.io.decoding.images import read_image
from convstudio.io.export import export
from convstudio.io.export.encoding import Depth, Format, encode, encoded_parts
from convstudio.io.files import Part
from tests.journeys.conftest import Studio
from tests.pictures import read_png, write_png


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "out.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def held_back(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Packing a picture begins, and goes on when it may."""
    begun, may_go_on = Event(), Event()

    def wait(*arguments: Any, **options: Any) -> list[Part]:
        begun.set()
        assert may_go_on.wait(20)
        return encoded_parts(*arguments, **options)

    monkeypatch.setattr(export, "encoded_parts", wait)
    return begun, may_go_on


def test_an_export_that_is_cancelled_leaves_the_old_file(
    studio: Studio, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    write_png(target, np.zeros((2, 2, 3), np.uint8))
    old = target.read_bytes()
    begun, may_go_on = held_back(monkeypatch)
    panel = studio.application.panels.export

    studio.press("Ctrl+E")
    studio.click("export-button")
    studio.until(begun.is_set)
    studio.until(lambda: panel.progress.value() > 0)
    was_shown = panel.progress.isVisible() and panel.cancel.isVisible() and not panel.button.isEnabled()
    studio.click("export-cancel")
    said = studio.text("status-sentence")
    may_go_on.set()
    studio.application.tasks.executor.shutdown(wait=True)  # what was under way has come to its end

    assert was_shown
    assert said == "The export was cancelled; no file is left half written."
    assert target.read_bytes() == old
    assert [file.name for file in target.parent.glob("*.png")] == ["out.png"]
    assert not panel.progress.isVisible()
    assert not panel.cancel.isVisible()


def test_another_export_can_follow_one_that_is_cancelled(
    studio: Studio, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    begun, may_go_on = held_back(monkeypatch)

    studio.press("Ctrl+E")
    studio.click("export-button")
    studio.until(begun.is_set)
    studio.click("export-cancel")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target.with_name("next.png")), ""))
    studio.click("export-button")
    may_go_on.set()
    studio.until(lambda: "Exported" in studio.text("status-sentence"))

    assert [file.name for file in target.parent.glob("*.png")] == ["next.png"]
    assert read_png(target.with_name("next.png").read_bytes()).ndim == 3


def test_a_name_without_its_ending_is_not_written_over_unasked(
    studio: Studio, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    target.write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target.with_suffix("")), ""))
    questions = studio.answer_questions("Cancel")

    studio.press("Ctrl+E")
    studio.click("export-button")

    assert questions == ["There is already a file out.png. Write over what is there?"]
    assert target.read_bytes() == b"mine"


def test_what_a_file_does_not_keep_is_told_before_it_is_written(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "half.png"
    values = np.tile(np.array([0, 10, 100, 200], np.uint8), (6, 1))
    path.write_bytes(encode(np.dstack([values, values, values, np.full_like(values, 9)]), Format.PNG, Depth.EIGHT))
    studio.application.commands.recipe.reset(recipe_from("conv [-1] each"))
    studio.drop(path)
    studio.opened("half.png")
    studio.window.resize(960, 540)
    studio.until(lambda: studio.window.height() == 540)

    studio.press("Ctrl+E")
    panel = studio.application.panels.export
    panel.values.setCurrentIndex(panel.values.findData("raw values"))
    panel.formats.setCurrentIndex(panel.formats.findData("jpeg"))

    studio.until(lambda: "JPEG" in studio.text("export-warning"))
    assert studio.text("export-warning") == (
        "75 % of the values are negative and become 0; choose a float TIFF or NPY file, or as shown with stretch. "
        "The picture's opacity is not kept: a JPEG file has no place for it; choose PNG, TIFF or WebP."
    )
    QApplication.processEvents()  # the words get their room
    for words in (panel.lead, panel.warning):
        assert words.heightForWidth(words.width()) <= words.height(), words.text()
    assert panel.warning.y() - panel.depths.geometry().bottom() > 8  # nothing is squeezed


def test_raw_values_go_home_in_a_float_tiff_by_mouse_and_keyboard(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "values.tiff"
    studio.monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    studio.settled_on_a_picture()
    shown = studio.type_into_cell(0, 0, "-0.3")
    said = studio.sentences()

    studio.press("Ctrl+E")
    values, formats, depths = (studio.find(f"export-{name}", QComboBox) for name in ("values", "format", "depth"))
    assert isinstance(values, QComboBox)
    QTest.mouseClick(values, Qt.MouseButton.LeftButton)
    rows = values.view()
    studio.until(rows.isVisible)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert values.currentData() == "raw values"
    for box, key, text in ((formats, "T", "TIFF"), (depths, "3", "32-bit float")):
        box.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClicks(box, key)
        assert box.property("currentText") == text
    assert studio.text("export-warning") == ""
    studio.find("export-button").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(studio.find("export-button"), Qt.Key.Key_Space)
    studio.until(lambda: f"Exported {path}." in said)

    back = read_image(path)
    np.testing.assert_array_equal(np.moveaxis(back.pixels, 2, 0), shown.result.outputs[-1])
    assert (back.pixels < 0).any()
