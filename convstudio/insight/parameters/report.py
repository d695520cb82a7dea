"""What layers cost, as a table for a terminal or as plain data. No picture is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Amounts, Padding, PaddingChoice, check_same
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import check_groups
from convstudio.core.recipe.counts import Comparison, Count, compare_stack, count_of
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.core.recipe.plan import Plan, Refusal, plan
from convstudio.core.wording import factor

MOST_WEIGHTS = 2**26  # weights that counting allocates: half a gigabyte
HEAD = ("weights", "biases", "parameters", "connections", "multiply-adds")
WAYS = {"dense": "dense", "local": "locally connected", "conv": "convolution"}


@dataclass(frozen=True)
class Costs:
    """A plan with its comparison; that is None where nothing convolves."""

    plan: Plan
    comparison: Comparison | None

    @property
    def output(self) -> Shape:
        return self.plan.output

    @property
    def total(self) -> Count:
        """What all layers cost together."""
        return sum(map(count_of, self.plan.steps), start=Count(0, 0, 0, 0))

    def as_json(self) -> dict[str, Any]:
        """Plain data: what each layer costs, and all together.

        Shapes are [width, height, channels]. `connections` join an output to a real input, `multiply_adds` are weights
        of whole windows. `dense`, `local` and `conv` are null where nothing convolves, and the factors where there is
        nothing to divide by.

        Examples
        --------
        >>> report = costs((3, 32, 32), filters=6, kernel=(5, 5)).as_json()
        >>> report["parameters"], report["sparsity"], report["conv"]["connections"]
        (456, 40.96, 352800)
        """
        plan, comparison = self.plan, self.comparison
        return {
            "input": _sides(plan.source),
            "output": _sides(plan.output),
            "parameters": plan.parameters,
            **_plain(self.total),
            **{name: None if comparison is None else _plain(getattr(comparison, name)) for name in WAYS},
            "sparsity": None if comparison is None or comparison.sparsity is None else float(comparison.sparsity),
            "sharing": None if comparison is None else float(comparison.sharing),
            "layers": [
                {
                    "layer": step.index + 1,
                    "title": step.title,
                    "output": _sides(step.output),
                    "parameters": step.parameters,
                    **_plain(count_of(step)),
                }
                for step in plan.steps
            ],
        }

    def as_table(self) -> str:
        """Tables for a terminal, the layers first where there are several, with the factors said in sentences."""
        plan, comparison = self.plan, self.comparison
        lines = [f"output {plan.output}"]
        if len(plan.steps) != 1:
            rows = [(f"{step.index + 1} {step.title}", count_of(step), str(step.output)) for step in plan.steps]
            lines += [*_table([*rows, ("together", self.total, "")]), ""]
        if comparison is None:
            return "\n".join((*lines, "No layer convolves, so there is no dense or locally connected one to compare."))
        lines += _table([(words, getattr(comparison, name), "") for name, words in WAYS.items()])
        if comparison.sparsity is None:
            return "\n".join((*lines, "No window meets the input: every output is its bias."))
        dense, local, conv = (f"{count.weights:,}" for count in (comparison.dense, comparison.local, comparison.conv))
        lines.append(f"Sparsity saves {factor(comparison.sparsity)}×: {local} connections instead of {dense}.")
        if comparison.sharing < 1:
            lines.append(f"Nothing is shared: the convolution's {conv} weights are more than these {local}.")
        else:
            lines.append(f"Sharing saves {factor(comparison.sharing)}×: {conv} weights do the work of {local}.")
        return "\n".join(lines)


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
        "valid", "same" (with stride 1), "full", a number of pixels, or two as "1x2" (vertical, horizontal).
    plane
        The weights of every filter on every channel, of the size `kernel`; zeros without. They change no count, but
        the way in which the layer is computed.

    Raises
    ------
    ConvStudioError
        If the numbers do not fit each other.

    Examples
    --------
    >>> report = costs((3, 32, 32), filters=6, kernel=(5, 5))
    >>> report.comparison.dense.weights, str(report.output)
    (14450688, '28×28×6')
    """
    channels = _checked(shape)[0]
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
    if padding == Padding.SAME:
        check_same(Pair(*stride), Pair(*kernel), Pair(*dilation))
    layer = Conv(
        weight=Weights(np.broadcast_to(np.zeros(kernel) if plane is None else plane, shape_of_weights)),
        bias=(0.0,) * filters,
        stride=Pair(*stride),
        dilation=Pair(*dilation),
        groups=groups,
        padding=_padding(padding),
    )
    try:
        return costs_of(Document((layer,)), shape)
    except Refusal as refusal:
        raise ConvStudioError(str(refusal.__cause__ or refusal)) from None


def costs_of(recipe: Document, shape: tuple[int, int, int]) -> Costs:
    """Count all layers of a recipe for an input of the shape (channels, height, width).

    Raises
    ------
    ConvStudioError
        If a layer cannot work on what arrives.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> lenet = "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2"
    >>> costs_of(recipe_from(f"{lenet} | dense 120 | dense 84 | dense 10"), (3, 32, 32)).plan.parameters
    62006
    """
    recipe_plan = plan(recipe, _checked(shape))
    return Costs(recipe_plan, compare_stack(recipe_plan))


def _checked(shape: tuple[int, int, int]) -> Shape:
    if min(shape) < 1:
        raise ConvStudioError(f"The input {Shape(*shape)} is empty; every number must be 1 or more.")
    return Shape(*shape)


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
    return {
        "weights": count.weights,
        "biases": count.biases,
        "connections": count.connections,
        "multiply_adds": count.multiply_adds,
    }


def _sides(shape: Shape) -> list[int]:
    return [shape.width, shape.height, shape.channels]


def _table(rows: Sequence[tuple[str, Count, str]]) -> list[str]:
    """Names, their counts and a word behind each, in columns."""
    cells: list[tuple[str, ...]] = [("", *HEAD, "output" if any(word for *_, word in rows) else "")]
    for name, count, word in rows:
        numbers = (count.weights, count.biases, count.parameters, count.connections, count.multiply_adds)
        cells.append((name, *(f"{value:,}" for value in numbers), word))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
