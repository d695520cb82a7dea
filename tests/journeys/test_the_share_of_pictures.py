"""How much of the window the pixels of pictures cover: the product is the picture."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QListView, QWidget

from convstudio.core.frame import Frame
from tests.journeys.conftest import Studio

SQUARE, LANDSCAPE = (512, 512), (400, 600)


def opened(studio: Studio, size: tuple[int, int], window: tuple[int, int]) -> None:
    """A window of a size with a colour picture of rows and columns, on the first recipe."""
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8)
    studio.window.resize(*window)
    studio.until(lambda: studio.window.size() == QSize(*window))
    studio.application.commands.sources.paste(Frame(pixels, white=255, name="noise"))
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape[1:] == size)
    studio.settled()
    studio.told()


def place_of(studio: Studio, widget: QWidget) -> QRect:
    """Where a widget is in the window, as far as it is inside."""
    return QRect(widget.mapTo(studio.window, QPoint()), widget.size()) & studio.window.rect()


def places_of_pictures(studio: Studio) -> list[QRect]:
    """Where the large pictures are, and the small ones in the rows below."""
    large = [studio.find(name) for name in ("picture-input", "picture-output")]
    places = [place_of(studio, widget) for widget in large if widget.isVisible()]
    for name in ("input-maps", "output-maps"):
        row = studio.find(name)
        assert isinstance(row, QListView)
        if row.isVisible():
            view = place_of(studio, row.viewport())
            tiles = (row.visualRect(row.model().index(number, 0)) for number in range(row.model().rowCount()))
            gaps = QSize(8, 8)  # beside and below every tile
            places += [QRect(tile.topLeft() + view.topLeft(), tile.size() - gaps) & view for tile in tiles]
    return places


def share_of(studio: Studio) -> float:
    """The share of the window that pixels of pictures cover."""
    places = places_of_pictures(studio)
    for number, place in enumerate(places):
        assert not any(place.intersects(other) for other in places[:number])
    window = studio.window.size()
    return sum(place.width() * place.height() for place in places) / (window.width() * window.height())


@pytest.mark.parametrize(
    ("window", "least"), [((1440, 900), 0.5), ((1024, 700), 0.5), ((1920, 1080), 0.5), ((960, 540), 0.4)]
)
def test_a_square_picture_and_its_maps_cover_half_of_the_window(
    studio: Studio, window: tuple[int, int], least: float
) -> None:
    opened(studio, SQUARE, window)

    assert share_of(studio) >= least
    for name in ("picture-input", "picture-output"):
        canvas = studio.find(name)
        assert canvas.width() == canvas.height()


def test_at_a_large_window_the_two_pictures_meet_in_the_middle(studio: Studio) -> None:
    opened(studio, SQUARE, (1920, 1080))

    before, after = (place_of(studio, studio.find(name)) for name in ("picture-input", "picture-output"))
    assert after.left() - before.right() - 1 == 8


def test_a_landscape_covers_two_fifths_side_by_side_and_half_as_a_wipe(studio: Studio) -> None:
    opened(studio, LANDSCAPE, (1440, 900))

    side_by_side = share_of(studio)
    studio.click("view-wipe")
    studio.until(lambda: not studio.find("picture-input").isVisible())

    assert side_by_side >= 0.4
    assert share_of(studio) >= 0.5


def test_the_wipe_comes_back_with_the_next_landscape_only(studio: Studio) -> None:
    opened(studio, LANDSCAPE, (1440, 900))
    studio.click("view-wipe")

    studio.application.commands.sources.open_sample("camera")
    studio.opened("Camera man")
    in_a_square = studio.find("picture-input").isVisible()
    opened(studio, (300, 500), (1440, 900))

    assert in_a_square
    assert not studio.find("picture-input").isVisible()
    assert studio.application.wiring.preferences.settings.wiped == ("landscape",)
