"""Undo and redo as a value: the past, the present and the future of what is edited. Nothing here changes in place."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

DEPTH = 500  # steps kept; a step shares every unchanged layer with its neighbour, so this is cheap

T = TypeVar("T")


@dataclass(frozen=True)
class History(Generic[T]):
    """A value with its older and newer states, oldest first; `key` names the gesture under way."""

    present: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()
    key: str | None = None


def record(history: History[T], value: T, *, merge: str | None = None) -> History[T]:
    """The history after an edit. Consecutive edits with one `merge` key are one step."""
    if value == history.present:
        return replace(history, present=value)
    if merge is not None and merge == history.key:
        return replace(history, present=value, future=())
    return History(value, (*history.past, history.present)[-DEPTH:], (), merge)


def seal(history: History[T]) -> History[T]:
    """The history after a gesture ended: the next edit is a step of its own, whatever its key."""
    return replace(history, key=None)


def undo(history: History[T]) -> History[T]:
    """One step back, or the same history when there is none."""
    if not history.past:
        return history
    *past, present = history.past
    return History(present, tuple(past), (history.present, *history.future))


def redo(history: History[T]) -> History[T]:
    """One step forward, or the same history when there is none."""
    if not history.future:
        return history
    present, *future = history.future
    return History(present, (*history.past, history.present), tuple(future))
