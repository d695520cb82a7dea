"""Stands in for the decoding process and works over every picture for ever. No test lives here."""

import sys

from convstudio.io.decoding.wire import Verdict, head, message

if __name__ == "__main__":
    sys.stdout.buffer.write(message({"is": Verdict.DECODED}))
    sys.stdout.buffer.flush()
    head(sys.stdin.buffer.read)
    while True:
        pass
