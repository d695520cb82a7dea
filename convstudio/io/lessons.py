"""Lesson files and the pictures they ask for. What a lesson is, and how to write one, is in `insight.lessons`."""

from pathlib import Path

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.kernels.text import read
from convstudio.core.opencv import cv2
from convstudio.insight.lessons.lesson import Lesson, Places, lesson_from, title_of
from convstudio.io.files import printable, read_file
from convstudio.io.resources import RESOURCES
from convstudio.io.samples import SAMPLES, load_sample, typed_grid

FOLDER = RESOURCES / "lessons"
ARTICLE = RESOURCES / "article" / "follow-the-article.md"
OWN = "own"  # the source of a step that goes on with the person's own picture
_MOST_BYTES = 2**20
_MOST_SIDE = 4096


def lesson_files() -> tuple[Path, ...]:
    """The lessons that come with the program, in their order."""
    return tuple(sorted(FOLDER.glob("*.md")))


def read_lesson(path: Path, places: Places | None = None) -> Lesson:
    """The lesson in a file; where `places` are given, its steps name no others.

    Raises
    ------
    ConvStudioError
        If the file cannot be read or is no lesson; the sentence names the line.
    """
    try:
        return lesson_from(_text(path), places)
    except ConvStudioError as refusal:
        raise ConvStudioError(f"“{printable(path)}” is no lesson: {refusal}") from None


def lesson_title(path: Path) -> str:
    """The title alone, without reading the steps; "" where there is none."""
    return title_of(_text(path))


def _text(path: Path) -> str:
    try:
        return read_file(path, most=_MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConvStudioError(f"“{printable(path)}” is no text in UTF-8; save it so and open it again.") from None


def frame_of(source: str) -> Frame:
    """The picture that a step names: a sample (`coffee`), one in another size (`coffee 32x32`), or `grid 1 2; 3 4`.

    Raises
    ------
    ConvStudioError
        If there is no such sample, or the size or grid cannot be read.
    """
    name, _, rest = source.strip().partition(" ")
    if name == OWN:
        return load_sample(SAMPLES[0].key)  # where there is none
    if name == "grid":
        return typed_grid(read(f"[{rest}]").tolist())
    frame = load_sample(name or "coffee")
    if not rest:
        return frame
    sides = rest.lower().replace("×", "x").split("x")
    if len(sides) != 2 or not all(side.isdigit() and 0 < int(side) <= _MOST_SIDE for side in sides):
        raise ConvStudioError(f"“{rest}” is no size of a picture; write width x height, for example {name} 32x32.")
    size = (int(sides[0]), int(sides[1]))
    pixels = cv2.resize(frame.pixels, size, interpolation=cv2.INTER_AREA)
    return Frame(np.asarray(pixels).reshape(size[1], size[0], -1), frame.white, name=f"{frame.name}, {rest}")
