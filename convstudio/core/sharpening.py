"""Sharpening: what the window shows of a frame that is too large to be computed whole, each time closer to the truth.

First comes a preview: the recipe on the frame reduced. Then come exact patches of what is on the screen, tile by tile,
until all of it is exact. Where the scale of colours ends is measured before, by `exposure`, and stays.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np

from convstudio.core.display import Picture, coloured
from convstudio.core.document import Document
from convstudio.core.evaluate import Planes, Result, evaluate
from convstudio.core.exposure import exposed
from convstudio.core.frame import Frame
from convstudio.core.needs import whole_reader
from convstudio.core.partial import part_of
from convstudio.core.patches import Patch, common, joined, missing
from convstudio.core.plan import Plan, Refusal, Step, plan
from convstudio.core.reduction import MOST_OF_PREVIEW, block_for, reduced, shrunk
from convstudio.core.region import Region, whole
from convstudio.core.scene import Cells, Scene, cells_on
from convstudio.core.shown import Selection, Shown, show
from convstudio.core.tiles import gathered, tile_bytes
from convstudio.core.tone import Tone

TILE_PIXELS = 2**19  # of an output in one tile: a newer edit waits for one tile at most
TILE_BYTES = 2**26  # that computing one tile may take
AT_ONCE = 2**21  # pixels of outputs that are computed before anything is shown: a window at 1:1 shows no preview
EVERY = 0.1  # seconds between pictures while tiles arrive
MOST_KEPT = 2**27  # values of the input of a dense layer, and of its weights, that are kept for a while

Clock = Callable[[], float]


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two panes: a map of an output, how it is coloured, and which cells are on the screen."""

    index: int
    map_number: int
    tone: Tone
    cells: Cells
    known: tuple[Patch, ...]  # exact already, with cells of this size
    coarse: tuple[Patch, ...]  # exact already, with cells of another size: better than a preview


def views(
    document: Document,
    frame: Frame,
    selection: Selection,
    scene: Scene | None,
    *,
    previous: Shown | None = None,
    clock: Clock = lambda: 0.0,
    is_draft: bool = False,
) -> Iterator[Shown]:
    """What to show of a recipe on a frame: once where the frame is computed whole, else again and again.

    Parameters
    ----------
    document, frame, selection
        The recipe, the picture and the maps that are looked at.
    scene
        What is on the screen; None where nobody knows, and then a large frame gets its preview alone.
    previous
        What was shown last: what is still true of it is not computed again.
    clock, is_draft
        As `evaluate` takes them.

    Yields
    ------
    The first as soon as there is something to see; the last is exact wherever the scene is. Between two of them, or
    where the same one comes again, whoever asks may lose interest and stop.

    Raises
    ------
    ConvStudioError
        If a layer refuses its input, or what has to be kept would not fit into memory.

    Examples
    --------
    >>> frame = Frame(np.zeros((4, 6, 1), np.uint8), white=255)
    >>> len(list(views(Document(), frame, Selection(), None)))
    1
    """
    made = plan(document, frame.shape)
    preview = None
    if frame.shape.is_large:
        preview = _preview(document, frame, selection, previous, clock, is_draft=is_draft)
    if preview is None:
        known = previous.result if previous else None
        result = evaluate(document, frame, previous=known, clock=clock, is_draft=is_draft)
        yield show(result, selection, previous if known and known.is_whole else None)
        return
    shown = _exposed(_in_full(preview, document, frame, made, previous), previous)
    if scene is None or scene.source != made.source:
        yield shown
        return
    reader = whole_reader(made, shown.output_index)
    if reader is not None:
        _refuse_too_much(reader)
    yield from _sharpened(shown, scene, previous, clock)


def _preview(
    document: Document,
    frame: Frame,
    selection: Selection,
    previous: Shown | None,
    clock: Clock,
    *,
    is_draft: bool,
) -> Shown | None:
    """The recipe on the frame reduced; None where no reduced frame is large enough for its windows."""
    old = previous if previous is not None and previous.result.frame is frame else None
    known = old.result.preview if old is not None else None
    small = known.frame if known is not None else None
    most = MOST_OF_PREVIEW
    while most < frame.shape.height * frame.shape.width:
        if small is None:
            small = reduced(frame, block_for(frame.shape, most))
        try:
            result = evaluate(document, small, previous=known, clock=clock, is_draft=is_draft)
        except Refusal:
            small, known, most = None, None, most * 4
        else:
            return show(
                result, selection, replace(old, result=known) if old is not None and known is not None else None
            )
    return None


def _in_full(preview: Shown, document: Document, frame: Frame, made: Plan, previous: Shown | None) -> Shown:
    """A preview with the result for which it stands: the same one as before where nothing has changed."""
    small = preview.result
    old = previous.result if previous is not None else None
    if (
        old is not None
        and old.preview is not None
        and (old.document is document and old.frame is frame)
        and old.preview.source is small.source
        and len(old.preview.outputs) == len(small.outputs)
        and all(one is other for one, other in zip(old.preview.outputs, small.outputs, strict=True))
    ):
        return replace(preview, result=old, is_exact=False)
    nothing = np.empty((0, 0, 0), np.float32)
    return replace(
        preview,
        result=Result(document, frame, made, nothing, (), small.milliseconds, small.draft, preview=small),
        is_exact=False,
    )


def _exposed(shown: Shown, previous: Shown | None) -> Shown:
    """The same in the colours of the picture itself; what was taken from what was shown before has them already."""
    known = () if previous is None or previous.result.is_whole else (previous.input, previous.output)
    result, chosen = shown.result, shown.selection
    before, after = shown.input, shown.output
    if not any(after is old for old in known):
        after = exposed(result, shown.output_index, chosen.output_map, after)
    if shown.input_index == shown.output_index and chosen.input_map == chosen.output_map:
        before = after
    elif not any(before is old for old in known):
        before = exposed(result, shown.input_index, chosen.input_map, before)
    return replace(shown, input=before, output=after)


def _sharpened(shown: Shown, scene: Scene, previous: Shown | None, clock: Clock) -> Iterator[Shown]:
    before, after = (_side(shown, scene, previous, is_input=is_input) for is_input in (True, False))
    patches = {True: [*before.coarse, *before.known], False: [*after.coarse, *after.known]}

    def so_far() -> Shown:
        return replace(shown, input_patches=tuple(patches[True]), output_patches=tuple(patches[False]))

    is_quick = sum(_pixels_of(shown.result.plan, side) for side in (before, after)) <= AT_ONCE
    last, latest = clock(), so_far()
    for is_input, side in ((False, after), (True, before)):
        for patch in _work(shown.result, side):
            if not is_quick:
                yield latest  # before the piece is laid in: the first is the preview
            patches[is_input] += [patch] if patch is not None else []
            if clock() - last >= EVERY:
                last, latest = clock(), so_far()
        exact = [patch for patch in patches[is_input] if patch not in side.coarse]
        if exact and [patch.cells for patch in exact] != [side.cells]:
            exact = [joined(side.cells, exact)]
        patches[is_input] = exact or patches[is_input]
    yield replace(so_far(), is_exact=True)


def _side(shown: Shown, scene: Scene, previous: Shown | None, *, is_input: bool) -> Side:
    index, number, picture, _ = _looked_at(shown, is_input=is_input)
    made = shown.result.plan
    if whole_reader(made, index) is not None:
        cells = Cells(whole(made.shape_at(index)), 1)
    else:
        cells = cells_on(scene, made, index)
    known = _still_true(shown, previous, is_input=is_input)
    alike = tuple(patch for patch in known if patch.cells.reduction == cells.reduction)
    seen = tuple(patch for patch in alike if not common(patch.cells.region, cells.region).is_empty)
    others = tuple(patch for patch in known if patch.cells.reduction != cells.reduction)
    return Side(index, number, Tone(picture.mode, picture.low, picture.high), cells, seen, others[-1:])


def _looked_at(shown: Shown, *, is_input: bool) -> tuple[int, int, Picture, tuple[Patch, ...]]:
    if is_input:
        return shown.input_index, shown.selection.input_map, shown.input, shown.input_patches
    return shown.output_index, shown.selection.output_map, shown.output, shown.output_patches


def _still_true(shown: Shown, previous: Shown | None, *, is_input: bool) -> tuple[Patch, ...]:
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


def _work(result: Result, side: Side) -> Iterator[Patch | None]:
    """The patches that are missing; None where only some of the work for one is done."""
    made, frame = result.plan, result.frame
    reader = whole_reader(made, side.index)
    gaps = missing(side.cells.region, [patch.cells.region for patch in side.known])
    if reader is not None:
        if gaps:
            yield from _gathered(made, frame, side, reader)
        return
    for gap in gaps:
        for region in _tiles(made, side.index, Cells(gap, side.cells.reduction)):
            cells = Cells(region, side.cells.reduction)
            planes = part_of(made, frame, side.index, cells.pixels(made.shape_at(side.index)))
            yield _patch(cells, _map_of(made, side, planes), side.tone)


def _gathered(made: Plan, frame: Frame, side: Side, reader: Step) -> Generator[Patch | None, None, None]:
    gathering = gathered(made, frame, side.index, reader)
    while True:
        try:
            next(gathering)
        except StopIteration as end:
            planes: Planes = end.value
            break
        yield None
    is_list = planes.shape[1:] == (1, 1)  # single numbers are shown together, whichever map is looked at
    pixels = coloured(_map_of(made, side, planes), side.tone)
    yield Patch(side.cells, pixels, planes if is_list else _map_of(made, side, planes))


def _patch(cells: Cells, planes: Planes, tone: Tone) -> Patch:
    colours = coloured(planes, tone)
    if cells.reduction == 1:
        return Patch(cells, colours, planes)
    return Patch(cells, shrunk(colours, cells.reduction), None)


def _map_of(made: Plan, side: Side, planes: Planes) -> Planes:
    depth = made.channels_per_map_at(side.index)
    return planes[side.map_number * depth : (side.map_number + 1) * depth]


def _tiles(made: Plan, index: int, cells: Cells) -> Iterator[Region]:
    """Some cells cut into tiles that are computed in a moment, in bounded memory."""
    region, reduction = cells
    side = max(1, isqrt(TILE_PIXELS) // reduction)
    while side > 1 and tile_bytes(made, index, _first(cells, side).pixels(made.shape_at(index))) > TILE_BYTES:
        side //= 2
    high, wide = (-(-length // -(-length // side)) for length in (region.height, region.width))
    for top in range(region.top, region.bottom, high):
        for left in range(region.left, region.right, wide):
            yield Region(top, min(top + high, region.bottom), left, min(left + wide, region.right))


def _first(cells: Cells, side: int) -> Cells:
    top, bottom, left, right = cells.region
    return Cells(Region(top, min(top + side, bottom), left, min(left + side, right)), cells.reduction)


def _pixels_of(made: Plan, side: Side) -> int:
    """How many pixels of outputs are to be computed."""
    gaps = missing(side.cells.region, [patch.cells.region for patch in side.known])
    reader = whole_reader(made, side.index)
    if reader is not None and gaps:
        return reader.input.height * reader.input.width
    return sum(gap.height * gap.width for gap in gaps) * side.cells.reduction**2


def _refuse_too_much(reader: Step) -> None:
    """Refuse a layer that needs its whole input where that cannot be kept.

    A global pool takes it in piece by piece.
    """
    if reader.weights <= MOST_KEPT:
        return
    raise Refusal(
        f"Layer {reader.index + 1} ({reader.title}) needs its whole input, {reader.input}, and {reader.weights:,} "
        f"weights for it, more than the {MOST_KEPT:,} that are kept for a picture computed part by part; put a pool "
        "or a convolution with a stride before it, or take fewer units.",
        reader.index,
    )
