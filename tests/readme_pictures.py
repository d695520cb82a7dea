"""Makes the pictures and the film of the README from the running program. No test lives here.

`xvfb-run -a -s "-screen 0 1600x1000x24" python -m tests.readme_pictures`, with a name (`light`, `count`, `dark`,
`film`) for one of them alone.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.app import Application, quiet_qt
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.ops import jit
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Pool
from convstudio.core.recipe.new_layers import image_filter
from convstudio.io.export.animation import save_frames
from convstudio.views.explain.parameters.panel import CountStage
from convstudio.views.kernel.grid import SCRUB_PIXELS

FOLDER = Path(__file__).parents[1] / ".github" / "pictures"
PATIENCE = 60.0  # seconds
PICTURE, FILM = (1440, 900), (960, 540)  # pixels of the window
JPEG = [cv2.IMWRITE_JPEG_QUALITY, 88, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
EYE = 101, 199  # row and column in the astronaut's face
RATE = 10.0  # frames a second
PULLS = ((2, 2), 10), ((0, 0), -10), ((0, 0), -10)  # a cell, and its steps: twice as bright, a relief, its edges
ON_THE_WAY, RESTING = 5, 10  # frames between two cells, and behind a pull
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
GRAIN = 14  # levels
COLOURS = 255  # of a GIF
FLAT = 95  # of them for the window around the pictures
SAMPLES = 40_000  # pixels of the pictures, from which the other colours come
ARROW = (0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)

Rgb = NDArray[np.uint8]


def main(names: list[str]) -> int:
    """Make what is named, or everything."""
    qt = quiet_qt(sys.argv[:1])
    jit.compile_all()  # nobody who reads how long a picture took wants to know how long this took
    for name in names or MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            application = Application(qt, Path(folder) / "settings.json")
            application.window.show()
            application.open(())
            rest(application)
            MAKERS[name](application)
            application.close()
    return 0


def light(application: Application) -> None:
    """The first recipe, and the mouse on an output: the loupe has its sum."""
    application.window.resize(*PICTURE)
    rest(application)
    canvas = application.panels.pair.after.canvas
    at = canvas.rectangle_of(EYE).center().toPoint()
    QTest.mouseMove(canvas, at - QPoint(4, 4))
    wait(100)
    QTest.mouseMove(canvas, at)
    rest(application)
    pointer = QPointF(canvas.mapTo(application.window, at))
    save("light", with_pointer(application.window.grab().toImage(), pointer))


def count(application: Application) -> None:
    """The layer of the article at true scale."""
    window = application.window
    window.resize(*PICTURE)
    application.wiring.run("articles-example")
    rest(application)
    window.show_stage("count")
    rest(application)
    stage = window.findChild(CountStage)
    assert isinstance(stage, CountStage)
    QTest.mouseClick(stage.settings.scopes.buttons["article"], Qt.MouseButton.LeftButton)
    wait_until(lambda: is_matrix_drawn(stage.picture))
    save("count", window.grab().toImage())


def dark(application: Application) -> None:
    """Edges, ReLU and pooling in the dark theme."""
    application.window.resize(*PICTURE)
    application.wiring.run("theme-dark")
    edges = image_filter(build(find("sobel-x")))
    application.commands.recipe.reset(Document((edges, Activation(), Pool()), selected=0))
    rest(application)
    save("dark", application.window.grab().toImage())


def film(application: Application) -> None:
    """A kernel is dragged cell by cell, and the output follows."""
    application.window.resize(*FILM)
    layers = (image_filter(build(find("identity"))),)
    application.commands.recipe.reset(Document(layers, selected=0))
    rest(application)
    pair = application.panels.pair
    parts = [part_of(canvas, application.window) for canvas in (pair.before.canvas, pair.after.canvas)]
    frames = list(frames_of_a_drag(application))
    save_frames(FOLDER / "film.gif", with_few_colours(frames, parts), rate=RATE)


MAKERS: dict[str, Callable[[Application], None]] = {"light": light, "count": count, "dark": dark, "film": film}


def rest(application: Application) -> None:
    """Wait until what is on the screen is of the newest recipe, exact, and has its place."""
    wait(300)
    follow(application, exactly=True)
    wait(1200)  # captions and thumbnails follow the picture


def follow(application: Application, *, exactly: bool = False) -> None:
    """Wait until the output is of the newest recipe."""
    looking, feed = application.commands.looking, application.commands.sources.feed

    def is_there() -> bool:
        latest = looking.latest
        return (
            latest is not None
            and (latest.is_exact or not exactly)
            and latest.result.document == application.commands.recipe.document
            and latest.result.frame is feed.frame
            and not application.engine.is_busy
        )

    wait_until(is_there)


def wait(milliseconds: int) -> None:
    """Let the program work for a while. `QTest.qWait` keeps Python's lock, and the worker's time is on the picture."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool]) -> None:
    """Let the program work until something is so."""
    end = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < end, "the picture never came"
        wait(20)


def is_matrix_drawn(picture: QWidget) -> bool:
    """Whether there are bands in the matrix at true scale, whose places are worked out beside the window's thread."""
    across = rgb_of(picture.grab().toImage())[picture.height() // 2]
    return len(np.unique(across[len(across) // 10 : len(across) // 2], axis=0)) > 1


def save(name: str, image: QImage) -> None:
    """Write a picture; a photograph in a window is a third of a PNG as a JPEG."""
    cv2.imwrite(str(FOLDER / f"{name}.jpg"), rgb_of(image)[:, :, ::-1], JPEG)


def frames_of_a_drag(application: Application) -> Iterator[Rgb]:
    """The mouse goes to a cell, pulls it, and rests, for each of the pulls."""
    grid = application.panels.kernel.grid
    at = QPointF(grid.width() / 2, grid.height() * 1.6)
    for (row, column), steps in PULLS:
        start = grid.cell_rect(row, column).center()
        for share in np.arange(1, ON_THE_WAY + 1) / ON_THE_WAY:
            ease = float(share * share * (3 - 2 * share))
            place = at + (start - at) * ease
            send(grid, QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton)
            yield frame(application, place)
        application.commands.looking.is_button_down = lambda: True
        send(grid, QEvent.Type.MouseButtonPress, start)
        for step in range(1, abs(steps) + 1):
            at = start - QPointF(0, SCRUB_PIXELS * np.sign(steps) * step)
            send(grid, QEvent.Type.MouseMove, at)
            yield frame(application, at)
        application.commands.looking.is_button_down = lambda: False
        send(grid, QEvent.Type.MouseButtonRelease, at)
        rest(application)
        yield from [frame(application, at)] * RESTING


def send(widget: QWidget, kind: QEvent.Type, place: QPointF, held: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """One event of a mouse with a button held."""
    cause = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else held
    after = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else held
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), cause, after, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def frame(application: Application, place: QPointF) -> Rgb:
    """The window with the mouse at a place of the kernel, once the output is there."""
    follow(application)
    wait(120)  # the panels come behind the pictures
    pointer = QPointF(application.panels.kernel.grid.mapTo(application.window, place))
    return rgb_of(with_pointer(application.window.grab().toImage(), pointer))


def part_of(widget: QWidget, window: QWidget) -> tuple[slice, slice]:
    """The rows and columns of the window that a widget has."""
    corner = widget.mapTo(window, QPoint(0, 0))
    return slice(corner.y(), corner.y() + widget.height()), slice(corner.x(), corner.x() + widget.width())


def with_few_colours(frames: list[Rgb], pictures: list[tuple[slice, slice]]) -> Iterator[Rgb]:
    """The frames in the colours that a GIF has: those that fill much of the window, and those amid the photographs'."""
    is_picture = np.zeros(frames[0].shape[:2], np.bool_)
    for part in pictures:
        is_picture[part] = True
    of_frames = [np.unique(frame[~is_picture], axis=0, return_counts=True) for frame in frames]
    around, places = np.unique(np.concatenate([colours for colours, _ in of_frames]), axis=0, return_inverse=True)
    most = np.zeros(len(around), np.int64)  # pixels of a colour in one frame: that of a cell is there for one alone
    np.maximum.at(most, places, np.concatenate([counts for _, counts in of_frames]))
    flat = around[np.argsort(most)[-FLAT:]]
    inside = np.concatenate([frame[is_picture] for frame in frames])
    samples = np.random.default_rng(0).choice(inside, SAMPLES).astype(np.float32)
    cv2.setRNGSeed(0)
    until = (cv2.TERM_CRITERIA_MAX_ITER, 30, 0.0)
    _, _, amid = cv2.kmeans(samples, COLOURS - FLAT, None, until, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    palette = np.concatenate([flat, np.rint(amid).astype(np.uint8)]).astype(np.float32)
    rows, columns = np.indices(is_picture.shape) % 4
    grain = np.where(is_picture, GRAIN * (BAYER[rows, columns] / 16 - 0.5), 0)
    for frame in frames:
        grainy = np.clip(np.rint(frame + grain[:, :, None]), 0, 255).astype(np.uint8)
        colours, places = np.unique(grainy.reshape(-1, 3), axis=0, return_inverse=True)
        distances = (palette**2).sum(axis=1) - 2 * colours.astype(
            np.float32
        ) @ palette.T  # what is alike for all is left out
        yield palette.astype(np.uint8)[distances.argmin(axis=1)][places].reshape(frame.shape)


def with_pointer(image: QImage, pointer: QPointF) -> QImage:
    """The window with the arrow of the mouse, which no picture of a window has."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    arrow = QPainterPath(pointer)
    for right, down in ARROW[1:]:
        arrow.lineTo(pointer + QPointF(right, down))
    arrow.closeSubpath()
    painter.setPen(QPen(Qt.GlobalColor.white, 1.5))
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawPath(arrow)
    painter.end()
    return image


def rgb_of(image: QImage) -> Rgb:
    """(H, W, 3) uint8."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
