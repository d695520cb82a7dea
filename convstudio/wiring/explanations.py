"""The explanations: a row of the table for each, and the questions they ask answered beside the window's thread."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from convstudio.commands import Commands
from convstudio.insight import conventions, kernel, matrix, reach_field, shift, teach
from convstudio.insight.progress import Progress
from convstudio.io.libraries import run_installed
from convstudio.runtime.inquiry import Inquiry
from convstudio.views.explain.conventions import ConventionsPanel
from convstudio.views.explain.explainer import Explainer
from convstudio.views.explain.kernel_examined import KernelExaminedPanel
from convstudio.views.explain.matrix import MatrixPanel
from convstudio.views.explain.reach import ReachPanel
from convstudio.views.explain.shift import ShiftPanel
from convstudio.views.explain.teach import TeachPanel
from convstudio.views.window.window import MainWindow


@dataclass(frozen=True)
class Explanation:
    """One explanation: the name of its dock, its tab, its panel, and what answers the questions of that panel."""

    name: str
    title: str
    make: Callable[[], Explainer]
    answer: Callable[[Any, Progress], object] | None = None  # None: the panel answers everything at once
    is_about_all: bool = field(
        default=False, kw_only=True
    )  # it works on every pixel, so of a large picture on a preview


EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation("matrix", "Weight matrix", MatrixPanel, matrix.answer),
    Explanation("shift", "Shift test", ShiftPanel, shift.answer, is_about_all=True),
    Explanation("reach", "Reach", ReachPanel, reach_field.answer),
    Explanation("examined", "Kernel examined", KernelExaminedPanel, kernel.answer),
    Explanation("teach", "Teach the kernel", TeachPanel, teach.answer, is_about_all=True),
    Explanation("conventions", "Conventions", ConventionsPanel, partial(conventions.answer, run=run_installed)),
)

ABOUT_ALL = frozenset(row.name for row in EXPLANATIONS if row.is_about_all)


class ExplanationWiring(QObject):
    """Shows every explanation what is current while it can be seen, and brings it the answers to its questions."""

    def __init__(
        self, window: MainWindow, commands: Commands, panels: dict[str, Explainer], executor: Executor
    ) -> None:
        super().__init__(window)
        self._window, self._commands, self._panels = window, commands, panels
        self._inquiries: dict[str, Inquiry] = {}
        for row in EXPLANATIONS:
            self._connect(row, panels[row.name], executor)
        commands.shown.connect(lambda _: self._show_all())
        window.panel_seen.connect(self._look)

    def stop(self) -> None:
        """Answer nothing any more."""
        for inquiry in self._inquiries.values():
            inquiry.stop()

    def _connect(self, row: Explanation, panel: Explainer, executor: Executor) -> None:
        inquiry = self._inquiries[row.name] = Inquiry(executor, self)
        answer = row.answer
        if answer is not None:
            panel.asked.connect(lambda question: inquiry.ask(partial(answer, question)))
        panel.cancelled.connect(inquiry.stop)
        inquiry.answered.connect(panel.show_answer)
        inquiry.answered.connect(lambda _: panel.show_progress(1.0))
        inquiry.progressed.connect(panel.show_progress)
        inquiry.refused.connect(panel.show_refusal)
        inquiry.broke.connect(self._commands.broke)
        inquiry.broke.connect(lambda _: panel.show_progress(1.0))
        panel.layer_edited.connect(self._commands.edit_selected)
        panel.message.connect(self._commands.said)

    def _look(self, name: str, is_seen: bool) -> None:  # noqa: FBT001  # a slot
        if name in self._panels and is_seen:
            self._show(name)
        elif name in self._panels:
            self._inquiries[name].stop()
            self._panels[name].rest()

    def _show_all(self) -> None:
        for name in self._panels:
            if self._window.is_seen(name):
                self._show(name)

    def _show(self, name: str) -> None:
        latest, panel = self._commands.latest, self._panels[name]
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
