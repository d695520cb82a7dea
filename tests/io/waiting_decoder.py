"""Stands in for the decoding process where others have the cores: little work in much time. No test lives here."""

import select
import sys
import time

from convstudio.io.decoding.wire import Verdict, head, message

TURNS, WORK, WAIT = 40, 0.02, 0.06  # seconds of a core and without one


def work(seconds: float) -> None:
    """Have a core for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


if __name__ == "__main__":
    sys.stdout.buffer.write(message({"is": Verdict.DECODED}))
    sys.stdout.buffer.flush()
    head(sys.stdin.buffer.read)
    for _ in range(TURNS):
        work(WORK)
        select.select([], [], [], WAIT)
    sys.stdout.buffer.write(message({"is": Verdict.REFUSED, "why": "It came to an end."}))
    sys.stdout.buffer.flush()
