"""Incremental evaluation: the new output of a convolution from its old one, where little was edited.

A convolution is linear in its weights: one that changed by δ adds δ times the input, shifted to its place under the
kernel, whatever the kernel's size. A bound on its rounding errors is counted along with it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from convstudio.core.ops.increment import updated
from convstudio.core.ops.updates import Tap, Update
from convstudio.core.recipe.layers import Channels, Conv, Orientation
from convstudio.core.recipe.plan import Step

Planes = NDArray[np.float32]
Weight = NDArray[np.float64]

MOST_TAPS = 8  # changed weights of a filter that are added one by one
CELLS_PER_TAP = 8  # of a kernel: the sum of all its products is far quicker than their number of single additions
MOST_ROUNDINGS = 512.0  # of 2⁻²⁴ each: 3·10⁻⁵ of the largest sums at worst, far below one step of a screen's colours
ALIKE = 1e-12  # relative: kernels that are multiples of each other


@dataclass(frozen=True, eq=False)
class ChangedOutput:
    """A convolution's output after some changes.

    Parameters
    ----------
    step
        What it is the output of.
    planes
        (filters, rows, columns), read-only.
    roundings
        What each filter's planes may be wrong by, in 2⁻²⁴ of a picture whose largest value is 1.
    changes
        How many came since it was computed; 0 where it was.
    """

    step: Step
    planes: Planes
    roundings: tuple[float, ...]
    changes: int


def computed(step: Step, planes: Planes) -> ChangedOutput | None:
    """The output of a step as it was computed; None where it is no convolution."""
    layer = step.layer
    if not isinstance(layer, Conv) or not layer.enabled:
        return None
    return ChangedOutput(step, planes, tuple(_magnitude(layer, number) for number in range(layer.filters)), 0)


def changed(output: ChangedOutput, step: Step, x: Planes) -> ChangedOutput | None:
    """The output of a step from that of a step of which some weights, the scale of a filter or a bias were edited.

    Parameters
    ----------
    output
        The output before.
    step
        The step to compute.
    x
        The input of both, (C, H, W).

    Returns
    -------
    The new output, up to the roundings that are counted; None where something else changed as well, or so much that
    computing it is no slower, or where rounding could be seen.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Weights
    >>> from convstudio.core.recipe.plan import plan
    >>> layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))
    >>> old, new = (plan(Document((replace(layer, bias=(b,)),)), Shape(1, 1, 2)).steps[0] for b in (0.0, 5.0))
    >>> x = np.ones((1, 1, 2), np.float32)
    >>> changed(computed(old, x), new, x).planes.tolist()
    [[[6.0, 6.0]]]
    """
    before, after = output.step.layer, step.layer
    if not isinstance(before, Conv) or not isinstance(after, Conv) or not _are_alike(output.step, step):
        return None
    updates: list[Update] = []
    roundings: list[float] = []
    for number, inherited in enumerate(output.roundings):
        update = _update(before, after, number)
        if update is None:
            return None
        new, old = _magnitude(after, number), _magnitude(before, number) * abs(update.scale)
        operations = (update.scale != 1) + (update.offset != 0) + len(update.taps)
        rounding = inherited * abs(update.scale) + operations * (new + old)
        if rounding > MOST_ROUNDINGS * new:
            return None
        roundings.append(rounding)
        updates += _for_each_plane(update, after, number, step.input.channels)
    planes = updated(output.planes, x, updates, step.window)
    return ChangedOutput(step, planes, tuple(roundings), output.changes + 1)


def _are_alike(old: Step, new: Step) -> bool:
    """Whether two steps differ in nothing but the numbers of their weights and biases."""
    before, after = old.layer, new.layer
    if not isinstance(before, Conv) or not isinstance(after, Conv) or old.input != new.input or not after.enabled:
        return False
    is_same_shape = before.weight.array.shape == after.weight.array.shape
    return is_same_shape and replace(after, weight=before.weight, bias=before.bias) == before


def _update(before: Conv, after: Conv, number: int) -> Update | None:
    """What becomes of the output of one filter, its taps on the planes that it reads; None where too much changed."""
    old, new = before.weight.array[number], after.weight.array[number]
    places, scale = np.argwhere(old != new), 1.0
    if len(places) > min(MOST_TAPS, max(1, old.size // CELLS_PER_TAP)):
        factor = multiple(old, new)
        if factor is None:
            return None
        scale, places = factor, places[:0]
    is_flipped = after.orientation is Orientation.CONVOLUTION
    _, height, width = old.shape
    taps = tuple(
        Tap(
            channel,
            height - 1 - row if is_flipped else row,
            width - 1 - column if is_flipped else column,
            float(new[channel, row, column] - old[channel, row, column]),
        )
        for channel, row, column in places.tolist()
    )
    return Update(scale, after.bias[number] - scale * before.bias[number], taps)


def _for_each_plane(update: Update, layer: Conv, number: int, channels: int) -> list[Update]:
    """The update of each output plane of a filter, its taps on the planes of the whole input."""
    if layer.channels is Channels.EACH:
        firsts = list(range(channels))
    else:
        firsts = [number // (layer.filters // layer.groups) * layer.weight.array.shape[1]]
    return [
        update._replace(taps=tuple(tap._replace(source=tap.source + first) for tap in update.taps)) for first in firsts
    ]


def _magnitude(layer: Conv, number: int) -> float:
    """The most that a filter makes of a picture whose largest value is 1."""
    return float(np.abs(layer.weight.array[number]).sum()) + abs(layer.bias[number])


def multiple(old: Weight, new: Weight) -> float | None:
    """The number that makes one kernel of the other, if there is one.

    Examples
    --------
    >>> multiple(np.array([1.0, -2.0]), np.array([0.5, -1.0])), multiple(np.zeros(2), np.ones(2))
    (0.5, None)
    """
    place = np.unravel_index(np.abs(old).argmax(), old.shape)
    if old[place] == 0:
        return None
    scale = float(new[place] / old[place])
    return scale if np.abs(new - scale * old).max() <= ALIKE * abs(scale * old[place]) else None
