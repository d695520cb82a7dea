"""How much of each output came from padding, through all layers."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.needs import sees_everything
from convstudio.core.recipe.plan import Plan, Step
from convstudio.insight.reach.taps import every_tap_along

Shares = NDArray[np.float64]


def padding_share(plan: Plan, index: int) -> Shares:
    """The share (0 … 1) of what each output of layer `index` reads that is padding, (H, W).

    A tap on padding counts as 1, a tap on an earlier output as the share of that output, and a window as the mean of
    its taps. It does not matter what stands in the padding, and weights do not matter either.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> share = padding_share(plan(recipe_from("conv size 3"), Shape(1, 4, 4)), 0)
    >>> [round(9 * value) for value in share[0]]
    [5, 3, 3, 5]
    """
    rows, columns = np.ones(plan.source.height), np.ones(plan.source.width)
    for step in plan.steps[: index + 1]:
        rows, columns = _inside(step, 0, rows), _inside(step, 1, columns)
    return 1 - rows[:, None] * columns[None, :]


def _inside(step: Step, axis: int, before: Shares) -> Shares:
    """The share that is picture along one axis; the two axes are independent of each other."""
    if sees_everything(step):
        return np.full(step.output[1 + axis], before.mean())
    places, is_read = every_tap_along(step, axis)
    is_inside = is_read & (places >= 0) & (places < len(before))
    values = np.where(is_inside, before[np.clip(places, 0, len(before) - 1)], 0.0)
    counts = is_read.sum(axis=1)
    # an output that reads nothing at all, as between the stamps of a transposed layer, reads no padding either
    return np.asarray(np.divide(values.sum(axis=1), counts, out=np.ones(len(counts)), where=counts > 0))
