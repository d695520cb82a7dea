"""A camera of 1280×720 at 30 frames a second through a 5×5 recipe: is every frame shown, how late, at what cost?

The stream comes over loopback from this process; the window is another one, whose processor time is read.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread
from time import monotonic, process_time

import numpy as np
from PySide6.QtCore import QTimer

from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.view.shown import Shown
from tests.benchmarks.claims import Claim
from tests.benchmarks.studio import opened
from tests.benchmarks.witness import absences, lost
from tests.streams import MjpegServer, number_in

WIDTH, HEIGHT, RATE = 1280, 720, 30.0
WARM, SECONDS = 3.0, 10.0  # the start is not counted


def measure() -> Iterator[Claim]:
    """What comes of ten seconds of video."""
    sent: list[float] = []  # when each frame was
    with MjpegServer(rate=RATE, width=WIDTH, height=HEIGHT) as server:
        is_over = False

        def note() -> None:
            while not is_over and server.wait_until_sent(len(sent)):
                sent.append(monotonic())

        noting = Thread(target=note)
        noting.start()
        command = [sys.executable, "-m", __spec__.name, server.url]
        with absences() as away:
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        is_over = True
        noting.join()
    report = json.loads(output.splitlines()[-1])
    shown = report["shown"]
    numbers = [number for number, _ in shown]
    ages = [sum(moment <= at for moment in sent) - 1 - number for number, at in shown]
    frames_sent = numbers[-1] - numbers[0] + 1
    note_on_cores = f"cores were away for {lost(away)} meanwhile"
    yield Claim("camera: frames that came", frames_sent, "", "shown", len(set(numbers)), 1, note=note_on_cores)
    yield Claim("camera: oldest picture on the screen", max(ages), "frame", "frames", 2, 1)
    note_on_size = f"{WIDTH}×{HEIGHT} at {RATE:g} a second"
    yield Claim("camera: processor time", report["cores"], "cores", "core", 1, 1, note=note_on_size)


def watch(url: str) -> None:
    """Show a stream in the window, then say which frames were shown when, and what it cost."""
    application = opened()
    qt, commands = application.qt, application.commands
    weight = Weights(np.random.default_rng(1).normal(0, 0.2, (1, 1, 5, 5)))
    layer = Conv(weight=weight, bias=(0.0,), channels=Channels.EACH)
    commands.sessions.set_up(Document((layer,), selected=0), Frame(np.zeros((HEIGHT, WIDTH, 3), np.uint8), white=255))
    commands.sources.open_stream(url)
    shown: list[tuple[int, float]] = []
    costs: list[tuple[float, float]] = []
    commands.looking.shown.connect(lambda picture: _note_frame(picture, shown))

    def start() -> None:
        shown.clear()
        costs.append((process_time(), monotonic()))

    def stop() -> None:
        costs.append((process_time(), monotonic()))
        qt.quit()

    QTimer.singleShot(round(WARM * 1000), start)
    QTimer.singleShot(round((WARM + SECONDS) * 1000), stop)
    qt.exec()
    application.close()
    (busy, begin), (busy_after, end) = costs
    print(json.dumps({"shown": shown, "cores": (busy_after - busy) / (end - begin)}))


def _note_frame(picture: Shown, shown: list[tuple[int, float]]) -> None:
    shown.append((number_in(picture.result.frame.pixels), monotonic()))


if __name__ == "__main__":
    watch(sys.argv[1])
