"""Connections: how many pairs of an output and a real input a sliding window joins, along one axis.

A place over zeros joins nothing; one over any other border joins the pixel it stands for; a pair that is joined twice
is one. Whether a window joins a pair is decided on each axis alone, so a plane has the product of its axes' numbers.
The numbers come from sums in closed form: an axis of any length costs no more than its kernel, and no array is made.
"""

from functools import lru_cache

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.sizes import ceil_division


@lru_cache(maxsize=4096)
def window_pairs(
    length: int, outputs: int, *, kernel: int, stride: int, dilation: int, before: int, border: Border
) -> int:
    """Pairs of an output and an input of one axis that a window over padded pixels joins.

    Parameters
    ----------
    length, outputs
        Pixels of the axis before and after.
    before
        Padding before the first pixel; the border can fill all padding there is (`geometry.check_border`).

    Examples
    --------
    Six pixels, three weights, "same": both ends read two pixels, the others three. Mirrored, both ends still read two.

    >>> choices = {"kernel": 3, "stride": 1, "dilation": 1, "before": 1}
    >>> [window_pairs(6, 6, **choices, border=border) for border in (Border.ZEROS, Border.REFLECT, Border.CIRCULAR)]
    [16, 16, 18]
    """

    def taps(low: int, high: int, count: int = kernel) -> int:
        """The taps of all windows, of the first `count` of each, that lie on the places low … high − 1."""
        return _points(outputs, count, stride, dilation, before + low, before + high)

    inside = taps(0, length)
    if border is Border.ZEROS or (border is Border.REFLECT and length == 1):  # which no padding can mirror
        return inside
    if border is Border.REPLICATE:
        if length == 1:
            return outputs
        # windows that overhang an end read its pixel; those with a tap right on it are counted already
        overhang_low = _points(outputs, 1, stride, dilation, None, before)
        last = before + length - 1 - dilation * (kernel - 1)
        overhang_high = outputs - _points(outputs, 1, stride, dilation, None, last + 1)
        on_low = _points(outputs, kernel - 1, stride, dilation, before - dilation, before - dilation + 1)
        on_high = taps(length - 1, length, kernel - 1)
        return inside + overhang_low - on_low + overhang_high - on_high
    # every tap joins a pixel, so what is counted are the taps that join one that another joins as well
    every = outputs * kernel
    if border is Border.CIRCULAR:
        once, around = _whole(length, dilation), _whole(2 * length, dilation)
        twice = 0 if once is None else taps(-length, 0, kernel - once) + taps(0, length, kernel - once)
        ends = 0 if around is None else taps(-length, 0, kernel - around)
        thrice = 0 if once is None else ends
        return every - twice - ends + thrice
    # a tap and its mirror image lie as far before the turning pixel as behind it: twice the pixel is their sum
    turns = _turns(outputs, kernel, stride, dilation, before)
    low, high = sum(turns.values()), sum(_turns(outputs, kernel, stride, dilation, before + length - 1).values())
    period = _whole(2 * (length - 1), dilation)
    if period is None or period >= kernel:
        return every - low - high
    ends = taps(2 - length, 0, kernel - period)
    return every - low - high - ends + _thrice(turns, kernel, dilation, length, period)


@lru_cache(maxsize=4096)
def stamp_pairs(length: int, outputs: int, *, kernel: int, stride: int, dilation: int, before: int) -> int:
    """Pairs of one axis that a transposed convolution joins: every input stamps its kernel, what is cut off is lost.

    Examples
    --------
    Four pixels doubled by a kernel of 4: eight outputs of which the outermost two lose one of their two inputs.

    >>> stamp_pairs(4, 8, kernel=4, stride=2, dilation=1, before=1)
    14
    """
    return _points(length, kernel, stride, dilation, before, before + outputs)


def _whole(distance: int, dilation: int) -> int | None:
    """A distance in steps of the dilation, or None where no two taps lie so far apart."""
    return None if distance % dilation else distance // dilation


def _points(windows: int, taps: int, stride: int, dilation: int, low: int | None, high: int) -> int:
    """Pairs of 0 ≤ i < windows and 0 ≤ u < taps with low ≤ stride·i + dilation·u < high; no `low` is no limit."""
    below = 0 if low is None else _points_below(windows, taps, stride, dilation, low)
    return max(0, _points_below(windows, taps, stride, dilation, high) - below)


def _points_below(windows: int, taps: int, stride: int, dilation: int, bound: int) -> int:
    if taps < 1:
        return 0
    whole = min(max(-((dilation * (taps - 1) - bound) // stride), 0), windows)  # windows with all taps below
    end = min(max(ceil_division(bound, stride), 0), windows)  # windows with any
    if end <= whole:
        return whole * taps
    first = bound - stride * (end - 1) + dilation - 1
    return whole * taps + _sum_of_floors(end - whole, stride, first, dilation)


def _sum_of_floors(count: int, factor: int, offset: int, divisor: int) -> int:
    """Σ ⌊(factor·i + offset) / divisor⌋ over 0 ≤ i < count, nothing negative; Euclid's steps, as in counting points.

    Examples
    --------
    >>> _sum_of_floors(4, 3, 1, 2)
    10
    """
    total = 0
    while count > 0:
        total += count * (count - 1) // 2 * (factor // divisor) + count * (offset // divisor)
        factor, offset = factor % divisor, offset % divisor
        most = factor * count + offset
        if most < divisor:
            break
        count, offset = most // divisor, most % divisor
        factor, divisor = divisor, factor
    return total


def _turns(outputs: int, kernel: int, stride: int, dilation: int, turning: int) -> dict[int, int]:
    """For each sum u + v of two taps that mirror each other at a pixel, how many pairs u < v of one window do so.

    `turning` is the pixel, counted from the first padding. A sum belongs to one place of the window, hence to one
    output or none.
    """
    pairs = {}
    for total in range(1, min(2 * kernel - 3, 2 * turning // dilation) + 1):
        start, is_half = divmod(2 * turning - dilation * total, 2)
        if not is_half and start % stride == 0 and start // stride < outputs:
            pairs[total] = (total + 1) // 2 - max(0, total - kernel + 1)
    return pairs


def _thrice(turns: dict[int, int], kernel: int, dilation: int, length: int, period: int) -> int:
    """Pixels that one window joins by a tap, by its mirror image at the low end and by that at the high end."""
    count = 0
    for total in turns:
        farthest = -((2 * (length - 2) - dilation * total) // (2 * dilation))
        first = max(0, total - kernel + 1, farthest)
        count += max(0, min((total + 1) // 2, kernel - period) - first)
    return count
