"""The form every explanation has: a sentence, a line of controls, the picture that says why."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from convstudio.core.view.shown import Shown
from convstudio.insight.trace.taps import Unit
from convstudio.views import icons, theme
from convstudio.views.measures import Measures

SOON = 100  # milliseconds; a bar that comes and goes within a blink tells nothing


class Explainer(QWidget):
    """One explanation. Whoever derives from it overrides `show_shown` and `show_answer`.

    `show_shown` is called only while the panel can be seen. A question that takes a few milliseconds is answered at
    once, by a call of `insight`. Any other is emitted as `asked`, and its answer comes to `show_answer`. A newer
    question replaces one that has no answer yet.
    """

    asked = Signal(object)  # a question: a frozen value that the explanation's own function in `insight` answers
    cancelled = Signal()  # nobody waits for the answer any more
    layer_edited = Signal(object, str)  # Layer for the selected place, and a key that merges consecutive edits
    unit_chosen = Signal(object)  # Unit of the selected layer's output, marked on both pictures; None for none
    message = Signal(str)  # a sentence for the status line
    column: QWidget | None = None  # shown beside the stage in the place of the layer's, where a stage has its own

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}-panel")
        self.lead = sentence_label(self, f"{name}-lead")
        font = self.lead.font()
        font.setBold(True)
        self.lead.setFont(font)
        self.note = sentence_label(self, f"{name}-note")
        self.note.hide()
        self.progress = QProgressBar(self)
        self.progress.setObjectName(f"{name}-progress")
        self.progress.setRange(0, 100)
        self.progress.setMaximumWidth(160)
        self.progress.setAccessibleName("How much of the answer is worked out")
        self.cancel = QToolButton(self)
        self.cancel.setObjectName(f"{name}-cancel")
        self.cancel.setIcon(icons.icon("x"))
        self.cancel.setToolTip("Stop working this out")
        self.cancel.setAccessibleName("Stop working this out")
        self.cancel.clicked.connect(self.cancelled)
        self.cancel.clicked.connect(lambda: self.show_progress(1.0))
        self.arrange()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self._show_bar)
        self.show_progress(1.0)

    def arrange(self) -> None:
        """Lay out what every explanation has; whoever fills a stage with a picture of its own overrides it."""
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE)
        head.addWidget(self.lead, 1)
        head.addWidget(self.progress)
        head.addWidget(self.cancel)
        self.controls = QHBoxLayout()
        self.controls.setSpacing(theme.SPACE)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.SPACE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE // 2, theme.SPACE, theme.SPACE // 2)
        layout.setSpacing(theme.SPACE // 2)
        layout.addLayout(head)
        layout.addWidget(self.note)
        layout.addLayout(self.controls)
        layout.addLayout(self.body, 1)

    def show_shown(self, shown: Shown) -> None:
        """Explain what is on the screen now."""
        raise NotImplementedError

    def show_note(self, sentence: str) -> None:
        """Say which part of the picture is explained; "" where that is all of it."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window's room, where there are such."""

    def show_pinned(self, unit: Unit | None) -> None:
        """Follow the output that the person pinned, where that matters; None when it was let go."""

    @property
    def belongings(self) -> object:
        """What the person set here for the session on the screen, as a frozen value; None where that is nothing."""
        return None

    @property
    def readings(self) -> Mapping[str, float | str]:
        """What the goals of a lesson can ask about it, by the names that lessons use."""
        return {}

    def take_reading(self, name: str, value: float) -> None:
        """Set one of these to another value, where a sentence of a lesson lets it be dragged."""

    def take_belongings(self, belongings: object) -> None:
        """Hold what was set for another session; None is what a session begins with."""

    def show_answer(self, answer: object) -> None:
        """Show what came of the question asked last."""

    def show_refusal(self, sentence: str) -> None:
        """Say why there is no answer."""
        self.lead.setText(sentence)
        self.show_progress(1.0)

    def rest(self) -> None:
        """Nobody sees the panel any more: no answer will come."""
        self.show_progress(1.0)

    def show_progress(self, fraction: float) -> None:
        """Show how much of the answer is there, if it takes long enough to be noticed; nothing once it is complete."""
        self.progress.setValue(round(fraction * 100))
        if fraction >= 1:
            self._soon.stop()
            self.progress.hide()
            self.cancel.hide()
        elif self.progress.isHidden() and not self._soon.isActive():
            self._soon.start()

    def _show_bar(self) -> None:
        self.progress.show()
        self.cancel.show()


def sentence_label(parent: QWidget, name: str) -> QLabel:
    """A label for whole sentences: it wraps, and its text can be selected."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
