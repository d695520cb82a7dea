"""Three linear models: fit them to examples by least squares, apply them, and measure their errors.

An example is a patch of n×n inputs and its s×s target outputs. n = s + k − 1, so every output has its k×k window.
Where examples come from is in `sampling`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from convstudio.core.progress import Progress, silent
from convstudio.core.threads import serial_blas

AT_ONCE = 8  # systems solved between two signs of progress
Patches = NDArray[np.float64]
Plane = NDArray[np.float64]
NEGLIGIBLE = 1e-10  # singular values this small beside the largest are rounding: nothing is learned from them


class ModelKind(StrEnum):
    """The three models, from the one that shares all weights to the one that shares none."""

    CONVOLUTION = "convolution"
    LOCAL = "locally connected"
    DENSE = "dense"


@dataclass(frozen=True)
class Unknowns:
    """How many numbers a model has to learn."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        return self.weights + self.biases


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model after fitting.

    Parameters
    ----------
    kind, size
        Which model, and k of its k×k windows.
    weights
        (1, k·k) for the convolution, (s·s, k·k) for the locally connected model, (s·s, n·n) for the dense one.
    biases
        (1,) for the convolution, else (s·s,); zeros where none were fitted.
    rank
        How many unknowns of one output the examples determine, at the output where they determine the fewest. Of the
        rest, the fit takes the smallest weights.
    has_bias
        Whether biases were fitted.
    """

    kind: ModelKind
    size: int
    weights: NDArray[np.float64]
    biases: NDArray[np.float64]
    rank: int
    has_bias: bool = False


def unknowns(kind: ModelKind, size: int, side: int, *, has_bias: bool = False) -> Unknowns:
    """What a model from patches to `side`×`side` outputs with windows of `size`×`size` has to learn.

    Examples
    --------
    >>> [unknowns(kind, 3, 8).weights for kind in ModelKind]
    [9, 576, 6400]
    """
    outputs, inputs = side * side, (side + size - 1) ** 2
    match kind:
        case ModelKind.CONVOLUTION:
            return Unknowns(size * size, int(has_bias))
        case ModelKind.LOCAL:
            return Unknowns(outputs * size * size, outputs * has_bias)
        case ModelKind.DENSE:
            return Unknowns(outputs * inputs, outputs * has_bias)


def fit(
    kind: ModelKind, inputs: Patches, outputs: Patches, *, has_bias: bool = False, progress: Progress = silent
) -> FittedModel:
    """Fit a model by least squares; of all that fit equally well, take the one with the smallest weights.

    Parameters
    ----------
    kind
        Which model.
    inputs, outputs
        (examples, n, n) and (examples, s, s), s ≤ n; neither empty.

    Examples
    --------
    >>> inputs = np.random.default_rng(0).normal(size=(1, 6, 6))
    >>> np.abs(fit(ModelKind.CONVOLUTION, inputs, inputs[:, 1:-1, 1:-1]).weights).round(9).tolist()
    [[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]]
    """
    count, side = outputs.shape[0], outputs.shape[1]
    size = inputs.shape[1] - side + 1
    # the bias is a weight on one more input, as strong as the others: so its size counts like theirs
    scale = float(np.sqrt(np.mean(inputs * inputs))) or 1.0
    designs = _design(kind, inputs, size)  # (outputs that share weights, rows, unknowns)
    if has_bias:
        designs = np.concatenate([designs, np.full((*designs.shape[:2], 1), scale)], axis=2)
    targets = outputs.reshape(count, side * side)
    match kind:
        case ModelKind.CONVOLUTION:
            learned, rank = _solve(designs, targets.reshape(1, -1, 1), progress)
        case ModelKind.LOCAL:
            learned, rank = _solve(designs, targets.T[:, :, None], progress)
        case ModelKind.DENSE:
            learned, rank = _solve(designs, targets[None], progress)
    learned = learned.swapaxes(1, 2).reshape(-1, designs.shape[2])
    if not has_bias:
        return FittedModel(kind, size, learned, np.zeros(len(learned)), rank)
    return FittedModel(kind, size, learned[:, :-1], learned[:, -1] * scale, rank, has_bias=True)


def predict(fitted: FittedModel, inputs: Patches) -> Patches:
    """Apply a model to patches (examples, n, n); the outputs are (examples, s, s).

    Examples
    --------
    >>> mean = FittedModel(ModelKind.CONVOLUTION, 2, np.full((1, 4), 0.25), np.zeros(1), rank=4)
    >>> predict(mean, np.arange(9.0).reshape(1, 3, 3)).tolist()
    [[[2.0, 3.0], [5.0, 6.0]]]
    """
    count, side = inputs.shape[0], inputs.shape[1] - fitted.size + 1
    if fitted.kind is ModelKind.DENSE:
        outputs = inputs.reshape(count, -1) @ fitted.weights.T
    else:
        outputs = np.einsum("cpu,pu->cp", _windows(inputs, fitted.size), _per_output(fitted.weights, side * side))
    return (outputs + fitted.biases).reshape(count, side, side)


def relative_error(targets: Patches, outputs: Patches) -> float | None:
    """The root mean square of outputs − targets over that of the targets; None where all targets are 0.

    Examples
    --------
    >>> relative_error(np.array([[[3.0, 4.0]]]), np.array([[[3.0, 3.0]]]))
    0.2
    """
    most = float(np.sqrt(np.sum(targets * targets)))
    return float(np.sqrt(np.sum((outputs - targets) ** 2))) / most if most > 0 else None


def _solve(designs: Patches, targets: Patches, progress: Progress) -> tuple[Patches, int]:
    """The smallest least-squares solutions of each of a stack of systems, and the lowest of their ranks."""
    solutions, ranks = [], []
    with serial_blas():
        for first in range(0, len(designs), AT_ONCE):
            progress(first / len(designs))
            weights, rank = _solve_stack(designs[first : first + AT_ONCE], targets[first : first + AT_ONCE])
            solutions.append(weights)
            ranks.append(rank)
    return np.concatenate(solutions), min(ranks)


def _solve_stack(designs: Patches, targets: Patches) -> tuple[Patches, int]:
    rows, columns = designs.shape[1:]
    if rows >= 2 * columns:
        # QR first: a tall system keeps its solutions and becomes a small triangular one
        corner: Patches = np.asarray(np.linalg.qr(np.concatenate([designs, targets], axis=2), mode="r"))
        designs, targets = corner[:, :columns, :columns], corner[:, :columns, columns:]
    left, values, right = np.linalg.svd(designs, full_matrices=False)
    is_significant = values > NEGLIGIBLE * values.max(axis=1, keepdims=True)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=is_significant)
    solutions = right.swapaxes(1, 2) @ (inverse[:, :, None] * (left.swapaxes(1, 2) @ targets))
    return solutions, int(is_significant.sum(axis=1).min())


def _windows(inputs: Patches, size: int) -> Patches:
    """(examples, outputs, k·k): the window of every output."""
    windows = sliding_window_view(inputs, (size, size), axis=(1, 2))
    return windows.reshape(inputs.shape[0], -1, size * size)


def _design(kind: ModelKind, inputs: Patches, size: int) -> Patches:
    """The design matrices, one for each group of outputs that share weights: (groups, rows, unknowns)."""
    match kind:
        case ModelKind.CONVOLUTION:
            return _windows(inputs, size).reshape(1, -1, size * size)
        case ModelKind.LOCAL:
            return np.ascontiguousarray(_windows(inputs, size).swapaxes(0, 1))
        case ModelKind.DENSE:
            return inputs.reshape(1, inputs.shape[0], -1)


def _per_output(weights: NDArray[np.float64], outputs: int) -> NDArray[np.float64]:
    return np.broadcast_to(weights, (outputs, weights.shape[1]))


@dataclass(frozen=True, eq=False)
class ModelReport:
    """How well one model has learned.

    Parameters
    ----------
    unknowns
        How many numbers it has to learn.
    of_known, of_shifted
        Its outputs for the first example, and for that example moved; (s, s).
    examples_error, known_error, shifted_error, tests_error
        Relative errors on all its examples, on those two, and on patches it never saw; None where all targets are 0
        or there is no such patch.
    """

    kind: ModelKind
    unknowns: Unknowns
    of_known: Plane
    of_shifted: Plane | None
    examples_error: float | None
    known_error: float | None
    shifted_error: float | None
    tests_error: float | None


@dataclass(frozen=True, eq=False)
class Example:
    """An input patch (n, n), and the outputs (s, s) that a model should make of it."""

    input: Plane
    target: Plane


def report_on(
    fitted: FittedModel, examples: tuple[Patches, Patches], moved: Example | None, tests: tuple[Patches, Patches]
) -> ModelReport:
    """How a fitted model does on its examples, on the first of them moved, and on tests.

    Parameters
    ----------
    fitted
        The model.
    examples, tests
        Inputs (count, n, n) and target outputs (count, s, s); there may be no tests.
    moved
        The first example moved, if it can be.

    Examples
    --------
    >>> twice = FittedModel(ModelKind.CONVOLUTION, 1, np.array([[2.0]]), np.zeros(1), rank=1)
    >>> ones = np.ones((1, 1, 1))
    >>> report = report_on(twice, (ones, 2 * ones), None, (ones, 4 * ones))
    >>> report.known_error, report.shifted_error, report.tests_error
    (0.0, None, 0.5)
    """
    inputs, outputs = examples
    predictions = predict(fitted, inputs)
    of_shifted = None if moved is None else predict(fitted, moved.input[None])
    side = outputs.shape[1]
    return ModelReport(
        kind=fitted.kind,
        unknowns=unknowns(fitted.kind, fitted.size, side, has_bias=fitted.has_bias),
        of_known=predictions[0],
        of_shifted=None if of_shifted is None else of_shifted[0],
        examples_error=relative_error(outputs, predictions),
        known_error=relative_error(outputs[:1], predictions[:1]),
        shifted_error=None if moved is None or of_shifted is None else relative_error(moved.target[None], of_shifted),
        tests_error=error_on(fitted, tests),
    )


def error_on(fitted: FittedModel, patches: tuple[Patches, Patches]) -> float | None:
    """The relative error of a model on inputs and their target outputs; None without any.

    Examples
    --------
    >>> twice = FittedModel(ModelKind.CONVOLUTION, 1, np.array([[2.0]]), np.zeros(1), rank=1)
    >>> error_on(twice, (np.zeros((0, 1, 1)), np.zeros((0, 1, 1)))) is None
    True
    """
    inputs, outputs = patches
    return relative_error(outputs, predict(fitted, inputs)) if len(inputs) else None
