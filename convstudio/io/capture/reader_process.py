"""The reader process: `python -m convstudio.io.capture.reader_process`, started by `reader` and by nobody else.

It opens one source and plays it until its input ends. Opening is in `opening`, playing in `playback`, and what passes
between its threads in `mailbox`.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.capture import refusals
from convstudio.io.capture.download import download_still, is_named_as_picture, is_web_address
from convstudio.io.capture.mailbox import Mailbox, follow_orders
from convstudio.io.capture.messages import AddressKind, News
from convstudio.io.capture.opening import length, open_source
from convstudio.io.capture.playback import Video, play_live, play_video
from convstudio.io.files import printable
from convstudio.io.processes import Parent

LOADING = 0.4  # seconds between two words on a download


def main() -> None:
    """Receive the first order, and play what it names until the input ends."""
    parent = Parent()
    cv2.setNumThreads(1)  # converting a frame is over before a second thread is awake
    request = parent.receive()
    if request is None:
        return
    order = request.head
    mailbox = Mailbox(parent, is_paused=order["is_paused"], is_looping=order["is_looping"])
    for target, arguments in ((mailbox.send_forever, ()), (follow_orders, (mailbox, parent))):
        threading.Thread(target=target, args=arguments, daemon=True).start()
    try:
        _play(order, mailbox)
    except ConvStudioError as error:
        mailbox.say(News.FAILED, text=str(error))
    except (cv2.error, MemoryError):
        text = f"{_title_of(order)} cannot be decoded; it may be damaged or need too much memory."
        mailbox.say(News.FAILED, text=text)
    except Exception as error:  # the window's side logs it; here nobody would see it
        mailbox.say(News.FAILED, text=f"Reading {_title_of(order)} stopped on an error of ConvStudio.", bug=repr(error))
    mailbox.finish()
    os._exit(0)  # releasing a capture can block or crash


def _play(order: dict[str, Any], mailbox: Mailbox) -> None:
    address, kind = order["address"], AddressKind(order["kind"])
    if kind is AddressKind.FILE or order["is_seekable"]:
        _play_video(order, mailbox)
        return
    is_web = kind is AddressKind.STREAM and is_web_address(address)
    if is_web and is_named_as_picture(address) and _give_still(address, mailbox):
        return
    try:
        capture = open_source(address, kind)
    except ConvStudioError:
        if is_web and _give_still(address, mailbox):
            return
        raise
    count, _ = length(capture)
    if is_web and count == 1 and _give_still(address, mailbox):
        return
    if kind is AddressKind.STREAM and count and order["is_seekable"] is None:  # a file that a server offers
        capture.release()
        _play_video(order, mailbox)
        return
    _announce(mailbox, duration=0.0, is_live=True)
    frames = play_live(capture, mailbox, is_held=order["is_held"])
    if is_web and frames <= 1 and _give_still(address, mailbox):
        return
    raise ConvStudioError(f"{_title_of(order)} has stopped sending pictures.")


def _give_still(address: str, mailbox: Mailbox) -> bool:
    """Hand over the still picture at an address, if there is one; the window hears meanwhile that all is well."""
    with ThreadPoolExecutor(1) as executor:
        download = executor.submit(download_still, address)
        while not wait((download,), LOADING).done:
            mailbox.say(News.LOADING)
    try:
        picture = download.result()
    except ConvStudioError as refusal:
        mailbox.say(News.FAILED, text=str(refusal), is_over=True)
        return True
    if picture is not None:
        mailbox.hand_over(picture)
    return picture is not None


def _play_video(order: dict[str, Any], mailbox: Mailbox) -> None:
    address, kind = order["address"], AddressKind(order["kind"])
    video = Video(str(address), lambda: open_source(address, kind), mailbox)
    _announce(mailbox, duration=video.duration, is_live=False)
    play_video(video, mailbox, start=order["position"])


def _announce(mailbox: Mailbox, *, duration: float, is_live: bool) -> None:
    mailbox.say(News.OPENED, duration=duration, is_live=is_live)
    mailbox.say(News.PAUSED if mailbox.is_paused else News.PLAYING)
    mailbox.finish()  # a frame overtakes what is said, and the first would say that the video has no length


def _title_of(order: dict[str, Any]) -> str:
    match AddressKind(order["kind"]):
        case AddressKind.CAMERA:
            return f"Camera {order['address'] % 100}"
        case AddressKind.STREAM:
            return f"The stream {refusals.shown_address(order['address'])}"
        case AddressKind.FILE:
            return f"“{printable(Path(order['address']))}”"


if __name__ == "__main__":
    main()
