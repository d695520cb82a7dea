"""The decoding process: replaced when it dies, stopped when it overruns, and gone in the end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding import decoder as module
from convstudio.io.decoding.decoder import Decoder
from convstudio.io.decoding.opencv import Promise, decode
from convstudio.io.processes import MEMORY
from tests.io.picture_bytes import GREY, png_file
from tests.io.witness import children, open_files

DATA = png_file(2, 1, 8, GREY, [b"\1\2"])


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    """A decoder that leaves no process and no open pipe behind."""
    before = children(), open_files()
    decoder = Decoder()
    yield decoder
    decoder.close()
    assert (children(), open_files()) == before


def test_one_process_serves_many_pictures(decoder: Decoder) -> None:
    decoder.prewarm()
    first = decoder.process_id

    frames = [decoder.decode(DATA, "x") for _ in range(3)]

    for frame in frames:
        np.testing.assert_array_equal(frame.pixels, [[[1], [2]]])
    assert first is not None
    assert decoder.process_id == first


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_killed_process_is_replaced_and_the_picture_read(decoder: Decoder, is_seen: bool) -> None:
    decoder.decode(DATA, "x")
    killed = decoder.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    if is_seen:
        os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)

    frame = decoder.decode(DATA, "x")

    np.testing.assert_array_equal(frame.pixels, [[[1], [2]]])
    assert decoder.process_id not in (None, killed)


def test_a_process_that_is_killed_before_it_is_ready_is_replaced(decoder: Decoder) -> None:
    decoder.prewarm()
    assert decoder.process_id is not None
    os.kill(decoder.process_id, signal.SIGKILL)

    assert decoder.decode(DATA, "x").shape == (1, 1, 2)


def test_a_crash_is_told_as_damage_and_harms_nothing() -> None:
    before = children(), open_files()
    crashing = Decoder(module="tests.io.decoding.stand_ins.crashing")

    with pytest.raises(ConvStudioError, match=r"“bad\.png” is damaged: decoding it crashed"):
        crashing.decode(DATA, "bad.png")

    assert (children(), open_files()) == before


def test_a_process_that_does_not_start_is_not_the_files_fault() -> None:
    with pytest.raises(ConvStudioError, match="decoding does not start"):
        Decoder(module="convstudio.no_such_module").decode(DATA, "x")


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    before = children(), open_files()
    impatient = Decoder(patience=0.1, module="tests.io.decoding.stand_ins.stopping")

    with pytest.raises(ConvStudioError, match=r"“slow” takes more than 0\.1 seconds"):
        impatient.decode(DATA, "slow")

    assert (children(), open_files()) == before


def test_closing_in_the_middle_of_a_picture_ends_it_at_once() -> None:
    before = children(), open_files()
    stopping = Decoder(module="tests.io.decoding.stand_ins.stopping")
    stopping.prewarm()
    process = stopping.process_id
    assert process is not None

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(stopping.decode, DATA, "x")
        os.waitid(os.P_PID, process, os.WSTOPPED | os.WNOWAIT)
        stopping.close()
        error = reading.exception()

    assert str(error) == "“x” was not read, because reading was stopped."
    assert (children(), open_files()) == before


def test_threads_take_turns(decoder: Decoder) -> None:
    pictures = {value: png_file(2, 1, 8, GREY, [bytes([value, value])]) for value in range(40)}

    with ThreadPoolExecutor(4) as pool:
        frames = pool.map(lambda value: decoder.decode(pictures[value], str(value)), pictures)
        values = [int(frame.pixels[0, 1, 0]) for frame in frames]

    assert values == list(pictures)


@pytest.mark.parametrize(
    "promise", [Promise(3, 1, 1, 8), Promise(2, 2, 1, 8), Promise(2, 1, 3, 8), Promise(2, 1, 1, 16)]
)
def test_what_a_header_promises_is_compared_with_what_decoding_gives(promise: Promise) -> None:
    width, height, channels, bits = promise
    words = f"{width}×{height} pixels of {channels} channels? with {bits} bits"

    with pytest.raises(ConvStudioError, match=f"“x” says that it has {words}, but its decoder gives 2×1 pixels of 1"):
        decode(DATA, promise, "x")


def test_a_picture_is_not_given_up_because_others_have_the_cores() -> None:
    before = children(), open_files()
    patient = Decoder(patience=1.6, module="tests.io.decoding.stand_ins.waiting")  # 3.2 s, of which it works for 0.8

    with pytest.raises(ConvStudioError, match="It came to an end"):
        patient.decode(DATA, "x")

    patient.close()
    assert (children(), open_files()) == before


def test_endless_work_is_given_up() -> None:
    before = children(), open_files()

    with pytest.raises(ConvStudioError, match=r"“slow” takes more than 0\.5 seconds of work"):
        Decoder(patience=0.5, module="tests.io.decoding.stand_ins.working").decode(DATA, "slow")

    assert (children(), open_files()) == before


def test_any_exception_of_a_reader_refuses_that_file_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    failing = Decoder(module="tests.io.decoding.stand_ins.faulty")

    for name in ("one.png", "two.png"):
        with pytest.raises(ConvStudioError, match=f"“{name}” cannot be read"):
            failing.decode(DATA, name)

    failing.close()
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "OverflowError: cannot fit 'int' into an index-sized integer" in caplog.text


def test_memory_is_limited(decoder: Decoder) -> None:
    decoder.decode(DATA, "x")

    limits = Path(f"/proc/{decoder.process_id}/limits").read_text(encoding="ascii")

    assert str(MEMORY) in next(line for line in limits.splitlines() if line.startswith("Max address space"))


def test_a_program_that_ends_leaves_no_decoder_behind() -> None:
    program = "from convstudio.io.decoding import decoder\ndecoder.prewarm()\nprint(decoder.DECODER.process_id)\n"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60)

    with pytest.raises(ProcessLookupError):
        os.kill(int(ended.stdout), 0)
    assert ended.stderr == ""


def test_closing_twice_is_no_error() -> None:
    module.close()
    module.close()
