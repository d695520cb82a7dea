"""The recipe: panels that edit layers, kernels and the display, and every panel that shows the result."""

from PySide6.QtCore import QObject

from convstudio.commands import Commands
from convstudio.core.document import Document
from convstudio.core.frame import Frame
from convstudio.core.layers import Conv, ConvTranspose
from convstudio.core.live import LiveState
from convstudio.core.plan import Plan, Step
from convstudio.core.shown import Shown
from convstudio.views.layers.choices import layer_for
from convstudio.wiring.panels import Panels


class RecipeWiring(QObject):
    """Joins layers, inspector, kernel, pictures and parameters with the document."""

    def __init__(self, panels: Panels, commands: Commands) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self._previewed: Frame | None = None
        self._told: Frame | None = None
        self._planned: Plan | None = None
        self._connect_panels()
        commands.store.changed.connect(self.show_document)
        panels.window.panel_seen.connect(lambda *_: self._show_parameters())
        commands.feed.frame_arrived.connect(self._show_source)
        commands.layer_refused.connect(panels.layers.show_refusal)
        commands.shown.connect(self._show)
        commands.sharpened.connect(panels.pair.show_shown)
        panels.pair.scene_changed.connect(self._look)

    def show_document(self, document: Document) -> None:
        """Show the recipe in every panel that edits it."""
        made = self._commands.plan()
        self._panels.layers.show_document(document, made)
        step = made.steps[document.selected] if made is not None and document.selected >= 0 else None
        self._show_step(step, is_source=document.selected < 0)
        self._show_source()
        self._planned = made
        self._show_parameters()

    def _connect_panels(self) -> None:
        panels, commands = self._panels, self._commands
        layers, status = panels.layers, panels.window.status
        layers.layer_added.connect(lambda kind: commands.add_layer(lambda shape: layer_for(kind, shape)))
        layers.layer_duplicated.connect(commands.duplicate_layer)
        layers.layer_deleted.connect(commands.delete_layer)
        layers.layer_moved.connect(commands.move_layer)
        layers.layer_edited.connect(commands.edit_layer)
        layers.layer_selected.connect(commands.select)
        for panel in (panels.inspector, panels.kernel):
            panel.layer_edited.connect(commands.edit_selected)
            panel.gesture_ended.connect(commands.end_gesture)
        panels.inspector.edit_refused.connect(status.refuse)
        panels.kernel.message.connect(status.refuse)
        panels.kernel.previews_wanted.connect(
            lambda keys: commands.preview_presets(tuple(keys), panels.kernel.show_previews)
        )
        panels.pair.map_selected.connect(self._select_map)
        panels.pair.display_edited.connect(commands.edit_display)
        panels.source.sample_chosen.connect(commands.open_sample)
        panels.source.grid_edited.connect(commands.open_grid)
        panels.source.message.connect(status.refuse)

    def _show_step(self, step: Step | None, *, is_source: bool) -> None:
        panels = self._panels
        has_kernel = step is not None and isinstance(step.layer, Conv | ConvTranspose)
        panels.source.setVisible(is_source)
        panels.kernel.setVisible(has_kernel)
        panels.inspector.setVisible(not is_source)
        panels.inspector.show_step(step)
        panels.kernel.show_step(step if has_kernel else None)

    def _show_parameters(self) -> None:
        if self._panels.window.is_seen("parameters"):
            self._panels.parameters.show_plan(self._planned, self._commands.document.selected)

    def _show_source(self) -> None:
        frame = self._commands.feed.frame
        if frame is not None and frame is not self._told and self._commands.document.selected < 0:
            self._told = frame
            self._panels.source.show_frame(frame)

    def _look(self) -> None:
        self._commands.look_at(self._panels.pair.scene)

    def _show(self, shown: Shown) -> None:
        panels, commands = self._panels, self._commands
        panels.pair.show_shown(shown)
        self._look()  # another picture, or another shape, may lie otherwise on the screen
        if shown.result.document is commands.document and shown.result.plan != self._planned:
            self.show_document(shown.result.document)  # the picture has another shape than before
        panels.layers.show_shown(shown)
        panels.window.status.show_shown(shown, commands.milliseconds)
        frame = shown.result.frame
        if frame is not self._previewed and commands.feed.state is LiveState.STILL:
            self._previewed = frame  # what the presets would do is shown on this picture, not on the one before
            panels.kernel.ask_previews()

    def _select_map(self, side: str, number: int) -> None:
        self._commands.select_map(side, number)
        if side == "output":  # a map is made by the filter of its number, across channels or on each alone
            self._panels.kernel.show_filter(number)
