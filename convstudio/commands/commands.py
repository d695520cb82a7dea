"""Commands: what a person can ask for, with values and paths. No widgets, no dialogs: those are the window's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convstudio.commands.exporting import Exporting
from convstudio.commands.looking import LookCommands
from convstudio.commands.sources import one_name
from convstudio.core.display.colours import Colours
from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Shape
from convstudio.core.live import LiveState
from convstudio.core.recipe.document import (
    Display,
    Document,
    with_inserted,
    with_layer,
    with_moved,
    without_layer,
)
from convstudio.core.recipe.history import History
from convstudio.core.recipe.layers import Layer
from convstudio.core.recipe.plan import Refusal
from convstudio.core.view.previews import previews
from convstudio.core.view.shown import Selection
from convstudio.io.export.export import ExportOptions
from convstudio.io.files import printable
from convstudio.io.sessions.session import (
    MOST_PICTURE_BYTES,
    Session,
    SourceKind,
    SourceReference,
    save_session,
)
from convstudio.runtime.engine import Engine
from convstudio.runtime.feed import Feed
from convstudio.runtime.store import Snapshot, Store
from convstudio.runtime.tasks import Tasks

MOST_TYPED = 32 * 32  # numbers of a picture that are kept as a typed grid


@dataclass(frozen=True, eq=False)
class Work:
    """A person's own work while something else is on the screen: the recipe with its past, and the source."""

    history: History[Snapshot]
    frame: Frame | None
    source: SourceReference
    is_live: bool


class Commands(LookCommands):
    """Carries out what is asked and says in one sentence what came of it."""

    saved = Signal(object)  # Path: the session is on the disk

    def __init__(self, store: Store, feed: Feed, engine: Engine, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(store, feed, engine, tasks, parent)
        self.exporting = Exporting(tasks, self)
        self.exporting.said.connect(self.said)
        self.exporting.refused.connect(self.refused)
        self.exporting.broke.connect(self.broke)

    # files

    def open(self, text: str) -> None:
        """Open whatever a text names: a picture, a video, a session, an address."""
        if "://" in text:
            self.open_stream(text)
        else:
            self.open_file(Path(text))

    # recipe

    def edit(self, document: Document, merge: str = "") -> None:
        """Take an edited recipe, unless it turns one that works into one that cannot."""
        frame = self.feed.frame
        if frame is not None and self.plan() is not None:
            try:
                self.plan_of(document, frame)
            except Refusal as refusal:
                self.refused.emit(str(refusal))
                self.store.changed.emit(self.document)  # the panels show again what holds
                return
        self._is_draft = bool(merge)
        self.store.edit(document, merge=merge)
        if merge:
            self._rest.start()

    def edit_layer(self, index: int, layer: Layer, merge: str = "") -> None:
        """Exchange one layer."""
        if 0 <= index < len(self.document.layers):
            key = f"{index} {merge}" if merge else ""
            self.edit(replace(with_layer(self.document, index, layer), selected=self.document.selected), key)

    def edit_selected(self, layer: Layer, merge: str = "") -> None:
        """Exchange the selected layer."""
        self.edit_layer(self.document.selected, layer, merge)

    def end_gesture(self) -> None:
        """The next edit is a step of its own."""
        self.store.seal()
        self._settle()

    def add_layer(self, make: Callable[[Shape], Layer]) -> None:
        """Put a new layer behind the selected one; it is made for the shape that arrives there."""
        made, frame = self.plan(), self.feed.frame
        if frame is None:
            self.refused.emit("There is no picture yet, so a layer has nothing to work on; open a picture first.")
            return
        if made is None:
            self.refused.emit("The recipe does not fit the picture; mend the marked layer before adding another.")
            return
        index = self.document.selected
        try:
            layer = make(made.shape_at(index))
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        self.edit(with_inserted(self.document, index + 1, layer))

    def duplicate_layer(self, index: int) -> None:
        """Put a copy of a layer behind it."""
        if 0 <= index < len(self.document.layers):
            self.edit(with_inserted(self.document, index + 1, self.document.layers[index]))

    def delete_layer(self, index: int) -> None:
        """Take a layer out."""
        if 0 <= index < len(self.document.layers):
            self.edit(without_layer(self.document, index))
            self.said.emit(f"Layer {index + 1} is gone; Undo brings it back.")

    def move_layer(self, index: int, target: int) -> None:
        """Put a layer to another place."""
        count = len(self.document.layers)
        if 0 <= index < count and 0 <= target < count and index != target:
            self.edit(with_moved(self.document, index, target))

    def toggle_layer(self, index: int) -> None:
        """Switch a layer off or on."""
        if 0 <= index < len(self.document.layers):
            layer = self.document.layers[index]
            self.edit_layer(index, replace(layer, enabled=not layer.enabled))

    def select(self, index: int) -> None:
        """Show another layer; −1 is the source."""
        if index != self.document.selected:
            self._selection = Selection()
            self.store.select(index)

    def edit_display(self, display: Display, merge: str = "") -> None:
        """Show outputs another way."""
        self.store.edit(replace(self.document, display=display), merge=f"display {merge}" if merge else "")

    def reset(self, document: Document) -> None:
        """Start again with another recipe; undo brings the old one back."""
        self.store.open(document)

    # files

    def save(self, path: Path) -> None:
        """Save recipe and source as a session."""
        snapshot = self.store.snapshot
        session = Session(snapshot.document, self.source)

        def saved(source: SourceReference) -> None:
            self.store.mark_saved(snapshot, one_name(path))
            self._allowed[one_name(path)] = source
            self.said.emit(f"Saved {printable(path)}: {_contents(source, session.source)}.")
            self.saved.emit(path)

        self._tasks.run(lambda: save_session(path, session), saved)

    def take_session(self, path: Path, session: Session) -> None:
        """Go on with a session that was read: its recipe, then its source; without that the present picture stays."""
        self.store.open(session.document, one_name(path))
        self.said.emit(f"Opened {path}.")
        self._open_session_source(session.source, path)

    def export(self, path: Path, options: ExportOptions) -> None:
        """Save the output that is shown."""
        self.exporting.export(self.latest, path, options)

    def preview_presets(self, keys: tuple[str, ...], done: Callable[[dict[str, Colours]], None]) -> None:
        """Make small pictures of what presets would do to what the selected layer reads."""
        result, index = self.result, self.document.selected
        if result is not None and 0 <= index <= len(result.plan.steps):
            self._tasks.compute(lambda: previews(result, index, keys), done)

    # work that waits

    def keep_work(self) -> Work:
        """Everything that is the person's own at this moment."""
        is_live = self.feed.state is not LiveState.STILL
        return Work(self.store.history, self.feed.frame, self.source, is_live)

    def set_up(self, document: Document, frame: Frame) -> None:
        """Show a recipe on a picture that somebody else chose, with nothing to undo."""
        self._begin_opening()
        self._selection = Selection()
        self.store.start(document)
        self._show_still(frame, _carried(frame))

    def bring_back(self, work: Work) -> None:
        """Put the person's own work back."""
        self._begin_opening()
        self._selection = Selection()
        self.store.restore(work.history)
        if work.is_live:
            self._open_reference(work.source)
        elif work.frame is not None:
            self._show_still(work.frame, work.source)


def _carried(frame: Frame) -> SourceReference:
    """How a picture that has no place of its own goes into a session: small grids of numbers as they would be typed."""
    pixels = frame.pixels[:, :, 0]
    if frame.pixels.dtype.kind == "f" and frame.shape.channels == 1 and frame.shape.size <= MOST_TYPED:
        return SourceReference(SourceKind.GRID, frame.name, tuple(map(tuple, pixels.tolist())))
    return SourceReference(SourceKind.PICTURE, frame.name, frame=frame)


def _contents(saved: SourceReference, source: SourceReference) -> str:
    """What of a recipe and its source is in a session's file."""
    if source.frame is not None and saved.frame is None:
        return (
            f"the recipe without its picture, {source.frame.shape}, for a session keeps up to "
            f"{MOST_PICTURE_BYTES // 2**20} MiB in 8 or 16 bits; switch the layers off and export it to keep it"
        )
    rows = saved.grid or ((),)
    return {
        SourceKind.FILE: f"the recipe, and where its picture {printable(Path(saved.text))} lies",
        SourceKind.SAMPLE: "the recipe, and which sample it is applied to",
        SourceKind.URL: "the recipe, and the address that its pictures come from",
        SourceKind.CAMERA: "the recipe, and which camera its pictures come from",
        SourceKind.GRID: f"the recipe and the typed grid of {len(rows[0])}×{len(rows)} numbers",
        SourceKind.PICTURE: f"the recipe and its picture{f', {saved.frame.shape}' if saved.frame else ''}",
        SourceKind.NONE: "the recipe alone",
    }[saved.kind]
