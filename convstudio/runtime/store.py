"""The store: the one mutable cell, with the document, its past and its future, and the session each belongs to.

What an edit means is in `core`; files are written elsewhere.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.history import History, record, redo, seal, undo


@dataclass(frozen=True)
class Snapshot:
    """What a step of undo brings back: a document, and the number of the session that it belongs to."""

    document: Document
    session: int


@dataclass(frozen=True)
class SessionFile:
    """Where a session was opened or saved, and the document that is there; None where there is none."""

    path: Path | None
    document: Document | None


class Store(QObject):
    """Holds the document; whoever shows it listens to `changed`."""

    changed = Signal(object)  # Document
    session_changed = Signal(int, int)  # the numbers of the session before and of the present one; `changed` follows

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: list[SessionFile] = []  # by the number of their session
        self._history = History(self._begin(document, None))

    @property
    def snapshot(self) -> Snapshot:
        return self._history.present

    @property
    def document(self) -> Document:
        return self._history.present.document

    @property
    def path(self) -> Path | None:
        """The file of the session that the document belongs to; undo across an opened session changes it."""
        return self._files[self.snapshot.session].path

    @property
    def can_undo(self) -> bool:
        return bool(self._history.past)

    @property
    def can_redo(self) -> bool:
        return bool(self._history.future)

    @property
    def is_dirty(self) -> bool:
        """Whether there is something that was not saved."""
        return self.document != self._files[self.snapshot.session].document

    def edit(self, document: Document, *, merge: str = "") -> None:
        """Take an edited document; consecutive edits with one `merge` key are one step of undo."""
        self._take(record(self._history, replace(self.snapshot, document=document), merge=merge or None))

    def select(self, index: int) -> None:
        """Show another layer; not an edit."""
        selected = replace(self.snapshot, document=replace(self.document, selected=index))
        self._take(replace(seal(self._history), present=selected))

    def seal(self) -> None:
        """End a gesture: the next edit is a step of its own."""
        self._history = seal(self._history)

    def undo(self) -> None:
        """Go one step back, if there is one."""
        self._take(undo(self._history))

    def redo(self) -> None:
        """Go one step forward, if there is one."""
        self._take(redo(self._history))

    def open(self, document: Document, path: Path | None = None) -> None:
        """Go on with the document of another session; the old one can still be had back by undo."""
        self._take(record(seal(self._history), self._begin(document, path)))

    def start(self, document: Document) -> None:
        """Go on with a document of a session of its own that has neither a past nor a file."""
        self._take(History(self._begin(document, None)))

    @property
    def history(self) -> History[Snapshot]:
        """The document with its past and its future, to be given back to `restore`."""
        return self._history

    def restore(self, history: History[Snapshot]) -> None:
        """Hold again what was held before, with its past and its future."""
        self._take(seal(history))

    def mark_saved(self, snapshot: Snapshot, path: Path) -> None:
        """Remember that a document is on disk; another session that had that file has none any more."""
        for number, file in enumerate(self._files):
            if file.path == path:
                self._files[number] = SessionFile(None, None)
        self._files[snapshot.session] = SessionFile(path, snapshot.document)

    def _begin(self, document: Document, path: Path | None) -> Snapshot:
        """A document as it is on disk; a file that is opened once more goes on with its session."""
        known = (number for number, file in enumerate(self._files) if path is not None and file.path == path)
        session = next(known, len(self._files))
        self._files[session : session + 1] = [SessionFile(path, document)]
        return Snapshot(document, session)

    def _take(self, history: History[Snapshot]) -> None:
        before, self._history = self._history.present, history
        present = history.present
        if present.session != before.session:
            self.session_changed.emit(before.session, present.session)
        if present.document is not before.document or present.session != before.session:
            self.changed.emit(present.document)
