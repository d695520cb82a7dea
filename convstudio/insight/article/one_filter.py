"""One filter at several places: which inputs are below it there, and what it answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.recipe.layers import Conv

LARGEST = 10  # rows and columns of an input that can be drawn three times beside a text


@dataclass(frozen=True, eq=False)
class OneFilter:
    """A filter and all that it answers.

    Parameters
    ----------
    weights
        (height, width) of the kernel.
    inputs
        (rows, columns), in the picture's own units.
    outputs
        (rows, columns): what the filter answers with its upper left corner there.
    """

    weights: NDArray[np.float64]
    inputs: NDArray[np.float64]
    outputs: NDArray[np.float64]

    def nearest(self, row: int, column: int) -> tuple[int, int]:
        """The place, from 0, nearest to this one at which the whole filter lies on the picture."""
        rows, columns = self.outputs.shape
        return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

    def answer_at(self, row: int, column: int) -> float:
        """What the filter answers at a place, rows and columns from 0."""
        return float(self.outputs[row, column])


def one_filter(result: Result) -> OneFilter | None:
    """The selected filter, where it goes over one small channel in steps of 1 without padding; None elsewhere.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.first_recipes import articles_recipe
    >>> grid = np.tile([10.0, 10, 10, 0, 0, 0], (6, 1))[:, :, None]
    >>> drawn = one_filter(evaluate(articles_recipe(), Frame(grid, white=10)))
    >>> drawn.outputs[0].tolist(), drawn.answer_at(3, 2)
    ([0.0, 30.0, 30.0, 0.0], 30.0)
    """
    index = result.document.selected
    if not 0 <= index < len(result.plan.steps) or not result.is_whole:
        return None
    step = result.plan.steps[index]
    layer, source = step.layer, step.input
    if not isinstance(layer, Conv) or source.channels != 1 or max(source.height, source.width) > LARGEST:
        return None
    weights = layer.weight.array[0, 0]
    lost = weights.shape[0] - 1, weights.shape[1] - 1
    if (source.height - lost[0], source.width - lost[1]) != (step.output.height, step.output.width) or step.pads.top:
        return None
    inputs, outputs = result.planes_at(index - 1), result.planes_at(index)
    return OneFilter(np.array(weights), inputs[0].astype(np.float64), outputs[0].astype(np.float64))
