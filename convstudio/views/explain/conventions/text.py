"""The sentences and numbers of CONVENTIONS as text."""

from urllib.parse import urlsplit

from convstudio.core.wording import number
from convstudio.insight.conventions.comparison import LibraryComparison, LibraryResult
from convstudio.insight.conventions.emulation import FilterOutput, anchor_of, call_of, is_too_small, total_of
from convstudio.insight.conventions.libraries import (
    CONVENTIONS,
    Convention,
    Division,
    Edge,
    Flip,
    OutputSize,
    Rounding,
)

SOURCE_SELECTED = (
    "The photo has no kernel to lay on it. Select a convolution in the layer list: its kernel is applied here "
    f"as {len(CONVENTIONS)} ways in {len({convention.program for convention in CONVENTIONS})} programs would do it."
)
APPLYING = f"This kernel is being applied in {len(CONVENTIONS)} ways…"
NONE, SAME = "–", "same"
_SAME_INSIDE = {
    SAME: "It gives this layer's numbers everywhere.",
    NONE: "It gives this layer's numbers inside and none at the border.",
}
_OTHER_INSIDE = {
    SAME: "It differs by up to {} inside and not at the border.",
    NONE: "It differs by up to {} inside and has no numbers at the border.",
}
_FLIPS = {
    Flip.NONE: "It lays the kernel as it is written: correlation.",
    Flip.BOTH: "It flips the kernel left to right and top to bottom: true convolution.",
    Flip.ROWS: "It flips the kernel top to bottom only.",
}
_EDGES = {
    Edge.ZEROS: "Outside of the picture it reads 0.",
    Edge.REFLECT_101: "Outside of the picture it reads the mirror image, the edge itself once (reflect 101).",
    Edge.SYMMETRIC: "Outside of the picture it reads the mirror image, the edge itself twice (symmetric).",
    Edge.REPLICATE: "Outside of the picture it reads the nearest pixel of the edge.",
    Edge.CIRCULAR: "Outside of the picture it reads the opposite side.",
    Edge.COPIED: "Where the kernel reaches out of the picture it copies the pixel unfiltered.",
    Edge.LEFT_OUT: "Where the kernel reaches out of the picture it makes no output.",
}
_ROUNDINGS = {
    Rounding.HALF_EVEN: "An 8-bit picture stays 8-bit: rounded, halves to even, and clipped to 0 … 255.",
    Rounding.HALF_UP: "An 8-bit picture stays 8-bit: rounded, halves up, and clipped to 0 … 255.",
    Rounding.WRAP: "An 8-bit picture stays 8-bit: fractions are cut off, and numbers outside of 0 … 255 wrap around.",
}
NUMBERS = {
    Rounding.NONE: "exact",
    Rounding.HALF_EVEN: "0 … 255",
    Rounding.HALF_UP: "0 … 255",
    Rounding.WRAP: "0 … 255, wraps",
}


def lead_sentence(comparison: LibraryComparison) -> str:
    """How many ways give the layer's numbers, and why flipping may not show."""
    accepting = [row for row in comparison.rows if not row.refusal]
    inside = [row for row in accepting if row.inside is not None and row.inside <= comparison.rounding]
    everywhere = [row for row in inside if row.border is not None and row.border <= comparison.rounding]
    sentence = (
        f"Ways to filter that agree with this layer: {len(inside)} of {len(accepting)} inside the picture, "
        f"{len(everywhere)} at its border too."
    )
    kernel = comparison.question.kernel
    if kernel.size > 1 and (kernel == kernel[::-1, ::-1]).all():
        return f"{sentence} Turned by 180° this kernel is the same, so flipping it changes nothing."
    return sentence


def place_sentence(comparison: LibraryComparison, channel: str, name: str) -> str:
    """What was filtered."""
    height, width = comparison.question.picture.shape
    what = f"{name}, {channel}," if channel else f"{name}"
    if (comparison.question.top, comparison.question.left) == (0, 0):
        return f"All {width}×{height} pixels of {what} in 8 bits; stride, dilation and bias are left out."
    return f"The middle {width}×{height} pixels of {what} in 8 bits; stride, dilation and bias are left out."


def difference_text(value: float | None, rounding: float) -> str:
    """A largest difference: "same" where it is only rounding."""
    if value is None:
        return NONE
    return SAME if value <= rounding else number(value)


def size_text(result: FilterOutput | None) -> str:
    """The size of a result, width first."""
    if result is None:
        return NONE
    height, width = result.values.shape
    return f"{width}×{height}"


def checked_text(row: LibraryResult, comparison: LibraryComparison) -> str:
    """Whether it was really run."""
    if row.refusal:
        return "refuses"
    if row.is_run:
        return "run" if comparison.keeps_its_rule(row) else "run, off its rule"
    return "by rule"


def detail_text(row: LibraryResult, comparison: LibraryComparison) -> str:
    """Everything about one way to filter."""
    convention = row.convention
    head = f"{convention.name}: {call_of(convention, comparison.question.kernel)}"
    if row.refusal:
        return f"{head}\n{row.refusal}"
    sentences = [
        difference_sentence(row, comparison),
        convention.note,
        _FLIPS[convention.flip],
        _EDGES[convention.edge],
        anchor_sentence(convention, comparison.question.kernel.shape),
        size_sentence(row, comparison),
        _ROUNDINGS.get(convention.rounding, ""),
        sum_sentence(row, comparison),
        checked_sentence(row, comparison),
    ]
    text = " ".join(sentence for sentence in sentences if sentence)
    return f"{head}\n{text}"


def source_words(convention: Convention) -> str:
    """Where the page is that says so: the name of its site."""
    return f"Documented at {urlsplit(convention.source).netloc}"


def difference_sentence(row: LibraryResult, comparison: LibraryComparison) -> str:
    """How far it is from this layer, inside and at the border."""
    inside, border = (difference_text(value, comparison.rounding) for value in (row.inside, row.border))
    if inside == SAME:
        sentence = _SAME_INSIDE.get(
            border, "It gives this layer's numbers inside; at the border it differs by up to {}."
        )
        return sentence.format(border)
    if inside == NONE:
        return f"Nothing here lies inside; at the border it differs by up to {border}."
    sentence = _OTHER_INSIDE.get(border, "It differs by up to {} inside and by up to {} at the border.")
    return sentence.format(inside, border)


def anchor_text(convention: Convention, shape: tuple[int, ...]) -> str:
    """Row and column of the anchor, counted from 1; a dash where there is no padding to place it by."""
    if convention.output_size is not OutputSize.SAME:
        return NONE
    return ", ".join(str(anchor_of(convention, length) + 1) for length in shape)


def anchor_sentence(convention: Convention, shape: tuple[int, ...]) -> str:
    """Where the anchor of an even kernel is; nothing for odd ones, nor where there is no padding."""
    height, width = shape
    if (height % 2 and width % 2) or convention.output_size is not OutputSize.SAME:
        return ""
    row, column = anchor_of(convention, height) + 1, anchor_of(convention, width) + 1
    return f"The anchor of its {height}×{width} kernel is row {row}, column {column}; this layer's is {_ours(shape)}."


def size_sentence(row: LibraryResult, comparison: LibraryComparison) -> str:
    """How large the result is, where it is not as large as the picture."""
    if row.convention.output_size is OutputSize.SAME:
        return ""
    height, width = comparison.question.picture.shape
    return f"{width}×{height} pixels become {size_text(row.output)}."


def sum_sentence(row: LibraryResult, comparison: LibraryComparison) -> str:
    """Whether the weights are divided by their sum."""
    division, total = row.convention.division, total_of(comparison.question.kernel)
    if division is Division.NONE:
        return ""
    if total == 0 and division is Division.SUM_OR_1:
        return "It divides by the sum of the weights, but that is 0 here, and then it divides by 1."
    if total == 0:
        return "It would divide by the sum of the weights, which is 0 here, so it has to be told a scale of 1."
    return f"It divides by the sum of the weights, {number(total)}, unless it is told not to."


def checked_sentence(row: LibraryResult, comparison: LibraryComparison) -> str:
    """Whether it was really run, and how far that is from the rule."""
    if row.off_rule is None:
        if is_too_small(row.convention, comparison.question.picture.shape, comparison.question.kernel.shape):
            return "It is not run on so small a picture: these numbers follow from its documentation."
        if row.convention.can_run:
            return "It is not installed here: these numbers follow from its documentation."
        return "It cannot be run from here: these numbers follow from its documentation."
    if row.off_rule == 0:
        return "It was really run here and keeps its documented rule exactly."
    if comparison.keeps_its_rule(row):
        return "It was really run here and keeps its documented rule, up to rounding."
    off = number(row.off_rule, digits=2)
    return f"It was really run here and is off its documented rule by up to {off}: this version does it differently."


def _ours(shape: tuple[int, ...]) -> str:
    height, width = shape
    return f"row {(height - 1) // 2 + 1}, column {(width - 1) // 2 + 1}"
