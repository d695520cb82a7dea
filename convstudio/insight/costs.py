"""The three ways to connect a layer, as a table or as plain data, for whoever asks without a picture."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convstudio.core.counts import Comparison, Count, compare
from convstudio.core.document import Document
from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Shape
from convstudio.core.geometry import check_groups
from convstudio.core.layers import Amounts, Conv, Padding, PaddingChoice, Pair, Weights
from convstudio.core.plan import Refusal, Step, plan

MOST_WEIGHTS = 2**26  # weights that are made to count them: half a gigabyte


@dataclass(frozen=True)
class Costs:
    """A comparison with the planned layer it belongs to."""

    step: Step
    comparison: Comparison

    @property
    def output(self) -> Shape:
        return self.step.output

    def as_json(self) -> dict[str, Any]:
        """Plain data: dense, local and conv with weights, biases and connections; the factors; the output (W, H, C).

        Examples
        --------
        >>> costs((3, 32, 32), filters=6, kernel=(5, 5)).as_json()["conv"]
        {'weights': 450, 'biases': 6, 'connections': 352800}
        """
        parts = {name: _plain(getattr(self.comparison, name)) for name in ("dense", "local", "conv")}
        factors = {
            "sparsity": float(self.comparison.sparsity),
            "sharing": float(self.comparison.sharing),
        }
        return {**parts, **factors, "output": [self.output.width, self.output.height, self.output.channels]}

    def as_table(self) -> str:
        """A table for a terminal, with the factors said in sentences."""
        rows = [("", "weights", "biases", "connections")]
        names = (("dense", "dense"), ("local", "locally connected"), ("conv", "convolution"))
        for name, words in names:
            count: Count = getattr(self.comparison, name)
            rows.append((words, f"{count.weights:,}", f"{count.biases:,}", f"{count.connections:,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = [
            "  ".join(
                cell.ljust(width) if column == 0 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        return "\n".join(
            (
                f"output {self.output}",
                *lines,
                f"Sparsity saves {float(self.comparison.sparsity):,.10g}×: one output sees a window, not everything.",
                f"Sharing saves {float(self.comparison.sharing):,.10g}×: the same weights serve every place.",
            )
        )


def costs(
    shape: tuple[int, int, int],
    *,
    filters: int = 1,
    kernel: tuple[int, int] = (3, 3),
    stride: tuple[int, int] = (1, 1),
    padding: str = "0",
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
    plane: ArrayLike | None = None,
) -> Costs:
    """Count a convolution of an input of the shape (channels, height, width).

    Parameters
    ----------
    padding
        "valid", "same", "full", a number of pixels, or two as "1x2" (vertical, horizontal).
    plane
        The weights of every filter on every channel, of the size `kernel`; zeros without. They change no count, but
        the way in which the layer is computed.

    Raises
    ------
    ConvStudioError
        If the numbers do not fit each other.

    Examples
    --------
    >>> found = costs((3, 32, 32), filters=6, kernel=(5, 5))
    >>> found.comparison.dense.weights, str(found.output)
    (14450688, '28×28×6')
    """
    channels, height, width = shape
    if min(shape) < 1:
        raise ConvStudioError(f"The input {width}×{height}×{channels} is empty; every number must be 1 or more.")
    if filters < 1 or min(kernel) < 1:
        raise ConvStudioError(
            f"{filters} filters of {kernel[0]}×{kernel[1]} cannot be counted; every number must be 1 or more."
        )
    check_groups(groups, channels, filters)
    shape_of_weights = (filters, channels // groups, *kernel)
    size = prod(shape_of_weights)
    if size > MOST_WEIGHTS:
        raise ConvStudioError(
            f"The filters have {size:,} weights, more than {MOST_WEIGHTS:,}; use fewer or smaller ones."
        )
    layer = Conv(
        weight=Weights(np.broadcast_to(np.zeros(kernel) if plane is None else plane, shape_of_weights)),
        bias=(0.0,) * filters,
        stride=Pair(*stride),
        dilation=Pair(*dilation),
        groups=groups,
        padding=_padding(padding),
    )
    try:
        step = plan(Document((layer,)), Shape(*shape)).steps[0]
    except Refusal as refusal:
        raise ConvStudioError(str(refusal.__cause__ or refusal)) from None
    found = compare(step)
    assert found is not None
    return Costs(step, found)


def _padding(text: str) -> PaddingChoice:
    if text in tuple(Padding):
        return Padding(text)
    try:
        numbers = [int(part) for part in text.lower().replace("×", "x").split("x")]
        vertical, horizontal = numbers[0], numbers[-1]
        if len(numbers) > 2:
            raise ValueError
    except ValueError:
        raise ConvStudioError(f"The padding {text!r} is not known; use a number, 1x2, valid, same or full.") from None
    return Amounts(vertical, vertical, horizontal, horizontal)


def _plain(count: Count) -> dict[str, int]:
    return {"weights": count.weights, "biases": count.biases, "connections": count.connections}
