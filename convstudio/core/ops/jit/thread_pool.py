"""A thread pool without the GIL: calls of machine code on all cores at once.

A thread to which Python hands work waits twice: until the system wakes it, and until another thread releases the GIL,
which a window that is painting does late. The threads of this pool wait inside of machine code, take one call after
the other from a list in memory, and never need the GIL. One caller has the pool at a time; another one works alone
meanwhile.
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
from numpy.typing import NDArray

from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.ops.jit.llvm import ADDRESS, CALL_BYTES, COUNT, compile_functions
from convstudio.core.threads import cores, run_parallel, run_serial

Task = Sequence[bytes]  # calls that one thread makes one after the other
MOST_EFFORT = 2**30  # multiply-adds between two checks whether the work is still wanted
PARTS = 2  # of a large plane for each core, so that who begins late has less to do


class ThreadPool:
    """Threads that wait in machine code until `begin` wakes them; `finish` does what is left and waits for them."""

    def __init__(self, count: int) -> None:
        code = _pool_code()
        self.owner, self._count = Lock(), count
        self._memory = np.zeros((3 + 3 * count) * LINE, np.int64)
        self._work = ceil_division(self._memory.ctypes.data, 64) * 64
        self._slots = self._work + 8 * 2 * LINE
        self._begin = ctypes.PYFUNCTYPE(None, ADDRESS, ADDRESS, COUNT, ADDRESS, ADDRESS)(code["begin"])
        self._finish = ctypes.CFUNCTYPE(None, ADDRESS, ADDRESS, COUNT, ADDRESS, ADDRESS)(code["finish"])
        serve = ctypes.CFUNCTYPE(None, ADDRESS, ADDRESS, ADDRESS, ADDRESS)(code["serve"])
        prepare = ctypes.CDLL(None).sem_init
        prepare.argtypes = [ADDRESS, ctypes.c_int, ctypes.c_uint]
        for number in range(count):
            slot = self._slots + 8 * SLOT * number
            prepare(slot + 8 * LINE, 0, 0)
            prepare(slot + 16 * LINE, 0, 0)
            arguments = self._work, slot, _semaphore("wait"), _semaphore("post")
            args = serve, arguments, self._memory
            Thread(target=_serve, args=args, name=f"convstudio-jit-{number}", daemon=True).start()

    def begin(self, tasks: Sequence[Task]) -> None:
        """Wake as many threads as there are tasks beside the caller's."""
        starts = accumulate(map(len, tasks), initial=0)
        self._list = pack(f"{len(tasks) + 2}q", len(tasks), *starts) + b"".join(chain.from_iterable(tasks))
        self._called = min(self._count, len(tasks) - 1)
        self._begin(self._work, self._slots, self._called, _semaphore("post"), self._list)

    def finish(self) -> None:
        """Do the tasks that no thread has begun, and wait for the others."""
        self._finish(self._work, self._slots, self._called, _semaphore("trywait"), _semaphore("wait"))


def _serve(serve: Callable[..., None], arguments: tuple[int, ...], _memory: NDArray[np.int64]) -> None:
    """What a thread of a pool does; it holds the memory in which it waits, for it waits longer than the pool lives."""
    serve(*arguments)


@contextmanager
def running(tasks: Sequence[Task]) -> Iterator[None]:
    """Run tasks on all cores while the body of the with statement does something else; at its end all are done.

    Parameters
    ----------
    tasks
        Calls of `Code.call`. The order of the tasks is not fixed; the caller must hold what they read and write.

    Examples
    --------
    >>> with running([]):
    ...     pass
    """
    pool = thread_pool() if len(tasks) > 1 else None
    if pool is None or not pool.owner.acquire(blocking=False):
        yield
        (run_serial if pool else run_parallel)(lambda: _perform, tasks)
        return
    try:
        pool.begin(tasks)
        try:
            yield
        finally:
            pool.finish()
    finally:
        pool.owner.release()


def run_all(tasks: Sequence[Task]) -> None:
    """Run tasks on all cores, as `running`."""
    with running(tasks):
        pass


def batches(tasks: Sequence[Task], effort: int) -> list[Sequence[Task]]:
    """Tasks in batches that take a tenth of a second or so, between which the work can be cancelled.

    Parameters
    ----------
    tasks
        As `running` takes them.
    effort
        Multiply-adds of all of them, with what it takes to write the outputs.

    Examples
    --------
    >>> [len(batch) for batch in batches([[b""]] * 10, 5 * MOST_EFFORT)]
    [2, 2, 2, 2, 2]
    """
    single = [task[start : start + 1] for task in tasks for start in range(len(task))]
    if effort <= MOST_EFFORT or not single:
        return [tasks]
    if effort > MOST_EFFORT * len(tasks) // (2 * cores()):  # a task is long itself
        tasks = single
    size = max(1, len(tasks) * MOST_EFFORT // effort)
    return [tasks[start : start + size] for start in range(0, len(tasks), size)]


def start() -> None:
    """Compile the code and start the threads, so that no call has to wait for them."""
    _pool_code()
    thread_pool()


def part_count(count: int, least: int) -> int:
    """How many parts of at least so many numbers a plane is worth being cut into.

    Examples
    --------
    >>> part_count(100, 200)
    1
    """
    return max(1, min(PARTS * cores(), count // least))


@cache
def thread_pool() -> ThreadPool | None:
    """The only one: a thread for each core but the caller's. None for a single core, and elsewhere than on Linux."""
    return ThreadPool(cores() - 1) if cores() > 1 and platform == "linux" else None


@cache
def _semaphore(verb: str) -> int:
    """The address of what the C library does to a semaphore."""
    return ctypes.cast(getattr(ctypes.CDLL(None), f"sem_{verb}"), ADDRESS).value or 0


@cache
def _pool_code() -> dict[str, int]:
    return compile_functions(TEXT, "perform", "serve", "begin", "finish")


@cache
def _performer() -> Callable[[bytes, int], None]:
    return ctypes.CFUNCTYPE(None, ADDRESS, COUNT)(_pool_code()["perform"])


def _perform(task: Task) -> None:
    _performer()(b"".join(task), len(task))


LINE = 8  # numbers of 64 bits in a cache line: what threads change at the same time lies in different ones
SLOT = 3 * LINE  # of a thread: whether it is called, and semaphores to start it and to say that it is done
TRIES = 2000  # to see that another thread is done before this one goes to sleep, which takes as long

# In LLVM's language. %work is the number of the next task, and on the next cache line the address of a list: how many
# tasks there are, the call with which each begins, how many calls, and these. If a thread takes back that another one
# is called, the other one has not begun, and will not.
TEXT = f"""
define void @perform(ptr %calls, i64 %count) {{
start:
  br label %more

more:
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
  br label %more

end:
  ret void
}}

define void @take(ptr %work) {{
start:
  %list.at = getelementptr i64, ptr %work, i64 {LINE}
  %list = load ptr, ptr %list.at
  %tasks = load i64, ptr %list
  %calls.place = add i64 %tasks, 2
  %calls = getelementptr i64, ptr %list, i64 %calls.place
  br label %next

next:
  %task = atomicrmw add ptr %work, i64 1 seq_cst
  %is.task = icmp ult i64 %task, %tasks
  br i1 %is.task, label %more, label %end

more:
  %place = add i64 %task, 1
  %first.at = getelementptr i64, ptr %list, i64 %place
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

define void @serve(ptr %work, ptr %slot, ptr %wait, ptr %post) {{
start:
  %begin = getelementptr i64, ptr %slot, i64 {LINE}
  %done = getelementptr i64, ptr %slot, i64 {2 * LINE}
  br label %sleep

sleep:
  %woken = call i32 %wait(ptr %begin)
  %called = atomicrmw xchg ptr %slot, i64 0 seq_cst
  %is.called = icmp ne i64 %called, 0
  br i1 %is.called, label %help, label %sleep

help:
  call void @take(ptr %work)
  %posted = call i32 %post(ptr %done)
  br label %sleep
}}

define void @begin(ptr %work, ptr %slots, i64 %count, ptr %post, ptr %list) {{
start:
  %list.at = getelementptr i64, ptr %work, i64 {LINE}
  store i64 0, ptr %work
  store ptr %list, ptr %list.at
  br label %next

next:
  %n = phi i64 [0, %start], [%n.next, %more]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %more, label %end

more:
  %place = mul i64 %n, {SLOT}
  %slot = getelementptr i64, ptr %slots, i64 %place
  %begin = getelementptr i64, ptr %slot, i64 {LINE}
  %before = atomicrmw xchg ptr %slot, i64 1 seq_cst
  %posted = call i32 %post(ptr %begin)
  %n.next = add i64 %n, 1
  br label %next

end:
  ret void
}}

define void @finish(ptr %work, ptr %slots, i64 %count, ptr %try, ptr %wait) {{
start:
  call void @take(ptr %work)
  br label %next

next:
  %n = phi i64 [0, %start], [%n.next, %gone]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %more, label %end

more:
  %place = mul i64 %n, {SLOT}
  %slot = getelementptr i64, ptr %slots, i64 %place
  %done = getelementptr i64, ptr %slot, i64 {2 * LINE}
  %called = atomicrmw xchg ptr %slot, i64 0 seq_cst
  %is.asleep = icmp ne i64 %called, 0
  br i1 %is.asleep, label %gone, label %look

look:
  %tries = phi i64 [{TRIES}, %more], [%tries.left, %look.again]
  %tried = call i32 %try(ptr %done)
  %is.done.now = icmp eq i32 %tried, 0
  br i1 %is.done.now, label %gone, label %look.again

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
