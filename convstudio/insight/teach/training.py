"""Teach the kernel: train three models on examples, and test which of them works on patches it never saw.

`targets` has what they learn, `sampling` the choice of examples, and `models` the least squares.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.regions import Region
from convstudio.core.kernels.planes import resized
from convstudio.core.kernels.size import anchor
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.naming import name_of
from convstudio.insight.teach.models import (
    Example,
    FittedModel,
    ModelKind,
    ModelReport,
    Patches,
    Plane,
    error_on,
    fit,
    report_on,
)
from convstudio.insight.teach.sampling import SIDE, Samples, choose_samples, patches_of, side_of
from convstudio.insight.teach.targets import (
    FromLayer,
    Painted,
    Target,
    TrainingPair,
    middle,
    training_pair,
)

COUNTS = (1, 2, 5, 20)
NOTHING_LEFT = 1e-5  # a relative error below this is rounding: layers are computed in float32


@dataclass(frozen=True, eq=False)
class TrainingQuestion:
    """What is to be learned, and from what.

    Parameters
    ----------
    planes
        The picture, or the input of the target layer, (C, H, W).
    target
        Where the target output comes from.
    size
        k of the k×k windows.
    examples
        How many examples the reported models are trained on.
    shift
        By how many pixels the first example is moved to the right afterwards.
    has_bias
        Whether a bias is learned, too.
    """

    planes: NDArray[np.float32]
    target: Target
    size: int = 3
    examples: int = 1
    shift: int = 2
    has_bias: bool = False


@dataclass(frozen=True, eq=False)
class Training:
    """The result of training.

    Parameters
    ----------
    pair, samples
        The picture before and after, and where its examples and tests lie.
    part
        The part of the picture that is used.
    examples, shift
        As in the question, or as many as this picture has room for; with a shift of 0 nothing can be moved.
    known, shifted
        The first example, and the same moved.
    reports
        How well the three models do after so many examples.
    counts, curves
        Numbers of examples, and for each model its test error after each of them.
    kernel, bias, rank
        Of the convolution; the rank says how many of its unknowns the examples determine.
    difference
        The largest difference from the true kernel; None where that is not known, or does not fit.
    """

    question: TrainingQuestion
    pair: TrainingPair
    samples: Samples
    part: Region
    examples: int
    shift: int
    known: Example
    shifted: Example | None
    reports: tuple[ModelReport, ...]
    counts: tuple[int, ...]
    curves: tuple[tuple[float | None, ...], ...]
    kernel: Plane
    bias: float
    rank: int
    difference: float | None

    @property
    def planes(self) -> int:
        """How many channels of the picture, or of the layer's input, were averaged."""
        target, planes = self.question.target, len(self.question.planes)
        return len(target.channels) if isinstance(target, FromLayer) and target.channels is not None else planes

    @property
    def convolution(self) -> ModelReport:
        return self.reports[0]


@dataclass(frozen=True, eq=False)
class NoTraining:
    """Why nothing can be learned, in one sentence."""

    question: TrainingQuestion
    sentence: str


def answer(question: TrainingQuestion, progress: Progress = silent) -> Training | NoTraining:
    """Train the three models, or say why nothing can be learned.

    Examples
    --------
    >>> from convstudio.insight.teach.targets import FromPreset
    >>> picture = np.random.default_rng(1).integers(0, 256, (1, 64, 64)).astype(np.float32)
    >>> training = answer(TrainingQuestion(picture, FromPreset("sobel-x")))
    >>> without_rounding(training.kernel).tolist()[1], training.convolution.unknowns.weights
    ([-2.0, 0.0, 2.0], 9)
    """
    try:
        return train(question, progress)
    except ConvStudioError as refusal:
        return NoTraining(question, str(refusal))


def train(question: TrainingQuestion, progress: Progress = silent) -> Training:
    """Fit the three models to 1, 2, 5, 20 examples, and to more than the dense one has unknowns for one output.

    Raises
    ------
    ConvStudioError
        If nothing can be learned from this picture and this target.

    Examples
    --------
    >>> from convstudio.insight.teach.targets import FromPreset
    >>> picture = np.random.default_rng(1).integers(0, 256, (1, 64, 64)).astype(np.float32)
    >>> train(TrainingQuestion(picture, FromPreset("box"), size=5)).counts[:4]
    (1, 2, 5, 20)
    """
    progress(0.0)
    pair = training_pair(question.planes, question.target)
    size = question.size
    room = room_for(pair, size)
    if side_of(room) == 0:
        height, width = pair.before.shape
        source = (
            f"What {name_of(question.target.layer)} reads" if isinstance(question.target, FromLayer) else "The picture"
        )
        raise ConvStudioError(
            f"{source} has {width}×{height} pixels, and no place where a window of {size}×{size} pixels and the "
            "wanted output are both known; choose a smaller kernel or a larger picture."
        )
    samples = choose_samples(
        pair.before, room, size, count=2 * (SIDE + size - 1) ** 2, marks=_marks(pair, question.target)
    )
    inputs, outputs = patches_at(pair, samples.examples, samples.side, size)
    tests = patches_at(pair, samples.tests, samples.side, size)
    there = len(inputs)
    counts = tuple(dict.fromkeys(min(count, there) for count in (*COUNTS, there)))
    examples = min(question.examples, there)
    models: dict[tuple[ModelKind, int], FittedModel] = {}
    for done, count in enumerate(counts):
        for place, kind in enumerate(ModelKind):

            def report(part: float, start: float = done + place / len(ModelKind)) -> None:
                progress((start + part / len(ModelKind)) / len(counts))

            models[kind, count] = fit(
                kind, inputs[:count], outputs[:count], has_bias=question.has_bias, progress=report
            )
    shift, moved = _shifted_example(pair, samples, room, question)
    known = Example(inputs[0], outputs[0])
    reports = tuple(
        report_on(models[kind, examples], (inputs[:examples], outputs[:examples]), moved, tests) for kind in ModelKind
    )
    best = models[ModelKind.CONVOLUTION, examples]
    kernel = best.weights.reshape(size, size)
    return Training(
        question=question,
        pair=pair,
        samples=samples,
        part=middle(*question.planes.shape[1:]),
        examples=examples,
        shift=shift,
        known=known,
        shifted=moved,
        reports=reports,
        counts=counts,
        curves=tuple(tuple(error_on(models[kind, count], tests) for count in counts) for kind in ModelKind),
        kernel=kernel,
        bias=_bias_without_rounding(float(best.biases[0]), outputs),
        rank=best.rank,
        difference=_difference(kernel, pair.kernel),
    )


def room_for(pair: TrainingPair, size: int) -> Region:
    """Where outputs are known whose whole k×k window lies in the picture.

    Examples
    --------
    >>> room_for(TrainingPair(np.zeros((6, 9)), np.zeros((6, 9)), Region(0, 6, 0, 9)), 3)
    Region(top=1, bottom=5, left=1, right=8)
    """
    height, width = pair.before.shape
    before, behind = anchor(size), size - 1 - anchor(size)
    return Region(
        max(pair.known.top, before),
        min(pair.known.bottom, height - behind),
        max(pair.known.left, before),
        min(pair.known.right, width - behind),
    )


def patches_at(pair: TrainingPair, places: NDArray[np.int64], side: int, size: int) -> tuple[Patches, Patches]:
    """The input and target patches at some places.

    Parameters
    ----------
    pair
        The picture before and after.
    places
        (count, 2): row and column of the first output of each patch.
    side, size
        s of the s×s outputs, and k of the k×k windows.

    Examples
    --------
    >>> from convstudio.core.geometry.regions import Region
    >>> pair = TrainingPair(np.eye(4), np.eye(4), Region(0, 4, 0, 4))
    >>> [patches.shape for patches in patches_at(pair, np.array([[1, 1]]), side=2, size=3)]
    [(1, 4, 4), (1, 2, 2)]
    """
    if len(places) == 0:
        return np.zeros((0, side + size - 1, side + size - 1)), np.zeros((0, side, side))
    return patches_of(pair.before, places, side, size), patches_of(pair.after, places, side)


def without_rounding(kernel: Plane) -> Plane:
    """A kernel without the noise of rounding: nine digits below its largest weight stay.

    Examples
    --------
    >>> without_rounding(np.array([[1.0000000000000002, -3e-16]])).tolist()
    [[1.0, 0.0]]
    """
    most = float(np.abs(kernel).max())
    if most == 0:
        return kernel
    return np.asarray(np.round(kernel, 9 - int(np.floor(np.log10(most)))) + 0.0)


def _marks(pair: TrainingPair, target: Target) -> Plane | None:
    """What somebody painted: examples of a painting must show it."""
    if not isinstance(target, Painted) or np.array_equal(pair.before, pair.after):
        return None
    return np.asarray(pair.after - pair.before)


def _bias_without_rounding(bias: float, outputs: Patches) -> float:
    """A bias without the noise of rounding, which is as large as that of the outputs it is part of."""
    return float(without_rounding(np.array([[bias, float(np.abs(outputs).max())]]))[0, 0])


def _shifted_example(
    pair: TrainingPair, samples: Samples, room: Region, question: TrainingQuestion
) -> tuple[int, Example | None]:
    """The first example with the picture under it moved to the right, as far as there is picture."""
    row, column = samples.examples[0].tolist()
    shift = min(question.shift, column - room.left)
    if shift <= 0:
        return 0, None
    inputs, outputs = patches_at(pair, np.array([[row, column - shift]]), samples.side, question.size)
    return shift, Example(inputs[0], outputs[0])


def _difference(kernel: Plane, truth: Plane | None) -> float | None:
    if truth is None or truth.shape[0] > kernel.shape[0] or truth.shape[1] > kernel.shape[1]:
        return None
    return float(np.abs(kernel - resized(truth, *kernel.shape)).max())
