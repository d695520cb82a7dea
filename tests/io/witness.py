"""Somebody who watches a live source and remembers what it delivered. No test lives here."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveState, Playback
from tests.streams import number_in

PATIENCE = 20.0  # seconds; generous, because the machine may be busy


class Witness:
    """Takes a source's callbacks: `frames` are (time, number in it, playback), `states` (time, state, sentence)."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, int, Playback]] = []
        self.states: list[tuple[float, LiveState, str]] = []
        self.last: Frame | None = None
        self._changed = threading.Condition()
        self._gate = threading.Event()
        self._gate.set()

    @property
    def numbers(self) -> list[int]:
        return [number for _, number, _ in self.frames]

    @property
    def state(self) -> LiveState | None:
        return self.states[-1][1] if self.states else None

    @property
    def text(self) -> str:
        return self.states[-1][2] if self.states else ""

    def on_frame(self, frame: Frame, playback: Playback) -> None:
        with self._changed:
            self.frames.append((time.monotonic(), number_in(frame.pixels), playback))
            self.last = frame
            self._changed.notify_all()
        self._gate.wait()

    def on_state(self, state: LiveState, text: str) -> None:
        with self._changed:
            self.states.append((time.monotonic(), state, text))
            self._changed.notify_all()

    def hold_up(self) -> None:
        """Be slow: the next frame's callback does not return before `go_on`."""
        self._gate.clear()

    def go_on(self) -> None:
        self._gate.set()

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, PATIENCE), f"{what}; {self.states}, last {self.numbers[-5:]}"

    def wait_for_state(self, state: LiveState) -> None:
        self.wait_until(lambda: self.state is state, f"never {state}")

    def wait_for_more(self, count: int = 1) -> None:
        """Wait until so many more frames have come."""
        self.wait_for_count(len(self.frames) + count)

    def wait_for_count(self, count: int) -> None:
        """Wait until so many frames have come in all."""
        self.wait_until(lambda: len(self.frames) >= count, f"never {count} frames")


def children() -> set[int]:
    """The processes that this one has started and that are not gone."""
    numbers: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(FileNotFoundError):  # a thread that has ended since has none
            numbers.update(map(int, task.read_text().split()))
    return numbers


def open_files() -> set[str]:
    """What this process holds open."""
    files = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            files.add(f"{link.name} {link.readlink()}")
        except OSError:  # the folder's own, gone by now
            continue
    return files
