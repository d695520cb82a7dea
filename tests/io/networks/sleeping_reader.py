"""A reader that never answers."""

import signal

from convstudio.io.processes import Parent

if __name__ == "__main__":
    parent = Parent()
    parent.send({})
    parent.receive()
    signal.pause()
