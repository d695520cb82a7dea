"""Which method a planned convolution takes to its numbers, as a value and as a sentence. The methods live in `ops`."""

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.ops.methods import Estimate, Method, explain_method
from convstudio.core.recipe.layers import Channels, Conv
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number

WORDS = {
    Method.COMPILED: "Computed by a loop made for this processor",
    Method.DIRECT: "Computed directly",
    Method.SEPARABLE: "Computed as columns times rows",
    Method.FFT: "Computed by Fourier transform",
    Method.GEMM: "Computed as a matrix product",
}


def estimate_of(step: Step) -> Estimate | None:
    """The method that is taken for a step of a plan; None where the step is no convolution, or is switched off.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv gaussian:sigma=3,size=19"), Shape(1, 480, 640)).steps[0]
    >>> str(estimate_of(step).method)
    'separable'
    """
    layer = step.layer
    if not isinstance(layer, Conv) or not layer.enabled:
        return None
    weight, groups = layer.weight.array, layer.groups
    if layer.channels is Channels.EACH:
        groups = step.input.channels
        weight = np.tile(weight, (groups, 1, 1, 1))
    return explain_method(
        step.input,
        weight,
        stride=layer.stride,
        padding=((step.pads.top, step.pads.bottom), (step.pads.left, step.pads.right)),
        dilation=layer.dilation,
        groups=groups,
        border=layer.border,
    )


def explained(step: Step) -> str:
    """The method, why it is taken, and what it costs beside the definition's multiply-adds; "" where there is none.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv [1 2; 3 4] padding valid"), Shape(1, 100, 100)).steps[0]
    >>> explained(step).partition(". ")[0]
    'Computed directly'
    """
    try:
        estimate = estimate_of(step)
    except ConvStudioError:  # it is planned and counted, but too large to be executed, which `evaluate` says
        estimate = None
    if estimate is None:
        return ""
    defined = step.multiply_adds // (step.output.height * step.output.width)
    cost = number(estimate.cost, digits=3)
    return (
        f"{WORDS[estimate.method]}. {estimate.reason} By estimate this takes as long as {cost} "
        f"multiply-adds for all filters at one place, moving the numbers included; the definition has {defined:,}."
    )
