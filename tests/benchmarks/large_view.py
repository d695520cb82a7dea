"""How long an edit of a picture of 100 megapixels takes to be seen: it needs a screen, or a virtual one.

The same edit in the same window on 2 megapixels takes turns with it. Only what is on the screen is computed, so one
should take about as long as the other.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEventLoop

from convstudio.app import Application
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from tests.benchmarks.claims import Claim
from tests.benchmarks.huge_image import photograph
from tests.benchmarks.studio import opened

EDITS = 12
ROUNDS = 3
LAYER = Conv(weight=Weights(np.random.default_rng(1).normal(0, 0.2, (1, 1, 5, 5))), bias=(0.0,), channels=Channels.EACH)


def measure() -> Iterator[Claim]:
    """The window in a process of its own."""
    output = subprocess.run([sys.executable, "-m", __spec__.name], check=True, capture_output=True, text=True).stdout
    times = json.loads(output.splitlines()[-1])
    against, note = "ms on 2 megapixels", f"all of it exact after {times['far'] / 1000:.1f} s"
    yield Claim("edit at 1:1 of 100 megapixels", times["near"], "ms", against, times["small"], 2)
    yield Claim("preview of an edit of 100 megapixels", times["preview"], "ms", against, times["small"], 1, note=note)


def turns() -> None:
    """Take turns and print the median milliseconds of each, as JSON."""
    application = opened()
    huge = photograph()
    small = Frame(huge.pixels[:1080, :1920].copy(), white=255)
    times: dict[str, list[float]] = {"small": [], "near": [], "preview": [], "far": []}
    for _ in range(ROUNDS):
        times["small"] += _edits(application, small, is_near=True)[0]
        times["near"] += _edits(application, huge, is_near=True)[0]
        first, last = _edits(application, huge, is_near=False)
        times["preview"] += first
        times["far"] += last
    application.close()
    print(json.dumps({name: median(milliseconds) for name, milliseconds in times.items()}))


def _edits(application: Application, frame: Frame, *, is_near: bool) -> tuple[list[float], list[float]]:
    """Milliseconds from edits of the kernel until something new is painted, and until all on the screen is exact."""
    commands, pair = application.commands, application.panels.pair

    def wait(condition: Callable[[], bool]) -> None:
        while not condition():
            application.qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def is_exact() -> bool:
        latest = commands.looking.latest
        return latest is not None and latest.is_exact and latest.result.document is commands.recipe.document

    commands.sessions.set_up(Document((LAYER,), selected=0), frame)
    wait(lambda: commands.looking.result is not None and commands.looking.result.frame is frame)
    pair.show_actual_size() if is_near else pair.fit()
    wait(lambda: not application.engine.is_busy)
    first: list[float] = []
    last: list[float] = []
    for number in range(EDITS):
        changed = LAYER.weight.array.copy()
        changed[0, 0, 2, 2] = number * 0.1
        start = perf_counter()
        commands.recipe.edit_selected(replace(LAYER, weight=Weights(changed)))
        wait(
            lambda: commands.looking.result is not None and commands.looking.result.document is commands.recipe.document
        )
        pair.after.canvas.repaint()
        first.append((perf_counter() - start) * 1000)
        assert is_exact() or not is_near, "at 1:1 the first picture is the exact one"
        wait(is_exact)
        pair.after.canvas.repaint()
        last.append((perf_counter() - start) * 1000)
        wait(lambda: not application.engine.is_busy)
    return first[EDITS // 4 :], last[EDITS // 4 :]  # the first ones are the system's


if __name__ == "__main__":
    turns()
