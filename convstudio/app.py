"""The composition root: builds everything, connects it, and starts. Decisions live elsewhere."""

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import convstudio.core.view.shown
import convstudio.io.export.export
import convstudio.io.sessions.session  # noqa: F401
from convstudio.core.errors import ConvStudioError
from convstudio.core.ops import jit
from convstudio.core.recipe.first_recipes import first_recipe
from convstudio.io.decoding import decoder
from convstudio.io.files import make_folder, remove_strays
from convstudio.io.kernels import kernels_folder
from convstudio.io.lessons import lesson_files, lesson_title
from convstudio.io.resources import RESOURCES
from convstudio.io.samples import SAMPLES
from convstudio.io.settings import Settings, load_settings, save_settings, settings_path

# isort: split
# PySide6 looks into the source of every module that is imported after it: what does without Qt is before
from PySide6.QtCore import QDir, QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from convstudio import terminal
from convstudio.commands.commands import Commands
from convstudio.commands.exporting import ExportCommands
from convstudio.commands.library import LibraryCommands
from convstudio.commands.looking import LookingCommands
from convstudio.commands.networks import NetworkCommands
from convstudio.commands.recipe import RecipeCommands
from convstudio.commands.sessions import SessionCommands
from convstudio.commands.sources import SourceCommands
from convstudio.runtime.allocator import keep_freed_memory
from convstudio.runtime.engine import Engine, pace_for
from convstudio.runtime.feed import Feed
from convstudio.runtime.priority import give_way, go_first
from convstudio.runtime.store import Store
from convstudio.runtime.tasks import Tasks
from convstudio.views import icons, theme
from convstudio.views.inspector.source import Offer
from convstudio.wiring.files import save_output
from convstudio.wiring.panels import Panels, build_panels
from convstudio.wiring.preferences import dress, prepare
from convstudio.wiring.window import Wiring

RATE_INTERVAL = 500  # milliseconds between readings of the frame rate
SCREENS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")  # what Qt looks at to find one
STARTED = 1000  # milliseconds after which everything that a start makes is there


class Application:
    """Everything that lives as long as the window does."""

    def __init__(self, qt: QApplication, settings_file: Path) -> None:
        self.qt = qt
        self._settings_file = settings_file
        settings = load_settings(settings_file)
        QDir.setSearchPaths(icons.SEARCH_PREFIX, [str(RESOURCES / "icons")])
        QDir.setSearchPaths(theme.FONTS_PREFIX, [str(RESOURCES / "fonts")])
        QDir.setSearchPaths(theme.PICTURES_PREFIX, [str(RESOURCES / "controls")])
        prepare(qt, settings)
        decoder.prewarm()
        self._root = QObject()
        self._engine_pool = ThreadPoolExecutor(1, "engine", give_way)
        self._task_pool = ThreadPoolExecutor(2, "task", give_way)
        self._explanation_pool = ThreadPoolExecutor(1, "explain", give_way)
        self.store = Store(first_recipe(), self._root)
        self.feed = Feed(self._root)
        self.engine = Engine(self._engine_pool, self._root, pace=pace_for(qt.primaryScreen().refreshRate()))
        self.tasks = Tasks(self._task_pool, self._root)
        self.commands = self._build_commands()
        offers = [Offer(sample.key, sample.title, sample.sentence) for sample in SAMPLES]
        titles = tuple(lesson_title(path) for path in lesson_files())
        self.panels: Panels = build_panels(offers, titles)
        self.window = self.panels.window
        dress(qt, settings)
        self.wiring = Wiring(self.panels, self.commands, self.tasks, settings, self._remember, self._explanation_pool)
        self._timer = QTimer(self._root)
        self._timer.setInterval(RATE_INTERVAL)
        self._timer.timeout.connect(self.wiring.show_source)
        self._timer.start()

    def open(self, arguments: Sequence[str]) -> None:
        """Open what the command line names, or the first sample."""
        if arguments:
            self.commands.sources.open(arguments[0])
        else:
            self.commands.sources.open_sample(SAMPLES[0].key)

    def welcome(self) -> None:
        """Offer ways to begin, at the very first start."""
        self.wiring.welcome.open()

    def settle(self) -> None:
        """Do what could wait until the window stands."""
        collect_what_comes()
        folder = self.wiring.preferences.settings.folder  # the last one that something was written to
        refuse = self.window.status.refuse
        if folder:
            self.tasks.run(lambda: remove_strays(Path(folder)), lambda _: None, refuse)
        self.commands.library.load()
        self.tasks.run(jit.compile_all, lambda _: collect_what_comes(), refuse)

    def close(self) -> None:
        """Stop every thread and process, and remember the settings."""
        self._timer.stop()
        self.tasks.close()  # what is given up ends while the rest is closed
        self.commands.exporting.cancel()
        self.wiring.presenter.end()
        self.commands.looking.end_preview()
        self.feed.close()
        self.engine.close()
        self.wiring.explanations.stop()
        self._engine_pool.shutdown(wait=True, cancel_futures=True)
        self._task_pool.shutdown(wait=True, cancel_futures=True)
        self._explanation_pool.shutdown(wait=True, cancel_futures=True)
        decoder.close()
        self._remember(self.wiring.preferences.settings)
        self.window.deleteLater()
        self._root.deleteLater()

    def _build_commands(self) -> Commands:
        store, tasks, root = self.store, self.tasks, self._root
        sources = SourceCommands(self.feed, tasks, root)
        looking = LookingCommands(store, self.feed, self.engine, tasks, root)
        looking.is_button_down = lambda: QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        return Commands(
            recipe=RecipeCommands(store, looking, root),
            sources=sources,
            looking=looking,
            sessions=SessionCommands(store, sources, looking, tasks, root),
            networks=NetworkCommands(store, sources, root),
            exporting=ExportCommands(tasks, root),
            library=LibraryCommands(kernels_folder(self._settings_file), tasks, root),
        )

    def _remember(self, settings: Settings) -> None:
        try:
            save_settings(self._settings_file, settings)
        except ConvStudioError as refusal:  # a full disk or a read-only home is no reason to stop working
            logging.getLogger("convstudio").warning("The settings are not remembered: %s", refusal)


def quiet_qt(argv: Sequence[str]) -> QApplication:
    """The one QApplication, with a name for the desktop."""
    keep_freed_memory()  # Qt starts a thread of its own
    go_first()
    with _refusing_in_a_sentence():
        qt = QApplication([*argv])
    qt.setApplicationName("ConvStudio")
    qt.setDesktopFileName("convstudio")
    return qt


@contextlib.contextmanager
def _refusing_in_a_sentence() -> Iterator[None]:
    """End with a sentence where Qt would abort: it says why it finds no screen in messages, and a fatal one ends it."""
    reasons: list[str] = []

    def hear(kind: QtMsgType, _: object, text: str) -> None:
        reasons.append(text)
        if kind is not QtMsgType.QtFatalMsg:
            return
        named = (f"{name} is “{os.environ[name]}”" for name in SCREENS if name in os.environ)
        terminal.refuse(
            f"No window can be opened: {reasons[0].splitlines()[0].rstrip('. ')}; {', '.join(named)}. Set it to a "
            "screen that is there, or filter files without a window: “convstudio apply sobel-x PICTURE -o FOLDER”."
        )
        sys.stderr.flush()
        os._exit(2)  # Qt aborts as soon as this returns, and a core file is nothing to leave behind

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    for text in reasons:
        _say_what_matters(None, None, text)


def report_faults(show: Callable[[str], None]) -> None:
    """Whatever nobody expected is logged and told, never swallowed."""

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        logging.getLogger("convstudio").error("a fault", exc_info=(kind, error, trace))  # type: ignore[arg-type]
        show(f"{kind.__name__}: {error}")

    sys.excepthook = hook


def main(arguments: Sequence[str]) -> int:
    """Open the window on a picture, a video, an address or a session; returns the exit status."""
    settings_file = settings_path()
    qt = quiet_qt(sys.argv[:1])
    application = Application(qt, settings_file)
    report_faults(application.wiring.report_fault)
    application.window.show()
    application.open(arguments)
    if not arguments:
        application.welcome()
    QTimer.singleShot(STARTED, application.settle)
    status = qt.exec()
    application.close()
    return status


def collect_what_comes() -> None:
    """Look for garbage from now on, but not in what the start has made: that stays, and looking takes long."""
    gc.freeze()
    gc.enable()


def _say_what_matters(_kind: object, _context: object, text: str) -> None:
    """Pass Qt's messages on, but for one that the offscreen platform gives for every window."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def demonstrate(folder: Path) -> int:
    """Without a screen: the real window on the sample photograph; writes its output and its picture into a folder."""
    make_folder(folder)
    qInstallMessageHandler(_say_what_matters)
    qt = quiet_qt(sys.argv[:1])
    application = Application(qt, folder / "settings.json")
    application.window.resize(1440, 900)
    application.window.show()
    written: list[Path] = []

    def keep(_: object) -> None:
        if written:  # another picture came while the first was written
            return
        filtered, screenshot = folder / "filtered.png", folder / "window.png"
        written.extend((filtered, screenshot))
        save_output(application.commands, filtered)
        qt.processEvents()
        application.window.grab().save(str(screenshot))
        qt.quit()

    application.commands.looking.shown.connect(lambda shown: QTimer.singleShot(200, lambda: keep(shown)))
    for subject in application.commands.subjects:
        subject.refused.connect(lambda sentence: (terminal.refuse(sentence), qt.exit(1)))
    application.open(())
    status = qt.exec()
    application.close()
    qInstallMessageHandler(None)
    for path in written:
        terminal.tell(str(path))
    return status
