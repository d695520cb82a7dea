"""Evaluating a part: a region of one layer's output from no more of the picture than it needs.

What is needed is decided in integers by `needs`; here the windows' values are gathered and the operations applied.
"""

from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from convstudio.core.cancellation import check
from convstudio.core.evaluation.evaluate import Planes, apply
from convstudio.core.evaluation.needs import (
    Need,
    needed_regions,
    places_along,
    sees_everything,
    whole_reader,
)
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border, Indices, Spans, mirrored
from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Pool
from convstudio.core.recipe.plan import Plan, Step, plan, refuse_excess


class Taken(NamedTuple):
    """Which of the rows (or columns) at hand the windows cover, and how much nothing lies before and after them."""

    before: int
    chosen: slice | Indices
    number: int
    after: int


def evaluate_region(document: Document, frame: Frame, index: int, region: Region) -> Planes:
    """A region of the output of layer `index` of a recipe on a frame.

    Parameters
    ----------
    document, frame
        The recipe and the picture.
    index
        The layer; −1 is the source.
    region
        Of its output; what lies outside of the plane is left out.

    Returns
    -------
    (C, rows, columns) float32: the same crop of a whole evaluation, up to float32 rounding. It is bit-equal where an
    output is computed alike wherever its neighbours are cut: the source, activations and pools; convolutions may
    take another method for a small region than for the whole.

    Raises
    ------
    ConvStudioError
        If a layer refuses its input, or what is needed would not fit into memory.

    Examples
    --------
    >>> frame = Frame(np.arange(16, dtype=np.uint8).reshape(4, 4, 1), white=255)
    >>> evaluate_region(Document((Pool(),)), frame, 0, Region(1, 2, 0, 2)).tolist()
    [[[13.0, 15.0]]]
    """
    made = plan(document, frame.shape)
    if whole_reader(made, index) is not None:
        refuse_excess(made)
    return compute_region(made, frame, index, region)


def compute_region(made: Plan, frame: Frame, index: int, region: Region) -> Planes:
    """`evaluate_region` for a plan that is already made for the frame."""
    return compute_needs(made, frame, needed_regions(made, index, region))


def compute_needs(made: Plan, frame: Frame, needs: tuple[Need, ...]) -> Planes:
    """The values that the last of the needs names, from the frame through every step before."""
    planes = cropped(frame, needs[0])
    for step, need, target in zip(made.steps, needs, needs[1:], strict=False):
        check()
        planes = apply_part(step, planes, need, target)
    return planes


def cropped(frame: Frame, need: Need) -> Planes:
    """What is needed of a frame, (C, rows, columns) float32, values unchanged."""
    planes = np.empty((frame.shape.channels, *need.extent), np.float32)
    for rows, top in zip(need.rows, _starts(need.rows), strict=True):
        for columns, left in zip(need.columns, _starts(need.columns), strict=True):
            pixels = frame.pixels[rows.start : rows.stop, columns.start : columns.stop]
            planes[:, top : top + len(rows), left : left + len(columns)] = np.moveaxis(pixels, 2, 0)
    return planes


def apply_part(step: Step, planes: Planes, have: Need, want: Need) -> Planes:
    """Execute one step for the rows and columns that are wanted of its output.

    Parameters
    ----------
    planes
        The values of `have` of the step's input, the ranges side by side.
    have, want
        What is at hand of the input and what is wanted of the output; neither more nor less than `needed_regions` says.

    Returns
    -------
    The values of `want`, the ranges side by side.
    """
    if not step.layer.enabled or isinstance(step.layer, Activation) or sees_everything(step):
        return apply(step, planes) if planes.size else np.empty((step.output.channels, *want.extent), np.float32)
    if len(want.rows) == 1 and len(want.columns) == 1:
        return _block(step, planes, have, want.rows[0], want.columns[0])
    if _lie_apart(step, have, want):
        return _side_by_side(step, planes, have, want)
    out = np.empty((step.output.channels, *want.extent), np.float32)
    top = 0
    for rows in want.rows:
        left = 0
        for columns in want.columns:
            target = out[:, top : top + len(rows), left : left + len(columns)]
            target[:] = _block(step, planes, have, rows, columns)
            left += len(columns)
        top += len(rows)
    return out


def _lie_apart(step: Step, have: Need, want: Need) -> bool:
    """Whether each range that a convolution reads is one range of its outputs' windows, moving by single pixels."""
    if not isinstance(step.layer, Conv) or step.layer.stride != (1, 1) or 0 in want.extent:
        return False
    return all(
        tuple(places_along(step, axis, wanted) for wanted in spans) == at_hand
        for axis, (spans, at_hand) in enumerate(((want.rows, have.rows), (want.columns, have.columns)))
    )


def _side_by_side(step: Step, planes: Planes, have: Need, want: Need) -> Planes:
    """All blocks at once, as if their inputs were one picture; the windows that lie on two of them are left out."""
    whole = apply(replace(step, window=replace(step.window, pads=NOTHING)), planes)
    out = np.empty((step.output.channels, *want.extent), np.float32)
    for rows, here, there in zip(want.rows, _starts(want.rows), _starts(have.rows), strict=True):
        for columns, left, across in zip(want.columns, _starts(want.columns), _starts(have.columns), strict=True):
            block = whole[:, there : there + len(rows), across : across + len(columns)]
            out[:, here : here + len(rows), left : left + len(columns)] = block
    return out


def _starts(spans: Spans) -> list[int]:
    """Where each of some ranges begins when they lie side by side."""
    return [] if not spans else list(accumulate(map(len, spans[:-1]), initial=0))


def _block(step: Step, planes: Planes, have: Need, rows: range, columns: range) -> Planes:
    """The outputs of one step for consecutive rows and columns."""
    down, across = (
        _taken(step, axis, wanted, spans)
        for axis, (wanted, spans) in enumerate(((rows, have.rows), (columns, have.columns)))
    )
    values = planes[:, down.chosen][:, :, across.chosen]
    layer = step.layer
    if isinstance(layer, ConvTranspose):
        return _stamped(step, layer, values, rows, columns)
    if isinstance(layer, Pool):
        # the pool is told its padding, because a mean divides by the pixels that count; hanging over is its own affair
        pads = Amounts(
            down.before, min(down.after, step.pads.bottom), across.before, min(across.after, step.pads.right)
        )
        return apply(replace(step, window=replace(step.window, pads=pads)), values)
    pads = Amounts(down.before, down.after, across.before, across.after)
    if not values.size:  # windows that see nothing but the padding
        height, width = (taken.before + taken.number + taken.after for taken in (down, across))
        pads, values = NOTHING, np.zeros((len(planes), height, width), np.float32)
    return apply(replace(step, window=replace(step.window, pads=pads)), values)


def _taken(step: Step, axis: int, wanted: range, have: Spans) -> Taken:
    """What the windows of consecutive outputs read along an axis, among the rows or columns at hand.

    What lies outside of the plane is left to the operation as padding, where it can make that of what is inside;
    else its sources are gathered.
    """
    places, length = places_along(step, axis, wanted), step.input[1 + axis]
    if isinstance(step.layer, ConvTranspose):
        places = range(max(places.start, 0), min(places.stop, length))
    border = step.layer.border if isinstance(step.layer, Conv) else Border.ZEROS
    before = min(max(-places.start, 0), len(places))
    after = min(max(places.stop - length, 0), len(places) - before)
    found = np.arange(places.start + before, places.stop - after)
    most = {Border.REFLECT: len(found) - 1, Border.REPLICATE: len(places) - 1, Border.CIRCULAR: 0}
    if max(before, after) > most.get(border, len(places)):
        before, after, found = 0, 0, mirrored(np.arange(places.start, places.stop), length, border)
    return Taken(before, _choice(np.searchsorted(_indices(have), found)), len(found), after)


def _stamped(step: Step, layer: ConvTranspose, values: Planes, rows: range, columns: range) -> Planes:
    """A block of a transposed convolution: what its inputs stamp onto it, and the bias where nothing does."""
    out = np.empty((step.output.channels, len(rows), len(columns)), np.float32)
    out[:] = np.array(layer.bias, np.float32)[:, None, None]
    if not values.size:
        return out
    bare = replace(layer, padding=Pair(0, 0), output_padding=Pair(0, 0))
    stamps = apply(replace(step, layer=bare), values)
    targets: list[slice] = []
    origins: list[slice] = []
    for axis, wanted in enumerate((rows, columns)):
        first = max(places_along(step, axis, wanted).start, 0)
        start = first * layer.stride[axis] - layer.padding[axis]
        low, high = max(wanted.start, start), min(wanted.stop, start + stamps.shape[1 + axis])
        targets.append(slice(low - wanted.start, high - wanted.start))
        origins.append(slice(low - start, high - start))
    out[:, *targets] = stamps[:, *origins]
    return out


def _indices(spans: Spans) -> Indices:
    return np.concatenate([np.arange(span.start, span.stop) for span in spans] or [np.empty(0, np.intp)])


def _choice(indices: Indices) -> slice | Indices:
    """Consecutive indices as a slice, which copies nothing."""
    if len(indices) == 0:
        return slice(0, 0)
    first, last = int(indices[0]), int(indices[-1])
    is_run = last - first == len(indices) - 1 and bool((np.diff(indices) == 1).all())
    return slice(first, last + 1) if is_run else indices
