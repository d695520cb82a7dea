"""Who goes first: the thread that gives way, what it starts, and nobody else."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from convstudio.runtime.priority import BEHIND, give_way

USUAL = os.getpriority(os.PRIO_PROCESS, 0)
LATER = max(BEHIND, USUAL) if sys.platform == "linux" else USUAL


def own() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def test_a_thread_that_gives_way_stands_behind_with_those_that_it_starts() -> None:
    with ThreadPoolExecutor(1, "test-first", give_way) as first, ThreadPoolExecutor(1, "test-second") as second:
        found = first.submit(lambda: (own(), second.submit(own).result())).result()

    assert found == (LATER, LATER)
    assert own() == USUAL
