"""Wiring: which panel's wish becomes which command, and which panel shows which value. Part of the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QVBoxLayout, QWidget

from convstudio import __version__
from convstudio.commands import SESSION_SUFFIX, Commands
from convstudio.core.document import Document
from convstudio.core.layers import Conv, ConvTranspose
from convstudio.core.live import LiveState
from convstudio.core.plan import Step
from convstudio.core.recipes import articles_recipe, first_recipe
from convstudio.core.shown import Shown
from convstudio.insight.taps import Unit
from convstudio.insight.trace import trace
from convstudio.insight.uses import outputs_reached_from, uses_of_cell
from convstudio.io.cameras import CameraInfo
from convstudio.io.encoding import Depth, Format, suffix_of
from convstudio.io.export import Content, ExportOptions, Values, clipping_sentence, export, problem_of
from convstudio.io.session import SourceKind, SourceReference
from convstudio.io.settings import Settings, Theme, with_recent
from convstudio.views import theme
from convstudio.views.explain.arithmetic import ArithmeticPanel
from convstudio.views.explain.parameters import ParametersPanel
from convstudio.views.kernel.panel import KernelPanel
from convstudio.views.layers.choices import layer_for
from convstudio.views.layers.inspector import Inspector
from convstudio.views.layers.panel import LayersPanel
from convstudio.views.pictures.clipboard import frame_from_image, image_from_picture
from convstudio.views.pictures.pair import PicturePair
from convstudio.views.window.actions import ACTIONS, State
from convstudio.views.window.export_panel import ExportPanel
from convstudio.views.window.play_bar import PlayBar
from convstudio.views.window.source_panel import Offer, SourcePanel
from convstudio.views.window.window import BOTTOM, LEFT, RIGHT, MainWindow

OPENABLE = (
    "Pictures, videos and sessions (*.png *.jpg *.jpeg *.tif *.tiff *.bmp *.webp *.mp4 *.avi *.mkv *.mov *.webm "
    f"*.mjpg *{SESSION_SUFFIX});;Every file (*)"
)
SCHEMES = {Theme.SYSTEM: Qt.ColorScheme.Unknown, Theme.LIGHT: Qt.ColorScheme.Light, Theme.DARK: Qt.ColorScheme.Dark}
ARTICLE_SAMPLE = "article"
GRID = ((0.0,) * 5, (0.0, 0.0, 1.0, 0.0, 0.0), (0.0, 1.0, 1.0, 1.0, 0.0), (0.0, 0.0, 1.0, 0.0, 0.0), (0.0,) * 5)
"""The first typed grid: a small plus sign."""


@dataclass(frozen=True)
class Panels:
    """The window and every panel in it."""

    window: MainWindow
    pair: PicturePair
    play_bar: PlayBar
    layers: LayersPanel
    source: SourcePanel
    inspector: Inspector
    kernel: KernelPanel
    parameters: ParametersPanel
    arithmetic: ArithmeticPanel
    export: ExportPanel


def build_panels(offers: Sequence[Offer]) -> Panels:
    """Make the window with its panels in their places."""
    pair, play_bar = PicturePair(), PlayBar()
    window = MainWindow((pair, play_bar))
    side = QWidget()
    stack = QVBoxLayout(side)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(0)
    panels = Panels(
        window=window,
        pair=pair,
        play_bar=play_bar,
        layers=LayersPanel(),
        source=SourcePanel(offers),
        inspector=Inspector(),
        kernel=KernelPanel(),
        parameters=ParametersPanel(),
        arithmetic=ArithmeticPanel(),
        export=ExportPanel(tuple(Values), tuple(Content), tuple(Format), tuple(Depth)),
    )
    for widget in (panels.source, panels.kernel, panels.inspector):
        stack.addWidget(widget)
    stack.addStretch(1)
    window.add_panel("layers", "Layers", panels.layers, LEFT, scrolls=False)
    window.add_panel("inspector", "Inspector", side, RIGHT, scrolls=True)
    window.add_panel("parameters", "Parameters", panels.parameters, BOTTOM, scrolls=False)
    window.add_panel("arithmetic", "Arithmetic", panels.arithmetic, BOTTOM, scrolls=True)
    window.add_panel("export", "Export", panels.export, BOTTOM, scrolls=True)
    window.resize(1440, 900)
    window.arrange({"layers": 248, "inspector": 376}, {"parameters": 240})
    return panels


class Wiring(QObject):
    """Joins panels and commands for as long as the window lives."""

    def __init__(
        self, panels: Panels, commands: Commands, settings: Settings, remember: Callable[[Settings], None]
    ) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self.settings = settings
        self._remember = remember
        self._pinned: Unit | None = None
        self._hovered: Unit | None = None
        self._connect_recipe()
        self._connect_probe()
        self._connect_window()
        self._show_settings()
        self._show_document(commands.document)

    # recipe

    def _connect_recipe(self) -> None:
        panels, commands = self._panels, self._commands
        layers = panels.layers
        layers.layer_added.connect(lambda kind: commands.add_layer(lambda shape: layer_for(kind, shape)))
        layers.layer_duplicated.connect(commands.duplicate_layer)
        layers.layer_deleted.connect(commands.delete_layer)
        layers.layer_moved.connect(commands.move_layer)
        layers.layer_edited.connect(commands.edit_layer)
        layers.layer_selected.connect(commands.select)
        for panel in (panels.inspector, panels.kernel):
            panel.layer_edited.connect(commands.edit_selected)
            panel.gesture_ended.connect(commands.end_gesture)
        panels.inspector.edit_refused.connect(panels.window.status.refuse)
        panels.kernel.message.connect(panels.window.status.refuse)
        panels.kernel.previews_wanted.connect(
            lambda keys: commands.preview_presets(tuple(keys), panels.kernel.show_previews)
        )
        panels.pair.map_selected.connect(self._select_map)
        panels.pair.display_edited.connect(commands.edit_display)
        panels.source.sample_chosen.connect(commands.open_sample)
        panels.source.grid_edited.connect(commands.open_grid)
        panels.source.message.connect(panels.window.status.refuse)
        commands.store.changed.connect(self._show_document)
        commands.layer_refused.connect(layers.show_refusal)
        commands.shown.connect(self._show)

    def _show_document(self, document: Document) -> None:
        made = self._commands.plan()
        self._panels.layers.show_document(document, made)
        step = made.steps[document.selected] if made is not None and document.selected >= 0 else None
        self._show_step(step, is_source=document.selected < 0)
        self._panels.parameters.show_plan(made, document.selected)
        self._show_actions()

    def _show_step(self, step: Step | None, *, is_source: bool) -> None:
        panels = self._panels
        has_kernel = step is not None and isinstance(step.layer, Conv | ConvTranspose)
        panels.source.setVisible(is_source)
        panels.kernel.setVisible(has_kernel)
        panels.inspector.setVisible(not is_source)
        panels.inspector.show_step(step)
        panels.kernel.show_step(step if has_kernel else None)

    def _show(self, shown: Shown) -> None:
        panels = self._panels
        panels.pair.show_shown(shown)
        panels.layers.show_shown(shown)
        if shown.result.document == self._commands.document:
            self._show_document(shown.result.document)
            panels.layers.show_shown(shown)
        panels.window.status.show_shown(shown, self._commands.milliseconds)
        self._show_probe()
        self._show_export()
        self._show_actions()

    def _select_map(self, side: str, number: int) -> None:
        self._commands.select_map(side, number)
        if side == "output":  # a map is made by the filter of its number, across channels or on each alone
            self._panels.kernel.show_filter(number)

    # probe

    def _connect_probe(self) -> None:
        pair = self._panels.pair
        pair.unit_hovered.connect(self._hover)
        pair.unit_pinned.connect(self._pin)
        pair.input_hovered.connect(self._hover_input)
        self._panels.kernel.cell_hovered.connect(self._hover_cell)

    def _hover(self, unit: Unit | None) -> None:
        self._hovered = unit
        self._show_probe()

    def _pin(self, unit: Unit) -> None:
        self._pinned = None if unit == self._pinned else unit
        self._panels.window.raise_panel("arithmetic")
        self._show_probe()

    def _show_probe(self) -> None:
        unit = self._pinned or self._hovered
        panels, shown = self._panels, self._commands.latest
        found = None
        if unit is not None and shown is not None and shown.output_index >= 0:
            channels, height, width = shown.result.planes_at(shown.output_index).shape
            if unit.channel < channels and unit.row < height and unit.column < width:
                found = trace(shown.result, shown.output_index, unit.channel, unit.row, unit.column)
        panels.pair.show_probe(found, is_pinned=self._pinned is not None)
        if panels.arithmetic.isVisible() or found is None:
            panels.arithmetic.show_trace(found)
        cells = frozenset[tuple[int, int]]()
        if found is not None and isinstance(found.step.layer, Conv | ConvTranspose):
            cells = frozenset((int(i), int(j)) for i in found.taps.rows.cells for j in found.taps.columns.cells)
        panels.kernel.highlight_cells(cells)

    def _hover_input(self, place: tuple[int, int] | None) -> None:
        shown = self._commands.latest
        if place is None or shown is None or shown.output_index < 0:
            self._panels.pair.show_reach(None)
            return
        first, last = shown.input_index + 1, shown.output_index
        self._panels.pair.show_reach(outputs_reached_from(shown.result.plan, first, last, *place))

    def _hover_cell(self, cell: tuple[int, int] | None) -> None:
        shown = self._commands.latest
        step = shown.result.plan.steps[shown.output_index] if shown and shown.output_index >= 0 else None
        if cell is None or step is None or not isinstance(step.layer, Conv | ConvTranspose):
            self._panels.pair.show_uses(None)
            return
        kernel = step.layer.kernel
        if cell[0] < kernel.vertical and cell[1] < kernel.horizontal:
            self._panels.pair.show_uses(uses_of_cell(step, *cell))

    # window

    def _connect_window(self) -> None:
        panels, commands = self._panels, self._commands
        window, status = panels.window, panels.window.status
        window.asked.connect(self._run)
        window.files_dropped.connect(lambda texts: self.open(texts[0]))
        window.picture_dropped.connect(self._paste)
        window.closing.connect(self._close)
        window.camera_menu.aboutToShow.connect(self._list_cameras)
        for offer in panels.source.offers:
            action = window.samples_menu.addAction(offer.title, partial(commands.open_sample, offer.key))
            action.setToolTip(offer.sentence)
        window.samples_menu.setToolTipsVisible(True)
        commands.said.connect(status.say)
        commands.refused.connect(status.refuse)
        commands.broke.connect(self.report_fault)
        commands.source_changed.connect(self._take_source)
        feed = commands.feed
        feed.state_changed.connect(lambda *_: self.show_source())
        feed.frame_arrived.connect(self._show_source_frame)
        bar = panels.play_bar
        bar.freeze_toggled.connect(lambda on: feed.freeze() if on else feed.unfreeze())
        bar.pause_toggled.connect(lambda on: feed.pause() if on else feed.resume())
        bar.sought.connect(feed.seek)
        bar.loop_toggled.connect(lambda on: feed.loop(is_looping=on))
        panels.export.options_chosen.connect(self._show_export)
        panels.export.export_asked.connect(self._export)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self._dress())

    def open(self, text: str) -> None:
        """Open a file or an address and remember it."""
        self._commands.open(text)

    def show_source(self) -> None:
        """Show what the source does at this moment."""
        feed = self._commands.feed
        self._panels.window.status.show_state(feed.state, feed.sentence, feed.frames_per_second)
        self._panels.play_bar.show_playback(feed.state, feed.playback, is_frozen=feed.is_frozen)
        self._show_actions()

    def report_fault(self, text: str) -> None:
        """Tell of a fault of ours, and how to lose nothing."""
        last = text.strip().splitlines()[-1]
        self._panels.window.status.refuse(f"A fault in ConvStudio: {last}. Save the session (Ctrl+S) and start again.")

    def _show_source_frame(self) -> None:
        frame = self._commands.feed.frame
        if frame is not None and self._panels.source.isVisible():
            self._panels.source.show_frame(frame, "")

    def _take_source(self, source: SourceReference) -> None:
        if source.kind in (SourceKind.FILE, SourceKind.URL):
            self._keep(with_recent(self.settings, source.text))
        name = Path(source.text).name if source.kind is SourceKind.FILE else source.text
        self._panels.window.setWindowTitle(f"{name} — ConvStudio" if name else "ConvStudio")

    def _show_actions(self) -> None:
        store, feed = self._commands.store, self._commands.feed
        document = store.document
        self._panels.window.show_state(
            State(
                has_result=self._commands.latest is not None,
                can_undo=store.can_undo,
                can_redo=store.can_redo,
                is_live=feed.state is not LiveState.STILL,
                is_frozen=feed.is_frozen,
                is_seekable=feed.playback.duration > 0,
                has_layer=document.selected >= 0,
                layers=len(document.layers),
                selected=document.selected,
            )
        )

    def _run(self, name: str) -> None:
        commands, window, feed = self._commands, self._panels.window, self._commands.feed
        selected = commands.document.selected
        deeds: dict[str, Callable[[], object]] = {
            "open": self._ask_open,
            "open-stream": lambda: window.finder.ask(
                "Address of a network camera or stream", "http://… or rtsp://…", self.open
            ),
            "paste": lambda: self._paste(QGuiApplication.clipboard().image()),
            "new-grid": self._new_grid,
            "save": self._save,
            "save-as": self._save_as,
            "export": lambda: window.raise_panel("export"),
            "quit": window.close,
            "undo": commands.store.undo,
            "redo": commands.store.redo,
            "copy-output": self._copy,
            "reset": lambda: commands.reset(first_recipe()),
            "articles-example": self._articles_example,
            "duplicate-layer": lambda: commands.duplicate_layer(selected),
            "delete-layer": lambda: commands.delete_layer(selected),
            "toggle-layer": lambda: commands.toggle_layer(selected),
            "layer-up": lambda: commands.move_layer(selected, selected - 1),
            "layer-down": lambda: commands.move_layer(selected, selected + 1),
            "previous-layer": lambda: commands.select(selected - 1),
            "next-layer": lambda: commands.select(selected + 1),
            "fit": self._panels.pair.fit,
            "actual-size": self._panels.pair.show_actual_size,
            "theme-system": lambda: self._keep(replace(self.settings, theme=Theme.SYSTEM)),
            "theme-light": lambda: self._keep(replace(self.settings, theme=Theme.LIGHT)),
            "theme-dark": lambda: self._keep(replace(self.settings, theme=Theme.DARK)),
            "presenter": lambda: self._keep(replace(self.settings, is_presenter=not self.settings.is_presenter)),
            "reset-panels": window.put_back,
            "full-screen": lambda: window.showNormal() if window.isFullScreen() else window.showFullScreen(),
            "freeze": lambda: feed.unfreeze() if feed.is_frozen else feed.freeze(),
            "play-pause": lambda: feed.resume() if feed.state is not LiveState.LIVE else feed.pause(),
            "back": lambda: feed.seek(max(0.0, feed.playback.position - 5)),
            "forward": lambda: feed.seek(min(feed.playback.duration, feed.playback.position + 5)),
            "search": window.search,
            "shortcuts": window.search,
            "about": lambda: window.status.say(
                f"ConvStudio {__version__}, MIT licence. Icons by Lucide (ISC); photographs public domain or CC0."
            ),
        }
        assert deeds.keys() == {row.name for row in ACTIONS}
        deeds[name]()
        self._show_actions()

    def _new_grid(self) -> None:
        self._commands.open_grid(GRID)
        self._commands.select(-1)

    def _articles_example(self) -> None:
        self._commands.reset(articles_recipe())
        self._commands.open_sample(ARTICLE_SAMPLE)

    # files

    def _ask_open(self) -> None:
        text, _ = QFileDialog.getOpenFileName(self._panels.window, "Open", self.settings.folder, OPENABLE)
        if text:
            self._keep(replace(self.settings, folder=str(Path(text).parent)))
            self.open(text)

    def _save(self) -> None:
        path = self._commands.session_path
        if path is None:
            self._save_as()
        else:
            self._commands.save(path)

    def _save_as(self) -> None:
        text, _ = QFileDialog.getSaveFileName(
            self._panels.window, "Save session", self.settings.folder, f"Sessions (*{SESSION_SUFFIX})"
        )
        if text:
            path = Path(text)
            self._commands.save(path if path.suffix else path.with_suffix(SESSION_SUFFIX))

    def _options(self) -> ExportOptions:
        values, content, kind, depth = self._panels.export.chosen()
        return ExportOptions(values=Values(values), content=Content(content), format=Format(kind), depth=Depth(depth))

    def _show_export(self) -> None:
        latest, panel = self._commands.latest, self._panels.export
        if latest is None or not panel.isVisible():
            return
        options = self._options()
        shape = latest.result.plan.shape_at(latest.output_index)
        problem = problem_of(options)
        if problem:
            panel.show_subject(f"The output is {shape}.", problem, is_possible=False)
            return
        warning = clipping_sentence(latest.result, latest.output_index, latest.selection.output_map, options)
        panel.show_subject(
            f"The output is {shape}; it is saved in its own size, {shape.width}×{shape.height}.",
            warning,
            is_possible=True,
        )

    def _export(self) -> None:
        options = self._options()
        suffix = suffix_of(options.format)
        suggestion = str(Path(self.settings.folder) / f"filtered{suffix}")
        text, _ = QFileDialog.getSaveFileName(self._panels.window, "Export", suggestion, f"*{suffix}")
        if text:
            path = Path(text)
            self._keep(replace(self.settings, folder=str(path.parent)))
            self._commands.export(path if path.suffix else path.with_suffix(suffix), options)

    def _paste(self, image: QImage) -> None:
        frame = frame_from_image(image)
        if frame is None:
            self._panels.window.status.refuse("There is no picture on the clipboard; copy one first.")
        else:
            self._commands.paste(frame)

    def _copy(self) -> None:
        latest = self._commands.latest
        if latest is not None:
            QGuiApplication.clipboard().setImage(image_from_picture(latest.output))
            self._panels.window.status.say("The output as shown is on the clipboard.")

    def _list_cameras(self) -> None:
        menu = self._panels.window.camera_menu
        menu.clear()
        menu.addAction("Looking for cameras …").setEnabled(False)
        self._commands.find_cameras(lambda cameras: self._show_cameras(menu, cameras))

    def _show_cameras(self, menu: QMenu, cameras: tuple[CameraInfo, ...]) -> None:
        menu.clear()
        for camera in cameras:
            menu.addAction(camera.name, partial(self._commands.open_camera, camera))
        if not cameras:
            menu.addAction("No camera was found; connect one and open this menu again.").setEnabled(False)
        menu.addSeparator()
        menu.addAction(self._panels.window.actions_by_name["open-stream"])

    # settings

    def _keep(self, settings: Settings) -> None:
        before, self.settings = self.settings, settings
        self._remember(settings)
        if (before.theme, before.is_presenter) != (settings.theme, settings.is_presenter):
            self._dress()
        self._show_recent()

    def _dress(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, self.settings)

    def _show_settings(self) -> None:
        window, settings = self._panels.window, self.settings
        if settings.window_geometry:
            window.restoreGeometry(QByteArray.fromBase64(settings.window_geometry.encode()))
            window.restoreState(QByteArray.fromBase64(settings.window_state.encode()))
        self._show_recent()

    def _show_recent(self) -> None:
        menu = self._panels.window.recent_menu
        menu.clear()
        menu.setEnabled(bool(self.settings.recent))
        for text in self.settings.recent:
            menu.addAction(text, partial(self.open, text))

    def _close(self, event: QCloseEvent) -> None:
        window, commands = self._panels.window, self._commands
        if commands.store.is_dirty and commands.session_path is not None:
            answer = QMessageBox.question(
                window, "ConvStudio", "The recipe has changes that are not saved. Close all the same?"
            )
            if answer is not QMessageBox.StandardButton.Yes:
                event.ignore()
                return
        self._keep(
            replace(
                self.settings,
                window_geometry=bytes(window.saveGeometry().toBase64().data()).decode(),
                window_state=bytes(window.saveState().toBase64().data()).decode(),
            )
        )


def dress(application: QApplication, settings: Settings) -> None:
    """Give the application the look that the person chose."""
    theme.apply(application, SCHEMES[settings.theme])
    theme.fonts(application, scale=theme.PRESENTER if settings.is_presenter else 1.0)


def save_output(commands: Commands, path: Path) -> None:
    """Write the output as shown, at once."""
    latest = commands.latest
    assert latest is not None
    options = ExportOptions(values=Values.SHOWN, content=Content.MAP, format=Format.PNG, depth=Depth.EIGHT)
    export(latest.result, latest.output_index, latest.selection.output_map, options, path)
