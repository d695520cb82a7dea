"""The decoding process: replaced when it dies, stopped when it overruns, and gone in the end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.io import decoder as module
from convstudio.io.decoder import Decoder
from convstudio.io.decoder_wire import Reading
from tests.io.picture_bytes import GREY, png_file
from tests.io.witness import children, open_files

DATA = png_file(2, 1, 8, GREY, [b"\1\2"])
READING = Reading(2, 1)


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    """A decoder that leaves no process and no open pipe behind."""
    before = children(), open_files()
    made = Decoder()
    yield made
    made.close()
    assert (children(), open_files()) == before


def test_one_process_serves_many_pictures(decoder: Decoder) -> None:
    decoder.prewarm()
    first = decoder.process_id

    frames = [decoder.decode(DATA, READING, "x") for _ in range(3)]

    for frame in frames:
        np.testing.assert_array_equal(frame.pixels, [[[1], [2]]])
    assert first is not None
    assert decoder.process_id == first


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_killed_process_is_replaced_and_the_picture_read(decoder: Decoder, is_seen: bool) -> None:
    decoder.decode(DATA, READING, "x")
    killed = decoder.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    if is_seen:
        os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)

    frame = decoder.decode(DATA, READING, "x")

    np.testing.assert_array_equal(frame.pixels, [[[1], [2]]])
    assert decoder.process_id not in (None, killed)


def test_a_process_that_is_killed_before_it_is_ready_is_replaced(decoder: Decoder) -> None:
    decoder.prewarm()
    assert decoder.process_id is not None
    os.kill(decoder.process_id, signal.SIGKILL)

    assert decoder.decode(DATA, READING, "x").shape == (1, 1, 2)


def test_a_crash_is_told_as_damage_and_harms_nothing() -> None:
    before = children(), open_files()
    crashing = Decoder(module="tests.io.crashing_decoder")

    with pytest.raises(ConvStudioError, match=r"“bad\.png” is damaged: decoding it crashed"):
        crashing.decode(DATA, READING, "bad.png")

    assert (children(), open_files()) == before


def test_a_process_that_does_not_start_is_not_the_files_fault() -> None:
    with pytest.raises(ConvStudioError, match="decoding does not start"):
        Decoder(module="convstudio.no_such_module").decode(DATA, READING, "x")


def test_a_picture_that_takes_too_long_is_given_up_and_the_next_one_read() -> None:
    impatient = Decoder(patience=0.2)
    impatient.prewarm()
    with pytest.raises(ConvStudioError):  # the process is ready from here on
        impatient.decode(b"nothing", READING, "x")
    assert impatient.process_id is not None
    os.kill(impatient.process_id, signal.SIGSTOP)

    with pytest.raises(ConvStudioError, match=r"“slow” takes more than 0\.2 seconds"):
        impatient.decode(DATA, READING, "slow")

    assert impatient.process_id is None
    impatient.close()


def test_closing_in_the_middle_of_a_picture_ends_it_at_once(decoder: Decoder) -> None:
    decoder.decode(DATA, READING, "x")
    assert decoder.process_id is not None
    os.kill(decoder.process_id, signal.SIGSTOP)
    told: list[str] = []

    def read() -> None:
        try:
            decoder.decode(DATA, READING, "x")
        except ConvStudioError as error:
            told.append(str(error))

    thread = threading.Thread(target=read)
    thread.start()
    while not decoder._lock.locked():  # the thread is about to wait for the stopped process
        thread.join(0.01)
    decoder.close()
    thread.join()

    assert told == ["“x” was not read, because reading was stopped."]
    assert decoder.process_id is None


def test_threads_take_turns(decoder: Decoder) -> None:
    pictures = {value: png_file(2, 1, 8, GREY, [bytes([value, value])]) for value in range(40)}

    with ThreadPoolExecutor(4) as pool:
        frames = pool.map(lambda value: decoder.decode(pictures[value], READING, str(value)), pictures)
        values = [int(frame.pixels[0, 1, 0]) for frame in frames]

    assert values == list(pictures)


def test_a_size_that_differs_from_the_header_is_damage(decoder: Decoder) -> None:
    with pytest.raises(ConvStudioError, match="“x” is damaged"):
        decoder.decode(DATA, Reading(3, 1), "x")


def test_memory_is_limited(decoder: Decoder) -> None:
    decoder.decode(DATA, READING, "x")

    limits = open(f"/proc/{decoder.process_id}/limits", encoding="ascii").read() if sys.platform == "linux" else ""  # noqa: PTH123, SIM115

    assert sys.platform != "linux" or f"{4 * 2**30}" in limits


def test_a_program_that_ends_leaves_no_decoder_behind() -> None:
    program = "from convstudio.io import decoder\ndecoder.prewarm()\nprint(decoder.DECODER.process_id)\n"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60)

    with pytest.raises(ProcessLookupError):
        os.kill(int(ended.stdout), 0)
    assert ended.stderr == ""


def test_closing_twice_is_no_error() -> None:
    module.close()
    module.close()
