"""Stands in for the decoding process and falls asleep over every picture. No test lives here."""

import os
import signal
import sys

from convstudio.io.decoding.wire import Verdict, head, message

if __name__ == "__main__":
    sys.stdout.buffer.write(message({"is": Verdict.DECODED}))
    sys.stdout.buffer.flush()
    head(sys.stdin.buffer.read)
    os.kill(os.getpid(), signal.SIGSTOP)
