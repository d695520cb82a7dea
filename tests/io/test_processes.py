"""Child processes: messages arrive whole, limits hold, and a child outlives neither its use nor its parent."""

import math
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from convstudio.io.processes import LONGEST_HEAD, MEMORY, Child, Deadline
from tests.io.witness import PATIENCE, children, open_files
from tests.streams import MjpegServer

ROOT = Path(__file__).parents[2]
DECODER = """
import sys, threading
from convstudio.io.decoding import decoder
from tests.pictures import png
import numpy as np
decoder.decode(png(np.zeros((2, 2, 3), np.uint8)), "x")
print(decoder.DECODER.process_id, flush=True)
threading.Event().wait()
"""
READER = """
import sys, threading
from convstudio.io.capture.capture import Capture
has_frame = threading.Event()
capture = Capture(sys.argv[1], name="test")
capture.start(lambda *frame: has_frame.set(), lambda *state: None)
has_frame.wait()
print(capture.reader_process, flush=True)
threading.Event().wait()
"""


def room(_: dict[str, Any], size: int) -> memoryview:
    if size > 2**22:
        raise ValueError("too large")
    return memoryview(bytearray(size))


@pytest.fixture
def echo() -> Iterator[Child]:
    """A child that sends everything back; neither it nor its pipes are left behind."""
    before = children(), open_files()
    child = Child("tests.io.echoing_child", room=room)
    yield child
    child.end()
    assert (children(), open_files()) == before


@pytest.mark.parametrize("size", [0, 1, 3 * 2**20], ids=str)
def test_a_message_comes_back_as_it_went(echo: Child, size: int) -> None:
    body = bytes(number % 251 for number in range(size))

    for number in range(2):
        echo.send({"number": number, "name": "half \udc80 – ∞"}, body[:5], body[5:])
        message = echo.receive()

        assert message.head == {"number": number, "name": "half \udc80 – ∞"}
        assert bytes(message.body) == body


def test_a_message_that_is_late_is_waited_for_again(echo: Child) -> None:
    early = echo.receive_until(0.0)
    echo.send({"number": 1})
    message = echo.receive()

    assert early is None
    assert message.head == {"number": 1}


def test_a_body_for_which_there_is_no_room_ends_the_conversation(echo: Child) -> None:
    echo.send({}, bytes(2**22 + 1))

    for _ in range(2):
        with pytest.raises(EOFError):
            echo.receive()


def test_a_head_that_is_too_long_is_not_read(echo: Child) -> None:
    echo.send({"text": "x" * LONGEST_HEAD})

    with pytest.raises(EOFError, match="no message"):
        echo.receive()


def test_a_killed_child_is_noticed_by_whoever_waits_for_it(echo: Child) -> None:
    echo.kill()

    with pytest.raises(EOFError):
        echo.receive()
    os.waitid(os.P_PID, echo.number, os.WEXITED | os.WNOWAIT)  # its ends of the pipes close one after the other
    with pytest.raises(OSError, match="pipe"):
        echo.send({})


def test_a_child_that_stands_still_is_killed_at_its_deadline(echo: Child) -> None:
    deadline = Deadline(echo, 0.2)

    with deadline, pytest.raises(EOFError):
        echo.receive()

    assert deadline.is_over


def test_a_parent_that_does_not_wait_hears_that_the_pipe_is_full() -> None:
    child = Child("tests.io.echoing_child", waits_to_write=False)
    os.kill(child.number, signal.SIGSTOP)

    with pytest.raises(BlockingIOError):
        child.send({}, bytes(2**22))

    child.end()


def test_what_the_child_sends_may_have_no_body_unless_there_is_room() -> None:
    child = Child("tests.io.echoing_child")
    child.send({}, b"1")

    with pytest.raises(EOFError):
        child.receive_until(math.inf)

    child.end()


@pytest.mark.parametrize("script", [DECODER, READER], ids=["decoder", "reader"])
def test_a_child_is_limited_and_dies_with_its_parent_even_while_it_hangs(script: str) -> None:
    with (
        MjpegServer(rate=50) as server,
        subprocess.Popen([sys.executable, "-c", script, server.url], stdout=subprocess.PIPE, cwd=ROOT) as parent,
    ):
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        child = os.pidfd_open(number)
        limits = Path(f"/proc/{number}/limits").read_text(encoding="ascii").splitlines()
        os.kill(number, signal.SIGSTOP)  # so that it cannot notice by itself that its input ends
        parent.kill()

        has_ended = select.poll()
        has_ended.register(child, select.POLLIN)
        is_gone = bool(has_ended.poll(PATIENCE * 1000))
        if not is_gone:
            os.kill(number, signal.SIGKILL)
        os.close(child)

    assert is_gone
    assert str(MEMORY) in next(line for line in limits if line.startswith("Max address space"))
    assert next(line for line in limits if line.startswith("Max core file size")).split()[4:6] == ["0", "0"]
