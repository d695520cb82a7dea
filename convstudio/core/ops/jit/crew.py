"""Calls of machine code on all cores at once, without Python's lock in between.

A thread that is handed work by Python waits twice: until the system wakes it, and until another thread gives Python's
lock away, which a window that is painting does late. The threads of the crew wait inside of machine code, take call
after call that is written down in memory, and never need the lock. One caller has the crew at a time; who comes
meanwhile works alone.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import accumulate, chain
from struct import pack
from sys import platform
from threading import Lock, Thread

import numpy as np

from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.ops.jit.crew_code import LINE, MEMBER, TEXT
from convstudio.core.ops.jit.native import ADDRESS, COUNT, functions
from convstudio.core.threads import alone, cores, share

Item = Sequence[bytes]  # calls that one core makes one after the other
MOST_EFFORT = 2**30  # multiply-adds between two questions whether the work is still wanted
PARTS = 2  # of a large plane for each core, so that who begins late has less to do


class Crew:
    """Threads that wait in machine code until `begin` wakes them; `finish` does what is left and waits for them."""

    def __init__(self, count: int) -> None:
        code = _code()
        self.owner, self._count = Lock(), count
        self._room = np.zeros((3 + 3 * count) * LINE, np.int64)
        self._work = ceil_division(self._room.ctypes.data, 64) * 64
        self._members = self._work + 8 * 2 * LINE
        self._begin = ctypes.PYFUNCTYPE(None, ADDRESS, ADDRESS, COUNT, ADDRESS, ADDRESS)(code["begin"])
        self._finish = ctypes.CFUNCTYPE(None, ADDRESS, ADDRESS, COUNT, ADDRESS, ADDRESS)(code["finish"])
        serve = ctypes.CFUNCTYPE(None, ADDRESS, ADDRESS, ADDRESS, ADDRESS)(code["serve"])
        prepare = ctypes.CDLL(None).sem_init
        prepare.argtypes = [ADDRESS, ctypes.c_int, ctypes.c_uint]
        for number in range(count):
            member = self._members + 8 * MEMBER * number
            prepare(member + 8 * LINE, 0, 0)
            prepare(member + 16 * LINE, 0, 0)
            mine = self._work, member, _semaphore("wait"), _semaphore("post")
            Thread(target=serve, args=mine, name=f"convstudio-crew-{number}", daemon=True).start()

    def begin(self, items: Sequence[Item]) -> None:
        """Wake as many as there is something to do for beside the caller."""
        starts = accumulate(map(len, items), initial=0)
        self._list = pack(f"{len(items) + 2}q", len(items), *starts) + b"".join(chain.from_iterable(items))
        self._called = min(self._count, len(items) - 1)
        self._begin(self._work, self._members, self._called, _semaphore("post"), self._list)

    def finish(self) -> None:
        """Do what nobody has begun, and wait for the others."""
        self._finish(self._work, self._members, self._called, _semaphore("trywait"), _semaphore("wait"))


@contextmanager
def at_work(items: Sequence[Item]) -> Iterator[None]:
    """Have calls made on all cores while the body of the with statement does something else; at its end all are made.

    Parameters
    ----------
    items
        Calls of `Code.call`. The order of the items is not fixed; what they read and write must be held by the caller.

    Examples
    --------
    >>> with at_work([]):
    ...     pass
    """
    crew = the_crew() if len(items) > 1 else None
    if crew is None or not crew.owner.acquire(blocking=False):
        yield
        (alone if crew else share)(lambda: _perform, items)
        return
    try:
        crew.begin(items)
        try:
            yield
        finally:
            crew.finish()
    finally:
        crew.owner.release()


def make_all(items: Sequence[Item]) -> None:
    """Make calls on all cores, as `at_work`."""
    with at_work(items):
        pass


def bouts(items: Sequence[Item], effort: int) -> list[Sequence[Item]]:
    """Items one after the other in parts that take a tenth of a second or so, between which work can be given up.

    Parameters
    ----------
    items
        As `at_work` takes them.
    effort
        Multiply-adds of all of them, with what it takes to write the outputs.

    Examples
    --------
    >>> [len(bout) for bout in bouts([[b""]] * 10, 5 * MOST_EFFORT)]
    [2, 2, 2, 2, 2]
    """
    single = [item[start : start + 1] for item in items for start in range(len(item))]
    if effort <= MOST_EFFORT or not single:
        return [items]
    if effort > MOST_EFFORT * len(items) // (2 * cores()):  # an item is long itself
        items = single
    size = max(1, len(items) * MOST_EFFORT // effort)
    return [items[start : start + size] for start in range(0, len(items), size)]


def stand_by() -> None:
    """Make the code and start the threads, so that no call has to wait for them."""
    _code()
    the_crew()


def parts(count: int, least: int) -> int:
    """How many parts of at least so many numbers a plane is worth being cut into.

    Examples
    --------
    >>> parts(100, 200)
    1
    """
    return max(1, min(PARTS * cores(), count // least))


@cache
def the_crew() -> Crew | None:
    """The only crew, one thread for each core but the caller's; None elsewhere than on Linux, or for a single core."""
    return Crew(cores() - 1) if cores() > 1 and platform == "linux" else None


@cache
def _semaphore(verb: str) -> int:
    """The address of what the C library does to a semaphore."""
    return ctypes.cast(getattr(ctypes.CDLL(None), f"sem_{verb}"), ADDRESS).value or 0


@cache
def _code() -> dict[str, int]:
    return functions(TEXT, "perform", "serve", "begin", "finish")


@cache
def _performer() -> Callable[[bytes, int], None]:
    return ctypes.CFUNCTYPE(None, ADDRESS, COUNT)(_code()["perform"])


def _perform(item: Item) -> None:
    _performer()(b"".join(item), len(item))
