"""The arrangement: where headers, pictures, maps and histograms lie on the stage. Numbers only, no widget.

A picture is as large as its half of the stage allows. The two meet in the middle, and what is left below is for the
maps and the histogram.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 8  # between pictures, and to the edges
MARGIN = 24  # around a picture that stands alone
HEADER, ABOVE = 28, 4  # the height of the row over the pictures, and what is above it
LEAST_ROW = 96  # the height of the maps that a picture leaves free
ROW_FROM = 420  # pixels for picture and maps; where there is less, the picture gets all of it
ACROSS = 3  # maps that stand side by side in every row: red, green and blue
HISTOGRAM_WIDE, HISTOGRAM_HIGH, HISTOGRAM_HIGHEST = 112, 88, 240
FEW = QSize(208, 72)  # of the histogram of a few numbers, which are read in their cells
BESIDE_MANY = 200  # the width of the histogram beside a row that scrolls
NARROW = 320  # a header needs this much, however narrow the picture


@dataclass(frozen=True)
class Arrangement:
    """The parts of one side, in pixels of the stage; None where there is no room for one."""

    header: QRect
    picture: QRect
    maps: QRect | None
    histogram: QRect | None
    tile: QSize
    """Of one map in the row."""


def arranged(
    room: QSize, proportion: float, tiles: int, *, is_input: bool, is_filled: bool = False, is_few: bool = False
) -> Arrangement:
    """One of two pictures side by side.

    Parameters
    ----------
    room
        Of the stage.
    proportion
        Width over height of the picture.
    tiles
        How many maps the row has.
    is_input
        Whether it is the left one.
    is_filled
        Whether it takes its whole half, whatever its proportion.
    is_few
        Whether it has so few pixels that their numbers are read in them.

    Examples
    --------
    >>> places = arranged(QSize(1128, 708), 1.0, 3, is_input=True)
    >>> places.picture.width(), places.picture.height(), places.tile.width(), places.histogram.width()
    (552, 552, 104, 208)
    """
    column = (room.width() - 3 * GAP) // 2
    top, has_row = ABOVE + HEADER + ABOVE, room.height() - 2 * ABOVE - HEADER - GAP >= ROW_FROM
    high = room.height() - top - GAP - (LEAST_ROW + GAP if has_row else 0)
    size = QSize(column, high) if is_filled else _within(QSize(column, high), proportion)
    left = GAP if is_input else 2 * GAP + column
    x = left + column - size.width() if is_input else left
    picture = QRect(x, top, size.width(), size.height())
    row_x, row_width = (x, size.width()) if size.width() >= NARROW else (left, column)
    header = QRect(row_x, ABOVE, row_width, HEADER)
    y = picture.bottom() + 1 + GAP
    below = QRect(row_x, y, row_width, room.height() - y - GAP)
    if not has_row:
        return Arrangement(header, picture, None, None, QSize())
    return _with_row(header, picture, below, proportion, tiles, is_few=is_few)


def arranged_as_wipe(
    room: QSize, proportion: float, tiles: int, *, is_filled: bool = False, is_few: bool = False
) -> Arrangement:
    """The one picture of a wipe over the whole stage; its header stays over the right half.

    Examples
    --------
    >>> arranged_as_wipe(QSize(1128, 708), 1.5, 3).picture.size().toTuple()
    (996, 664)
    """
    column, top = (room.width() - 3 * GAP) // 2, ABOVE + HEADER + ABOVE
    whole = QSize(room.width() - 2 * GAP, room.height() - top - GAP)
    size = whole if is_filled else _within(whole, proportion)
    picture = QRect((room.width() - size.width()) // 2, top, size.width(), size.height())
    header = QRect(2 * GAP + column, ABOVE, column, HEADER)
    y = picture.bottom() + 1 + GAP
    below = QRect(picture.x(), y, picture.width(), room.height() - y - GAP)
    if below.height() < LEAST_ROW:
        return Arrangement(header, picture, None, None, QSize())
    return _with_row(header, picture, below, proportion, tiles, is_few=is_few)


def arranged_alone(room: QSize, proportion: float, *, is_filled: bool = False) -> Arrangement:
    """The one picture of a wipe in the middle of the stage, with nothing around it.

    Examples
    --------
    >>> arranged_alone(QSize(896, 900), 1.0).picture.getRect()
    (24, 26, 848, 848)
    """
    whole = QSize(room.width() - 2 * MARGIN, room.height() - 2 * MARGIN)
    size = whole if is_filled else _within(whole, proportion)
    corner = QPoint((room.width() - size.width()) // 2, (room.height() - size.height()) // 2)
    return Arrangement(QRect(), QRect(corner, size), None, None, QSize())


def _within(room: QSize, proportion: float) -> QSize:
    """The largest size of a proportion."""
    width = min(room.width(), round(room.height() * proportion))
    return QSize(max(width, 1), max(min(room.height(), round(width / proportion)), 1))


def _with_row(
    header: QRect, picture: QRect, below: QRect, proportion: float, tiles: int, *, is_few: bool
) -> Arrangement:
    """Maps below the picture, and the histogram beside or below them."""
    if tiles == 0:
        most = FEW if is_few else QSize(below.width(), HISTOGRAM_HIGHEST)
        histogram = QRect(below.topLeft(), below.size().boundedTo(most))
        return Arrangement(header, picture, None, histogram, QSize())
    widest = (below.width() - (ACROSS - 1) * GAP) // ACROSS
    tile = _within(QSize(widest, below.height()), proportion)
    maps = QRect(below.topLeft(), QSize(below.width(), tile.height()))
    rest = below.height() - tile.height() - GAP
    if rest >= HISTOGRAM_HIGH:
        corner = maps.bottomLeft()
        most = FEW if is_few else QSize(below.width(), HISTOGRAM_HIGHEST)
        histogram = QRect(corner + QPoint(0, 1 + GAP), QSize(below.width(), rest).boundedTo(most))
        return Arrangement(header, picture, maps, histogram, tile)
    beside = below.width() - tiles * (tile.width() + GAP) - GAP
    if tiles > ACROSS and beside < BESIDE_MANY:
        beside = BESIDE_MANY if below.width() - BESIDE_MANY > 2 * (tile.width() + GAP) else 0
    if beside < HISTOGRAM_WIDE:
        return Arrangement(header, picture, maps, None, tile)
    whole = (below.width() - beside - GAP) // (tile.width() + GAP)  # a row that scrolls shows whole maps
    maps.setWidth(whole * (tile.width() + GAP) - GAP)
    histogram = QRect(below.right() + 1 - beside, below.y(), beside, below.height())
    return Arrangement(header, picture, maps, histogram, tile)
