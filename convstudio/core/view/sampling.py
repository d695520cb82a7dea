"""The display range of an output that is not computed whole, measured on a grid of small exact tiles.

A preview would not do: a reduced picture has steeper edges than the picture itself.
"""

from dataclasses import replace

import numpy as np

from convstudio.core.display.colouring import painted
from convstudio.core.display.pictures import Picture, picture
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.needed_regions import needs_of, whole_reader
from convstudio.core.evaluation.region import compute_needs
from convstudio.core.evaluation.tiles import tile_bytes
from convstudio.core.geometry.borders import Spans, merged
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import MapView, Steady, painted_view, planes_at, scales_at, view_planes

GRID = 6  # tiles along each axis: many small ones tell more of a picture than a few large ones
SIDE = 32  # of a tile, in pixels
TILE_BYTES = 2**23  # that computing one tile may take
TOGETHER_BYTES = 2**26  # that computing all of them may


def sampled_picture(result: Result, view: MapView, steady: Steady | None) -> Picture:
    """The preview of a map in the colours, and with the shares of values, of the map itself.

    Parameters
    ----------
    result
        One that is not whole.
    view
        The map, or a channel of it.
    steady
        As `picture` takes it.
    """
    plan, preview, index = result.plan, result.overview, view.index
    if index < 0 or whole_reader(plan, index) is not None:
        # a source is shown as it is, and what sees everything has no small tiles
        return painted_view(preview, view, steady)
    planes = planes_at(plan, view)
    depth = planes.stop - planes.start
    values = np.concatenate(
        [
            compute_needs(plan, result.frame, needs_of(plan, index, rows, columns))[planes].reshape(depth, 1, -1)
            for rows, columns in _batches(plan, index)
        ],
        axis=2,
    )
    measured = picture(values, result.document.display, scales_at(preview, index)[view.map_number], steady)
    screen, _ = painted(view_planes(preview, view), measured.display_range, has_gaps=result.frame.has_gaps)
    return replace(measured, screen=screen)


def sample_tiles(plan: Plan, index: int) -> tuple[Spans, Spans]:
    """Rows and columns of small tiles of equal size, spread evenly over the output of layer `index`.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> rows, columns = sample_tiles(plan(Document(), Shape(1, 1000, 1)), -1)
    >>> rows[:3], columns
    ((range(67, 99), range(234, 266), range(400, 432)), (range(0, 1),))
    """
    _, height, width = plan.shape_at(index)
    side = SIDE
    while side > 1 and tile_bytes(plan, index, _first(_centres(height, side), _centres(width, side))) > TILE_BYTES:
        side //= 2
    return _centres(height, side), _centres(width, side)


def _batches(plan: Plan, index: int) -> list[tuple[Spans, Spans]]:
    """All tiles together, which is quicker, or one after the other where they would take much memory."""
    rows, columns = sample_tiles(plan, index)
    if tile_bytes(plan, index, _first(rows, columns)) * len(rows) * len(columns) <= TOGETHER_BYTES:
        return [(rows, columns)]
    return [((down,), (across,)) for down in rows for across in columns]


def _first(rows: Spans, columns: Spans) -> Region:
    return Region(rows[0].start, rows[0].stop, columns[0].start, columns[0].stop)


def _centres(length: int, side: int) -> Spans:
    """The middles of equal parts of a length, each at most `side` long."""
    size = max(1, min(side, length // GRID))
    starts = [(2 * part + 1) * length // (2 * GRID) - size // 2 for part in range(GRID)]
    places = [min(max(0, start), length - size) for start in starts]
    return merged(range(place, place + size) for place in places)
