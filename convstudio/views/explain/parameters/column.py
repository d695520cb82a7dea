"""The column beside the Count stage: what is counted, for which numbers, and what sparsity and sharing save."""

from math import exp, log

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.counts import Comparison
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose
from convstudio.core.recipe.plan import Step
from convstudio.insight.parameters.what_if import LARGEST_SIDE, SMALLEST_SIDE, GroupsAnswer, Scope, most_groups
from convstudio.views import icons, theme
from convstudio.views.controls.labelled import labelled
from convstudio.views.controls.segments import Segments
from convstudio.views.controls.word_button import WordButton
from convstudio.views.explain.parameters.parameter_card import ParameterCard
from convstudio.views.explain.parameters.text import (
    card_texts,
    groups_title,
    saving_text,
    sharing_sentence,
    sparsity_sentence,
)
from convstudio.views.fields import NumberBox
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.style_sheet import set_kind

STEPS = 200  # of the slider
MOST_PIXELS, MOST_CHANNELS, MOST_FILTERS, MOST_KERNEL, MOST_STRIDE, MOST_GROUPS = 100_000, 4096, 1024, 31, 64, 4096
FACTOR_WIDTH = 72  # of the factors before their sentences
SHORT = {Scope.ARTICLE: "Article", Scope.LAYER: "Layer", Scope.STACK: "Stack"}


def side_at(step: int) -> int:
    """The picture size at a place of the slider: equal moves are equal factors."""
    return round(SMALLEST_SIDE * exp(step / STEPS * log(LARGEST_SIDE / SMALLEST_SIDE)))


def step_at(side: int) -> int:
    """The place of the slider for a picture size."""
    share = log(max(side, 1) / SMALLEST_SIDE) / log(LARGEST_SIDE / SMALLEST_SIDE)
    return round(STEPS * min(max(share, 0.0), 1.0))


class SquareBox(NumberBox):
    """A number for both axes, written as a size: 5 × 5."""

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        self._pair = Pair(low, low)
        super().__init__(low, high, parent)
        self.show_pair(Pair(low, low))

    def show_pair(self, pair: Pair) -> None:
        """Show a size; one that is not square stays so until another is chosen."""
        self._pair = pair
        with QSignalBlocker(self):
            self.setRange(min(self.minimum(), pair.vertical), max(self.maximum(), pair.vertical))
            self.setValue(pair.vertical)
            self.lineEdit().setText(self.textFromValue(pair.vertical))

    def textFromValue(self, value: int) -> str:
        """Rows × columns."""
        columns = self._pair.horizontal if value == self._pair.vertical else value
        return f"{value} × {columns}"

    def valueFromText(self, text: str) -> int:
        """The rows of what was typed."""
        return int(_rows_of(text) or self.minimum())

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """A number, or two with × between them."""
        rows = _rows_of(text)
        is_number = rows.isdigit() and self.minimum() <= int(rows) <= self.maximum()
        return (QValidator.State.Acceptable if is_number else QValidator.State.Intermediate), text, place


class SizeSlider(QSlider):
    """A slider that leaves the wheel to the column around it unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only on purpose."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _rows_of(text: str) -> str:
    return text.replace("x", "×").split("×")[0].strip()


class CountColumn(QWidget):
    """Everything supposed here stays here: neither the picture nor the recipe changes."""

    scope_chosen = Signal(object)  # Scope
    size_supposed = Signal(object)  # Shape
    side_supposed = Signal(int)  # pixels of the longer side, in the same proportions
    numbers_supposed = Signal(str, int)  # "filters", "kernel", "stride" or "groups", and the number
    reset_chosen = Signal()
    table_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("count-column")
        title = QLabel("What is counted", self)
        set_kind(title, "title")
        self.reset = QPushButton("Reset", self)
        self.reset.setObjectName("count-reset")
        self.reset.setToolTip("Count with the numbers of the layer and its picture again")
        self.reset.setAutoDefault(False)
        set_kind(self.reset, "quiet")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.reset)
        self.scopes = Segments(
            "count-scope", [(scope.name.lower(), scope.value) for scope in Scope], "What is counted", self
        )
        self.settings = self._settings()
        self.figures = self._figures()
        self.table = WordButton(self)
        self.table.setText("Table: biases, memory, bars")
        self.table.setObjectName("count-table")
        self.table.setIcon(icons.icon("table"))
        self.table.setCheckable(True)
        self.table.setToolTip("Every number with all its digits, and bars on a logarithmic scale")
        self.table.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_kind(self.table, "field")
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        for widget in (self.scopes, self.settings, _line(self), self.figures):
            self._rows.addWidget(widget)
        self._rows.addWidget(self.table)
        self._rows.addStretch(1)
        self.show_measures(MEDIUM)
        self.scopes.chosen.connect(lambda key: self.scope_chosen.emit(Scope[key.upper()]))
        self.table.toggled.connect(self.table_toggled)

    def show_measures(self, measures: Measures) -> None:
        """Keep the distances of this size of window."""
        self._rows.setContentsMargins(measures.margin, measures.margin, measures.margin, measures.margin)
        self._rows.setSpacing(12 if measures.has_second_line else 6)
        for scope in Scope:
            words = scope.value if measures.has_second_line else SHORT[scope]
            self.scopes.buttons[scope.name.lower()].setText(words)

    def show_subject(self, scope: Scope, shape: Shape, step: Step | None, *, is_supposed: bool) -> None:
        """Show what is counted: the input, and the one layer; a stack has no numbers of its own."""
        self.scopes.show_choice(scope.name.lower())
        for box, value in zip(self.sides, (shape.height, shape.width, shape.channels), strict=True):
            box.show_number(value)
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(step_at(max(shape.width, shape.height)))
        self.reset.setEnabled(is_supposed)
        layer = step.layer if step is not None else None
        has_kernel = isinstance(layer, Conv | ConvTranspose)
        for box in (self.filters, self.kernel, self.stride, self.groups):
            box.setEnabled(has_kernel)
        if isinstance(layer, Conv | ConvTranspose) and step is not None:
            self.filters.show_number(layer.filters)
            self.kernel.show_pair(layer.kernel)
            self.stride.show_number(layer.stride.vertical)
            self.groups.setEnabled(most_groups(step) > 1 or layer.groups > 1)
            is_each = isinstance(layer, Conv) and layer.channels is Channels.EACH
            self.groups.show_number(step.input.channels if is_each else layer.groups)

    def show_comparison(self, comparison: Comparison | None, step: Step | None, answer: GroupsAnswer | None) -> None:
        """Show what is saved, and how many parameters that makes."""
        self.figures.setVisible(comparison is not None)
        if comparison is None:
            return
        self.sparsity.setText(saving_text(comparison.sparsity))
        self.sharing.setText(saving_text(comparison.sharing))
        self.sparsity_words.setText(sparsity_sentence(comparison, step))
        self.sharing_words.setText(sharing_sentence(comparison, step))
        texts = card_texts(answer, step)
        self.question.setText(groups_title(answer))
        self.question.setVisible(bool(texts))
        is_apart = (
            answer is not None
            and step is not None
            and isinstance(step.layer, Conv | ConvTranspose)
            and (step.layer.groups == answer.groups)
        )
        for place, card in enumerate(self.cards):
            card.setVisible(place < len(texts))
            if place < len(texts):
                card.show_texts(*texts[place])
                card.setChecked(answer is None or is_apart == (place == 1))
                card.setEnabled(answer is not None)
                card.groups = 1 if answer is None or place == 0 else answer.groups

    # building

    def _settings(self) -> QWidget:
        settings = QWidget(self)
        settings.setObjectName("count-input")
        self.sides = (
            self._box("count-height", "Input, height", MOST_PIXELS),
            self._box("count-width", "Input, width", MOST_PIXELS),
            self._box("count-channels", "Input, channels", MOST_CHANNELS),
        )
        self.slider = SizeSlider(Qt.Orientation.Horizontal, settings)
        self.slider.setObjectName("count-size")
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(20)
        self.slider.setAccessibleName("Size of the input")
        self.slider.setToolTip("Another size in the same proportions; the picture itself stays as it is")
        self.filters = self._box("count-filters", "Filters", MOST_FILTERS)
        self.kernel = SquareBox(1, MOST_KERNEL, settings)
        self.kernel.setObjectName("count-kernel")
        self.stride = self._box("count-stride", "Stride", MOST_STRIDE)
        self.groups = self._box("count-groups", "Groups", MOST_GROUPS)
        grid = QGridLayout(settings)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(6)
        sides = QWidget(settings)
        row = QHBoxLayout(sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        for box in self.sides:
            row.addWidget(box)
        grid.addWidget(labelled("Input: height, width, channels", sides), 0, 0, 1, 2)
        grid.addLayout(self._size_row(settings), 1, 0, 1, 2)
        grid.addWidget(labelled("Filters", self.filters), 2, 0)
        grid.addWidget(labelled("Kernel", self.kernel, "kernel"), 2, 1)
        grid.addWidget(labelled("Stride", self.stride, "stride"), 3, 0)
        grid.addWidget(labelled("Groups", self.groups), 3, 1)
        for box in self.sides:
            box.valueChanged.connect(self._suppose_size)
        self.slider.valueChanged.connect(lambda step: self.side_supposed.emit(side_at(step)))
        for name in ("filters", "kernel", "stride", "groups"):
            box = getattr(self, name)
            box.valueChanged.connect(lambda value, name=name: self.numbers_supposed.emit(name, value))
        self.reset.clicked.connect(self.reset_chosen)
        return settings

    def _size_row(self, parent: QWidget) -> QHBoxLayout:
        """The slider between its ends."""
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        smallest, largest = (QLabel(f"{side:,} px", parent) for side in (SMALLEST_SIDE, LARGEST_SIDE))
        for end in (smallest, largest):
            set_kind(end, "caption")
        row.addWidget(smallest)
        row.addWidget(self.slider, 1)
        row.addWidget(largest)
        return row

    def _figures(self) -> QWidget:
        figures = QWidget(self)
        figures.setObjectName("count-figures")
        rows = QVBoxLayout(figures)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, FACTOR_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.setRowMinimumHeight(2, theme.SPACE)
        self.sparsity, self.sparsity_words = self._factor(grid, 0, figures, "Sparsity")
        self.sharing, self.sharing_words = self._factor(grid, 3, figures, "Sharing")
        rows.addLayout(grid)
        rows.addWidget(_line(figures))
        self.question = QLabel(figures)
        self.question.setObjectName("count-question")
        set_kind(self.question, "value")
        rows.addWidget(self.question)
        self.cards = (ParameterCard("count-together", figures), ParameterCard("count-apart", figures))
        for card in self.cards:
            rows.addWidget(card)
            card.clicked.connect(lambda _=False, card=card: self.numbers_supposed.emit("groups", card.groups))
        return figures

    def _factor(self, grid: QGridLayout, row: int, parent: QWidget, title: str) -> tuple[QLabel, QLabel]:
        """A factor in large type, and beside it what it is."""
        name = title.lower()
        factor, head, words = QLabel(parent), QLabel(title, parent), QLabel(parent)
        factor.setObjectName(f"count-{name}")
        words.setObjectName(f"count-{name}-words")
        set_kind(factor, "sentence")
        set_kind(head, "value")
        set_kind(words, "caption")
        words.setWordWrap(True)
        grid.addWidget(factor, row, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(head, row, 1)
        grid.addWidget(words, row + 1, 1)
        return factor, words

    def _suppose_size(self) -> None:
        height, width, channels = (box.value() for box in self.sides)
        self.size_supposed.emit(Shape(channels, height, width))

    def _box(self, name: str, accessible: str, most: int) -> NumberBox:
        box = NumberBox(1, most, self)
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setToolTip(f"{accessible}; the picture and the recipe stay as they are")
        return box


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    set_kind(line, "line")
    line.setFixedHeight(1)
    return line
