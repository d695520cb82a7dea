"""The taps of outputs along one axis, without the holes of a dilation: integers for the other modules here."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.needs import sees_everything
from convstudio.core.geometry.borders import Border, sources
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Pool
from convstudio.core.recipe.plan import Step


def taps_along(step: Step, axis: int, output: int) -> tuple[int, ...]:
    """The rows (axis 0) or columns (axis 1) of its input that an output of a step reads; some may lie outside.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv size 3 padding valid dilation 2"), Shape(1, 9, 9)).steps[0]
    >>> taps_along(step, 0, 1)
    (1, 3, 5)
    """
    layer = step.layer
    if not layer.enabled or isinstance(layer, Activation):
        return (output,)
    if sees_everything(step):
        return tuple(range(step.input[1 + axis]))
    if isinstance(layer, ConvTranspose):
        moved = [output + layer.padding[axis] - layer.dilation[axis] * cell for cell in range(layer.kernel[axis])]
        places = (place // layer.stride[axis] for place in moved if place % layer.stride[axis] == 0)
        return tuple(sorted(place for place in places if 0 <= place < step.input[1 + axis]))
    assert isinstance(layer, Conv | Pool)
    near = (step.pads.top, step.pads.left)[axis]
    far = (step.pads.bottom, step.pads.right)[axis]
    window = (layer.kernel if isinstance(layer, Conv) else layer.window)[axis]
    start = output * layer.stride[axis] - near
    places = (start + layer.dilation[axis] * cell for cell in range(window))
    return tuple(place for place in places if place < step.input[1 + axis] + far)  # the ceil mode may hang over


def every_tap_along(step: Step, axis: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """`taps_along` of every output at once, and which of them are read at all; both (outputs, taps).

    The step must not see its whole input.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> places, is_read = every_tap_along(plan(recipe_from("conv size 3 stride 2"), Shape(1, 5, 5)).steps[0], 0)
    >>> places.tolist(), bool(is_read.all())
    ([[-1, 0, 1], [1, 2, 3], [3, 4, 5]], True)
    """
    layer = step.layer
    outputs = np.arange(step.output[1 + axis])[:, None]
    if not layer.enabled or isinstance(layer, Activation):
        return outputs, np.ones(outputs.shape, np.bool_)
    if isinstance(layer, ConvTranspose):
        moved = outputs + layer.padding[axis] - layer.dilation[axis] * np.arange(layer.kernel[axis])
        places = moved // layer.stride[axis]
        return places, (moved % layer.stride[axis] == 0) & (places >= 0) & (places < step.input[1 + axis])
    assert isinstance(layer, Conv | Pool)
    near, far = ((step.pads.top, step.pads.bottom), (step.pads.left, step.pads.right))[axis]
    window = (layer.kernel if isinstance(layer, Conv) else layer.window)[axis]
    places = outputs * layer.stride[axis] - near + layer.dilation[axis] * np.arange(window)
    return places, places < step.input[1 + axis] + far  # the ceil mode may hang over


def sources_along(step: Step, axis: int, outputs: frozenset[int]) -> frozenset[int]:
    """The rows (axis 0) or columns (axis 1) of its input that outputs of a step depend on, through any border.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv size 3 border reflect"), Shape(1, 5, 5)).steps[0]
    >>> sorted(sources_along(step, 0, frozenset((0,))))
    [0, 1]
    """
    border = step.layer.border if isinstance(step.layer, Conv) else Border.ZEROS
    length = step.input[1 + axis]
    lines: set[int] = set()
    for output in outputs:
        for place in taps_along(step, axis, output):
            for span in sources(range(place, place + 1), length, border):
                lines.update(span)
    return frozenset(lines)
