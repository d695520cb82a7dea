"""Exporting what is shown: beside the window's thread, one export at a time, and it can be cancelled."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convstudio.core.view.shown import Shown
from convstudio.io.export.export import ExportOptions, export
from convstudio.runtime.inquiry import Inquiry
from convstudio.runtime.tasks import Tasks


class ExportCommands(QObject):
    """Writes files, and tells how far it is and what came of it."""

    progressed = Signal(float)  # the share that is done; 1 when the export has ended, however it did
    said = Signal(str)
    refused = Signal(str)
    broke = Signal(str)  # a traceback of a fault of ours

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_busy = False
        self._inquiry = Inquiry(tasks.executor, self)
        self._inquiry.progressed.connect(self.progressed)
        self._inquiry.answered.connect(self._say_exported)
        self._inquiry.refused.connect(self._end)
        self._inquiry.refused.connect(self.refused)
        self._inquiry.broke.connect(self._end)
        self._inquiry.broke.connect(self.broke)

    def export(self, shown: Shown | None, path: Path, options: ExportOptions) -> None:
        """Save the output that is shown."""
        if shown is None:
            self.refused.emit("There is no result to export yet; open a picture first.")
        elif self._is_busy:
            self.refused.emit("An export is under way; wait until it is done, or cancel it.")
        else:
            self._is_busy = True
            self.progressed.emit(0.0)
            chosen = shown.result, shown.output_index, shown.selection.output_map, options, path
            self._inquiry.ask(lambda progress: export(*chosen, progress=progress))

    def cancel(self) -> None:
        """Give up the export under way; a file is written as a whole or not at all."""
        if self._is_busy:
            self._inquiry.stop()
            self._end()
            self.said.emit("The export was cancelled; no file is left half written.")

    def _say_exported(self, written: tuple[Path, ...]) -> None:
        self._end()
        more = f" and {len(written) - 1} more" if len(written) > 1 else ""
        self.said.emit(f"Exported {written[0]}{more}.")

    def _end(self, _reason: str = "") -> None:
        self._is_busy = False
        self.progressed.emit(1.0)
