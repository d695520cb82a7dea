"""The lessons that come with the program: every number that a step names is computed from the step's own recipe."""

import re
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.recipe.document import Document
from convstudio.insight.lessons.lesson import LessonStep, Places, fill_in, is_right
from convstudio.insight.lessons.measures import measure
from convstudio.io.lessons import frame_of, lesson_files, lesson_title, read_lesson

STEPS = [
    pytest.param(step, id=f"{path.stem}-{number + 1}")
    for path in lesson_files()
    for number, step in enumerate(read_lesson(path).steps)
]


def test_there_are_five_lessons_of_ten_steps() -> None:
    lessons = [read_lesson(path) for path in lesson_files()]

    assert [len(lesson.steps) for lesson in lessons] == [10] * 5
    assert all(lesson.summary for lesson in lessons)


def test_a_title_is_the_same_without_its_steps() -> None:
    titles = [lesson_title(path) for path in lesson_files()]

    assert titles == [read_lesson(path).title for path in lesson_files()]
    assert titles[0] == "1 · Edges"


@pytest.mark.parametrize("step", STEPS)
def test_the_program_computes_the_number_that_a_step_names(step: LessonStep) -> None:
    result = evaluate(step.document or Document(), frame_of(step.source))

    assert step.expect is not None
    assert measure(result, step.answer) == pytest.approx(step.expect, abs=1e-4)
    assert is_right(str(step.expect), measure(result, step.answer))
    assert "{" not in fill_in(f"{step.text}{step.ask}{step.why}", result)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_has_something_to_touch_and_a_reason(step: LessonStep) -> None:
    assert step.touch
    assert step.why.endswith(".")
    assert re.search(r"[?]", step.ask)


@pytest.mark.parametrize("step", STEPS)
def test_words_count_rows_and_columns_from_1(step: LessonStep) -> None:
    measured = re.fullmatch(r"output at (\d+),(\d+)", step.answer)
    asked = re.search(r"output .*in row (\d+), column (\d+)\?|say in row (\d+), column (\d+)\?", step.ask)
    words = f"{step.text} {step.ask} {step.why}"

    assert "counted from 0" not in words
    assert "row 0" not in words
    if "row" in step.ask and measured is not None:
        assert asked is not None
        numbers = [int(number) for number in asked.groups() if number is not None]
        assert numbers == [int(number) + 1 for number in measured.groups()]


def test_what_is_said_of_sobel_and_noise_is_so() -> None:
    prewitt, sobel = (np.outer(smooth, [-1, 0, 1]) for smooth in ([1, 1, 1], [1, 2, 1]))
    step = next(step for step in read_lesson(lesson_files()[0]).steps if step.heading == "Sobel's weights")

    # an edge of height 1 adds up the weights of one side; white noise grows by the root of the squares
    of_prewitt, of_sobel = (kernel[:, 2].sum() / np.linalg.norm(kernel) for kernel in (prewitt, sobel))

    assert f"3/√6 ≈ {of_prewitt:.3f} with equal weights" in step.text
    assert f"4/√12 ≈ {of_sobel:.3f} here" in step.text
    assert of_prewitt > of_sobel


def test_what_is_said_of_the_9_one_pixel_up_is_so() -> None:
    lower, upper = "0 0 0 0; 0 0 0 0; 0 0 0 9; 0 0 0 0", "0 0 0 0; 0 0 0 9; 0 0 0 0; 0 0 0 0"
    step = read_lesson(lesson_files()[4]).steps[9]

    outputs = [
        measure(evaluate(step.document or Document(), frame_of(f"grid {grid}")), step.answer) for grid in (lower, upper)
    ]

    assert step.source == f"grid {lower}"
    assert outputs == [9, 0]


def test_a_picture_is_a_sample_in_any_size_or_a_grid() -> None:
    assert str(frame_of("coffee 32x16").shape) == "32×16×3"
    assert frame_of("grid 1 2; 3 4").pixels[:, :, 0].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("source", ["tea", "coffee 32", "coffee 0x4", "coffee 99999x9", "grid 1 2; 3"])
def test_a_picture_that_cannot_be_had_is_refused(source: str) -> None:
    with pytest.raises(ConvStudioError):
        frame_of(source)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# A step\n\nText.", "title"),
        ("title: T\n", "at least one step"),
        ("title: T\n\n# A step\nrecipe: swirl\n\nText.", "Line 3.*swirl"),
        ("title: T\n\n# A step\nmood: good\n\nText.", "Line 4.*mood"),
        ("title: T\n\n# A step\nask: How many?\n\nText.", "Line 3.*answer"),
        ("title: T\n\n# A step\ntouch: nose\n\nText.", "nose"),
        ("title: T\n\n# A step\npanel: nose\n\nText.", "Line 3.*nose.*weight matrix"),
        ("title: T\n\n# A step\nsource: article\n", "no text"),
    ],
)
def test_what_is_wrong_in_a_lesson_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.md"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConvStudioError, match=says) as refusal:
        read_lesson(path, Places(targets=("kernel",), panels=("arithmetic", "weight matrix")))

    assert "mine.md" in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_bytes(b"title: \xff\xfe")

    with pytest.raises(ConvStudioError, match="UTF-8"):
        read_lesson(path)
