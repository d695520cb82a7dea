"""TEACH THE KERNEL: three kinds of map learn a filter from examples; the convolution learns it for every place."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Planes
from convstudio.core.frame import Frame
from convstudio.core.recipe.layers import Conv
from convstudio.core.view.shown import Shown
from convstudio.insight.teach.models import Plane
from convstudio.insight.teach.own_layer import filter_shown, layer_shown, with_learned
from convstudio.insight.teach.targets import FromFile, FromLayer, FromPreset, Painted, Target
from convstudio.insight.teach.training import NoTraining, Training, TrainingQuestion, without_rounding
from convstudio.views import theme
from convstudio.views.explain.explainer import Explainer, sentence_label
from convstudio.views.explain.teach.canvas import PaintCanvas
from convstudio.views.explain.teach.chart import LearningChart
from convstudio.views.explain.teach.controls import Source, TeachControls
from convstudio.views.explain.teach.pictures import ExamplePictures, LearnedKernel
from convstudio.views.explain.teach.text import (
    NO_FILE,
    NO_KERNEL,
    NO_LAYER,
    NO_PICTURE,
    WAITING,
    edited_sentence,
    lead_sentence,
    no_kernel_sentence,
    summary_sentence,
)
from convstudio.views.painting import painting
from convstudio.views.style_sheet import set_kind

LEAD = 15  # pixels of the outcome in words
WIDE = 1000  # pixels from which on the margins are wide


class TeachPanel(Explainer):
    """Pictures of one example, the learned kernel, and a chart of what more examples would do.

    While frames stream in or a brush moves, a training is finished before the next begins. A change of the controls
    begins one at once.
    """

    file_wanted = Signal()  # somebody shall choose a file and call `show_after`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("teach", parent)
        self._shown: Shown | None = None
        self._after: Frame | None = None
        self._painted = Painted()
        self._piece: Plane | None = None  # what is on the canvas, before anybody paints
        self._asked: TrainingQuestion | None = None
        self._is_awaited = self._is_newer = False
        self._training: Training | None = None
        self.bar = TeachControls(self)
        self.canvas = PaintCanvas(self)
        self.pictures = ExamplePictures(self)
        self.kernel = LearnedKernel(self)
        self.chart = LearningChart(self)
        self.summary = sentence_label(self, "teach-summary")
        self.use = QPushButton("Put the kernel into the editor", self)
        self.use.setObjectName("teach-use")
        self.use.setToolTip("The learned kernel takes the place of one filter of the selected convolution")
        self.use.setAutoDefault(False)
        self._lay_out()
        self.bar.changed.connect(self._ask)
        self.bar.file_wanted.connect(self.file_wanted)
        self.bar.restart_wanted.connect(self._restart)
        self.bar.brush.valueChanged.connect(self._show_strength)
        self.canvas.painted.connect(self._take_painted)
        self.chart.examples_chosen.connect(self._choose_examples)
        self.use.clicked.connect(self._use_kernel)
        self.cancelled.connect(self._give_up)
        self._show_strength()
        self._show_nothing(NO_PICTURE)

    def show_shown(self, shown: Shown) -> None:
        """Learn from the picture on the screen."""
        self._shown = shown
        self._ask(waits=True)

    def show_after(self, frame: Frame) -> None:
        """Learn from a picture that somebody else filtered."""
        self._after = frame
        self.bar.show_source(Source.FILE)
        self._ask()

    def show_answer(self, answer: object) -> None:
        """Show what was learned, unless something else was asked by now."""
        assert isinstance(answer, Training | NoTraining)
        if answer.question is not self._asked:
            return
        self._is_awaited = False
        if isinstance(answer, Training):
            self._show_training(answer)
        else:
            self._show_nothing(answer.sentence)
        if self._is_newer:
            self._ask()

    @property
    def belongings(self) -> tuple[Source, Frame | None, Painted]:
        """Where the wanted output comes from, the file that was opened for it, and what was painted."""
        return self.bar.chosen, self._after, self._painted

    def take_belongings(self, belongings: object) -> None:
        """Learn what another session wants, a preset to begin with; it is asked for when that is on the screen."""
        match belongings:
            case (Source() as source, Frame() | None as after, Painted() as painted):
                self._after, self._painted = after, painted
            case _:
                source, self._after, self._painted = Source.PRESET, None, Painted()
        self.bar.show_source(source)
        self.canvas.setVisible(source is Source.PAINTED)
        self._give_up()

    def rest(self) -> None:
        """Whatever is shown when somebody looks again is asked for anew."""
        super().rest()
        self._give_up()

    def _ask(self, *, waits: bool = False) -> None:
        self._is_newer = False
        self.canvas.setVisible(self.bar.chosen is Source.PAINTED)
        target = self._target()
        if self._shown is None or isinstance(target, str):
            self._give_up()
            self.cancelled.emit()
            self._show_nothing(target if isinstance(target, str) else NO_PICTURE)
            return
        question = TrainingQuestion(
            planes=self._planes(self._shown, target),
            target=target,
            size=self.bar.kernel.number,
            examples=self.bar.examples.number,
            shift=self.bar.shift.number,
            has_bias=self.bar.bias.isChecked(),
        )
        if self._asked is not None and _is_same(question, self._asked):
            return
        if waits and self._is_awaited:
            self._is_newer = True
            return
        self._asked, self._is_awaited = question, True
        if self._training is None:
            self.lead.setText(WAITING)
        self.asked.emit(question)

    def _target(self) -> Target | str:
        """Where the wanted output comes from, or a sentence on what is missing."""
        match self.bar.chosen:
            case Source.PRESET:
                return FromPreset(self.bar.preset_key)
            case Source.LAYER:
                return self._of_layer() or NO_LAYER
            case Source.FILE:
                return NO_FILE if self._after is None else FromFile(self._after)
            case Source.PAINTED:
                return self._painted

    def _of_layer(self) -> FromLayer | None:
        if self._shown is None or self._shown.result.document.selected < 0:
            return None
        return layer_shown(self._shown)

    def _planes(self, shown: Shown, target: Target) -> Planes:
        """What is learned from: a layer's own input where its output is wanted, else the picture."""
        return shown.result.planes_at(shown.output_index - 1 if isinstance(target, FromLayer) else -1)

    def _show_training(self, training: Training) -> None:
        self._training = training
        self.lead.setText(lead_sentence(training))
        self.summary.setText(summary_sentence(training))
        self.pictures.show_training(training)
        self.kernel.show_kernel(without_rounding(training.kernel))
        self.chart.show_training(training)
        self._show_results(has_results=True)
        if isinstance(training.question.target, Painted) and self._painted.after is None:
            self._piece = training.pair.before
            self.canvas.show_piece(training.pair.after, self._white())

    def _show_nothing(self, sentence: str) -> None:
        self._training = None
        self.lead.setText(sentence)
        self.summary.clear()
        self.pictures.show_training(None)
        self.kernel.show_kernel(None)
        self.chart.show_training(None)
        self._show_results(has_results=False)
        self.canvas.setVisible(self.bar.chosen is Source.PAINTED)

    def _show_results(self, *, has_results: bool) -> None:
        """An empty chart tells nothing: chart and button come with what was learned, and keep their places."""
        self.use.setEnabled(has_results)
        for widget in (self.chart, self.use):
            widget.setVisible(has_results)

    def _white(self) -> float:
        return 1.0 if self._shown is None else self._shown.result.frame.white

    def _take_painted(self, after: Plane) -> None:
        self._painted = Painted(self._piece, after)
        self._ask(waits=True)

    def _restart(self) -> None:
        self._painted = Painted()
        self._ask()

    def _show_strength(self) -> None:
        self.canvas.strength = self.bar.brush.value() / 100

    def _choose_examples(self, count: int) -> None:
        self.bar.examples.show_number(count)
        self._ask()

    def _give_up(self) -> None:
        self._asked, self._is_awaited, self._is_newer = None, False, False

    def _use_kernel(self) -> None:
        training, shown = self._training, self._shown
        if training is None or shown is None:
            return
        if shown.result.document.selected < 0:
            self.message.emit(NO_KERNEL)
            return
        step = shown.result.plan.steps[shown.output_index]
        if not isinstance(step.layer, Conv):
            self.message.emit(no_kernel_sentence(step.title))
            return
        index = min(filter_shown(shown), step.layer.filters - 1)
        try:
            layer = with_learned(step.layer, training, channels=step.input.channels, filter_index=index)
        except ConvStudioError as refusal:
            self.message.emit(str(refusal))
            return
        self.layer_edited.emit(layer, "")
        self.message.emit(edited_sentence(index + 1, step.title))

    def arrange(self) -> None:
        """The outcome in words, the pictures over kernel and chart, and a quiet row of controls."""
        theme.set_pixels(self.lead, LEAD)
        self._page = QVBoxLayout(self)
        self._page.setSpacing(2 * theme.SPACE)
        self._page.addWidget(self.lead)
        self._page.addWidget(self.note)

    def _lay_out(self) -> None:
        set_kind(self.summary, "caption")
        examples = QHBoxLayout()
        examples.setSpacing(2 * theme.SPACE)
        examples.addWidget(self.canvas)
        examples.addWidget(self.pictures, 1)
        results = QHBoxLayout()
        results.setSpacing(3 * theme.SPACE)
        results.addWidget(self.kernel)
        results.addWidget(self.chart, 1)
        for late in (self.chart, self.use):
            policy = late.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            late.setSizePolicy(policy)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.bar)
        row.addStretch(1)
        known = QHBoxLayout()
        known.setSpacing(2 * theme.SPACE)
        known.addWidget(self.summary, 1)
        for widget in (self.progress, self.cancel, self.use):
            known.addWidget(widget)
        self.progress.setMaximumWidth(96)
        self._page.addLayout(examples, 3)
        self._page.addLayout(known)
        self._page.addLayout(results, 2)
        self._page.addLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave more room at the edges of a large stage."""
        super().resizeEvent(event)
        margin = 3 * theme.SPACE if event.size().width() >= WIDE else theme.SPACE
        self._page.setContentsMargins(margin, margin, margin, margin)
        self._page.setSpacing(2 * theme.SPACE if event.size().width() >= WIDE else theme.SPACE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the stage."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)


def _is_same(question: TrainingQuestion, other: TrainingQuestion) -> bool:
    """Whether two questions ask the same of the same picture."""
    return question.planes is other.planes and (
        question.target,
        question.size,
        question.examples,
        question.shift,
        question.has_bias,
    ) == (
        other.target,
        other.size,
        other.examples,
        other.shift,
        other.has_bias,
    )
