"""Sides: the two panes of the window, and the exact patches of what each has on the screen, tile by tile."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt

from convstudio.core.display.colouring import painted
from convstudio.core.display.planes import Picture
from convstudio.core.display.reduction import shrunk
from convstudio.core.display.tone import Tone
from convstudio.core.evaluation.evaluate import Planes, Result
from convstudio.core.evaluation.needs import whole_reader
from convstudio.core.evaluation.region import compute_region
from convstudio.core.evaluation.tiles import gathered, tile_bytes
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region, tiled, uncovered, whole
from convstudio.core.geometry.sizes import even_part
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.view.patches import Patch, joined
from convstudio.core.view.scene import Cells, Scene, cells_on
from convstudio.core.view.shown import Shown

TILE_PIXELS = 2**19  # of an output in one tile: a newer edit waits for one tile at most
TILE_BYTES = 2**26  # that computing one tile may take

Patches = tuple[Patch, ...]


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two panes: a map of an output, how it is coloured, and which cells are on the screen."""

    index: int
    map_number: int
    tone: Tone
    cells: Cells
    known: Patches  # exact already, with cells of this size
    coarse: Patches  # exact already, with cells of another size: better than a preview


def side_of(shown: Shown, scene: Scene, previous: Shown | None, *, is_input: bool) -> Side:
    """One side of what is shown; what is still true of what was shown before is known already."""
    index, number, picture, _ = _looked_at(shown, is_input=is_input)
    made = shown.result.plan
    if whole_reader(made, index) is not None:
        cells = Cells(whole(made.shape_at(index)), 1)
    else:
        cells = cells_on(scene, made, index)
    known = _still_true(shown, previous, is_input=is_input)
    alike = tuple(patch for patch in known if patch.cells.reduction == cells.reduction)
    seen = tuple(patch for patch in alike if not patch.cells.region.intersection(cells.region).is_empty)
    others = tuple(patch for patch in known if patch.cells.reduction != cells.reduction)
    return Side(index, number, Tone(picture.mode, picture.low, picture.high), cells, seen, others[-1:])


def sharpened(result: Result, side: Side) -> Iterator[Patches]:
    """Compute what is missing of a side, a moment's work at a time.

    Yields
    ------
    All patches that are exact so far, each time; few, however many pieces they were made of. The last time one covers
    all of the side.
    """
    made, frame = result.plan, result.frame
    reader = whole_reader(made, side.index)
    gaps = uncovered(side.cells.region, [patch.cells.region for patch in side.known])
    done = side.known
    if reader is not None and gaps:
        yield from _gathered(made, frame, side, reader)
        return
    for gap in gaps:
        for strip in _strips(made, side.index, Cells(gap, side.cells.reduction)):
            tiles: Patches = ()
            for region in strip:
                tiles = (*tiles, _patch(made, frame, side, region))
                yield (*done, *tiles)
            ends = strip[0]._replace(right=strip[-1].right)
            done = (*done, joined(Cells(ends, side.cells.reduction), tiles))
    if done and [patch.cells for patch in done] != [side.cells]:
        done = (joined(side.cells, done),)
    yield done


def pixels_missing(made: Plan, side: Side) -> int:
    """How many pixels of outputs are to be computed for a side."""
    gaps = uncovered(side.cells.region, [patch.cells.region for patch in side.known])
    reader = whole_reader(made, side.index)
    if reader is not None and gaps:
        return reader.input.height * reader.input.width
    return sum(gap.height * gap.width for gap in gaps) * side.cells.reduction**2


def _looked_at(shown: Shown, *, is_input: bool) -> tuple[int, int, Picture, Patches]:
    if is_input:
        return shown.input_index, shown.selection.input_map, shown.input, shown.input_patches
    return shown.output_index, shown.selection.output_map, shown.output, shown.output_patches


def _still_true(shown: Shown, previous: Shown | None, *, is_input: bool) -> Patches:
    """The patches of what was shown before that are patches of this, too."""
    if previous is None or previous.result.is_whole or previous.result.frame is not shown.result.frame:
        return ()
    index, number, picture, _ = _looked_at(shown, is_input=is_input)
    old_index, old_number, old_picture, patches = _looked_at(previous, is_input=is_input)
    layers, old_layers = (
        tuple(step.layer for step in each.result.plan.steps[: index + 1]) for each in (shown, previous)
    )
    is_same = (index, number, layers) == (old_index, old_number, old_layers)
    tones = {(each.mode, each.low, each.high) for each in (picture, old_picture)}
    return patches if is_same and len(tones) == 1 else ()


def _gathered(made: Plan, frame: Frame, side: Side, reader: Step) -> Iterator[Patches]:
    """The side of a layer that needs its whole input, or comes after one: nothing of it is exact before all is."""
    gathering = gathered(made, frame, side.index, reader)
    while True:
        try:
            next(gathering)
        except StopIteration as end:
            planes: Planes = end.value
            break
        yield ()
    is_list = planes.shape[1:] == (1, 1)  # single numbers are shown together, whichever map is looked at
    screen, _ = painted(_map_of(made, side, planes), side.tone)
    yield (Patch(side.cells, screen, planes if is_list else _map_of(made, side, planes)),)


def _patch(made: Plan, frame: Frame, side: Side, region: Region) -> Patch:
    cells = Cells(region, side.cells.reduction)
    planes = _map_of(made, side, compute_region(made, frame, side.index, cells.pixels(made.shape_at(side.index))))
    screen, _ = painted(planes, side.tone)
    if cells.reduction == 1:
        return Patch(cells, screen, planes)
    return Patch(cells, shrunk(screen, cells.reduction), None)


def _map_of(made: Plan, side: Side, planes: Planes) -> Planes:
    depth = made.channels_per_map_at(side.index)
    return planes[side.map_number * depth : (side.map_number + 1) * depth]


def _strips(made: Plan, index: int, cells: Cells) -> Iterator[tuple[Region, ...]]:
    """Some cells cut into rows of tiles, each tile computed in a moment, in bounded memory."""
    region, reduction = cells
    side = max(1, isqrt(TILE_PIXELS) // reduction)
    while side > 1 and tile_bytes(made, index, _first(cells, side).pixels(made.shape_at(index))) > TILE_BYTES:
        side //= 2
    high, wide = (even_part(length, side) for length in (region.height, region.width))
    for row in tiled(region, high, region.width):
        yield tuple(tiled(row, high, wide))


def _first(cells: Cells, side: int) -> Cells:
    top, bottom, left, right = cells.region
    return Cells(Region(top, min(top + side, bottom), left, min(left + side, right)), cells.reduction)
