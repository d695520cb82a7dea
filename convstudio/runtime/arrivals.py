"""Arrivals: what a source's thread brings, in its order, until the window's thread takes it.

After a stall frames come together. The last two are taken one after the other, the second when the engine has begun
with the first and a little later, so that none is lost; older ones are let go, so that none is late.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from convstudio.core.frame import Frame
from convstudio.core.live import LiveState, Playback

RATE_SPAN = 2.0  # seconds over which the frame rate is measured
MOST_WAITING = 2  # frames
GAP = 0.6  # of the time between two frames: how long after one of a burst the next has its turn
LONGEST_GAP = 0.02  # seconds; where frames are sought now and then there is no burst


@dataclass(frozen=True, eq=False)
class Arrival:
    """A frame that came, and where its video stands there."""

    frame: Frame
    playback: Playback


Said = tuple[LiveState, str]
"""What a source says of itself, and a sentence or ""."""


class Arrivals:
    """The line of what waits. `bring` is for the source's thread, the rest for the window's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken_at = -inf  # the last frame
        self._lock = threading.Lock()  # guards what follows
        self._generation = 0
        self._line: deque[Arrival | Said] = deque()
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
            self._line.clear()
            self._moments.clear()
            return self._generation

    def bring(self, generation: int, arrived: Arrival | Said) -> bool:
        """Stand in line; an older frame makes room. Whether to tell somebody: it may be the turn of the first now."""
        with self._lock:
            if generation != self._generation:
                return False
            if isinstance(arrived, Arrival):
                now = self._clock()
                self._moments.append(now)
                self._forget_moments(now)
                if self._frames() == MOST_WAITING:
                    self._line.remove(next(entry for entry in self._line if isinstance(entry, Arrival)))
            self._line.append(arrived)
            return len(self._line) == 1 or self._frames() == MOST_WAITING

    def take(self, *, is_full: bool = False) -> Arrival | Said | float | None:
        """The first in line, None where nothing waits, or in how many seconds the turn of the first comes.

        While whoever computes frames `is_full` a frame waits, unless another does behind it.
        """
        rate = self.rate
        with self._lock:
            if not self._line:
                return None
            if isinstance(self._line[0], Arrival):
                if is_full and self._frames() < MOST_WAITING:
                    return inf
                now = self._clock()
                rest = self._taken_at + min(GAP / rate, LONGEST_GAP) - now if rate else 0.0
                if rest > 0:
                    return rest
                self._taken_at = now
            return self._line.popleft()

    def _frames(self) -> int:
        return sum(isinstance(entry, Arrival) for entry in self._line)

    def _forget_moments(self, now: float) -> None:
        while self._moments and self._moments[0] < now - RATE_SPAN:
            self._moments.popleft()
