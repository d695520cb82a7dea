"""Sessions: save, open, undo across them, and what closing asks."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from convstudio.app import Application
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.io.lessons import lesson_files
from convstudio.io.samples import typed_grid
from convstudio.io.sessions.session import (
    Session,
    SourceKind,
    SourceReference,
    load_session,
    save_session,
)
from convstudio.io.settings import with_recent
from tests.journeys.conftest import Studio
from tests.pictures import png


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Whatever file is asked for, it is this one."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))


def saved_session(path: Path, value: float) -> Path:
    """A session of one filter on a sample, its first weight this value."""
    layer = Conv(weight=Weights([[[[value, 0, -1]]]]), bias=(0.0,))
    save_session(path, Session(Document((layer,), selected=0), SourceReference(SourceKind.SAMPLE, "camera")))
    return path


def corner_in(path: Path) -> float:
    """The first weight that a session's file holds."""
    return float(json.loads(path.read_bytes())["layers"][0]["weight"][0][0][0][0])


def corner(studio: Studio) -> float:
    layer = studio.application.commands.recipe.document.layers[0]
    assert isinstance(layer, Conv)
    return float(layer.weight.array[0, 0, 0, 0])


def test_a_session_brings_back_the_recipe_and_its_picture(
    studio: Studio, photograph: tuple[Path, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = photograph
    studio.drop(path)
    studio.opened(path.name)
    studio.application.commands.looking.show_source_in((20.0, 90.0))
    saved = studio.type_into_cell(0, 0, "5")
    choose(monkeypatch, tmp_path / "mine")

    studio.save()
    studio.type_into_cell(0, 0, "6")
    studio.application.commands.sources.open_sample("camera")
    of_another = studio.opened("Camera man").selection.source_range
    studio.answer_questions("Discard")
    studio.drop(tmp_path / "mine.convstudio")
    opened = studio.opened(path.name)

    assert corner(studio) == 5
    assert of_another is None
    assert (opened.selection.source_range, opened.input.low, opened.input.high) == ((20.0, 90.0), 20.0, 90.0)
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


def test_theme_size_and_recent_files_are_there_again_at_the_next_start(
    studio: Studio, photograph: tuple[Path, object], tmp_path: Path
) -> None:
    path, _ = photograph
    studio.drop(path)
    studio.opened(path.name)
    studio.application.wiring.run("theme-dark")
    studio.window.resize(1200, 800)
    studio.window.close()

    again = Application(studio.application.qt, tmp_path / "settings.json")
    again.window.show()

    try:
        assert (again.window.width(), again.window.height()) == (1200, 800)
        assert [action.text() for action in again.window.recent_menu.actions()] == [str(path)]
        assert again.window.palette().window().color().lightness() < 128
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
    assert studio.application.store.path is None


def by_drop(studio: Studio, path: Path) -> None:
    studio.drop(path)


def by_menu(studio: Studio, path: Path) -> None:
    studio.monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    studio.press("Ctrl+O")


def by_command_line(studio: Studio, path: Path) -> None:
    studio.application.open([str(path)])


def by_recent_files(studio: Studio, path: Path) -> None:
    wiring = studio.application.wiring
    wiring.preferences.keep(with_recent(wiring.preferences.settings, str(path)))
    studio.application.window.recent_menu.actions()[0].trigger()


WAYS = pytest.mark.parametrize("open_by", [by_drop, by_menu, by_command_line, by_recent_files])
Way = Callable[[Studio, Path], None]


@WAYS
def test_opening_a_session_over_unsaved_edits_asks_and_cancel_keeps_them(
    studio: Studio, tmp_path: Path, open_by: Way
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    other = saved_session(tmp_path / "other.convstudio", 3)
    questions = studio.answer_questions("Cancel")

    open_by(studio, other)
    studio.until(lambda: bool(questions))

    assert questions == ["The recipe has edits that are not saved. Save them before opening “other.convstudio”?"]
    assert corner(studio) == 7
    assert studio.application.store.is_dirty


@WAYS
def test_discarding_opens_the_session_and_undo_still_has_the_edits(
    studio: Studio, tmp_path: Path, open_by: Way
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    other = saved_session(tmp_path / "other.convstudio", 3)
    studio.answer_questions("Discard")

    open_by(studio, other)
    studio.until(lambda: corner(studio) == 3)
    is_clean = not studio.application.store.is_dirty
    studio.press("Ctrl+Z")

    assert is_clean
    assert corner(studio) == 7
    assert studio.application.store.is_dirty


def test_saving_first_writes_the_edits_and_then_opens(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    other = saved_session(tmp_path / "other.convstudio", 3)
    studio.answer_questions("Save")
    choose(monkeypatch, tmp_path / "mine.convstudio")

    studio.drop(other)
    studio.until(lambda: corner(studio) == 3)

    assert corner_in(tmp_path / "mine.convstudio") == 7
    assert corner_in(other) == 3
    assert not studio.application.store.is_dirty


def test_a_save_that_is_refused_or_given_up_opens_nothing(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    other = saved_session(tmp_path / "other.convstudio", 3)
    questions = studio.answer_questions("Save")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    studio.drop(other)
    studio.until(lambda: len(questions) == 1)
    choose(monkeypatch, tmp_path / "gone" / "mine.convstudio")
    studio.drop(other)
    studio.until(lambda: studio.text("status-sentence").startswith("⚠"))
    choose(monkeypatch, tmp_path / "mine.convstudio")
    studio.save()

    assert corner(studio) == 7


def test_a_damaged_session_is_refused_before_anything_is_asked(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    (tmp_path / "torn.convstudio").write_text('{"version": 1, "layers": [', encoding="utf-8")
    questions = studio.answer_questions("Discard")

    studio.drop(tmp_path / "torn.convstudio")
    studio.until(lambda: studio.text("status-sentence").startswith("⚠"))

    assert questions == []


def test_undo_across_an_opened_session_goes_back_to_its_own_file_and_title(studio: Studio, tmp_path: Path) -> None:
    first = saved_session(tmp_path / "first.convstudio", 2)
    second = saved_session(tmp_path / "second.convstudio", 3)
    studio.answer_questions("Discard")
    studio.drop(first)
    studio.until(lambda: corner(studio) == 2)
    studio.settled()
    studio.type_into_cell(0, 0, "7")
    studio.drop(second)
    studio.until(lambda: corner(studio) == 3)
    titles = [studio.window.windowTitle()]

    studio.press("Ctrl+Z")
    titles.append(studio.window.windowTitle())
    is_marked = studio.window.isWindowModified()
    studio.save()
    has_mark_once_saved = studio.window.isWindowModified()
    studio.press("Ctrl+Shift+Z")
    titles.append(studio.window.windowTitle())

    assert [title.partition("[*]")[0] for title in titles] == [
        "second.convstudio",
        "first.convstudio",
        "second.convstudio",
    ]
    assert (is_marked, has_mark_once_saved) == (True, False)
    assert (corner_in(first), corner_in(second)) == (7, 3)
    assert studio.application.store.path == second


def test_undo_back_to_a_recipe_without_a_file_asks_for_a_name(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    other = saved_session(tmp_path / "other.convstudio", 3)
    studio.answer_questions("Discard")
    studio.drop(other)
    studio.until(lambda: corner(studio) == 3)
    choose(monkeypatch, tmp_path / "mine.convstudio")

    studio.press("Ctrl+Z")
    studio.save()

    assert (corner_in(tmp_path / "mine.convstudio"), corner_in(other)) == (7, 3)


def test_a_session_taken_over_by_another_recipe_is_no_longer_the_first_ones_file(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = saved_session(tmp_path / "first.convstudio", 2)
    second = saved_session(tmp_path / "second.convstudio", 3)
    studio.drop(first)
    studio.until(lambda: corner(studio) == 2)
    studio.drop(second)
    studio.until(lambda: corner(studio) == 3)
    choose(monkeypatch, first)
    studio.save("Ctrl+Shift+S")

    studio.press("Ctrl+Z")

    assert corner(studio) == 2
    assert studio.application.store.path is None
    assert studio.application.store.is_dirty


def test_a_session_opened_in_a_lesson_ends_it_and_asks_about_the_persons_own_work(
    studio: Studio, tmp_path: Path
) -> None:
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    other = saved_session(tmp_path / "other.convstudio", 3)
    lessons = studio.application.wiring.lessons
    lessons.open(lesson_files()[0])
    studio.until(lambda: not studio.application.store.can_undo)
    questions = studio.answer_questions("Cancel")

    studio.drop(other)
    studio.until(lambda: bool(questions))

    assert not lessons.is_open
    assert corner(studio) == 7


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        ("my edges v1.2", "my edges v1.2.convstudio"),
        ("photo.png", "photo.png.convstudio"),
        ("edges.CONVSTUDIO", "edges.CONVSTUDIO"),
        ("edges.", "edges..convstudio"),
    ],
)
def test_a_session_has_its_ending_whatever_it_is_called_and_opens_again(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, written: str
) -> None:
    picture = png(np.zeros((2, 2, 3), np.uint8))
    (tmp_path / "photo.png").write_bytes(picture)
    studio.settled_on_a_picture()
    studio.type_into_cell(0, 0, "7")
    choose(monkeypatch, tmp_path / chosen)

    studio.save()
    studio.application.wiring.run("reset")
    studio.drop(tmp_path / written)
    studio.until(lambda: studio.application.store.path == tmp_path / written)

    assert corner(studio) == 7
    assert (tmp_path / "photo.png").read_bytes() == picture


def test_a_picture_with_the_ending_of_a_session_is_not_written_over(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = png(np.zeros((2, 2, 3), np.uint8))
    (tmp_path / "a.convstudio").write_bytes(picture)
    studio.settled_on_a_picture()
    choose(monkeypatch, tmp_path / "a.convstudio")

    studio.press("Ctrl+S")
    studio.until(lambda: studio.text("status-sentence").startswith("⚠"))

    assert "“a.convstudio” is there and is no session" in studio.text("status-sentence")
    assert (tmp_path / "a.convstudio").read_bytes() == picture
    assert studio.application.store.path is None


@WAYS
def test_a_session_without_its_ending_opens_as_one(studio: Studio, tmp_path: Path, open_by: Way) -> None:
    studio.settled_on_a_picture()
    renamed = saved_session(tmp_path / "a.convstudio", 3).rename(tmp_path / "edges.png")

    open_by(studio, renamed)
    studio.until(lambda: corner(studio) == 3)

    assert studio.application.store.path == renamed


@WAYS
def test_a_picture_with_a_sessions_ending_opens_as_a_picture(studio: Studio, tmp_path: Path, open_by: Way) -> None:
    studio.settled_on_a_picture()
    path = tmp_path / "picture.convstudio"
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    path.write_bytes(png(pixels))

    open_by(studio, path)
    opened = studio.opened("picture.convstudio")

    np.testing.assert_array_equal(opened.result.frame.pixels, pixels)
    assert studio.application.store.path is None


def test_a_session_that_names_a_session_as_its_picture_opens_no_other(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    path = saved_session(tmp_path / "a.convstudio", 3)
    save_session(path, Session(load_session(path).document, SourceReference(SourceKind.FILE, str(path))))

    studio.drop(path)
    studio.until(lambda: studio.text("status-sentence").startswith("⚠"))

    assert "is a session itself" in studio.text("status-sentence")
    assert corner(studio) == 3


def test_a_pasted_picture_is_in_the_session_and_saving_says_so(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    pixels = np.random.default_rng(3).integers(0, 256, (20, 30, 3), np.uint8)
    QGuiApplication.clipboard().setImage(QImage(pixels.tobytes(), 30, 20, 90, QImage.Format.Format_RGB888))
    studio.press("Ctrl+Shift+V")
    studio.opened("clipboard")
    choose(monkeypatch, tmp_path / "mine")

    sentence = studio.save()
    studio.application.commands.sources.open_sample("camera")
    studio.opened("Camera man")
    studio.drop(tmp_path / "mine.convstudio")
    opened = studio.opened("clipboard")

    assert sentence == "Saved mine.convstudio: the recipe and its picture, 30×20×3."
    np.testing.assert_array_equal(opened.result.frame.pixels, pixels)


def test_a_picture_that_does_not_go_into_the_session_is_told(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    monkeypatch.setattr("convstudio.io.sessions.session.MOST_PICTURE_BYTES", 100)
    studio.application.commands.sources.paste(
        Frame(np.arange(1200, dtype=np.uint8).reshape(20, 20, 3), 255, name="clipboard")
    )
    studio.opened("clipboard")
    choose(monkeypatch, tmp_path / "mine")

    sentence = studio.save()

    assert "the recipe without its picture, 20×20×3, for a session keeps" in sentence


def test_a_typed_grid_is_in_the_session_and_saving_says_so(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.sources.open_grid([[0.1, -2.5, 3], [1e-7, 5, 6]])
    studio.opened("typed grid")
    choose(monkeypatch, tmp_path / "mine")

    sentence = studio.save()
    studio.application.commands.sources.open_sample("camera")
    studio.opened("Camera man")
    studio.drop(tmp_path / "mine.convstudio")
    opened = studio.opened("typed grid")

    assert sentence == "Saved mine.convstudio: the recipe and the typed grid of 3×2 numbers."
    grid = np.array([[0.1, -2.5, 3], [1e-7, 5, 6]], np.float32)
    np.testing.assert_array_equal(opened.result.frame.pixels[:, :, 0], grid)


def test_saving_names_what_is_only_referred_to(
    studio: Studio, photograph: tuple[Path, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, tmp_path / "mine")

    studio.settled_on_a_picture()
    sample = studio.save()
    studio.drop(photograph[0])
    studio.opened("photograph.png")
    file = studio.save()

    assert sample == "Saved mine.convstudio: the recipe, and which sample it is applied to."
    assert file == "Saved mine.convstudio: the recipe, and where its picture photograph.png lies."


def test_the_grid_of_a_lesson_goes_into_a_session_like_a_typed_one(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.sessions.set_up(Document(), typed_grid([[0.1, -2.5], [1e-7, 5]]))
    choose(monkeypatch, tmp_path / "mine")

    sentence = studio.save()

    assert sentence == "Saved mine.convstudio: the recipe and the typed grid of 2×2 numbers."
    grid = np.array(load_session(tmp_path / "mine.convstudio").source.grid, np.float32)
    np.testing.assert_array_equal(grid, np.array([[0.1, -2.5], [1e-7, 5]], np.float32))


def test_what_a_killed_write_left_in_the_last_folder_is_gone_after_a_start(studio: Studio, tmp_path: Path) -> None:
    stray = tmp_path / "pictures" / ".convstudio-0123456789abcdef"
    stray.parent.mkdir()
    stray.write_bytes(b"half")
    os.utime(stray, (0, 0))
    preferences = studio.application.wiring.preferences
    preferences.keep(replace(preferences.settings, folder=str(stray.parent)))

    studio.application.settle()

    studio.until(lambda: not stray.exists())
