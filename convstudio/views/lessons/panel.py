"""The lesson: one step at a time, with its text, its question, and the way through. It sets nothing up."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QTextDocument
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convstudio.insight.lessons.lesson import Lesson, LessonStep
from convstudio.views import icons, theme
from convstudio.views.article.drawings import ArticleDrawings
from convstudio.views.explain.explainer import sentence_label
from convstudio.views.lessons.live_sentence import LiveSentence
from convstudio.views.lessons.next_button import NextButton
from convstudio.views.lessons.pages import CardPages
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.painting import painting
from convstudio.views.scrolling import scroll_to

WIDTH, NARROW = 400, 304
SIZES = {(True, False): (15, 22), (False, False): (14, 20), (False, True): (13, 18)}
"""Pixels of the text's letters and of the heading's, in a large, a small and a low window."""
PARAGRAPH = "margin-top:0px; margin-bottom:8px; line-height:125%;"
BOX = 18  # pixels of a box that is ticked
EMPTY = (
    "Choose a lesson: each takes ten short steps. Your own recipe and picture are kept and come back when you leave."
)


class LessonPanel(QWidget):
    """Shows one step, and emits where the person wants to go next."""

    step_chosen = Signal(int)
    answered = Signal(str)
    left = Signal()
    lesson_chosen = Signal(int)
    file_wanted = Signal()

    def __init__(self, titles: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesson-panel")
        self._number = self._count = 0
        self._letters, self._large = SIZES[True, False]
        self.title = sentence_label(self, "lesson-title")
        self.heading = sentence_label(self, "lesson-heading")
        self.title.setProperty("kind", "caption")
        self.way_so_far, self.pages = WaySoFar(self), CardPages(self)
        self.text = sentence_label(self, "lesson-text")
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setOpenExternalLinks(True)
        self.task = QFrame(self)
        self.task.setObjectName("lesson-task")
        self.task.setProperty("kind", "tinted")
        self.ask = sentence_label(self.task, "lesson-ask")
        self.ask.setTextFormat(Qt.TextFormat.MarkdownText)
        self.answer = QLineEdit(self.task)
        self.answer.setObjectName("lesson-answer")
        self.answer.setMinimumWidth(40)  # a narrow card does not scroll sideways
        self.answer.setPlaceholderText("your prediction")
        self.answer.setAccessibleName("Your prediction")
        self.check = QPushButton("Check", self.task)
        self.check.setObjectName("lesson-check")
        self.check.setToolTip("Compare the prediction with the program's own number")
        self.verdict = sentence_label(self.task, "lesson-verdict")
        self.verdict.setTextFormat(Qt.TextFormat.MarkdownText)
        self.goals = QWidget(self)
        self.goals.setObjectName("lesson-goals")
        self.goals_rows = QVBoxLayout(self.goals)
        self.goals_rows.setContentsMargins(0, 0, 0, 0)
        self.live, self.drawings = LiveSentence(self), ArticleDrawings(self)
        self.back = QPushButton("Back", self)
        self.back.setObjectName("lesson-back")
        self.back.setToolTip("The step before")
        self.next = NextButton(self)
        self.leave = QToolButton(self)
        self.leave.setObjectName("lesson-leave")
        self.leave.setIcon(icons.icon("x"))
        self.leave.setToolTip("Leave the lesson; your own work comes back")
        self.leave.setAccessibleName("Leave the lesson")
        self.offers = QWidget(self)
        self._lay_out(titles)
        self._connect()
        self.show_offers()

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.step_chosen.emit(self._number - 1))
        self.next.clicked.connect(lambda: self.step_chosen.emit(self._number + 1))
        self.leave.clicked.connect(self.left)
        self.check.clicked.connect(self._check)
        self.answer.returnPressed.connect(self._check)
        self.pages.paged.connect(self._show_paged)

    def show_offers(self) -> None:
        """Show the lessons to choose from."""
        self.title.setText(EMPTY)
        self.offers.show()
        of_a_step = self.heading, self.text, self.back, self.next, self.way_so_far, self.goals, self.live
        for widget in (*of_a_step, self.drawings):
            widget.hide()
        self._show_task("", "")

    def show_step(self, lesson: Lesson, number: int, step: LessonStep) -> None:
        """Show a step, whose texts have the program's numbers in them already."""
        self._number, self._count = number, len(lesson.steps)
        self.title.setText(f"{lesson.title} · step {number + 1} of {self._count}")
        self.heading.setText(step.heading)
        self.text.setText(_paragraphs(step.text, self.text.font()))
        self.offers.hide()
        for widget in (self.heading, self.text, self.back, self.next, self.way_so_far):
            widget.show()
        self.way_so_far.show_place(number, self._count)
        self.back.setEnabled(number > 0)
        self.next.show_next(lesson.steps[number + 1].heading if number < self._count - 1 else "")
        self._show_task(step.ask, step.do)
        self._make_goals(step)
        self.live.show_sentence(step.live)
        self.drawings.show_drawing(step.drawing)
        self.live.setVisible(bool(step.live))
        self.pages.begin()

    def show_goals(self, met: Sequence[bool]) -> None:
        """Tick what is done."""
        for place, is_met in enumerate(met):
            item = self.goals_rows.itemAt(place)
            if item is not None and isinstance(row := item.widget(), GoalRow):
                row.show_met(is_met=is_met)

    def show_verdict(self, sentence: str, *, is_right: bool) -> None:
        """Say whether the prediction was right, and why."""
        tokens = theme.tokens(self)
        self.verdict.setStyleSheet(f"color: {(tokens.good if is_right else tokens.warning).name()};")
        self.verdict.setText(sentence)
        self.verdict.show()
        QTimer.singleShot(0, self, lambda: scroll_to(self.verdict, down=theme.SPACE))  # when it has its place

    def _lay_out(self, titles: tuple[str, ...]) -> None:
        offers = QVBoxLayout(self.offers)
        offers.setContentsMargins(0, 0, 0, 0)
        for place, title in enumerate(titles):
            button = QPushButton(title, self)
            button.setObjectName(f"lesson-{place + 1}")
            button.clicked.connect(lambda _=False, index=place: self.lesson_chosen.emit(index))
            offers.addWidget(button)
        own = QPushButton("Open a lesson…", self)
        own.setObjectName("lesson-open")
        own.setToolTip("A lesson of your own: a text file with a few lines for each step")
        own.clicked.connect(self.file_wanted)
        offers.addWidget(own)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignTop)
        line = QHBoxLayout()
        line.addWidget(self.answer, 1)
        line.addWidget(self.check)
        self._task_layout = task = QVBoxLayout(self.task)
        task.setSpacing(theme.SPACE)
        self.do = QLabel("Do it", self.task)
        self.do.setObjectName("lesson-do")
        theme.set_pixels(self.do, 13, weight=QFont.Weight.DemiBold)
        self.do.setProperty("kind", "accent")
        task.addWidget(self.do)
        task.addWidget(self.ask)
        task.addLayout(line)
        task.addWidget(self.verdict)
        parts = self.pages.reading.layout(), self.pages.doing.layout()
        shown = (self.offers, self.heading, self.text, self.drawings), (self.task, self.goals, self.live)
        for part, widgets in zip(parts, shown, strict=True):
            assert part is not None
            for widget in widgets:
                part.addWidget(widget)
        way = QHBoxLayout()
        way.setSpacing(2 * theme.SPACE)
        way.addWidget(self.back)
        way.addWidget(self.next, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(theme.SPACE)
        self._layout.addLayout(self._head)
        self._layout.addWidget(self.way_so_far)
        self._layout.addWidget(self.pages, 1)
        self._layout.addLayout(way)
        self.show_measures(MEDIUM)

    def show_measures(self, measures: Measures) -> None:
        """Take the width that the window has for a card."""
        self.setFixedWidth(WIDTH if measures.has_second_line else NARROW)
        margin = 3 * theme.SPACE if measures.has_second_line else 2 * theme.SPACE
        self._layout.setContentsMargins(margin, margin, margin, margin)
        self._letters, self._large = SIZES[measures.has_second_line, measures.has_pages]
        spacing = 2 * theme.SPACE if measures.has_second_line else theme.SPACE + 4
        self._task_layout.setContentsMargins(spacing, spacing, spacing, spacing)
        self.drawings.show_measures(measures)
        self.pages.show_spacing(spacing)
        self._show_letters()

    def changeEvent(self, event: QEvent) -> None:
        """Another style sheet gives every widget the letters that it had first, so ours come after it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._show_letters)

    def _show_letters(self) -> None:
        if self.heading.font().pixelSize() != self._large:
            theme.set_pixels(self.heading, self._large, weight=QFont.Weight.DemiBold)
        for label in (self.text, self.ask, *(row.words for row in self.goals.findChildren(GoalRow))):
            if label.font().pixelSize() != self._letters:
                theme.set_pixels(label, self._letters)
        self.live.show_letters(self._letters)

    def _show_paged(self, is_paged: bool) -> None:  # noqa: FBT001  # a slot
        """Put what turns the pages into the place of the title; how far the lesson has come is drawn below."""
        if self._head.indexOf(self.pages.chooser) < 0:
            self._head.insertWidget(0, self.pages.chooser, 1)
        self.pages.chooser.setVisible(is_paged)
        self.title.setVisible(not is_paged)

    def _make_goals(self, step: LessonStep) -> None:
        while (item := self.goals_rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for goal in step.goals:
            row = GoalRow(goal.label, self.goals)
            theme.set_pixels(row.words, self._letters)
            self.goals_rows.addWidget(row)
        self.goals.setVisible(bool(step.goals))

    def _show_task(self, ask: str, do: str) -> None:
        self.ask.setText(do or ask)
        self.do.setVisible(bool(do))
        self.answer.clear()
        for widget in (self.answer, self.check):
            widget.setVisible(bool(ask))
        self.task.setVisible(bool(ask or do))
        self.verdict.clear()
        self.verdict.hide()

    def _check(self) -> None:
        if self.answer.text().strip():
            self.answered.emit(self.answer.text())


def _paragraphs(markdown: str, font: QFont) -> str:
    """Markdown as Qt's own rich text, with room between two paragraphs; a label's Markdown has none."""
    document = QTextDocument()
    document.setDefaultFont(font)
    document.setMarkdown(markdown)
    spaced = re.sub(r"margin-top:\d+px; margin-bottom:\d+px;", PARAGRAPH, document.toHtml())
    without_size = re.sub(r"font-size:[\d.]+p[tx];", "", spaced)  # the label has its own
    return without_size.replace("font-weight:700;", "font-weight:600;")  # the typeface has no heavier one


class GoalRow(QWidget):
    """Something to do, and a box that the program ticks."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._label, self.is_met = label, False
        self.words = sentence_label(self, "lesson-goal")
        self.words.setText(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(BOX + 10, 2, 0, 2)
        row.addWidget(self.words)
        self.show_met(is_met=False)

    def show_met(self, *, is_met: bool) -> None:
        """Tick it, or not."""
        self.is_met = is_met
        self.setAccessibleName(f"{self._label}: {'done' if is_met else 'not done yet'}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box."""
        with painting(self) as painter:
            tokens, box = theme.tokens(self), QRectF(1.5, (self.height() - BOX) / 2, BOX, BOX)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens.accent if self.is_met else tokens.faint, 1.5))
            painter.setBrush(tokens.accent if self.is_met else QColor(tokens.card))
            painter.drawRoundedRect(box, 4, 4)
            if self.is_met:
                painter.setPen(QPen(tokens.on_accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                corner = box.topLeft()
                painter.drawPolyline([corner + QPointF(*place) for place in ((4, 9), (7.5, 12.5), (14, 5.5))])


class WaySoFar(QWidget):
    """A dash for each step; those that were gone are in the accent's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = self._count = 0
        self.setFixedHeight(4)

    def show_place(self, number: int, count: int) -> None:
        """Show how far a lesson of so many steps has come; steps count from 0 here."""
        self._number, self._count = number, count
        self.setAccessibleName(f"Step {number + 1} of {count}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dashes."""
        with painting(self) as painter:
            tokens, gap = theme.tokens(self), 4
            for place in range(self._count):
                left = place * (self.width() + gap) // self._count
                right = (place + 1) * (self.width() + gap) // self._count - gap
                colour = tokens.accent if place <= self._number else tokens.line
                painter.fillRect(left, 0, right - left, self.height(), colour)
