"""Stands in for the decoding process and crashes over every picture. No test lives here."""

import os

from convstudio.io.decoding.messages import Reply
from convstudio.io.processes import Parent

if __name__ == "__main__":
    parent = Parent()
    parent.send({"is": Reply.DECODED})
    parent.receive()
    os.abort()
