"""Borders: where the values of places outside of a plane come from, along one axis. Filling padding lives in `ops`."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Border(StrEnum):
    """What stands in the padding; PyTorch's words."""

    ZEROS = "zeros"
    REFLECT = "reflect"
    REPLICATE = "replicate"
    CIRCULAR = "circular"


Indices = NDArray[np.intp]
OUTSIDE = -1  # the source of a place that reads a zero of the padding
Spans = tuple[range, ...]
"""Disjoint ranges in ascending order, none empty, no two touching."""


def mirrored(places: Indices, length: int, border: Border) -> Indices:
    """Where the values of places outside of 0 … length − 1 come from, PyTorch's four borders; `OUTSIDE` is nowhere.

    Examples
    --------
    >>> mirrored(np.arange(-2, 5), 3, Border.REFLECT).tolist()
    [2, 1, 0, 1, 2, 1, 0]
    >>> mirrored(np.arange(-1, 4), 3, Border.ZEROS).tolist()
    [-1, 0, 1, 2, -1]
    """
    match border:
        case Border.ZEROS:
            return np.where((places >= 0) & (places < length), places, OUTSIDE)
        case Border.REFLECT:
            period = max(2 * (length - 1), 1)
            turned = np.mod(places, period)
            return np.minimum(turned, period - turned) if length > 1 else np.zeros_like(places)
        case Border.REPLICATE:
            return np.clip(places, 0, length - 1)
        case Border.CIRCULAR:
            return np.mod(places, length)


def sources(places: range, length: int, border: Border) -> Spans:
    """Where the values of places come from, some of which may lie outside of 0 … length − 1; PyTorch's borders.

    Examples
    --------
    >>> sources(range(-2, 3), 9, Border.REFLECT), sources(range(-2, 3), 9, Border.CIRCULAR)
    ((range(0, 3),), (range(0, 3), range(7, 9)))
    """
    low, high = range(places.start, min(places.stop, 0)), range(max(places.start, length), places.stop)
    spans = [range(max(places.start, 0), min(places.stop, length))]
    if border is Border.REPLICATE:
        spans += [range(1)] * bool(low) + [range(length - 1, length)] * bool(high)
    elif border is Border.REFLECT:
        turn = 2 * (length - 1)
        spans += [range(1 - low.stop, 1 - low.start), range(turn - high.stop + 1, turn - high.start + 1)]
    elif border is Border.CIRCULAR:
        spans += [range(low.start + length, low.stop + length), range(high.start - length, high.stop - length)]
    return merged(spans)


def merged(spans: Iterable[range]) -> Spans:
    """Ranges made disjoint, in ascending order.

    Examples
    --------
    >>> merged([range(5, 9), range(0, 3), range(3, 6), range(12, 12)])
    (range(0, 9),)
    """
    result: list[range] = []
    for span in sorted((span for span in spans if span), key=lambda span: span.start):
        if result and span.start <= result[-1].stop:
            result[-1] = range(result[-1].start, max(result[-1].stop, span.stop))
        else:
            result.append(span)
    return tuple(result)
