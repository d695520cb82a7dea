"""What a file is, whatever it is called."""

from pathlib import Path

import numpy as np
import pytest

from convstudio.core.recipe.document import Document
from convstudio.io.file_types import FileContents, contents_of
from convstudio.io.sessions.session import Session, save_session, to_json, with_suffix
from tests.pictures import png
from tests.streams import write_video

SESSION = to_json(Session(Document()))
PICTURE = png(np.zeros((2, 2, 3), np.uint8))
JPEG = b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    ("name", "data", "contents"),
    [
        ("a.convstudio", SESSION, FileContents.SESSION),
        ("a", SESSION, FileContents.SESSION),
        ("a.png", b"\xef\xbb\xbf \r\n\t" + SESSION, FileContents.SESSION),
        ("a.mp4", SESSION, FileContents.SESSION),
        ("a.convstudio", b"no JSON", FileContents.SESSION),
        ("a.convstudio", b"", FileContents.SESSION),
        ("a.convstudio", PICTURE, FileContents.PICTURE),
        ("a.mp4", PICTURE, FileContents.PICTURE),
        ("a", PICTURE, FileContents.PICTURE),
        ("a.txt", b"text", FileContents.PICTURE),
        ("a.onnx", b"\x08\x08", FileContents.NETWORK),
        ("A.SafeTensors", b"", FileContents.NETWORK),
        ("a.npz", b"PK\3\4", FileContents.NETWORK),
        ("a.npy", PICTURE, FileContents.PICTURE),
        ("a.pt", SESSION, FileContents.SESSION),
        ("a.avif", b"\0\0\0\x1cftypavif", FileContents.PICTURE),
        ("a.jpg", JPEG, FileContents.PICTURE),
        ("a.mjpg", JPEG, FileContents.VIDEO),
        ("a.MP4", b"whatever", FileContents.VIDEO),
        ("a.convstudio", b"\0\0\0\x20ftypisom", FileContents.VIDEO),
    ],
)
def test_the_first_bytes_decide_and_the_name_where_they_do_not(
    tmp_path: Path, name: str, data: bytes, contents: FileContents
) -> None:
    (tmp_path / name).write_bytes(data)

    assert contents_of(tmp_path / name) is contents


@pytest.mark.parametrize(("suffix", "codec"), [("avi", "MJPG"), ("mp4", "mp4v"), ("mkv", "MJPG")])
def test_a_video_of_any_name_is_one(tmp_path: Path, suffix: str, codec: str) -> None:
    video = write_video(tmp_path / f"a.{suffix}", frames=2, codec=codec)

    renamed = video.rename(tmp_path / "a.convstudio")

    assert contents_of(renamed) is FileContents.VIDEO


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ("edges", "edges.convstudio"),
        ("my edges v1.2", "my edges v1.2.convstudio"),
        ("photo.png", "photo.png.convstudio"),
        ("edges.convstudio", "edges.convstudio"),
        ("edges.ConvStudio", "edges.ConvStudio"),
        ("edges.convstudio.bak", "edges.convstudio.bak.convstudio"),
    ],
)
def test_the_ending_of_a_session_is_added_where_it_is_missing(chosen: str, name: str) -> None:
    assert with_suffix(Path("folder") / chosen) == Path("folder") / name


@pytest.mark.parametrize("data", [PICTURE, b"text", b"[1]", b'{"name": "of another program"}', b"\0"])
def test_only_a_session_or_nothing_is_written_over(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.convstudio"
    path.write_bytes(data)

    with pytest.raises(ValueError, match=r"“a\.convstudio” is there and is no session, so it is not written over"):
        save_session(path, Session(Document()))

    assert path.read_bytes() == data
    for there in (b"", SESSION):
        path.write_bytes(there)
        save_session(path, Session(Document()))
        assert path.read_bytes() == SESSION
