"""Stands in for the decoding process where others have the cores: little work in much time. No test lives here."""

import select
import time

from convstudio.io.decoding.messages import Reply
from convstudio.io.processes import Parent

TURNS, WORK, WAIT = 40, 0.02, 0.06  # seconds of a core and without one


def work(seconds: float) -> None:
    """Have a core for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


if __name__ == "__main__":
    parent = Parent()
    parent.send({"is": Reply.DECODED})
    parent.receive()
    for _ in range(TURNS):
        work(WORK)
        select.select([], [], [], WAIT)
    parent.send({"is": Reply.REFUSED, "why": "It came to an end."})
