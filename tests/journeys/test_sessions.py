"""Sessions: save, open, undo across them, and what closing asks."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from convstudio.app import Application
from convstudio.core.layers import Conv
from tests.journeys.conftest import Studio


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Whatever file is asked for, it is this one."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


def corner(studio: Studio) -> float:
    layer = studio.application.commands.document.layers[0]
    assert isinstance(layer, Conv)
    return float(layer.weight.array[0, 0, 0, 0])


def test_a_session_brings_back_the_recipe_and_its_picture(
    studio: Studio, photograph: tuple[Path, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = photograph
    studio.drop(path)
    studio.opened(path.name)
    saved = studio.type_into_cell(0, 0, "5")
    choose(monkeypatch, tmp_path / "mine")

    studio.press("Ctrl+S")
    studio.until(lambda: "Saved" in studio.text("status-sentence"))
    studio.type_into_cell(0, 0, "6")
    studio.application.commands.open_sample("camera")
    studio.opened("Camera man")
    studio.drop(tmp_path / "mine.convstudio")
    opened = studio.opened(path.name)

    assert corner(studio) == 5
    np.testing.assert_array_equal(opened.result.outputs[0], saved.result.outputs[0])
    studio.press("Ctrl+Z")
    assert corner(studio) == 6  # what was there before the session was opened


def test_a_damaged_session_is_refused_and_the_recipe_stays(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    edited = studio.type_into_cell(0, 0, "7")
    (tmp_path / "torn.convstudio").write_text('{"version": 1, "layers": [', encoding="utf-8")

    studio.drop(tmp_path / "torn.convstudio")
    studio.until(lambda: studio.text("status-sentence").startswith("⚠"))

    assert "torn.convstudio" in studio.text("status-sentence")
    assert studio.settled().result.document == edited.result.document


def test_an_unedited_window_closes_without_a_question(studio: Studio) -> None:
    studio.settled_on_a_picture()
    questions = studio.answer_questions("Cancel")

    studio.window.close()

    assert questions == []
    assert not studio.window.isVisible()


@pytest.mark.parametrize(("answer", "closes"), [("Cancel", False), ("Discard", True)])
def test_closing_with_unsaved_edits_asks(studio: Studio, answer: str, closes: bool) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    questions = studio.answer_questions(answer)

    studio.window.close()

    assert questions == ["The recipe has edits that are not saved. Save them before closing?"]
    assert studio.window.isVisible() is not closes


def test_saving_before_closing_writes_the_file_and_then_closes(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    studio.answer_questions("Save")
    choose(monkeypatch, tmp_path / "mine.convstudio")

    studio.window.close()
    studio.until(lambda: not studio.window.isVisible())

    assert b'"version"' in (tmp_path / "mine.convstudio").read_bytes()


def test_theme_layout_and_recent_files_are_there_again_at_the_next_start(
    studio: Studio, photograph: tuple[Path, object], tmp_path: Path
) -> None:
    path, _ = photograph
    studio.drop(path)
    studio.opened(path.name)
    studio.application.wiring.run("theme-dark")
    studio.application.window.docks["layers"].hide()
    studio.window.resize(1200, 800)
    studio.window.close()

    again = Application(studio.application.qt, tmp_path / "settings.json")
    again.window.show()

    try:
        assert not again.window.docks["layers"].isVisible()
        assert (again.window.width(), again.window.height()) == (1200, 800)
        assert [action.text() for action in again.window.recent_menu.actions()] == [str(path)]
        assert again.window.palette().window().color().lightness() < 128
        again.wiring.run("reset-panels")
        assert again.window.docks["layers"].isVisible()
    finally:
        again.close()


def test_a_session_named_without_its_ending_is_not_written_over_unasked(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    (tmp_path / "mine.convstudio").write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    questions = studio.answer_questions("Cancel")

    studio.press("Ctrl+Shift+S")

    assert questions == ["There is already a file mine.convstudio. Write over what is there?"]
    assert (tmp_path / "mine.convstudio").read_bytes() == b"mine"
    assert studio.application.commands.session_path is None
