"""Damaged, hostile and strange files: a sentence each, and nothing that was there is lost."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from convstudio.core.opencv import cv2
from convstudio.core.recipe.first_recipes import small_network
from tests.io.picture_bytes import animated_png, bomb_jpeg
from tests.journeys.conftest import Studio
from tests.pictures import png, write_png


def truncated_jpeg(path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    whole = cv2.imencode(".jpg", noise)[1].tobytes()
    path.write_bytes(whole[: len(whole) // 2])


def truncated_animated_png(path: Path) -> None:
    whole = animated_png([bytes(range(8))] * 8, 8)
    path.write_bytes(whole[: whole.index(b"IDAT") + 6])


def bomb(path: Path) -> None:
    path.write_bytes(bomb_jpeg())


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("cut.jpg", truncated_jpeg, "cut.jpg"),
        ("cut.png", truncated_animated_png, "cut.png"),
        ("bomb.jpg", bomb, "65500×65500"),
        ("pipe.png", os.mkfifo, "pipe.png"),
        ("folder.png", Path.mkdir, "folder.png"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_and_nothing_is_lost(
    studio: Studio, tmp_path: Path, name: str, make: Callable[[Path], None], says: str
) -> None:
    before = studio.settled_on_a_picture()
    edited = studio.type_into_cell(0, 0, "7")
    make(tmp_path / name)

    studio.drop(tmp_path / name)
    studio.until(lambda: studio.text("status-sentence").startswith("⚠"))

    sentence = studio.text("status-sentence")
    assert says in sentence
    assert sentence.endswith(".")
    after = studio.settled()
    assert after.result.frame is before.result.frame
    assert after.result.document == edited.result.document
    assert studio.application.store.can_undo


def test_a_damaged_animation_shows_the_still_picture_that_is_whole(studio: Studio, tmp_path: Path) -> None:
    rows = [bytes(range(row, row + 8)) for row in range(8)]
    path = tmp_path / "animated.png"
    path.write_bytes(animated_png(rows, 8))

    studio.drop(path)
    shown = studio.opened("animated.png")

    np.testing.assert_array_equal(shown.result.frame.pixels[:, :, 0], [list(row) for row in rows])


def test_what_a_decoder_warns_of_is_told_with_the_picture(studio: Studio, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64), dtype=np.uint8)
    whole = bytearray(cv2.imencode(".jpg", noise)[1].tobytes())
    middle = len(whole) // 2
    whole[middle : middle + 400] = bytes(400)
    (tmp_path / "zeros.jpg").write_bytes(whole)

    studio.drop(tmp_path / "zeros.jpg")
    studio.opened("zeros.jpg")

    warning = "Part of it may be wrong, its decoder warns: Corrupt JPEG data: "
    assert warning in studio.text("status-sentence")  # beside what is said of the layers, which read one channel now


def test_a_name_that_is_no_text_opens(studio: Studio, tmp_path: Path) -> None:
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    path = tmp_path / os.fsdecode(b"\xff\xfe.png")
    path.write_bytes(png(pixels))

    studio.application.commands.sources.open(str(path))
    studio.until(lambda: (frame := studio.application.feed.frame) is not None and frame.shape.width == 4)

    np.testing.assert_array_equal(studio.settled().result.frame.pixels, pixels)


def test_a_full_disk_during_export_leaves_the_old_file_and_the_session(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = studio.settled_on_a_picture()
    target = tmp_path / "out.png"
    write_png(target, np.zeros((2, 2, 3), np.uint8))
    old = target.read_bytes()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    studio.press("Ctrl+E")
    studio.click("export-button")
    studio.until(lambda: "no room" in studio.text("status-sentence"))
    monkeypatch.undo()

    assert target.read_bytes() == old
    assert [file.name for file in tmp_path.glob("*.png")] == ["out.png"]
    assert studio.settled().result.document == before.result.document


def test_maps_are_not_written_over_other_files_unasked(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.recipe.reset(small_network())
    studio.settled()
    (tmp_path / "out-03.png").write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.png"), ""))
    questions = studio.answer_questions("Cancel")

    studio.press("Ctrl+E")
    contents = studio.application.panels.export.contents
    contents.setCurrentIndex(contents.findData("all maps as files"))
    studio.click("export-button")

    assert questions == ["There is already a file out-03.png. Write over what is there?"]
    assert sorted(file.name for file in tmp_path.glob("*.png")) == ["out-03.png"]
