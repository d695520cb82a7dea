"""The person's own kernels: kept, renamed, deleted and brought back, read from files and written to them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.own_kernels import OwnKernel, checked_name
from convstudio.io.kernels import (
    KernelFile,
    KernelFormat,
    change_kernels,
    load_kernels,
    read_kernel_file,
    write_kernel_file,
)
from convstudio.runtime.tasks import Tasks


@dataclass(frozen=True)
class _Change:
    """What goes out of the library, by its keys, and what comes in."""

    remove: tuple[str, ...] = ()
    keep: tuple[OwnKernel, ...] = ()


class LibraryCommands(QObject):
    """The kernels in the person's folder. Each change can be taken back until the next one."""

    changed = Signal(object)  # tuple of OwnKernel, all there are
    undo_offered = Signal(str)  # what was done, as a sentence; "" when nothing can be taken back any more
    said = Signal(str)
    refused = Signal(str)

    def __init__(self, folder: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.kernels: tuple[OwnKernel, ...] = ()
        self._tasks = tasks
        self._inverse: _Change | None = None

    def load(self) -> None:
        """Read the folder; somebody may have put files there."""
        self._tasks.run(lambda: load_kernels(self.folder), self._take, self.refused.emit)

    def find(self, key: str) -> OwnKernel | None:
        """The kernel of that key."""
        return next((kernel for kernel in self.kernels if kernel.key == key), None)

    def keep(self, kernel: OwnKernel) -> None:
        """Put a kernel into the library, in the place of one of its name."""
        try:
            kernel = OwnKernel(checked_name(kernel.name), kernel.note.strip(), kernel.plane)
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        there = self.find(kernel.key)
        sentence = f"“{kernel.name}” is kept." if there is None else f"“{kernel.name}” has the present numbers now."
        inverse = _Change(remove=(kernel.key,)) if there is None else _Change(keep=(there,))
        self._change(_Change(keep=(kernel,)), inverse, sentence)

    def rename(self, key: str, name: str, note: str) -> None:
        """Give a kernel another name and note."""
        there = self.find(key)
        if there is None:
            return
        try:
            kernel = OwnKernel(checked_name(name), note.strip(), there.plane)
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        if kernel.key != key and self.find(kernel.key) is not None:
            self.refused.emit(f"There is a kernel “{kernel.name}” already; choose another name.")
            return
        change = _Change(remove=(key,), keep=(kernel,))
        self._change(change, _Change(remove=(kernel.key,), keep=(there,)), f"“{kernel.name}” has its new name.")

    def delete(self, key: str) -> None:
        """Take a kernel out of the library."""
        there = self.find(key)
        if there is not None:
            self._change(_Change(remove=(key,)), _Change(keep=(there,)), f"“{there.name}” is deleted.")

    def undo(self) -> None:
        """Take the last change back."""
        inverse, self._inverse = self._inverse, None
        if inverse is not None:
            self.undo_offered.emit("")
            self._run(inverse, lambda: self.said.emit("The library is as it was before."))

    def read(self, path: Path, done: Callable[[KernelFile], object]) -> None:
        """Read a kernel from a file of any program; it may have several readings."""
        self._tasks.run(lambda: read_kernel_file(path), done, self.refused.emit)

    def write(self, path: Path, kernel: OwnKernel, file_format: KernelFormat) -> None:
        """Write a kernel to a file for another program."""
        self._tasks.run(
            lambda: write_kernel_file(path, kernel, file_format),
            lambda _: self.said.emit(f"Exported {path}."),
            self.refused.emit,
        )

    def _change(self, change: _Change, inverse: _Change, sentence: str) -> None:
        def done() -> None:
            self._inverse = inverse
            self.undo_offered.emit(sentence)

        self._run(change, done)

    def _run(self, change: _Change, done: Callable[[], object]) -> None:
        def work() -> tuple[OwnKernel, ...]:
            change_kernels(self.folder, remove=change.remove, keep=change.keep)
            return load_kernels(self.folder)

        def take(kernels: tuple[OwnKernel, ...]) -> None:
            self._take(kernels)
            done()

        self._tasks.run(work, take, self.refused.emit)

    def _take(self, kernels: tuple[OwnKernel, ...]) -> None:
        self.kernels = kernels
        self.changed.emit(kernels)
