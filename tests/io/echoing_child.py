"""A child process that sends back what it receives, and prints meanwhile as some libraries do. No test lives here."""

import os

from convstudio.io.processes import Parent

if __name__ == "__main__":
    parent = Parent()
    while (request := parent.receive()) is not None:
        os.write(1, b"libraries may print")
        parent.send(request.head, request.body)
