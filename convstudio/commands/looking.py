"""Looking: which layer, map and region somebody looks at, and the jobs and answers that bring it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from weakref import ref

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from convstudio.core.cost import cost_of, most_bytes
from convstudio.core.display.colours import SignedScale
from convstudio.core.display.pictures import Picture
from convstudio.core.display.ranges import Steadiness
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, alike, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.kernels.choices import PresetChoice
from convstudio.core.live_source import LiveState
from convstudio.core.recipe.document import Document, with_layer
from convstudio.core.recipe.layers import Layer
from convstudio.core.recipe.plan import Plan, Refusal, Step, plan, refused_step
from convstudio.core.view.previews import previews, telling_crop
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.runtime.engine import Answer, Engine, Job
from convstudio.runtime.feed import Feed
from convstudio.runtime.store import Store
from convstudio.runtime.tasks import Tasks


@dataclass(frozen=True)
class SourceRange:
    """The two values between which a source is shown; another source has its own."""

    ends: tuple[float, float]
    generation: int
    frame: "ref[Frame]"

    def ends_for(self, frame: Frame, generation: int) -> tuple[float, float] | None:
        """The ends while that source goes on, or once its picture is back; else None."""
        return self.ends if generation == self.generation or frame is self.frame() else None


REST = 250  # milliseconds without a further edit after which a gesture counts as resting


class LookingCommands(QObject):
    """Has the present recipe computed on the present picture, whenever one of them or what is looked at changes.

    A preview shows another recipe in its place, and is no edit: the document stays, and so does `latest`, which is what
    a person saves and copies. Any change of the document ends it.
    """

    said = Signal(str)  # what happened
    refused = Signal(str)  # what cannot be done, and what to do
    layer_refused = Signal(int, str)
    shown = Signal(object)  # Shown
    sharpened = Signal(object)  # Shown: the same as before, more of it exact
    previewed = Signal(object)  # Shown: of a recipe that is only looked at; when that ends, of the document again
    preview_ended = Signal()
    broke = Signal(str)  # a traceback of a fault of ours

    def __init__(self, store: Store, feed: Feed, engine: Engine, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._feed, self._engine, self._tasks = store, feed, engine, tasks
        self.latest: Shown | None = None  # of the document
        self._latest_job: Job | None = None
        self._preview: Document | None = None
        self._previewed: Shown | None = None
        self._crop_place: tuple[int, int, Shape, int] | None = None  # source, layer, what it reads, side
        self._crop: Region | None = None  # of what it reads, that previews of presets show
        self._answered: Document | None = None  # of the document's jobs, the last that was answered or refused
        self.milliseconds = 0.0  # that the latest result took
        self._selection = Selection()
        self._source_range: SourceRange | None = None  # that a person chose
        self._next_range: tuple[tuple[float, float], int] | None = None  # of the source that follows a generation
        self._scene: Scene | None = None
        self._planned: tuple[Document, Shape, Plan] | None = None
        self._costed: tuple[Document | None, Shape] = None, Shape(0, 0, 0)  # of what the cost was last worked out
        self._notes: tuple[str, ...] = ()
        self._is_draft = False  # a gesture is under way: what is computed now is computed once more when it rests
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(lambda: self._settle(is_held=self.is_button_down()))
        self._is_held = False  # the gesture was computed exactly while it only paused
        self.is_button_down: Callable[[], bool] = lambda: False  # the application says it
        store.changed.connect(self._take_document)
        feed.frame_arrived.connect(self._submit)
        feed.state_changed.connect(lambda *_: self._catch_up())
        engine.answered.connect(self._take)
        feed.hold_while(lambda: engine.is_full)
        engine.began.connect(feed.go_on, Qt.ConnectionType.QueuedConnection)

    @property
    def frame(self) -> Frame | None:
        """The picture that the recipe works on."""
        return self._feed.frame

    @property
    def is_draft(self) -> bool:
        """Whether a gesture is under way."""
        return self._is_draft

    @property
    def result(self) -> Result | None:
        """The last good result, if there is one."""
        return self.latest.result if self.latest else None

    @property
    def on_screen(self) -> Shown | None:
        """What the pictures show: the preview, or else the latest of the document."""
        return self._previewed or self.latest

    def hand_over(self, done: Callable[[Shown], None]) -> None:
        """Hand over the latest, of the picture that is on the screen: a film goes on while a preview is looked at."""
        latest, on_screen = self.latest, self.on_screen
        if latest is None or on_screen is None:
            return
        document, frame = self._store.document, on_screen.result.frame
        if latest.result.frame is frame or not latest.result.is_whole:
            done(latest)
            return

        def work() -> Shown:
            return show(evaluate(document, frame), latest.selection, latest, steadiness=Steadiness.STREAM)

        self._tasks.compute(work, done, self.refused.emit)

    def plan(self) -> Plan | None:
        """The plan of the recipe for the present picture, if it can be made."""
        frame = self.frame
        try:
            return self.plan_of(self._store.document, frame) if frame else None
        except ConvStudioError:
            return None

    def refused_step(self) -> Step | None:
        """The selected layer with what arrives at it, where there is no plan; None where nothing arrives."""
        document, frame = self._store.document, self.frame
        if frame is None or document.selected < 0:
            return None
        return refused_step(document, frame.shape, document.selected)

    def plan_of(self, document: Document, frame: Frame) -> Plan:
        """The plan of a recipe for a picture; the newest is cached, for commands and panels ask one after the other.

        Raises
        ------
        ConvStudioError
            If there is none.
        """
        if self._planned is None or self._planned[0] is not document or self._planned[1] != frame.shape:
            self._planned = document, frame.shape, plan(document, frame.shape)
        return self._planned[2]

    def select(self, index: int) -> None:
        """Look at another layer; −1 is the source."""
        if index != self._store.document.selected:
            self.forget_maps()
            self._store.select(index)

    def select_map(self, side: str, number: int) -> None:
        """Look at another map of the input or the output."""
        old = self._selection
        self._look(replace(old, input_map=number) if side == "input" else replace(old, output_map=number))

    def select_channel(self, side: str, channel: int | None) -> None:
        """Look at red, green or blue of the input or the output alone, or at all three."""
        old = self._selection
        self._look(replace(old, input_channel=channel) if side == "input" else replace(old, output_channel=channel))

    def mark_clipped(self, side: str, is_marked: bool) -> None:  # noqa: FBT001  # a slot
        """Mark what lies outside of the display range of the input or the output, or stop."""
        old = self._selection
        self._look(replace(old, marks_input=is_marked) if side == "input" else replace(old, marks_output=is_marked))

    def show_source_in(self, ends: tuple[float, float] | None) -> None:
        """Show the source between two values, until another one is opened; None shows it as it asks for."""
        frame, self._source_range = self.frame, None
        if ends is not None and frame is not None:
            self._source_range = SourceRange(ends, self._feed.generation, ref(frame))
        self._look(replace(self._selection, source_range=ends))

    def show_next_source_in(self, ends: tuple[float, float] | None, after: int) -> None:
        """Show between two values the source that follows this generation, as its session has it."""
        self._next_range = None if ends is None else (ends, after)
        self._take_next_range()
        self._submit()

    def forget_next_source(self) -> None:
        """Another source is opened than the one whose range is known."""
        self._next_range = None

    @property
    def source_range(self) -> tuple[float, float] | None:
        """The two values between which a person wants the present source shown."""
        frame = self.frame
        if frame is None or self._source_range is None:
            return None
        return self._source_range.ends_for(frame, self._feed.generation)

    def _take_next_range(self) -> None:
        frame, generation = self.frame, self._feed.generation
        if self._next_range is not None and frame is not None and generation != self._next_range[1]:
            self._source_range, self._next_range = SourceRange(self._next_range[0], generation, ref(frame)), None

    @property
    def belongings(self) -> SourceRange | None:
        """The display range that a person chose for a source of this session."""
        return self._source_range

    def take_belongings(self, belongings: object) -> None:
        """Hold the range of another session's source; it is shown once that source is on the screen."""
        self._source_range = belongings if isinstance(belongings, SourceRange) else None

    def see_parts(self, has_maps: bool, has_histograms: bool) -> None:  # noqa: FBT001  # a slot
        """Make small pictures of maps, and histograms, only while they are on the screen."""
        self._look(replace(self._selection, has_maps=has_maps, has_histograms=has_histograms))

    def see_on(self, scale: SignedScale) -> None:
        """Show signed numbers on a light or a dark ground."""
        self._look(replace(self._selection, signed_scale=scale))

    def _look(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            self._submit()

    def forget_maps(self) -> None:
        """Look at the first maps, from the next job on."""
        old = self._selection
        self._selection = Selection(
            source_range=old.source_range,
            has_maps=old.has_maps,
            has_histograms=old.has_histograms,
            signed_scale=old.signed_scale,
        )

    def look_at(self, scene: Scene | None) -> None:
        """Compute exactly what is on the screen, where the picture is too large to be computed whole."""
        if scene != self._scene:
            self._scene = scene
            if self.latest is not None and not self.latest.result.is_whole:
                self._submit()

    def preview(self, recipe: Document | Layer) -> None:
        """Show what another recipe, or another layer in place of the selected one, would do; the newest wins."""
        document = self._store.document
        if not isinstance(recipe, Document):
            recipe = replace(with_layer(document, document.selected, recipe), selected=document.selected)
        try:
            if self.frame is not None:
                plan(recipe, self.frame.shape)
        except ConvStudioError as refusal:
            self.end_preview()
            self.refused.emit(str(refusal))
            return
        self._preview = recipe
        if self._answered is document:
            self._submit()

    def end_preview(self) -> None:
        """Show the document again; without a preview nothing happens."""
        if self._preview is None:
            return
        was_shown = self._previewed is not None
        self._drop_preview()
        if self._is_current and self.latest is not None:
            if was_shown:
                self.previewed.emit(self.latest)
        else:
            self._submit()

    def preview_choices(
        self, choices: Sequence[PresetChoice], side: int, done: Callable[[dict[str, Picture]], None]
    ) -> None:
        """Make small pictures of what presets would do to what the selected layer reads, of one part of it.

        Which part is chosen once for a source, or a video would jump.
        """
        result, index = self.result, self._store.document.selected
        if result is None or not 0 <= index < len(result.plan.steps):
            return
        place = self._feed.generation, index, result.overview.plan.shape_at(index - 1), side
        scale = self._selection.signed_scale
        crop = self._crop if place == self._crop_place else None

        def work() -> tuple[Region, dict[str, Picture]]:
            part = crop or telling_crop(result, index, side)
            return part, previews(result, index, choices, side, part, signed_scale=scale)

        def take(answer: tuple[Region, dict[str, Picture]]) -> None:
            self._crop_place, self._crop = place, answer[0]
            done(answer[1])

        def refuse(sentence: str) -> None:
            self.refused.emit(sentence)
            done({})

        self._tasks.compute(work, take, refuse)

    @contextmanager
    def drafts_of_a_gesture(self, *, is_under_way: bool) -> Iterator[None]:
        """What an edit within brings may be a draft while its gesture is under way; it is exact once that rests."""
        self._is_draft = is_under_way
        yield
        if is_under_way:
            self._rest.start()

    def _catch_up(self) -> None:
        """A film that stands still has the histogram of the frame that is on the screen."""
        if self.latest is not None and self.latest.lag and self._feed.state is not LiveState.LIVE:
            self._submit()

    def settle(self) -> None:
        """The gesture is over: the picture is computed exactly, and its display range is free."""
        self._settle(is_held=False)

    def _settle(self, *, is_held: bool) -> None:
        self._rest.stop()
        if self._is_draft or (self._is_held and not is_held):
            self._is_draft, self._is_held = False, is_held
            self._submit()

    @property
    def _is_current(self) -> bool:
        """Whether the latest is of the present document, picture and scene, and exact."""
        job = self._latest_job
        if job is None or self.latest is None or not self.latest.is_exact or job.is_draft:
            return False
        is_same_scene = job.scene == self._scene or self.latest.result.is_whole
        is_same_recipe = job.document is self._store.document and job.selection == self._selection
        return is_same_recipe and is_same_scene and job.frame is self.frame

    def _take_document(self, _: Document) -> None:
        self._drop_preview()
        self._submit()

    def _drop_preview(self) -> None:
        if self._preview is not None:
            self._preview = self._previewed = None
            self.preview_ended.emit()

    def _submit(self) -> None:
        """Have the document computed, or the preview, once the document has been: a person may save it meanwhile."""
        frame, document, preview = self.frame, self._store.document, self._preview
        if frame is None:
            return
        self._take_next_range()
        ends = self.source_range
        if ends != self._selection.source_range:
            self._selection = replace(self._selection, source_range=ends)
        if preview is not None and self._answered is document:
            self._engine.submit(
                Job(preview, frame, self._selection, self._feed.generation, scene=self._scene, is_preview=True)
            )
            return
        self._tell_cost(frame)
        self._engine.submit(
            Job(
                document, frame, self._selection, self._feed.generation,
                is_draft=self._is_draft, is_held=self._is_held, scene=self._scene,
            )
        )  # fmt: skip

    def _tell_cost(self, frame: Frame) -> None:
        """Say before it is begun what takes long, once for a recipe and a size."""
        document, shape = self._store.document, frame.shape
        if self._is_draft or shape.is_large or (document is self._costed[0] and shape == self._costed[1]):
            return
        self._costed = document, shape
        plan, result = self.plan(), self.result
        if plan is None:
            return
        is_there = result is not None and result.frame is frame and result.is_whole
        cost = cost_of(plan, reused=alike(result.plan, plan) if result is not None and is_there else 0)
        if cost.is_long and cost.bytes <= most_bytes():
            self.said.emit(cost.sentence)

    def _take(self, answer: Answer) -> None:
        if answer.job.is_preview:
            self._take_preview(answer)
            return
        self._take_answer(answer)
        is_first = self._answered is not answer.job.document
        self._answered = answer.job.document
        if is_first and self._preview is not None:
            self._submit()

    def _take_preview(self, answer: Answer) -> None:
        """Show a preview, unless it ended before its answer came."""
        if answer.job.document is not self._preview:
            return
        if answer.shown is not None:
            self._previewed = answer.shown
            self.previewed.emit(answer.shown)
        elif answer.refusal is not None:
            self.end_preview()
            self.refused.emit(str(answer.refusal))
        else:
            self.broke.emit(answer.fault)

    def _take_answer(self, answer: Answer) -> None:
        if answer.shown is not None:
            self._latest_job = answer.job
        if answer.shown is not None and _is_sharper(answer.shown, self.latest):
            self.latest = answer.shown
            self.sharpened.emit(answer.shown)
        elif answer.shown is not None:
            frame = answer.shown.result.frame
            is_new = self.latest is None or self.latest.result.frame is not frame
            self.latest, self.milliseconds = answer.shown, answer.milliseconds
            self.shown.emit(answer.shown)
            notes = answer.shown.result.plan.notes
            if notes and notes != self._notes:
                self.said.emit(f"{notes[0]} {frame.note if is_new else ''}".rstrip())
            self._notes = notes
        elif answer.refusal is not None:
            self.refused.emit(str(answer.refusal))
            if isinstance(answer.refusal, Refusal):
                self.layer_refused.emit(answer.refusal.index, str(answer.refusal))
        else:
            self.broke.emit(answer.fault)


def _is_sharper(shown: Shown, before: Shown | None) -> bool:
    """Whether something shows the same as before, only more or another part of it exactly."""
    return before is not None and shown.result is before.result and shown.selection == before.selection
