"""Stands in for the decoding process and works over every picture for ever. No test lives here."""

from convstudio.io.decoding.messages import Reply
from convstudio.io.processes import Parent

if __name__ == "__main__":
    parent = Parent()
    parent.send({"is": Reply.DECODED})
    parent.receive()
    while True:
        pass
