"""One frame of work from an edit to the screen, beside the least that could be done for one picture of that size.

Ours is the application itself: an edit of a 5×5 kernel on 1080p colour, computed exactly on its worker, coloured, given
to every panel and painted. The other is OpenCV's filter2D, one conversion to 8 bits and one painted image of the same
extent on the screen. Both run in one process, in turns.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop, QObject, QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.view.shown import Shown
from tests.benchmarks import rounds
from tests.benchmarks.claims import Claim
from tests.benchmarks.studio import opened

ROUNDS = 41
LIMIT = 2.5


def measure() -> Iterator[Claim]:
    """The application beside the bare minimum, in a process of their own."""
    output = subprocess.run([sys.executable, "-m", __spec__.name], check=True, capture_output=True, text=True).stdout
    times = json.loads(output.splitlines()[-1])
    ratio = rounds.ratio(times["ours"], times["bare"])
    against = "filter2D, 8 bits, paint"
    name = "from a 5×5 edit to the screen, 1080p colour"
    yield Claim(name, median(times["ours"]), "ms", against, median(times["bare"]), LIMIT, ratio)


class Bare(QWidget):
    """An image as large as the window's own."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it smoothly into the whole widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self.image)
        painter.end()


class Paints(QObject):
    """Counts how often something was painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass."""
        self.count += event.type() == QEvent.Type.Paint
        return False


def turns() -> None:
    """Take turns and print the milliseconds of each, as JSON."""
    application = opened()
    qt = application.qt
    commands, canvas = application.commands, application.panels.pair.after.canvas
    pixels = np.random.default_rng(0).integers(0, 256, (1080, 1920, 3)).astype(np.uint8)
    weight = np.random.default_rng(1).normal(0, 0.2, (5, 5)) + 1 / 25
    layer = Conv(weight=Weights(weight[None, None]), bias=(0.0,), channels=Channels.EACH)
    loop = QEventLoop()
    seen: list[Document] = []

    def look(shown: Shown) -> None:
        """Go on with the first picture of an edit; what is small comes after it."""
        if shown.result.document is commands.recipe.document and shown.result.document not in seen[-1:]:
            seen.append(shown.result.document)
            loop.quit()

    commands.looking.shown.connect(look)
    display = Display(DisplayMode.CLIP)
    commands.sessions.set_up(Document((layer,), display, selected=0), Frame(pixels, white=255, name="noise"))
    loop.exec()
    bare = Bare()
    bare.resize(canvas.size())
    bare.show()
    planes = [np.ascontiguousarray(pixels[:, :, channel], np.float32) for channel in range(3)]

    paints = Paints()
    canvas.installEventFilter(paints)

    def ours(number: int) -> None:
        commands.recipe.edit_selected(replace(layer, weight=Weights(_edited(weight, number)[None, None])), "")
        loop.exec()
        before = paints.count
        while paints.count == before:
            qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        qt.processEvents()

    def least(number: int) -> None:
        kernel = _edited(weight, number)
        filtered = [cv2.filter2D(plane, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT) for plane in planes]
        merged = cv2.merge(filtered)
        colours = np.asarray(cv2.addWeighted(merged, 1.0, merged, 0.0, 0.0, dtype=cv2.CV_8U))
        bare.image = QImage(colours.data, 1920, 1080, 1920 * 3, QImage.Format.Format_RGB888)
        bare.repaint()
        qt.processEvents()

    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(ROUNDS):
        for who, work in (("ours", ours), ("bare", least)):
            while application.engine.is_busy:  # with what is small
                qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            qt.processEvents()
            start = perf_counter()
            work(number)
            times[who].append((perf_counter() - start) * 1000)
    application.close()
    print(json.dumps(times))


def _edited(weight: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    edited = weight.copy()
    edited[2, 2] = number / 100
    return edited


if __name__ == "__main__":
    turns()
