"""THE KERNEL EXAMINED: the facts of one plane of a kernel, its frequency response and its impulse response."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Step
from convstudio.core.view.shown import Shown
from convstudio.core.wording import number
from convstudio.insight.kernel.analysis import KernelAnalysis, KernelQuestion
from convstudio.views import theme
from convstudio.views.explain.explainer import Explainer
from convstudio.views.explain.kernel.chart import AxesChart
from convstudio.views.explain.kernel.pictures import ImpulseGrid, ResponsePicture
from convstudio.views.explain.kernel.text import (
    all_factors_text,
    fact_rows,
    impulse_caption,
    lead_sentence,
    no_kernel_sentence,
)
from convstudio.views.explain.plane_chooser import PlaneChooser


class KernelExaminedPanel(Explainer):
    """What one kernel is and does, whatever the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("examined", parent)
        self._step: Step | None = None
        self._question: KernelQuestion | None = None
        self._is_answered = False
        self.plane = PlaneChooser("examined", self)
        self.controls.addWidget(self.lead, 1)  # beside the choices, to leave the height to the facts
        self.controls.addWidget(self.plane)
        self.facts = FactList(self)
        self.response, self.axes, self.impulse = ResponsePicture(self), AxesChart(self), ImpulseGrid(self)
        self.captions = tuple(_caption(self, name) for name in ("response", "axes", "impulse"))
        self.pictures = QWidget(self)
        row = QHBoxLayout(self.pictures)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.SPACE)
        scroll = QScrollArea(self)
        scroll.setObjectName("examined-scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumSize(280, 64)
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        scroll.setWidget(self.facts)
        row.addWidget(scroll, 3)
        pictures = ((self.response, 0), (self.axes, 2), (self.impulse, 0))
        for caption, (picture, stretch) in zip(self.captions, pictures, strict=True):
            column = QVBoxLayout()
            column.setSpacing(theme.SPACE // 2)
            column.addWidget(caption)
            column.addWidget(picture, 1)
            row.addLayout(column, stretch)
        self.body.addWidget(self.pictures, 1)
        self.body.addStretch(0)
        self.plane.chosen.connect(self._ask)
        self._show_reason(no_kernel_sentence(None) or "")

    def show_shown(self, shown: Shown) -> None:
        """Examine the kernel of the selected layer, or say why there is none."""
        index = shown.output_index if shown.result.document.selected >= 0 else -1
        self._step = shown.result.plan.steps[index] if index >= 0 else None
        reason = no_kernel_sentence(self._step)
        if reason is not None or self._step is None:
            self._show_reason(reason or "")
            return
        self.plane.show_step(self._step)
        self._ask()

    def show_answer(self, answer: object) -> None:
        """Show what was found, unless another kernel is meant by now."""
        assert isinstance(answer, KernelAnalysis)
        if answer.question != self._question:
            return
        self._is_answered = True
        self.pictures.show()
        self.lead.setText(lead_sentence(answer.character))
        self.facts.show_rows(fact_rows(answer), {"Factors": all_factors_text(answer.products)})
        self.response.show_response(answer.response)
        self.axes.show_response(answer.response)
        self.impulse.show_cells(answer.impulse)
        texts = (f"Gain of waves, 0 … {number(answer.response.peak.gain)}", "Gain along the axes")
        for caption, text in zip(self.captions, (*texts, impulse_caption(answer)), strict=True):
            caption.setText(text)

    def _ask(self) -> None:
        assert self._step is not None
        layer = self._step.layer
        assert isinstance(layer, Conv | ConvTranspose)
        question = KernelQuestion(layer, self.plane.filter_index, self.plane.channel)
        if question != self._question or not self._is_answered:  # an answer is dropped while the panel is out of sight
            if self._question is None:
                self.lead.setText("The kernel is being examined…")
            self._question, self._is_answered = question, False
            self.asked.emit(question)

    def _show_reason(self, sentence: str) -> None:
        self._question = None
        self.plane.hide()
        self.pictures.hide()
        self.lead.setText(sentence)


class FactList(QWidget):
    """Facts in two columns: what each is, and its value; both can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("examined-facts")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, theme.SPACE, 0)
        self._grid.setHorizontalSpacing(theme.SPACE + theme.SPACE // 2)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_rows(self, rows: tuple[tuple[str, str], ...], tips: dict[str, str]) -> None:
        """Show other facts; a tip says more than there is room for."""
        while len(self._rows) < len(rows):
            self._add_row()
        for place, (title, value) in enumerate(self._rows):
            is_used = place < len(rows)
            title.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name, text = rows[place]
                title.setText(name)
                value.setText(text)
                value.setObjectName(f"examined-{name.lower().replace(' ', '-')}")
                value.setAccessibleName(f"{name}: {text}")
                value.setToolTip(tips.get(name, ""))

    def _add_row(self) -> None:
        title, value = QLabel(self), QLabel(self)
        title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        value.setWordWrap(True)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setFont(theme.numbers_font(self))
        place = len(self._rows)
        self._grid.addWidget(title, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, place, 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((title, value))
        self._grid.setRowStretch(place, 0)
        self._grid.setRowStretch(place + 1, 1)


def _caption(parent: QWidget, name: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(f"examined-{name}-caption")
    return label
