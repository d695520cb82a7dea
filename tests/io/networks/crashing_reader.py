"""A reader that dies at its first file."""

import os

from convstudio.io.processes import Parent

if __name__ == "__main__":
    parent = Parent()
    parent.send({})
    parent.receive()
    os.abort()
