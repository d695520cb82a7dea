"""The window with every panel in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from convstudio.io.export.encoding import Depth, Format
from convstudio.io.export.export import Content, Values
from convstudio.views.explain.deferred import Holder
from convstudio.views.explain.parameters.panel import ParametersPanel
from convstudio.views.explain.trace.panel import ArithmeticPanel
from convstudio.views.flow.panel import LayersPanel
from convstudio.views.inspector.inspector import Inspector
from convstudio.views.kernel.panel import KernelPanel
from convstudio.views.lessons.panel import LessonPanel
from convstudio.views.pictures.pair import PicturePair
from convstudio.views.window.export_panel import ExportPanel
from convstudio.views.window.play_bar import PlayBar
from convstudio.views.window.question_bar import QuestionBar
from convstudio.views.window.source_panel import Offer, SourcePanel
from convstudio.views.window.window import BOTTOM, LEFT, RIGHT, MainWindow
from convstudio.wiring.explanations import EXPLANATIONS

TITLES = {"parameters": "Parameters", "arithmetic": "Arithmetic", **{row.name: row.title for row in EXPLANATIONS}}
"""The panels that explain, as their tabs call them, by the names of their docks."""


@dataclass(frozen=True)
class Panels:
    """The window and every panel in it."""

    window: MainWindow
    pair: PicturePair
    play_bar: PlayBar
    question_bar: QuestionBar
    layers: LayersPanel
    source: SourcePanel
    inspector: Inspector
    kernel: KernelPanel
    parameters: ParametersPanel
    arithmetic: ArithmeticPanel
    export: ExportPanel
    explanations: dict[str, Holder]
    lesson: LessonPanel


def build_panels(offers: Sequence[Offer], lessons: tuple[str, ...]) -> Panels:
    """Make the window with its panels in their places."""
    pair, play_bar = PicturePair(), PlayBar()
    question_bar = QuestionBar()
    window = MainWindow((pair, play_bar), above=question_bar)
    panels = Panels(
        window=window,
        pair=pair,
        play_bar=play_bar,
        question_bar=question_bar,
        layers=LayersPanel(),
        source=SourcePanel(offers),
        inspector=Inspector(),
        kernel=KernelPanel(),
        parameters=ParametersPanel(),
        arithmetic=ArithmeticPanel(),
        export=ExportPanel(tuple(Values), tuple(Content), tuple(Format), tuple(Depth)),
        explanations={row.name: Holder(row.name, row.make) for row in EXPLANATIONS},
        lesson=LessonPanel(lessons),
    )
    side = QWidget()
    stack = QVBoxLayout(side)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(0)
    for widget in (panels.source, panels.kernel, panels.inspector):
        stack.addWidget(widget)
    stack.addStretch(1)
    window.add_panel("layers", "Layers", panels.layers, LEFT, scrolls=False)
    window.add_panel("lesson", "Lesson", panels.lesson, LEFT, scrolls=True)
    window.add_panel("inspector", "Inspector", side, RIGHT, scrolls=True)
    window.add_panel("parameters", TITLES["parameters"], panels.parameters, BOTTOM, scrolls=False)
    window.add_panel("arithmetic", TITLES["arithmetic"], panels.arithmetic, BOTTOM, scrolls=True)
    for name, holder in panels.explanations.items():
        window.add_panel(name, TITLES[name], holder, BOTTOM, scrolls=True)
    window.add_panel("export", "Export", panels.export, BOTTOM, scrolls=True)
    window.resize(1440, 900)
    window.docks["lesson"].hide()
    window.arrange({"layers": 236, "inspector": 364}, {"parameters": 240})
    return panels
