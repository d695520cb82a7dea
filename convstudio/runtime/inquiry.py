"""An inquiry: questions whose answers take a while. One is being answered, one waits, the newest wins."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from traceback import format_exception

from PySide6.QtCore import QObject, Qt, Signal

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.errors import ConvStudioError, out_of_memory


@dataclass(eq=False)
class _Asking:
    work: Callable[[Callable[[float], None]], object]
    is_stopped: bool = False


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
        self._active: _Asking | None = None
        self._pending: _Asking | None = None
        self._ended.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self._moved.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def ask(self, work: Callable[[Callable[[float], None]], object]) -> None:
        """Work out an answer; `work` gets a function to call with the fraction done. An older question is dropped."""
        asking = _Asking(work)
        if self._active is None:
            self._start(asking)
        else:
            self._active.is_stopped = True
            self._pending = asking

    def stop(self) -> None:
        """Answer nothing that was asked until now."""
        self._pending = None
        if self._active is not None:
            self._active.is_stopped = True

    def _start(self, asking: _Asking) -> None:
        self._active = asking

        def progress(fraction: float) -> None:
            if asking.is_stopped:
                raise Cancelled
            self._moved.emit(asking, fraction)

        def answer() -> object:
            with cancelled_unless(lambda: not asking.is_stopped):
                return asking.work(progress)

        self._executor.submit(answer).add_done_callback(lambda future: self._ended.emit((asking, future)))

    def _tell(self, asking: _Asking, fraction: float) -> None:
        if asking is self._active and not asking.is_stopped:
            self.progressed.emit(fraction)

    def _settle(self, ended: "tuple[_Asking, Future[object]]") -> None:
        asking, future = ended
        self._active, pending, self._pending = None, self._pending, None
        if pending is not None:
            self._start(pending)
        if asking.is_stopped or future.cancelled():
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
