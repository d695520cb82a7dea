"""The store: the one mutable cell, with the document, its past and its future. What an edit means is in `core`."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from convstudio.core.document import Document
from convstudio.core.history import History, record, redo, seal, undo


class Store(QObject):
    """Holds the document; whoever shows it listens to `changed`."""

    changed = Signal(object)  # Document

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History(document)
        self._saved = document

    @property
    def document(self) -> Document:
        return self._history.present

    @property
    def can_undo(self) -> bool:
        return bool(self._history.past)

    @property
    def can_redo(self) -> bool:
        return bool(self._history.future)

    @property
    def is_dirty(self) -> bool:
        """Whether there is something that was not saved."""
        return self.document != self._saved

    def edit(self, document: Document, *, merge: str = "") -> None:
        """Take an edited document; consecutive edits with one `merge` key are one step of undo."""
        self._take(record(self._history, document, merge=merge or None))

    def select(self, index: int) -> None:
        """Show another layer; not an edit."""
        self._take(replace(seal(self._history), present=replace(self.document, selected=index)))

    def seal(self) -> None:
        """End a gesture: the next edit is a step of its own."""
        self._history = seal(self._history)

    def undo(self) -> None:
        """Go one step back, if there is one."""
        self._take(undo(self._history))

    def redo(self) -> None:
        """Go one step forward, if there is one."""
        self._take(redo(self._history))

    def open(self, document: Document) -> None:
        """Start again with a document from elsewhere; the old one can still be had back by undo."""
        self._take(record(seal(self._history), document))
        self._saved = document

    @property
    def memory(self) -> tuple[History, Document]:
        """Everything the store holds, to be given back to `restore`."""
        return self._history, self._saved

    def restore(self, memory: tuple[History, Document]) -> None:
        """Hold again what was held before, with its past and its future."""
        history, self._saved = memory
        self._take(seal(history))

    def mark_saved(self) -> None:
        """Remember that the present document is on disk."""
        self._saved = self.document

    def _take(self, history: History) -> None:
        before, self._history = self._history, history
        if history.present is not before.present:
            self.changed.emit(history.present)
