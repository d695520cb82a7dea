"""A session that names an address, a camera or a file outside its folder opens none of them unasked."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from convstudio.commands.sources import SourceCommands
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.io.sessions.session import Session, SourceKind, SourceReference, save_session
from tests.journeys.conftest import Studio
from tests.pictures import write_png
from tests.streams import MjpegServer

PIXELS = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def session_of(path: Path, kind: SourceKind, text: str) -> Path:
    """A session of one filter that somebody else made."""
    path.parent.mkdir(exist_ok=True)
    layer = Conv(weight=Weights([[[[3, 0, -1]]]]), bias=(0.0,))
    save_session(path, Session(Document((layer,), selected=0), SourceReference(kind, text)))
    return path


def question(studio: Studio) -> str:
    """What the bar asks; "" while it is hidden."""
    return studio.text("question-sentence") if studio.find("question-bar").isVisible() else ""


def test_an_address_is_not_asked_for_anything_before_the_person_says_so(studio: Studio, tmp_path: Path) -> None:
    present = studio.settled_on_a_picture()
    with MjpegServer() as server:
        studio.drop(session_of(tmp_path / "a.convstudio", SourceKind.URL, server.url))
        studio.until(lambda: bool(question(studio)))

        asked, visits = question(studio), server.visits
        frame, layers = studio.application.feed.frame, len(studio.application.commands.recipe.document.layers)
        studio.click("question-yes")
        studio.until(lambda: "live" in studio.text("status-live").lower())

        assert asked == (
            f"This session wants to read from the address {server.url}. Open it if you trust whoever made the session."
        )
        assert (visits, layers) == (0, 1)
        assert frame is present.result.frame
        assert question(studio) == ""
        studio.application.feed.close()


def test_declining_keeps_the_picture_and_the_recipe_of_the_session(studio: Studio, tmp_path: Path) -> None:
    present = studio.settled_on_a_picture()
    with MjpegServer() as server:
        studio.drop(session_of(tmp_path / "a.convstudio", SourceKind.URL, server.url))
        studio.until(lambda: bool(question(studio)))

        studio.click("question-no")

        assert question(studio) == ""
        assert studio.settled().result.frame is present.result.frame
        assert len(studio.application.commands.recipe.document.layers) == 1
        assert server.visits == 0


def test_a_camera_is_not_opened_before_the_person_says_so(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    played: list[object] = []
    monkeypatch.setattr(SourceCommands, "_play", lambda _, address, *__: played.append(address))

    studio.drop(session_of(tmp_path / "a.convstudio", SourceKind.CAMERA, "97"))
    studio.until(lambda: bool(question(studio)))
    before = list(played)
    studio.click("question-yes")

    assert "from camera 97 of this computer" in studio.text("question-sentence")
    assert (before, played) == ([], [97])


def test_a_file_outside_its_folder_is_read_once_allowed_and_not_asked_for_again(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    picture = tmp_path / "private.png"
    write_png(picture, PIXELS)
    path = session_of(tmp_path / "mail" / "a.convstudio", SourceKind.FILE, str(picture))

    studio.application.open([str(path)])
    studio.until(lambda: bool(question(studio)))
    asked = question(studio)
    studio.click("question-yes")
    studio.opened("private.png")
    studio.application.commands.sources.open_sample("camera")
    studio.opened("Camera man")
    studio.drop(path)
    studio.opened("private.png")

    assert f"a file outside its folder, {picture}." in asked
    assert question(studio) == ""


def test_a_file_in_its_folder_opens_unasked(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    (tmp_path / "mail").mkdir()
    picture = tmp_path / "mail" / "a.png"
    write_png(picture, PIXELS)

    studio.drop(session_of(tmp_path / "mail" / "a.convstudio", SourceKind.FILE, str(picture)))
    studio.opened("a.png")

    assert question(studio) == ""


def test_what_this_person_saved_in_this_run_opens_unasked_until_it_names_something_else(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mine.png", "other.png"):
        write_png(tmp_path / name, PIXELS)
    (tmp_path / "sessions").mkdir()
    path = tmp_path / "sessions" / "a.convstudio"
    studio.drop(tmp_path / "mine.png")
    studio.opened("mine.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    studio.save()
    studio.application.commands.sources.open_sample("camera")
    studio.opened("Camera man")

    studio.drop(path)
    studio.opened("mine.png")
    unasked = question(studio)
    session_of(path, SourceKind.FILE, str(tmp_path / "other.png"))  # somebody else wrote over it
    studio.drop(path)
    studio.until(lambda: bool(question(studio)))

    assert unasked == ""
    assert "other.png" in question(studio)


def test_opening_something_else_settles_the_question(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    studio.drop(session_of(tmp_path / "a.convstudio", SourceKind.URL, "http://127.0.0.1:9/a.mjpg"))
    studio.until(lambda: bool(question(studio)))

    studio.application.commands.sources.open_sample("coffee")
    studio.opened("Coffee")

    assert question(studio) == ""


def test_a_question_without_a_present_picture_says_what_declining_means(studio: Studio, tmp_path: Path) -> None:
    studio.application.open([str(session_of(tmp_path / "a.convstudio", SourceKind.URL, "http://127.0.0.1:9/a"))])
    studio.until(lambda: bool(question(studio)))

    assert studio.text("question-no") == "Do not open"


def test_what_a_session_names_is_quoted_as_plain_text_and_both_its_ends_are_shown(
    studio: Studio, tmp_path: Path
) -> None:
    studio.settled_on_a_picture()
    address = f"http://127.0.0.1:9/<b>\u202e\n{'x' * 5000}/end.png"

    studio.drop(session_of(tmp_path / "a.convstudio", SourceKind.URL, address))
    studio.until(lambda: bool(question(studio)))
    label = studio.find("question-sentence", QLabel)

    assert isinstance(label, QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "http://127.0.0.1:9/<b>��xxx" in label.text()
    assert "xxx/end.png. Open it if" in label.text()
    assert len(label.text()) < 300
