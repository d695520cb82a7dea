"""Stands in for the decoding process and falls asleep over every picture. No test lives here."""

import os
import signal

from convstudio.io.decoding.messages import Reply
from convstudio.io.processes import Parent

if __name__ == "__main__":
    parent = Parent()
    parent.send({"is": Reply.DECODED})
    parent.receive()
    os.kill(os.getpid(), signal.SIGSTOP)
