"""Lessons: set up the step, point at what to touch, check the prediction, and give the person's own work back."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from convstudio.commands.commands import Commands
from convstudio.commands.sessions import Work
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.insight.lessons.lesson import Lesson, LessonStep, fill_in, is_right, number_text
from convstudio.insight.lessons.measures import measure
from convstudio.insight.trace.taps import Unit
from convstudio.io.lessons import ARTICLE, OWN, frame_of, lesson_files, read_lesson
from convstudio.runtime.tasks import Tasks
from convstudio.views import theme
from convstudio.views.lessons.answer_cover import Cover
from convstudio.views.lessons.panel import LessonPanel
from convstudio.views.lessons.spotlight import Spotlight
from convstudio.views.window.stages import PICTURES
from convstudio.wiring.lessons.following import Following
from convstudio.wiring.lessons.targets import PLACES, TARGETS, in_count_column
from convstudio.wiring.panels import Panels
from convstudio.wiring.probe import ProbeWiring


@dataclass(frozen=True)
class Surroundings:
    """What a person had on the screen before a lesson, beside the recipe and the picture."""

    stage: str
    column: str
    wiped: frozenset[str]
    is_gallery: bool


@dataclass(frozen=True, eq=False)
class Prepared:
    """A step with the program's numbers in its texts, and what they were measured on."""

    number: int
    step: LessonStep
    frame: Frame
    document: Document
    result: Result


def prepare(lesson: Lesson, number: int, own: Frame | None = None) -> Prepared:
    """Work out a step's own recipe on its own picture, or on the person's, and put the numbers into its text."""
    step = lesson.steps[number]
    is_own = step.source == OWN and own is not None and not own.shape.is_large
    document, frame = step.document or Document(), own if is_own and own is not None else frame_of(step.source)
    result = evaluate(document, frame)
    filled_in = replace(
        step, text=fill_in(step.text, result), ask=fill_in(step.ask, result), why=fill_in(step.why, result)
    )
    return Prepared(number, filled_in, frame, document, result)


def verdict(prepared: Prepared, prediction: str) -> tuple[str, bool]:
    """What to say of a prediction, and whether it was right."""
    answer = measure(prepared.result, prepared.step.answer)
    right = is_right(prediction, answer)
    start = (
        f"Right: {number_text(answer)}." if right else f"You said {prediction.strip()}; it is {number_text(answer)}."
    )
    return f"{start} {prepared.step.why}".strip(), right


class LessonWiring(QObject):
    """Holds the lesson under way and the work that waits for its end."""

    def __init__(self, panels: Panels, commands: Commands, tasks: Tasks, probe: ProbeWiring) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._tasks, self._probe = panels, commands, tasks, probe
        self._following = Following(panels, commands, probe)
        self._lesson: Lesson | None = None
        self._work: tuple[Work, Surroundings] | None = None
        self._prepared: Prepared | None = None
        self._locked: list[QWidget] = []
        self._covers: list[Cover] = []
        self._refuse = panels.window.status.refuse
        self._spotlight = Spotlight(panels.window)
        self.files = lesson_files()
        panel: LessonPanel = panels.lesson
        panel.lesson_chosen.connect(lambda place: self.open(self.files[place]))
        panel.step_chosen.connect(self._go)
        panel.answered.connect(self._check)
        panel.left.connect(self.leave)
        panel.file_wanted.connect(self.ask_open)

    @property
    def is_open(self) -> bool:
        return self._lesson is not None

    def show_panel(self) -> None:
        """Show the lessons to choose from, or the one under way."""
        self._panels.window.show_lesson(is_open=True)

    def ask_open(self) -> None:
        """Choose a lesson file and open it."""
        text, _ = QFileDialog.getOpenFileName(self._panels.window, "Open a lesson", "", "Lessons (*.md)")
        if text:
            self.open(Path(text))

    def follow_article(self) -> None:
        """Begin with the argument of the article."""
        self.open(ARTICLE)

    def open(self, path: Path) -> None:
        """Begin a lesson; the person's own work waits until it is left."""
        try:
            lesson = read_lesson(path, PLACES)
        except ConvStudioError as refusal:
            self._refuse(str(refusal))
            return
        if self._work is None:
            self._work = self._commands.sessions.keep_work(), self._surroundings()
        self._lesson = lesson
        self.show_panel()
        self._go(0)

    def leave(self) -> None:
        """End the lesson; everything is as it was before it began."""
        work, self._work, self._lesson, self._prepared = self._work, None, None, None
        self._unlock()
        self._following.end()
        self._spotlight.point_at(None)
        self._panels.lesson.show_offers()
        self._panels.window.show_lesson(is_open=False)
        if work is not None:
            own, surroundings = work
            self._commands.sessions.bring_back(own)
            self._give_back(surroundings)

    def _surroundings(self) -> Surroundings:
        window, pair = self._panels.window, self._panels.pair
        return Surroundings(window.stage, window.column, pair.wiped, pair.view_bar.is_gallery)

    def _give_back(self, surroundings: Surroundings) -> None:
        window, pair = self._panels.window, self._panels.pair
        window.show_stage(surroundings.stage)
        window.show_column(surroundings.column)
        pair.show_wiped(surroundings.wiped)
        pair.view_bar.set_gallery(is_open=surroundings.is_gallery)

    def _go(self, number: int) -> None:
        lesson, own = self._lesson, self._work[0].frame if self._work is not None else None
        if lesson is not None and 0 <= number < len(lesson.steps):
            self._tasks.run(
                lambda: prepare(lesson, number, own), lambda prepared: self._show(lesson, prepared), self._refuse
            )

    def _show(self, lesson: Lesson, prepared: Prepared) -> None:
        if lesson is not self._lesson:
            return
        self._prepared = prepared
        step = prepared.step
        self._unlock()
        if step.ask:
            self._cover(step.answer)  # before anything is computed
        self._panels.pair.show_wiped(frozenset())
        self._panels.pair.view_bar.set_gallery(is_open=False)
        self._commands.sessions.set_up(prepared.document, prepared.frame)
        for row, column in step.pins:
            self._probe.pin_or_release(Unit(0, row, column))
        self._panels.window.show_stage(step.panel or PICTURES)
        self._panels.lesson.show_step(lesson, prepared.number, step)
        for name in step.lock:
            widget = self._target(name)
            widget.setEnabled(False)
            self._locked.append(widget)
        self._show_around(step)
        self._point_at(step.touch)
        self._following.begin(step)

    def _point_at(self, name: str) -> None:
        """Frame what a step asks to touch, once it is not covered any more."""
        target = self._target(name) if name else None
        is_covered = target is not None and any(
            target is cover.hidden or cover.hidden.isAncestorOf(target) for cover in self._covers
        )
        self._spotlight.point_at(None if is_covered else target)

    def _show_around(self, step: LessonStep) -> None:
        """Show beside the stage what the step speaks of: the column that has its control, the flow, or nothing."""
        panels, window = self._panels, self._panels.window
        targets = [self._target(name) for name in (*filter(None, [step.touch]), *step.lock, *step.needs)]
        columns = [column for target in targets if (column := window.column_of(target))]
        if columns:
            window.show_column(columns[0])
            panels.inspector.show_part(next(target for target in targets if window.column_of(target)))
        window.show_around(
            has_flow=any(target is panels.flow or panels.flow.isAncestorOf(target) for target in targets),
            has_column=bool(columns) or (window.measures.has_second_line and window.has_own_column(window.stage)),
        )

    def _cover(self, answer: str) -> None:
        large = {self._panels.pair.after, self._panels.step.computed[0], *self._panels.explanations.values()}
        strip = self._panels.strip
        self._covers = [Cover(strip, inset=theme.SPACE)] + [
            Cover(widget, has_words=widget in large) for widget in self._computed(answer)
        ]
        self._panels.flow.show_answers(is_on=False)

    def _check(self, prediction: str) -> None:
        if self._prepared is None:
            return
        try:
            sentence, right = verdict(self._prepared, prediction)
        except ConvStudioError as refusal:
            sentence, right = str(refusal), False
        else:
            self._uncover()
            self._point_at(self._prepared.step.touch)
        self._panels.lesson.show_verdict(sentence, is_right=right)

    def _uncover(self) -> None:
        for cover in self._covers:
            cover.lift()
        self._covers = []
        for widget in self._locked:
            widget.setEnabled(False)  # it may have been covered, too
        self._panels.flow.show_answers(is_on=True)

    def _unlock(self) -> None:
        locked, self._locked = self._locked, []
        self._uncover()
        for widget in locked:
            widget.setEnabled(True)

    def _computed(self, answer: str) -> list[QWidget]:
        """All that tells what comes out: whatever is asked, one of these places has the answer.

        The settings and the input stay: from these the answer is to be predicted.
        """
        panels = self._panels
        setting = [self._target(answer)] if answer == "padding" else []  # what “same” pads stands in its own field
        return [
            panels.pair.after,
            *panels.pair.display_bar.computed,
            *panels.step.computed,
            *panels.explanations.values(),
            *filter(None, [in_count_column("count-figures", panels)]),
            *panels.inspector.computed,
            *setting,
        ]

    def _target(self, name: str) -> QWidget:
        target = TARGETS[name](self._panels)
        assert target is not None
        return target
