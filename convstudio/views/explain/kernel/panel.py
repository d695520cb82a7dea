"""THE KERNEL EXAMINED: what one plane of a kernel does, in words, in waves, and to an edge and a single pixel."""

from enum import StrEnum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Step
from convstudio.core.view.shown import Shown
from convstudio.insight.kernel.analysis import KernelAnalysis, KernelQuestion
from convstudio.views import theme
from convstudio.views.controls.segments import Segments
from convstudio.views.explain.kernel.chart import AxesChart, EdgeChart
from convstudio.views.explain.kernel.pictures import FactorsPicture, ImpulseGrid, ResponsePicture
from convstudio.views.explain.kernel.text import (
    all_factors_text,
    brightness_sentence,
    edges_text,
    effect_sentence,
    fact_rows,
    factors_caption,
    flat_text,
    impulse_caption,
    no_kernel_sentence,
    noise_words,
)
from convstudio.views.explain.plane_chooser import PlaneChooser
from convstudio.views.explain.stage import CAPTION, TEXT, TITLE, StageExplainer, Words
from convstudio.views.scrolling import scrolling


class KernelView(StrEnum):
    """What the large picture is."""

    WAVES = "waves"
    AXES = "axes"
    FACTS = "facts"


VIEWS = (
    (KernelView.WAVES, "All waves"),
    (KernelView.AXES, "Along the axes"),
    (KernelView.FACTS, "Facts"),
)
FLAT, EDGES, NOISE = "Flat places", "Edges", "Noise"
BESIDE, BETWEEN, NAMES = 0.44, 24, 92  # of the width at the right, and pixels
KERNEL = 0.5  # of the height there that the kernel has; the answers have the rest


class KernelExaminedPanel(StageExplainer):
    """What one kernel is and does, whatever the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("examined", parent)
        self._step: Step | None = None
        self._question: KernelQuestion | None = None
        self._is_answered = False
        room = self.content
        self.views = Segments("examined", VIEWS, "What the large picture is", self.row)
        self.plane = PlaneChooser("examined", self.row)
        row = QHBoxLayout(self.row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.views)
        row.addStretch(1)
        row.addWidget(self.plane)
        self.row.show()
        self.title = Words("examined-title", TITLE, room, is_bold=True)
        self.second = Words("examined-second", TEXT, room, is_muted=True)
        self.words = {
            name: (Words(f"examined-{key}-name", TEXT, room, is_bold=True), Words(f"examined-{key}-words", TEXT, room))
            for name, key in ((FLAT, "flat"), (EDGES, "edges"), (NOISE, "noise"))
        }
        for name, (title, _) in self.words.items():
            title.setText(name)
        self.facts = FactList()
        self.table = scrolling(self.facts)
        self.table.setParent(room)
        for widget in (self.table.viewport(), self.facts):
            widget.setAutoFillBackground(False)
        self.response, self.axes = ResponsePicture(room), AxesChart(room)
        self.kernel, self.edges, self.impulse = FactorsPicture(room), EdgeChart(room), ImpulseGrid(room)
        self.captions = {
            name: Words(f"examined-{name}-caption", CAPTION, room, is_muted=True)
            for name in ("kernel", "edges", "impulse")
        }
        self.captions["edges"].setText("Answer to an edge")
        self.views.chosen.connect(lambda _: self._show_view())
        self.plane.chosen.connect(self._ask)
        self._show_view()
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
        self.show_reason("")
        self.title.setText(effect_sentence(answer.character))
        self.second.setText(brightness_sentence(answer.character))
        for name, text in (
            (FLAT, flat_text(answer.character)),
            (EDGES, edges_text(answer)),
            (NOISE, noise_words(answer)),
        ):
            self.words[name][1].setText(text)
            self.words[name][1].setAccessibleName(f"{name} {text}")
        self.facts.show_rows(fact_rows(answer), {"Factors": all_factors_text(answer.products)})
        self.response.show_response(answer.response)
        self.axes.show_response(answer.response)
        self.kernel.show_kernel(answer.plane, answer.products)
        self.edges.show_edges(answer.edges)
        self.impulse.show_cells(answer.impulse)
        self.captions["kernel"].setText(factors_caption(answer))
        self.captions["impulse"].setText(impulse_caption(answer))
        self.place(self.content.rect())

    def place(self, room: QRect) -> None:
        """The waves at the left; at the right what it does in words, the kernel, and its answers."""
        wide = room.width()
        top = 0
        for words in (self.title, self.second):
            high = words.height_for(wide) if words.text() else 0
            words.setGeometry(0, top, wide, high)
            top += high + (2 if high else 0)
        top += theme.SPACE
        beside = round(wide * BESIDE)
        left = QRect(0, top, wide - beside - BETWEEN, room.height() - top)
        for large in (self.response, self.axes, self.table):
            large.setGeometry(left)
        x = left.right() + 1 + BETWEEN
        top += self._place_words(QRect(x, top, beside, left.height())) + theme.SPACE
        caption = self.captions["kernel"].fontMetrics().height() + 2
        rest = room.height() - top
        high = max(round(rest * KERNEL) - caption - theme.SPACE, 1)
        self.captions["kernel"].setGeometry(x, top, beside, caption)
        self.kernel.setGeometry(x, top + caption, beside, high)
        top += caption + high + theme.SPACE
        half = (beside - 2 * theme.SPACE) // 2
        for widget, name, at, own in (
            (self.edges, "edges", x, beside - half - 2 * theme.SPACE),
            (self.impulse, "impulse", x + beside - half, half),
        ):
            self.captions[name].setGeometry(at, top, own, caption)
            widget.setGeometry(at, top + caption, own, max(room.height() - top - caption, 1))

    def _place_words(self, column: QRect) -> int:
        """The three lines in words; how high they are."""
        top = column.top()
        for title, words in self.words.values():
            high = max(words.height_for(column.width() - NAMES), title.fontMetrics().height())
            title.setGeometry(column.left(), top, NAMES, high)
            words.setGeometry(column.left() + NAMES, top, column.width() - NAMES, high)
            top += high + 2
        return top - column.top()

    def _show_view(self) -> None:
        view = KernelView(self.views.choice)
        self.response.setVisible(view is KernelView.WAVES)
        self.axes.setVisible(view is KernelView.AXES)
        self.table.setVisible(view is KernelView.FACTS)

    def _ask(self) -> None:
        assert self._step is not None
        layer = self._step.layer
        assert isinstance(layer, Conv | ConvTranspose)
        question = KernelQuestion(layer, self.plane.filter_index, self.plane.channel)
        if question != self._question or not self._is_answered:  # an answer is dropped while the panel is out of sight
            if self._question is None:
                self.show_reason("The kernel is being examined…")
            self._question, self._is_answered = question, False
            self.asked.emit(question)

    def _show_reason(self, sentence: str) -> None:
        self._question = None
        self.plane.hide()
        self.show_reason(sentence)


class FactList(QWidget):
    """Facts in two columns: what each is, and its value; both can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("examined-facts")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, theme.SPACE, 0)
        self._grid.setHorizontalSpacing(theme.SPACE + theme.SPACE // 2)
        self._grid.setVerticalSpacing(theme.SPACE)
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
