"""The whole window under load: it needs a screen, or a virtual one.

Two hundred edits a second on 1080p colour: is the last picture the last edit's, does memory stay flat, and how long is
the window's own thread ever kept from its next event?
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QTimer

from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.threads import cores
from tests.benchmarks.claims import Claim
from tests.benchmarks.studio import opened
from tests.benchmarks.witness import Spans, absences, excused, lost

EVERY = 5  # milliseconds between edits
AT_ONCE = 2  # edits in one turn of the window's thread, after it was late
LONG = 0.005  # seconds between beats of which is told when they were
BEAT = 1  # milliseconds between heartbeats: a wait is measured as at most this much longer than it was
SECONDS = 60
Beat = tuple[float, float, float]  # when it began and ended, and the processor time, in seconds


class Judged(NamedTuple):
    """The longest wait and work in milliseconds of the beats that can be judged, and how many cannot."""

    wait: float
    work: float
    all: int
    others: int
    longest_of_others: float


def memory() -> float:
    """Megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def measure() -> Iterator[Claim]:
    """What a flood of edits does, in a process of its own; and how long a program waits that does nothing."""
    (flood_report, away), (bare, away_of_bare) = (_run(part) for part in ("flood", "beat"))
    assert flood_report["is last exact"], "the last picture is not the last edit's, computed exactly"
    shown = f"{flood_report['shown']} pictures shown"
    between = 1000 * flood_report["seconds"] / flood_report["edits"]
    yield Claim("time between edits, 200 a second wished", between, "ms", "ms", EVERY, 1.05)
    yield Claim("longest wait of the window's thread, 99 %", flood_report["most beats"], "ms", "ms", 16, 1, note=shown)
    ours, bare_ones = _judged(flood_report["long beats"], away), _judged(bare["long beats"], away_of_bare)
    note = (
        f"{ours.others} of {ours.all} beats of more than {1000 * LONG:g} ms are not judged, for a core was away "
        f"meanwhile ({lost(away)}), the longest {ours.longest_of_others:.0f} ms; of a program that does nothing, "
        f"beside busy ones: {bare_ones.wait:.0f} and {bare_ones.longest_of_others:.0f} ms"
    )
    yield Claim("longest wait of the window's thread", ours.wait, "ms", "ms", 16, 1, note=note)
    note = "its processor time from one beat to the next"
    yield Claim("longest work of the window's thread", ours.work, "ms", "ms", 16, 1, note=note)
    yield Claim(
        "memory at the end", flood_report["end"], "MB", "MB after a third of the time", flood_report["third"], 1.05
    )


def _run(part: str) -> tuple[dict[str, Any], dict[int, Spans]]:
    command = [sys.executable, "-m", __spec__.name, part, str(SECONDS)]
    with absences() as away:
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return json.loads(lines[-1]), away


def _judged(beats: list[Beat], away: dict[int, Spans]) -> Judged:
    """What beats tell of a program: those during which the hypervisor took no core away.

    Where it did, nobody knows what the program would have done: its thread's processor time goes on, a thread that has
    the lock may not run, and a cache has to be filled again.

    Examples
    --------
    >>> beats = [(0.0, 0.030, 0.025), (1.0, 1.020, 0.004), (2.0, 2.010, 0.006)]
    >>> _judged(beats, {0: [(0.9, 0.95)], 1: [(0.010, 0.020)]})
    Judged(wait=20.0, work=6.0, all=3, others=1, longest_of_others=30.0)
    """
    rows = [
        (1000 * (end - start), 1000 * work, any(excused(start, end, spans) for spans in away.values()))
        for start, end, work in beats
    ]
    judged = [(wait, work) for wait, work, is_excused in rows if not is_excused]
    return Judged(
        wait=round(max((wait for wait, _ in judged), default=0.0), 3),
        work=round(max((work for _, work in judged), default=0.0), 3),
        all=len(rows),
        others=len(rows) - len(judged),
        longest_of_others=round(max((wait for wait, _, is_excused in rows if is_excused), default=0.0), 3),
    )


def beat(seconds: float) -> None:
    """Wait for heartbeats alone, while every core computes for others that stand behind, and say how late they came."""
    busy = "import os; os.nice(5)\nwhile True: pass"
    others = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(cores())]
    qt = QCoreApplication(sys.argv[:1])
    heart = Heart()
    QTimer.singleShot(1500, heart, heart.begin)
    QTimer.singleShot(int(1500 + seconds * 1000), qt, qt.quit)
    try:
        qt.exec()
    finally:
        for other in others:
            other.kill()
            other.wait()
    print(json.dumps(heart.report()))


class Heart(QObject):
    """Beats every millisecond and notes how long it took from one beat to the next, and how much work was in it."""

    def __init__(self) -> None:
        super().__init__()
        self._gaps: list[float] = []
        self._long: list[Beat] = []
        self._last, self._work = perf_counter(), thread_time()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        """Beat from now on."""
        self._last, self._work = perf_counter(), thread_time()
        self._timer.start()

    def report(self) -> dict[str, Any]:
        """The longest of 99 % of the waits, in milliseconds, and when the long ones were, in seconds."""
        ordered = sorted(self._gaps)
        return {
            "most beats": 1000 * ordered[int(len(ordered) * 0.99)],
            "long beats": self._long,
        }

    def _beat(self) -> None:
        now, work = perf_counter(), thread_time()
        self._gaps.append(now - self._last)
        if now - self._last > LONG:
            self._long.append((self._last, now, work - self._work))
        self._last, self._work = now, work


def flood(seconds: float) -> None:
    """Edit for so long, then say what came of it, as JSON."""
    application = opened()
    qt, commands = application.qt, application.commands
    pixels = np.random.default_rng(0).integers(0, 256, (1080, 1920, 3)).astype(np.uint8)
    weight = np.random.default_rng(1).normal(0, 0.2, (1, 1, 5, 5))
    layer = Conv(weight=Weights(weight), bias=(0.0,), channels=Channels.EACH)
    commands.sessions.set_up(Document((layer,), selected=0), Frame(pixels, white=255, name="noise"))
    grid = application.panels.kernel.grid
    counts = {"edits": 0, "shown": 0}
    heart = Heart()
    memories: list[float] = []
    began = ended = perf_counter()

    def begin() -> None:
        nonlocal began
        began = perf_counter()
        editing.start()
        heart.begin()

    def edit_what_is_due() -> None:
        for _ in range(AT_ONCE):
            if counts["edits"] < (perf_counter() - began) * 1000 / EVERY:
                edit()

    def edit() -> None:
        counts["edits"] += 1
        grid.set_selected(counts["edits"] * 0.001, "drag")  # the way that a mouse's drag takes
        if counts["edits"] % 200 == 0:
            memories.append(memory())

    def end() -> None:
        nonlocal ended
        ended = perf_counter()
        editing.stop()

    def count(_: object) -> None:
        counts["shown"] += 1

    commands.looking.shown.connect(count)
    editing = QTimer()
    editing.setInterval(EVERY)
    editing.timeout.connect(edit_what_is_due)
    QTimer.singleShot(1500, begin)
    QTimer.singleShot(int(1500 + seconds * 1000), end)
    QTimer.singleShot(int(3500 + seconds * 1000), lambda: qt.exit(0))
    qt.exec()
    latest = commands.looking.latest
    is_last = latest is not None and latest.result.document == commands.recipe.document and latest.result.drafts == 0
    report = {
        **heart.report(),
        "seconds": ended - began,
        "edits": counts["edits"],
        "shown": counts["shown"],
        "is last exact": is_last,
        "third": memories[len(memories) // 3],
        "end": memories[-1],
    }
    application.close()
    print(json.dumps(report))


if __name__ == "__main__":
    {"flood": flood, "beat": beat}[sys.argv[1]](float(sys.argv[2]))
