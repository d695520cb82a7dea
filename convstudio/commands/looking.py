"""Looking: what of the result somebody looks at, and the jobs and answers that bring it. Recipes are `commands`."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from convstudio.commands.sources import SourceCommands
from convstudio.core.cost import cost_of, most_bytes
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, alike
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import Plan, Refusal, plan
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Selection, Shown
from convstudio.runtime.engine import Answer, Engine, Job
from convstudio.runtime.feed import Feed
from convstudio.runtime.store import Store
from convstudio.runtime.tasks import Tasks

REST = 250  # milliseconds without a further edit after which a gesture counts as resting


class LookCommands(SourceCommands):
    """Has the present recipe computed on the present picture, whenever one of them or what is looked at changes."""

    layer_refused = Signal(int, str)
    shown = Signal(object)  # Shown
    sharpened = Signal(object)  # Shown: the same as before, more of it exact
    broke = Signal(str)  # a traceback of a fault of ours

    def __init__(self, store: Store, feed: Feed, engine: Engine, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(feed, tasks, parent)
        self.store, self._engine = store, engine
        self.latest: Shown | None = None
        self.milliseconds = 0.0  # that the latest result took
        self._selection = Selection()
        self._scene: Scene | None = None
        self._planned: tuple[Document, Shape, Plan] | None = None
        self._costed: tuple[Document | None, Shape] = None, Shape(0, 0, 0)  # of what the cost was last asked
        self._notes: tuple[str, ...] = ()
        self._is_draft = False  # a gesture is under way: what is computed now is computed once more when it rests
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._settle)
        store.changed.connect(self._submit)
        feed.frame_arrived.connect(self._submit)
        engine.answered.connect(self._take)
        feed.hold_while(lambda: engine.is_full)
        engine.began.connect(feed.go_on, Qt.ConnectionType.QueuedConnection)
        tasks.broke.connect(self.broke)

    @property
    def document(self) -> Document:
        return self.store.document

    @property
    def is_draft(self) -> bool:
        """Whether a gesture is under way."""
        return self._is_draft

    @property
    def result(self) -> Result | None:
        """The last good result, if there is one."""
        return self.latest.result if self.latest else None

    def plan(self) -> Plan | None:
        """The plan of the recipe for the present picture, if it can be made."""
        frame = self.feed.frame
        try:
            return self.plan_of(self.document, frame) if frame else None
        except ConvStudioError:
            return None

    def plan_of(self, document: Document, frame: Frame) -> Plan:
        """The plan of a recipe for a picture; the newest is kept, for commands and panels ask one after the other.

        Raises
        ------
        ConvStudioError
            If there is none.
        """
        if self._planned is None or self._planned[0] is not document or self._planned[1] != frame.shape:
            self._planned = document, frame.shape, plan(document, frame.shape)
        return self._planned[2]

    def select_map(self, side: str, number: int) -> None:
        """Look at another map of the input or the output."""
        field = "input_map" if side == "input" else "output_map"
        chosen = replace(self._selection, **{field: number})
        if chosen != self._selection:
            self._selection = chosen
            self._submit()

    def look_at(self, scene: Scene | None) -> None:
        """Compute exactly what is on the screen, where the picture is too large to be computed whole."""
        if scene != self._scene:
            self._scene = scene
            if self.latest is not None and not self.latest.result.is_whole:
                self._submit()

    def _submit(self) -> None:
        frame = self.feed.frame
        if frame is not None:
            self._tell_cost(frame)
            self._engine.submit(
                Job(
                    self.document, frame, self._selection, self.feed.generation,
                    is_draft=self._is_draft, scene=self._scene,
                )
            )  # fmt: skip

    def _tell_cost(self, frame: Frame) -> None:
        """Say before it is begun what takes long, once for a recipe and a size."""
        asked = self.document, frame.shape
        if self._is_draft or frame.shape.is_large or (asked[0] is self._costed[0] and asked[1] == self._costed[1]):
            return
        self._costed = asked
        made, result = self.plan(), self.result
        if made is None:
            return
        is_there = result is not None and result.frame is frame and result.is_whole
        cost = cost_of(made, reused=alike(result.plan, made) if result is not None and is_there else 0)
        if cost.is_long and cost.bytes <= most_bytes():
            self.said.emit(cost.sentence)

    def _settle(self) -> None:
        """The gesture is over, or pauses: the picture is computed exactly."""
        self._rest.stop()
        if self._is_draft:
            self._is_draft = False
            self._submit()

    def _take(self, answer: Answer) -> None:
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
