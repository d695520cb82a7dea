"""The recipe: panels that edit layers, kernels and the display, and every panel that shows the result."""

from PySide6.QtCore import QObject

from convstudio.commands.commands import Commands
from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveState
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import Shown
from convstudio.runtime.pacing import Pacing, is_drag
from convstudio.views.flow.choices import CHOICES
from convstudio.wiring.panels import Panels


class RecipeWiring(QObject):
    """Joins layers, inspector, kernel, pictures and the counts with the document."""

    def __init__(self, panels: Panels, commands: Commands) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self._source_frame: Frame | None = None  # the picture that the source's panel shows
        self._planned: Plan | None = None
        self._documented: Document | None = None  # the recipe that the panels show
        self._is_passing = False  # it was shown while its numbers were dragged, and not all of it
        self._is_completing = False  # the large pictures are of a newer result than the small ones
        self._pacing = Pacing(self)
        self._pacing.recipe_due.connect(self._show_recipe)
        self._pacing.figures_due.connect(self._show_figures)
        self._connect_panels()
        self._layers = commands.recipe.document.layers
        commands.recipe.store.changed.connect(self._forget_sentence)
        commands.recipe.store.changed.connect(self._take_document)
        panels.window.stage_changed.connect(lambda _: self._show_counts())
        commands.sources.feed.frame_arrived.connect(self._show_source)
        commands.looking.layer_refused.connect(self._refuse_layer)
        commands.looking.shown.connect(self._show)
        commands.looking.sharpened.connect(self._sharpen)
        commands.looking.previewed.connect(self._show_previewed)
        panels.pair.scene_changed.connect(self._look)

    def show_document(self, document: Document) -> None:
        """Show the recipe in every panel that edits it."""
        self._pacing.recipe_shown()
        self._documented, self._is_passing = document, self._commands.looking.is_draft
        plan = self._commands.looking.plan()
        self._panels.flow.show_document(document, plan)
        step = plan.steps[document.selected] if plan is not None and document.selected >= 0 else None
        if plan is None:
            step = self._commands.looking.refused_step()
            self._panels.inspector.show_empty(has_picture=self._commands.looking.frame is not None)
        self._panels.inspector.show_step(step, is_source=document.selected < 0, is_passing=self._is_passing)
        self._show_source()
        self._planned = plan
        self._show_counts()

    def _take_document(self, document: Document) -> None:
        """Let the panels edit the new recipe at once; while only numbers are dragged, show it with a picture."""
        is_draft = self._commands.looking.is_draft
        plan = self._commands.looking.plan() if is_draft and is_drag(self._documented, document) else None
        if plan is None:
            self._pacing.drop()
            self.show_document(document)
            return
        self._panels.flow.take_document(document, plan)
        self._panels.inspector.take_step(plan.steps[document.selected])
        self._pacing.drag()

    def _refuse_layer(self, index: int, sentence: str) -> None:
        """Show the recipe before its refusal: shown after it, it would wipe the refusal out."""
        self._pacing.drop()
        self._show_recipe()
        self._panels.flow.show_refusal(index, sentence)
        if index == self._commands.recipe.document.selected:
            self._panels.inspector.fields.formula.show_refusal(sentence.partition("): ")[2] or sentence)

    def _forget_sentence(self, document: Document) -> None:
        """What the status line says of layers is about those that were there when it was said."""
        if document.layers is not self._layers:
            self._layers = document.layers
            self._panels.window.status.forget_recipe()

    def _connect_panels(self) -> None:
        panels, commands = self._panels, self._commands
        flow, status = panels.flow, panels.window.status
        flow.layer_added.connect(lambda label, place: commands.recipe.add_layer(CHOICES[label].make, place))
        flow.layer_duplicated.connect(commands.recipe.duplicate_layer)
        flow.layer_deleted.connect(commands.recipe.delete_layer)
        flow.layer_moved.connect(commands.recipe.move_layer)
        flow.layer_edited.connect(commands.recipe.edit_layer)
        flow.layer_selected.connect(commands.looking.select)
        panels.inspector.layer_edited.connect(commands.recipe.edit_selected)
        panels.inspector.gesture_ended.connect(commands.recipe.end_gesture)
        panels.inspector.message.connect(status.refuse)
        panels.inspector.lit_clicked.connect(panels.pair.show_lit)
        panels.strip.opened.connect(lambda: panels.window.show_stage("count"))
        panels.explanations["count"].opened.connect(
            lambda stage, _: stage.compared.connect(panels.strip.show_comparison)
        )
        panels.pair.map_selected.connect(self._select_map)
        panels.pair.channel_selected.connect(commands.looking.select_channel)
        panels.pair.clipped_toggled.connect(commands.looking.mark_clipped)
        panels.pair.source_range_edited.connect(commands.looking.show_source_in)
        panels.pair.parts_seen.connect(commands.looking.see_parts)
        panels.pair.display_edited.connect(commands.recipe.edit_display)
        panels.inspector.samples.sample_chosen.connect(commands.sources.open_sample)
        panels.inspector.source.grid_edited.connect(commands.sources.open_grid)

    def _show_counts(self) -> None:
        is_counted = self._panels.window.stage == "count"
        self._panels.strip.show_sentence_only(is_on=is_counted)
        if not is_counted:  # that stage says itself what it counts
            self._panels.strip.show_plan(self._planned, self._commands.recipe.document.selected)

    def _show_source(self) -> None:
        frame = self._commands.sources.feed.frame
        if frame is not None and frame is not self._source_frame and self._commands.recipe.document.selected < 0:
            self._source_frame = frame
            self._panels.inspector.show_frame(frame)

    def _look(self) -> None:
        self._commands.looking.look_at(self._panels.pair.scene)

    def _show(self, shown: Shown) -> None:
        self._panels.pair.show_shown(shown)
        self._is_completing = not shown.is_complete
        if self._is_completing:
            return
        self._look()  # another picture, or another shape, may lie otherwise on the screen
        is_still = shown.is_exact and self._commands.sources.feed.state is LiveState.STILL
        self._pacing.follow(is_moving=self._commands.looking.is_draft or not is_still)

    def _sharpen(self, shown: Shown) -> None:
        """Show more of the same result: closer to exact, or with what is small."""
        if self._is_completing:
            self._show(shown)
        else:
            self._panels.pair.show_shown(shown)

    def _show_previewed(self, shown: Shown) -> None:
        """Show in the pictures alone what is only looked at; the panels are about the document."""
        self._panels.pair.show_shown(shown)
        self._look()

    def _show_recipe(self) -> None:
        """Show the newest recipe, where the panels show another, or one in passing, or one of another shape."""
        latest, document = self._commands.looking.latest, self._commands.recipe.document
        is_at_rest = self._is_passing and not self._commands.looking.is_draft
        if document is not self._documented or is_at_rest:
            self.show_document(document)
        if latest is not None and latest.result.document is document and latest.result.plan != self._planned:
            self.show_document(document)

    def _show_figures(self) -> None:
        """Show the thumbnails and figures of the latest picture."""
        panels, commands, latest = self._panels, self._commands, self._commands.looking.latest
        if latest is None:
            return
        panels.flow.show_shown(latest)
        panels.window.status.show_milliseconds(commands.looking.milliseconds)
        panels.inspector.show_shown(latest)

    def _select_map(self, side: str, number: int) -> None:
        self._commands.looking.select_map(side, number)
        if side == "output":  # a map is made by the filter of its number, across channels or on each alone
            self._panels.kernel.show_filter(number)
