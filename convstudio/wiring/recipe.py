"""The recipe: panels that edit layers, kernels and the display, and every panel that shows the result."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from convstudio.commands.commands import Commands
from convstudio.core.frame import Frame
from convstudio.core.live import LiveState
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.view.shown import Shown
from convstudio.views.flow.choices import CHOICES
from convstudio.wiring.panels import Panels

PATIENCE = 24  # milliseconds; the panels are told of a drag with its pictures, or after so long where those are slow
APART = 3  # milliseconds between turns: what one changed is painted before the next
SELDOM = 50  # milliseconds between two looks at thumbnails and figures, which nobody reads any quicker


class RecipeWiring(QObject):
    """Joins layers, inspector, kernel, pictures and parameters with the document."""

    def __init__(self, panels: Panels, commands: Commands) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self._previewed: Frame | None = None
        self._told: Frame | None = None
        self._planned: Plan | None = None
        self._documented: Document | None = None  # the recipe that the panels show
        self._is_passing = False  # it was shown while its numbers were dragged, and not all was told of it
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(PATIENCE)
        self._telling.timeout.connect(self._tell_in_turn)
        self._turns: list[Callable[[], None]] = []  # what follows a picture
        self._following = QTimer(self)
        self._following.setInterval(APART)
        self._following.timeout.connect(self._take_turn)
        self._last = QTimer(self)  # thumbnails and figures of the last picture, when no other comes
        self._last.setSingleShot(True)
        self._last.setInterval(SELDOM)
        self._last.timeout.connect(self._show_rest_of_latest)
        self._since_rest = QElapsedTimer()
        self._connect_panels()
        self._layers = commands.recipe.document.layers
        commands.recipe.store.changed.connect(self._forget_sentence)
        commands.recipe.store.changed.connect(self._take_document)
        panels.window.panel_seen.connect(lambda *_: self._show_parameters())
        commands.sources.feed.frame_arrived.connect(self._show_source)
        commands.looking.layer_refused.connect(self._forget_turns)
        commands.looking.layer_refused.connect(
            lambda *_: self._tell()
        )  # told later, the recipe would wipe the refusal out
        commands.looking.layer_refused.connect(panels.layers.show_refusal)
        commands.looking.shown.connect(self._show)
        commands.looking.sharpened.connect(panels.pair.show_shown)
        panels.pair.scene_changed.connect(self._look)

    def show_document(self, document: Document) -> None:
        """Show the recipe in every panel that edits it."""
        self._telling.stop()
        self._documented, self._is_passing = document, self._commands.looking.is_draft
        made = self._commands.looking.plan()
        self._panels.layers.show_document(document, made)
        step = made.steps[document.selected] if made is not None and document.selected >= 0 else None
        self._show_step(step, is_source=document.selected < 0)
        self._show_source()
        self._planned = made
        self._show_parameters()

    def _take_document(self, document: Document) -> None:
        """Let the panels edit the new recipe at once; while only numbers are dragged, show it with a picture."""
        known = self._documented
        made = (
            self._commands.looking.plan() if self._commands.looking.is_draft and _is_a_drag(known, document) else None
        )
        if made is None:
            self._forget_turns()
            self.show_document(document)
            return
        self._panels.layers.take_document(document, made)
        for panel in (self._panels.inspector, self._panels.kernel):
            panel.take_step(made.steps[document.selected])
        if not self._telling.isActive():
            self._telling.start()

    def _forget_sentence(self, document: Document) -> None:
        """What the status line says of layers is about those that were there when it was said."""
        if document.layers is not self._layers:
            self._layers = document.layers
            self._panels.window.status.forget_recipe()

    def _tell_in_turn(self) -> None:
        """Show the newest recipe once what follows a picture is told: both at once would make one long turn."""
        if self._turns:
            self._telling.start()
        else:
            self._tell()

    def _tell(self) -> None:
        """Show the newest recipe, if the panels have not been shown it yet, or only in passing."""
        is_at_rest = self._is_passing and not self._commands.looking.is_draft
        if self._commands.recipe.document is not self._documented or is_at_rest:
            self.show_document(self._commands.recipe.document)

    def _connect_panels(self) -> None:
        panels, commands = self._panels, self._commands
        layers, status = panels.layers, panels.window.status
        layers.layer_added.connect(lambda label: commands.recipe.add_layer(CHOICES[label].make))
        layers.layer_duplicated.connect(commands.recipe.duplicate_layer)
        layers.layer_deleted.connect(commands.recipe.delete_layer)
        layers.layer_moved.connect(commands.recipe.move_layer)
        layers.layer_edited.connect(commands.recipe.edit_layer)
        layers.layer_selected.connect(commands.looking.select)
        for panel in (panels.inspector, panels.kernel):
            panel.layer_edited.connect(commands.recipe.edit_selected)
            panel.gesture_ended.connect(commands.recipe.end_gesture)
        panels.inspector.edit_refused.connect(status.refuse)
        panels.kernel.message.connect(status.refuse)
        panels.kernel.previews_wanted.connect(
            lambda keys: commands.looking.preview_presets(tuple(keys), panels.kernel.show_previews)
        )
        panels.pair.map_selected.connect(self._select_map)
        panels.pair.view_bar.gallery_toggled.connect(self._show_shares)
        panels.pair.display_edited.connect(commands.recipe.edit_display)
        panels.source.sample_chosen.connect(commands.sources.open_sample)
        panels.source.grid_edited.connect(commands.sources.open_grid)
        panels.source.message.connect(status.refuse)

    def _show_step(self, step: Step | None, *, is_source: bool) -> None:
        panels = self._panels
        has_kernel = step is not None and isinstance(step.layer, Conv | ConvTranspose)
        panels.source.setVisible(is_source)
        panels.kernel.setVisible(has_kernel)
        panels.inspector.setVisible(not is_source)
        panels.inspector.show_step(step)
        panels.kernel.show_step(step if has_kernel else None, is_passing=self._is_passing)

    def _show_parameters(self) -> None:
        if self._panels.window.is_seen("parameters"):
            self._panels.parameters.show_plan(self._planned, self._commands.recipe.document.selected)

    def _show_source(self) -> None:
        frame = self._commands.sources.feed.frame
        if frame is not None and frame is not self._told and self._commands.recipe.document.selected < 0:
            self._told = frame
            self._panels.source.show_frame(frame)

    def _look(self) -> None:
        self._commands.looking.look_at(self._panels.pair.scene)

    def _show(self, shown: Shown) -> None:
        self._panels.pair.show_shown(shown)
        self._look()  # another picture, or another shape, may lie otherwise on the screen
        self._turns = [self._show_recipe_of_latest, self._show_rest_of_latest]
        is_still = shown.is_exact and self._commands.sources.feed.state is LiveState.STILL
        if self._commands.looking.is_draft or not is_still:
            if self._since_rest.isValid() and not self._since_rest.hasExpired(SELDOM):
                self._turns.pop()
                self._last.start()
            self._following.start()  # where pictures follow one another, each by itself: no turn must be long
            return
        while self._turns:
            self._take_turn()

    def _take_turn(self) -> None:
        turn = self._turns.pop(0)
        if not self._turns:
            self._following.stop()
        turn()

    def _forget_turns(self, *_: object) -> None:
        """What would be told of the latest picture is no longer true; another picture, or a refusal, is."""
        self._turns.clear()
        self._following.stop()
        self._last.stop()

    def _show_recipe_of_latest(self) -> None:
        self._tell()
        shown, document = self._commands.looking.latest, self._commands.recipe.document
        if shown is not None and shown.result.document is document and shown.result.plan != self._planned:
            self.show_document(document)  # the picture has another shape than before

    def _show_rest_of_latest(self) -> None:
        panels, commands, shown = self._panels, self._commands, self._commands.looking.latest
        if shown is None:
            return
        self._last.stop()
        self._since_rest.start()
        panels.layers.show_shown(shown)
        panels.window.status.show_shown(shown, commands.looking.milliseconds)
        self._show_shares()
        frame = shown.result.frame
        if frame is not self._previewed and commands.sources.feed.state is LiveState.STILL:
            self._previewed = frame  # what the presets would do is shown on this picture, not on the one before
            panels.kernel.ask_previews()

    def _show_shares(self, *_: object) -> None:
        self._panels.window.status.show_shares(self._panels.pair.shares)

    def _select_map(self, side: str, number: int) -> None:
        self._commands.looking.select_map(side, number)
        if side == "output":  # a map is made by the filter of its number, across channels or on each alone
            self._panels.kernel.show_filter(number)


def _is_a_drag(known: Document | None, document: Document) -> bool:
    """Whether nothing but numbers of the selected layer's weights and biases differs."""
    if known is None or known is document or document.selected < 0 or len(known.layers) != len(document.layers):
        return False
    old, new = known.layers[document.selected], document.layers[document.selected]
    if not isinstance(old, Conv | ConvTranspose) or not isinstance(new, Conv | ConvTranspose):
        return False
    if type(old) is not type(new) or old.weight.array.shape != new.weight.array.shape:
        return False
    layers = list(document.layers)
    layers[document.selected] = replace(new, weight=old.weight, bias=old.bias)
    return replace(document, layers=tuple(layers)) == known and document.selected == known.selected
