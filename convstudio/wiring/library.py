"""The person's own kernels: kept from the kernel panel, shown among the presets, exchanged with other programs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from convstudio.commands.commands import Commands
from convstudio.core.kernels.choices import PresetChoice
from convstudio.core.recipe.own_kernels import OwnKernel, choice_of
from convstudio.io.kernels import KernelFile, KernelFormat
from convstudio.views.presets.kernel_form import KEEP, KernelForm
from convstudio.wiring.panels import Panels
from convstudio.wiring.preferences import Preferences
from convstudio.wiring.presets import PresetWiring

READABLE = "Kernels (*.txt *.csv *.tsv *.npy *.m *.py);;All files (*)"


class LibraryWiring(QObject):
    """Joins the gallery and the kernel panel with the folder of own kernels."""

    def __init__(self, panels: Panels, commands: Commands, presets: PresetWiring, preferences: Preferences) -> None:
        super().__init__(panels.window)
        self._panels, self._library = panels, commands.library
        self._presets, self._preferences = presets, preferences
        self._form: KernelForm | None = None  # made when it is first needed
        self._entered: Callable[[str, str], object] = lambda *_: None
        self._name, self._note = "", ""  # of the file that was read last
        gallery, kernel = panels.presets, panels.kernel
        gallery.opened.connect(self._library.load)
        kernel.keep_asked.connect(self._ask_name)
        kernel.export_asked.connect(self._export_present)
        kernel.import_asked.connect(self._import)
        gallery.rename_asked.connect(self._ask_new_name)
        gallery.export_asked.connect(lambda choice: self._export(self._library.find(choice.preset.key)))
        gallery.delete_asked.connect(lambda choice: self._library.delete(choice.preset.key))
        gallery.undo_asked.connect(self._library.undo)
        gallery.closed.connect(lambda: gallery.show_undo(""))
        self._library.changed.connect(self._show)
        self._library.undo_offered.connect(self._show_undo)

    def _show(self, kernels: tuple[OwnKernel, ...]) -> None:
        self._panels.presets.show_mine(tuple(map(choice_of, kernels)))
        self._presets.show_mine()
        if self._form is not None:
            self._form.show_taken(self._taken())

    def _show_undo(self, sentence: str) -> None:
        if self._panels.presets.isVisible():
            self._panels.presets.show_undo(sentence)
        elif sentence:
            self._panels.window.status.say(f"{sentence} It stands among the presets under “Mine”.")

    # names

    def _ask_name(self) -> None:
        kernel = self._panels.kernel
        plane = kernel.grid.plane.copy()
        self._library.load()  # so that the form knows what names there are
        self._ask("Keep this kernel", KEEP, self._name, self._note, beside=kernel.keep_button)
        self._entered = lambda name, note: self._library.keep(OwnKernel(name, note, plane))

    def _ask_new_name(self, choice: PresetChoice) -> None:
        there = self._library.find(choice.preset.key)
        if there is not None:
            self._ask("Name and note", "Rename", there.name, there.note, beside=self._panels.presets.tiles.more)
            self._entered = partial(self._library.rename, there.key)

    def _ask(self, title: str, word: str, name: str, note: str, *, beside: QWidget) -> None:
        if self._form is None:
            self._form = KernelForm(self._panels.window)
            self._form.entered.connect(self._enter)
        self._form.ask(title, word, name, note, beside=beside)
        self._form.show_taken(self._taken())

    def _taken(self) -> frozenset[str]:
        """The names under which kernels are kept; that of a kernel that is renamed stands for itself."""
        return frozenset(kernel.name.casefold() for kernel in self._library.kernels)

    def _enter(self, name: str, note: str) -> None:
        self._entered(name, note)

    # files

    def _import(self) -> None:
        window = self._panels.window
        text, _ = QFileDialog.getOpenFileName(window, "Import a kernel", self._preferences.settings.folder, READABLE)
        if text:
            self._preferences.keep_folder(Path(text))
            self._library.read(Path(text), self._take_file)

    def _take_file(self, file: KernelFile) -> None:
        self._name, self._note = file.name, file.note
        self._panels.kernel.take_readings(file.planes, what=f"“{file.name}”")

    def _export_present(self) -> None:
        self._export(OwnKernel(self._name or "kernel", self._note, self._panels.kernel.grid.plane.copy()))

    def _export(self, kernel: OwnKernel | None) -> None:
        if kernel is None:
            return
        window, folder = self._panels.window, Path(self._preferences.settings.folder)
        filters = {f"{form} (*{form.suffix})": form for form in KernelFormat}
        text, chosen = QFileDialog.getSaveFileName(
            window, "Export a kernel", str(folder / f"{kernel.key}.txt"), ";;".join(filters)
        )
        if not text:
            return
        form = filters.get(chosen, KernelFormat.TEXT)
        named = Path(text)
        by_suffix = {".csv": KernelFormat.CSV, ".npy": KernelFormat.NPY}.get(named.suffix.lower())
        path = named if named.suffix else named.with_suffix(form.suffix)
        self._preferences.keep_folder(path)
        self._library.write(path, kernel, by_suffix or form)
