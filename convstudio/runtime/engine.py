"""The engine: one worker thread. One job is active, one pending, the newest wins; answers come on the window's thread.

A job about a large picture has several answers, each better than the one before, until a newer job is pending. A job
whose answer nobody needs any more is cancelled. One is not cancelled for another frame of a camera, nor for the next
step of a gesture: slow recipes would never show anything. Jobs start no more often than the screen refreshes: what
nobody can see would only take the cores from the window's thread.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from math import ceil, inf
from time import perf_counter
from traceback import format_exc
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.display.ranges import Steadiness
from convstudio.core.errors import ConvStudioError, out_of_memory
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.view.refinement import refine
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Selection, Shown

GRACE = 0.1  # seconds in which no job is cancelled, or who edits quickly would see nothing until he stops


@dataclass(frozen=True, eq=False)
class Job:
    """What is to be computed and shown.

    `generation` counts the sources: answers for an older one are dropped. While a gesture lasts its jobs are drafts,
    which may add a change to the result before; the job after it computes exactly. `scene` is what is on the screen;
    of a large picture only that is computed exactly. A preview is of a recipe that is only looked at. What is held is a
    gesture that rests with the button still down: it is computed exactly, on the display range that it had.
    """

    document: Document
    frame: Frame
    selection: Selection
    generation: int = 0
    is_draft: bool = False
    scene: Scene | None = None
    is_preview: bool = False
    is_held: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What came of a job: the pictures, or a sentence why there are none."""

    job: Job
    shown: Shown | None
    refusal: ConvStudioError | None
    fault: str  # a traceback, when the failure is ours
    milliseconds: float


class Ending(NamedTuple):
    """The last answer to a job, and whether it has been emitted already."""

    answer: Answer
    is_emitted: bool


def pace_for(rate: float) -> float:
    """Seconds from job to job for a screen's refresh rate: whole milliseconds, rounded down.

    Some screens report 0, or less than they do; the rate is taken to be at least 60 Hz.
    """
    return int(1000 / max(rate, 60.0)) / 1000


class Engine(QObject):
    """Computes on an executor's thread; `answered` comes on the thread that the engine lives on.

    Parameters
    ----------
    pace
        Seconds from the beginning of one job to that of the next, at least.
    """

    answered = Signal(object)  # Answer
    began = Signal()  # a job: another may be pending now
    _improved = Signal(object)  # Answer, with a better one to come
    _ended = Signal(object)  # Ending

    def __init__(
        self,
        executor: Executor,
        parent: QObject | None = None,
        *,
        pace: float = 0.0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(parent)
        self._executor = executor
        self._pace = pace
        self._clock = clock
        self._started_at = -inf
        self._started_frame: Frame | None = None  # of the job that was started last
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._start_pending)
        self._active: Job | None = None
        self._pending: Job | None = None
        self._previous: Shown | None = None
        self._previous_generation = 0
        self._generation = 0
        self._is_closed = False
        self._improved.connect(self._emit, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        return self._active is not None or self._pending is not None

    @property
    def is_full(self) -> bool:
        """Whether a job for another frame would take the place of a frame that nobody has begun."""
        return self._pending is not None and self._pending.frame is not self._started_frame

    def submit(self, job: Job) -> None:
        """Compute a job once the worker is free and the screen can refresh; a pending older one is dropped."""
        self._generation = job.generation
        self._pending = job
        self._start_pending()

    def close(self) -> None:
        """Answer no more; the active job is cancelled."""
        self._is_closed = True
        self._pending = None

    def _start_pending(self) -> None:
        if self._active is not None or self._pending is None:
            return
        rest = self._started_at + self._pace - self._clock()
        if rest > 0:
            self._pause.start(ceil(1000 * rest))
            return
        self._active, self._pending, self._started_at = self._pending, None, self._clock()
        self._started_frame = self._active.frame
        steadiness = self._steadiness(self._active)
        self._executor.submit(self._work, self._active, self._previous, steadiness).add_done_callback(self._report)
        self.began.emit()

    def _steadiness(self, job: Job) -> Steadiness:
        """What holds the display ranges of what was shown last."""
        if self._previous is None or self._previous_generation != job.generation:
            return Steadiness.FREE
        if job.is_draft or job.is_held:
            return Steadiness.GESTURE
        return Steadiness.FREE if self._previous.result.frame is job.frame else Steadiness.STREAM

    def _report(self, future: "Future[Ending]") -> None:
        if not self._is_closed:
            self._ended.emit(future.result())

    def _work(self, job: Job, previous: Shown | None, steadiness: Steadiness) -> Ending:
        start = self._clock()
        latest, is_emitted = previous, False

        def answer(shown: Shown | None, refusal: ConvStudioError | None = None, fault: str = "") -> Answer:
            return Answer(job, shown, refusal, fault, (self._clock() - start) * 1000)

        try:
            with cancelled_unless(lambda: self._is_needed(job, start, latest)):
                for shown in refine(
                    job.document, job.frame, job.selection, job.scene,
                    previous=previous, clock=self._clock, is_draft=job.is_draft, steadiness=steadiness,
                ):  # fmt: skip
                    if shown is not latest:
                        latest, is_emitted = shown, not (shown.is_exact and shown.is_complete)
                        if is_emitted:
                            self._improved.emit(answer(shown))
                    if (self._pending is not None and shown.is_complete) or self._is_closed:
                        break
        except Cancelled:
            return Ending(answer(latest), is_emitted=True)
        except ConvStudioError as refusal:
            return Ending(answer(None, refusal), is_emitted=False)
        except MemoryError:
            return Ending(answer(None, out_of_memory()), is_emitted=False)
        except Exception:  # whatever else happens is a bug to be reported, not a reason to lose the worker
            return Ending(answer(None, None, format_exc()), is_emitted=False)
        return Ending(answer(latest), is_emitted)

    def _is_needed(self, job: Job, start: float, latest: Shown | None) -> bool:
        """Whether a job's answer would still be looked at; asked by the threads that work on it.

        Where its large pictures are on the screen, its small ones are: nobody knows whether the next job brings others.
        """
        pending = self._pending
        if self._is_closed:
            return False
        if pending is None or self._clock() - start < GRACE or (latest is not None and not latest.is_complete):
            return True
        is_of_another_source = pending.generation != job.generation
        is_another_recipe = pending.document is not job.document and not pending.is_draft
        return not (is_of_another_source or is_another_recipe)

    def _emit(self, answer: Answer) -> None:
        if not self._is_closed and answer.job.generation == self._generation:
            self.answered.emit(answer)

    def _finish(self, ending: Ending) -> None:
        if self._is_closed:
            return
        if ending.answer.shown is not None and ending.answer.shown is not self._previous:
            self._previous, self._previous_generation = ending.answer.shown, ending.answer.job.generation
        self._active = None
        self._start_pending()
        if not ending.is_emitted:
            self._emit(ending.answer)
