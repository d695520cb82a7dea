"""The article's argument: its sections have something to do, and every number in them is one of the published facts."""

import re

import pytest

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.counts import compare
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import plan
from convstudio.insight.lessons.lesson import LessonStep, number_text
from convstudio.insight.lessons.measures import measure
from convstudio.io.lessons import ARTICLE, frame_of, read_lesson
from convstudio.wiring.lessons.targets import PLACES

SECTIONS = {step.heading: step for step in read_lesson(ARTICLE, PLACES).steps}


def result_of(step: LessonStep) -> Result:
    return evaluate(step.document or Document(), frame_of(step.source))


def test_there_are_twelve_to_fifteen_sections_and_each_has_one_thing_to_do_and_a_sentence_that_follows() -> None:
    assert 12 <= len(SECTIONS) <= 15
    for step in SECTIONS.values():
        assert step.do.endswith(".")
        assert 1 <= len(step.goals) <= 2
        assert "{drag " in step.live
        assert not step.ask
        assert step.panel
        assert step.touch


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_names_in_a_sentence_are_measures_or_facts_of_the_window(heading: str) -> None:
    step = SECTIONS[heading]
    window = {
        "moved right by", "shift difference", "digit moved by", "dense right", "convolutional right", "supposed side",
        "supposed dense weights", "supposed parameters", "weights in the table", "weights at the slider",
    }  # fmt: skip
    result = result_of(step)

    for name in re.findall(r"\{(?:drag )?([^{}]+)\}", step.live):
        assert name in window or measure(result, name) is not None


@pytest.mark.parametrize(
    ("heading", "name", "fact"),
    [
        ("The same on numbers one can count", "output at 0,0", 0),
        ("The same on numbers one can count", "output at 0,1", 30),
        ("The same on numbers one can count", "output at 0,2", 30),
        ("The same on numbers one can count", "output at 0,3", 0),
        ("One filter, everywhere", "weights", 9),
        ("One filter, everywhere", "local weights", 144),
        ("One filter, everywhere", "outputs", 16),
        ("Nine inputs, and no others", "inputs seen", 9),
        ("Nine inputs, and no others", "inputs ignored", 27),
        ("Nine inputs, and no others", "output at 3,2", 30),
        ("Colour has depth", "parameters", 156),
        ("Colour has depth", "inputs seen", 25),
        ("Everything with everything", "inputs", 3072),
        ("Everything with everything", "outputs", 4704),
        ("Everything with everything", "dense weights", 14_450_688),
        ("Two steps down", "sparsity", 40.96),
        ("Two steps down", "sharing", 784),
        ("Two steps down", "weights", 450),
        ("Two steps down", "inputs seen", 75),
        ("The picture grows, not the layer", "parameters", 456),
    ],
)
def test_what_a_section_says_is_what_the_program_computes(heading: str, name: str, fact: float) -> None:
    assert measure(result_of(SECTIONS[heading]), name) == pytest.approx(fact)


def test_a_dense_layer_for_a_million_pixels_has_the_weights_and_fills_the_memory_that_its_section_says() -> None:
    step = SECTIONS["The picture grows, not the layer"]
    comparison = compare(plan(step.document or Document(), Shape(3, 1000, 1000)).steps[0])

    assert comparison is not None
    assert number_text(comparison.dense.weights) == "1.79·10¹³"
    assert "1.79·10¹³" in step.text
    assert f"{round(comparison.dense.weights * 4 / 1e12)} terabytes" in step.text
    assert comparison.conv.parameters == 456


def test_hardly_a_large_number_is_typed_into_the_text() -> None:
    written = {
        number.rstrip(".,")
        for step in SECTIONS.values()
        for number in re.findall(r"(?<![\w,.])\d[\d,.]*(?:·10[⁰-⁹¹²³]+)?", step.text)
    }

    large = {number for number in written if len(re.sub(r"\D", "", number)) > 1}
    assert large <= {"30", "32", "1,000", "1.79·10¹³", "71"}  # all others are measured
