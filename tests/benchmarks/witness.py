"""A witness: when the machine below took a core away, which a program cannot tell from waiting for its own doing.

One process for each core asks to be woken every millisecond before anybody else. It comes late only if the core did not
run at all. Where nobody may ask for that (it takes root's rights), there is no witness, and nothing is excused.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, sleep

EVERY = 0.001  # seconds
LATE = 0.0005  # beyond that; less is the timer's
Spans = list[tuple[float, float]]  # perf_counter's seconds


@contextmanager
def absences() -> Iterator[Spans]:
    """Spans in which a core did not run, of all cores; they are there after the end of the block."""
    found: Spans = []
    cores = sorted(os.sched_getaffinity(0))
    commands = [[sys.executable, "-m", __spec__.name, str(core)] for core in cores]
    witnesses = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    try:
        yield found
    finally:
        for witness in witnesses:
            witness.send_signal(signal.SIGTERM)
            said = witness.communicate()[0]
            found.extend((start, end) for start, end in json.loads(said or "[]"))


def excused(start: float, end: float, absent: Spans) -> float:
    """How much of a span some core was away, in seconds.

    Examples
    --------
    >>> excused(0, 10, [(1, 3), (2, 4), (9, 12), (20, 30)])
    4.0
    """
    total, reached = 0.0, start
    for began, ended in sorted(absent):
        first, last = max(began, reached), min(ended, end)
        if last > first:
            total, reached = total + last - first, last
    return total


def watch(core: int) -> None:
    """Note when this core was away, until somebody says that it is enough."""
    found: Spans = []

    def tell(*_: object) -> None:
        print(json.dumps(found), flush=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, tell)
    try:
        os.sched_setaffinity(0, {core})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        signal.pause()
    last = perf_counter()
    while True:
        sleep(EVERY)
        now = perf_counter()
        if now - last > EVERY + LATE:
            found.append((last + EVERY, now))
        last = now


if __name__ == "__main__":
    watch(int(sys.argv[1]))
