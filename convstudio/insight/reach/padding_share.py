"""How much of each output came from padding, through all layers."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.needed_regions import sees_everything
from convstudio.core.geometry.window import Resampling
from convstudio.core.recipe.layers import Conv, ConvTranspose, Pixelwise, Pool
from convstudio.core.recipe.plan import Plan, Step

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
    places, is_read = taps_along(step, axis)
    is_inside = is_read & (places >= 0) & (places < len(before))
    values = np.where(is_inside, before[np.clip(places, 0, len(before) - 1)], 0.0)
    counts = is_read.sum(axis=1)
    # an output that reads nothing at all, as between the stamps of a transposed layer, reads no padding either
    return np.asarray(np.divide(values.sum(axis=1), counts, out=np.ones(len(counts)), where=counts > 0))


def taps_along(step: Step, axis: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The rows (axis 0) or columns (axis 1) that each output reads, and whether it reads them; both (outputs, taps).

    The step must not see its whole input.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> places, is_read = taps_along(plan(recipe_from("conv size 3 stride 2"), Shape(1, 5, 5)).steps[0], 0)
    >>> places.tolist(), bool(is_read.all())
    ([[-1, 0, 1], [1, 2, 3], [3, 4, 5]], True)
    """
    layer = step.layer
    outputs = np.arange(step.output[1 + axis])[:, None]
    if not layer.enabled or isinstance(layer, Pixelwise):
        return outputs, np.ones(outputs.shape, np.bool_)
    if isinstance(step.window, Resampling):
        places, weights = step.window.axis(axis).taps(outputs[:, 0])
        return places, weights > 0
    if isinstance(layer, ConvTranspose):
        moved = outputs + layer.padding[axis] - layer.dilation[axis] * np.arange(layer.kernel[axis])
        places = moved // layer.stride[axis]
        return places, (moved % layer.stride[axis] == 0) & (places >= 0) & (places < step.input[1 + axis])
    assert isinstance(layer, Conv | Pool)
    near, far = ((step.pads.top, step.pads.bottom), (step.pads.left, step.pads.right))[axis]
    window = (layer.kernel if isinstance(layer, Conv) else layer.window)[axis]
    places = outputs * layer.stride[axis] - near + layer.dilation[axis] * np.arange(window)
    return places, places < step.input[1 + axis] + far  # the ceil mode may hang over
