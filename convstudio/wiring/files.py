"""Files: the choosers, the clipboard, cameras, networks, what was opened before, and the export panel."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from convstudio.commands.commands import Commands
from convstudio.commands.networks import Assumption
from convstudio.core.recipe.naming import name_of
from convstudio.core.view.shown import Shown, light_output
from convstudio.io.capture.cameras import CameraInfo
from convstudio.io.decoding.images import read_image
from convstudio.io.decoding.kinds import SUFFIXES as PICTURES
from convstudio.io.export.encoding import Depth, Format, suffix_of
from convstudio.io.export.export import Content, ExportOptions, Values, export, problem_of, targets
from convstudio.io.export.losses import losses
from convstudio.io.file_types import VIDEO_SUFFIXES as VIDEOS
from convstudio.io.files import printable
from convstudio.io.networks.formats import SUFFIXES
from convstudio.io.networks.network import NetworkFile
from convstudio.io.sessions.carried import Carrier
from convstudio.io.sessions.session import SUFFIX, Session, SourceKind, SourceReference, with_suffix
from convstudio.io.settings import Settings, with_recent
from convstudio.runtime.tasks import Tasks
from convstudio.views.networks.chooser import BankOffer
from convstudio.views.pictures.clipboard import frame_from_image, image_from_picture
from convstudio.wiring.panels import TAKE_HOME, Panels
from convstudio.wiring.preferences import Preferences

if TYPE_CHECKING:
    from convstudio.views.explain.teach.panel import TeachPanel

_OPENABLE = " ".join(f"*{suffix}" for suffix in (*PICTURES, *sorted(VIDEOS), SUFFIX, *SUFFIXES))
OPENABLE = f"Pictures, videos, sessions and networks ({_OPENABLE});;Every file (*)"
LONGEST_PLACE = 160  # letters of an address or a path in a question
MOST_NAMED = 3  # layers of a recipe that a question names


class FileWiring(QObject):
    """Asks the person for paths and hands them to the commands."""

    def __init__(self, panels: Panels, commands: Commands, tasks: Tasks, preferences: Preferences) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._tasks, self._preferences = panels, commands, tasks, preferences
        self._network: NetworkFile | None = None  # whose banks are offered
        self._when_saved: Callable[[], object] | None = None  # what waits until the edits are saved
        window = panels.window
        window.files_dropped.connect(commands.sources.open_all)
        window.file_steps.stepped.connect(commands.sources.step)
        commands.sources.listed.connect(window.file_steps.show_place)
        window.picture_dropped.connect(self._take_picture)
        window.camera_menu.aboutToShow.connect(self._list_cameras)
        window.samples_menu.addAction(window.actions_by_name["follow-article"])
        window.samples_menu.addAction(window.actions_by_name["articles-example"])
        window.samples_menu.addSeparator()
        for offer in panels.inspector.offers:
            action = window.samples_menu.addAction(offer.title, partial(commands.sources.open_sample, offer.key))
            action.setToolTip(offer.sentence)
        window.samples_menu.setToolTipsVisible(True)
        panels.export.options_chosen.connect(self._show_export)
        panels.export.export_asked.connect(self._export)
        panels.export.closed.connect(lambda: window.show_column(window.stage))
        panels.export.cancel_asked.connect(commands.exporting.cancel)
        commands.exporting.progressed.connect(panels.export.show_progress)
        window.column_changed.connect(lambda _: self._show_export())
        panels.explanations["teach"].opened.connect(self._connect_teaching)
        commands.sources.source_changed.connect(self._take_source)
        commands.sessions.source_questioned.connect(self._show_question)
        panels.question_bar.accepted.connect(commands.sessions.open_questioned)
        panels.question_bar.declined.connect(commands.sessions.keep_picture)
        commands.sessions.carrier_questioned.connect(self._ask_about_carrier)
        panels.question_bar.accepted.connect(commands.sessions.use_carried)
        panels.question_bar.declined.connect(commands.sessions.open_carrier)
        panels.question_bar.accepted.connect(commands.networks.keep_assumption)
        panels.question_bar.declined.connect(commands.networks.take_other)
        commands.sources.network_read.connect(commands.networks.take)
        commands.networks.questioned.connect(self._ask_about_network)
        commands.networks.banks_offered.connect(self._offer_banks)
        panels.bank_chooser.picked.connect(self._pick_bank)
        commands.sources.opening_began.connect(panels.bank_chooser.hide)
        commands.looking.shown.connect(lambda _: self._show_export())
        commands.recipe.store.changed.connect(lambda _: self._show_title())
        commands.sessions.saved.connect(self._go_on_when_saved)
        commands.sessions.refused.connect(lambda _: self._stay())
        preferences.changed.connect(self._show_recent)
        self._show_recent(preferences.settings)

    def ask_open(self) -> None:
        """Choose a file and open it, or several to step through."""
        texts, _ = QFileDialog.getOpenFileNames(self._panels.window, "Open", self._folder, OPENABLE)
        if texts:
            self._keep_folder(Path(texts[0]))
            self._commands.sources.open_all(texts)

    def _connect_teaching(self, panel: "TeachPanel") -> None:
        panel.file_wanted.connect(lambda: self._ask_after(panel))

    def _ask_after(self, panel: "TeachPanel") -> None:
        text, _ = QFileDialog.getOpenFileName(self._panels.window, "Open the picture as it should be", self._folder)
        if text:
            self._keep_folder(Path(text))
            self._tasks.run(lambda: read_image(Path(text)), panel.show_after, self._panels.window.status.refuse)

    def save(self) -> None:
        """Save the session where it was saved before, or ask."""
        path = self._commands.recipe.store.path
        if path is None:
            self.save_as()
        else:
            self._commands.sessions.save(path)

    def save_as(self) -> None:
        """Choose a name and save the session."""
        window = self._panels.window
        text, _ = QFileDialog.getSaveFileName(window, "Save session", self._folder, f"Sessions (*{SUFFIX})")
        named = Path(text)
        if text and may_write(window, [with_suffix(named)], named=named):
            self._keep_folder(named)
            self._commands.sessions.save(with_suffix(named))
        else:
            self._stay()

    def take_session(self, path: Path, session: Session) -> None:
        """Go on with a session that was read; asks first if that would lose edits."""

        def take() -> None:
            self._keep_recent(str(path))
            self._commands.sessions.take(path, session)

        self._unless_lost(f"opening “{printable(path)}”", take)

    def _show_question(self, source: SourceReference | None) -> None:
        bar = self._panels.question_bar
        if source is None:
            bar.hide()
            return
        place = {
            SourceKind.URL: f"the address {_shown(source.text)}",
            SourceKind.CAMERA: f"camera {_shown(source.text)} of this computer",
        }.get(source.kind, f"a file outside its folder, {_shown(source.text)}")
        has_picture = self._commands.sources.feed.frame is not None
        bar.ask(
            f"This session wants to read from {place}. Open it if you trust whoever made the session.",
            yes="Open",
            no="Keep the present picture" if has_picture else "Do not open",
        )

    def _ask_about_carrier(self, carrier: Carrier | None, is_shown: bool) -> None:  # noqa: FBT001  # a slot
        bar = self._panels.question_bar
        if carrier is None or carrier.document is None:
            bar.hide()
            return
        layers = [name_of(layer) for layer in carrier.document.layers]
        more = f" and {len(layers) - MOST_NAMED} more" if len(layers) > MOST_NAMED else ""
        recipe = f"{_shown(', '.join(layers[:MOST_NAMED]))}{more}"
        name = _shown(carrier.frame.name)
        if is_shown:
            bar.ask(f"“{name}” carries the recipe that made it: {recipe}.", yes="Use this recipe", no="Leave it")
        else:
            bar.ask(
                f"“{name}” carries the recipe that made it: {recipe}. What do you want?",
                yes="This recipe",
                no="This picture",
            )

    def _ask_about_network(self, assumption: Assumption | None) -> None:
        bar = self._panels.question_bar
        if assumption is None:
            bar.hide()
        else:
            bar.ask(assumption.sentence, yes=assumption.keep, no=assumption.other)

    def _offer_banks(self, network: NetworkFile) -> None:
        self._network = network
        offers = [BankOffer(bank.name, bank.shape_text, bank.weight) for bank in network.banks]
        self._panels.bank_chooser.show_offers(network.refusal, offers)

    def _pick_bank(self, number: int) -> None:
        network, self._network = self._network, None
        if network is not None:
            self._commands.networks.pick(network.banks[number])

    def paste(self) -> None:
        """Take the picture from the clipboard, or open the files that were copied."""
        data = QGuiApplication.clipboard().mimeData()
        texts = [url.toLocalFile() or url.toString() for url in data.urls()]
        if texts:
            self._commands.sources.open_all(texts)
        else:
            self._take_picture(QGuiApplication.clipboard().image())

    def copy(self) -> None:
        """Put the output as shown on the clipboard."""
        self._commands.looking.hand_over(self._copy_output)

    def _copy_output(self, shown: Shown) -> None:
        QGuiApplication.clipboard().setImage(image_from_picture(light_output(shown)))
        height, width, _ = shown.output.pixels.shape
        self._panels.window.status.say(
            "The output as shown is on the clipboard."
            if shown.result.is_whole
            else f"The preview, {width}×{height}, is on the clipboard; save the output to have all of it."
        )

    def is_closing(self, event: QCloseEvent) -> bool:
        """Whether the window may close; asks if that would lose edits."""
        self._unless_lost("closing", event.accept, otherwise=event.ignore, when_saved=self._panels.window.close)
        return event.isAccepted()

    def _unless_lost(
        self,
        what: str,
        then: Callable[[], object],
        *,
        otherwise: Callable[[], object] = lambda: None,
        when_saved: Callable[[], object] | None = None,
    ) -> None:
        """Do what would lose edits: at once, or once they are saved, or not at all, as the person answers."""
        answer = QMessageBox.StandardButton.Discard
        if self._commands.recipe.store.is_dirty:
            buttons = QMessageBox.StandardButton
            answer = QMessageBox.question(
                self._panels.window,
                "ConvStudio",
                f"The recipe has edits that are not saved. Save them before {what}?",
                buttons.Save | buttons.Discard | buttons.Cancel,
                buttons.Save,
            )
        if answer is QMessageBox.StandardButton.Discard:
            then()
            return
        otherwise()
        if answer is QMessageBox.StandardButton.Save:
            self._when_saved = when_saved or then
            self.save()

    def _go_on_when_saved(self, path: Path) -> None:
        self._keep_recent(str(path))
        self._show_title()
        then = self._when_saved
        self._stay()
        if then is not None and not self._commands.recipe.store.is_dirty:
            then()

    def _stay(self) -> None:
        """Nothing waits for a save any more."""
        self._when_saved = None

    @property
    def _folder(self) -> str:
        return self._preferences.settings.folder

    def _keep_folder(self, path: Path) -> None:
        self._preferences.keep_folder(path)

    def _take_picture(self, image: QImage) -> None:
        frame = frame_from_image(image)
        if frame is None:
            self._panels.window.status.refuse("There is no picture on the clipboard; copy one first.")
        else:
            self._commands.sources.paste(frame)

    def _take_source(self, source: SourceReference) -> None:
        if source.kind in (SourceKind.FILE, SourceKind.URL):
            self._keep_recent(source.text)
        self._show_title()

    def _keep_recent(self, text: str) -> None:
        self._preferences.keep(with_recent(self._preferences.settings, text))

    def _show_title(self) -> None:
        """Name the session, mark it while it has unsaved edits, and name its picture."""
        source, path = self._commands.sources.source, self._commands.recipe.store.path
        titles = {offer.key: offer.title for offer in self._panels.inspector.offers}
        match source.kind:
            case SourceKind.FILE:
                picture = Path(source.text).name
            case SourceKind.SAMPLE:
                picture = titles[source.text]
            case _:
                picture = source.text
        names = [_literal(name) for name in ("" if path is None else path.name, picture, "ConvStudio") if name]
        window = self._panels.window
        title = " — ".join([f"{names[0]}[*]", *names[1:]])  # Qt has a mark of edits in place of [*]
        if title != window.windowTitle():  # each edit comes here, and the desktop is told of each title
            window.setWindowTitle(title)
        if self._commands.recipe.store.is_dirty != window.isWindowModified():
            window.setWindowModified(not window.isWindowModified())

    def _show_recent(self, settings: Settings) -> None:
        menu = self._panels.window.recent_menu
        menu.clear()
        menu.setEnabled(bool(settings.recent))
        for text in settings.recent:
            menu.addAction(text, partial(self._commands.sources.open, text))

    # export

    def _options(self) -> ExportOptions:
        values, content, kind, depth = self._panels.export.chosen()
        return ExportOptions(values=Values(values), content=Content(content), format=Format(kind), depth=Depth(depth))

    def _show_export(self) -> None:
        latest, panel = self._commands.looking.latest, self._panels.export
        if latest is None or self._panels.window.column != TAKE_HOME:
            return
        options = self._options()
        shape = latest.result.plan.shape_at(latest.output_index)
        problem = problem_of(options)
        if problem:
            panel.show_subject(f"The output is {shape}.", problem, is_possible=False)
            return
        warning = losses(latest.result, latest.output_index, latest.selection.output_map, options)
        panel.show_subject(
            f"The output is {shape}; it is saved in its own size, {shape.width}×{shape.height}.",
            warning,
            is_possible=True,
        )

    def _export(self) -> None:
        options = self._options()
        suffix = suffix_of(options.format)
        text, _ = QFileDialog.getSaveFileName(
            self._panels.window, "Save picture", str(Path(self._folder) / f"filtered{suffix}"), f"*{suffix}"
        )
        if text:
            named = Path(text)
            self._keep_folder(named)
            path = named if named.suffix else named.with_suffix(suffix)
            if may_write(self._panels.window, self._files(path, options), named=named):
                self._commands.exporting.export(self._commands.looking.latest, path, options)

    def _files(self, path: Path, options: ExportOptions) -> tuple[Path, ...]:
        """Those that an export would write."""
        latest = self._commands.looking.latest
        return () if latest is None else targets(latest.result, latest.output_index, options, path)

    # cameras

    def _list_cameras(self) -> None:
        menu = self._panels.window.camera_menu
        menu.clear()
        menu.addAction("Looking for cameras …").setEnabled(False)
        self._commands.sources.find_cameras(lambda cameras: self._show_cameras(menu, cameras))

    def _show_cameras(self, menu: QMenu, cameras: tuple[CameraInfo, ...]) -> None:
        menu.clear()
        for camera in cameras:
            menu.addAction(camera.name, partial(self._commands.sources.open_camera, camera))
        if not cameras:
            menu.addAction("No camera was found; connect one and open this menu again.").setEnabled(False)
        menu.addSeparator()
        menu.addAction(self._panels.window.actions_by_name["open-stream"])


def save_output(commands: Commands, path: Path) -> None:
    """Write what comes out of the whole recipe, as it would be shown, at once."""
    result = commands.looking.result
    assert result is not None
    options = ExportOptions(values=Values.SHOWN, content=Content.MAP, format=Format.PNG, depth=Depth.EIGHT)
    export(result, len(result.plan.steps) - 1, 0, options, path)


def _literal(name: str) -> str:
    """A name in a window's title, in which Qt would take [*] for its own mark."""
    return name.replace("[*]", "[*][*]")


def _shown(text: str) -> str:
    """What somebody else wrote, as it can be shown: no signs that turn the writing round, both ends of what is long."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in text)
    return plain if len(plain) <= LONGEST_PLACE else f"{plain[: LONGEST_PLACE - 40]} … {plain[-37:]}"


def may_write(window: QWidget, files: Iterable[Path], *, named: Path) -> bool:
    """Whether files may be written; the chooser has asked about the one that was named in it, and about no other."""
    existing = [file.name for file in files if file != named and file.exists()]
    if not existing:
        return True
    there = f"There is already a file {existing[0]}"
    if len(existing) > 1:
        there = f"There are already {len(existing)} such files, {existing[0]} to {existing[-1]}"
    buttons = QMessageBox.StandardButton
    answer = QMessageBox.question(
        window, "ConvStudio", f"{there}. Write over what is there?", buttons.Yes | buttons.Cancel
    )
    return answer is buttons.Yes
