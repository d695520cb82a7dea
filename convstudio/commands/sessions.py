"""Sessions: saved, opened, and asked about before they read what is not theirs; and work that waits for a lesson."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convstudio.commands.looking import LookingCommands
from convstudio.commands.sources import SourceCommands
from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveState
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.history import History
from convstudio.io.files import printable
from convstudio.io.sessions.carried import Carrier
from convstudio.io.sessions.session import (
    MOST_PICTURE_BYTES,
    Session,
    SourceKind,
    SourceReference,
    is_elsewhere,
    save_session,
)
from convstudio.runtime.store import Snapshot, Store
from convstudio.runtime.tasks import Tasks

MOST_TYPED = 32 * 32  # numbers of a picture that a session holds as a typed grid


@dataclass(frozen=True, eq=False)
class Work:
    """A person's own work while something else is on the screen: the recipe with its past, and the source."""

    history: History[Snapshot]
    frame: Frame | None
    source: SourceReference
    is_live: bool


class SessionCommands(QObject):
    """Saves recipe and source together, and goes on with what was saved."""

    said = Signal(str)  # what happened
    refused = Signal(str)  # what cannot be done, and what to do
    saved = Signal(object)  # Path: the session is on the disk
    carrier_questioned = Signal(object, bool)  # Carrier of a recipe, whether it is on the screen; None: it is settled
    source_questioned = Signal(object)  # SourceReference that a session may not read unasked; None: it is settled

    def __init__(
        self,
        store: Store,
        sources: SourceCommands,
        looking: LookingCommands,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._sources, self._looking, self._tasks = store, sources, looking, tasks
        self._question: tuple[Path, SourceReference] | None = None  # what a session wants to read, until it may
        self._allowed: dict[Path, SourceReference] = {}  # what a session of this person's may read, in this run
        self._carrier: tuple[Path, Carrier] | None = None  # a picture with its recipe, until the person says which
        sources.opening_began.connect(self.keep_picture)
        sources.opening_began.connect(self._forget_carrier)
        sources.opening_began.connect(looking.forget_next_source)
        sources.carrier_read.connect(self._ask_about_carrier)

    def save(self, path: Path) -> None:
        """Save recipe and source as a session."""
        snapshot = self._store.snapshot
        source = replace(self._sources.source, display_range=self._looking.source_range)
        session = Session(snapshot.document, source)

        def saved(source: SourceReference) -> None:
            self._store.mark_saved(snapshot, _real_path(path))
            self._allowed[_real_path(path)] = source
            self.said.emit(f"Saved {printable(path)}: {_contents(source, session.source)}.")
            self.saved.emit(path)

        self._tasks.run(lambda: save_session(path, session), saved, self.refused.emit)

    def take(self, path: Path, session: Session) -> None:
        """Go on with a session that was read: its recipe, then its source; without that the present picture stays."""
        self._store.open(session.document, _real_path(path))
        self.said.emit(f"Opened {path}.")
        reference = session.source
        if is_elsewhere(reference, path) and self._allowed.get(_real_path(path)) != reference:
            self._question = path, reference
            self.source_questioned.emit(reference)
        else:
            self._open_source(reference, path)

    def open_questioned(self) -> None:
        """Read what a session wants to read: the person says that it may."""
        if self._question is not None:
            path, reference = self._question
            self._allowed[_real_path(path)] = reference
            self._open_source(reference, path)

    def _open_source(self, reference: SourceReference, path: Path) -> None:
        generation = self._sources.feed.generation
        self._sources.open_reference(reference, path)
        self._looking.show_next_source_in(reference.display_range, generation)

    def keep_picture(self) -> None:
        """Do not read what a session wants to read; the present picture stays, or another is being opened."""
        if self._question is not None:
            self._question = None
            self.source_questioned.emit(None)

    def use_carried(self) -> None:
        """Go on with the recipe that a picture carries, on the present picture."""
        path, carrier = self._carrier or (Path(), None)
        if carrier is not None and carrier.document is not None:
            document = carrier.document
            self._forget_carrier()
            self._store.open(document)
            self.said.emit(f"The recipe is that of {printable(path)} now; Undo brings the old one back.")

    def open_carrier(self) -> None:
        """Open a picture that carries a recipe as any other."""
        if self._carrier is not None:
            path, carrier = self._carrier
            self._forget_carrier()
            if self._sources.feed.frame is not carrier.frame:
                self._sources.show_still(
                    carrier.frame, SourceReference(SourceKind.FILE, str(path), page=carrier.frame.pages.page)
                )

    def _ask_about_carrier(self, path: Path, carrier: Carrier) -> None:
        """Where there is no picture yet, this one is opened at once."""
        is_shown = self._sources.feed.frame is None
        if is_shown:
            self._sources.show_still(
                carrier.frame, SourceReference(SourceKind.FILE, str(path), page=carrier.frame.pages.page)
            )
        self._carrier = path, carrier
        self.carrier_questioned.emit(carrier, is_shown)

    def _forget_carrier(self) -> None:
        if self._carrier is not None:
            self._carrier = None
            self.carrier_questioned.emit(None, False)  # noqa: FBT003  # a signal

    def keep_work(self) -> Work:
        """Everything that is the person's own at this moment."""
        feed = self._sources.feed
        return Work(self._store.history, feed.frame, self._sources.source, feed.state is not LiveState.STILL)

    def set_up(self, document: Document, frame: Frame) -> None:
        """Show a recipe on a picture that somebody else chose, with nothing to undo."""
        self._sources.begin_opening()
        self._looking.forget_maps()
        self._store.start(document)
        self._sources.show_still(frame, _reference_to(frame))

    def bring_back(self, work: Work) -> None:
        """Put the person's own work back."""
        self._sources.begin_opening()
        self._looking.forget_maps()
        self._store.restore(work.history)
        if work.is_live:
            self._sources.open_reference(work.source)
        elif work.frame is not None:
            self._sources.show_still(work.frame, work.source)


def _real_path(path: Path) -> Path:
    """One path for one file, whatever it was called."""
    return Path(os.path.realpath(path))


def _reference_to(frame: Frame) -> SourceReference:
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
