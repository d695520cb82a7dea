"""Every call of every task is made once: whoever asks, on how many cores, and whatever happens meanwhile."""

from collections.abc import Iterator
from itertools import islice
from threading import Barrier, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.ops.jit import thread_pool
from convstudio.core.ops.jit.llvm import ADDRESS, COUNT, Code, compile_code
from convstudio.core.ops.jit.thread_pool import Task, ThreadPool, run_all, running

Counts = NDArray[np.int64]

TEXT = """
define void @run(ptr %at, i64 %more) {
start:
  br label %loop

loop:
  %left = phi i64 [%more, %start], [%left.next, %loop]
  %before = load volatile i64, ptr %at
  %after = add i64 %before, 1
  store volatile i64 %after, ptr %at
  %left.next = sub i64 %left, 1
  %is.more = icmp sgt i64 %left.next, 0
  br i1 %is.more, label %loop, label %end

end:
  ret void
}
"""


@pytest.fixture(scope="module", autouse=True)
def two_more_threads() -> Iterator[None]:
    """A pool of two, on any machine."""
    pool = ThreadPool(2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thread_pool, "thread_pool", lambda: pool)
        yield


@pytest.fixture(scope="module")
def add() -> Code:
    """Code that adds to a number in memory, one by one."""
    return compile_code(TEXT, ADDRESS, COUNT)


def tasks_of(add: Code, counts: Counts, lengths: list[int]) -> list[Task]:
    """Tasks of so many calls each; the one with number n adds n + 1 to its count."""
    places = iter(range(len(counts)))
    return [
        [add.call(counts.ctypes.data + 8 * place, place + 1) for place in islice(places, length)] for length in lengths
    ]


@given(lengths=st.lists(st.integers(0, 5), max_size=40), has_pool=st.booleans())
def test_each_call_is_made_once(add: Code, lengths: list[int], has_pool: bool) -> None:
    counts = np.zeros(sum(lengths) + 1, np.int64)

    with pytest.MonkeyPatch.context() as patch:
        if not has_pool:
            patch.setattr(thread_pool, "thread_pool", lambda: None)
        run_all(tasks_of(add, counts, lengths))

    assert counts.tolist() == [*range(1, len(counts)), 0]


def test_calls_go_on_while_the_caller_does_something_else(add: Code) -> None:
    counts = np.zeros(2, np.int64)

    with running(tasks_of(add, counts, [1, 1])):
        while not counts.any():  # nobody but the pool makes them here
            pass

    assert counts.tolist() == [1, 2]


def test_what_fails_meanwhile_stops_no_call_and_leaves_the_pool_free(add: Code) -> None:
    counts = np.zeros(50, np.int64)

    with pytest.raises(ZeroDivisionError), running(tasks_of(add, counts, [1] * 50)):
        raise ZeroDivisionError

    assert counts.tolist() == list(range(1, 51))
    test_calls_go_on_while_the_caller_does_something_else(add)


def test_calls_may_be_made_while_others_are(add: Code) -> None:
    outer, inner = np.zeros(9, np.int64), np.zeros(9, np.int64)

    with running(tasks_of(add, outer, [3, 3, 3])):
        run_all(tasks_of(add, inner, [3, 3, 3]))
        assert inner.tolist() == list(range(1, 10))

    assert outer.tolist() == list(range(1, 10))


def test_callers_at_the_same_time_each_get_all_their_calls_made(add: Code) -> None:
    together, every = Barrier(4), np.zeros((4, 7), np.int64)

    def call(counts: Counts) -> None:
        together.wait()
        for _ in range(2000):
            run_all(tasks_of(add, counts, [2, 0, 3, 1, 1]))

    threads = [Thread(target=call, args=[counts]) for counts in every]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert every.tolist() == [[2000 * place for place in range(1, 8)]] * 4


def test_many_tasks_are_each_taken_by_one_thread(add: Code) -> None:
    counts = np.zeros(20_000, np.int64)
    tasks = [[add.call(counts.ctypes.data + 8 * place, 1)] for place in range(len(counts))]

    for _ in range(20):
        run_all(tasks)

    assert (counts == 20).all()


def test_who_woke_too_late_for_one_call_is_waited_for_in_the_next(add: Code) -> None:
    counts = np.zeros(6, np.int64)
    quick = [[add.call(counts.ctypes.data + 8 * place, 1)] for place in range(3)]
    slow = [[add.call(counts.ctypes.data + 8 * place, 50_000)] for place in range(3, 6)]

    for number in range(1, 201):
        run_all(quick)
        run_all(slow)
        assert counts.tolist() == [number] * 3 + [50_000 * number] * 3
