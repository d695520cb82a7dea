"""The status line: what the source does, the shapes layer by layer, the counts, and one sentence at a time."""

from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from convstudio.core.live_source import LiveState
from convstudio.core.view.shown import Shown
from convstudio.core.wording import counted, number
from convstudio.core.wording import milliseconds as milliseconds_text
from convstudio.views import theme
from convstudio.views.painting import painting

Label = TypeVar("Label", bound=QLabel)
STAY = 8000  # milliseconds that a sentence about something done stays
MARKS = {
    LiveState.STILL: "■ still",
    LiveState.CONNECTING: "◌ connecting",
    LiveState.LIVE: "● live",
    LiveState.FROZEN: "❄ frozen",
    LiveState.PAUSED: "❚❚ paused",
    LiveState.LOST: "⚠ lost",
    LiveState.ENDED: "■ ended",
}


class Figure(QLabel):
    """A number that changes with every picture. Its size is fixed: another one would make Qt lay out all docks."""

    def show_text(self, text: str) -> None:
        """Show this text; another of as many letters takes no other room."""
        self.setText(text)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters take more room."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        widest = "".join("0" if letter.isdigit() else letter for letter in self.text())
        self.setFixedSize(self.fontMetrics().horizontalAdvance(widest) + theme.SPACE, self.sizeHint().height())


class Sentence(QLabel):
    """A sentence that ends in "…" where there is no room for all of it; the tooltip has all of it."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        with painting(self) as painter:
            text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class StatusLine(QStatusBar):
    """The bar at the bottom of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status-line")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(0, 0, theme.SPACE, 0)
        self.mark = self._label("status-live", "Whether the picture changes by itself")
        self.sentence = _named(Sentence(self), "status-sentence", "")
        self.sentence.setMinimumWidth(1)  # a long one never widens the window
        self.shapes = self._label("status-shapes", "Width × height × channels, layer by layer")
        self.parameters = self._label("status-parameters", "Weights and biases of all layers")
        self.shares = self._figure("status-shares", "Values of the shown output below 0, and outside its colour bar")
        self.speed = self._figure("status-speed", "Time to compute and show, and frames a second")
        self.addWidget(self.mark)
        self.addWidget(self.sentence, 1)
        self.figures = QWidget(self)
        line = QHBoxLayout(self.figures)
        line.setContentsMargins(0, 0, 0, 0)
        for label in (self.shapes, self.parameters, self.shares, self.speed):
            line.addWidget(label, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.addPermanentWidget(self.figures)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._write("", is_refusal=False))
        self._milliseconds = ""
        self._rate = ""
        self._stays = False
        self.show_state(LiveState.STILL, "", 0.0)

    def say(self, sentence: str) -> None:
        """Say what happened, for eight seconds."""
        self._stays = False
        self._write(sentence, is_refusal=False)
        self._timer.start(STAY)

    def refuse(self, sentence: str, *, stays: bool = False) -> None:
        """Say what cannot be done, until another sentence comes or the recipe changes; with `stays` not even then."""
        self._stays = stays
        self._timer.stop()
        self._write(sentence, is_refusal=True)

    def forget_recipe(self) -> None:
        """Clear a sentence about the recipe, which has changed since; a sentence about anything else stays."""
        if not self._stays:
            self._timer.stop()
            self._write("", is_refusal=False)

    def show_state(self, state: LiveState, sentence: str, rate: float) -> None:
        """Show whether the source is live, and how fast."""
        self.mark.setText(MARKS[state])
        tokens = theme.tokens(self)
        colours = {LiveState.LIVE: tokens.good, LiveState.LOST: tokens.warning, LiveState.FROZEN: tokens.accent}
        colour = colours.get(state, tokens.muted)
        _set_style_sheet(self.mark, f"color: {colour.name()}; font-weight: 600; padding: 0 8px;")
        if sentence:
            self.refuse(sentence, stays=True)
        self._rate = f"   {number(round(rate))} fps" if rate else ""
        self.speed.show_text(self._milliseconds + self._rate)

    def show_shown(self, shown: Shown, milliseconds: float) -> None:
        """Show the figures of a result."""
        plan = shown.result.plan
        shapes = [plan.source, *(step.output for step in plan.steps if step.layer.enabled)]
        changes = [str(shape) for i, shape in enumerate(shapes) if i == 0 or shape != shapes[i - 1]]
        if len(changes) > 4:
            changes = [changes[0], "…", *changes[-2:]]
        self.shapes.setText(" → ".join(changes))
        self.parameters.setText(counted(plan.parameters, "parameter"))
        self._milliseconds = milliseconds_text(milliseconds)
        self.speed.show_text(self._milliseconds + self._rate)

    def show_shares(self, sentence: str) -> None:
        """Say how much of the shown output is below 0, and outside of its colours."""
        self.shares.show_text(sentence)

    def _write(self, sentence: str, *, is_refusal: bool) -> None:
        colour = theme.tokens(self).warning if is_refusal else theme.tokens(self).text
        _set_style_sheet(self.sentence, f"color: {colour.name()};")
        self.sentence.setText(f"⚠ {sentence}" if is_refusal and sentence else sentence)
        self.sentence.setToolTip(sentence)

    def _label(self, name: str, tip: str) -> QLabel:
        label = _named(QLabel(self), name, tip)
        label.setMinimumWidth(1)  # a long sentence never widens the window
        return label

    def _figure(self, name: str, tip: str) -> Figure:
        return _named(Figure(self), name, tip)


def _named(label: Label, name: str, tip: str) -> Label:
    label.setObjectName(name)
    label.setToolTip(tip)
    label.setFont(theme.numbers_font(label))
    return label


def _set_style_sheet(label: QLabel, sheet: str) -> None:
    """Give a label a style sheet, unless it has that one already: each time Qt lays out the window."""
    if label.styleSheet() != sheet:
        label.setStyleSheet(sheet)
