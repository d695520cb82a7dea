"""One picture and one kernel, filtered as other libraries do it, and how far each result is from ours.

The libraries' defaults are in `libraries`, and what follows from them in `emulation`. `io.libraries` runs the
libraries that are installed; here only their numbers are compared.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.insight.conventions.emulation import (
    FilterOutput,
    anchor_of,
    emulate,
    is_too_small,
    largest_difference,
    refusal_of,
)
from convstudio.insight.conventions.libraries import CONVENTIONS, Convention, Edge, Flip, Library, Rounding
from convstudio.insight.kernel.analysis import flips

Plane = NDArray[np.float64]
GreyPicture = NDArray[np.uint8]
Run = Callable[[Library, GreyPicture, Plane], Plane | None]

SIDE = 128  # pixels of the picture, at most, on each axis
_EDGES = {
    Border.ZEROS: Edge.ZEROS,
    Border.REFLECT: Edge.REFLECT_101,
    Border.REPLICATE: Edge.REPLICATE,
    Border.CIRCULAR: Edge.CIRCULAR,
}


@dataclass(frozen=True, eq=False)
class ConventionsQuestion:
    """One picture and one kernel, to be filtered as each library does it.

    Parameters
    ----------
    picture
        (H, W), 8 bits: a part of one channel, at most 128×128.
    kernel
        (height, width), as it is written.
    ours
        What the layer does with them.
    top, left
        Where the part lies in the whole picture.
    """

    picture: GreyPicture
    kernel: Plane
    ours: Convention
    top: int = 0
    left: int = 0


@dataclass(frozen=True, eq=False)
class LibraryResult:
    """The output of one library, compared with ours.

    Parameters
    ----------
    refusal
        Why it does not take this kernel, or "".
    output
        Its result: really run where `is_run`, else by its rule; None where it refuses.
    off_rule
        The largest difference between what was run and the rule; None where nothing was run.
    inside, border
        The largest |difference| from ours where both kernels lie on the picture with all their cells, and elsewhere;
        None where there is no such pixel.
    difference
        (H, W), its result minus ours; NaN where it has none.
    """

    convention: Convention
    refusal: str
    output: FilterOutput | None
    is_run: bool
    off_rule: float | None
    inside: float | None
    border: float | None
    difference: Plane


@dataclass(frozen=True, eq=False)
class LibraryComparison:
    """The outputs of all libraries, compared with ours."""

    question: ConventionsQuestion
    ours: FilterOutput
    rows: tuple[LibraryResult, ...]

    @property
    def rounding(self) -> float:
        """How far single precision may be off: what differs by less is the same."""
        return 1e-5 * max(255 * float(np.abs(self.question.kernel).sum()), 1.0)

    def keeps_its_rule(self, row: LibraryResult) -> bool:
        """Whether what was run is what the rule says; in 8 bits a number close to a step may fall to either side."""
        allowed = self.rounding if row.convention.rounding is Rounding.NONE else 1.0
        return row.off_rule is None or row.off_rule <= allowed


def question_of(frame: Frame, channel: int, layer: Conv | ConvTranspose, kernel: Plane) -> ConventionsQuestion:
    """The middle of one channel in 8 bits, and what a layer does with its kernel there.

    Stride, dilation and padding of the layer are left out: its result is as large as the picture.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> frame = Frame(np.array([[[0.0], [0.5], [1.0]]]), white=1.0)
    >>> layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))
    >>> question_of(frame, 0, layer, np.ones((1, 1))).picture.tolist()
    [[0, 128, 255]]
    """
    height, width, _ = frame.pixels.shape
    top, left = max(height - SIDE, 0) // 2, max(width - SIDE, 0) // 2
    part = frame.pixels[top : top + SIDE, left : left + SIDE, channel]
    if part.dtype != np.uint8:
        with np.errstate(over="ignore"):
            levels = np.nan_to_num(part.astype(np.float64)) * (255 / frame.white)
        part = np.floor(np.clip(levels, 0, 255) + 0.5).astype(np.uint8)
    return ConventionsQuestion(np.ascontiguousarray(part), kernel, convention_of(layer), top, left)


def convention_of(layer: Conv | ConvTranspose) -> Convention:
    """What a layer of this program does, in the words of the table.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> convention_of(Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,), border=Border.REFLECT)).edge.value
    'reflect 101'
    """
    border = layer.border if isinstance(layer, Conv) else Border.ZEROS
    flip = Flip.BOTH if flips(layer) else Flip.NONE
    return Convention(Library.OURS, "ConvStudio", "as set in the inspector", "", flip=flip, edge=_EDGES[border])


def run_nothing(_way: Library, _picture: GreyPicture, _kernel: Plane) -> Plane | None:
    """Nothing is installed."""
    return None


def answer(question: ConventionsQuestion, progress: Progress = silent, *, run: Run = run_nothing) -> LibraryComparison:
    """Filter one picture as every library does it, and compare each with ours.

    Parameters
    ----------
    run
        Really runs a library: gives its result, or None where it is not installed.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))
    >>> picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    >>> comparison = answer(ConventionsQuestion(picture, np.ones((1, 1)), convention_of(layer)))
    >>> {row.inside for row in comparison.rows if not row.refusal}
    {0.0}
    """
    ours = emulate(question.ours, question.picture, question.kernel)
    rows = []
    for place, convention in enumerate(CONVENTIONS):
        rows.append(_row(question, ours, convention, run))
        progress((place + 1) / len(CONVENTIONS))
    return LibraryComparison(question, ours, tuple(rows))


def _row(question: ConventionsQuestion, ours: FilterOutput, convention: Convention, run: Run) -> LibraryResult:
    picture, kernel = question.picture, question.kernel
    refusal = refusal_of(convention, picture.shape, kernel.shape)
    if refusal:
        nowhere = np.full(picture.shape, np.nan)
        return LibraryResult(
            convention, refusal, None, is_run=False, off_rule=None, inside=None, border=None, difference=nowhere
        )
    output, off_rule = emulate(convention, picture, kernel), None
    can_run = convention.can_run and not is_too_small(convention, picture.shape, kernel.shape)
    values = run(convention.library, picture, kernel) if can_run else None
    if values is not None:
        off_rule = largest_difference(values, output.values, convention.rounding)
        output = FilterOutput(values, output.top, output.left)
    difference = _on_the_picture(output, picture.shape) - ours.values
    inside = _inside_of_both(question, convention)
    return LibraryResult(
        convention, "", output, is_run=values is not None, off_rule=off_rule,
        inside=_largest(difference[inside]), border=_largest(difference[~inside]), difference=difference,
    )  # fmt: skip


def _on_the_picture(output: FilterOutput, shape: tuple[int, ...]) -> Plane:
    """The part of a result that lies on the picture; NaN where there is none."""
    whole = np.full(shape, np.nan)
    target, source = [], []
    for first, length, most in zip((output.top, output.left), output.values.shape, shape, strict=True):
        start, stop = max(first, 0), min(first + length, most)
        target.append(slice(start, stop))
        source.append(slice(start - first, stop - first))
    whole[tuple(target)] = output.values[tuple(source)]
    return whole


def _inside_of_both(question: ConventionsQuestion, convention: Convention) -> NDArray[np.bool_]:
    """Pixels for which both kernels, ours and theirs, lie on the picture with all their cells."""
    inside = np.zeros(question.picture.shape, np.bool_)
    parts = []
    for length, size in zip(question.picture.shape, question.kernel.shape, strict=True):
        anchors = [anchor_of(way, size) for way in (question.ours, convention)]
        parts.append(slice(max(anchors), max(length - (size - 1 - min(anchors)), 0)))
    inside[tuple(parts)] = True
    return inside


def _largest(differences: Plane) -> float | None:
    numbers = differences[~np.isnan(differences)]
    return float(np.abs(numbers).max()) if numbers.size else None
