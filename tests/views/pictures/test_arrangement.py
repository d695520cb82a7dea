"""Where the parts of the stage lie, in the sizes of the window that were drawn."""

import pytest
from PySide6.QtCore import QRect, QSize

from convstudio.views.pictures.arrangement import Arrangement, arranged, arranged_as_wipe

ROOMS = {
    "1440×900": QSize(1128, 708),
    "1024×700": QSize(776, 552),
    "1920×1080": QSize(1520, 888),
    "960×540": QSize(712, 404),
}


def both(room: QSize, proportion: float, tiles: int) -> tuple[Arrangement, Arrangement]:
    before, after = (arranged(room, proportion, tiles, is_input=is_input) for is_input in (True, False))
    return before, after


@pytest.mark.parametrize(
    ("name", "picture", "tile"),
    [("1440×900", 552, 104), ("1024×700", 376, 120), ("1920×1080", 740, 96), ("960×540", 344, None)],
)
def test_a_square_picture_and_its_maps_have_the_sizes_that_were_drawn(
    name: str, picture: int, tile: int | None
) -> None:
    before, after = both(ROOMS[name], 1.0, 3)

    assert before.picture.size() == after.picture.size() == QSize(picture, picture)
    assert after.picture.left() - before.picture.right() - 1 == 8
    assert before.tile == (QSize() if tile is None else QSize(tile, tile))


@pytest.mark.parametrize("name", ROOMS)
@pytest.mark.parametrize("proportion", [0.1, 0.7, 1.0, 1.5, 12.0])
@pytest.mark.parametrize("tiles", [0, 3, 64])
@pytest.mark.parametrize("is_wipe", [False, True])
def test_nothing_overlaps_or_leaves_the_stage(name: str, proportion: float, tiles: int, *, is_wipe: bool) -> None:
    room = ROOMS[name]
    sides = (arranged_as_wipe(room, proportion, tiles),) if is_wipe else both(room, proportion, tiles)

    parts = [
        part for side in sides for part in (side.header, side.picture, side.maps, side.histogram) if part is not None
    ]
    for number, part in enumerate(parts):
        assert QRect(0, 0, room.width(), room.height()).contains(part)
        assert not any(part.intersects(other) for other in parts[:number])


def test_below_a_landscape_the_histogram_takes_what_is_left() -> None:
    (before, _) = both(ROOMS["1440×900"], 1.5, 3)

    assert before.maps is not None
    assert before.histogram is not None
    assert before.histogram.top() == before.maps.bottom() + 9
    assert before.histogram.width() == before.picture.width()


def test_a_row_that_scrolls_shows_whole_maps_and_leaves_the_histogram_its_place() -> None:
    (before, _) = both(ROOMS["1440×900"], 1.0, 24)

    assert before.maps is not None
    assert (before.maps.width() + 8) % (before.tile.width() + 8) == 0
    assert before.histogram is not None
    assert before.histogram.width() >= 200


@pytest.mark.parametrize("tiles", [0, 6])
def test_beside_a_few_numbers_the_histogram_is_small(tiles: int) -> None:
    few = arranged(ROOMS["1024×700"], 3.0 if tiles else 1.0, tiles, is_input=True, is_few=True).histogram
    many = arranged(ROOMS["1024×700"], 3.0 if tiles else 1.0, tiles, is_input=True).histogram

    assert few is not None
    assert many is not None
    assert few.topLeft() == many.topLeft()
    assert (few.width(), few.height()) == (208, 72)
    assert many.width() > 300
