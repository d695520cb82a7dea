"""The lesson: one step at a time, with its text, its question, and the way through. It sets nothing up."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convstudio.insight.lessons.lesson import Lesson, LessonStep
from convstudio.views import icons, theme
from convstudio.views.explain.explainer import sentence_label
from convstudio.views.scrolling import scroll_to

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
        self.title = sentence_label(self, "lesson-title")
        self.heading = sentence_label(self, "lesson-heading")
        for label in (self.title, self.heading):
            font = label.font()
            font.setBold(True)
            label.setFont(font)
        self.text = sentence_label(self, "lesson-text")
        self.text.setTextFormat(Qt.TextFormat.MarkdownText)
        self.text.setOpenExternalLinks(True)
        self.ask = sentence_label(self, "lesson-ask")
        self.ask.setTextFormat(Qt.TextFormat.MarkdownText)
        self.answer = QLineEdit(self)
        self.answer.setObjectName("lesson-answer")
        self.answer.setMinimumWidth(40)  # a narrow dock does not scroll sideways
        self.answer.setPlaceholderText("your prediction")
        self.answer.setAccessibleName("Your prediction")
        self.check = QPushButton("Check", self)
        self.check.setObjectName("lesson-check")
        self.check.setToolTip("Compare the prediction with the program's own number")
        self.verdict = sentence_label(self, "lesson-verdict")
        self.verdict.setTextFormat(Qt.TextFormat.MarkdownText)
        self.back = self._button("lesson-back", "Back", "arrow-left", "The step before")
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.next = self._button("lesson-next", "Next", "arrow-right", "The next step")
        self.leave = self._button("lesson-leave", "Leave", "x", "Leave the lesson; your own work comes back")
        self.leave.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)  # all three fit a narrow dock
        self.offers = QWidget(self)
        self._lay_out(titles)
        self.back.clicked.connect(lambda: self.step_chosen.emit(self._number - 1))
        self.next.clicked.connect(lambda: self.step_chosen.emit(self._number + 1))
        self.leave.clicked.connect(self.left)
        self.check.clicked.connect(self._check)
        self.answer.returnPressed.connect(self._check)
        self.show_offers()

    def show_offers(self) -> None:
        """Show the lessons to choose from."""
        self.title.setText(EMPTY)
        self.offers.show()
        for widget in (self.heading, self.text, self.back, self.next, self.leave):
            widget.hide()
        self._show_question("")

    def show_step(self, lesson: Lesson, number: int, step: LessonStep) -> None:
        """Show a step, whose texts have the program's numbers in them already."""
        self._number, self._count = number, len(lesson.steps)
        self.title.setText(f"{lesson.title} · step {number + 1} of {self._count}")
        self.heading.setText(step.heading)
        self.text.setText(step.text)
        self.offers.hide()
        for widget in (self.heading, self.text, self.back, self.next, self.leave):
            widget.show()
        self.back.setEnabled(number > 0)
        self.next.setEnabled(number < self._count - 1)
        self._show_question(step.ask)

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
        for button in self.offers.findChildren(QPushButton):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a narrow dock stays narrow
        line = QHBoxLayout()
        line.addWidget(self.answer, 1)
        line.addWidget(self.check)
        way = QHBoxLayout()
        way.setSpacing(theme.SPACE // 2)
        way.addWidget(self.back)
        way.addWidget(self.next)
        way.addStretch(1)
        way.addWidget(self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        for widget in (self.title, self.offers, self.heading):
            layout.addWidget(widget)
        layout.addWidget(self.text)
        layout.addWidget(self.ask)
        layout.addLayout(line)
        layout.addWidget(self.verdict)
        layout.addStretch(1)
        layout.addLayout(way)

    def _show_question(self, ask: str) -> None:
        self.ask.setText(ask)
        self.answer.clear()
        for widget in (self.ask, self.answer, self.check):
            widget.setVisible(bool(ask))
        self.verdict.clear()
        self.verdict.hide()

    def _check(self) -> None:
        if self.answer.text().strip():
            self.answered.emit(self.answer.text())

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button
