"""Exposure: where the scale of colours ends on an output that is not computed whole, measured on exact small pieces.

A preview would not do: a reduced picture has steeper edges than the picture itself.
"""

from dataclasses import replace

import numpy as np

from convstudio.core.colouring import painted
from convstudio.core.display import Picture, picture
from convstudio.core.evaluate import Result
from convstudio.core.needs import whole_reader
from convstudio.core.partial import part_of
from convstudio.core.plan import Plan
from convstudio.core.region import Region
from convstudio.core.shown import map_planes, scales_at
from convstudio.core.tiles import tile_bytes
from convstudio.core.tone import Tone

GRID = 3  # pieces along each axis
SIDE = 96  # of a piece, in pixels
PIECE_BYTES = 2**23  # that computing one piece may take


def exposed(result: Result, index: int, map_number: int, preview: Picture) -> Picture:
    """A preview of a map in the colours, and with the shares of values, of the map itself.

    Parameters
    ----------
    result
        One that is not whole.
    index, map_number
        The map.
    preview
        Its picture as the preview alone would have it.
    """
    made = result.plan
    if index < 0 or whole_reader(made, index) is not None:
        return preview  # a source is shown as it is, and what sees everything has no small pieces
    depth = made.channels_per_map_at(index)
    planes = [part_of(made, result.frame, index, region) for region in pieces(made, index)]
    values = np.concatenate([each[map_number * depth : (map_number + 1) * depth] for each in planes], axis=1)
    measured = picture(values, result.document.display, scales_at(result.overview, index)[map_number])
    tone = Tone(measured.mode, measured.low, measured.high)
    return replace(measured, screen=painted(map_planes(result.overview, index, map_number), tone)[0])


def pieces(made: Plan, index: int) -> tuple[Region, ...]:
    """Small regions of equal size spread evenly over the output of layer `index`.

    Examples
    --------
    >>> from convstudio.core.document import Document
    >>> from convstudio.core.frame import Shape
    >>> from convstudio.core.plan import plan
    >>> found = pieces(plan(Document(), Shape(1, 1000, 10)), -1)
    >>> len(found), found[0]
    (9, Region(top=118, bottom=214, left=0, right=3))
    """
    _, height, width = made.shape_at(index)
    side = SIDE
    while side > 1 and tile_bytes(made, index, _piece(height, width, side, 0, 0)) > PIECE_BYTES:
        side //= 2
    return tuple(_piece(height, width, side, row, column) for row in range(GRID) for column in range(GRID))


def _piece(height: int, width: int, side: int, row: int, column: int) -> Region:
    """The middle of one of the squares that a grid makes of a plane."""
    ends: list[int] = []
    for length, place in ((height, row), (width, column)):
        taken = max(1, min(side, length // GRID))
        start = min(max(0, (2 * place + 1) * length // (2 * GRID) - taken // 2), length - taken)
        ends += [start, start + taken]
    return Region(*ends)
