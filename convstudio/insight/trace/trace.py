"""Trace: why one output has its value.

What one input pixel or one kernel cell affects is in `influence`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from math import fsum
from typing import NamedTuple

import numpy as np

from convstudio.core.activations import ACTIVATIONS
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.values import values_at
from convstudio.core.geometry.regions import Region, unit
from convstudio.core.recipe.layers import (
    Activation,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import row_and_column, without_noise
from convstudio.insight.trace.taps import Numbers, Taps, Unit, filter_of, taps_of

MOST_EXACT = 4096  # products that are added up exactly; more would take too long
ROUNDING = 2.0**-52  # of their magnitudes: what rounding each of them may leave where they cancel


class Operation(StrEnum):
    """The kind of calculation."""

    SUM = "weighted sum"
    LARGEST = "largest"
    RANKED = "ranked"
    AVERAGE = "average"
    CURVE = "curve"
    SHARE = "share"
    LENGTH = "length"
    COPY = "copy"


@dataclass(frozen=True, eq=False)
class Trace:
    """One output, and everything that its value comes from.

    Parameters
    ----------
    step
        The layer, as it was executed.
    unit
        Which of its outputs.
    operation, taps
        The calculation, and its inputs.
    total
        The sum of the products (of the values for an average, of their powers for a share, of their squares for a
        length; the winner for a maximum or another rank), float64.
    bias
        What was added; 0 where there is none.
    divisor
        Of an average; 1 elsewhere.
    winner
        The place (channel, row, column) among the taps of the value that goes on by its rank, else None.
    result
        What comes out by this arithmetic, float64.
    output
        What the result holds, float32: the same up to rounding.
    regions
        The receptive field in the frame, in the output of layer 0, …, the unit itself; they may reach outside.
    """

    step: Step
    unit: Unit
    operation: Operation
    taps: Taps
    total: float
    bias: float
    divisor: int
    winner: tuple[int, int, int] | None
    result: float
    output: float
    regions: tuple[Region, ...]

    @property
    def index(self) -> int:
        """The layer."""
        return self.step.index

    @property
    def inputs(self) -> int:
        """How many inputs the layer has."""
        return self.step.input.size

    @property
    def took_part(self) -> int:
        """How many different inputs this output depends on, whatever their weights are."""
        return self.taps.distinct

    @property
    def left_out(self) -> int:
        """How many inputs have no effect on this output."""
        return self.inputs - self.took_part

    @property
    def filter_number(self) -> int:
        """Which filter of a convolution made it."""
        return filter_of(self.step, self.unit.channel)


class Term(NamedTuple):
    """One product of a trace."""

    channel: int
    row: int
    column: int
    weight: float
    value: float
    product: float


@np.errstate(all="ignore")  # values need not be finite
def trace(result: Result, index: int, channel: int, row: int, column: int) -> Trace:
    """Why output (channel, row, column) of layer `index` has its value.

    Raises
    ------
    ConvStudioError
        If there is no such output.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.geometry.padding import Padding
    >>> from convstudio.core.recipe.layers import Weights
    >>> grid = Frame(np.array([[[10.0], [10.0], [0.0]]] * 3), white=10)
    >>> layer = Conv(weight=Weights([[[[1, 0, -1]] * 3]]), bias=(0.0,), padding=Padding.VALID)
    >>> calculation = trace(evaluate(Document((layer,)), grid), 0, 0, 0, 0)
    >>> calculation.result, calculation.took_part, calculation.left_out
    (30.0, 9, 0)
    """
    if not 0 <= index < len(result.plan.steps):
        raise ConvStudioError(f"There is no layer {index + 1} to look into; the recipe has {len(result.plan.steps)}.")
    step = result.plan.steps[index]
    position = Unit(channel, row, column)
    if not all(0 <= place < length for place, length in zip(position, step.output, strict=True)):
        raise ConvStudioError(
            f"Layer {index + 1} has no output at {row_and_column(row, column, channel)}; its output is {step.output}."
        )
    taps = taps_of(step, partial(values_at, result, index - 1), position)
    number = channel if isinstance(step.layer, Softmax) else filter_of(step, channel)
    operation, total, bias, divisor, winner, value = _operation_of(step.layer, taps, number)
    return Trace(
        step=step,
        unit=position,
        operation=operation,
        taps=taps,
        total=total,
        bias=bias,
        divisor=divisor,
        winner=winner,
        result=value,
        output=float(values_at(result, index, *map(np.atleast_1d, position)).item()),
        regions=result.plan.trace_back(index, unit(row, column)),
    )


def strongest(calculation: Trace, count: int) -> tuple[Term, ...]:
    """The products of a trace that weigh most, largest magnitude first.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> result = evaluate(Document((Activation(),)), Frame(np.array([[[7.0]]]), white=7))
    >>> strongest(trace(result, 0, 0, 0, 0), 5)
    (Term(channel=0, row=0, column=0, weight=1.0, value=7.0, product=7.0),)
    """
    taps = calculation.taps
    magnitudes = np.abs(taps.products).ravel()
    size = min(count, magnitudes.size)
    if size < magnitudes.size:
        order = np.argpartition(magnitudes, magnitudes.size - size)[magnitudes.size - size :]
    else:
        order = np.arange(magnitudes.size)
    order = order[np.lexsort((order, -magnitudes[order]))]
    places = zip(*np.unravel_index(order, taps.products.shape), strict=True)
    return tuple(
        Term(
            int(taps.channels[c]),
            int(taps.rows.places[r]),
            int(taps.columns.places[s]),
            float(taps.weights[c, r, s]),
            float(taps.values[c, r, s]),
            float(taps.products[c, r, s]),
        )
        for c, r, s in places
    )


def _operation_of(  # noqa: C901, PLR0911  # a case for each kind of layer
    layer: Layer, taps: Taps, number: int
) -> tuple[Operation, float, float, int, tuple[int, int, int] | None, float]:
    value = float(taps.values.flat[0]) if taps.values.size else 0.0
    match layer:
        case Conv(enabled=True) | ConvTranspose(enabled=True):
            total, bias = _sum(taps.products), layer.bias[number]
            result = without_noise(total + bias, max(abs(total), abs(bias)), noise=ROUNDING)
            return Operation.SUM, total, bias, 1, None, result
        case Dense(enabled=True):
            total, bias = _sum(taps.products), layer.bias_of(number)
            return Operation.SUM, total, bias, 1, None, total + bias
        case ScaleShift(enabled=True) | Normalisation(enabled=True):
            total, bias = float(taps.products.flat[0]), layer.shift[number % len(layer.shift)]
            return Operation.SUM, total, bias, 1, None, total + bias
        case Resize(enabled=True):
            total = _sum(taps.products)
            return Operation.SUM, total, 0.0, 1, None, total
        case Softmax(enabled=True):
            powers = np.exp(taps.values.ravel() - taps.values.max())
            return Operation.SHARE, float(powers.sum()), 0.0, 1, None, float(powers[number] / powers.sum())
        case Magnitude(enabled=True):
            total = float((taps.values**2).sum())
            return Operation.LENGTH, total, 0.0, 1, None, total**0.5
        case Pool(enabled=True, kind=PoolKind.MIN | PoolKind.MEDIAN | PoolKind.PERCENTILE):
            return _ranked(taps, layer.rank or 0.0)
        case Pool(enabled=True, kind=PoolKind.MAX):
            contest = np.where(taps.is_padding, -np.inf, taps.values)
            channel, row, column = (int(at) for at in np.unravel_index(int(contest.argmax()), contest.shape))
            largest = float(contest.max())
            return Operation.LARGEST, largest, 0.0, 1, (channel, row, column), largest
        case Pool(enabled=True):
            counted = taps.values.size if layer.count_include_pad else int((~taps.is_padding).sum())
            total = float(taps.values.sum())
            return Operation.AVERAGE, total, 0.0, counted, None, total / counted if counted else float("nan")
        case Activation(enabled=True):
            return Operation.CURVE, value, 0.0, 1, None, _curve(layer, value, layer.number_of(number))
        case _:
            return Operation.COPY, value, 0.0, 1, None, value


def _sum(products: Numbers) -> float:
    """Added up without the error of adding; 0 where less is left than the products themselves are rounded by."""
    if products.size > MOST_EXACT or not np.isfinite(products).all():
        return float(products.sum())
    total = fsum(products.ravel().tolist())
    return 0.0 if abs(total) <= ROUNDING * float(np.abs(products).sum()) else total


def _ranked(taps: Taps, rank: float) -> tuple[Operation, float, float, int, tuple[int, int, int] | None, float]:
    """Of the values under a window that lie in the picture the one of a rank."""
    real = np.flatnonzero(~np.broadcast_to(taps.is_padding, taps.values.shape))
    if not len(real):
        return Operation.RANKED, -np.inf, 0.0, 1, None, -np.inf
    order = real[np.argsort(taps.values.ravel()[real], kind="stable")]
    place = order[int((len(order) - 1) * rank / 100)]
    channel, row, column = (int(at) for at in np.unravel_index(int(place), taps.values.shape))
    value = float(taps.values[channel, row, column])
    return Operation.RANKED, value, 0.0, 1, (channel, row, column), value


def _curve(layer: Activation, value: float, number: float) -> float:
    with np.errstate(all="ignore"):
        return float(ACTIVATIONS[layer.kind].definition(np.array(value), number))
