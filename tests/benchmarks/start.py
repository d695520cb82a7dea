"""Whole processes: how soon the window is painted, and what filtering a file on the command line costs.

Each takes turns with a bare script that does as little as can be done.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import monotonic

import cv2
import numpy as np

from tests.benchmarks import rounds
from tests.benchmarks.claims import Claim

ROUNDS = 9

PAINTED = """
from time import monotonic
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        print(monotonic())
        QApplication.quit()
first = FirstPaint()
"""
BARE_WINDOW = f"""
import numpy, cv2, pyqtgraph
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
{PAINTED}
qt = QApplication([])
window = pyqtgraph.PlotWidget()
window.resize(1440, 900)
window.viewport().installEventFilter(first)
window.show()
qt.exec()
"""
OUR_WINDOW = f"""
import gc
gc.disable()  # as the command convstudio does
import sys
from pathlib import Path
from convstudio.app import Application, quiet_qt
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
{PAINTED}
qt = quiet_qt(sys.argv[:1])
application = Application(qt, Path(sys.argv[1]) / "settings.json")
application.window.resize(1440, 900)
application.window.installEventFilter(first)
application.window.show()
application.open(())
qt.exec()
application.close()
"""
BARE_FILTER = """
import sys
import cv2, numpy
picture = cv2.imread(sys.argv[1])
cv2.imwrite(sys.argv[2], cv2.filter2D(picture, -1, numpy.full((5, 5), 1 / 25)))
"""


def measure() -> Iterator[Claim]:
    """The window, then the file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield _claim(
            "start until the window is painted",
            [sys.executable, "-c", OUR_WINDOW, name],
            [sys.executable, "-c", BARE_WINDOW],
            "an empty pyqtgraph window",
            1.5,
            is_told=True,
        )
        source = folder / "source.png"
        cv2.imwrite(str(source), _photograph())
        yield _claim(
            "apply a 5×5 blur to a 4K PNG",
            [sys.executable, "-m", "convstudio", "apply", "box:size=5", str(source), "-o", str(folder / "ours")],
            [sys.executable, "-c", BARE_FILTER, str(source), str(folder / "bare.png")],
            "imread, filter2D, imwrite",
            1.2,
        )


def _photograph() -> np.ndarray:
    """3840×2160 pixels of soft waves with a little noise, which pack about as well as a photograph's."""
    y, x = np.indices((2160, 3840))
    waves = 128 + 60 * np.sin(x / 97) + 50 * np.cos(y / 61)
    noise = np.random.default_rng(4).normal(0, 3, (2160, 3840, 3))
    pixels: np.ndarray = np.clip(waves[:, :, None] + noise, 0, 255).astype(np.uint8)
    return pixels


def _claim(
    name: str, ours: Sequence[str], bare: Sequence[str], against: str, limit: float, *, is_told: bool = False
) -> Claim:
    """How long both take, till their end or till the moment that they tell."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times: Mapping[str, list[float]] = {"ours": [], "bare": []}
    for number in range(ROUNDS + 1):
        contestants = [("ours", ours), ("bare", bare)]
        for who, command in contestants if number % 2 else reversed(contestants):
            start = monotonic()
            output = subprocess.run(command, check=True, capture_output=True, env=environment, text=True).stdout
            end = float(output.splitlines()[0]) if is_told else monotonic()
            if number:  # the first turn reads the files from the disk and compiles them
                times[who].append((end - start) * 1000)
    ratio = rounds.ratio(times["ours"], times["bare"])
    return Claim(name, median(times["ours"]), "ms", against, median(times["bare"]), limit, ratio)
