"""Streams show what happens now, say within two seconds when nothing comes any more, and come back by themselves."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.live_source import LiveState
from convstudio.core.opencv import cv2
from convstudio.io import processes
from convstudio.io.capture.capture import Capture
from tests.io.conftest import Play
from tests.io.picture_bytes import bomb_jpeg
from tests.io.witness import PATIENCE, Witness
from tests.streams import BOUNDARY, MjpegServer, StillServer, numbered_picture

CONTENT_TYPE = f"multipart/x-mixed-replace; boundary={BOUNDARY}"


def parts(*pictures: bytes) -> bytes:
    """A stream of pictures in one piece."""
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: "
    return b"".join(f"{head}{len(data)}\r\n\r\n".encode() + data + b"\r\n" for data in pictures)


def seconds_until(witness: Witness, state: LiveState) -> float:
    """How long after the last frame before it a state was said."""
    witness.wait_for_state(state)
    at = witness.states[-1][0]
    return at - max(time for time, _, _ in witness.frames if time <= at)


@pytest.mark.alone
def test_a_stream_shows_what_is_sent_now(play: Play, server: MjpegServer) -> None:
    lags = []
    _, witness = play(server.url)

    witness.wait_for_more(10)
    for _ in range(20):
        witness.wait_for_more()
        lags.append(server.sent - witness.numbers[-1])

    assert sorted(lags)[10] <= 1
    assert witness.state is LiveState.LIVE
    assert witness.frames[-1][2].duration == 0
    assert witness.last is not None
    assert witness.last.shape == (3, 240, 320)


@pytest.mark.alone
def test_a_stalled_stream_is_lost_within_two_seconds_and_comes_back(play: Play, server: MjpegServer) -> None:
    _, witness = play(server.url)
    witness.wait_for_more(5)

    server.stall()
    silent = seconds_until(witness, LiveState.LOST)
    sentence = witness.text
    server.play()
    witness.wait_for_state(LiveState.LIVE)
    witness.wait_for_more(5)

    assert 1.3 < silent < 2.0
    assert sentence == "“test” has sent no picture for 1.5 seconds; ConvStudio keeps trying."
    assert server.sent - witness.numbers[-1] < 10


def test_pictures_of_another_size_come_in_that_size(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)

    def is_of(width: int, height: int) -> bool:
        return witness.last is not None and witness.last.shape == (3, height, width)

    for size in ((320, 240), (640, 480), (160, 120), (240, 320)):
        server.size = size
        witness.wait_until(partial(is_of, *size), f"never {size}")
        witness.wait_for_more(2)

    assert witness.numbers == sorted(witness.numbers)  # each was read in its own size: its number is right
    assert server.sent - witness.numbers[-1] < 10
    assert server.visits == 1
    assert witness.state is LiveState.LIVE
    assert capture.reader_process is not None


def test_a_damaged_picture_of_a_stream_is_left_out(play: Play) -> None:
    whole = bytes(cv2.imencode(".jpg", numbered_picture(1))[1].tobytes())
    with StillServer(parts(whole, b"\xff\xd8 no picture", whole), CONTENT_TYPE, rest=1) as server:
        _, witness = play(f"{server.url}/stream")
        witness.wait_for_count(2)

    assert set(witness.numbers) == {1}  # the stream is asked for again when it ends


def test_a_picture_that_grows_beyond_what_is_shown_is_refused(play: Play) -> None:
    whole = bytes(cv2.imencode(".jpg", numbered_picture(1))[1].tobytes())
    with StillServer(parts(whole, bomb_jpeg()), CONTENT_TYPE, rest=1) as server:
        _, witness = play(f"{server.url}/stream")
        witness.wait_until(lambda: "cannot be decoded" in witness.text, "never refused")


def test_a_short_stall_does_not_cost_the_connection(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)
    process = capture.reader_process

    server.stall()
    witness.wait_for_state(LiveState.LOST)
    server.play()
    witness.wait_for_state(LiveState.LIVE)

    assert capture.reader_process == process


def test_a_long_stall_leads_to_a_new_connection(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)
    process = capture.reader_process

    server.stall()
    witness.wait_for_state(LiveState.LOST)
    assert server.wait_for_visits(2)
    server.play()
    witness.wait_for_state(LiveState.LIVE)

    assert capture.reader_process != process


def test_a_cut_connection_is_lost_at_once_and_made_again(play: Play, server: MjpegServer) -> None:
    _, witness = play(server.url)
    witness.wait_for_more(5)

    server.drop()
    witness.wait_until(lambda: LiveState.LOST in [state for _, state, _ in witness.states], "the cut was not noticed")
    witness.wait_for_state(LiveState.LIVE)
    witness.wait_for_more(5)

    assert f"127.0.0.1:{server.port}/stream.mjpg has stopped sending pictures." in witness.states[-2][2]


@pytest.mark.alone
def test_each_return_makes_the_next_attempt_quick_again(play: Play, server: MjpegServer) -> None:
    _, witness = play(server.url)

    for visit in range(1, 5):
        witness.wait_for_state(LiveState.LIVE)
        cut, count = time.monotonic(), len(witness.frames)
        server.drop()
        assert server.wait_for_visits(visit + 1)
        back = time.monotonic()
        witness.wait_for_count(count + 5)

    assert back - cut < 2.0  # half a second and the start of a reader; else this pause would be the fourth: 4 seconds


def test_a_server_that_goes_and_comes_back_on_its_port_is_found_again(play: Play, server: MjpegServer) -> None:
    _, witness = play(server.url)
    witness.wait_for_more(5)

    server.stop()
    witness.wait_until(lambda: "Nothing listens" in witness.text, "the refusal was not said")
    sentence, state = witness.text, witness.state
    server.start()
    witness.wait_for_state(LiveState.LIVE)
    witness.wait_for_more(5)

    assert state is LiveState.LOST
    assert sentence == (
        f"Nothing listens at 127.0.0.1:{server.port}; check the address and that the stream is running."
    )


def test_a_stream_that_starts_later_is_found(play: Play) -> None:
    server = MjpegServer()
    server.start()
    server.stop()  # the port is known and free now

    _, witness = play(server.url)
    witness.wait_for_state(LiveState.LOST)
    with server:
        witness.wait_for_state(LiveState.LIVE)
        witness.wait_for_more(2)

    assert [state for _, state, _ in witness.states][:2] == [LiveState.CONNECTING, LiveState.LOST]


def test_a_killed_reader_is_replaced(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)
    process = capture.reader_process
    assert process is not None

    os.kill(process, signal.SIGKILL)
    witness.wait_until(lambda: LiveState.LOST in [state for _, state, _ in witness.states], "the death was not noticed")
    witness.wait_for_state(LiveState.LIVE)

    assert capture.reader_process != process


@pytest.mark.alone
def test_a_reader_that_hangs_is_lost_within_two_seconds_and_replaced(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)
    process = capture.reader_process
    assert process is not None

    os.kill(process, signal.SIGSTOP)
    silent = seconds_until(witness, LiveState.LOST)
    witness.wait_for_state(LiveState.LIVE)

    assert silent < 2.0
    assert capture.reader_process != process


def test_a_slow_consumer_gets_the_newest_frame_and_no_older_one(play: Play, server: MjpegServer) -> None:
    _, witness = play(server.url)
    witness.wait_for_more(5)

    for _ in range(3):
        witness.hold_up()
        witness.wait_for_more()
        before, count = server.sent, len(witness.frames)
        assert server.wait_until_sent(before + 40)
        witness.go_on()
        witness.wait_for_count(count + 1)

        assert witness.numbers[count] >= before + 38


def test_a_paused_stream_is_frozen_and_still_watched(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)

    capture.pause()
    witness.wait_for_state(LiveState.FROZEN)
    assert server.wait_until_sent(server.sent + 5)  # a frame may have been on its way
    held = len(witness.frames)
    assert server.wait_until_sent(server.sent + 20)
    server.stall()
    witness.wait_for_state(LiveState.LOST)
    assert server.wait_for_visits(2)  # watched by a new reader now
    server.play()
    witness.wait_for_state(LiveState.FROZEN)
    while_frozen = len(witness.frames) - held
    capture.resume()
    witness.wait_for_state(LiveState.LIVE)
    witness.wait_for_more(2)

    assert while_frozen == 0
    assert server.sent - witness.numbers[-1] < 10


@pytest.mark.alone
def test_closing_is_quick_while_the_read_is_blocked(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)
    server.stall()
    witness.wait_for_state(LiveState.LOST)

    begun = time.monotonic()
    capture.close()

    assert time.monotonic() - begun < 1.0
    assert capture.reader_process is None


@pytest.mark.alone
def test_closing_is_quick_while_the_reader_hangs(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)
    witness.wait_for_more(5)
    process = capture.reader_process
    assert process is not None
    os.kill(process, signal.SIGSTOP)

    begun = time.monotonic()
    capture.close()

    assert time.monotonic() - begun < 1.0


@pytest.mark.alone
def test_closing_is_quick_while_a_server_accepts_and_says_nothing(play: Play) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        capture, _ = play(f"http://127.0.0.1:{mute.getsockname()[1]}/")
        connection, _ = mute.accept()

        begun = time.monotonic()
        capture.close()

        assert time.monotonic() - begun < 1.0
        connection.close()


def test_closing_right_after_starting_and_closing_twice(play: Play, server: MjpegServer) -> None:
    capture, witness = play(server.url)

    capture.close()
    count = len(witness.states), len(witness.frames)
    capture.close()
    assert server.wait_until_sent(server.sent + 10)

    assert (len(witness.states), len(witness.frames)) == count


def test_a_server_without_the_page_says_its_status(play: Play) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=_answer_not_found, args=(listener,))
        answering.start()
        where = f"127.0.0.1:{listener.getsockname()[1]}"

        capture, witness = play(f"http://person:secret@{where}/nothing?key=secret")
        witness.wait_for_state(LiveState.LOST)
        capture.close()
        listener.shutdown(socket.SHUT_RDWR)
        answering.join()

    assert witness.text == f"The server {where} answers 404 (Not Found); check the address and the password."


def _answer_not_found(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_a_computer_that_starts_no_process_says_so_and_recovers(
    play: Play, server: MjpegServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as poor:
        poor.setattr(processes, "python_command", lambda module: (["/nowhere/python"], {}))
        _, witness = play(server.url)
        witness.wait_for_state(LiveState.LOST)
        sentence = witness.text
    witness.wait_for_state(LiveState.LIVE)

    assert sentence == "“test” cannot be read (No such file or directory); ConvStudio keeps trying."


def test_a_camera_that_is_not_there_says_so_and_is_waited_for(play: Play) -> None:
    _, witness = play(97)

    witness.wait_for_state(LiveState.LOST)

    assert "amera" in witness.text
    assert "97" in witness.text


@pytest.mark.parametrize("address", [-1, "ftp://server/video.mp4", "http://"])
def test_addresses_that_nothing_here_reads_are_refused(address: str | int) -> None:
    with pytest.raises(ConvStudioError, match=r"no camera number -1|but this one begins with"):
        Capture(address, name="test")


def test_the_reader_dies_with_the_window(server: MjpegServer, tmp_path: Path) -> None:
    script = (
        "import sys, threading; from convstudio.io.capture.capture import Capture\n"
        "shown = threading.Event()\n"
        "capture = Capture(sys.argv[1], name='test')\n"
        "capture.start(lambda *frame: shown.set(), lambda *state: None)\n"
        "shown.wait(); print(capture.reader_process, flush=True); threading.Event().wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, server.url], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as window:
        assert window.stdout is not None
        reader = os.pidfd_open(int(window.stdout.readline()))
        window.kill()

        is_gone = select.poll()
        is_gone.register(reader, select.POLLIN)
        assert is_gone.poll(PATIENCE * 1000)
        os.close(reader)
