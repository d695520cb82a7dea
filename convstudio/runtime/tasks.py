"""Tasks: slow work (reading, saving, previews) on a thread pool; what came of it is brought to the window's thread."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from traceback import format_exception
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.errors import ConvStudioError, out_of_memory

T = TypeVar("T")
Done = Callable[[T], object]
Refused = Callable[[str], object]
"""Takes a sentence: what cannot be done, and what to do."""


class Tasks(QObject):
    """Runs tasks on an executor. Whoever asks for one hears what came of it; a fault of ours is a signal."""

    broke = Signal(str)  # a traceback
    _ended = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.executor = executor
        self._is_closed = False
        self._ended.connect(self._settle, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], T], done: Done[T], refused: Refused) -> None:
        """Do `work` elsewhere, then call `done` with its result, or `refused`, on the thread of this object."""
        self.executor.submit(work).add_done_callback(lambda future: self._report(future, done, refused))

    def compute(self, work: Callable[[], T], done: Done[T], refused: Refused) -> None:
        """As `run`, for work that leaves nothing half done when it is given up at a check: it ends with the window."""

        def cancellable() -> T:
            with cancelled_unless(lambda: not self._is_closed):
                return work()

        self.run(cancellable, done, refused)

    def close(self) -> None:
        """Bring nothing back any more."""
        self._is_closed = True

    def _report(self, future: "Future[T]", done: Done[T], refused: Refused) -> None:
        if not self._is_closed:
            self._ended.emit((future, done, refused))

    def _settle(self, ended: "tuple[Future[T], Done[T], Refused]") -> None:
        future, done, refused = ended
        if self._is_closed:
            return
        match future.exception():
            case None:
                done(future.result())
            case ConvStudioError() as refusal:
                refused(str(refusal))
            case Cancelled():
                pass
            case MemoryError():
                refused(str(out_of_memory()))
            case error:
                self.broke.emit("".join(format_exception(error)))
