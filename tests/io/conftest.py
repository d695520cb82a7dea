"""What tests of live sources share: they are closed, and nothing of them may be left."""

import threading
from collections.abc import Callable, Iterator

import pytest

from convstudio.io.capture.capture import Capture
from tests.io.witness import Witness, children, open_files
from tests.streams import MjpegServer

Play = Callable[..., tuple[Capture, Witness]]


@pytest.fixture
def play() -> Iterator[Play]:
    """Start a source and watch it; afterwards no thread, process or open file of it is left."""
    before = children(), open_files(), set(threading.enumerate())
    started: list[tuple[Capture, Witness]] = []

    def start(address: str | int, *, name: str = "test") -> tuple[Capture, Witness]:
        capture, witness = Capture(address, name=name), Witness()
        started.append((capture, witness))
        capture.start(witness.on_frame, witness.on_state)
        return capture, witness

    yield start
    for capture, witness in started:
        witness.go_on()
        capture.close()
    assert (children(), open_files(), set(threading.enumerate())) == before


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    """A stream of numbered pictures; started before and stopped after the source that reads it."""
    with MjpegServer(rate=50) as stream:
        yield stream
