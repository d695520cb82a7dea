"""The reader process: `python -m convstudio.io.capture.process`, started by `io.capture` and by nobody else.

It keeps itself small and mortal: limited memory, deaf to Ctrl+C, gone when its parent goes. What it reads and how is in
`capture_open` and `capture_play`, how it talks in `capture_desk`.
"""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

# Arithmetic libraries start a thread for each core at import, and reserve memory for each.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from convstudio.io.capture.wire import LARGEST  # noqa: E402

os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(LARGEST)  # a picture of a stream may grow beyond what is shown

from convstudio.core.errors import ConvStudioError  # noqa: E402
from convstudio.core.opencv import cv2  # noqa: E402
from convstudio.io.capture import reasons  # noqa: E402
from convstudio.io.capture.desk import Desk, follow_orders  # noqa: E402
from convstudio.io.capture.download import download_still, is_named_as_picture, is_web_address  # noqa: E402
from convstudio.io.capture.opening import length, open_source  # noqa: E402
from convstudio.io.capture.play import Video, play_live, play_video  # noqa: E402
from convstudio.io.capture.wire import AddressKind, News, parsed  # noqa: E402

MEMORY = 4 * 2**30
LOADING = 0.4  # seconds between two words on a download
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


def main() -> None:
    """Read the first order from standard input, and play what it names until the input ends."""
    _limit_self()
    out = _own_output()
    line = sys.stdin.buffer.readline()
    if not line:
        return
    wanted = parsed(line)
    desk = Desk(out, is_paused=wanted["is_paused"], is_looping=wanted["is_looping"])
    for target, arguments in ((desk.write_forever, ()), (follow_orders, (desk, sys.stdin.buffer))):
        threading.Thread(target=target, args=arguments, daemon=True).start()
    try:
        _play(wanted, desk)
    except ConvStudioError as error:
        desk.say(News.FAILED, text=str(error))
    except (cv2.error, MemoryError):
        desk.say(News.FAILED, text=f"{_called(wanted)} cannot be decoded; it may be damaged or need too much memory.")
    except Exception as error:  # the window's side logs it; here nobody would see it
        desk.say(News.FAILED, text=f"Reading {_called(wanted)} stopped on an error of ConvStudio.", bug=repr(error))
    desk.finish()
    os._exit(0)  # releasing a capture can block or crash


def _play(wanted: dict[str, Any], desk: Desk) -> None:
    address, kind = wanted["address"], AddressKind(wanted["kind"])
    if kind is AddressKind.FILE or wanted["is_seekable"]:
        _play_video(wanted, desk)
        return
    is_web = kind is AddressKind.STREAM and is_web_address(address)
    if is_web and is_named_as_picture(address) and _gave_still(address, desk):
        return
    try:
        capture = open_source(address, kind)
    except ConvStudioError:
        if is_web and _gave_still(address, desk):
            return
        raise
    count, _ = length(capture)
    if is_web and count == 1 and _gave_still(address, desk):
        return
    if kind is AddressKind.STREAM and count and wanted["is_seekable"] is None:  # a file that a server offers
        capture.release()
        _play_video(wanted, desk)
        return
    _announce(desk, duration=0.0, is_live=True)
    shown = play_live(capture, desk, is_held=wanted["is_held"])
    if is_web and shown <= 1 and _gave_still(address, desk):
        return
    raise ConvStudioError(f"{_called(wanted)} has stopped sending pictures.")


def _gave_still(address: str, desk: Desk) -> bool:
    """Hand over the still picture at an address, if there is one; the window hears meanwhile that all is well."""
    with ThreadPoolExecutor(1) as executor:
        download = executor.submit(download_still, address)
        while not wait((download,), LOADING).done:
            desk.say(News.LOADING)
    try:
        picture = download.result()
    except ConvStudioError as refusal:
        desk.say(News.FAILED, text=str(refusal), is_over=True)
        return True
    if picture is not None:
        desk.hand_over(picture)
    return picture is not None


def _play_video(wanted: dict[str, Any], desk: Desk) -> None:
    address, kind = wanted["address"], AddressKind(wanted["kind"])
    video = Video(str(address), lambda: open_source(address, kind), desk)
    _announce(desk, duration=video.duration, is_live=False)
    play_video(video, desk, start=wanted["position"])


def _announce(desk: Desk, *, duration: float, is_live: bool) -> None:
    desk.say(News.OPENED, duration=duration, is_live=is_live)
    desk.say(News.PAUSED if desk.is_paused else News.PLAYING)
    desk.finish()  # a frame overtakes what is said, and the first would say that the video has no length


def _called(wanted: dict[str, Any]) -> str:
    match AddressKind(wanted["kind"]):
        case AddressKind.CAMERA:
            return f"Camera {wanted['address'] % 100}"
        case AddressKind.STREAM:
            return f"The stream {reasons.shown_address(wanted['address'])}"
        case AddressKind.FILE:
            return f"“{reasons.shown_path(wanted['address'])}”"


def _limit_self() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)  # converting a frame is over before a second thread is awake
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def _own_output() -> int:
    """The pipe to the parent under a number of its own, so that no library can print into it."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


if __name__ == "__main__":
    main()
