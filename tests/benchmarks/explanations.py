"""How soon every explanation answers.

On a photograph of 640×480 pixels each explanation is asked what its panel asks, for one layer and for three. An answer
comes within a tenth of a second, or shows how far it is about that often; there it can be stopped, too.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from statistics import median
from time import perf_counter

from convstudio.core.edits.filters import kernel_at
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.progress import Progress
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.first_recipes import small_network
from convstudio.core.recipe.layers import Conv
from convstudio.core.recipe.plan import plan
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.conventions import comparison as conventions
from convstudio.insight.kernel import analysis as kernel
from convstudio.insight.lessons import measures
from convstudio.insight.lessons.lesson import LessonStep, fill_in
from convstudio.insight.matrix import weight_matrix as matrix
from convstudio.insight.parameters.what_if import (
    Scope,
    comparison_of,
    curve_of,
    executed_layers,
)
from convstudio.insight.reach import effective as reach_field
from convstudio.insight.reach.effective import ExtentQuestion
from convstudio.insight.reach.padding_share import padding_share
from convstudio.insight.reach.theoretical import cone, dependence_of, stacked_kernels
from convstudio.insight.shift import comparison as shift
from convstudio.insight.shift.baseline import Experiment
from convstudio.insight.shift.translation import Shift
from convstudio.insight.teach import training as teach
from convstudio.insight.teach.targets import FromPreset
from convstudio.insight.trace.formula import Notation, Style, formula
from convstudio.insight.trace.sliding import excerpt_around
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import trace
from convstudio.io.lessons import frame_of, lesson_files, read_lesson
from convstudio.io.libraries import run_installed
from convstudio.io.samples import load_sample
from tests.benchmarks.claims import Claim

Answer = Callable[[Progress], object]

LIMIT = 100.0  # milliseconds without a sign
SLACK = 2.0  # signs are given “about” as often as that
RUNS = 7
RECIPES = {
    "small network": small_network(),
    "three layers": replace(
        recipe_from("conv filters 6 channels 3 | relu | conv size 5 filters 8 channels 6"), selected=2
    ),
}


def measure() -> Iterator[Claim]:
    """Ask everything: each explanation for each recipe, and the step of the lessons that takes longest."""
    for recipe, document in RECIPES.items():
        result = evaluate(document, load_sample("coffee"))
        for name, answer in answers(result).items():
            yield _claim(f"{name}, {recipe}", answer)
    steps = [_claim(name, answer) for name, answer in _lesson_answers().items()]
    yield max(steps, key=lambda claim: claim.ours)


def _claim(name: str, answer: Answer) -> Claim:
    """The median of some runs; the first one, which loads libraries, is not counted."""
    answer(lambda _: None)
    totals, silences, has_signs = [], [], False
    for _ in range(RUNS):
        signs = [perf_counter()]

        def note(fraction: float, signs: list[float] = signs) -> None:
            if fraction < 1:
                signs.append(perf_counter())

        answer(note)
        signs.append(perf_counter())
        has_signs = len(signs) > 2
        totals.append((signs[-1] - signs[0]) * 1000)
        silences.append(max(later - sooner for sooner, later in pairwise(signs)) * 1000)
    total, silence = median(totals), median(silences)
    if total <= LIMIT or not has_signs:
        return Claim(name, total, "ms", "for an answer", LIMIT, 1.0)
    return Claim(name, silence, "ms", "between signs of progress", LIMIT, SLACK, note=f"{total:.0f} ms in all")


def answers(result: Result) -> dict[str, Answer]:
    """What each panel asks when it is opened, and what its controls ask then."""
    index = result.document.selected
    unit = Unit(0, *(length // 2 for length in result.planes_at(index).shape[1:]))
    return {
        "parameters": lambda _: _counted(result, index),
        "arithmetic: one output": lambda _: _stepped(result, index, unit),
        "weight matrix": partial(matrix.answer, matrix.MatrixQuestion(result, index)),
        **_shift_answers(result, index),
        **_reach_answers(result, index, unit),
        **_kernel_answers(result, index),
        **{
            f"teach the kernel: {count} examples": partial(
                teach.answer, teach.TrainingQuestion(result.source, FromPreset("sobel-x"), examples=count)
            )
            for count in (1, 20)
        },
        "teach the kernel: 7×7, bias": partial(
            teach.answer, teach.TrainingQuestion(result.source, FromPreset("box"), size=7, has_bias=True)
        ),
    }


def _counted(result: Result, index: int) -> object:
    steps = plan(result.document, result.plan.source)
    return (
        comparison_of(steps, index, Scope.LAYER),
        comparison_of(steps, index, Scope.STACK),
        curve_of(executed_layers(steps), steps.source, index, Scope.STACK),
    )


def _stepped(result: Result, index: int, unit: Unit) -> object:
    explained = trace(result, index, *unit)
    excerpt_around(result, index, unit)
    return formula(explained, Style.LATEX, Notation.NUMBERS)


def _shift_answers(result: Result, index: int) -> dict[str, Answer]:
    layers = tuple(step.layer for step in result.plan.steps[: index + 1])
    experiment = Experiment(layers, result.source, result.frame.white)
    return {
        "shift test: one shift": partial(shift.answer, shift.ShiftQuestion(experiment, Shift.of(1))),
        "shift test: half a pixel": partial(shift.answer, shift.ShiftQuestion(experiment, Shift.of(0.5, -2.5))),
        "shift test: the curve": partial(shift.answer, shift.CurveQuestion(experiment)),
    }


def _reach_answers(result: Result, index: int, unit: Unit) -> dict[str, Answer]:
    steps = result.plan
    return {
        "reach: the cone": lambda _: (dependence_of(steps, index, unit), cone(steps, index, unit)),
        "reach: every layer measured": partial(reach_field.answer, ExtentQuestion(result, index, unit)),
        "reach: measured": partial(reach_field.answer, reach_field.FieldQuestion(result, index, unit)),
        "reach: from padding": lambda _: padding_share(steps, index),
        "reach: three 3×3": lambda _: stacked_kernels(steps.source.channels),
    }


def _kernel_answers(result: Result, index: int) -> dict[str, Answer]:
    layer = result.plan.steps[index].layer
    assert isinstance(layer, Conv)
    question = conventions.question_of(result.frame, 0, layer, kernel_at(layer, 0, 0))
    return {
        "kernel examined": partial(kernel.answer, kernel.KernelQuestion(layer, 0, 0)),
        "conventions": partial(conventions.answer, question, run=run_installed),
    }


def _lesson_answers() -> dict[str, Answer]:
    """Every step of the lessons that come with the program: its recipe worked out, its numbers put into its texts."""
    return {
        f"{path.stem}, step {number}": partial(_answered, step, frame_of(step.source))
        for path in lesson_files()
        for number, step in enumerate(read_lesson(path).steps, start=1)
    }


def _answered(step: LessonStep, frame: Frame, _: Progress) -> object:
    result = evaluate(step.document or Document(), frame)
    answer = measures.measure(result, step.answer) if step.answer else None
    return answer, [fill_in(text, result) for text in (step.text, step.ask, step.why)]
