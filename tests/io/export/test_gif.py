"""Films as GIF files: what OpenCV's decoder finds in them, and how they are built by the specification."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.io.export.gif import gif
from tests.amounts import random_cases

Picture = NDArray[np.uint8]


def read_back(data: bytes) -> tuple[list[Picture], list[int], int]:
    """The frames (red, green, blue), milliseconds and loops that an independent decoder finds."""
    is_read, animation = cv2.imdecodeanimation(np.frombuffer(data, np.uint8))
    assert is_read
    return (
        [frame[:, :, 2::-1].astype(np.uint8) for frame in animation.frames],
        list(animation.durations),
        animation.loop_count,
    )


def test_frames_sizes_and_times_are_kept() -> None:
    frames = [np.full((3, 5, 3), (shade, 20, 255 - shade), np.uint8) for shade in (0, 100, 200)]

    pictures, milliseconds, loops = read_back(gif(frames, 4))

    np.testing.assert_array_equal(pictures, frames)
    assert milliseconds == [250, 250, 250]
    assert loops == 0  # for ever


@random_cases(25)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 255), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_up_to_255_colours_come_back_exactly(height: int, width: int, colours: int, share: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    palette = random.integers(0, 256, (colours, 3), dtype=np.uint8)
    first = palette[random.integers(0, colours, (height, width))]
    changed = palette[random.integers(0, colours, (height, width))]
    second = np.where(random.random((height, width, 1)) < share, changed, first)

    pictures, _, _ = read_back(gif([first, second, second], 10))

    np.testing.assert_array_equal(pictures, [first, second, second])


def test_more_codes_than_the_table_holds_come_back_exactly() -> None:
    noise = np.random.default_rng(0).integers(0, 250, (200, 200), dtype=np.uint8)
    frame = np.stack([noise, noise // 2, 255 - noise], axis=2)

    pictures, _, _ = read_back(gif([frame], 1))

    np.testing.assert_array_equal(pictures[0], frame)


def test_long_runs_of_one_colour_come_back_exactly() -> None:
    frame = np.full((1500, 1000, 3), 255, np.uint8)
    frame[700:, :, 0] = 7
    frame[900, 500] = 0

    data = gif([frame], 1)

    np.testing.assert_array_equal(read_back(data)[0][0], frame)
    assert len(data) < 10_000  # a million and a half of pixels


def test_of_too_many_colours_the_frequent_ones_stay_and_the_others_are_near() -> None:
    ramp = np.arange(256, dtype=np.uint8)
    frame = np.full((300, 256, 3), 128, np.uint8)
    frame[:256] = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.uint8(128)), axis=2)  # 65,536 colours

    pictures, _, _ = read_back(gif([frame], 1))

    np.testing.assert_array_equal(pictures[0][256:], frame[256:])
    # 16×16 boxes of 16×16 colours would keep every channel within 15; 255 boxes are one short of that
    assert np.abs(pictures[0].astype(int) - frame).max() <= 32


def test_only_what_changed_is_stored_again() -> None:
    first = np.random.default_rng(1).integers(0, 2, (100, 100, 1), dtype=np.uint8).repeat(3, axis=2) * 255
    second = first.copy()
    second[50, 50] = 255 - second[50, 50]

    alone, both = len(gif([first], 1)), len(gif([first, second], 1))

    assert both - alone < 50


@pytest.mark.parametrize(("rate", "hundredths"), [(1.0, 100), (3.0, 33), (30.0, 3)])
def test_the_delay_is_written_in_hundredths_of_a_second(rate: float, hundredths: int) -> None:
    data = gif([np.zeros((1, 1, 3), np.uint8)], rate)

    control = data.index(b"\x21\xf9\x04")  # GIF89a, section 23: graphic control extension
    assert data.startswith(b"GIF89a")
    assert int.from_bytes(data[control + 4 : control + 6], "little") == hundredths
    assert data.endswith(b"\x3b")
