"""The explanations: a row of the table for each, and the questions they ask answered beside the window's thread.

A panel and what answers it are imported when somebody first looks, so that the window opens sooner.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from convstudio.commands.commands import Commands
from convstudio.core.progress import Progress
from convstudio.runtime.inquiry import Inquiry
from convstudio.views.explain.deferred import Holder
from convstudio.views.explain.explainer import Explainer
from convstudio.views.window.window import MainWindow

Answer = Callable[[Any, Progress], object]
PanelAndAnswer = tuple[Explainer, Answer]


@dataclass(frozen=True)
class Explanation:
    """One explanation: the name of its stage, and what makes its panel and what answers the panel's questions.

    One that is about all of a picture works on every pixel, so of a large picture on a preview.
    """

    name: str
    make: Callable[[], PanelAndAnswer]
    is_about_all: bool = False


def _count() -> PanelAndAnswer:
    from convstudio.insight.parameters.sparsity_pattern import answer
    from convstudio.views.explain.parameters.panel import CountStage

    return CountStage(), answer


def _matrix() -> PanelAndAnswer:
    from convstudio.insight.matrix.weight_matrix import answer
    from convstudio.views.explain.matrix.panel import MatrixPanel

    return MatrixPanel(), answer


def _shift() -> PanelAndAnswer:
    from convstudio.insight.shift.comparison import answer
    from convstudio.views.explain.shift.panel import ShiftPanel

    return ShiftPanel(), answer


def _reach() -> PanelAndAnswer:
    from convstudio.insight.reach.effective import answer
    from convstudio.views.explain.reach.panel import ReachPanel

    return ReachPanel(), answer


def _examined() -> PanelAndAnswer:
    from convstudio.insight.kernel.analysis import answer
    from convstudio.views.explain.kernel.panel import KernelExaminedPanel

    return KernelExaminedPanel(), answer


def _learn() -> PanelAndAnswer:
    from convstudio.insight.learn.study import answer
    from convstudio.io.digits import load_digits
    from convstudio.views.explain.learn.panel import LearnPanel

    return LearnPanel(), partial(answer, digits=load_digits())


def _teach() -> PanelAndAnswer:
    from convstudio.insight.teach.training import answer
    from convstudio.views.explain.teach.panel import TeachPanel

    return TeachPanel(), answer


def _conventions() -> PanelAndAnswer:
    from convstudio.insight.conventions.comparison import answer
    from convstudio.io.libraries import run_installed
    from convstudio.views.explain.conventions.panel import ConventionsPanel

    return ConventionsPanel(), partial(answer, run=run_installed)


EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation("count", _count),
    Explanation("weights", _matrix),
    Explanation("shift", _shift, is_about_all=True),
    Explanation("reach", _reach),
    Explanation("kernel", _examined),
    Explanation("learn", _learn),
    Explanation("teach", _teach, is_about_all=True),
    Explanation("libraries", _conventions),
)

ABOUT_ALL = frozenset(row.name for row in EXPLANATIONS if row.is_about_all)


class ExplanationWiring(QObject):
    """Shows every explanation what is current while it can be seen, and brings it the answers to its questions."""

    broke = Signal(str)  # a traceback of a fault of ours

    def __init__(self, window: MainWindow, commands: Commands, holders: dict[str, Holder], executor: Executor) -> None:
        super().__init__(window)
        self._window, self._commands, self._holders = window, commands, holders
        self._executor = executor
        self._inquiries: dict[str, Inquiry] = {}
        for name, holder in holders.items():
            holder.opened.connect(partial(self._connect, name))
        commands.looking.shown.connect(lambda _: self._show_present())
        self._on = window.stage
        window.stage_changed.connect(self._look)

    def is_busy_with(self, name: str) -> bool:
        """Whether an answer is being worked out for an explanation."""
        return name in self._inquiries and self._inquiries[name].is_busy

    def stop(self) -> None:
        """Answer nothing any more."""
        for inquiry in self._inquiries.values():
            inquiry.stop()

    def _connect(self, name: str, panel: Explainer, answer: Answer) -> None:
        inquiry = self._inquiries[name] = Inquiry(self._executor, self)
        panel.asked.connect(lambda question: inquiry.ask(partial(answer, question)))
        panel.cancelled.connect(inquiry.stop)
        inquiry.answered.connect(panel.show_answer)
        inquiry.answered.connect(lambda _: panel.show_progress(1.0))
        inquiry.progressed.connect(panel.show_progress)
        inquiry.refused.connect(panel.show_refusal)
        inquiry.broke.connect(self.broke)
        inquiry.broke.connect(lambda _: panel.show_progress(1.0))
        panel.layer_edited.connect(self._commands.recipe.edit_selected)
        panel.message.connect(self._window.status.say)
        if panel.column is not None:
            self._window.add_column(name, panel.column)
            self._window.show_column(self._window.stage)

    def _look(self, name: str) -> None:
        before, self._on = self._holders.get(self._on), name
        if before is not None and before.panel is not None:
            self._inquiries[before.name].stop()
            before.panel.rest()
        self._show_present()

    def _show_present(self) -> None:
        if self._on in self._holders:
            self._show(self._on)

    def _show(self, name: str) -> None:
        latest, panel = self._commands.looking.latest, self._holders[name].open()
        if latest is None:
            return
        is_reduced = name in ABOUT_ALL and not latest.result.is_whole
        small, large = latest.overview.result.plan.source, latest.result.plan.source
        panel.show_note(
            f"This works on the picture reduced to {small.width}×{small.height}: all of its "
            f"{large.width}×{large.height} pixels are too many."
            if is_reduced
            else ""
        )
        panel.show_shown(latest.overview if is_reduced else latest)
