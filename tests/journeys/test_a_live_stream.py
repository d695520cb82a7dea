"""A stream on loopback: play, stall, lose, get back, freeze."""

from convstudio.core.live_source import LiveState
from tests.journeys.conftest import Studio
from tests.pictures import png
from tests.streams import MjpegServer, StillServer, number_in, numbered_picture


def newest(studio: Studio) -> int:
    """The number drawn into the frame on the screen."""
    latest = studio.application.commands.looking.latest
    return -1 if latest is None or latest.result.frame.shape.width != 320 else number_in(latest.result.frame.pixels)


def shape_of_newest(studio: Studio) -> tuple[int, int, int] | None:
    """Channels, height and width of the frame on the screen."""
    latest = studio.application.commands.looking.latest
    return None if latest is None else latest.result.frame.shape


def test_a_stream_plays_stalls_is_lost_and_comes_back(studio: Studio) -> None:
    with MjpegServer(rate=30.0, width=320, height=240) as server:
        said = studio.sentences()
        studio.application.commands.sources.open(server.url)
        studio.until(lambda: newest(studio) >= 0 and "live" in studio.text("status-live").lower())
        first = newest(studio)
        studio.until(lambda: newest(studio) > first)
        assert studio.text("status-sentence") == f"{server.url}: 320×240×3."
        assert said == [f"Opening {server.url} …", f"{server.url}: 320×240×3."]

        server.stall()
        studio.until(lambda: "lost" in studio.text("status-live").lower())
        held = newest(studio)
        server.play()
        studio.until(lambda: "live" in studio.text("status-live").lower() and newest(studio) > held)

        server.stop()
        studio.until(lambda: "lost" in studio.text("status-live").lower())
        assert studio.application.commands.looking.latest is not None  # the last good picture stays
        server.start()
        studio.until(lambda: "live" in studio.text("status-live").lower())

        studio.click("play-freeze")
        studio.until(lambda: "frozen" in studio.text("status-live").lower())
        studio.settled()
        frozen = newest(studio)
        sent = server.sent
        studio.until(lambda: server.sent > sent + 5)
        assert newest(studio) == frozen


def test_an_address_of_a_still_picture_is_still_and_never_asked_again(studio: Studio) -> None:
    studio.settled_on_a_picture()
    states: list[LiveState] = []
    studio.application.feed.state_changed.connect(lambda state, _: states.append(state))
    with StillServer(png(numbered_picture(9)), "image/png") as server:
        studio.application.commands.sources.open(f"{server.url}/photo.png")
        studio.until(lambda: newest(studio) == 9)

        assert server.paths == ["/photo.png"]
    assert states == [LiveState.CONNECTING, LiveState.STILL]
    assert "still" in studio.text("status-live").lower()
    assert not studio.find("play-bar").isVisible()


def test_a_stream_that_changes_its_size_is_shown_in_it_and_told(studio: Studio) -> None:
    studio.settled_on_a_picture()
    said = studio.sentences()
    with MjpegServer() as server:
        studio.application.commands.sources.open(server.url)
        studio.until(lambda: newest(studio) >= 0)

        server.size = (640, 480)
        studio.until(lambda: len(said) == 3)
        studio.until(lambda: shape_of_newest(studio) == (3, 480, 640))
        latest = studio.application.commands.looking.latest
        studio.application.feed.close()

    assert said[2] == f"{server.url} sends 640×480×3 now; its pictures were 320×240×3 before."
    assert latest is not None
    assert latest.result.outputs[0].shape[1:] == (480, 640)
