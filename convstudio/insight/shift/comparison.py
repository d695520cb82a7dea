"""Questions and answers of the shift test: one shift with its pictures, or the curve over many shifts.

One shift takes an instant, the curve some seconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt

import numpy as np

from convstudio.core.display.pictures import Picture, picture
from convstudio.core.display.ranges import DisplayRange, Scale, scales_after, usual_magnitude
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.insight.shift.baseline import Baseline, Experiment, run_baseline, run_layers, seen_part_of
from convstudio.insight.shift.equivariance import (
    Conclusion,
    Errors,
    Expectation,
    conclusion_from,
    expected_output,
    measure_errors,
    rms,
)
from convstudio.insight.shift.translation import Planes, Shift, translate
from convstudio.insight.shift.what_if import WhatIf

REACH = 16  # the curve goes from −16 to 16 pixels
LONGEST_ROW = 16  # units that have no place are shown side by side, up to here in one row


@dataclass(frozen=True, eq=False)
class ShiftQuestion:
    """What does one shift do?"""

    experiment: Experiment
    shift: Shift


class Direction(StrEnum):
    """The axis of the shifts of a curve."""

    ACROSS = "dx"
    DOWN = "dy"


@dataclass(frozen=True, eq=False)
class CurveQuestion:
    """What do all shifts of −16 … 16 pixels do, along one axis?"""

    experiment: Experiment
    direction: Direction = Direction.ACROSS


@dataclass(frozen=True, eq=False)
class Pictures:
    """One map of each, the three outputs in the same colours; in the difference, `scale` has full colour.

    Parameters
    ----------
    input, output_of_moved
        Sx and f(Sx): moved, then filtered.
    output, moved_output
        f(x) and S f(x): filtered, then moved.
    difference
        f(Sx) − S f(x).
    """

    input: Picture
    output: Picture
    output_of_moved: Picture
    moved_output: Picture
    difference: Picture
    scale: float


@dataclass(frozen=True, eq=False)
class ShiftComparison:
    """One shift: its errors and the conclusion, of the tested part, and pictures of all that is seen around it."""

    question: ShiftQuestion
    baseline: Baseline
    expected: Expectation
    whole: Baseline
    seen_expected: Expectation
    errors: Errors
    conclusion: Conclusion
    pictures: Pictures

    @property
    def tested(self) -> Region | None:
        """Which outputs of those that are seen the numbers are of; None where it is all of them."""
        if self.whole is self.baseline:
            return None
        part, around = self.baseline.part, self.whole.part
        _, height, width = self.baseline.output.shape
        top, left = (
            round(offset / jump)
            for offset, jump in zip((part.top - around.top, part.left - around.left), self.whole.jump, strict=True)
        )
        return Region(top, top + height, left, left + width)


@dataclass(frozen=True, eq=False)
class Curve:
    """The errors of every shift of −16 … 16 whole pixels along one axis."""

    question: CurveQuestion
    baseline: Baseline
    shifts: tuple[int, ...]
    errors: tuple[Errors, ...]


@dataclass(frozen=True, eq=False)
class NoAnswer:
    """Why there is no answer, in one sentence."""

    question: ShiftQuestion | CurveQuestion
    sentence: str


ShiftAnswer = ShiftComparison | Curve | NoAnswer


def answer(question: ShiftQuestion | CurveQuestion, progress: Progress = silent) -> ShiftAnswer:
    """Answer either question; a recipe that cannot be run on the part of the picture gives a sentence.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Activation
    >>> experiment = Experiment((Activation(),), np.ones((1, 6, 6), np.float32), white=1.0)
    >>> answer(ShiftQuestion(experiment, Shift.of(1))).conclusion.value
    'equivariant'
    """
    try:
        with np.errstate(all="ignore"):  # pixels may be infinite or no numbers; then there is nothing to compare
            match question:
                case ShiftQuestion():
                    return compare_shift(question, progress)
                case CurveQuestion():
                    return compare_shifts(question, progress)
    except ConvStudioError as refusal:
        if question.experiment.what_if == WhatIf():
            return NoAnswer(question, str(refusal))
        # layers that are only supposed are not in the person's list, so their numbers would mislead
        return NoAnswer(question, f"With what is supposed here the recipe cannot run: {refusal.__cause__ or refusal}")


def compare_shift(question: ShiftQuestion, progress: Progress = silent) -> ShiftComparison:
    """Move the input by one shift, and compare.

    Raises
    ------
    ConvStudioError
        If the recipe cannot be run.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> experiment = Experiment((Pool(),), np.eye(6, dtype=np.float32)[None], white=1.0)
    >>> compare_shift(ShiftQuestion(experiment, Shift.of(2, 2))).errors.everything
    0.0
    """
    baseline = run_baseline(question.experiment, progress)
    shifted = translate(baseline.input, question.shift, is_ring=baseline.is_ring)
    output, _ = run_layers(baseline.plan, shifted, progress)
    expected = expected_output(baseline, question.shift)
    errors = measure_errors(baseline, output, expected)
    conclusion = conclusion_from(baseline, errors)
    whole, seen_expected, part = baseline, expected, seen_part_of(baseline)
    if part != baseline.part:
        whole = run_baseline(question.experiment, progress, part=part)
        shifted = translate(whole.input, question.shift, is_ring=whole.is_ring)
        output, _ = run_layers(whole.plan, shifted, progress)
        seen_expected = expected_output(whole, question.shift)
    pictures = _pictures(whole, shifted, output, seen_expected)
    return ShiftComparison(question, baseline, expected, whole, seen_expected, errors, conclusion, pictures)


def errors_of(experiment: Experiment, shift: Shift) -> Errors:
    """The errors of one shift, without pictures of them.

    Raises
    ------
    ConvStudioError
        If the recipe cannot be run.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> experiment = Experiment((Pool(),), np.eye(6, dtype=np.float32)[None], white=1.0)
    >>> errors_of(experiment, Shift.of(2, 2)).everything
    0.0
    """
    return _errors(run_baseline(experiment), shift)


def compare_shifts(question: CurveQuestion, progress: Progress = silent) -> Curve:
    """Move the input by every whole number of pixels from −16 to 16, to the right or down, and compare each time.

    Raises
    ------
    ConvStudioError
        If the recipe cannot be run.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Activation
    >>> experiment = Experiment((Activation(),), np.ones((1, 6, 40), np.float32), white=1.0)
    >>> [errors.interior for errors in compare_shifts(CurveQuestion(experiment)).errors][15:18]
    [0.0, 0.0, 0.0]
    """
    baseline = run_baseline(question.experiment)
    shifts = tuple(range(-REACH, REACH + 1))
    errors = []
    for done, pixels in enumerate(shifts):
        progress(done / len(shifts))
        shift = Shift.of(pixels) if question.direction is Direction.ACROSS else Shift.of(0, pixels)
        errors.append(_errors(baseline, shift))
    return Curve(question, baseline, shifts, tuple(errors))


def _errors(baseline: Baseline, shift: Shift) -> Errors:
    output, _ = run_layers(baseline.plan, translate(baseline.input, shift, is_ring=baseline.is_ring))
    return measure_errors(baseline, output, expected_output(baseline, shift))


def _pictures(baseline: Baseline, shifted: Planes, output: Planes, expected: Expectation) -> Pictures:
    experiment = baseline.experiment
    is_signed = bool(baseline.input.min() < 0)
    layers = tuple(step.layer for step in baseline.plan.steps)
    scales = scales_after(layers, experiment.white, (is_signed,) * baseline.plan.source.channels)
    depth = baseline.plan.channels_per_map_at(len(layers) - 1)
    first = min(experiment.map_number, baseline.output.shape[0] // depth - 1) * depth
    maps = slice(first, first + depth)
    outputs = (output, expected.output, baseline.output)
    here, there, still = (_as_one_plane(planes) if baseline.is_placeless else planes[maps] for planes in outputs)
    is_any_signed = any(scale.is_signed for scale in (scales if baseline.is_placeless else scales[maps]))
    colours = Scale(scales[first].white, is_any_signed)
    limit = (usual_magnitude(still) or float(np.abs(still).max()) or None) if is_any_signed else None
    display = experiment.display or Display(limit=limit)
    scale = rms(baseline.output)
    apart = _strongest(here - there)

    def grounded(asked: DisplayRange) -> DisplayRange:
        return asked.on(experiment.signed_scale)

    return Pictures(
        input=picture(shifted, Display(), Scale(experiment.white, is_signed), grounded),
        output=picture(still, display, colours, grounded),
        output_of_moved=picture(here, display, colours, grounded),
        moved_output=picture(there, display, colours, grounded),
        difference=picture(
            apart, Display(DisplayMode.SIGNED, scale or None), Scale(experiment.white, is_signed=True), grounded
        ),
        scale=scale,
    )


def _strongest(difference: Planes) -> Planes:
    """The difference in that channel where it is largest, with its sign: (1, H, W)."""
    strongest = np.abs(difference).argmax(axis=0)[None]
    return np.ascontiguousarray(np.take_along_axis(difference, strongest, axis=0))


def _as_one_plane(planes: Planes) -> Planes:
    """One pixel for each unit of an output without places, (1, rows, columns); the last row is filled up with 0."""
    units = planes.reshape(-1)
    columns = units.size if units.size <= LONGEST_ROW else ceil(sqrt(units.size))
    rows = ceil_division(units.size, columns)
    laid = np.zeros((1, rows, columns), np.float32)
    laid.reshape(-1)[: units.size] = units
    return laid
