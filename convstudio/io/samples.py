"""Pictures that come with the program: photographs from files, test patterns computed, and grids typed by a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.opencv import cv2
from convstudio.io.decoding.images import read_image
from convstudio.io.resources import RESOURCES

FOLDER = RESOURCES / "samples"
LARGEST = float(np.finfo(np.float32).max)
SIDE = 256

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Sample:
    """A picture to start with; its origin is in `resources/samples/LICENCES.md` where it is a photograph."""

    key: str
    title: str
    sentence: str
    is_photograph: bool


def load_sample(key: str) -> Frame:
    """The sample with this key."""
    title = next((sample.title for sample in SAMPLES if sample.key == key), None)
    if title is None:
        keys = ", ".join(sample.key for sample in SAMPLES)
        raise ConvStudioError(f"There is no sample “{key}”; choose one of {keys}.")
    if key in _FILES:
        photograph = read_image(FOLDER / _FILES[key])
        return Frame(photograph.pixels, photograph.white, name=title)
    pixels, white = _PATTERNS[key]()
    return Frame(pixels[:, :, np.newaxis] if pixels.ndim == 2 else pixels, white, name=title)


def typed_grid(rows: Sequence[Sequence[float]]) -> Frame:
    """A grey picture of these numbers; white is the largest magnitude, or 1 where all are 0."""
    widths = {len(row) for row in rows}
    if not rows or widths == {0}:
        raise ConvStudioError("A grid needs at least one number.")
    if len(widths) > 1:
        raise ConvStudioError(
            f"The rows of a grid are equally long, but these have between {min(widths)} and {max(widths)} numbers."
        )
    values = np.array(rows, np.float64)
    if not (np.abs(values) <= LARGEST).all():  # also so where they are NaN
        raise ConvStudioError("A grid holds finite numbers between −3.4·10³⁸ and 3.4·10³⁸; change those that are not.")
    grid = values.astype(np.float32)
    return Frame(grid[:, :, np.newaxis], float(np.abs(grid).max()) or 1.0, name="typed grid")


def _article() -> tuple[NDArray[np.float32], float]:
    return np.tile(np.array([10, 10, 10, 0, 0, 0], np.float32), (6, 1)), 10.0


def _checkerboard() -> tuple[Grey, float]:
    rows, columns = np.indices((SIDE, SIDE)) // 32
    return ((rows + columns) % 2 * 255).astype(np.uint8), 255.0


def _shapes() -> tuple[Grey, float]:
    """Outlines in all directions: a square, a disk, a triangle, a ring and lines, in colour."""
    picture = np.full((SIDE, SIDE, 3), (32, 36, 44), np.uint8)
    cv2.rectangle(picture, (24, 24), (104, 104), (230, 159, 0), cv2.FILLED)
    cv2.circle(picture, (190, 64), 42, (86, 180, 233), cv2.FILLED, cv2.LINE_AA)
    triangle = np.array([[64, 144], [20, 232], [108, 232]], np.int32)
    cv2.fillConvexPoly(picture, triangle, (0, 158, 115), cv2.LINE_AA)
    cv2.circle(picture, (190, 188), 34, (240, 228, 66), 8, cv2.LINE_AA)
    cv2.line(picture, (128, 16), (128, 240), (255, 255, 255), 2)
    cv2.line(picture, (140, 128), (246, 128), (255, 255, 255), 2)
    cv2.line(picture, (132, 246), (250, 140), (213, 94, 0), 3, cv2.LINE_AA)
    return picture, 255.0


def _gradient() -> tuple[Grey, float]:
    return np.tile(np.arange(SIDE, dtype=np.uint8), (SIDE, 1)), 255.0


def _text() -> tuple[Grey, float]:
    picture = np.full((SIDE, 3 * SIDE // 2, 1), 255, np.uint8)
    for row, (line, scale) in enumerate((("Convolution", 1.8), ("slides a kernel", 1.3), ("over every pixel.", 1.3))):
        cv2.putText(picture, line, (16, 80 + 70 * row), cv2.FONT_HERSHEY_SIMPLEX, scale, (0,), 3, cv2.LINE_AA)
    return picture[:, :, 0], 255.0


def _impulse() -> tuple[Grey, float]:
    picture = np.zeros((31, 31), np.uint8)
    picture[15, 15] = 255
    return picture, 255.0


SAMPLES: tuple[Sample, ...] = (
    Sample("astronaut", "Astronaut", "A portrait in colour: skin, cloth and sharp lettering.", is_photograph=True),
    Sample("coffee", "Coffee", "A cup on a wooden table: smooth porcelain, round edges and grain.", is_photograph=True),
    Sample("chelsea", "Cat", "A cat's face: fine fur and whiskers in many directions.", is_photograph=True),
    Sample("camera", "Camera man", "A grey photograph with one channel and strong outlines.", is_photograph=True),
    Sample(
        "article", "6×6 grid", "Rows of 10 10 10 0 0 0: one vertical edge, small enough to count.", is_photograph=False
    ),
    Sample("checkerboard", "Checkerboard", "Edges and corners at every 32 pixels.", is_photograph=False),
    Sample("shapes", "Shapes", "A square, a disk, a triangle, a ring and lines in colour.", is_photograph=False),
    Sample(
        "gradient",
        "Gradient",
        "Grey from 0 to 255, one step a column: its slope is the same everywhere.",
        is_photograph=False,
    ),
    Sample("text", "Text", "Black strokes on white paper, in all directions.", is_photograph=False),
    Sample(
        "impulse",
        "Impulse",
        "One white pixel on black: the output is the kernel itself, turned by 180°.",
        is_photograph=False,
    ),
)

_FILES = {"coffee": "coffee.jpg", "astronaut": "astronaut.jpg", "chelsea": "chelsea.png", "camera": "camera.png"}

_PATTERNS: dict[str, Callable[[], tuple[NDArray[np.uint8] | NDArray[np.float32], float]]] = {
    "article": _article,
    "checkerboard": _checkerboard,
    "shapes": _shapes,
    "gradient": _gradient,
    "text": _text,
    "impulse": _impulse,
}
