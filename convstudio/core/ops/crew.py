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

from convstudio.core.ops.native import ADDRESS, CALL_BYTES, COUNT, functions
from convstudio.core.ops.workers import alone, cores, share

Item = Sequence[bytes]  # calls that one core makes one after the other
LINE = 8  # numbers of 64 bits in a line of the cache: what threads change at the same time lies in different ones
MEMBER = 3 * LINE  # of a thread: whether it is called, and semaphores to start it and to tell that it is done
TRIES = 2000  # to see that another is done before this thread goes to sleep, which takes as long

# In LLVM's language. %work is the number of the next item, and on the next line how many there are, where each begins,
# and the calls. Who takes back that a thread is called knows that it has not begun, and will not.
TEXT = f"""
define void @perform(ptr %calls, i64 %count) {{
start:
  br label %some

some:
  %n = phi i64 [0, %start], [%n.next, %call]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %call, label %end

call:
  %skip = mul i64 %n, {CALL_BYTES}
  %at = getelementptr i8, ptr %calls, i64 %skip
  %entry = load ptr, ptr %at
  %arguments = getelementptr i64, ptr %at, i64 1
  call void %entry(ptr %arguments)
  %n.next = add i64 %n, 1
  br label %some

end:
  ret void
}}

define void @take(ptr %work) {{
start:
  %items.at = getelementptr i64, ptr %work, i64 {LINE}
  %starts.at = getelementptr i64, ptr %work, i64 {LINE + 1}
  %calls.at = getelementptr i64, ptr %work, i64 {LINE + 2}
  %items = load i64, ptr %items.at
  %starts = load ptr, ptr %starts.at
  %calls = load ptr, ptr %calls.at
  br label %next

next:
  %item = atomicrmw add ptr %work, i64 1 seq_cst
  %is.item = icmp ult i64 %item, %items
  br i1 %is.item, label %some, label %end

some:
  %first.at = getelementptr i64, ptr %starts, i64 %item
  %after.at = getelementptr i64, ptr %first.at, i64 1
  %first = load i64, ptr %first.at
  %after = load i64, ptr %after.at
  %count = sub i64 %after, %first
  %skip = mul i64 %first, {CALL_BYTES}
  %at = getelementptr i8, ptr %calls, i64 %skip
  call void @perform(ptr %at, i64 %count)
  br label %next

end:
  ret void
}}

define void @serve(ptr %work, ptr %member, ptr %wait, ptr %post) {{
start:
  %begin = getelementptr i64, ptr %member, i64 {LINE}
  %done = getelementptr i64, ptr %member, i64 {2 * LINE}
  br label %sleep

sleep:
  %woken = call i32 %wait(ptr %begin)
  %called = atomicrmw xchg ptr %member, i64 0 seq_cst
  %is.called = icmp ne i64 %called, 0
  br i1 %is.called, label %help, label %sleep

help:
  call void @take(ptr %work)
  %told = call i32 %post(ptr %done)
  br label %sleep
}}

define void @begin(ptr %work, ptr %members, i64 %count, ptr %post, i64 %items, ptr %starts, ptr %calls) {{
start:
  %items.at = getelementptr i64, ptr %work, i64 {LINE}
  %starts.at = getelementptr i64, ptr %work, i64 {LINE + 1}
  %calls.at = getelementptr i64, ptr %work, i64 {LINE + 2}
  store i64 0, ptr %work
  store i64 %items, ptr %items.at
  store ptr %starts, ptr %starts.at
  store ptr %calls, ptr %calls.at
  br label %next

next:
  %n = phi i64 [0, %start], [%n.next, %some]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %some, label %end

some:
  %place = mul i64 %n, {MEMBER}
  %member = getelementptr i64, ptr %members, i64 %place
  %begin = getelementptr i64, ptr %member, i64 {LINE}
  %before = atomicrmw xchg ptr %member, i64 1 seq_cst
  %told = call i32 %post(ptr %begin)
  %n.next = add i64 %n, 1
  br label %next

end:
  ret void
}}

define void @finish(ptr %work, ptr %members, i64 %count, ptr %try, ptr %wait) {{
start:
  call void @take(ptr %work)
  br label %next

next:
  %n = phi i64 [0, %start], [%n.next, %gone]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %some, label %end

some:
  %place = mul i64 %n, {MEMBER}
  %member = getelementptr i64, ptr %members, i64 %place
  %done = getelementptr i64, ptr %member, i64 {2 * LINE}
  %called = atomicrmw xchg ptr %member, i64 0 seq_cst
  %is.asleep = icmp ne i64 %called, 0
  br i1 %is.asleep, label %gone, label %look

look:
  %tries = phi i64 [{TRIES}, %some], [%tries.left, %look.again]
  %seen = call i32 %try(ptr %done)
  %is.seen = icmp eq i32 %seen, 0
  br i1 %is.seen, label %gone, label %look.again

look.again:
  %tries.left = sub i64 %tries, 1
  %is.patient = icmp ne i64 %tries.left, 0
  br i1 %is.patient, label %look, label %sleep

sleep: ; a signal can end it
  %woken = call i32 %wait(ptr %done)
  %is.done = icmp eq i32 %woken, 0
  br i1 %is.done, label %gone, label %sleep

gone:
  %n.next = add i64 %n, 1
  br label %next

end:
  ret void
}}
"""


class Crew:
    """Threads that wait in machine code until `begin` wakes them; `finish` does what is left and waits for them."""

    def __init__(self, count: int) -> None:
        code = functions(TEXT, "serve", "begin", "finish")
        self.owner, self._count = Lock(), count
        self._room = np.zeros((3 + 3 * count) * LINE, np.int64)
        self._work = -(-self._room.ctypes.data // 64) * 64
        self._members = self._work + 8 * 2 * LINE
        self._begin = ctypes.PYFUNCTYPE(None, ADDRESS, ADDRESS, COUNT, ADDRESS, COUNT, ADDRESS, ADDRESS)(code["begin"])
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
        self._starts = pack(f"{len(items) + 1}q", *accumulate(map(len, items), initial=0))
        self._calls = b"".join(chain.from_iterable(items))
        self._called = min(self._count, len(items) - 1)
        self._begin(
            self._work, self._members, self._called, _semaphore("post"), len(items), self._starts, self._calls
        )  # fmt: skip

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
    crew = members() if len(items) > 1 else None
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


@cache
def members() -> Crew | None:
    """The only crew, one thread for each core but the caller's; None elsewhere than on Linux, or for a single core."""
    return Crew(cores() - 1) if cores() > 1 and platform == "linux" else None


@cache
def _semaphore(verb: str) -> int:
    """The address of what the C library does to a semaphore."""
    return ctypes.cast(getattr(ctypes.CDLL(None), f"sem_{verb}"), ADDRESS).value or 0


@cache
def _performer() -> Callable[[bytes, int], None]:
    return ctypes.CFUNCTYPE(None, ADDRESS, COUNT)(functions(TEXT, "perform")["perform"])


def _perform(item: Item) -> None:
    _performer()(b"".join(item), len(item))
