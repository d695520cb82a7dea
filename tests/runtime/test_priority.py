"""Who goes first: the thread that gives way, what it starts, and nobody else; and for how long a thread asks."""

import ctypes
import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor

from convstudio.runtime.priority import NICE, SLICE, give_way, go_first

USUAL = os.getpriority(os.PRIO_PROCESS, 0)
LATER = max(NICE, USUAL) if sys.platform == "linux" else USUAL


def own() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def test_a_thread_that_gives_way_stands_behind_with_those_that_it_starts() -> None:
    with ThreadPoolExecutor(1, "test-first", give_way) as first, ThreadPoolExecutor(1, "test-second") as second:
        priorities = first.submit(lambda: (own(), second.submit(own).result())).result()

    assert priorities == (LATER, LATER)
    assert own() == USUAL


def turn() -> int:
    """Nanoseconds that this thread has asked for at a time, read from the kernel."""
    number = {"x86_64": 315, "aarch64": 275}[platform.machine()]  # sched_getattr
    attributes = (ctypes.c_uint32 * 12)()
    assert ctypes.CDLL(None).syscall(number, 0, ctypes.byref(attributes), 48, 0) == 0
    return attributes[6] | attributes[7] << 32


def knows_turns() -> bool:
    """Whether the kernel is Linux 6.12 or newer, on a processor whose numbers we know."""
    is_known = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
    return is_known and tuple(map(int, platform.release().split(".")[:2])) >= (6, 12)


def test_a_thread_that_goes_first_asks_for_short_turns_and_no_more_than_others() -> None:
    with ThreadPoolExecutor(1, "test-first", go_first) as first:
        nice = first.submit(own).result()
        asked = first.submit(turn).result() if knows_turns() else SLICE

    assert nice == USUAL
    assert asked == SLICE


def test_a_thread_that_gives_way_asks_for_turns_of_the_usual_length_again() -> None:
    def both() -> int:
        go_first()
        give_way()
        return turn() if knows_turns() else SLICE + 1

    with ThreadPoolExecutor(1, "test-first") as first:
        asked = first.submit(both).result()

    assert asked > SLICE
