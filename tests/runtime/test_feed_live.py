"""The feed with a real stream behind it: nothing is late, nothing is left behind."""

import threading

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from convstudio.core.live_source import LiveState
from convstudio.io.capture.capture import Capture
from convstudio.runtime.feed import Feed
from tests.streams import MjpegServer, number_in


def number_shown(feed: Feed) -> int:
    assert feed.frame is not None
    return number_in(feed.frame.pixels)


def test_a_stream_is_shown_frozen_lost_and_left(qapp: QCoreApplication, qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    feed = Feed()
    with MjpegServer(rate=25.0) as server:
        feed.play(Capture(server.url, name="garden"))
        qtbot.waitUntil(lambda: feed.state is LiveState.LIVE)
        qtbot.waitUntil(lambda: feed.number > 50, timeout=20_000)
        rate = feed.frames_per_second

        feed.freeze()
        held = number_shown(feed)
        assert server.wait_until_sent(server.sent + 20)
        qapp.processEvents()
        still_held = number_shown(feed)
        feed.unfreeze()
        server.wait_until_sent(server.sent + 1)
        lag = server.sent - number_shown(feed)

        server.stall()
        qtbot.waitUntil(lambda: feed.state is LiveState.LOST)
        feed.close()

    assert rate == pytest.approx(25.0, rel=0.15)
    assert still_held == held
    assert lag <= 5
    assert feed.state is LiveState.STILL
    assert set(threading.enumerate()) == before


@pytest.mark.alone
def test_a_window_that_was_busy_sees_the_newest_frame_first(qapp: QCoreApplication, qtbot: QtBot) -> None:
    feed = Feed()
    numbers: list[int] = []
    feed.frame_arrived.connect(lambda: numbers.append(number_shown(feed)))
    with MjpegServer(rate=50.0) as server:
        feed.play(Capture(server.url, name="garden"))
        qtbot.waitUntil(lambda: len(numbers) > 5, timeout=20_000)

        busy_from = len(numbers)
        assert server.wait_until_sent(server.sent + 50)  # the window's thread does something else
        sent = server.sent
        qtbot.waitUntil(lambda: len(numbers) > busy_from)
        feed.close()

    assert sent - numbers[busy_from] <= 3
