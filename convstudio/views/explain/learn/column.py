"""What the stage LEARN is controlled with: how many examples, how often, the seed, and what came of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from convstudio.core.wording import percent
from convstudio.insight.learn.networks import NetworkKind
from convstudio.insight.learn.study import Study
from convstudio.insight.learn.training import Task
from convstudio.views import icons, theme
from convstudio.views.controls.labelled import labelled
from convstudio.views.controls.slider_field import SliderField
from convstudio.views.controls.word_button import WordButton
from convstudio.views.fields import NumberBox
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.painting import painting
from convstudio.views.style_sheet import set_kind

SHORT = {NetworkKind.DENSE: "Dense", NetworkKind.LOCAL: "Local", NetworkKind.CONVOLUTION: "Convolutional"}
DOT = 10  # pixels
WIDE = 264  # pixels of the column, from which the table has room for dots
HIGH = 480  # pixels of the column, from which there is room for a lead
BY_HEART = 0.99  # of its examples, from which a network knows them by heart


class NetworkDot(QWidget):
    """A dot in the colour that a network has in the charts."""

    def __init__(self, kind: NetworkKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setFixedSize(DOT, DOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(network_colour(self._kind, self))
            painter.drawEllipse(self.rect())


def network_colour(kind: NetworkKind, widget: QWidget) -> QColor:
    """The colour of a network in all charts and answers."""
    colours = theme.tokens(widget)
    match kind:
        case NetworkKind.DENSE:
            return colours.dense
        case NetworkKind.LOCAL:
            return colours.local
        case NetworkKind.CONVOLUTION:
            return colours.convolution


class LearnColumn(QWidget):
    """A task, and the answers to it as a table."""

    task_chosen = Signal(object)  # Task: train anew
    stopped = Signal()
    layer_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learn-column")
        title = QLabel("Three networks", self)
        set_kind(title, "title")
        self._lead = QLabel("The same task, the same examples.", self)
        set_kind(self._lead, "caption")
        self.examples = SliderField("learn-examples", "Examples", 20, 1000, 10, "", self)
        self.rounds, self.seed = NumberBox(1, 400, self), NumberBox(0, 9999, self)
        for box, name in ((self.rounds, "Rounds"), (self.seed, "Seed")):
            box.setObjectName(f"learn-{name.lower()}")
            box.setAccessibleName(name)
        self.rounds.setToolTip("How often all examples are shown")
        self.seed.setToolTip("Another seed: other examples, other first weights")
        self.train = WordButton(self)
        self.train.setObjectName("learn-train")
        self.train.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.train.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.train.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_kind(self.train, "primary")
        self.figures = {kind: (QLabel(self), QLabel(self)) for kind in NetworkKind}
        self._names = {kind: QLabel(name, self) for kind, name in SHORT.items()}
        self._dots = [NetworkDot(kind, self) for kind in NetworkKind]
        self.sentence = QLabel(self)
        self.sentence.setObjectName("learn-sentence")
        self.sentence.setWordWrap(True)
        set_kind(self.sentence, "tinted")
        self.use = QPushButton("Use the filters as a layer", self)
        self.use.setObjectName("learn-use")
        set_kind(self.use, "field")
        boxes = QHBoxLayout()
        boxes.setSpacing(theme.SPACE)
        boxes.addWidget(labelled("Rounds", self.rounds, parent=self))
        boxes.addWidget(labelled("Seed", self.seed, parent=self))
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(theme.SPACE + 4)
        for widget in (title, self._lead, self.examples):
            self._layout.addWidget(widget)
        self._layout.addLayout(boxes)
        self._layout.addWidget(self.train)
        self._grid = self._table()
        self._layout.addLayout(self._grid)
        self._layout.addWidget(self.sentence)
        self._layout.addWidget(self.use)
        self._layout.addStretch(1)
        self.show_measures(MEDIUM)
        self.show_task(Task())
        self.show_study(None, is_running=False)
        self.train.clicked.connect(self._train)
        self.use.clicked.connect(self.layer_asked)

    @property
    def task(self) -> Task:
        """What is set."""
        return Task(round(self.examples.value), self.rounds.value(), self.seed.value())

    def show_measures(self, measures: Measures) -> None:
        """Take the margins of the column."""
        self._layout.setContentsMargins(measures.margin, measures.margin, measures.margin, measures.margin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Dots where there is room for them beside the names, and in low windows the sentences alone that say much."""
        super().resizeEvent(event)
        is_wide = self.width() >= WIDE
        for dot in self._dots:
            dot.setVisible(is_wide)
        self._names[NetworkKind.CONVOLUTION].setText(SHORT[NetworkKind.CONVOLUTION] if is_wide else "Convolution")
        self._grid.setHorizontalSpacing(theme.SPACE if is_wide else theme.SPACE // 2)
        self._lead.setVisible(self.height() >= HIGH)

    def show_task(self, task: Task) -> None:
        """Show what is learned."""
        self.examples.show_value(task.examples)
        self.rounds.show_number(task.rounds)
        self.seed.show_number(task.seed)

    def show_study(self, study: Study | None, *, is_running: bool) -> None:
        """Show where a study stands."""
        self._is_running = is_running
        self.train.setText("Stop" if is_running else "Train" if study is None else "Train again")
        icon = "x" if is_running else "play" if study is None else "refresh-cw"
        self.train.setIcon(icons.icon(icon, on_accent=True))
        self.use.setEnabled(study is not None and study.has_begun)
        for place, (parameters, share) in enumerate(self.figures.values()):
            parameters.setText("" if study is None else f"{study.networks[place].size:,}")
            share.setText(percent(study.new[place][-1]) if study is not None and study.new[place] else "")
        text = summary(study) if study is not None and study.is_done else ""
        self.sentence.setText(text.replace(" %", "\N{NO-BREAK SPACE}%"))
        self.sentence.setVisible(bool(self.sentence.text()))

    def _train(self) -> None:
        if self._is_running:
            self.stopped.emit()
        else:
            self.task_chosen.emit(self.task)

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.SPACE)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setColumnStretch(0, 1)
        right = Qt.AlignmentFlag.AlignRight
        for column, text in ((1, "Parameters"), (2, "New digits")):
            heading = QLabel(text, self)
            set_kind(heading, "caption")
            grid.addWidget(heading, 0, column, right)
        for row, (kind, labels) in enumerate(self.figures.items(), 1):
            name = QHBoxLayout()
            name.setSpacing(theme.SPACE)
            name.addWidget(self._dots[row - 1])
            name.addWidget(self._names[kind], 1)
            grid.addLayout(name, row, 0)
            for column, (label, what) in enumerate(zip(labels, ("parameters", "new"), strict=True), 1):
                label.setObjectName(f"learn-{kind.name.lower()}-{what}")
                set_kind(label, "value")
                grid.addWidget(label, row, column, right)
        return grid


def summary(study: Study) -> str:
    """Whether the examples are known by heart, and whether new digits are read, too."""
    known = [curve[-1] for curve in study.known]
    new = [curve[-1] for curve in study.new]
    spread = f"New digits: {percent(min(new))} to {percent(max(new))}."
    if min(known) < BY_HEART:
        return f"Of their {study.task.examples} examples they know {percent(min(known))} and more. {spread}"
    gap = " The gap is overfitting." if max(new) < BY_HEART else ""
    return f"They know their {study.task.examples} examples by heart: {percent(min(known))}. {spread}{gap}"
