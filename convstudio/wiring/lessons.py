"""Lessons: set up the step, point at what to touch, check the prediction, and give the person's own work back."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget

from convstudio.commands.commands import Commands
from convstudio.commands.sessions import Work
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.insight.lessons.lesson import Lesson, LessonStep, filled, is_right, number_text
from convstudio.insight.lessons.measures import measure
from convstudio.io.lessons import frame_of, lesson_files, read_lesson
from convstudio.runtime.tasks import Tasks
from convstudio.views.lessons.cover import Cover
from convstudio.views.lessons.panel import LessonPanel
from convstudio.views.lessons.spotlight import Spotlight
from convstudio.wiring.explanations import EXPLANATIONS
from convstudio.wiring.panels import Panels

DOCK = "lesson"
DOCKS = {row.title.lower(): row.name for row in EXPLANATIONS}
"""The docks of the explanations by the titles on their tabs."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A step with the program's numbers in its texts, and what they were measured on."""

    number: int
    step: LessonStep
    frame: Frame
    document: Document
    result: Result


def prepare(lesson: Lesson, number: int) -> Prepared:
    """Work out a step's own recipe on its own picture, and put the numbers into its text."""
    step = lesson.steps[number]
    document, frame = step.document or Document(), frame_of(step.source)
    result = evaluate(document, frame)
    told = replace(step, text=filled(step.text, result), ask=filled(step.ask, result), why=filled(step.why, result))
    return Prepared(number, told, frame, document, result)


def verdict(prepared: Prepared, given: str) -> tuple[str, bool]:
    """What to say of a prediction, and whether it was right."""
    answer = measure(prepared.result, prepared.step.answer)
    right = is_right(given, answer)
    start = f"Right: {number_text(answer)}." if right else f"You said {given.strip()}; it is {number_text(answer)}."
    return f"{start} {prepared.step.why}".strip(), right


class LessonWiring(QObject):
    """Holds the lesson under way and the work that waits for its end."""

    def __init__(self, panels: Panels, commands: Commands, tasks: Tasks) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._tasks = panels, commands, tasks
        self._lesson: Lesson | None = None
        self._work: Work | None = None
        self._prepared: Prepared | None = None
        self._locked: list[QWidget] = []
        self._covers: list[Cover] = []
        self._refuse = panels.window.status.refuse
        self._spotlight = Spotlight(panels.window)
        self._files = lesson_files()
        panel: LessonPanel = panels.lesson
        panel.lesson_chosen.connect(lambda place: self.open(self._files[place]))
        panel.step_chosen.connect(self._go)
        panel.answered.connect(self._check)
        panel.left.connect(self.leave)
        panel.file_wanted.connect(self.ask_open)

    @property
    def is_open(self) -> bool:
        return self._lesson is not None

    def show_panel(self) -> None:
        """Show the lessons to choose from, or the one under way."""
        self._panels.window.raise_panel(DOCK)
        self._panels.window.share_height({"layers": 150, DOCK: 350})

    def ask_open(self) -> None:
        """Choose a lesson file and open it."""
        text, _ = QFileDialog.getOpenFileName(self._panels.window, "Open a lesson", "", "Lessons (*.md)")
        if text:
            self.open(Path(text))

    def open(self, path: Path) -> None:
        """Begin a lesson; the person's own work waits until it is left."""
        try:
            lesson = read_lesson(path)
        except ConvStudioError as refusal:
            self._refuse(str(refusal))
            return
        if self._work is None:
            self._work = self._commands.sessions.keep_work()
        self._lesson = lesson
        self.show_panel()
        self._go(0)

    def leave(self) -> None:
        """End the lesson; everything is as it was before it began."""
        work, self._work, self._lesson, self._prepared = self._work, None, None, None
        self._unlock()
        self._spotlight.point_at(None)
        self._panels.lesson.show_offers()
        if work is not None:
            self._commands.sessions.bring_back(work)

    def _go(self, number: int) -> None:
        lesson = self._lesson
        if lesson is not None and 0 <= number < len(lesson.steps):
            self._tasks.run(
                lambda: prepare(lesson, number), lambda prepared: self._show(lesson, prepared), self._refuse
            )

    def _show(self, lesson: Lesson, prepared: Prepared) -> None:
        if lesson is not self._lesson:
            return
        self._prepared = prepared
        step = prepared.step
        self._commands.sessions.set_up(prepared.document, prepared.frame)
        self._unlock()
        if step.panel:
            self._panels.window.raise_panel(DOCKS.get(step.panel, step.panel))
        self._panels.lesson.show_step(lesson, prepared.number, step)
        for name in step.lock:
            widget = self._target(name)
            widget.setEnabled(False)
            self._locked.append(widget)
        if step.ask:
            self._covers = [Cover(widget) for widget in self._computed(step.answer)]
        self._spotlight.point_at(self._target(step.touch) if step.touch else None)

    def _check(self, given: str) -> None:
        if self._prepared is None:
            return
        try:
            sentence, right = verdict(self._prepared, given)
        except ConvStudioError as refusal:
            sentence, right = str(refusal), False
        else:
            self._uncover()
        self._panels.lesson.show_verdict(sentence, is_right=right)

    def _uncover(self) -> None:
        for cover in self._covers:
            cover.hide()
            cover.deleteLater()
        self._covers = []

    def _unlock(self) -> None:
        self._uncover()
        for widget in self._locked:
            widget.setEnabled(True)
        self._locked = []

    def _computed(self, answer: str) -> list[QWidget]:
        """All that tells what comes out: whatever is asked, one of these places has the answer.

        The settings and the input stay: from these the answer is to be predicted.
        """
        panels = self._panels
        setting = [self._target(answer)] if answer == "padding" else []  # what “same” pads stands in its own field
        return [
            panels.pair.after,
            panels.layers,
            panels.window.status.figures,
            panels.kernel.facts,
            panels.kernel.method,
            panels.parameters,
            panels.arithmetic,
            *panels.explanations.values(),
            *(label for panel in panels.inspector.panels for label in panel.computed),
            *setting,
        ]

    def _target(self, name: str) -> QWidget:
        panels, conv = self._panels, self._panels.inspector.conv
        targets: dict[str, QWidget | None] = {
            "layers": panels.layers,
            "add layer": panels.layers.add,
            "source": panels.source,
            "kernel": panels.kernel.grid,
            "presets": panels.kernel.open_presets,
            "filters": conv.filters,
            "channels": conv.mode,
            "stride": conv.stride,
            "padding": conv.padding,
            "dilation": conv.dilation,
            "groups": conv.groups,
            "border": conv.border,
            "pool": panels.inspector.pool,
            "input": panels.pair.before,
            "output": panels.pair.after,
            "display": panels.pair.display_bar,
            "wipe": panels.pair.findChild(QToolButton, "view-wipe"),
            "parameters": panels.parameters,
            "arithmetic": panels.arithmetic,
            "what if": panels.parameters.condition,
            **{title: panels.explanations[name] for title, name in DOCKS.items()},
        }
        target = targets[name]
        assert target is not None
        return target
