"""The sums 26 × 6 = 156 and 76 × 6 = 456: one layer whose filters see one channel, or all of them."""

from dataclasses import dataclass

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import Conv
from convstudio.insight.parameters.what_if import groups_answer


@dataclass(frozen=True)
class FilterSum:
    """How the parameters of a layer add up: weights and a bias for each filter, times the filters."""

    groups: int
    kernel: Pair
    channels: int  # that one filter sees
    filters: int
    parameters: int
    is_present: bool  # whether the layer is this one now

    @property
    def of_a_filter(self) -> int:
        """Weights and the bias of one filter."""
        return self.kernel.vertical * self.kernel.horizontal * self.channels + 1


def sums(result: Result) -> tuple[FilterSum, ...]:
    """The sum of the selected layer in as many groups as there can be, and in one; none where there is no choice.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> recipe = recipe_from("conv filters 6 size 5 channels 3 groups 3 padding valid")
    >>> [(part.of_a_filter, part.filters, part.parameters, part.is_present)
    ...  for part in sums(evaluate(recipe, Frame(np.zeros((32, 32, 3)), white=1)))]
    [(26, 6, 156, True), (76, 6, 456, False)]
    """
    index = result.document.selected
    if not 0 <= index < len(result.plan.steps):
        return ()
    step = result.plan.steps[index]
    layer, answer = step.layer, groups_answer(step)
    if answer is None or not isinstance(layer, Conv):
        return ()
    return tuple(
        FilterSum(
            groups, answer.kernel, answer.channels // groups, answer.filters, count.parameters, groups == layer.groups
        )
        for groups, count in ((answer.groups, answer.apart), (1, answer.together))
    )
