"""Playing opened sources: live ones as they come, videos at their own rate, sought and looped.

Runs in the reader process only. Opening sources lives in `opening`, what goes to the window in `mailbox`.
"""

import math
import time
from collections.abc import Callable
from typing import Any, cast

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.capture import refusals
from convstudio.io.capture.mailbox import Mailbox, Raw
from convstudio.io.capture.messages import LARGEST, News
from convstudio.io.capture.opening import length

BEAT = 0.4  # seconds between two signs of life of a waiting video
SLOP = 0.001  # seconds; many files keep time stamps in whole milliseconds
MOST_SKIPPED = 8  # frames that a slow machine leaves out at a time
HOPELESS = 1.0  # seconds behind; from there on a video is played late instead of being caught up with
MOTION_JPEG = cv2.VideoWriter.fourcc(*"MJPG")
JPEG_FLAGS = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
BACKWARDS = (0, 1, 2, 4, 8, 16, 32, 64)  # frames to go back when a jump came out too late, or behind the end


def retrieve(capture: Any, mailbox: Mailbox) -> Raw | None:
    """The picture of the frame just grabbed."""
    is_read, picture = capture.retrieve(mailbox.spare())
    if not is_read or picture is None or picture.size == 0:
        return None
    if picture.shape[0] * picture.shape[1] > LARGEST:
        raise ConvStudioError(refusals.too_large(picture.shape[1], picture.shape[0]))
    return cast("Raw", picture)


def retrieve_jpeg(capture: Any, _: Mailbox) -> Raw | None:
    """The picture of the frame just grabbed, out of the JPEG file that came; its size is its own."""
    is_read, packet = capture.retrieve()
    if not is_read or packet is None or packet.size == 0:
        return None
    picture: Any = cv2.imdecode(packet.ravel(), JPEG_FLAGS)
    return cast("Raw | None", picture)  # None where it is damaged: the next one may not be


def hands_out_jpegs(capture: Any) -> bool:
    """Whether a source sends JPEG pictures; if so they come as they are from now on.

    OpenCV's decoder of streams makes every picture as large as the first.
    """
    is_jpeg = capture.getBackendName() == "FFMPEG" and int(capture.get(cv2.CAP_PROP_FOURCC)) == MOTION_JPEG
    return is_jpeg and bool(capture.set(cv2.CAP_PROP_FORMAT, -1))


def play_live(capture: Any, mailbox: Mailbox, *, is_held: bool) -> int:
    """Hand over frames as they come until none comes, and count them; while paused only say that they come."""
    count = 0
    picture_of = retrieve_jpeg if hands_out_jpegs(capture) else retrieve
    while capture.grab():
        count += 1
        if mailbox.is_paused and is_held:
            mailbox.say(News.SEEN)
            continue
        picture = picture_of(capture, mailbox)
        if picture is not None:
            mailbox.publish(picture, 0.0)
            is_held = True
    return count


class Video:
    """A video that can be stepped and sought; positions are seconds from its start.

    `shown` is the position of the frame shown last, `upcoming` of the one that is decoded and waits for its time; None
    at the end.
    """

    def __init__(self, path: str, reopen: Callable[[], Any], mailbox: Mailbox) -> None:
        self._path = path
        self._reopen = reopen
        self._mailbox = mailbox
        self._capture = reopen()
        self._count, self._rate = length(self._capture)
        self.interval = 1 / self._rate
        self.duration = self._count / self._rate
        self.shown = 0.0
        self.upcoming: float | None = None

    def show(self, seconds: float, *, most_skipped: float = MOST_SKIPPED) -> bool:
        """Show the upcoming frame, or the last one after it whose time has come too; False where none can be read."""
        picture, position, skipped = None, 0.0, -1
        while self.upcoming is not None:
            if picture is not None and (self.upcoming > seconds + SLOP or skipped >= most_skipped):
                break
            position = self.upcoming
            picture = retrieve(self._capture, self._mailbox)
            skipped += 1
            self._step()
        if picture is None:
            return False
        self._mailbox.publish(picture, position)
        self.shown = position
        return True

    def seek(self, seconds: float) -> None:
        """Show the frame that is on screen at that time; past the end, the last one."""
        if seconds <= SLOP or not self._count:
            self._rewind()
            seconds = 0.0
        else:
            self._jump_before(seconds)
        # Frames need not be evenly spaced: only the next one tells how long this one stays.
        if not self.show(seconds, most_skipped=math.inf):
            raise ConvStudioError(refusals.not_a_video(self._path))

    def how_it_ended(self) -> str:
        """A sentence for a video that breaks off, else nothing."""
        end = self.shown + self.interval
        is_whole = end >= self.duration - max(1.0, 0.05 * self.duration)  # often the duration is an estimate
        return "" if is_whole else refusals.broken_off(self._path, end, self.duration)

    def _step(self) -> None:
        """Decode the next frame."""
        earlier, self.upcoming = self.upcoming, None
        if self._capture.grab():
            position = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
            if earlier is not None and position <= earlier:  # some files have no time stamps
                position = earlier + self.interval
            self.upcoming = max(position, 0.0)

    def _jump_before(self, seconds: float) -> None:
        """Go to a frame at that time or not long before it."""
        last = max(self._count - 1, 0)
        index = min(math.floor((seconds + SLOP) * self._rate), last)
        for back in BACKWARDS:
            self._jump(max(index - back, 0))
            if self.upcoming is not None and self.upcoming <= seconds + SLOP:
                return
        self._rewind()

    def _jump(self, index: int) -> None:
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, index)
        self.upcoming = None
        self._step()

    def _rewind(self) -> None:
        self._jump(0)
        if self.upcoming is None or self.upcoming > self.interval / 2:  # cannot be sought
            self._capture.release()
            self._capture = self._reopen()
            self.upcoming = None
            self._step()


def play_video(video: Video, mailbox: Mailbox, *, start: float) -> None:
    """Play at the video's own rate, carrying out orders, until the process ends."""
    video.seek(start)
    origin = time.monotonic() - video.shown  # when second 0 would have been on screen
    is_over = False
    while True:
        due = origin + (video.shown + video.interval if video.upcoming is None else video.upcoming)
        is_waiting = is_over or mailbox.is_paused
        orders = mailbox.wait(BEAT if is_waiting else min(due - time.monotonic(), BEAT))
        now = time.monotonic()
        target = 0.0 if orders.is_resumed and is_over and orders.seek is None else orders.seek
        if target is not None and (video.duration or is_over):
            video.seek(target)
            origin, is_over = time.monotonic() - video.shown, False
        elif orders.is_resumed:
            origin = now - video.shown
        elif is_over or orders.is_paused or now < due:
            mailbox.say(News.BEAT)
        elif video.upcoming is not None:
            if now - due > HOPELESS:
                origin = now - video.upcoming
            video.show(now - origin)
        elif orders.is_looping:
            video.seek(0.0)
            origin = due - video.shown
        else:
            is_over = True
            mailbox.say(News.ENDED, text=video.how_it_ended())
