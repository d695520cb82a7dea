"""Video files play at their own rate, stop where they are told, and say in a sentence what is wrong with them."""

import os
import signal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.live_source import LiveState
from convstudio.core.opencv import cv2
from tests.io.conftest import Play
from tests.io.witness import Witness
from tests.streams import numbered_picture, write_video

RATE = 25.0


@pytest.fixture(scope="module", params=["MJPG .avi", "mp4v .mp4"])
def video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    codec, suffix = request.param.split()
    return write_video(tmp_path_factory.mktemp("video") / f"numbers{suffix}", frames=40, rate=RATE, codec=codec)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "short.avi", frames=10, rate=RATE)


def shows(witness: Witness, number: int) -> None:
    witness.wait_until(lambda: witness.numbers[-1:] == [number], f"never frame {number}")


@pytest.mark.alone
def test_a_video_plays_every_frame_at_its_own_rate_and_ends(play: Play, video: Path) -> None:
    _, witness = play(str(video))

    witness.wait_for_state(LiveState.ENDED)

    assert [state for _, state, _ in witness.states] == [LiveState.CONNECTING, LiveState.LIVE, LiveState.ENDED]
    assert witness.text == ""
    assert witness.numbers[0] == 0
    assert witness.numbers[-1] == 39
    assert all(earlier < later for earlier, later in pairwise(witness.numbers))
    assert len(witness.numbers) >= 30  # a busy machine may leave some out
    length = witness.states[-1][0] - witness.frames[0][0]
    assert 1.5 <= length <= 2.2  # 40 frames at 25 a second are 1.6 seconds


def test_playback_says_the_position_and_the_duration(play: Play, video: Path) -> None:
    _, witness = play(str(video))

    witness.wait_for_more(5)

    for _, number, playback in witness.frames:
        assert playback.position == pytest.approx(number / RATE, abs=0.002)
        assert playback.duration == pytest.approx(40 / RATE)


@pytest.mark.parametrize(
    ("seconds", "number"), [(0.0, 0), (0.04, 1), (0.5, 12), (0.518, 12), (0.52, 13), (1.0, 25), (1.56, 39), (99.0, 39)]
)
def test_seeking_while_paused_shows_the_frame_of_that_time(
    play: Play, video: Path, seconds: float, number: int
) -> None:
    capture, witness = play(str(video))
    witness.wait_for_more()
    capture.pause()
    witness.wait_for_state(LiveState.PAUSED)
    capture.seek(0.8)
    shows(witness, 20)

    capture.seek(seconds)
    shows(witness, number)

    assert witness.state is LiveState.PAUSED


def test_a_paused_video_stands_still_and_goes_on_where_it_was(play: Play, video: Path) -> None:
    capture, witness = play(str(video))
    witness.wait_for_more(3)

    capture.pause()
    witness.wait_for_state(LiveState.PAUSED)
    capture.seek(0.4)
    shows(witness, 10)
    count = len(witness.frames)
    capture.resume()
    witness.wait_for_more(3)

    assert witness.numbers[count] in (11, 12)
    assert witness.state is LiveState.LIVE


def test_seeking_in_a_playing_video_plays_on_from_there(play: Play, video: Path) -> None:
    capture, witness = play(str(video))
    witness.wait_for_more()

    capture.seek(1.2)
    witness.wait_until(lambda: 30 in witness.numbers, "never frame 30")
    at = witness.numbers.index(30)
    witness.wait_for_state(LiveState.ENDED)

    assert witness.numbers[at - 1] < 30
    assert witness.numbers[-1] == 39


def test_a_looping_video_starts_again_and_keeps_its_rhythm(play: Play, short: Path) -> None:
    capture, witness = play(str(short))
    capture.loop(is_looping=True)

    witness.wait_until(lambda: witness.numbers.count(0) == 4, "not three rounds")

    starts = [at for at, number, _ in witness.frames if number == 0]
    rounds = [later - earlier for earlier, later in pairwise(starts)]
    assert np.median(rounds) == pytest.approx(10 / RATE, abs=0.06)
    assert LiveState.ENDED not in [state for _, state, _ in witness.states]
    assert witness.frames[-1][2].is_looping


def test_a_video_at_its_end_can_be_sought_and_started_again(play: Play, short: Path) -> None:
    capture, witness = play(str(short))
    witness.wait_for_state(LiveState.ENDED)

    capture.resume()
    witness.wait_until(lambda: witness.numbers.count(0) == 2, "did not start again")
    witness.wait_until(lambda: witness.state is LiveState.ENDED, "did not end again")
    capture.seek(0.2)
    witness.wait_until(lambda: 5 in witness.numbers[-5:], "was not sought")
    witness.wait_for_state(LiveState.ENDED)

    assert witness.numbers[-1] == 9


def test_a_reader_that_is_killed_is_replaced_and_the_video_goes_on(play: Play, video: Path) -> None:
    capture, witness = play(str(video))
    witness.wait_until(lambda: witness.numbers[-1:] > [10], "did not play")
    capture.pause()
    witness.wait_for_state(LiveState.PAUSED)
    capture.seek(0.8)
    shows(witness, 20)
    process = capture.reader_process
    assert process is not None

    os.kill(process, signal.SIGKILL)
    witness.wait_for_state(LiveState.LOST)
    witness.wait_for_state(LiveState.PAUSED)

    assert witness.numbers[-1] == 20
    assert capture.reader_process not in (None, process)


def test_colours_are_red_green_blue(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "red.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), RATE, (64, 48))
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 2] = 250  # OpenCV writes blue first
    for _ in range(5):
        writer.write(red)
    writer.release()

    _, witness = play(str(path))
    witness.wait_for_more()

    assert witness.last is not None
    np.testing.assert_allclose(witness.last.pixels[20, 20], [250, 0, 0], atol=6)
    assert witness.last.white == 255
    assert not witness.last.pixels.flags.writeable


def test_frames_that_are_kept_are_never_overwritten(play: Play, short: Path) -> None:
    pairs = []
    capture, witness = play(str(short))
    capture.loop(is_looping=True)

    for _ in range(12):
        witness.wait_for_more()
        assert witness.last is not None
        pairs.append((witness.last.pixels[::2], witness.last.pixels[::2].copy()))

    for view, copy in pairs:
        np.testing.assert_array_equal(view, copy)


@pytest.mark.parametrize("name", [b"caf\xe9 \xff.avi", "Übung 100%d.avi".encode(), b"-1.avi"])
def test_any_file_name_plays(play: Play, short: Path, tmp_path: Path, name: bytes) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    os.link(short, path)

    _, witness = play(os.fsdecode(path))
    witness.wait_for_state(LiveState.ENDED)

    assert witness.text == ""
    assert witness.numbers[-1] == 9


def test_a_name_in_the_working_folder_is_no_protocol(
    play: Play, short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.link(short, tmp_path / "http:video.avi")
    monkeypatch.chdir(tmp_path)

    _, witness = play("http:video.avi")
    witness.wait_for_state(LiveState.ENDED)

    assert witness.numbers[-1] == 9


def test_a_video_that_cannot_be_sought_still_loops(play: Play, tmp_path: Path) -> None:
    pictures = [cv2.imencode(".jpg", numbered_picture(number))[1].tobytes() for number in range(8)]
    path = tmp_path / "bare.mjpeg"
    path.write_bytes(b"".join(pictures))

    capture, witness = play(str(path))
    capture.loop(is_looping=True)
    witness.wait_until(lambda: witness.numbers.count(0) == 3, "not two rounds")

    assert witness.numbers.count(7) >= 2
    assert witness.frames[-1][2].duration == 0


def said_of(play: Play, path: Path) -> str:
    """The sentence that a file ends with before it shows anything."""
    _, witness = play(str(path), name=path.name)
    witness.wait_for_state(LiveState.ENDED)
    assert witness.frames == []
    return witness.text


def test_files_that_cannot_be_videos_say_so_in_a_sentence(play: Play, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video at all\n" * 99)
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe.mp4")

    assert said_of(play, tmp_path / "missing.mp4") == "There is no file “missing.mp4” at that place; choose another."
    assert "cannot be read as a video" in said_of(play, tmp_path / "text.mp4")
    assert said_of(play, tmp_path / "empty.mp4") == "“empty.mp4” is empty; choose a video file."
    assert said_of(play, tmp_path / "pipe.mp4") == "“pipe.mp4” is not a regular file; choose a video file."
    assert "not a regular file" in said_of(play, tmp_path)


def test_a_video_without_its_index_says_that_it_is_damaged(play: Play, tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", codec="mp4v").read_bytes()
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(whole[: len(whole) // 2])  # an mp4 has its index at the end

    assert said_of(play, damaged) == (
        "“damaged.mp4” cannot be read as a video; it may be damaged, or be something else."
    )


def test_a_video_that_breaks_off_says_how_far_it_goes(play: Play, tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.avi", frames=100, rate=50.0).read_bytes()
    damaged = tmp_path / "damaged.avi"
    damaged.write_bytes(whole[: len(whole) // 4])

    _, witness = play(str(damaged))
    witness.wait_for_state(LiveState.ENDED)

    assert 15 <= len(witness.frames) <= 30
    assert witness.text.startswith("“damaged.avi” can be read up to 0.")
    assert "of 2.0 seconds" in witness.text
