"""Strips are computed by a pool of threads: whoever asks, and however it ends."""

from threading import Barrier, Thread

import pytest

from convstudio.core.threads import run_parallel


def test_a_strip_may_itself_be_parallel() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        run_parallel(lambda: lambda inner: done.append(10 * number + inner), range(3))

    run_parallel(lambda: work, range(4))

    assert sorted(done) == [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]


def test_calls_at_the_same_time_each_get_all_their_strips() -> None:
    together = Barrier(4)
    done: list[list[int]] = [[] for _ in range(4)]

    def call(mine: list[int]) -> None:
        together.wait()
        for _ in range(50):
            run_parallel(lambda: mine.append, range(7))

    threads = [Thread(target=call, args=[mine]) for mine in done]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(sorted(mine) == sorted(list(range(7)) * 50) for mine in done)


def test_an_error_reaches_the_caller_and_the_next_call_works() -> None:
    def fail(number: int) -> None:
        raise ValueError(f"strip {number}")

    with pytest.raises(ValueError, match="strip"):
        run_parallel(lambda: fail, range(8))
    done: list[int] = []
    run_parallel(lambda: done.append, range(8))

    assert sorted(done) == list(range(8))
