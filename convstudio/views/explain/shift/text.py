"""The sentences of THE SHIFT TEST: what moved, what moved along, and the word for it."""

from fractions import Fraction

from convstudio.core.recipe.layers import Dense
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted, noun, number, percent
from convstudio.insight.shift.baseline import Baseline
from convstudio.insight.shift.comparison import Curve, Direction, ShiftComparison
from convstudio.insight.shift.equivariance import Conclusion, Errors
from convstudio.insight.shift.translation import Shift
from convstudio.insight.shift.what_if import takes_all

NO_PICTURE = "Open a picture: then it moves here, and you see whether the output moves along."
WAITING = "The picture is being moved and filtered …"
NO_LAYERS = "Add a layer and select it: then its input moves here, and it shows whether the output moves along."

OUTPUT = "What the layers make of the input where it was"
OUTPUT_OF_MOVED = "What the layers make of the moved input"
MOVED_OUTPUT = "What the layers make of the input, moved afterwards"
DIFFERENCE = (
    "f(Sx) − S f(x): cool is negative, warm is positive. Inside the dashed line no output sees padding or "
    "what came in at an edge; what is hatched cannot be compared."
)


def error_text(error: float | None) -> str:
    """An error in two digits."""
    return "none" if error is None else number(error, digits=2)


def shift_text(shift: Shift) -> str:
    """A move in words: "1.5 pixels to the right and 1 pixel up"."""
    parts = [
        f"{_pixels(abs(by))} {forward if by > 0 else backward}"
        for by, forward, backward in ((shift.across, "to the right", "to the left"), (shift.down, "down", "up"))
        if by
    ]
    return " and ".join(parts)


def chip_text(shift: Shift) -> str:
    """A move in a few words: "5 px to the right"; both ways in signs."""
    if shift.across and shift.down:
        return ", ".join(
            f"{number(abs(float(by)))} px {forward if by > 0 else backward}"
            for by, forward, backward in ((shift.across, "right", "left"), (shift.down, "down", "up"))
        )
    for by, forward, backward in ((shift.across, "to the right", "to the left"), (shift.down, "down", "up")):
        if by:
            return f"{number(abs(float(by)))} px {forward if by > 0 else backward}"
    return "Drag the picture"


def shared_error(baseline: Baseline, errors: Errors) -> float | None:
    """The error that the stage speaks of: the interior's, and of outputs without places that of all."""
    return errors.everything if baseline.is_placeless else errors.interior


def number_text(comparison: ShiftComparison) -> str:
    """The number of the moment: how much of the answer differs; where nothing can be compared a dash."""
    errors = comparison.errors
    error = shared_error(comparison.baseline, errors)
    error = errors.border if error is None else error
    return "–" if error is None else percent(error)


def first_sentence(comparison: ShiftComparison) -> str:
    """What the number is, and why."""
    baseline, errors, shift = comparison.baseline, comparison.errors, comparison.question.shift
    if not shift.across and not shift.down:
        return "Nothing has moved yet. Drag the picture, or press an arrow key."
    if comparison.conclusion is Conclusion.UNKNOWN:
        return "There is nothing to compare here."
    if baseline.is_placeless:
        is_same = comparison.conclusion is Conclusion.INVARIANT
        return f"of {_units(baseline)} changed{': invariant' if is_same else ''}."
    if errors.interior is None:
        return "of the border differs; inside the answer is 0 everywhere."
    where = "" if comparison.tested is None else " in the dashed middle"
    if errors.interior == 0:
        return f"of the answer{where} differs: the output moves along (equivariance)."
    return f"of the answer{where} differs. {_why(comparison)}"


def second_sentence(comparison: ShiftComparison) -> str:
    """What would help, or what the border does."""
    baseline, errors, shift = comparison.baseline, comparison.errors, comparison.question.shift
    if comparison.conclusion is Conclusion.UNKNOWN or not (shift.across or shift.down):
        return ""
    if baseline.is_placeless:
        return "" if comparison.conclusion is Conclusion.INVARIANT else _placeless_why(baseline)
    if max(baseline.period) > 1 and errors.interior is not None:
        return _stride_sentence(comparison)
    if errors.border:
        why = "where not every layer wraps around" if baseline.is_ring else "where padding takes part"
        if errors.border > 1:
            return f"At the border, {why}, the difference is {number(errors.border, digits=2)} times the answer."
        return f"At the border {percent(errors.border)} differs, {why}."
    return ""


def _stride_sentence(comparison: ShiftComparison) -> str:
    """Which shifts a stride follows, or what would be without it."""
    baseline = comparison.baseline
    if _is_whole(comparison):
        return f"The stride follows multiples of {_period(baseline)}, and no others."
    if comparison.errors.interior == 0:
        return f"This picture hides that the stride follows multiples of {_period(baseline)} only."
    return "At stride 1 the difference is 0." if _strided(baseline) == 1 else "Without strides it is 0."


def _why(comparison: ShiftComparison) -> str:
    """Why the answer did not move along."""
    baseline, shift = comparison.baseline, comparison.question.shift
    if max(baseline.period) == 1 or _is_whole(comparison):
        return "Between two pixels the picture is a mean of both, which a bent curve does not follow."
    vertical, horizontal = baseline.period
    by, period = (shift.across, horizontal) if shift.across % horizontal else (shift.down, vertical)
    pixels = number(abs(float(by)))
    if period == 2:
        return f"Stride 2 takes every second pixel, and {pixels} is {'odd' if by.denominator == 1 else 'not whole'}."
    return f"One output stands for {period} pixels, and {pixels} is no multiple of {period}."


def _strided(baseline: Baseline) -> int:
    """How many layers leave outputs out."""
    jumps = [step.receptive_field.jump for step in baseline.plan.steps]
    return sum(jump != before for jump, before in zip(jumps, [(1, 1), *jumps], strict=False))


def _placeless_why(baseline: Baseline) -> str:
    step = _placed_dense(baseline)
    if step is not None:
        return f"{step.title} has a weight of its own for every place."
    return "A stride keeps other outputs, or the border takes part."


def lead_sentence(comparison: ShiftComparison) -> str:
    """Everything that the numbers say, with the word equivariant, invariant or neither as is true."""
    baseline, errors, shift = comparison.baseline, comparison.errors, comparison.question.shift
    if not shift.across and not shift.down:
        return (
            f"Nothing has moved yet. Drag the first picture or press the arrow keys on it, and see whether the output "
            f"of {_name(baseline)} moves along."
        )
    if comparison.conclusion is Conclusion.UNKNOWN:
        return _unknown_sentence(comparison)
    what = f"the {_part(baseline)} moved {shift_text(shift)}"
    if baseline.is_placeless:
        return _placeless_sentence(comparison, what)
    word = str(comparison.conclusion).capitalize()
    if comparison.conclusion is Conclusion.NEITHER:
        return (
            f"{word}: {what}, but the output of {_name(baseline)} did not move along ({_both(comparison)}), "
            f"nor did it stay as it was ({error_text(errors.change)}). {_reason(comparison)}"
        ).rstrip()
    why = ""
    if comparison.conclusion is Conclusion.INSIDE:
        why = ", where not every layer wraps around" if baseline.is_ring else ", where padding takes part"
    moved = f"{what}, and the output of {_name(baseline)} moved along: {_both(comparison)}{why}"
    return f"{word}: {moved}. {_limits(comparison)}"


def curve_sentence(curve: Curve) -> str:
    """What the curve shows."""
    errors = [shared_error(curve.baseline, errors) for errors in curve.errors]
    comparable = {shift: error for shift, error in zip(curve.shifts, errors, strict=True) if error is not None}
    axis = "shift to the right" if curve.question.direction is Direction.ACROSS else "shift down"
    where = "" if curve.baseline.is_placeless else "interior "
    if not comparable:
        return f"Difference by {axis}: no {where}output that is not 0 can be compared."
    zeros = {shift for shift, error in comparable.items() if error == 0}
    most = number(max(comparable.values()), digits=2)
    if len(zeros) == len(comparable):
        return f"Difference by {axis}: {where}0 at every shift."
    for tooth in range(2, max(curve.shifts) + 1):
        if zeros == {shift for shift in comparable if shift % tooth == 0}:
            return f"Difference by {axis}: {where}0 at multiples of {tooth}, up to {most} between."
    return f"Difference by {axis}: {where}up to {most}."


def range_sentence(comparison: ShiftComparison) -> str:
    """What full colour means in the difference."""
    scale = comparison.pictures.scale
    return f"Full colour is ±{number(scale, digits=2)}." if scale else ""


def _pixels(by: Fraction) -> str:
    return f"{number(float(by))} {noun(float(by), 'pixel')}"


def _name(baseline: Baseline) -> str:
    """What f is: the one layer, or the layers up to the last."""
    steps = baseline.plan.steps
    if not steps:
        return "the layers that are switched off"
    return steps[-1].title if len(steps) == 1 else f"the {len(steps)} layers up to {steps[-1].title}"


def _part(baseline: Baseline) -> str:
    _, height, width = baseline.experiment.planes.shape
    part = baseline.part
    is_all = (part.height, part.width) == (height, width)
    return f"{'whole picture of' if is_all else 'middle'} {part.width}×{part.height} pixels"


def _both(comparison: ShiftComparison) -> str:
    """The errors of interior and border; where f(x) is 0 there is none."""
    errors, expected = comparison.errors, comparison.expected
    if expected.interior == expected.compared:
        return f"error {error_text(errors.interior)} wherever the two can be compared"
    if expected.interior.is_empty:
        return f"error {error_text(errors.border)}, and no output is clear of the border"
    inside = "f(x) is 0" if errors.interior is None else f"error {error_text(errors.interior)}"
    edge = "f(x) is 0" if errors.border is None else error_text(errors.border)
    return f"{inside} in the interior, {edge} at the border"


def _limits(comparison: ShiftComparison) -> str:
    """At which shifts only it moves along, or that moving along is not staying the same."""
    if max(comparison.baseline.period) > 1:
        if _is_whole(comparison):
            return _multiples(comparison.baseline)
        return f"This picture hides that the stride lets it follow multiples of {_period(comparison.baseline)} only."
    if comparison.errors.change == 0:
        return "Nothing in the output shows the move."
    return f"It is not invariant: the output itself changed by {error_text(comparison.errors.change)}."


def _reason(comparison: ShiftComparison) -> str:
    if _is_whole(comparison):
        return ""
    if max(comparison.baseline.period) > 1:
        return _multiples(comparison.baseline)
    return "Between two pixels the picture is a mean of both, and what is not linear does not follow means."


def _is_whole(comparison: ShiftComparison) -> bool:
    """Whether the output of every layer moves by whole numbers."""
    shift, (vertical, horizontal) = comparison.question.shift, comparison.baseline.period
    return shift.across % horizontal == 0 and shift.down % vertical == 0


def _multiples(baseline: Baseline) -> str:
    return f"The stride lets it follow multiples of {_period(baseline)} only."


def _period(baseline: Baseline) -> str:
    vertical, horizontal = baseline.period
    if vertical == horizontal:
        return f"{vertical} pixels"
    return f"{horizontal} pixels across and {vertical} down"


def _placeless_sentence(comparison: ShiftComparison, what: str) -> str:
    baseline, error = comparison.baseline, error_text(comparison.errors.everything)
    if comparison.conclusion is Conclusion.INVARIANT:
        return f"Invariant: {what}, and {_units(baseline)} of {_name(baseline)} did not change: error 0."
    head = f"Neither equivariant nor invariant: {what}, and"
    if step := _placed_dense(baseline):
        return (
            f"{head} {step.title}, which has a weight of its own for every place, met it with other weights: "
            f"error {error} over {_units(baseline)}."
        )
    why = "zeros came in at the edge"
    if not _is_whole(comparison):
        why = (
            f"with {_period(baseline)} between outputs, others are kept"
            if max(baseline.period) > 1
            else "pixels were mixed"
        )
    elif baseline.is_ring:
        why = "not every layer wraps around"
    return f"{head} {_units(baseline)} of {_name(baseline)} changed by {error}: {why}."


def _placed_dense(baseline: Baseline) -> Step | None:
    """The dense layer that is the first to see the whole picture, if one is."""
    first = next((step for step in baseline.plan.steps if takes_all(step.layer)), None)
    if first is None or not isinstance(first.layer, Dense) or first.input.height * first.input.width == 1:
        return None
    return first


def _units(baseline: Baseline) -> str:
    count = baseline.output.shape[0]
    return "the one number" if count == 1 else f"the {counted(count, 'number')}"


def _unknown_sentence(comparison: ShiftComparison) -> str:
    if comparison.expected.compared.is_empty:
        return (
            f"There is nothing to compare: moved {shift_text(comparison.question.shift)}, nothing of the output of "
            f"{_name(comparison.baseline)} is left on the picture. Choose a smaller shift, or a circular border."
        )
    return (
        f"There is nothing to compare: the output of {_name(comparison.baseline)} on the {_part(comparison.baseline)} "
        "is 0 wherever the two could be compared, or not finite. Choose another picture or another filter."
    )
