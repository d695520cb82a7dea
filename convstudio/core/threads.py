"""The thread pool: strips of one operation are computed on all cores, for as long as the call lasts.

Strips gain where NumPy, BLAS or OpenCV computes them, for these release the GIL. The threads of the pool wait between
calls, for starting one takes longer than a small operation. While they are busy for one call, another does its strips
alone. A thread touches nothing but its strips. NumPy's BLAS is kept to one thread meanwhile: its own threads and these
would wait for each other.
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

from convstudio.core.cancellation import cancelled_unless, check, condition

AnyStrip = TypeVar("AnyStrip")  # what one thread computes at a time: each operation has its own kind
Work = Callable[[AnyStrip], None]
FEWEST_STRIPS = 8  # of work for the pool, so that every core has something to do


class _BlasLimit:
    """How many calls hold BLAS to one thread, and how many threads it had before the first."""

    count = 0
    threads = 1


_blas_lock = Lock()


def cut(first: int, last: int, parts: int) -> list[int]:
    """Where even parts of a range begin, and its end.

    Examples
    --------
    >>> cut(10, 20, 3)
    [10, 13, 16, 20]
    """
    return [first + (last - first) * part // parts for part in range(parts + 1)]


def run_serial(make_work: Callable[[], Work[AnyStrip]], strips: Iterable[AnyStrip]) -> None:
    """Do every strip on the caller's thread: as `run_parallel`, for less work than it takes to wake another thread.

    Examples
    --------
    >>> done = []
    >>> run_serial(lambda: done.append, range(3))
    >>> done
    [0, 1, 2]
    """
    with np.errstate(all="ignore"):
        work = make_work()
        for strip in strips:
            check()
            work(strip)


def run_parallel(make_work: Callable[[], Work[AnyStrip]], strips: Iterable[AnyStrip]) -> None:
    """Do every strip, on as many cores as there are; the caller's thread is one of them.

    Parameters
    ----------
    make_work
        Called once in each thread; what it returns is called with strip after strip, so it can own scratch memory.
    strips
        What to do. The order in which they are done is not fixed.

    Raises
    ------
    Cancelled
        Between two strips, if the caller's work is not wanted any more.

    Examples
    --------
    >>> done = []
    >>> run_parallel(lambda: done.append, range(3))
    >>> sorted(done)
    [0, 1, 2]
    """
    waiting = deque(strips)
    makers = [make_work]  # cleared at the end: a thread that starts too late must not keep arrays alive until then
    errors: list[BaseException] = []
    is_wanted = condition()

    def drain() -> None:
        try:
            with np.errstate(all="ignore"), cancelled_unless(is_wanted):
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
        others = [_pool().submit(drain) for _ in range(helpers)]
        drain()
        for other in others:
            if not other.cancel():  # where it can be, it has not begun and nothing is left to do
                other.result()
    makers.clear()
    if errors:
        raise errors[0]


@cache
def _pool() -> ThreadPoolExecutor:
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
    with _blas_lock:
        if _BlasLimit.count == 0:
            _BlasLimit.threads = get()
            put(1)
        _BlasLimit.count += 1
    try:
        yield
    finally:
        with _blas_lock:
            _BlasLimit.count -= 1
            if _BlasLimit.count == 0:
                put(_BlasLimit.threads)


@cache
def _blas_switch() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Functions that read and set the number of threads of the OpenBLAS in NumPy's wheel; None for another BLAS."""
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
