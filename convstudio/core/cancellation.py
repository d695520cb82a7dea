"""Cancellation: long work asks between its parts whether anybody still wants it. Who wants it, the caller says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(Exception):
    """Raised inside work that nobody wants any more; it is no error, and there is nothing to tell."""


def _always() -> bool:
    return True


_is_wanted: ContextVar[Callable[[], bool]] = ContextVar("is_wanted", default=_always)


@contextmanager
def cancelled_unless(is_wanted: Callable[[], bool]) -> Iterator[None]:
    """Cancel what is done inside at its next `check` once nobody wants it.

    Parameters
    ----------
    is_wanted
        Called often, from each thread that takes part.

    Examples
    --------
    >>> with cancelled_unless(lambda: True):
    ...     check()
    """
    token = _is_wanted.set(is_wanted)
    try:
        yield
    finally:
        _is_wanted.reset(token)


def condition() -> Callable[[], bool]:
    """What `check` asks here, for the threads of a pool that take part."""
    return _is_wanted.get()


def check() -> None:
    """Go on, or not: called between two parts of long work, a tenth of a second apart at most.

    Raises
    ------
    Cancelled
        If nobody wants the work any more.
    """
    if not _is_wanted.get()():
        raise Cancelled
