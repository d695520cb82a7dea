"""Cancelling: long work checks between its parts whether it is still wanted, and stops if not. The caller decides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(Exception):
    """Raised inside work that is not wanted any more; it is no error, and nobody is told."""


def _always() -> bool:
    return True


_is_wanted: ContextVar[Callable[[], bool]] = ContextVar("is_wanted", default=_always)


@contextmanager
def while_wanted(is_wanted: Callable[[], bool]) -> Iterator[None]:
    """Cancel the work inside at its next `check` once it is not wanted.

    Parameters
    ----------
    is_wanted
        Called often, from each thread that takes part.

    Examples
    --------
    >>> with while_wanted(lambda: True):
    ...     check()
    """
    token = _is_wanted.set(is_wanted)
    try:
        yield
    finally:
        _is_wanted.reset(token)


def condition() -> Callable[[], bool]:
    """The condition that holds here, for the threads of a pool that take part."""
    return _is_wanted.get()


def check() -> None:
    """Between two parts of long work, a tenth of a second apart at most: go on, or not.

    Raises
    ------
    Stopped
        If the work is not wanted any more.
    """
    if not _is_wanted.get()():
        raise Stopped
