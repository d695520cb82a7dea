"""The sentences of TEACH THE KERNEL: which map learned what from how many examples, and which still works elsewhere."""

import numpy as np

from convstudio.core.recipe.naming import name_of
from convstudio.core.wording import counted, number
from convstudio.insight.teach.models import ModelKind
from convstudio.insight.teach.targets import FromFile, FromLayer, Painted
from convstudio.insight.teach.training import NOTHING_LEFT, Training

NO_PICTURE = "Open a picture: then three kinds of map learn a filter from pieces of it, and one learns far faster."
WAITING = "Three kinds of map are learning the filter from pieces of the picture …"
NO_LAYER = "Select a layer: then the maps learn what it does. Without one, take a preset, a file or a brush."
NO_FILE = (
    "Open a file that shows what should come out: this picture after somebody else's filter, with the same number of "
    "pixels."
)
UNPAINTED = (
    "Nothing is painted yet, so the wanted output is the picture itself. Paint on the enlarged piece at the left: left "
    "button brighter, right button darker; or arrow keys, plus and minus."
)
NO_KERNEL = "Select a convolution first: the learned kernel takes the place of one of its filters."
HALF = 0.5  # a step of whole numbers: rounding is off by less, in the root mean square by 0.29
NAMES = {ModelKind.CONVOLUTION: "Convolution", ModelKind.LOCAL: "Local", ModelKind.DENSE: "Dense"}


def error_text(error: float | None) -> str:
    """A relative error in two digits; rounding is 0, and nothing to compare is a dash."""
    if error is None:
        return "–"
    return "0" if is_right(error) else number(error, digits=2)


def is_right(error: float | None) -> bool:
    """Whether what is left is rounding."""
    return error is not None and error < NOTHING_LEFT


def lead_sentence(training: Training) -> str:
    """Today's outcome."""
    if isinstance(training.question.target, Painted) and training.question.target.after is None:
        return UNPAINTED
    convolution = training.convolution
    if convolution.known_error is None and convolution.tests_error is None:
        return (
            "Nothing but 0 is wanted anywhere here, so nothing can be learned from it: choose another wanted output, "
            "or a picture with more to see."
        )
    if not is_right(convolution.examples_error) and convolution.examples_error is not None:
        return _impossible_sentence(training)
    if not training.curves[0] or convolution.tests_error is None:
        return _untested_sentence(training)
    return f"{_unseen_sentence(training)} {shift_sentence(training)}"


def shift_sentence(training: Training) -> str:
    """What becomes of the first example when it moves."""
    if training.shift == 0:
        return "There is no room to shift the example in this picture."
    conv, local, dense = (model.shifted_error for model in training.reports)
    moved = f"Shifted by {counted(training.shift, 'pixel')}"
    if conv is None:
        return f"{moved}, nothing but 0 is wanted of the example."
    if not is_right(conv):
        return (
            f"{moved}, the example comes out wrong by {error_text(conv)}, {error_text(local)} and {error_text(dense)}."
        )
    return _still_right_sentence(training, moved)


def summary_sentence(training: Training) -> str:
    """What is known of the learned kernel, and what the chart shows."""
    return " ".join(filter(None, (input_sentence(training), kernel_sentence(training), chart_sentence(training))))


def input_sentence(training: Training) -> str:
    """What the maps look at, where that is a mean of what a layer reads."""
    target = training.question.target
    if not isinstance(target, FromLayer) or training.planes == 1:
        return ""
    return f"The input is the mean of the {counted(training.planes, 'channel')} that {name_of(target.layer)} reads."


def kernel_sentence(training: Training) -> str:
    """How good the learned kernel is."""
    size, truth, total = training.question.size, training.pair.kernel, training.convolution.unknowns.total
    bias = training.pair.bias
    if bias and not training.question.has_bias:
        return f"A bias of {number(bias)} is wanted too: tick Bias."
    if truth is not None and training.difference is None:
        rows, columns = truth.shape
        return f"The right kernel has {columns}×{rows} cells, more than {size}×{size} can hold."
    if training.rank < total:
        return (
            f"The examples fix {training.rank} of the {total} unknowns; the smallest weights that do as well are shown."
        )
    largest = float(np.abs(training.known.target).max(initial=0.0))
    learned = (
        f" The bias is {number(training.bias, scale=largest, noise=NOTHING_LEFT)}."
        if training.question.has_bias
        else ""
    )
    if training.difference is None:
        return f"The examples fix all {total} unknowns.{learned}"
    if truth is not None and training.difference <= NOTHING_LEFT * float(np.abs(truth).max(initial=0.0)):
        return f"The learned kernel is the right one.{learned}"
    return f"The learned kernel differs from the right one by {number(training.difference, digits=2)} at most.{learned}"


def chart_sentence(training: Training) -> str:
    """What the chart shows."""
    tests = len(training.samples.tests)
    if tests == 0:
        return "There is no other patch to test on."
    if not training.samples.are_apart:
        return f"Chart: error on {counted(tests, 'other patch', 'other patches')}."
    where = ""
    if training.part.top or training.part.left:
        where = f" of the middle {training.part.width}×{training.part.height} pixels"
    return f"Chart: error on {counted(tests, 'unseen patch', 'unseen patches')}{where}."


def edited_sentence(filter_number: int, title: str) -> str:
    """What was done with the kernel."""
    return f"Filter {filter_number} of {title} now has the learned kernel; undo brings the old one back."


def no_kernel_sentence(title: str) -> str:
    """Why the kernel was put nowhere."""
    return f"{title} is no convolution, so it has no place for the learned kernel; select a convolution first."


def _unseen_sentence(training: Training) -> str:
    conv, local, dense = training.reports
    after = f"After {counted(training.examples, 'example')}"
    first, second, third = _unknowns(training, 0), _unknowns(training, 1), f"{dense.unknowns.weights:,}"
    errors = (
        f"the local map ({second}) errs by {error_text(local.tests_error)}, "
        f"the dense one ({third}) by {error_text(dense.tests_error)}"
    )
    match is_right(conv.tests_error), is_right(local.tests_error), is_right(dense.tests_error):
        case True, True, True:
            return f"{after} all three maps are right on patches they never saw, the convolution with only {first}."
        case True, True, False:
            return (
                f"{after} the convolution ({first}) and the local map ({second}) are right on patches they never saw; "
                f"the dense one ({third}) errs by {error_text(dense.tests_error)}."
            )
        case True, _, _:
            return f"{after} the convolution ({first}) is right on patches it never saw; {errors}."
        case _ if training.rank < conv.unknowns.total:
            return (
                f"{after} only {training.rank} of the convolution’s {first} are fixed, and it errs by "
                f"{error_text(conv.tests_error)} on patches it never saw; {errors}."
            )
        case _:
            return (
                f"{after} the convolution ({first}) does what it was shown, but elsewhere something else is wanted: it "
                f"errs by {error_text(conv.tests_error)} on patches it never saw; {errors}."
            )


def _impossible_sentence(training: Training) -> str:
    conv, local, dense = training.reports
    size = training.question.size
    if _is_only_rounded(training):
        return (
            f"A convolution of {size}×{size} does this as exactly as the file’s whole numbers can tell: after "
            f"{counted(training.examples, 'example')} it errs by {error_text(conv.tests_error)} on patches never seen; "
            f"the local map ({_unknowns(training, 1)}) by {error_text(local.tests_error)}, the dense one "
            f"({dense.unknowns.weights:,}) by {error_text(dense.tests_error)}. {shift_sentence(training)}"
        )
    return (
        f"No convolution of {size}×{size} does this: after {counted(training.examples, 'example')} it errs by "
        f"{error_text(conv.examples_error)} even on what it was shown, and by {error_text(conv.tests_error)} on "
        f"patches never seen; the local map ({_unknowns(training, 1)}) by {error_text(local.tests_error)}, "
        f"the dense one ({dense.unknowns.weights:,}) by {error_text(dense.tests_error)}. {shift_sentence(training)}"
    )


def _is_only_rounded(training: Training) -> bool:
    """Whether the convolution is off by no more than rounding to whole numbers, as in an 8-bit file, would make it."""
    target = training.question.target
    if not isinstance(target, FromFile) or target.frame.pixels.dtype.kind != "u":
        return False
    off = np.abs(training.known.target - training.convolution.of_known)
    return float(off.max()) <= 1.0 and float(np.sqrt(np.mean(off**2))) <= HALF


def _untested_sentence(training: Training) -> str:
    has_tests = len(training.samples.tests) > 0
    why = "nothing but 0 is wanted elsewhere" if has_tests else "there is no other patch to test it on"
    return (
        f"After {counted(training.examples, 'example')} the convolution ({_unknowns(training, 0)}) makes no error on "
        f"what it was shown; {why}. {shift_sentence(training)}"
    )


def _still_right_sentence(training: Training, moved: str) -> str:
    local, dense = (model.shifted_error for model in training.reports[1:])
    match is_right(local), is_right(dense):
        case False, False:
            return (
                f"{moved}, the example is still right in the convolution alone; the others err by "
                f"{error_text(local)} and {error_text(dense)}."
            )
        case True, False:
            times = counted(training.samples.side**2, "time")
            return (
                f"{moved}, the example is wrong in the dense map alone ({error_text(dense)}): "
                f"the local map learned the same window {times}."
            )
        case False, True:
            return f"{moved}, the example is still right in all but the local map, which errs by {error_text(local)}."
        case _:
            return f"{moved}, the example is still right in all three."


def _unknowns(training: Training, place: int) -> str:
    unknowns = training.reports[place].unknowns
    weights = counted(unknowns.weights, "weight")
    return f"{weights} and {counted(unknowns.biases, 'bias', 'biases')}" if unknowns.biases else weights
