"""Makes the pictures and the film of the README from the running program: xvfb-run python -m tests.readme_pictures.

No test lives here.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.app import Application, quiet_qt
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Pool
from convstudio.core.recipe.new_layers import image_filter
from convstudio.io.export.animation import save_frames
from convstudio.views.explain.parameters.panel import CountStage

FOLDER = Path(__file__).parents[1] / ".github" / "pictures"
PATIENCE = 30.0  # seconds
FILM = 720, 492  # pixels of a frame, from a window of 1024×700
QUALITY = 92  # of JPEG: a photograph in a window is a third of a PNG
RATE = 8.0  # frames a second
PULLS = *range(9), *range(7, -6, -1), *range(-4, 1)  # steps that a cell is pulled up
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
GRAIN = 20  # levels
ARROW = (0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)

Rgb = NDArray[np.uint8]


def main() -> int:
    """Write all pictures."""
    qt = quiet_qt(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        application = Application(qt, Path(folder) / "settings.json")
        application.window.show()
        application.open(())
        window = application.window
        window.resize(1440, 900)
        rest(application)

        application.wiring.run("articles-example")
        rest(application)

        window.show_stage("count")
        rest(application)
        stage = window.findChild(CountStage)
        assert isinstance(stage, CountStage)
        QTest.mouseClick(stage.settings.scopes.buttons["article"], Qt.MouseButton.LeftButton)
        rest(application)
        save(window, "count")
        window.show_stage("pictures")
        application.commands.sources.open_sample("astronaut")
        edges = image_filter(build(find("sobel-x")))
        application.commands.recipe.reset(Document((edges, Activation(), Pool()), selected=0))
        application.wiring.run("theme-dark")
        rest(application)
        save(window, "dark")
        application.wiring.run("theme-light")
        window.resize(1024, 700)
        application.commands.recipe.reset(Document((image_filter(build(find("sharpen-4"))),), selected=0))
        rest(application)
        save_frames(FOLDER / "film.gif", list(film(application)), rate=RATE)
        application.close()
    return 0


def rest(application: Application) -> None:
    """Wait until what is on the screen is of the newest recipe, exact, and has its place."""
    end = monotonic() + PATIENCE
    looking, feed = application.commands.looking, application.commands.sources.feed

    def is_at_rest() -> bool:
        latest = looking.latest
        return (
            latest is not None
            and latest.is_exact
            and latest.result.document == application.commands.recipe.document
            and latest.result.frame is feed.frame
            and not application.engine.is_busy
        )

    QTest.qWait(300)
    while not is_at_rest():
        assert monotonic() < end, "the picture never came to rest"
        QTest.qWait(20)
    QTest.qWait(1200)  # captions and thumbnails follow the picture


def save(window: QWidget, name: str) -> None:
    """Write the window as it is."""
    pixels = rgb_of(window.grab().toImage())
    cv2.imwrite(str(FOLDER / f"{name}.jpg"), pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


def film(application: Application) -> Iterator[Rgb]:
    """The middle cell of a kernel is dragged up and down, and the output follows."""
    grid = application.panels.kernel.grid
    start = QPointF(grid.cell_rect(1, 1).center())
    application.commands.looking.is_button_down = lambda: True
    send(grid, QEvent.Type.MouseButtonPress, start)
    for pull in PULLS:
        at = start - QPointF(0, 8 * pull)
        send(grid, QEvent.Type.MouseMove, at)
        QTest.qWait(250)
        yield frame(application.window, QPointF(grid.mapTo(application.window, at.toPoint())))
    send(grid, QEvent.Type.MouseButtonRelease, start)


def send(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    """One event of a mouse whose left button is down."""
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def frame(window: QWidget, pointer: QPointF) -> Rgb:
    """The window with the mouse drawn into it, as large as the film."""
    image = window.grab().toImage()
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
    small = cv2.resize(rgb_of(image), FILM, interpolation=cv2.INTER_AREA)
    rows, columns = np.indices(small.shape[:2]) % 4
    dithered = small + GRAIN * (BAYER[rows, columns][:, :, None] / 16 - 0.5)  # a GIF has few colours
    return np.asarray(np.clip(np.rint(dithered), 0, 255), np.uint8)


def rgb_of(image: QImage) -> Rgb:
    """(H, W, 3) uint8."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


if __name__ == "__main__":
    sys.exit(main())
