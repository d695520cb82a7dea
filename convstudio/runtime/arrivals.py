"""Arrivals: a queue between a source's thread and the window's.

After a stall frames come in a burst. The last two are shown: the second once the engine has started on the first, and
a little later, so that both are seen. Older ones are dropped, so that none is late.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveState, Playback

RATE_SPAN = 2.0  # seconds over which the frame rate is measured
MOST_WAITING = 2  # frames
GAP = 0.6  # of the time between two frames: how long after one of a burst the next is due
LONGEST_GAP = 0.02  # seconds; where frames are sought now and then there is no burst


@dataclass(frozen=True, eq=False)
class Arrival:
    """A frame that came, and where its video stands there."""

    frame: Frame
    playback: Playback


StateReport = tuple[LiveState, str]
"""The state of a source, and a sentence or ""."""


class Arrivals:
    """The queue. `bring` is for the source's thread, the rest for the window's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken_at = -inf  # the last frame
        self._lock = threading.Lock()  # guards what follows
        self._generation = 0
        self._queue: deque[Arrival | StateReport] = deque()
        self._moments: deque[float] = deque()  # when frames came

    @property
    def generation(self) -> int:
        """Counts the sources."""
        return self._generation

    @property
    def rate(self) -> float:
        """Frames a second over the last two seconds; 0 where none come."""
        with self._lock:
            self._forget_moments(self._clock())
            if len(self._moments) < 2:
                return 0.0
            span = self._moments[-1] - self._moments[0]
            return (len(self._moments) - 1) / span if span > 0 else 0.0

    def begin(self) -> int:
        """Drop what waits, and what an older source still brings. The number of the next one."""
        with self._lock:
            self._generation += 1
            self._queue.clear()
            self._moments.clear()
            return self._generation

    def bring(self, generation: int, entry: Arrival | StateReport) -> bool:
        """Put something into the queue; the oldest frame makes room. Whether the first in the queue may be due now."""
        with self._lock:
            if generation != self._generation:
                return False
            if isinstance(entry, Arrival):
                now = self._clock()
                self._moments.append(now)
                self._forget_moments(now)
                if self._frames() == MOST_WAITING:
                    self._queue.remove(next(waiting for waiting in self._queue if isinstance(waiting, Arrival)))
            self._queue.append(entry)
            return len(self._queue) == 1 or self._frames() == MOST_WAITING

    def take(self, *, is_full: bool = False) -> Arrival | StateReport | float | None:
        """The first in the queue, None where it is empty, or in how many seconds the first is due.

        While whoever computes frames `is_full` a frame waits, unless another does behind it.
        """
        rate = self.rate
        with self._lock:
            if not self._queue:
                return None
            if isinstance(self._queue[0], Arrival):
                if is_full and self._frames() < MOST_WAITING:
                    return inf
                now = self._clock()
                rest = self._taken_at + min(GAP / rate, LONGEST_GAP) - now if rate else 0.0
                if rest > 0:
                    return rest
                self._taken_at = now
            return self._queue.popleft()

    def _frames(self) -> int:
        return sum(isinstance(entry, Arrival) for entry in self._queue)

    def _forget_moments(self, now: float) -> None:
        while self._moments and self._moments[0] < now - RATE_SPAN:
            self._moments.popleft()
