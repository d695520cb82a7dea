"""Progressive refinement: what the window shows of a frame too large to be computed whole, each time closer to exact.

First comes a preview: the recipe on the frame reduced. Then come exact patches of both panes' viewports, tile by tile,
until all that is on the screen is exact. The display range is measured before, by `display_range`, and stays.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np

from convstudio.core.display.colouring import painted
from convstudio.core.display.pictures import Picture
from convstudio.core.display.ranges import DisplayRange, Steadiness
from convstudio.core.display.reduction import MOST_OF_PREVIEW, block_for, reduced, shrunk
from convstudio.core.evaluation.evaluate import Planes, Result, evaluate
from convstudio.core.evaluation.needed_regions import whole_reader
from convstudio.core.evaluation.region import compute_region
from convstudio.core.evaluation.tiles import gathered, tile_bytes
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region, tiled, uncovered, whole
from convstudio.core.geometry.sizes import even_part
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import Plan, Refusal, Step, plan
from convstudio.core.view.patches import Patch, joined
from convstudio.core.view.sampling import sampled_picture
from convstudio.core.view.scene import Cells, Scene, cells_on
from convstudio.core.view.shown import MapView, Selection, Shown, Steady, planes_at, show

AT_ONCE = 2**21  # pixels of outputs that are computed before anything is shown: a window at 1:1 shows no preview
EVERY = 0.1  # seconds between pictures while tiles arrive
MOST_KEPT = 2**27  # values of the input of a dense layer, and of its weights, that are kept for a while
TILE_PIXELS = 2**19  # of an output in one tile: a newer edit waits for one tile at most
TILE_BYTES = 2**26  # that computing one tile may take

Clock = Callable[[], float]
Patches = tuple[Patch, ...]


@dataclass(frozen=True, eq=False)
class Viewport:
    """What one of the two panes has on the screen: some cells of a map, and how they are coloured.

    Parameters
    ----------
    view
        The planes.
    display_range, cells
        How it is coloured, and which cells are on the screen.
    exact
        Patches that need not be computed again, with cells of this size.
    coarse
        Exact patches with cells of another size: better than a preview.
    """

    view: MapView
    display_range: DisplayRange
    cells: Cells
    exact: Patches
    coarse: Patches

    @property
    def index(self) -> int:
        return self.view.index


def refine(
    document: Document,
    frame: Frame,
    selection: Selection,
    scene: Scene | None,
    *,
    previous: Shown | None = None,
    clock: Clock = lambda: 0.0,
    is_draft: bool = False,
    steadiness: Steadiness = Steadiness.FREE,
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
    steadiness
        As `show` takes it.

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
    >>> len(list(refine(Document(), frame, Selection(), None)))
    1
    """
    full_plan = plan(document, frame.shape)
    preview = None
    if frame.shape.is_large:
        preview = _preview(document, frame, previous, clock, is_draft=is_draft)
    if preview is None:
        old = previous.result if previous else None
        result = evaluate(document, frame, previous=old, clock=clock, is_draft=is_draft)
        before = previous if old and old.is_whole else None
        shown = show(result, selection, before, steadiness=steadiness, is_first=True)
        yield shown
        if not shown.is_complete:
            yield show(result, selection, shown, steadiness=steadiness)
        return
    shown = _previewed(_in_full(preview, document, frame, full_plan, previous), selection, previous, steadiness)
    if scene is None or scene.source != full_plan.source:
        yield shown
        return
    reader = whole_reader(full_plan, shown.output_index)
    if reader is not None:
        _refuse_too_much(reader)
    yield from _refined(shown, scene, previous, clock)


# the preview


def _preview(
    document: Document, frame: Frame, previous: Shown | None, clock: Clock, *, is_draft: bool
) -> Result | None:
    """The recipe on the frame reduced; None where no reduced frame is large enough for its windows."""
    old = previous.result.preview if previous is not None and previous.result.frame is frame else None
    small = old.frame if old is not None else None
    most = MOST_OF_PREVIEW
    while most < frame.shape.height * frame.shape.width:
        if small is None:
            small = reduced(frame, block_for(frame.shape, most))
        try:
            return evaluate(document, small, previous=old, clock=clock, is_draft=is_draft)
        except Refusal:
            small, old, most = None, None, most * 4
    return None


def _in_full(preview: Result, document: Document, frame: Frame, plan: Plan, previous: Shown | None) -> Result:
    """The result for which a preview stands: the same one as before where nothing has changed."""
    old = previous.result if previous is not None else None
    if (
        old is not None
        and old.preview is not None
        and (old.document is document and old.frame is frame)
        and old.preview.source is preview.source
        and len(old.preview.outputs) == len(preview.outputs)
        and all(before is after for before, after in zip(old.preview.outputs, preview.outputs, strict=True))
    ):
        return old
    nothing = np.empty((0, 0, 0), np.float32)
    return Result(document, frame, plan, nothing, (), preview.milliseconds, preview.draft, preview=preview)


def _previewed(result: Result, selection: Selection, previous: Shown | None, steadiness: Steadiness) -> Shown:
    """A preview in the colours of the picture itself; what was taken from what was shown before has them already."""
    old = None
    if previous is not None and previous.result.frame is result.frame and not previous.result.is_whole:
        old = replace(previous, result=previous.result.overview)

    def paint(_: Result, view: MapView, steady: Steady | None) -> Picture:
        return sampled_picture(result, view, steady)

    shown = show(result.overview, selection, old, paint, steadiness=steadiness)
    return replace(shown, result=result, is_exact=False)


def _refuse_too_much(reader: Step) -> None:
    """Refuse a layer that needs its whole input where that cannot be kept.

    A global pool takes it in tile by tile.
    """
    if reader.weights <= MOST_KEPT:
        return
    raise Refusal(
        f"Layer {reader.index + 1} ({reader.title}) needs its whole input, {reader.input}, and {reader.weights:,} "
        f"weights for it, more than the {MOST_KEPT:,} that are kept for a picture computed part by part; put a pool "
        "or a convolution with a stride before it, or take fewer units.",
        reader.index,
    )


# the viewports of both panes


def _refined(shown: Shown, scene: Scene, previous: Shown | None, clock: Clock) -> Iterator[Shown]:
    before, after = (_viewport(shown, scene, previous, is_input=is_input) for is_input in (True, False))
    patches = {True: (*before.coarse, *before.exact), False: (*after.coarse, *after.exact)}

    def so_far() -> Shown:
        return replace(shown, input_patches=patches[True], output_patches=patches[False])

    is_quick = sum(_pixels_missing(shown.result.plan, viewport) for viewport in (before, after)) <= AT_ONCE
    last, latest = clock(), so_far()
    if not is_quick:
        yield latest
    for is_input, viewport in ((False, after), (True, before)):
        exact: Patches = ()
        for exact in _exact_patches(shown.result, viewport):
            patches[is_input] = (*viewport.coarse, *exact)
            if clock() - last >= EVERY:
                last, latest = clock(), so_far()
            if not is_quick:
                yield latest
        patches[is_input] = exact or viewport.coarse
    yield replace(so_far(), is_exact=True)


def _viewport(shown: Shown, scene: Scene, previous: Shown | None, *, is_input: bool) -> Viewport:
    """The viewport of a pane, with the patches of what was shown before that are still true."""
    view, picture, _ = _pane(shown, is_input=is_input)
    plan, index = shown.result.plan, view.index
    cells = Cells(whole(plan.shape_at(index)), 1) if whole_reader(plan, index) else cells_on(scene, plan, index)
    patches = _still_true(shown, previous, is_input=is_input)
    exact = tuple(
        patch
        for patch in patches
        if patch.cells.reduction == cells.reduction and not patch.cells.region.intersection(cells.region).is_empty
    )
    coarse = tuple(patch for patch in patches if patch.cells.reduction != cells.reduction)
    return Viewport(view, picture.display_range, cells, exact, coarse[-1:])


def _pane(shown: Shown, *, is_input: bool) -> tuple[MapView, Picture, Patches]:
    """The view, the picture and the patches that a pane shows."""
    if is_input:
        return shown.input_view, shown.input, shown.input_patches
    return shown.output_view, shown.output, shown.output_patches


def _still_true(shown: Shown, previous: Shown | None, *, is_input: bool) -> Patches:
    """The patches of what was shown before that are patches of this, too."""
    if previous is None or previous.result.is_whole or previous.result.frame is not shown.result.frame:
        return ()
    view, picture, _ = _pane(shown, is_input=is_input)
    old_view, old_picture, patches = _pane(previous, is_input=is_input)
    layers, old_layers = (
        tuple(step.layer for step in version.result.plan.steps[: view.index + 1]) for version in (shown, previous)
    )
    is_same_view = (view, layers) == (old_view, old_layers)
    return patches if is_same_view and picture.display_range == old_picture.display_range else ()


def _gaps(viewport: Viewport) -> tuple[Region, ...]:
    """Which cells of a viewport are not exact."""
    return uncovered(viewport.cells.region, [patch.cells.region for patch in viewport.exact])


def _pixels_missing(plan: Plan, viewport: Viewport) -> int:
    """How many pixels of outputs are to be computed for a viewport."""
    gaps, reader = _gaps(viewport), whole_reader(plan, viewport.index)
    if reader is not None and gaps:
        return reader.input.height * reader.input.width
    return sum(gap.height * gap.width for gap in gaps) * viewport.cells.reduction**2


# exact patches, tile by tile


def _exact_patches(result: Result, viewport: Viewport) -> Iterator[Patches]:
    """Compute what is missing of a viewport, a moment's work at a time.

    Yields
    ------
    All patches that are exact so far, each time; few, however many tiles they came from. The last time one covers all
    of the viewport.
    """
    plan, frame = result.plan, result.frame
    reader, gaps = whole_reader(plan, viewport.index), _gaps(viewport)
    if reader is not None and gaps:
        yield from _gathered(plan, frame, viewport, reader)
        return
    done = viewport.exact
    for gap in gaps:
        for row in _rows_of_tiles(plan, viewport.index, Cells(gap, viewport.cells.reduction)):
            patches: Patches = ()
            for tile in row:
                patches = (*patches, _patch(plan, frame, viewport, tile))
                yield (*done, *patches)
            region = row[0]._replace(right=row[-1].right)
            done = (*done, joined(Cells(region, viewport.cells.reduction), patches))
    if done and [patch.cells for patch in done] != [viewport.cells]:
        done = (joined(viewport.cells, done),)
    yield done


def _gathered(plan: Plan, frame: Frame, viewport: Viewport, reader: Step) -> Iterator[Patches]:
    """The viewport of a layer that needs its whole input, or comes after one: nothing is exact before all is."""
    gathering = gathered(plan, frame, viewport.index, reader)
    while True:
        try:
            next(gathering)
        except StopIteration as end:
            planes: Planes = end.value
            break
        yield ()
    is_list = planes.shape[1:] == (1, 1)  # single numbers are shown together, whichever map is looked at
    screen, _ = painted(_map_of(plan, viewport, planes), viewport.display_range, has_gaps=frame.has_gaps)
    yield (Patch(viewport.cells, screen, planes if is_list else _map_of(plan, viewport, planes)),)


def _patch(plan: Plan, frame: Frame, viewport: Viewport, tile: Region) -> Patch:
    cells = Cells(tile, viewport.cells.reduction)
    region = cells.pixels(plan.shape_at(viewport.index))
    planes = _map_of(plan, viewport, compute_region(plan, frame, viewport.index, region))
    screen, _ = painted(planes, viewport.display_range, has_gaps=frame.has_gaps)
    if cells.reduction == 1:
        return Patch(cells, screen, planes)
    return Patch(cells, shrunk(screen, cells.reduction), None)


def _map_of(plan: Plan, viewport: Viewport, planes: Planes) -> Planes:
    return planes[planes_at(plan, viewport.view)]


def _rows_of_tiles(plan: Plan, index: int, cells: Cells) -> Iterator[tuple[Region, ...]]:
    """Some cells cut into rows of tiles, each tile computed in a moment, in bounded memory."""
    region, reduction = cells
    side = max(1, isqrt(TILE_PIXELS) // reduction)
    while side > 1 and _bytes_of_first(plan, index, cells, side) > TILE_BYTES:
        side //= 2
    height, width = even_part(region.height, side), even_part(region.width, side)
    for row in tiled(region, height, region.width):
        yield tuple(tiled(row, height, width))


def _bytes_of_first(plan: Plan, index: int, cells: Cells, side: int) -> int:
    """What computing the first tile of such a side takes."""
    tile = Cells(next(tiled(cells.region, side, side)), cells.reduction)
    return tile_bytes(plan, index, tile.pixels(plan.shape_at(index)))
