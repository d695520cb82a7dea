"""Steal time: when the hypervisor took a core away, which a program cannot tell from waiting for its own doing.

One process for each core asks to be woken every millisecond before anybody else. On a core that has something to do it
comes late only if the core did not run. Where nobody may ask for that (it takes root's rights), there is no witness of
this core, and nothing is excused.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import perf_counter, sleep

EVERY = 0.001  # seconds
LATE = 0.001  # beyond that; less is the timer's
Spans = list[tuple[float, float]]  # perf_counter's seconds


@contextmanager
def absences() -> Iterator[dict[int, Spans]]:
    """Spans in which a core did not run, for each that has a witness; they are there after the end of the block."""
    spans: dict[int, Spans] = {}
    commands = {core: [sys.executable, "-m", __spec__.name, str(core)] for core in os.sched_getaffinity(0)}
    witnesses = {
        core: subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for core, command in commands.items()
    }
    try:
        yield spans
    finally:
        for core, witness in witnesses.items():
            witness.send_signal(signal.SIGTERM)
            output = witness.communicate()[0]
            if output:
                spans[core] = json.loads(output)


def excused(start: float, end: float, absent: Spans) -> float:
    """How much of a span a core was away, in seconds.

    Examples
    --------
    >>> excused(0, 10, [(1, 3), (4, 5), (9, 12), (20, 30)])
    4
    """
    return sum(max(0, min(ended, end) - max(began, start)) for began, ended in absent)


def lost(away: dict[int, Spans]) -> str:
    """How long each core was away in all.

    Examples
    --------
    >>> lost({0: [(1, 3), (4, 5)], 1: []})
    '3.0 and 0.0 s'
    """
    return " and ".join(f"{excused(-inf, inf, spans):.1f}" for spans in away.values()) + " s" if away else "unknown"


def watch(core: int) -> None:
    """Note when this core was away, until somebody says that it is enough."""
    absent: Spans = []

    def tell(*_: object) -> None:
        print(json.dumps(absent), flush=True)
        os._exit(0)

    try:
        os.sched_setaffinity(0, {core})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except OSError:
        return
    signal.signal(signal.SIGTERM, tell)
    last = perf_counter()
    while True:
        sleep(EVERY)
        now = perf_counter()
        if now - last > EVERY + LATE:
            absent.append((last + EVERY, now))
        last = now


if __name__ == "__main__":
    watch(int(sys.argv[1]))
