"""A region of one layer's output, computed from no more of the picture than it needs.

`needed_regions` decides in integers what that is; here the windows' values are gathered and the operations applied.
"""

from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from convstudio.core.cancellation import check
from convstudio.core.evaluation.evaluate import Planes, apply
from convstudio.core.evaluation.needed_regions import (
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
from convstudio.core.geometry.resampling import AxisTaps
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.window import Resampling
from convstudio.core.ops import resampled
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Pixelwise, Pool, Resize
from convstudio.core.recipe.plan import Plan, Step, plan, refuse_excess


class AxisInput(NamedTuple):
    """Which of the rows (or columns) at hand some windows cover, and how much padding lies before and after them."""

    before: int
    indices: slice | Indices
    length: int
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
    recipe_plan = plan(document, frame.shape)
    if whole_reader(recipe_plan, index) is not None:
        refuse_excess(recipe_plan)
    return compute_region(recipe_plan, frame, index, region)


def compute_region(plan: Plan, frame: Frame, index: int, region: Region) -> Planes:
    """`evaluate_region` for a plan that is already made for the frame."""
    return compute_needs(plan, frame, needed_regions(plan, index, region))


def compute_needs(plan: Plan, frame: Frame, needs: tuple[Need, ...]) -> Planes:
    """The values that the last of the needs names, from the frame through every step before."""
    planes = cropped(frame, needs[0])
    for step, need, target in zip(plan.steps, needs, needs[1:], strict=False):
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


def apply_part(step: Step, planes: Planes, inputs: Need, outputs: Need) -> Planes:
    """Execute one step for some rows and columns of its output.

    Parameters
    ----------
    planes
        The values of `inputs` of the step's input, the ranges side by side.
    inputs, outputs
        What is at hand of the input and what to compute of the output, exactly as `needed_regions` says.

    Returns
    -------
    The values of `outputs`, the ranges side by side.
    """
    if not step.layer.enabled or isinstance(step.layer, Pixelwise) or sees_everything(step):
        return apply(step, planes) if planes.size else np.empty((step.output.channels, *outputs.extent), np.float32)
    if isinstance(step.layer, Resize):
        return _apply_resize(step, planes, inputs, outputs)
    if len(outputs.rows) == 1 and len(outputs.columns) == 1:
        return _apply_to_ranges(step, planes, inputs, outputs.rows[0], outputs.columns[0])
    if _lie_apart(step, inputs, outputs):
        return _side_by_side(step, planes, inputs, outputs)
    out = np.empty((step.output.channels, *outputs.extent), np.float32)
    top = 0
    for rows in outputs.rows:
        left = 0
        for columns in outputs.columns:
            target = out[:, top : top + len(rows), left : left + len(columns)]
            target[:] = _apply_to_ranges(step, planes, inputs, rows, columns)
            left += len(columns)
        top += len(rows)
    return out


def _lie_apart(step: Step, inputs: Need, outputs: Need) -> bool:
    """Whether each range that a convolution reads is one range of its outputs' windows, moving by single pixels."""
    if not isinstance(step.layer, Conv) or step.layer.stride != (1, 1) or 0 in outputs.extent:
        return False
    return all(
        tuple(places_along(step, axis, span) for span in spans) == at_hand
        for axis, (spans, at_hand) in enumerate(((outputs.rows, inputs.rows), (outputs.columns, inputs.columns)))
    )


def _side_by_side(step: Step, planes: Planes, inputs: Need, outputs: Need) -> Planes:
    """All regions at once, as if their inputs were one picture; the windows that lie on two of them are left out."""
    whole = apply(replace(step, window=replace(step.window, pads=NOTHING)), planes)
    out = np.empty((step.output.channels, *outputs.extent), np.float32)
    tops, lefts = _starts(inputs.rows), _starts(inputs.columns)
    for rows, above, top in zip(outputs.rows, _starts(outputs.rows), tops, strict=True):
        for columns, before, left in zip(outputs.columns, _starts(outputs.columns), lefts, strict=True):
            region = whole[:, top : top + len(rows), left : left + len(columns)]
            out[:, above : above + len(rows), before : before + len(columns)] = region
    return out


def _starts(spans: Spans) -> list[int]:
    """Where each of some ranges begins when they lie side by side."""
    return [] if not spans else list(accumulate(map(len, spans[:-1]), initial=0))


def _apply_to_ranges(step: Step, planes: Planes, inputs: Need, rows: range, columns: range) -> Planes:
    """The outputs of one step for consecutive rows and columns."""
    down, across = (
        _axis_input(step, axis, outputs, spans)
        for axis, (outputs, spans) in enumerate(((rows, inputs.rows), (columns, inputs.columns)))
    )
    values = planes[:, down.indices][:, :, across.indices]
    layer = step.layer
    if isinstance(layer, ConvTranspose):
        return _apply_transposed(step, layer, values, rows, columns)
    if isinstance(layer, Pool):
        # A mean divides by the pixels that count, so the pool gets its padding; windows may hang over in ceil mode.
        pads = Amounts(
            down.before, min(down.after, step.pads.bottom), across.before, min(across.after, step.pads.right)
        )
        return apply(replace(step, window=replace(step.window, pads=pads)), values)
    pads = Amounts(down.before, down.after, across.before, across.after)
    if not values.size:  # windows that see nothing but the padding
        height, width = (part.before + part.length + part.after for part in (down, across))
        pads, values = NOTHING, np.zeros((len(planes), height, width), np.float32)
    return apply(replace(step, window=replace(step.window, pads=pads)), values)


def _axis_input(step: Step, axis: int, outputs: range, inputs: Spans) -> AxisInput:
    """What the windows of consecutive outputs read along an axis, among the rows or columns at hand.

    What lies outside of the plane is left to the operation as padding, where it can make that of what is inside;
    else its sources are gathered.
    """
    places, length = places_along(step, axis, outputs), step.input[1 + axis]
    if isinstance(step.layer, ConvTranspose):
        places = range(max(places.start, 0), min(places.stop, length))
    border = step.layer.border if isinstance(step.layer, Conv) else Border.ZEROS
    before = min(max(-places.start, 0), len(places))
    after = min(max(places.stop - length, 0), len(places) - before)
    sources = np.arange(places.start + before, places.stop - after)
    most = {Border.REFLECT: len(sources) - 1, Border.REPLICATE: len(places) - 1, Border.CIRCULAR: 0}
    if max(before, after) > most.get(border, len(places)):
        before, after, sources = 0, 0, mirrored(np.arange(places.start, places.stop), length, border)
    return AxisInput(before, _as_slice(np.searchsorted(_indices(inputs), sources)), len(sources), after)


def _apply_transposed(step: Step, layer: ConvTranspose, values: Planes, rows: range, columns: range) -> Planes:
    """A region of a transposed convolution: what its inputs stamp onto it, and the bias where nothing does."""
    out = np.empty((step.output.channels, len(rows), len(columns)), np.float32)
    out[:] = np.array(layer.bias, np.float32)[:, None, None]
    if not values.size:
        return out
    bare = replace(layer, padding=Pair(0, 0), output_padding=Pair(0, 0))
    stamps = apply(replace(step, layer=bare), values)
    targets: list[slice] = []
    origins: list[slice] = []
    for axis, outputs in enumerate((rows, columns)):
        first = max(places_along(step, axis, outputs).start, 0)
        start = first * layer.stride[axis] - layer.padding[axis]
        low, high = max(outputs.start, start), min(outputs.stop, start + stamps.shape[1 + axis])
        targets.append(slice(low - outputs.start, high - outputs.start))
        origins.append(slice(low - start, high - start))
    out[:, *targets] = stamps[:, *origins]
    return out


def _apply_resize(step: Step, planes: Planes, inputs: Need, outputs: Need) -> Planes:
    """Some rows and columns of a resized picture, from those of the picture that are at hand."""
    assert isinstance(step.window, Resampling)
    if 0 in outputs.extent:
        return np.empty((step.output.channels, *outputs.extent), np.float32)
    taps = []
    for axis, (targets, at_hand) in enumerate(((outputs.rows, inputs.rows), (outputs.columns, inputs.columns))):
        read = step.window.axis(axis).taps(_indices(targets))
        among = np.minimum(np.searchsorted(_indices(at_hand), read.places), sum(map(len, at_hand)) - 1)
        taps.append(AxisTaps(among, read.weights))
    return resampled(planes, taps[0], taps[1])


def _indices(spans: Spans) -> Indices:
    return np.concatenate([np.arange(span.start, span.stop) for span in spans] or [np.empty(0, np.intp)])


def _as_slice(indices: Indices) -> slice | Indices:
    """Consecutive indices as a slice, which copies nothing."""
    if len(indices) == 0:
        return slice(0, 0)
    first, last = int(indices[0]), int(indices[-1])
    is_run = last - first == len(indices) - 1 and bool((np.diff(indices) == 1).all())
    return slice(first, last + 1) if is_run else indices
