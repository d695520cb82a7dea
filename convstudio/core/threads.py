"""Sharing the strips of one operation among the processor's cores, for as long as the call lasts.

The threads wait between calls, for starting one takes longer than a small operation. While they are busy for one call,
another does its strips alone. None touches anything but its strips. NumPy's BLAS is kept to one
thread meanwhile: its own threads and these would wait for each other.
"""

import ctypes
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np

from convstudio.core.stopping import check, wanted, while_wanted

Strip = TypeVar("Strip")
Work = Callable[[Strip], None]
FEWEST_STRIPS = 8  # of work that is worth sharing, so that every core has something to do


class _Holders:
    """How many calls hold BLAS to one thread, and how many threads it had before the first."""

    count = 0
    threads = 1


_lock = Lock()


def cut(first: int, last: int, parts: int) -> list[int]:
    """Where even parts of a range begin, and its end.

    Examples
    --------
    >>> cut(10, 20, 3)
    [10, 13, 16, 20]
    """
    return [first + (last - first) * part // parts for part in range(parts + 1)]


def alone(make_work: Callable[[], Work[Strip]], strips: Iterable[Strip]) -> None:
    """Do every strip on the caller's thread: as `share`, for less work than it takes to hand work over.

    Examples
    --------
    >>> done = []
    >>> alone(lambda: done.append, range(3))
    >>> done
    [0, 1, 2]
    """
    with np.errstate(all="ignore"):
        work = make_work()
        for strip in strips:
            check()
            work(strip)


def share(make_work: Callable[[], Work[Strip]], strips: Iterable[Strip]) -> None:
    """Do every strip, on as many cores as there are; the caller's thread is one of them.

    Parameters
    ----------
    make_work
        Called once in each thread; what it returns is called with strip after strip, so it can own scratch memory.
    strips
        What to do. The order in which they are done is not fixed.

    Raises
    ------
    Stopped
        Between two strips, if the caller's work is not wanted any more.

    Examples
    --------
    >>> done = []
    >>> share(lambda: done.append, range(3))
    >>> sorted(done)
    [0, 1, 2]
    """
    waiting = deque(strips)
    makers = [make_work]  # taken away at the end: a thread that comes too late must not keep arrays alive till then
    errors: list[BaseException] = []
    is_wanted = wanted()

    def drain() -> None:
        try:
            with np.errstate(all="ignore"), while_wanted(is_wanted):
                work = makers[0]()
                while True:
                    check()
                    try:
                        strip = waiting.popleft()
                    except IndexError:
                        return
                    work(strip)
        except BaseException as error:  # it is raised again by the caller's thread
            errors.append(error)
            waiting.clear()

    helpers = min(cores(), len(waiting)) - 1
    with serial_blas(needed=helpers > 0):
        others = [_threads().submit(drain) for _ in range(helpers)]
        drain()
        for other in others:
            if not other.cancel():  # where it can be, it has not begun and nothing is left to do
                other.result()
    makers.clear()
    if errors:
        raise errors[0]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores() - 1, "convstudio-strips")


@cache
def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def serial_blas(*, needed: bool = True) -> Iterator[None]:
    """Keep NumPy's BLAS to one thread, if that is needed: on small matrices its threads wait longer than they work.

    Examples
    --------
    >>> with serial_blas():
    ...     np.eye(2) @ np.eye(2)
    array([[1., 0.],
           [0., 1.]])
    """
    switch = _blas_switch() if needed else None
    if switch is None:
        yield
        return
    get, put = switch
    with _lock:
        if _Holders.count == 0:
            _Holders.threads = get()
            put(1)
        _Holders.count += 1
    try:
        yield
    finally:
        with _lock:
            _Holders.count -= 1
            if _Holders.count == 0:
                put(_Holders.threads)


@cache
def _blas_switch() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """How to ask and tell the OpenBLAS in NumPy's wheel its number of threads; None where it has another BLAS."""
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for path in sorted(folder.glob("libscipy_openblas*")):
            try:
                library = ctypes.CDLL(str(path))
                get, put = (
                    getattr(library, f"scipy_openblas_{verb}_num_threads64_") for verb in ("get", "set")
                )  # fmt: skip
            except (OSError, AttributeError):
                continue
            get.restype, get.argtypes = ctypes.c_int, []
            put.restype, put.argtypes = None, [ctypes.c_int]
            return get, put
    return None
