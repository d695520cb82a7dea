"""Films and numbered pictures as files, read back with OpenCV and by hand; and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.export import animation
from convstudio.io.export.animation import MOST_FRAMES, save_frames
from tests.pictures import read_png

Picture = NDArray[np.uint8]


def frames(count: int, height: int = 32, width: int = 48) -> list[Picture]:
    """Flat pictures, each a little more red and less blue."""
    return [np.full((height, width, 3), (5 * number, 60, 255 - 5 * number), np.uint8) for number in range(count)]


def film_of(path: Path) -> tuple[list[Picture], float]:
    """The frames (red, green, blue) of a film and how many there are a second."""
    reader = cv2.VideoCapture(str(path))
    pictures: list[Picture] = []
    while True:
        is_read, frame = reader.read()
        if not is_read:
            break
        pictures.append(frame[:, :, ::-1].astype(np.uint8))
    rate = reader.get(cv2.CAP_PROP_FPS)
    reader.release()
    return pictures, rate


def test_a_gif_holds_every_frame(tmp_path: Path) -> None:
    written = save_frames(tmp_path / "film.GIF", frames(7), rate=3)

    is_read, animation = cv2.imreadanimation(str(tmp_path / "film.GIF"))
    assert written == (tmp_path / "film.GIF",)
    assert is_read
    np.testing.assert_array_equal([frame[:, :, 2::-1] for frame in animation.frames], frames(7))


def test_an_mp4_holds_every_frame_at_its_rate(tmp_path: Path) -> None:
    save_frames(tmp_path / "film.mp4", iter(frames(20)), rate=10)

    pictures, rate = film_of(tmp_path / "film.mp4")
    assert [frame.shape for frame in pictures] == [(32, 48, 3)] * 20
    assert rate == 10
    np.testing.assert_allclose(pictures[0].mean(axis=(0, 1)), (0, 60, 255), atol=6)  # the colours are lossy
    np.testing.assert_allclose(pictures[19].mean(axis=(0, 1)), (95, 60, 160), atol=6)


def test_an_mp4_of_odd_size_loses_no_pixels(tmp_path: Path) -> None:
    save_frames(tmp_path / "film.mp4", frames(3, height=33, width=47), rate=10)

    assert [frame.shape for frame in film_of(tmp_path / "film.mp4")[0]] == [(34, 48, 3)] * 3


def test_any_other_name_is_a_folder_of_numbered_pictures(tmp_path: Path) -> None:
    written = save_frames(tmp_path / "new" / "frames", frames(11), rate=3)

    assert [file.name for file in written[:2]] == ["step-001.png", "step-002.png"]
    assert sorted((tmp_path / "new" / "frames").iterdir()) == list(written)
    np.testing.assert_array_equal([read_png(file.read_bytes()) for file in written], frames(11))


def test_the_old_film_stays_until_the_new_is_complete(tmp_path: Path) -> None:
    def breaking() -> Iterator[Picture]:
        yield from frames(2)
        raise ConvStudioError("The layer is gone.")

    for name in ("film.gif", "film.mp4"):
        (tmp_path / name).write_bytes(b"old")
        with pytest.raises(ConvStudioError, match="The layer is gone"):
            save_frames(tmp_path / name, breaking(), rate=3)

        assert [file.name for file in tmp_path.iterdir()] == [name]
        assert (tmp_path / name).read_bytes() == b"old"
        (tmp_path / name).unlink()


@pytest.mark.parametrize("wanted_frames", [0, 3, 7])
@pytest.mark.parametrize("name", ["film.gif", "film.mp4", "frames"])
def test_a_film_that_nobody_wants_any_more_is_given_up_at_its_next_frame(
    tmp_path: Path, name: str, wanted_frames: int
) -> None:
    taken: list[int] = []

    def counted() -> Iterator[Picture]:
        for number, frame in enumerate(frames(10)):
            taken.append(number)
            yield frame

    with cancelled_unless(lambda: len(taken) <= wanted_frames), pytest.raises(Cancelled):
        save_frames(tmp_path / name, counted(), rate=3)

    assert len(taken) == wanted_frames + 1
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_the_frames_of_a_gif_are_packed_until_nobody_wants_them(tmp_path: Path) -> None:
    asked: list[None] = []

    def is_wanted() -> bool:
        asked.append(None)
        return len(asked) <= 12  # all ten have been taken by then

    with cancelled_unless(is_wanted), pytest.raises(Cancelled):
        save_frames(tmp_path / "film.gif", frames(10), rate=3)

    assert len(asked) == 13
    assert list(tmp_path.iterdir()) == []


def test_half_a_film_leaves_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(ConvStudioError, match="Frame 4 has 47×33 pixels but the first has 48×32"):
        save_frames(tmp_path / "frames", [*frames(3), *frames(1, 33, 47)], rate=3)

    assert list((tmp_path / "frames").iterdir()) == []


@pytest.mark.parametrize("name", ["film.gif", "film.mp4", "frames"])
def test_more_than_600_frames_are_refused(tmp_path: Path, name: str) -> None:
    many = (np.zeros((2, 2, 3), np.uint8) for _ in range(MOST_FRAMES + 1))

    with pytest.raises(ConvStudioError, match="more than 600 frames"):
        save_frames(tmp_path / name, many, rate=10)

    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize(
    ("shown", "rate", "reason"),
    [
        ([], 3.0, "There is no step to save"),
        (frames(1), 0.0, "choose a speed from 0.1 to 50 a second"),
        (frames(1), 60.0, "choose a speed from 0.1 to 50 a second"),
        ([np.zeros((4, 4), np.uint8)], 3.0, "three 8-bit channels, not 4×4 of uint8"),
        ([np.zeros((4, 4, 3))], 3.0, "three 8-bit channels, not 4×4×3 of float64"),
    ],
)
def test_what_is_no_film_is_refused(tmp_path: Path, shown: list[Picture], rate: float, reason: str) -> None:
    with pytest.raises(ConvStudioError, match=reason):
        save_frames(tmp_path / "film.gif", shown, rate=rate)

    assert list(tmp_path.iterdir()) == []


def test_a_gif_that_is_too_large_says_what_else_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animation, "MOST_PIXELS", 32 * 48 * 5)

    save_frames(tmp_path / "film.gif", frames(5), rate=3)
    with pytest.raises(ConvStudioError, match="at most 5 frames of 48×32 pixels; save them as MP4 or as PNG"):
        save_frames(tmp_path / "more.gif", frames(6), rate=3)


def test_frames_of_two_films_are_not_mixed(tmp_path: Path) -> None:
    save_frames(tmp_path / "frames", frames(2), rate=3)

    with pytest.raises(ConvStudioError, match="holds the frames of other steps"):
        save_frames(tmp_path / "frames", frames(1), rate=3)


@pytest.mark.parametrize("name", ["film.gif", "film.mp4"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConvStudioError, match="there is no folder “missing”"):
        save_frames(tmp_path / "missing" / name, frames(1), rate=3)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "frames").write_bytes(b"")

    with pytest.raises(ConvStudioError, match="“frames” is a file"):
        save_frames(tmp_path / "frames", frames(1), rate=3)
