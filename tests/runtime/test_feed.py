"""The feed hands over the newest frames, on the window's thread, and says at a glance how its source is."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.live_source import LiveState, Playback
from convstudio.runtime.feed import Feed


def frame_of(value: int) -> Frame:
    return Frame(np.full((2, 3, 1), value, np.uint8), 255)


def value_in(feed: Feed) -> int:
    assert feed.frame is not None
    return int(feed.frame.pixels[0, 0, 0])


class Script:
    """A live source that does what the test says, on a thread that is not the window's."""

    def __init__(self, name: str = "script") -> None:
        self.name = name
        self.asked: list[object] = []
        self.is_closed = False
        self.on_frame: Callable[[Frame, Playback], None]
        self.on_state: Callable[[LiveState, str], None]

    def start(self, on_frame: Callable[[Frame, Playback], None], on_state: Callable[[LiveState, str], None]) -> None:
        self.on_frame, self.on_state = on_frame, on_state

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def seek(self, seconds: float) -> None:
        self.asked.append(seconds)

    def loop(self, *, is_looping: bool) -> None:
        self.asked.append(is_looping)

    def close(self) -> None:
        self.is_closed = True

    def send(self, *values: int, position: float = 0.0) -> None:
        elsewhere(lambda: [self.on_frame(frame_of(value), Playback(position)) for value in values])

    def say(self, state: LiveState, sentence: str = "") -> None:
        elsewhere(lambda: self.on_state(state, sentence))


def elsewhere(work: Callable[[], object]) -> None:
    """Do something on another thread, and wait until it is done."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feed(qapp: QCoreApplication, clock: Clock) -> Iterator[Feed]:
    feed = Feed(clock=clock)
    yield feed
    feed.close()


@pytest.fixture
def source(feed: Feed) -> Script:
    script = Script()
    feed.play(script)
    return script


def test_a_still_picture_is_there_at_once_and_is_called_still(feed: Feed, qtbot: QtBot) -> None:
    with qtbot.waitSignal(feed.frame_arrived):
        feed.show_still(frame_of(7))

    assert value_in(feed) == 7
    assert feed.state is LiveState.STILL
    assert feed.frames_per_second == 0.0


def test_a_frame_from_another_thread_arrives_on_the_windows_thread(feed: Feed, source: Script, qtbot: QtBot) -> None:
    threads: list[QThread] = []
    feed.frame_arrived.connect(lambda: threads.append(QThread.currentThread()))

    with qtbot.waitSignal(feed.frame_arrived):
        source.send(5, position=1.5)

    assert threads == [feed.thread()]
    assert value_in(feed) == 5
    assert feed.playback.position == 1.5


def shown_by(feed: Feed) -> list[int]:
    """What the feed shows from now on, in order."""
    shown: list[int] = []
    feed.frame_arrived.connect(lambda: shown.append(value_in(feed)))
    return shown


def wait_for(shown: list[int], count: int, qtbot: QtBot) -> None:
    """Until so many frames have been shown."""
    qtbot.waitUntil(lambda: len(shown) >= count)


def play_steadily(source: Script, clock: Clock, shown: list[int], qtbot: QtBot, *, rate: float) -> None:
    """Twenty frames, all called 0, evenly spaced."""
    for count in range(1, 21):
        clock.now += 1 / rate
        source.send(0)
        wait_for(shown, count, qtbot)
    shown.clear()


def test_a_busy_window_gets_the_newest_two_frames(feed: Feed, source: Script, qtbot: QtBot) -> None:
    shown = shown_by(feed)

    source.send(*range(1, 51))  # the window's thread is busy here and delivers nothing
    assert shown == []
    qtbot.waitUntil(lambda: bool(shown))
    source.send(99)
    qtbot.waitUntil(lambda: 99 in shown)

    assert shown == [49, 50, 99]
    assert feed.number == 3


def test_a_burst_after_a_stall_is_shown_frame_by_frame(feed: Feed, source: Script, clock: Clock, qtbot: QtBot) -> None:
    shown = shown_by(feed)
    play_steadily(source, clock, shown, qtbot, rate=30.0)

    clock.now += 0.07  # a stall of two frames
    source.send(1, 2)
    qtbot.waitUntil(lambda: bool(shown))
    source.send(3)  # one more comes before the turn of the second
    at_once = [*shown]
    for count in (2, 3):
        clock.now += 0.02
        wait_for(shown, count, qtbot)

    assert at_once == [1]
    assert shown == [1, 2, 3]


def test_frames_of_a_quick_camera_need_not_wait_for_long(
    feed: Feed, source: Script, clock: Clock, qtbot: QtBot
) -> None:
    shown = shown_by(feed)
    play_steadily(source, clock, shown, qtbot, rate=120.0)

    clock.now += 0.0055  # the gap of so many frames is 0.6 of 1/120 s: 5 ms
    source.send(1)
    qtbot.waitUntil(lambda: shown == [1])


def test_a_picture_sought_now_and_then_is_shown_at_once(feed: Feed, source: Script, clock: Clock, qtbot: QtBot) -> None:
    shown = shown_by(feed)
    play_steadily(source, clock, shown, qtbot, rate=2.0)

    clock.now += 0.021
    source.send(1)
    qtbot.waitUntil(lambda: shown == [1])


def test_what_is_said_after_a_frame_is_heard_after_it(feed: Feed, source: Script, clock: Clock, qtbot: QtBot) -> None:
    heard: list[object] = []
    shown = shown_by(feed)
    play_steadily(source, clock, shown, qtbot, rate=30.0)
    feed.frame_arrived.connect(lambda: heard.append(value_in(feed)))
    feed.state_changed.connect(lambda state, _: heard.append(state))

    clock.now += 0.07
    source.send(1, 2)
    source.say(LiveState.ENDED)
    qtbot.waitUntil(lambda: bool(heard))
    clock.now += 0.02
    qtbot.waitUntil(lambda: feed.state is LiveState.ENDED)

    assert heard == [1, 2, LiveState.ENDED]


def test_a_frame_waits_for_the_engine_unless_another_waits_behind_it(feed: Feed, source: Script, qtbot: QtBot) -> None:
    shown = shown_by(feed)
    full = [True]
    feed.hold_while(lambda: full[0])

    source.send(1)
    QCoreApplication.processEvents()
    before = [*shown]
    full[0] = False
    feed.go_on()
    full[0] = True
    source.send(2)
    QCoreApplication.processEvents()
    source.send(3)
    qtbot.waitUntil(lambda: len(shown) > 1)
    QCoreApplication.processEvents()

    assert before == []
    assert shown == [1, 2]


def test_the_rest_of_a_burst_goes_with_its_source(feed: Feed, source: Script, clock: Clock, qtbot: QtBot) -> None:
    shown = shown_by(feed)
    play_steadily(source, clock, shown, qtbot, rate=30.0)
    source.send(1, 2)
    QCoreApplication.processEvents()  # they have to wait

    other = Script("other")
    feed.play(other)
    clock.now += 1.0
    other.send(7)
    qtbot.waitUntil(lambda: bool(shown))

    assert shown == [7]


def test_frames_of_an_older_source_are_dropped_even_when_they_are_on_their_way(feed: Feed, qtbot: QtBot) -> None:
    old, new = Script("old"), Script("new")
    feed.play(old)
    generation = feed.generation
    old.send(1)
    old.say(LiveState.ENDED)

    feed.play(new)
    old.send(2)
    with qtbot.waitSignal(feed.frame_arrived):
        new.send(3)

    assert old.is_closed
    assert value_in(feed) == 3
    assert feed.state is LiveState.CONNECTING
    assert feed.generation == generation + 1


def test_a_still_picture_closes_the_live_source_before_it(feed: Feed, source: Script, qtbot: QtBot) -> None:
    source.say(LiveState.LIVE)
    qtbot.waitUntil(lambda: feed.state is LiveState.LIVE)

    feed.show_still(frame_of(4))
    source.send(9)
    QCoreApplication.processEvents()

    assert source.is_closed
    assert value_in(feed) == 4
    assert feed.state is LiveState.STILL


def test_freezing_keeps_the_frame_while_the_source_goes_on(feed: Feed, source: Script, qtbot: QtBot) -> None:
    source.say(LiveState.LIVE)
    source.send(1)
    qtbot.waitUntil(lambda: feed.frame is not None)

    feed.freeze()
    source.send(2, 3)
    QCoreApplication.processEvents()
    held = value_in(feed)
    state = feed.state
    feed.unfreeze()

    assert (held, state) == (1, LiveState.FROZEN)
    assert value_in(feed) == 3
    assert feed.state is LiveState.LIVE


def test_a_signal_lost_while_frozen_is_said(feed: Feed, source: Script, qtbot: QtBot) -> None:
    source.say(LiveState.LIVE)
    feed.freeze()

    with qtbot.waitSignal(feed.state_changed, check_params_cb=lambda state, text: state is LiveState.LOST):
        source.say(LiveState.LOST, "The cable is out.")

    assert feed.sentence == "The cable is out."
    assert feed.is_frozen


def test_every_state_is_said_once_and_in_order(feed: Feed, source: Script, qtbot: QtBot) -> None:
    said: list[LiveState] = []
    feed.state_changed.connect(lambda state, text: said.append(state))

    for state in (LiveState.LIVE, LiveState.LIVE, LiveState.LOST, LiveState.LIVE, LiveState.ENDED):
        source.say(state)
    qtbot.waitUntil(lambda: feed.state is LiveState.ENDED)

    assert said == [LiveState.LIVE, LiveState.LOST, LiveState.LIVE, LiveState.ENDED]


def test_orders_reach_the_source_and_do_nothing_without_one(feed: Feed, source: Script) -> None:
    feed.pause()
    feed.seek(2.5)
    feed.resume()
    feed.loop(is_looping=True)
    is_looping = feed.playback.is_looping
    feed.close()
    feed.pause()
    feed.seek(1.0)

    assert source.asked == ["pause", 2.5, "resume", True]
    assert is_looping
    assert feed.state is LiveState.STILL


def test_the_rate_is_measured_over_the_last_two_seconds(feed: Feed, source: Script, clock: Clock) -> None:
    for _ in range(100):  # 10 frames a second for 10 seconds
        clock.now += 0.1
        source.send(1)
    steady = feed.frames_per_second
    for _ in range(50):  # then 25
        clock.now += 0.04
        source.send(1)
    faster = feed.frames_per_second
    clock.now += 2.1

    assert steady == pytest.approx(10.0)
    assert faster == pytest.approx(25.0, rel=0.02)
    assert feed.frames_per_second == 0.0


def test_a_source_that_refuses_to_start_leaves_the_picture(feed: Feed, source: Script, qtbot: QtBot) -> None:
    class Refusing(Script):
        def start(self, *callbacks: object) -> None:
            raise ConvStudioError("There is no camera number −1; cameras are numbered from 0.")

    source.send(6)
    source.say(LiveState.LIVE)
    qtbot.waitUntil(lambda: feed.state is LiveState.LIVE)

    with pytest.raises(ConvStudioError, match="no camera number"):
        feed.play(Refusing())

    assert value_in(feed) == 6
    assert feed.state is LiveState.STILL
