"""CONVENTIONS: one picture and one kernel as other libraries filter them, side by side, with where they differ."""

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from convstudio.core.edits.filters import kernel_at, planes_of
from convstudio.core.frame import Frame
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.view.shown import Shown
from convstudio.core.wording import number
from convstudio.insight.conventions.comparison import ConventionsQuestion, LibraryComparison, LibraryResult, question_of
from convstudio.views import theme
from convstudio.views.explain.conventions.pictures import DifferencePicture, ResultPicture, limit_of
from convstudio.views.explain.conventions.table import ConventionsTable
from convstudio.views.explain.conventions.text import (
    APPLYING,
    SOURCE_SELECTED,
    detail_text,
    lead_sentence,
    place_sentence,
    source_words,
)
from convstudio.views.explain.explainer import Explainer, sentence_label
from convstudio.views.explain.kernel.text import no_kernel_sentence
from convstudio.views.explain.plane_chooser import COLOURS, PlaneChooser
from convstudio.views.painting import painting
from convstudio.views.scrolling import scrolling
from convstudio.views.style_sheet import set_kind

PATIENCE = 1000  # milliseconds after which an answer is not waited for any more when the picture goes on
LEAD = 15  # pixels of the sentence over the table
WORDS_SHARE = 0.42  # of the height, at most
WIDE = 1000  # pixels from which on the margins are wide


class ConventionsPanel(Explainer):
    """What other libraries would make of this."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._since = QElapsedTimer()  # since the question was asked
        self._since.start()
        super().__init__("conventions", parent)
        self._shown: Shown | None = None
        self._question: ConventionsQuestion | None = None  # the one under way or answered last
        self._is_answered = False
        self._comparison: LibraryComparison | None = None
        self.plane.chosen.connect(self._ask)
        self.table.chosen.connect(self._show_row)
        self._show_reason(SOURCE_SELECTED)

    def arrange(self) -> None:
        """The table over what is known of the chosen way, its pictures at the right, and a quiet row below."""
        theme.set_pixels(self.lead, LEAD)
        self.plane = PlaneChooser("conventions", self)
        self.plane.hide()
        self.place = sentence_label(self, "conventions-place")
        set_kind(self.place, "caption")
        self.table = ConventionsTable(self)
        self.detail = ConventionDetail(self)
        self.pictures = QWidget(self)
        texts = QVBoxLayout()
        texts.setSpacing(2 * theme.SPACE)
        texts.addWidget(self.table, 1)
        texts.addWidget(self.detail.words)
        columns = QHBoxLayout(self.pictures)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(3 * theme.SPACE)
        columns.addLayout(texts, 5)
        columns.addWidget(self.detail, 3)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        for widget, stretch in ((self.plane, 0), (self.place, 1), (self.progress, 0), (self.cancel, 0)):
            row.addWidget(widget, stretch)
        self._page = QVBoxLayout(self)
        self._page.setSpacing(2 * theme.SPACE)
        self._page.addWidget(self.lead)
        self._page.addWidget(self.note)
        self._page.addWidget(self.pictures, 1)
        self._page.addStretch(0)
        self._page.addLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the stage."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)

    def show_shown(self, shown: Shown) -> None:
        """Compare with the kernel of the selected layer, or say why that cannot be done."""
        self._shown = shown
        index = shown.output_index if shown.result.document.selected >= 0 else -1
        step = shown.result.plan.steps[index] if index >= 0 else None
        reason = no_kernel_sentence(step)
        if step is None or reason is not None:
            self._show_reason(reason if step is not None and reason is not None else SOURCE_SELECTED)
            return
        self.plane.show_step(step)
        self._ask()

    def show_answer(self, answer: object) -> None:
        """Show what came out, unless another kernel or picture is meant by now."""
        assert isinstance(answer, LibraryComparison)
        if answer.question is not self._question:
            return
        self._is_answered = True
        self._comparison = answer
        self.pictures.show()
        self.place.show()
        self.lead.setText(lead_sentence(answer))
        self.place.setText(place_sentence(answer, self._channel_name(), self._frame_name()))
        self.table.show_compared(answer)
        self._ask()  # the picture may have gone on meanwhile

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many columns as there is room for."""
        super().resizeEvent(event)
        margin = 3 * theme.SPACE if event.size().width() >= WIDE else 2 * theme.SPACE
        self._page.setContentsMargins(margin, margin, margin, margin)
        self.table.show_room(event.size().width())

    def _ask(self) -> None:
        question = self._present_question()
        if question is None:
            return
        last = self._question
        if last is not None and _is_same(question, last):
            if self._is_answered:
                return
            question = last  # an answer is dropped while the panel is out of sight: ask again
        elif last is not None and self._is_overtaken(question, last):
            return  # a live picture goes on faster than the answers come: the newest is asked about afterwards
        if last is None:
            self.lead.setText(APPLYING)
        self._question, self._is_answered = question, False
        self.show_progress(0.0)
        self._since.start()
        self.asked.emit(question)

    def _is_overtaken(self, question: ConventionsQuestion, last: ConventionsQuestion) -> bool:
        is_kernel_the_same = np.array_equal(question.kernel, last.kernel) and question.ours == last.ours
        return is_kernel_the_same and not self._is_answered and self._since.elapsed() < PATIENCE

    def _present_question(self) -> ConventionsQuestion | None:
        """What is on the screen now, as a question."""
        if self._shown is None or self._shown.output_index < 0:
            return None
        layer = self._shown.result.plan.steps[self._shown.output_index].layer
        assert isinstance(layer, Conv | ConvTranspose)
        frame = self._shown.result.frame
        kernel = kernel_at(layer, self.plane.filter_index, self.plane.channel)
        return question_of(frame, self._channel(frame, layer), layer, kernel)

    def _channel(self, frame: Frame, layer: Conv | ConvTranspose) -> int:
        """The channel of the picture that is filtered: the kernel's own, where the layer has one for each."""
        return self.plane.channel if frame.shape.channels == planes_of(layer) else 0

    def _channel_name(self) -> str:
        assert self._shown is not None
        frame, layer = self._shown.result.frame, self._shown.result.plan.steps[self._shown.output_index].layer
        assert isinstance(layer, Conv | ConvTranspose)
        return COLOURS[self._channel(frame, layer)] if frame.shape.channels == len(COLOURS) else ""

    def _frame_name(self) -> str:
        assert self._shown is not None
        return self._shown.result.frame.name

    def _show_row(self, row: LibraryResult) -> None:
        if self._comparison is not None:
            self.detail.show_row(row, self._comparison)

    def _show_reason(self, sentence: str) -> None:
        self._question = None
        self.plane.hide()
        self.place.hide()
        self.pictures.hide()
        self.lead.setText(sentence)


def _is_same(question: ConventionsQuestion, other: ConventionsQuestion) -> bool:
    return (
        question.ours == other.ours
        and np.array_equal(question.kernel, other.kernel)
        and np.array_equal(question.picture, other.picture)
    )


class ConventionDetail(QWidget):
    """The way chosen in the table: both results and their difference as pictures; `words` has the sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = QLabel(self)
        self.caption.setObjectName("conventions-caption")
        set_kind(self.caption, "title")
        self.difference = DifferencePicture(self)
        self.ours, self.theirs = (ResultPicture(f"conventions-{name}", self) for name in ("ours", "theirs"))
        self.their_caption = QLabel(self)
        pair = QGridLayout()
        pair.setHorizontalSpacing(theme.SPACE)
        pair.setVerticalSpacing(theme.SPACE // 2)
        for column, (label, picture) in enumerate(
            ((QLabel("This layer", self), self.ours), (self.their_caption, self.theirs))
        ):
            set_kind(label, "caption")
            label.setMinimumWidth(1)
            pair.addWidget(label, 0, column)
            pair.addWidget(picture, 1, column)
            pair.setColumnStretch(column, 1)
        pair.setRowStretch(1, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE)
        rows.addWidget(self.caption)
        rows.addWidget(self.difference, 2)
        rows.addLayout(pair, 1)
        self.sentences = sentence_label(self, "conventions-detail")
        self.sentences.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.source = QPushButton(self)
        self.source.setObjectName("conventions-source")
        self.source.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self.source.toolTip())))
        self.source.hide()
        self._texts = page = QWidget(self)
        texts = QVBoxLayout(page)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.setSpacing(theme.SPACE)
        texts.addWidget(self.sentences)
        texts.addWidget(self.source, 0, Qt.AlignmentFlag.AlignLeft)
        texts.addStretch(1)
        self.words = scrolling(page)
        for ground in (page, self.words.viewport()):
            ground.setAutoFillBackground(False)
        self.words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In another width the words have another height."""
        if watched is self.words and event.type() is QEvent.Type.Resize:
            self._fit_words()
        return super().eventFilter(watched, event)

    def _fit_words(self) -> None:
        """Show all of the words, unless these would leave the table too little."""
        room, layout = self.parentWidget(), self._texts.layout()
        if room is None or layout is None:
            return
        high = layout.totalHeightForWidth(self.words.viewport().width())
        self.words.setFixedHeight(max(min(high, round(WORDS_SHARE * room.height())), 0))

    def show_row(self, row: LibraryResult, comparison: LibraryComparison) -> None:
        """Show another way."""
        limit = limit_of(row, comparison)
        is_same = not (np.abs(row.difference) > comparison.rounding).any()
        if row.refusal:
            self.caption.setText("No result")
        else:
            self.caption.setText("No difference" if is_same else f"Difference, to ±{number(limit, digits=3)}")
        ours = comparison.ours.values
        self.difference.show_difference(row.difference, ours, limit)
        self.ours.show_result(ours, like=ours)
        self.theirs.show_result(None if row.output is None else row.output.values, like=ours)
        self.their_caption.setText(row.convention.name)
        self.sentences.setText(detail_text(row, comparison))
        self.source.setText(source_words(row.convention))
        self.source.show()
        self.source.setToolTip(row.convention.source)
        self._fit_words()
