"""The window: what its actions do, where messages and faults are shown, and the wiring of all its panels."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSize, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication

from convstudio import __version__
from convstudio.commands.commands import Commands
from convstudio.core.live_source import LiveState
from convstudio.core.recipe.first_recipes import articles_recipe, first_recipe, small_network
from convstudio.insight.trace.taps import Unit
from convstudio.io.sample_networks import face_finder
from convstudio.io.sessions.session import Session, SourceKind
from convstudio.io.settings import Settings, Theme
from convstudio.runtime.tasks import Tasks
from convstudio.views import theme
from convstudio.views.flow.choices import CHOICES
from convstudio.views.window.actions import ACTIONS, State
from convstudio.views.window.stages import STAGES
from convstudio.wiring.explanations import ExplanationWiring
from convstudio.wiring.files import FileWiring
from convstudio.wiring.lessons.steps import LessonWiring
from convstudio.wiring.library import LibraryWiring
from convstudio.wiring.panels import TAKE_HOME, Panels
from convstudio.wiring.preferences import Preferences
from convstudio.wiring.presenter import PresenterWiring
from convstudio.wiring.presets import PresetWiring
from convstudio.wiring.probe import ProbeWiring
from convstudio.wiring.recipe import RecipeWiring
from convstudio.wiring.search import SearchWiring
from convstudio.wiring.session_state import Belongings
from convstudio.wiring.stepping import StepWiring
from convstudio.wiring.welcome import WelcomeWiring

ARTICLE_SAMPLE = "article"
ARTICLE_PINS = Unit(0, 0, 0), Unit(0, 3, 2)
"""The article's 0 and its 30."""
GRID = ((0.0,) * 5, (0.0, 0.0, 1.0, 0.0, 0.0), (0.0, 1.0, 1.0, 1.0, 0.0), (0.0, 0.0, 1.0, 0.0, 0.0), (0.0,) * 5)
"""The first typed grid: a small plus sign."""
TITLE_BAR = QSize(0, 32)  # that the desktop adds around the window
JUMP = 5  # seconds that Back and Forward go in a video


class Wiring(QObject):
    """Joins panels and commands for as long as the window lives."""

    broke = Signal(str)  # a traceback of a fault of ours, wherever it happened

    def __init__(
        self,
        panels: Panels,
        commands: Commands,
        tasks: Tasks,
        settings: Settings,
        remember: Callable[[Settings], None],
        executor: Executor,
    ) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self.preferences = Preferences(settings, remember, self)
        self._recipe = RecipeWiring(panels, commands)
        self._presets = PresetWiring(panels, commands)
        self.probe = ProbeWiring(panels, commands)
        self.presenter = PresenterWiring(panels, commands, self.preferences, self.probe)
        self._files = FileWiring(panels, commands, tasks, self.preferences)
        self._library = LibraryWiring(panels, commands, self._presets, self.preferences)
        self._steps = StepWiring(panels, commands.looking, tasks, self.preferences, self.probe)
        self.explanations = ExplanationWiring(panels.window, commands, panels.explanations, executor)
        self.lessons = LessonWiring(panels, commands, tasks, self.probe)
        self._search = SearchWiring(panels, commands, self._presets, self.lessons)
        self._belongings = Belongings(panels, commands.recipe.store, self.probe, commands.looking)
        self._state: State | None = None  # what the actions show
        self._deeds = self._table_of_deeds()
        ways = {
            "article": self.lessons.follow_article,
            "open": self._files.ask_open,
            "presets": self._presets.open_gallery,
        }
        self.welcome = WelcomeWiring(panels, commands, self.preferences, ways)
        self._connect_window()
        for broke in (commands.looking.broke, commands.exporting.broke, self.explanations.broke, tasks.broke):
            broke.connect(self.broke)
        self.broke.connect(self.report_fault)
        self._connect_feed()
        self.preferences.dressed.connect(self._show_ground)
        self._show_ground()
        self._restore_geometry()
        self._recipe.show_document(commands.recipe.document)
        self._show_actions()

    def show_source(self) -> None:
        """Show what the source does at this moment."""
        feed = self._commands.sources.feed
        name = "Typed grid" if self._commands.sources.source.kind is SourceKind.GRID else ""
        self._panels.window.status.show_state(feed.state, feed.sentence, feed.frames_per_second, name=name)
        self._panels.play_bar.show_playback(feed.state, feed.playback, is_frozen=feed.is_frozen)
        self._show_actions()

    def report_fault(self, text: str) -> None:
        """Tell of a fault of ours, and how to lose nothing."""
        last = text.strip().splitlines()[-1]
        sentence = f"A fault in ConvStudio: {last}. Save the session (Ctrl+S) and start again."
        self._panels.window.status.refuse(sentence, stays=True)

    def run(self, name: str) -> None:
        """Do what an action of the table is for."""
        self._deeds[name]()
        self._show_actions()

    def _connect_window(self) -> None:
        panels, commands = self._panels, self._commands
        window, status = panels.window, panels.window.status
        window.asked.connect(self.run)
        window.closing.connect(self._close)
        window.stage_changed.connect(lambda _: self._show_actions())
        for subject in commands.subjects:
            subject.said.connect(status.say)
            subject.refused.connect(status.refuse)
        commands.recipe.store.changed.connect(lambda _: self._follow_actions())
        commands.looking.shown.connect(lambda _: self._follow_actions())
        commands.sources.session_read.connect(self._take_session)
        commands.sources.listed.connect(lambda *_: self._show_actions())
        commands.sources.paged.connect(panels.page_bar.show_pages)
        commands.sources.paged.connect(lambda _: self._follow_actions())
        panels.page_bar.page_chosen.connect(commands.sources.show_page)
        self._panels.window.measures_changed.connect(self.preferences.show_measures)
        self._panels.pair.show_wiped(frozenset(self.preferences.settings.wiped))
        self._panels.pair.wipe_chosen.connect(self._keep_wipe)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self.preferences.dress())

    def _show_ground(self) -> None:
        """Have pictures of signed numbers made for the theme that is on."""
        self._commands.looking.see_on(theme.signed_scale(QGuiApplication.palette()))

    def _connect_feed(self) -> None:
        feed, bar = self._commands.sources.feed, self._panels.play_bar
        feed.state_changed.connect(lambda *_: self.show_source())
        bar.freeze_toggled.connect(lambda on: feed.freeze() if on else feed.unfreeze())
        bar.pause_toggled.connect(lambda on: feed.pause() if on else feed.resume())
        bar.sought.connect(feed.seek)
        bar.loop_toggled.connect(lambda on: feed.loop(is_looping=on))

    def _show_actions(self) -> None:
        self._state = self._present_state()
        self._panels.window.show_state(self._state)

    def _follow_actions(self) -> None:
        """Show the actions again only where an edit changed what decides about them."""
        if self._state != self._present_state():
            self._show_actions()

    def _present_state(self) -> State:
        store, feed = self._commands.recipe.store, self._commands.sources.feed
        document = store.document
        return State(
            has_result=self._commands.looking.latest is not None,
            can_undo=store.can_undo,
            can_redo=store.can_redo,
            is_live=feed.state is not LiveState.STILL,
            is_frozen=feed.is_frozen,
            is_seekable=feed.playback.duration > 0,
            has_layer=document.selected >= 0,
            layers=len(document.layers),
            selected=document.selected,
            has_lesson=self.lessons.is_open,
            stage=self._panels.window.stage,
            file=self._commands.sources.list_place[0],
            files=self._commands.sources.list_place[1],
            page=self._commands.sources.pages.page,
            pages=self._commands.sources.pages.count,
        )

    def _table_of_deeds(self) -> dict[str, Callable[[], object]]:
        commands, window, files = self._commands, self._panels.window, self._files
        feed, store = commands.sources.feed, commands.recipe.store
        deeds: dict[str, Callable[[], object]] = {
            "open": files.ask_open,
            "open-stream": lambda: window.finder.ask(
                "Address of a network camera or stream", "http://… or rtsp://…", commands.sources.open
            ),
            "previous-file": lambda: commands.sources.step(-1),
            "next-file": lambda: commands.sources.step(1),
            "previous-page": lambda: commands.sources.show_page(commands.sources.pages.page - 1),
            "next-page": lambda: commands.sources.show_page(commands.sources.pages.page + 1),
            "paste": files.paste,
            "new-grid": self._new_grid,
            "save": files.save,
            "save-as": files.save_as,
            "export": lambda: window.show_column(TAKE_HOME),
            "quit": window.close,
            "step-back": lambda: self._step_by(-1),
            "step-forward": lambda: self._step_by(1),
            "step-play": self._play_steps,
            "follow-article": self.lessons.follow_article,
            "lessons": self.lessons.show_panel,
            "open-lesson": self.lessons.ask_open,
            "leave-lesson": self.lessons.leave,
            "undo": commands.recipe.undo,
            "redo": commands.recipe.redo,
            "copy-output": files.copy,
            "reset": lambda: commands.recipe.reset(first_recipe()),
            "small-network": lambda: commands.recipe.reset(small_network()),
            "face-finder": self._open_face_finder,
            "articles-example": self._open_article,
            **{choice.name: partial(commands.recipe.add_layer, choice.make) for choice in CHOICES.values()},
            "duplicate-layer": lambda: commands.recipe.duplicate_layer(store.document.selected),
            "delete-layer": lambda: commands.recipe.delete_layer(store.document.selected),
            "toggle-layer": lambda: commands.recipe.toggle_layer(store.document.selected),
            "layer-left": lambda: commands.recipe.move_layer(store.document.selected, store.document.selected - 1),
            "layer-right": lambda: commands.recipe.move_layer(store.document.selected, store.document.selected + 1),
            "previous-layer": lambda: commands.looking.select(store.document.selected - 1),
            "next-layer": lambda: commands.looking.select(store.document.selected + 1),
            "fit": self._panels.pair.fit,
            "actual-size": self._panels.pair.show_actual_size,
            "theme-system": lambda: self._keep_theme(Theme.SYSTEM),
            "theme-light": lambda: self._keep_theme(Theme.LIGHT),
            "theme-dark": lambda: self._keep_theme(Theme.DARK),
            "presenter": self.presenter.toggle,
            **{stage.action: partial(window.show_stage, stage.name) for stage in STAGES},
            "full-screen": lambda: window.showNormal() if window.isFullScreen() else window.showFullScreen(),
            "freeze": lambda: feed.unfreeze() if feed.is_frozen else feed.freeze(),
            "play-pause": lambda: feed.resume() if feed.state is not LiveState.LIVE else feed.pause(),
            "back": lambda: feed.seek(max(0.0, feed.playback.position - JUMP)),
            "forward": lambda: feed.seek(min(feed.playback.duration, feed.playback.position + JUMP)),
            "search": self._search.open,
            "shortcuts": window.keys_page.toggle,
            "about": lambda: window.status.say(
                f"ConvStudio {__version__}, MIT licence. Icons by Lucide (ISC); typeface Inter (OFL); photographs "
                "public domain or CC0; digits UCI (CC BY 4.0); face finder MTCNN (MIT)."
            ),
        }
        assert deeds.keys() == {row.name for row in ACTIONS}
        return deeds

    def _take_session(self, path: Path, session: Session) -> None:
        if self.lessons.is_open:
            self.lessons.leave()  # the person's own work is what may be lost
        self._files.take_session(path, session)

    def _step_by(self, steps: int) -> None:
        self._panels.window.show_stage("step")
        self._panels.step.move_by(steps)

    def _play_steps(self) -> None:
        self._panels.window.show_stage("step")
        self._panels.step.toggle_play()

    def _new_grid(self) -> None:
        self._commands.sources.open_grid(GRID)
        self._commands.looking.select(-1)

    def _open_face_finder(self) -> None:
        """A network that somebody trained, on its portrait; a camera or a film that plays goes on playing."""
        network = face_finder()
        self._commands.recipe.reset(network.document)
        if self._commands.sources.feed.state is LiveState.STILL:
            self._commands.sources.open_sample(network.sample)
        self._commands.looking.select_map("output", network.channel)
        lit = self._panels.inspector.softmax.lit
        if not lit.isChecked():
            lit.click()
        self._panels.window.show_stage("pictures")
        self._panels.window.status.say(network.advice, stays=True)  # it is about the new recipe

    def _open_article(self) -> None:
        """The article's grid under its filter, with a 0 and a 30 pinned, on the stage that shows what makes them."""
        self._commands.recipe.reset(articles_recipe())
        self._commands.sources.open_sample(ARTICLE_SAMPLE)
        self.probe.pin((SourceKind.SAMPLE, ARTICLE_SAMPLE), *ARTICLE_PINS)
        self._panels.window.show_stage("step")

    def _keep_theme(self, chosen: Theme) -> None:
        self.preferences.keep(replace(self.preferences.settings, theme=chosen))

    def _keep_wipe(self, proportion: str, is_wiped: bool) -> None:  # noqa: FBT001  # a slot
        """Remember for pictures of this proportion how the person looks at them; a lesson's are not the person's."""
        if self.lessons.is_open:
            return
        settings = self.preferences.settings
        others = tuple(kind for kind in settings.wiped if kind != proportion)
        self.preferences.keep(replace(settings, wiped=(*others, proportion) if is_wiped else others))

    def _restore_geometry(self) -> None:
        window, settings = self._panels.window, self.preferences.settings
        if settings.window_geometry:
            window.restoreGeometry(QByteArray.fromBase64(settings.window_geometry.encode()))
        else:
            room = window.screen().availableGeometry().size() - TITLE_BAR
            window.resize(window.size().boundedTo(room))

    def _close(self, event: QCloseEvent) -> None:
        self.lessons.leave()  # the person's own work is what may be lost
        if not self._files.is_closing(event):
            return
        self.presenter.end()
        window = self._panels.window
        self.preferences.keep(
            replace(
                self.preferences.settings,
                window_geometry=bytes(window.saveGeometry().toBase64().data()).decode(),
            )
        )
