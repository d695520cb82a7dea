"""Reading: values of a result at some rows and columns, from what it holds or computed on the spot."""

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Planes, Result
from convstudio.core.evaluation.needed_regions import needs_of, whole_reader
from convstudio.core.evaluation.region import compute_needs
from convstudio.core.geometry.borders import Indices, Spans

MOST_READ = 2**22  # values of one output that are computed on the spot, while a person waits


def values_at(result: Result, index: int, channels: Indices, rows: Indices, columns: Indices) -> Planes:
    """The values of the output of layer `index` (−1 is the source) where some channels, rows and columns cross.

    Parameters
    ----------
    channels, rows, columns
        Inside of the output, in any order, repeated or not.

    Returns
    -------
    (channels, rows, columns) float32.

    Raises
    ------
    ConvStudioError
        If the result is not whole, and more would have to be computed than a person waits for.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> result = evaluate(Document(), Frame(np.arange(6.0).reshape(2, 3, 1), white=5.0))
    >>> values_at(result, -1, np.array([0]), np.array([1]), np.array([2, 0])).tolist()
    [[[5.0, 3.0]]]
    """
    if result.is_whole:
        return result.planes_at(index)[np.ix_(channels, rows, columns)]
    plan, shape = result.plan, result.plan.shape_at(index)
    (down, at_rows), (across, at_columns) = _spans(rows), _spans(columns)
    reader = whole_reader(plan, index)
    if reader is not None:
        raise ConvStudioError(
            f"{reader.title} needs its whole input, {reader.input}: too much of a picture of {plan.source} to be "
            "looked into value by value."
        )
    needs = needs_of(plan, index, down, across)
    depths = [plan.source.channels, *(step.output.channels for step in plan.steps[: index + 1])]
    most = max(count * np.prod(need.extent) for count, need in zip(depths, needs, strict=True))
    if most > MOST_READ:
        raise ConvStudioError(
            f"These values of an output of {shape} need {most:,} others, more than the {MOST_READ:,} that are looked "
            "into at once; take a smaller picture."
        )
    return compute_needs(plan, result.frame, needs)[np.ix_(channels, at_rows, at_columns)]


def _spans(places: Indices) -> tuple[Spans, Indices]:
    """The ranges that hold some places and no other, and where each place is among them."""
    every, where = np.unique(places, return_inverse=True)
    ends = np.flatnonzero(np.diff(every) > 1)
    starts = np.concatenate([every[:1], every[ends + 1]])
    stops = np.concatenate([every[ends], every[-1:]])
    spans = tuple(range(int(start), int(stop) + 1) for start, stop in zip(starts, stops, strict=True))
    return spans, where
