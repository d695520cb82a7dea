"""Memory that is used again: never while somebody can still see what was in it."""

import numpy as np

from convstudio.core import buffers as memory

LARGE = (memory.LEAST // 4096, 32, 32)


def test_the_memory_of_a_result_nobody_holds_is_used_again() -> None:
    first = memory.empty(LARGE)
    place = first.ctypes.data
    del first

    second = memory.empty(LARGE)

    assert second.ctypes.data == place


def test_a_view_keeps_its_numbers_after_the_result_is_gone() -> None:
    result = memory.empty(LARGE)
    result.fill(7)
    row = result[3, 4]
    del result

    other = memory.empty(LARGE)
    other.fill(8)

    np.testing.assert_array_equal(row, np.full(32, 7, np.float32))


def test_two_results_at_once_have_memory_of_their_own() -> None:
    first, second = memory.empty(LARGE), memory.empty(LARGE)

    assert not np.shares_memory(first, second)


def test_memory_much_larger_than_needed_is_not_taken() -> None:
    three_times = (3 * LARGE[0], *LARGE[1:])
    large = memory.empty(three_times)
    start, end = large.ctypes.data, large.ctypes.data + large.nbytes
    del large

    small = memory.empty(LARGE)

    assert not start <= small.ctypes.data < end


def test_no_more_is_kept_than_promised() -> None:
    recycler = memory.Recycler(most_idle=2)
    results = [recycler.array((9,), np.uint8) for _ in range(4)]

    results.clear()

    assert recycler.idle == 2


def test_memory_of_a_giant_result_is_never_kept() -> None:
    giant = memory.empty((memory.MOST // 4 + 1,))

    assert giant.flags.owndata
