"""An address that gives a still picture is asked once, and is still."""

import base64
import time
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.live_source import LiveState
from convstudio.core.opencv import cv2
from convstudio.io.capture import download
from convstudio.io.capture.download import download_still, is_named_as_picture
from tests.io.conftest import Play
from tests.pictures import png
from tests.streams import MjpegServer, StillServer, numbered_picture

PICTURE = numbered_picture(5)
PNG = png(PICTURE)


def encoded(suffix: str) -> bytes:
    return bytes(cv2.imencode(suffix, PICTURE)[1].tobytes())


@pytest.mark.parametrize(
    ("path", "suffix", "content_type"),
    [
        ("/picture.png", ".png", "image/png"),
        ("/picture.JPG?size=full", ".jpg", "image/jpeg"),
        ("/picture.webp", ".webp", "image/webp"),
        ("/picture.tif", ".tiff", "image/tiff"),
        ("/picture.bmp", ".bmp", "image/bmp; charset=binary"),
    ],
)
def test_a_still_picture_is_asked_for_once_and_is_still(play: Play, path: str, suffix: str, content_type: str) -> None:
    with StillServer(encoded(suffix), content_type) as server:
        _, witness = play(server.url + path)
        witness.wait_for_state(LiveState.STILL)

        assert server.paths == [path]
    assert witness.numbers == [5]
    assert [state for _, state, _ in witness.states] == [LiveState.CONNECTING, LiveState.STILL]


@pytest.mark.parametrize(("suffix", "content_type"), [(".jpg", "image/jpeg"), (".png", "image/png")])
def test_a_still_picture_whose_address_does_not_say_so_is_still_too(play: Play, suffix: str, content_type: str) -> None:
    with StillServer(encoded(suffix), content_type) as server:
        _, witness = play(f"{server.url}/snapshot?camera=1")
        witness.wait_for_state(LiveState.STILL)

        assert len(server.paths) <= 2
    assert set(witness.numbers) == {5}


@pytest.mark.parametrize("path", ["/article.html", "/picture.png"])
def test_a_page_is_no_picture_and_the_sentence_says_what_to_open(play: Play, path: str) -> None:
    with StillServer(b"<html><body>Convolutions</body></html>", "text/html; charset=utf-8") as server:
        _, witness = play(server.url + path)
        witness.wait_for_state(LiveState.ENDED)

    assert "no picture" in witness.states[-1][2]
    assert witness.numbers == []


def test_sixteen_bits_and_opacity_come_as_from_a_file(play: Play) -> None:
    pixels = np.arange(320 * 32 * 4, dtype=np.uint16).reshape(32, 320, 4)
    with StillServer(cv2.imencode(".png", pixels)[1].tobytes(), "image/png") as server:
        _, witness = play(f"{server.url}/a.png")
        witness.wait_for_state(LiveState.STILL)

    assert witness.last is not None
    np.testing.assert_array_equal(witness.last.pixels, pixels[:, :, 2::-1])
    assert witness.last.alpha is not None
    np.testing.assert_array_equal(witness.last.alpha, pixels[:, :, 3])


def test_a_stream_whose_address_ends_like_a_picture_is_a_stream(play: Play, server: MjpegServer) -> None:
    _, witness = play(server.url.replace("stream.mjpg", "now.jpg"))

    witness.wait_for_more(5)

    assert witness.state is LiveState.LIVE


def test_what_is_called_a_picture_and_is_none_is_refused_once(play: Play) -> None:
    with StillServer(b"<html>", "image/png") as server:
        _, witness = play(f"{server.url}/a.png")
        witness.wait_for_state(LiveState.ENDED)

        assert server.paths == ["/a.png"]
    assert "is not a picture that can be read" in witness.text


def test_a_picture_too_large_is_refused_by_its_length_and_not_asked_for_again(play: Play) -> None:
    with StillServer(b"", "image/png", rest=2**27 + 1) as server:
        _, witness = play(f"{server.url}/a.png")
        witness.wait_for_state(LiveState.ENDED)

        assert server.paths == ["/a.png"]
        where = server.url.removeprefix("http://")
    assert witness.text == (
        f"The picture at http://{where}/a.png has more than 128 MiB, the most that is read; "
        "download it with another program and open the file."
    )


def test_a_picture_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LONGEST", 0.0)
    with (
        StillServer(PNG, "image/png") as server,
        pytest.raises(ConvStudioError, match="takes more than 0 seconds to come"),
    ):
        download_still(f"{server.url}/a.png")


def test_closing_is_quick_in_the_middle_of_a_download(play: Play) -> None:
    with StillServer(PNG[:100], "image/png", rest=1000) as server:
        capture, witness = play(f"{server.url}/a.png")
        witness.wait_until(lambda: bool(server.paths), "nothing was asked")

        begun = time.monotonic()
        capture.close()

        assert time.monotonic() - begun < 1.0
    assert LiveState.STILL not in [state for _, state, _ in witness.states]


def test_the_password_goes_into_its_header_and_a_redirect_to_the_web_is_followed() -> None:
    with StillServer(PNG, "image/png", location="/moved.png") as server:
        picture = download_still(server.url.replace("//", "//per%20son:secret@") + "/a.png")

        assert picture == PNG
        assert server.paths == ["/a.png", "/moved.png"]
        assert server.headers[0]["Authorization"] == f"Basic {base64.b64encode(b'per son:secret').decode()}"
        assert "Authorization" not in server.headers[1]


def test_a_redirect_to_a_file_or_another_protocol_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    for location in (f"file://{tmp_path}/a.png", "ftp://127.0.0.1:9/a.png"):
        with StillServer(PNG, "image/png", location=location) as server:
            assert download_still(f"{server.url}/a.png") is None
            assert server.paths == ["/a.png"]


@pytest.mark.parametrize(
    ("content_type", "status"), [("text/plain", 200), ("multipart/x-mixed-replace", 200), ("image/png", 404)]
)
def test_what_is_no_picture_is_left_to_the_reader_of_streams(content_type: str, status: int) -> None:
    with StillServer(PNG, content_type, status=status) as server:
        assert download_still(f"{server.url}/a.png") is None


@pytest.mark.parametrize(
    ("address", "is_named"),
    [
        ("http://server/a.png", True),
        ("https://server:8080/a/b.JPEG?x=1#y", True),
        ("http://server/stream.mjpg", False),
        ("http://server/", False),
        ("rtsp://server/a.png", False),
    ],
)
def test_addresses_that_end_as_pictures_do(address: str, *, is_named: bool) -> None:
    assert is_named_as_picture(address) is is_named
