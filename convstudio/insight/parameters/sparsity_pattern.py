"""The sparsity pattern of a weight matrix: where its connections are, reduced to the pixels of a picture.

Outputs lie across and inputs down, both in their order in memory. A pixel stands for many places of the matrix, and
shows the strongest weight among them: a mean would turn +1 beside −1 into nothing. The matrix itself is never made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colours import limit_of
from convstudio.core.edits.filters import filters_first
from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense
from convstudio.core.recipe.plan import Step
from convstudio.insight.trace.taps import Indices, axis_of, filter_of, grouping

MOST_COUNTED = 2**22  # connections that are looked at one by one; of more, some outputs of each column of pixels are
AT_ONCE = 2**20  # connections that are held in memory
STRONGEST = 127  # the level of the largest weight
NO_CONNECTION = -1


@dataclass(frozen=True, eq=False)
class PatternQuestion:
    """Where are the connections of these layers, drawn side by side? Each has a picture of its own size."""

    steps: tuple[Step, ...]
    sizes: tuple[tuple[int, int], ...]  # width and height of each, in pixels


@dataclass(frozen=True, eq=False)
class SparsityPattern:
    """The pattern of one layer.

    Parameters
    ----------
    strengths
        (height, width) int16: `NO_CONNECTION`, or how large the strongest weight is, up to `STRONGEST`.
    is_negative
        (height, width): the sign of that weight.
    is_sampled
        Whether only some outputs of a column of pixels were looked at.
    """

    strengths: NDArray[np.int16]
    is_negative: NDArray[np.bool_]
    is_sampled: bool

    @property
    def is_connected(self) -> NDArray[np.bool_]:
        return np.asarray(self.strengths != NO_CONNECTION)

    @property
    def levels(self) -> NDArray[np.int16]:
        """Signed strengths, 0 where there is no connection."""
        magnitudes = np.maximum(self.strengths, 0)
        return np.where(self.is_negative, -magnitudes, magnitudes).astype(np.int16)


@dataclass(frozen=True, eq=False)
class PatternAnswer:
    """The patterns of the layers of a question, in their order."""

    question: PatternQuestion
    patterns: tuple[SparsityPattern, ...]


def answer(question: PatternQuestion, progress: Progress = silent) -> PatternAnswer:
    """The patterns of all layers of a question."""
    patterns = []
    for place, (step, (width, height)) in enumerate(zip(question.steps, question.sizes, strict=True)):
        first, share = place / len(question.steps), 1 / len(question.steps)
        patterns.append(pattern_of(step, width, height, partial(_tell, progress, first, share)))
    return PatternAnswer(question, tuple(patterns))


def _tell(progress: Progress, first: float, share: float, part: float) -> None:
    progress(first + share * part)


def pattern_of(step: Step, width: int, height: int, progress: Progress = silent) -> SparsityPattern:
    """The pattern of one layer in so many pixels.

    Examples
    --------
    The article's 6×6 grid, a pixel for every place: 144 of 16 × 36.

    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid"), Shape(1, 6, 6)).steps[0]
    >>> int(pattern_of(step, 16, 36).is_connected.sum())
    144
    """
    width, height = max(width, 1), max(height, 1)
    if isinstance(step.layer, Dense):
        full = np.full((height, width), STRONGEST, np.int16)
        return SparsityPattern(full, np.zeros((height, width), np.bool_), is_sampled=False)
    outputs, is_sampled = _outputs_to_look_at(step, width, height)
    codes = np.zeros(height * width, np.int16)  # 0: no connection; else 1 + twice the strength, + 1 where negative
    layer = step.layer
    assert isinstance(layer, Conv | ConvTranspose)
    filters = filters_first(layer)
    limit = limit_of(filters)
    strengths = np.rint(np.abs(filters) * (STRONGEST / limit)).astype(np.int16)
    weight_codes = (1 + 2 * strengths + (filters < 0)).astype(np.int16)
    for done, (pixels, strongest) in enumerate(_connections(step, outputs, weight_codes, width, height)):
        np.maximum.at(codes, pixels, strongest)
        progress(min(done * AT_ONCE / max(step.connections, 1), 1.0))
    shaped = codes.reshape(height, width)
    return SparsityPattern((shaped + 1) // 2 - 1, (shaped > 0) & (shaped % 2 == 0), is_sampled)


def _outputs_to_look_at(step: Step, width: int, height: int) -> tuple[Indices, bool]:
    """All outputs, or so many of each column of pixels that no pixel of a band is left out."""
    outputs = step.output.size
    if step.connections <= MOST_COUNTED or outputs <= width:
        return np.arange(outputs), False
    edges = np.arange(width + 1) * outputs // width
    # the inputs that a run of outputs reaches, in rows of pixels: what lies between two of those looked at is no hole
    reached = outputs / width * step.input.size / (step.output.size / step.output.channels) / step.input.channels
    per_column = min(4 * ceil_division(round(reached * height), step.input.size) + 5, int(np.diff(edges).max()))
    places = np.linspace(0, 1, per_column)
    spread = edges[:-1, None] + np.rint(places * (np.diff(edges)[:, None] - 1)).astype(np.intp)
    return np.unique(spread), True


def _connections(
    step: Step, outputs: Indices, codes: NDArray[np.int16], width: int, height: int
) -> Iterator[tuple[Indices, NDArray[np.int16]]]:
    """The pixels of the connections of some outputs, with the codes of their weights, a part at a time."""
    _, rows_out, columns_out = step.output
    channels_in, rows_in, columns_in = step.input
    channel, rest = np.divmod(outputs, rows_out * columns_out)
    row, column = np.divmod(rest, columns_out)
    row_sources, row_cells = _axis_table(step, 0, row)
    column_sources, column_cells = _axis_table(step, 1, column)
    joined = grouping(step)
    first_read = np.array([joined.read_by(number).start for number in range(step.output.channels)])
    filter_number = np.array([filter_of(step, number) for number in range(step.output.channels)])
    taps = joined.reads * row_sources.shape[1] * column_sources.shape[1]
    part = max(1, AT_ONCE // taps)
    reads = np.arange(joined.reads)
    for start in range(0, len(outputs), part):
        here = slice(start, start + part)
        sources = (
            ((first_read[channel[here]][:, None] + reads) * rows_in)[:, :, None, None]
            + row_sources[here][:, None, :, None]
        ) * columns_in + column_sources[here][:, None, None, :]
        is_inside = (row_sources[here] != OUTSIDE)[:, None, :, None] & (column_sources[here] != OUTSIDE)[:, None, None]
        weights = codes[
            filter_number[channel[here]][:, None, None, None],
            reads[:, None, None],
            row_cells[here][:, None, :, None],
            column_cells[here][:, None, None, :],
        ]
        is_inside = np.broadcast_to(is_inside, sources.shape)
        x = np.broadcast_to((outputs[here] * width // step.output.size)[:, None, None, None], sources.shape)
        y = sources * height // (channels_in * rows_in * columns_in)
        yield (y * width + x)[is_inside], weights[is_inside]


def _axis_table(step: Step, axis: int, places: Indices) -> tuple[Indices, Indices]:
    """For each place of an output along one axis, the inputs it reads and the cells of the kernel, `OUTSIDE` for none.

    Outputs of a transposed convolution read unequal numbers of inputs.
    """
    needed, where = np.unique(places, return_inverse=True)
    axes = [axis_of(step, axis, int(place)) for place in needed]
    most = max((len(taps.sources) for taps in axes), default=1) or 1
    sources, cells = np.full((len(needed), most), OUTSIDE, np.intp), np.zeros((len(needed), most), np.intp)
    for line, taps in enumerate(axes):
        sources[line, : len(taps.sources)] = taps.sources
        cells[line, : len(taps.cells)] = taps.cells
    return sources[where], cells[where]
