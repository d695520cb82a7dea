"""What a file can be opened as, by its first bytes, and by its name where they do not tell."""

from enum import StrEnum
from pathlib import Path

from convstudio.io.decoding.arrays import holds_pictures
from convstudio.io.decoding.kinds import PictureFormat, picture_format
from convstudio.io.files import read_head
from convstudio.io.networks.formats import network_format
from convstudio.io.sessions.session import SUFFIX, begins_as_json

VIDEO_SUFFIXES = frozenset((".mp4", ".avi", ".mkv", ".mov", ".webm", ".m4v", ".mpg", ".mpeg", ".mjpg", ".mjpeg"))
_MOTION_JPEG = (".mjpg", ".mjpeg")  # JPEG pictures one after the other
_HEAD = 4096  # bytes
_ARRAYS = (PictureFormat.ARRAY, PictureFormat.ARRAYS)
_MATROSKA, _PROGRAM_STREAM = b"\x1aE\xdf\xa3", b"\0\0\1\xba"


class FileContents(StrEnum):
    """What a file can be opened as."""

    SESSION = "session"
    PICTURE = "picture"
    VIDEO = "video"
    NETWORK = "network"


def contents_of(path: Path) -> FileContents:
    """What to open a file as; what nobody knows is tried as a picture, and refused there in a sentence."""
    head, suffix = read_head(path, size=_HEAD), path.suffix.lower()
    if begins_as_json(head):
        return FileContents.SESSION
    is_network = network_format(path.name) is not None
    kind = picture_format(head)
    if kind in _ARRAYS:
        return FileContents.NETWORK if is_network and not holds_pictures(path) else FileContents.PICTURE
    if suffix not in _MOTION_JPEG and kind is not None:
        return FileContents.PICTURE
    if is_network:
        return FileContents.NETWORK
    if suffix in VIDEO_SUFFIXES or _is_video(head):
        return FileContents.VIDEO
    return FileContents.SESSION if suffix == SUFFIX else FileContents.PICTURE


def _is_video(head: bytes) -> bool:
    is_mp4 = head[4:8] == b"ftyp"
    return is_mp4 or head.startswith((_MATROSKA, _PROGRAM_STREAM)) or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
