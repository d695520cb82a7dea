"""Opening sources with OpenCV and playing them: live ones as they come, videos at their own rate.

Runs in the reader process only, where a crash or a blocked read harms nobody. Talking to the window does not live here.
"""

import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io import capture_reasons as reasons
from convstudio.io.capture_desk import Desk, Raw
from convstudio.io.capture_wire import LARGEST, AddressKind, News

USUAL_RATE = 25.0  # frames a second where a video does not say
BEAT = 0.4  # seconds between two signs of life of a waiting video
SLOP = 0.001  # seconds; time stamps are in whole milliseconds in many files
MOST_SKIPPED = 8  # frames that a slow machine leaves out at a time
HOPELESS = 1.0  # seconds behind; from there on the video is played late instead of being caught up with
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
        raise ConvStudioError(reasons.too_large(width, height))
    return capture


def _open_camera(address: int) -> Any:
    backend, number = address // 100 * 100, address % 100  # OpenCV's own way to put both into one number
    if not backend and sys.platform == "linux":
        backend = cv2.CAP_V4L2
    capture = cv2.VideoCapture(number, backend)
    if not capture.isOpened():
        raise ConvStudioError(reasons.why_no_camera(number))
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # else the driver hands out pictures that are several frames old
    return capture


def _open_stream(address: str) -> Any:
    # Read by OpenCV when it opens: do not collect packets first, and keep to TCP where rtsp offers it.
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_flags;prefer_tcp|fflags;nobuffer")
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
        raise ConvStudioError(reasons.why_no_stream(address))
    return capture


def _open_file(path: str) -> Any:
    reason = reasons.why_no_file(path)
    if reason is not None:
        raise ConvStudioError(reason)
    name = os.path.abspath(path)  # noqa: PTH100 - pathlib would follow links; a bare name may look like "protocol:"
    if not _is_utf8(name):  # cv2 crashes on such names
        descriptor = os.open(path, os.O_RDONLY)  # stays open as long as the process lives
        name = f"/proc/self/fd/{descriptor}" if sys.platform == "linux" else f"/dev/fd/{descriptor}"
    threads = min(DECODERS, os.cpu_count() or 1)
    capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads])
    if not capture.isOpened():
        raise ConvStudioError(reasons.not_a_video(path))
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


def play_live(capture: Any, desk: Desk, name: str, *, is_held: bool) -> None:
    """Hand over frames as they come until none comes; while paused only say that they come."""
    while capture.grab():
        if desk.is_paused and is_held:
            desk.say(News.SEEN)
            continue
        picture = _retrieve(capture, desk)
        if picture is not None:
            desk.publish(picture, 0.0)
            is_held = True
    raise ConvStudioError(f"{name} has stopped sending pictures.")


def _retrieve(capture: Any, desk: Desk) -> Raw | None:
    is_read, picture = capture.retrieve(desk.spare())
    if not is_read or picture is None or picture.size == 0:
        return None
    if picture.shape[0] * picture.shape[1] > LARGEST:
        raise ConvStudioError(reasons.too_large(picture.shape[1], picture.shape[0]))
    made: Raw = picture
    return made


class Video:
    """A video that can be stepped and sought; positions are seconds from its start."""

    def __init__(self, path: str, reopen: Callable[[], Any]) -> None:
        self.path = path
        self._reopen = reopen
        self.capture = reopen()
        self.count, self.rate = length(self.capture)
        self.duration = self.count / self.rate
        self.interval = 1 / self.rate
        self._last: float | None = None

    def step(self) -> float | None:
        """Go to the next frame and say when it is to be shown; None at the end."""
        if not self.capture.grab():
            return None
        position = float(self.capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
        if self._last is not None and not position > self._last:  # some files have no time stamps
            position = self._last + self.interval
        self._last = max(position, 0.0)
        return self._last

    def seek(self, seconds: float) -> float | None:
        """Go to the frame that is on screen at that time; past the end, to the last one."""
        if seconds <= SLOP:
            return self._rewind()
        last = max(self.count - 1, 0)
        index = min(math.floor((seconds + SLOP) * self.rate), last)
        for back in (0, 1, 2, 4, 8, 16, 32):  # the count of frames is an estimate in many files
            position = self._jump(max(index - back, 0))
            if position is not None:
                break
        else:
            return self._rewind()
        return self._approach(position, min(seconds, self.duration))

    def _approach(self, position: float, seconds: float) -> float | None:
        """From a frame near the time wanted to the frame: frames need not be evenly spaced."""
        for _ in range(5):
            if position <= seconds + SLOP:
                break
            index = int(self.capture.get(cv2.CAP_PROP_POS_FRAMES)) - 1
            back = math.ceil((position - seconds) * self.rate)
            earlier = self._jump(max(index - back, 0))
            if earlier is None or earlier >= position:
                break
            position = earlier
        while position + self.interval <= seconds + SLOP:
            following = self.step()
            if following is None:
                return self._jump(max(self.count - 1, 0)) or position
            position = following
        return position

    def _jump(self, index: int) -> float | None:
        self.capture.set(cv2.CAP_PROP_POS_FRAMES, index)
        self._last = None
        return self.step()

    def _rewind(self) -> float | None:
        position = self._jump(0)
        if position is None or position > self.interval:
            self.capture.release()
            self.capture = self._reopen()
            self._last = None
            position = self.step()
        return position


def play_video(video: Video, desk: Desk, *, start: float) -> None:
    """Play at the video's own rate, carrying out orders, until the process ends."""
    pending = video.seek(start)  # the frame that is decoded and waits for its time
    if pending is None:
        raise ConvStudioError(reasons.not_a_video(video.path))
    origin = time.monotonic() - pending  # when second 0 would have been on screen
    shown, must_show, is_over = pending, True, False
    while True:
        due = origin + (shown + video.interval if pending is None else pending)
        is_waiting = is_over or (desk.is_paused and not must_show)
        wishes = desk.wait(0 if must_show else BEAT if is_waiting else min(due - time.monotonic(), BEAT))
        now = time.monotonic()
        target = 0.0 if wishes.is_resumed and is_over and wishes.seek is None else wishes.seek
        if target is not None:
            pending = video.seek(target)
            must_show, is_over = pending is not None, pending is None
            origin = now - (pending or 0.0)
        elif wishes.is_resumed:
            origin = now - shown
        elif is_over or (wishes.is_paused and not must_show) or now < due:
            desk.say(News.BEAT)
        elif pending is not None:
            pending = pending if must_show else _caught_up(video, pending, now - origin)
            if now - origin - pending > HOPELESS:
                origin = now - pending
            picture = _retrieve(video.capture, desk)
            if picture is not None:
                desk.publish(picture, pending)
            shown, must_show = pending, False
            pending = video.step()
        elif wishes.is_looping and (pending := video.seek(0.0)) is not None:
            origin = due
        else:
            is_over = True
            desk.say(News.ENDED, text=_how_it_ended(video, shown))


def _caught_up(video: Video, pending: float, elapsed: float) -> float:
    """Leave out frames whose time is over already."""
    for _ in range(MOST_SKIPPED):
        if pending + video.interval > elapsed:
            break
        following = video.step()
        if following is None:
            break
        pending = following
    return pending


def _how_it_ended(video: Video, shown: float) -> str:
    end = shown + video.interval
    is_whole = end >= video.duration - max(1.0, 0.05 * video.duration)  # the duration is an estimate in many files
    return "" if is_whole else reasons.broken_off(video.path, end, video.duration)
