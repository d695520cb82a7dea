"""An inquiry: questions whose answers take a while. One is being answered, one waits, the newest wins."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from traceback import format_exception

from PySide6.QtCore import QObject, Qt, Signal

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.errors import ConvStudioError, out_of_memory


@dataclass(eq=False)
class _Request:
    work: Callable[[Callable[[float], None]], object]
    is_cancelled: bool = False


class Inquiry(QObject):
    """Answers on an executor; signals come on the thread that the inquiry lives on."""

    answered = Signal(object)
    progressed = Signal(float)
    refused = Signal(str)
    broke = Signal(str)  # a traceback
    _ended = Signal(object)
    _moved = Signal(object, float)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._active: _Request | None = None
        self._pending: _Request | None = None
        self._ended.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self._moved.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being worked out."""
        return self._active is not None

    def ask(self, work: Callable[[Callable[[float], None]], object]) -> None:
        """Work out an answer; `work` gets a function to call with the fraction done. An older question is dropped."""
        request = _Request(work)
        if self._active is None:
            self._start(request)
        else:
            self._active.is_cancelled = True
            self._pending = request

    def stop(self) -> None:
        """Answer nothing that was asked until now."""
        self._pending = None
        if self._active is not None:
            self._active.is_cancelled = True

    def _start(self, request: _Request) -> None:
        self._active = request

        def progress(fraction: float) -> None:
            if request.is_cancelled:
                raise Cancelled
            self._moved.emit(request, fraction)

        def answer() -> object:
            with cancelled_unless(lambda: not request.is_cancelled):
                return request.work(progress)

        self._executor.submit(answer).add_done_callback(lambda future: self._ended.emit((request, future)))

    def _show_progress(self, request: _Request, fraction: float) -> None:
        if request is self._active and not request.is_cancelled:
            self.progressed.emit(fraction)

    def _settle(self, ended: "tuple[_Request, Future[object]]") -> None:
        request, future = ended
        self._active, pending, self._pending = None, self._pending, None
        if pending is not None:
            self._start(pending)
        if request.is_cancelled or future.cancelled():
            return
        match future.exception():
            case None:
                self.answered.emit(future.result())
            case ConvStudioError() as refusal:
                self.refused.emit(str(refusal))
            case MemoryError():
                self.refused.emit(str(out_of_memory()))
            case error:
                self.broke.emit("".join(format_exception(error)))
