"""Exposure: where the scale of colours ends on an output that is not computed whole, measured on exact small pieces.

A preview would not do: a reduced picture has steeper edges than the picture itself.
"""

from dataclasses import replace

import numpy as np

from convstudio.core.display.colouring import painted
from convstudio.core.display.planes import Picture, picture
from convstudio.core.display.tone import Tone
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.needs import needs_of, whole_reader
from convstudio.core.evaluation.region import compute_needs
from convstudio.core.evaluation.tiles import tile_bytes
from convstudio.core.geometry.borders import Spans, merged
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import map_planes, picture_of, scales_at

GRID = 6  # pieces along each axis: many small ones tell more of a picture than a few large ones
SIDE = 32  # of a piece, in pixels
PIECE_BYTES = 2**23  # that computing one piece may take
TOGETHER_BYTES = 2**26  # that computing all of them may


def exposed(result: Result, index: int, map_number: int) -> Picture:
    """The preview of a map in the colours, and with the shares of values, of the map itself.

    Parameters
    ----------
    result
        One that is not whole.
    index, map_number
        The map.
    """
    made, preview = result.plan, result.overview
    if index < 0 or whole_reader(made, index) is not None:
        # a source is shown as it is, and what sees everything has no small pieces
        return picture_of(preview, index, map_number)
    depth = made.channels_per_map_at(index)
    maps = slice(map_number * depth, (map_number + 1) * depth)
    values = np.concatenate(
        [
            compute_needs(made, result.frame, needs_of(made, index, *part))[maps].reshape(depth, 1, -1)
            for part in _at_once(made, index)
        ],
        axis=2,
    )
    measured = picture(values, result.document.display, scales_at(preview, index)[map_number])
    tone = Tone(measured.mode, measured.low, measured.high)
    return replace(measured, screen=painted(map_planes(preview, index, map_number), tone)[0])


def pieces(made: Plan, index: int) -> tuple[Spans, Spans]:
    """Rows and columns of small regions of equal size spread evenly over the output of layer `index`.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> rows, columns = pieces(plan(Document(), Shape(1, 1000, 1)), -1)
    >>> rows[:3], columns
    ((range(67, 99), range(234, 266), range(400, 432)), (range(0, 1),))
    """
    _, height, width = made.shape_at(index)
    side = SIDE
    while side > 1 and tile_bytes(made, index, _first(height, width, side)) > PIECE_BYTES:
        side //= 2
    return _parts(height, side), _parts(width, side)


def _at_once(made: Plan, index: int) -> list[tuple[Spans, Spans]]:
    """All pieces together, which is quicker, or one after the other where they would take much memory."""
    rows, columns = pieces(made, index)
    one = Region(rows[0].start, rows[0].stop, columns[0].start, columns[0].stop)
    if tile_bytes(made, index, one) * len(rows) * len(columns) <= TOGETHER_BYTES:
        return [(rows, columns)]
    return [((down,), (across,)) for down in rows for across in columns]


def _first(height: int, width: int, side: int) -> Region:
    rows, columns = _parts(height, side)[0], _parts(width, side)[0]
    return Region(rows.start, rows.stop, columns.start, columns.stop)


def _parts(length: int, side: int) -> Spans:
    """The middles of equal parts of a length."""
    taken = max(1, min(side, length // GRID))
    starts = [(2 * part + 1) * length // (2 * GRID) - taken // 2 for part in range(GRID)]
    places = [min(max(0, start), length - taken) for start in starts]
    return merged(range(place, place + taken) for place in places)
