"""The weight matrix: a layer unrolled for a window of its picture, and what is tied to what in it.

`submatrix` chooses the window, `entries` has the ties, and `layer_outputs` what the layer itself computes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result
from convstudio.core.evaluation.values import values_at
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense, Pool, PoolKind
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import NOISE
from convstudio.insight.matrix.entries import BLANK, MatrixEntries, entries_of
from convstudio.insight.matrix.layer_outputs import layer_outputs
from convstudio.insight.matrix.submatrix import GLANCE, Limits, Submatrix, submatrix_around
from convstudio.insight.trace.taps import Indices, Numbers, Unit, filter_of

ROUNDING = 1e-5  # of the sum of the products' magnitudes: what 32-bit arithmetic may lose


class Mode(StrEnum):
    """The layer as it is, without weight sharing, or without sparsity too."""

    TIED = "tied"  # the convolution
    CUT = "cut"  # locally connected: every place its own weight
    FILLED = "filled"  # dense: no blanks either


class Reason(StrEnum):
    """Why a layer is shown without a matrix."""

    NO_LAYER = "no layer"
    SWITCHED_OFF = "switched off"
    LARGEST = "largest"
    CURVE = "curve"
    TOO_WIDE = "too wide"


@dataclass(frozen=True, eq=False)
class MatrixQuestion:
    """Unroll layer `index` of a result around one of its outputs; None is the middle of `channel`."""

    result: Result
    index: int
    channel: int = 0
    near: Unit | None = None
    limits: Limits = GLANCE


@dataclass(frozen=True)
class NoMatrix:
    """A layer that has none, or none that could be seen; `step` is None without a layer."""

    reason: Reason
    step: Step | None = None


@dataclass(frozen=True, eq=False)
class WeightMatrix:
    """A layer as one matrix: its R outputs of a submatrix from its C inputs.

    Parameters
    ----------
    step, submatrix, entries
        The layer as executed, what is shown of it, and what stands where.
    inputs
        (C,) float64.
    bias
        (R,) float64; zeros where the window is not complete.
    product
        Matrix times inputs, plus bias: (R,) float64.
    layer
        The same outputs as the layer itself makes them, (R,) float64.
    difference
        The largest |product − layer|.
    is_rounding
        Whether the difference is no more than 32-bit arithmetic loses.
    """

    step: Step
    submatrix: Submatrix
    entries: MatrixEntries
    inputs: Numbers
    bias: Numbers
    product: Numbers
    layer: Numbers
    difference: float
    is_rounding: bool

    @cached_property
    def _own(self) -> Indices:
        """Identities once the ties are cut: the places numbered row by row."""
        connected = self.entries.identities != BLANK
        return np.where(connected, np.cumsum(connected).reshape(connected.shape) - 1, BLANK)

    def identities_in(self, mode: Mode) -> Indices:
        """(R, C): equal numbers are tied, `BLANK` is no connection."""
        match mode:
            case Mode.TIED:
                return self.entries.identities
            case Mode.CUT:
                return self._own
            case Mode.FILLED:
                return np.arange(self.entries.identities.size).reshape(self.entries.identities.shape)

    def places_in(self, mode: Mode) -> int:
        """How many places have a connection."""
        return self.entries.identities.size if mode is Mode.FILLED else self.entries.places

    def weights_in(self, mode: Mode) -> int:
        """How many distinct weights stand at the places."""
        return len(self.entries.used) if mode is Mode.TIED else self.places_in(mode)

    @property
    def is_whole(self) -> bool:
        """Whether all of the layer is shown, so that its numbers are the layer's own."""
        whole = (self.step.output.size, self.step.input.size)
        return self.submatrix.is_whole_picture and (self.submatrix.outputs, self.submatrix.inputs) == whole

    @property
    def weights_to_share(self) -> int:
        """How many weights the convolution has for what is shown; those that meet only padding count where all is."""
        return self.step.weights if self.is_whole else len(self.entries.used)

    def parts_at(self, row: int, column: int) -> tuple[int, ...]:
        """Flat numbers of the weights that are added at a place; none at a blank."""
        return self.entries.parts.get(int(self.entries.identities[row, column]), ())

    def twins_in(self, mode: Mode, weights: Iterable[int]) -> NDArray[np.bool_]:
        """(R, C): every place that a change of these weights changes.

        In mode `TIED` weights are flat numbers of the kernel; in the others they are the places' own numbers.
        """
        changed = frozenset(weights)
        if mode is not Mode.TIED:
            return np.isin(self.identities_in(mode), list(changed))
        identities = [identity for identity, parts in self.entries.parts.items() if changed.intersection(parts)]
        return np.isin(self.entries.identities, identities)

    def inputs_of(self, row: int, mode: Mode) -> NDArray[np.bool_]:
        """(C,): the inputs that an output depends on."""
        return np.asarray(self.identities_in(mode)[row] != BLANK)

    def outputs_of(self, column: int, mode: Mode) -> NDArray[np.bool_]:
        """(R,): the outputs on which an input has an effect."""
        return np.asarray(self.identities_in(mode)[:, column] != BLANK)


def unroll(
    result: Result, index: int, *, channel: int = 0, near: Unit | None = None, limits: Limits = GLANCE
) -> WeightMatrix | NoMatrix:
    """Unroll a layer of a result into one matrix, for outputs and inputs that fit the screen.

    Parameters
    ----------
    index
        The layer.
    channel
        The output channel whose middle the window is around, unless `near` says which output.
    limits
        How large the matrix may be.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.first_recipes import articles_recipe
    >>> frame = Frame(np.tile(np.array([10.0, 10, 10, 0, 0, 0])[:, None], (6, 1, 1)), white=10)
    >>> matrix = unroll(evaluate(articles_recipe(), frame), 0)
    >>> matrix.product.reshape(4, 4)[0].tolist(), matrix.difference
    ([0.0, 30.0, 30.0, 0.0], 0.0)
    >>> [matrix.weights_in(mode) for mode in Mode]
    [9, 144, 576]
    """
    if not 0 <= index < len(result.plan.steps):
        return NoMatrix(Reason.NO_LAYER)
    step = result.plan.steps[index]
    reason = _refusal(step)
    if reason is not None:
        return NoMatrix(reason, step)
    submatrix = submatrix_around(step, _around(step, near, channel), limits)
    if submatrix is None:
        return NoMatrix(Reason.TOO_WIDE, step)
    entries = entries_of(step, submatrix)
    read = (np.array(places) for places in (submatrix.input_channels, submatrix.input_rows, submatrix.input_columns))
    inputs = values_at(result, index - 1, *read).ravel().astype(np.float64)
    bias = _bias(step, submatrix)
    with np.errstate(all="ignore"):
        # a blank is no connection at all: not even an infinite input passes through it
        products = np.where(entries.identities == BLANK, 0.0, entries.values * inputs)
        product = products.sum(axis=1) + bias
        sizes = np.abs(products).sum(axis=1) + np.abs(bias)
        product[np.isfinite(sizes) & (np.abs(product) <= NOISE * sizes)] = 0  # what cancels does so but for rounding
        layer = layer_outputs(result, index, submatrix, entries.values)
        difference = _largest(product, layer)
        size = float(sizes.max())
    return WeightMatrix(
        step, submatrix, entries, inputs, bias, product, layer, difference, is_rounding=difference <= ROUNDING * size
    )


def answer(question: MatrixQuestion, _: Progress = silent) -> WeightMatrix | NoMatrix:
    """Unroll the layer of a question. A submatrix is small: it takes milliseconds, and reports no progress.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.first_recipes import articles_recipe
    >>> result = evaluate(articles_recipe(), Frame(np.zeros((6, 6, 1)), white=10))
    >>> answer(MatrixQuestion(result, 0)).product.shape, answer(MatrixQuestion(result, 5)).reason.value
    ((16,), 'no layer')
    """
    return unroll(question.result, question.index, channel=question.channel, near=question.near, limits=question.limits)


def _refusal(step: Step) -> Reason | None:
    if not step.layer.enabled:
        return Reason.SWITCHED_OFF
    match step.layer:
        case Conv() | ConvTranspose() | Dense() | Pool(kind=PoolKind.AVERAGE):
            return None
        case Pool():
            return Reason.LARGEST
        case _:
            return Reason.CURVE


def _around(step: Step, near: Unit | None, channel: int) -> Unit:
    channels, height, width = step.output
    if near is None or not all(0 <= place < length for place, length in zip(near, step.output, strict=True)):
        return Unit(min(max(channel, 0), channels - 1), height // 2, width // 2)
    return near


def _bias(step: Step, submatrix: Submatrix) -> Numbers:
    """What is added to each output; nothing to the share of a window that is not complete."""
    if isinstance(step.layer, Dense):
        return np.array([step.layer.bias_of(unit) for unit in submatrix.output_channels])
    if not isinstance(step.layer, Conv | ConvTranspose) or not submatrix.is_complete:
        return np.zeros(submatrix.outputs)
    biases = np.array(step.layer.bias)[[filter_of(step, channel) for channel in submatrix.output_channels]]
    return np.repeat(biases, len(submatrix.output_rows) * len(submatrix.output_columns))


def _largest(product: Numbers, layer: Numbers) -> float:
    """The largest difference; numbers that are alike, even infinite ones or none at all, differ by 0."""
    is_alike = (product == layer) | (np.isnan(product) & np.isnan(layer))
    return float(np.where(is_alike, 0.0, np.abs(product - layer)).max())
