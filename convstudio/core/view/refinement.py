"""Sharpening: what the window shows of a frame that is too large to be computed whole, each time closer to the truth.

First comes a preview: the recipe on the frame reduced. Then come exact patches of what is on the screen, tile by tile,
until all of it is exact. Where the scale of colours ends is measured before, by `exposure`, and stays.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from convstudio.core.display.reduction import MOST_OF_PREVIEW, block_for, reduced
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.evaluation.needs import whole_reader
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import Plan, Refusal, Step, plan
from convstudio.core.view.exposure import exposed
from convstudio.core.view.scene import Scene
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.core.view.sides import Patches, pixels_missing, sharpened, side_of

AT_ONCE = 2**21  # pixels of outputs that are computed before anything is shown: a window at 1:1 shows no preview
EVERY = 0.1  # seconds between pictures while tiles arrive
MOST_KEPT = 2**27  # values of the input of a dense layer, and of its weights, that are kept for a while

Clock = Callable[[], float]


def refine(
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
    >>> len(list(refine(Document(), frame, Selection(), None)))
    1
    """
    made = plan(document, frame.shape)
    preview = None
    if frame.shape.is_large:
        preview = _preview(document, frame, previous, clock, is_draft=is_draft)
    if preview is None:
        known = previous.result if previous else None
        result = evaluate(document, frame, previous=known, clock=clock, is_draft=is_draft)
        yield show(result, selection, previous if known and known.is_whole else None)
        return
    shown = _shown(_in_full(preview, document, frame, made, previous), selection, previous)
    if scene is None or scene.source != made.source:
        yield shown
        return
    reader = whole_reader(made, shown.output_index)
    if reader is not None:
        _refuse_too_much(reader)
    yield from _sharpened(shown, scene, previous, clock)


def _preview(
    document: Document, frame: Frame, previous: Shown | None, clock: Clock, *, is_draft: bool
) -> Result | None:
    """The recipe on the frame reduced; None where no reduced frame is large enough for its windows."""
    known = previous.result.preview if previous is not None and previous.result.frame is frame else None
    small = known.frame if known is not None else None
    most = MOST_OF_PREVIEW
    while most < frame.shape.height * frame.shape.width:
        if small is None:
            small = reduced(frame, block_for(frame.shape, most))
        try:
            return evaluate(document, small, previous=known, clock=clock, is_draft=is_draft)
        except Refusal:
            small, known, most = None, None, most * 4
    return None


def _in_full(small: Result, document: Document, frame: Frame, made: Plan, previous: Shown | None) -> Result:
    """The result for which a preview stands: the same one as before where nothing has changed."""
    old = previous.result if previous is not None else None
    if (
        old is not None
        and old.preview is not None
        and (old.document is document and old.frame is frame)
        and old.preview.source is small.source
        and len(old.preview.outputs) == len(small.outputs)
        and all(one is other for one, other in zip(old.preview.outputs, small.outputs, strict=True))
    ):
        return old
    nothing = np.empty((0, 0, 0), np.float32)
    return Result(document, frame, made, nothing, (), small.milliseconds, small.draft, preview=small)


def _shown(result: Result, selection: Selection, previous: Shown | None) -> Shown:
    """A preview in the colours of the picture itself; what was taken from what was shown before has them already."""
    old = None
    if previous is not None and previous.result.frame is result.frame and not previous.result.is_whole:
        old = replace(previous, result=previous.result.overview)
    shown = show(result.overview, selection, old, lambda _, index, number: exposed(result, index, number))
    return replace(shown, result=result, is_exact=False)


def _sharpened(shown: Shown, scene: Scene, previous: Shown | None, clock: Clock) -> Iterator[Shown]:
    before, after = (side_of(shown, scene, previous, is_input=is_input) for is_input in (True, False))
    patches = {True: (*before.coarse, *before.known), False: (*after.coarse, *after.known)}

    def so_far() -> Shown:
        return replace(shown, input_patches=patches[True], output_patches=patches[False])

    is_quick = sum(pixels_missing(shown.result.plan, side) for side in (before, after)) <= AT_ONCE
    last, latest = clock(), so_far()
    if not is_quick:
        yield latest
    for is_input, side in ((False, after), (True, before)):
        exact: Patches = ()
        for exact in sharpened(shown.result, side):
            patches[is_input] = (*side.coarse, *exact)
            if clock() - last >= EVERY:
                last, latest = clock(), so_far()
            if not is_quick:
                yield latest
        patches[is_input] = exact or side.coarse
    yield replace(so_far(), is_exact=True)


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
