"""Live sources (a camera, a stream, a playing video), as values and one protocol.

Reading it lives in `io`, handing its newest frame over in `runtime`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from convstudio.core.frame import Frame


class LiveState(StrEnum):
    """The state of a source."""

    STILL = "still"  # a picture that does not change
    CONNECTING = "connecting"  # opened, no frame yet
    LIVE = "live"  # frames arrive
    FROZEN = "frozen"  # frames arrive but the person holds one
    PAUSED = "paused"  # a video that the person paused
    LOST = "lost"  # no frame for too long; the source tries to come back
    ENDED = "ended"  # a video at its end, or a source that cannot come back


@dataclass(frozen=True)
class Playback:
    """Where a video stands, in seconds. `duration` is 0 for sources without an end, which cannot be sought."""

    position: float = 0.0
    duration: float = 0.0
    is_looping: bool = False


class LiveSource(Protocol):
    """A source of frames that runs outside the window's thread.

    The callbacks come from a thread of the source's own. After `close` returns no callback comes any more, and no
    thread or process is left. Pausing a camera freezes it: the signal is still watched.
    """

    name: str

    def start(
        self,
        on_frame: Callable[[Frame, Playback], None],
        on_state: Callable[[LiveState, str], None],
    ) -> None:
        """Begin; `on_state` gets a state and a sentence for the person ("" where the state says it all)."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def seek(self, seconds: float) -> None: ...

    def loop(self, *, is_looping: bool) -> None: ...

    def close(self) -> None: ...
