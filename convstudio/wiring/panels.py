"""The window with every panel in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from convstudio.io.export.encoding import Depth, Format
from convstudio.io.export.export import Content, Values
from convstudio.views.count_strip import CountStrip
from convstudio.views.explain.deferred import Holder
from convstudio.views.explain.trace.panel import StepStage
from convstudio.views.flow.flow import LayerFlow
from convstudio.views.inspector.column import InspectorColumn
from convstudio.views.inspector.source import Offer
from convstudio.views.kernel.panel import KernelPanel
from convstudio.views.lessons.panel import LessonPanel
from convstudio.views.networks.chooser import BankChooser
from convstudio.views.pictures.pair import PicturePair
from convstudio.views.presenter.column import PresenterColumn
from convstudio.views.presets.chip import PreviewChip
from convstudio.views.presets.gallery import PresetGallery
from convstudio.views.window.export_panel import ExportPanel
from convstudio.views.window.page_bar import PageBar
from convstudio.views.window.play_bar import PlayBar
from convstudio.views.window.question_bar import QuestionBar
from convstudio.views.window.stages import PICTURES
from convstudio.views.window.window import PRESENTER, MainWindow, WindowParts
from convstudio.wiring.explanations import EXPLANATIONS

TAKE_HOME = "take-home"
"""The column in which a person says what to save."""


@dataclass(frozen=True)
class Panels:
    """The window and every panel in it."""

    window: MainWindow
    pair: PicturePair
    play_bar: PlayBar
    page_bar: PageBar
    question_bar: QuestionBar
    bank_chooser: BankChooser
    flow: LayerFlow
    inspector: InspectorColumn
    presets: PresetGallery
    preview_chip: PreviewChip
    presenter: PresenterColumn
    step: StepStage
    export: ExportPanel
    strip: CountStrip
    explanations: dict[str, Holder]
    lesson: LessonPanel

    @property
    def kernel(self) -> KernelPanel:
        """The kernel editor in the column."""
        return self.inspector.kernel


def build_panels(offers: Sequence[Offer], lessons: tuple[str, ...]) -> Panels:
    """Make the window with its panels in their places."""
    window = MainWindow()
    panels = Panels(
        window=window,
        pair=PicturePair(),
        play_bar=PlayBar(),
        page_bar=PageBar(),
        question_bar=QuestionBar(),
        bank_chooser=BankChooser(window),
        flow=LayerFlow(),
        inspector=InspectorColumn(offers),
        presets=PresetGallery(),
        preview_chip=PreviewChip(),
        presenter=PresenterColumn(),
        step=StepStage(),
        export=ExportPanel(tuple(Values), tuple(Content), tuple(Format), tuple(Depth)),
        strip=CountStrip(),
        explanations={row.name: Holder(row.name, row.make) for row in EXPLANATIONS},
        lesson=LessonPanel(lessons),
    )
    panels.window.fill(
        WindowParts(
            flow=panels.flow,
            stages={
                PICTURES: panels.pair,
                "step": panels.step,
                **panels.explanations,
            },
            layer=panels.inspector,
            columns={TAKE_HOME: panels.export, PRESENTER: panels.presenter},
            lesson=panels.lesson,
            above=panels.question_bar,
            below=(panels.play_bar, panels.page_bar),
            strip=panels.strip,
        )
    )
    panels.window.resize(1440, 900)
    return panels
