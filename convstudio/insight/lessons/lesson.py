"""Lessons as values, and how they are written: Markdown with a few `key: value` lines below each heading.

A lesson begins with `title:` and `summary:` lines. Every step is a heading of one #, lines that set it up, an empty
line, and its text. Reading files is not done here.
"""

import re
from dataclasses import dataclass, field, replace

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.kernels.text import read_number
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.text import recipe_from
from convstudio.core.wording import integer, number
from convstudio.insight.article.drawings import Drawing
from convstudio.insight.lessons.goals import Goal, goals_from
from convstudio.insight.lessons.measures import measure

_HEAD = ("title", "summary")
_KEYS = (
    "source", "recipe", "select", "panel", "touch", "lock", "needs", "ask", "answer", "expect", "why", "do", "goals",
    "live", "pins", "drawing",
)  # fmt: skip
_LINE = re.compile(r"([a-z]+):\s*(.*)")
_ASKED = re.compile(r"\{([^{}]+)\}")
LARGEST_WRITTEN = 10**12  # beyond it digits are counted, not read
_TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@dataclass(frozen=True)
class LessonStep:
    """One step of a lesson: what it sets up, its text, what to touch, and a question.

    `needs` is what shall be in sight beside what is touched or locked.
    `text`, `why` and `ask` may hold names of measures in braces; the program's numbers take their place. `answer` is a
    measure too, and `expect` what the author says it is. `do` says what to do, `goals` what is true once it is done,
    and `live` is a sentence whose numbers follow; `{drag NAME}` in it is a number that a person drags. `pins` are units
    of the output, (row, column) from 0, and `drawing` is what the card draws beside the text.
    """

    heading: str
    text: str
    source: str = ""
    document: Document | None = None
    panel: str = ""
    touch: str = ""
    lock: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    ask: str = ""
    answer: str = ""
    expect: float | None = None
    why: str = ""
    do: str = ""
    goals: tuple[Goal, ...] = ()
    live: str = ""
    pins: tuple[tuple[int, int], ...] = ()
    drawing: Drawing = Drawing.NOTHING


@dataclass(frozen=True)
class Lesson:
    """A title, a sentence, and steps."""

    title: str
    summary: str
    steps: tuple[LessonStep, ...] = field(default=())


@dataclass(frozen=True)
class Places:
    """What steps can name, as people know it: what they point at or lock, and which panels they bring to the front."""

    targets: tuple[str, ...]
    panels: tuple[str, ...]


def lesson_from(text: str, places: Places | None = None) -> Lesson:
    """Read a lesson. A step without its own source or recipe keeps that of the step before.

    Where `places` are given, a step that names another is refused.

    Raises
    ------
    ConvStudioError
        If something is missing or not known; the sentence names the line.

    Examples
    --------
    >>> lesson = lesson_from('''title: Edges
    ... summary: One step.
    ...
    ... # A grid
    ... source: article
    ... recipe: conv article-vertical padding valid
    ... ask: What is the largest output?
    ... answer: largest output
    ... expect: 30
    ...
    ... Look at the grid.
    ... ''')
    >>> lesson.title, lesson.steps[0].heading, lesson.steps[0].expect
    ('Edges', 'A grid', 30.0)
    """
    blocks: list[tuple[int, list[str]]] = [(0, [])]
    for place, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# "):
            blocks.append((place, []))
        blocks[-1][1].append(line)
    head, _ = _entries(blocks[0][1], 1, _HEAD)
    if not head.get("title") or len(blocks) == 1:
        raise ConvStudioError(
            "A lesson needs a line “title: …” and at least one step that begins with “# …”; add them."
        )
    steps: list[LessonStep] = []
    for place, lines in blocks[1:]:
        steps.append(_step(place, lines, steps[-1] if steps else None, places))
    return Lesson(head["title"], head.get("summary", ""), tuple(steps))


def title_of(text: str) -> str:
    """The title of a lesson, whatever its steps hold; "" where there is none.

    Examples
    --------
    >>> title_of("title: Edges\\n\\n# A step that is never read")
    'Edges'
    """
    head, _ = _entries(text.split("\n# ", 1)[0].splitlines(), 1, _HEAD)
    return head.get("title", "")


def _entries(lines: list[str], place: int, keys: tuple[str, ...]) -> tuple[dict[str, str], int]:
    """The `key: value` lines at the top, and how many lines they take."""
    entries: dict[str, str] = {}
    for count, line in enumerate(lines):
        match = _LINE.fullmatch(line.strip())
        if not line.strip() and not entries:
            continue
        if match is None:
            return entries, count
        key = match[1]
        if key not in keys:
            raise ConvStudioError(f"Line {place + count}: “{key}” is not known; use one of {', '.join(keys)}.")
        entries[key] = match[2].strip()
    return entries, len(lines)


def _step(place: int, lines: list[str], before: LessonStep | None, places: Places | None) -> LessonStep:
    heading = lines[0].removeprefix("# ").strip()
    entries, count = _entries(lines[1:], place + 1, _KEYS)
    text = "\n".join(lines[1 + count :]).strip()
    if not text:
        raise ConvStudioError(f"Line {place}: the step “{heading}” has no text; write what to see or do.")
    if bool(entries.get("ask")) is not bool(entries.get("answer")):
        raise ConvStudioError(f"Line {place}: the step “{heading}” needs both “ask:” and “answer:”, or neither.")
    try:
        document = recipe_from(entries["recipe"]) if "recipe" in entries else before.document if before else None
        if document is not None and "select" in entries:
            document = replace(document, selected=int(read_number(entries["select"])) - 1)
        expect = read_number(entries["expect"]) if "expect" in entries else None
        goals, pins = goals_from(entries.get("goals", "")), _pins(entries.get("pins", ""))
        drawing = _drawing(entries.get("drawing", ""))
    except ConvStudioError as refusal:
        raise ConvStudioError(f"Line {place}: the step “{heading}” cannot be set up: {refusal}") from None
    lock, needs = (
        tuple(name.strip() for name in entries.get(key, "").split(",") if name.strip()) for key in ("lock", "needs")
    )
    touch, panel = entries.get("touch", ""), entries.get("panel", "").lower()
    if places is not None:
        _check(place, "nothing is", (*lock, *needs, touch), places.targets)
        _check(place, "no panel is", (panel,), places.panels)
    return LessonStep(
        heading=heading,
        text=text,
        source=entries.get("source", before.source if before else ""),
        document=document,
        panel=panel,
        touch=touch,
        lock=lock,
        needs=needs,
        ask=entries.get("ask", ""),
        answer=entries.get("answer", ""),
        expect=expect,
        why=entries.get("why", ""),
        do=entries.get("do", ""),
        goals=goals,
        live=entries.get("live", ""),
        pins=pins,
        drawing=drawing,
    )


def _pins(text: str) -> tuple[tuple[int, int], ...]:
    """Rows and columns, from 0: `0,0 | 3,2`."""
    places = [part.split(",") for part in text.split("|") if part.strip()]
    if not all(len(place) == 2 and all(side.strip().isdecimal() for side in place) for place in places):
        raise ConvStudioError(f"“{text}” are no places; write row,column | row,column.")
    return tuple((int(row), int(column)) for row, column in places)


def _drawing(text: str) -> Drawing:
    if text not in tuple(Drawing):
        names = ", ".join(filter(None, Drawing))
        raise ConvStudioError(f"There is no drawing called “{text}”; use one of {names}.")
    return Drawing(text)


def _check(place: int, nothing: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in filter(None, names):
        if name not in known:
            raise ConvStudioError(f"Line {place}: {nothing} called “{name}”; use one of {', '.join(known)}.")


def fill_in(text: str, result: Result) -> str:
    """A text with the program's own numbers in the place of the names in braces.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> fill_in("It has {outputs} values.", evaluate(recipe_from("relu"), Frame(np.zeros((2, 3, 1)), white=1.0)))
    'It has 6 values.'
    """
    return _ASKED.sub(lambda match: number_text(measure(result, match[1])), text)


def number_text(value: float) -> str:
    """A number as lessons write it: thousands are divided, and very large ones are powers of ten.

    Examples
    --------
    >>> number_text(14450688.0), number_text(40.96), number_text(17856288000000.0)
    ('14,450,688', '40.96', '1.79·10¹³')
    """
    if value == int(value):
        return integer(int(value), most=LARGEST_WRITTEN)
    return number(value, digits=6)


def is_right(reply: str, answer: float) -> bool:
    """Whether a typed answer is the right one; two or more digits may be rounded.

    Raises
    ------
    ConvStudioError
        If it is no number.

    Examples
    --------
    >>> is_right("14 million", 14450688.0), is_right("352,800", 352800.0), is_right("41", 40.96), is_right("3", 2.7)
    (True, True, True, False)
    """
    text = reply.strip().lower()
    factor = next((times for word, times in _TIMES.items() if text.endswith(word)), 1.0)
    for word in _TIMES:
        text = text.removesuffix(word)
    text = re.sub(r"(?<=\d)[, ](?=\d{3}(\D|$))", "", text.strip())
    typed = read_number(text) * factor
    digits = len(re.sub(r"\D", "", text).lstrip("0"))
    is_rounded = digits >= 2 and float(f"{answer:.{digits - 1}e}") == float(f"{typed:.{digits - 1}e}")
    return is_rounded or abs(typed - answer) <= 1e-6 * max(1.0, abs(answer))
