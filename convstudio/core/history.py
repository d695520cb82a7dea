"""Undo and redo as a value: the past, the present and the future of a document. Nothing here changes in place."""

from dataclasses import dataclass, replace

from convstudio.core.document import Document

DEPTH = 500  # steps kept; a step shares every unchanged layer with its neighbour, so this is cheap


@dataclass(frozen=True)
class History:
    """A document with its older and newer states, oldest first; `key` names the gesture under way."""

    present: Document
    past: tuple[Document, ...] = ()
    future: tuple[Document, ...] = ()
    key: str | None = None


def record(history: History, document: Document, *, merge: str | None = None) -> History:
    """The history after an edit. Consecutive edits with one `merge` key are one step."""
    if document == history.present:
        return replace(history, present=document)
    if merge is not None and merge == history.key:
        return replace(history, present=document, future=())
    return History(document, (*history.past, history.present)[-DEPTH:], (), merge)


def seal(history: History) -> History:
    """The history after a gesture ended: the next edit is a step of its own, whatever its key."""
    return replace(history, key=None)


def undo(history: History) -> History:
    """One step back, or the same history when there is none."""
    if not history.past:
        return history
    *past, present = history.past
    return History(present, tuple(past), (history.present, *history.future))


def redo(history: History) -> History:
    """One step forward, or the same history when there is none."""
    if not history.future:
        return history
    present, *future = history.future
    return History(present, (*history.past, history.present), tuple(future))
