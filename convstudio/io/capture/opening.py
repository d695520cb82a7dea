"""Opening sources with OpenCV, and what can be known of them then.

Runs in the reader process only, where a crash or a blocked read harms nobody. Playing them lives in `playback`.
"""

import os
import sys
from typing import Any

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.capture import refusals
from convstudio.io.capture.messages import LARGEST, AddressKind

USUAL_RATE = 25.0  # frames a second where a video does not say
OPENING = 5000  # milliseconds for a server to answer
DECODERS = 4


def open_source(address: str | int, kind: AddressKind) -> Any:
    """An opened cv2.VideoCapture; a ConvStudioError says in a sentence why there is none."""
    match kind:
        case AddressKind.CAMERA:
            capture = _open_camera(int(address))
        case AddressKind.STREAM:
            capture = _open_stream(str(address))
        case AddressKind.FILE:
            capture = _open_file(str(address))
    width, height = (int(capture.get(prop)) for prop in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    if width * height > LARGEST:
        raise ConvStudioError(refusals.too_large(width, height))
    return capture


def _open_camera(address: int) -> Any:
    backend, number = address // 100 * 100, address % 100  # OpenCV's own way to put both into one number
    if not backend and sys.platform == "linux":
        backend = cv2.CAP_V4L2
    capture = cv2.VideoCapture(number, backend)
    if not capture.isOpened():
        raise ConvStudioError(refusals.why_no_camera(number))
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # else the driver hands out pictures that are several frames old
    return capture


def _open_stream(address: str) -> Any:
    # OpenCV's own options (rtsp over TCP) stay: "fflags;nobuffer" throws away what was read to recognise the stream, so
    # that an H.264 camera shows nothing until its next key frame, while frames read ahead are caught up with at once.
    settings = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        OPENING,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        OPENING,
        cv2.CAP_PROP_N_THREADS,
        1,  # each further decoding thread would hold one frame back
    ]
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, settings)
    if not capture.isOpened():
        raise ConvStudioError(refusals.why_no_stream(address))
    return capture


def _open_file(path: str) -> Any:
    reason = refusals.why_no_file(path)
    if reason is not None:
        raise ConvStudioError(reason)
    name = path
    if not _is_utf8(name):  # cv2 crashes on such names
        descriptor = os.open(path, os.O_RDONLY)  # stays open as long as the process lives
        name = f"/proc/self/fd/{descriptor}" if sys.platform == "linux" else f"/dev/fd/{descriptor}"
    threads = min(DECODERS, os.cpu_count() or 1)
    capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads])
    if not capture.isOpened():
        raise ConvStudioError(refusals.not_a_video(path))
    return capture


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def length(capture: Any) -> tuple[int, float]:
    """How many frames a source says it has (0: no end), and how many a second."""
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    rate = rate if 0.05 <= rate <= 1000 else USUAL_RATE
    count = float(capture.get(cv2.CAP_PROP_FRAME_COUNT))  # huge and negative where unknown
    return (int(count) if 0 < count < 1e9 else 0), rate
