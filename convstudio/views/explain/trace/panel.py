"""ARITHMETIC: every product behind one output, the sum, the bias and the result."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from convstudio.core.recipe.plan import Step
from convstudio.insight.trace.formula import Notation, Style, formula
from convstudio.insight.trace.sliding import last_unit, progress_text, unit_after, unit_at
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views.explain.explainer import sentence_label
from convstudio.views.explain.trace.controls import StepBar
from convstudio.views.explain.trace.pictures import ProductGrids
from convstudio.views.explain.trace.text import (
    COUNTED_FROM_0,
    FEW_TERMS,
    MOST_TERMS,
    dependence_sentence,
    full_text,
    has_grids,
    padding_sentence,
    strongest_lines,
    sum_line,
    unit_sentence,
)

EMPTY = (
    "Hover the output picture: the calculation of the output under the mouse appears here, number by number. "
    "Click to keep it while you look at it."
)


class ArithmeticPanel(QWidget):
    """Why one output has its value, and a window that slides from one output to the next."""

    unit_chosen = Signal(object)  # Unit to be kept, or None to follow the mouse
    save_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmetic-panel")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._trace: Trace | None = None
        self._step: Step | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._slide)
        self.bar = StepBar(self)
        self.lead = sentence_label(self, "arithmetic-lead")
        font = self.lead.font()
        font.setBold(True)
        self.lead.setFont(font)
        self.dependence = sentence_label(self, "arithmetic-dependence")
        self.sum = sentence_label(self, "arithmetic-sum")
        self.terms = sentence_label(self, "arithmetic-terms")
        self.copy = QPushButton("Copy text", self)
        self.copy.setObjectName("arithmetic-copy")
        self.copy.setToolTip("Copy the whole calculation as text")
        self.copy.setAccessibleName("Copy the calculation")
        self.grids = ProductGrids()
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("arithmetic-grids")
        self._scroll.setAccessibleName("Inputs, weights and products")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self.grids)
        self._scroll.viewport().installEventFilter(self)
        self.bar.add(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.lead)
        layout.addWidget(self.dependence)
        layout.addWidget(self.sum)
        layout.addWidget(self.terms)
        layout.addWidget(self._scroll, 1)
        self._space = QWidget(self)
        layout.addWidget(self._space, 1)
        self.copy.clicked.connect(self._copy)
        self.bar.moved.connect(self.move_by)
        self.bar.first_asked.connect(self.move_to_first)
        self.bar.last_asked.connect(self.move_to_last)
        self.bar.play_toggled.connect(self._play)
        self.bar.speed.currentIndexChanged.connect(lambda _: self._timer.setInterval(round(1000 / self.bar.rate)))
        self.bar.follow_asked.connect(self.follow_mouse)
        self.bar.symbols_toggled.connect(lambda _: self._show_calculation())
        self.bar.latex_asked.connect(self._copy_latex)
        self.bar.save_asked.connect(self.save_asked)
        self._add_keys()
        self.show_trace(None)

    @property
    def notation(self) -> Notation:
        """Numbers or letters, as is chosen."""
        return Notation.SYMBOLS if self.bar.symbols.isChecked() else Notation.NUMBERS

    @property
    def belongings(self) -> Notation:
        """Numbers or letters."""
        return self.notation

    def take_belongings(self, belongings: object) -> None:
        """Write another session's calculations: in numbers, unless letters were chosen there."""
        self.stop()
        self.bar.symbols.setChecked(belongings is Notation.SYMBOLS)

    def show_step(self, step: Step | None) -> None:
        """Say whose outputs can be stepped through."""
        if step is None or self._step is None or step.output != self._step.output or step.index != self._step.index:
            self.stop()
        self._step = step
        self._show_place(is_pinned=self.bar.follow.isEnabled())

    def move_by(self, steps: int) -> None:
        """Choose another output, so many steps on; the first one where none is shown."""
        if self._step is not None:
            unit = None if self._trace is None else self._trace.unit
            self.unit_chosen.emit(unit_after(self._step.output, unit, steps))

    def move_to_first(self) -> None:
        """Choose the first output of this channel."""
        if self._step is not None:
            self.unit_chosen.emit(unit_at(self._step.output, self._channel, 0))

    def move_to_last(self) -> None:
        """Choose the last output of this channel."""
        if self._step is not None:
            self.unit_chosen.emit(last_unit(self._step.output, self._channel))

    def follow_mouse(self) -> None:
        """Keep no output any more; the one under the mouse is shown."""
        self.stop()
        self.unit_chosen.emit(None)

    def toggle_play(self) -> None:
        """Let the window slide, or stop it."""
        self.bar.play.toggle()

    def stop(self) -> None:
        """Let the window slide no more."""
        self.bar.play.setChecked(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends, Escape follows the mouse again."""
        match event.key():
            case Qt.Key.Key_Home:
                self.move_to_first()
            case Qt.Key.Key_End:
                self.move_to_last()
            case Qt.Key.Key_Escape:
                self.follow_mouse()
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody watches the window slide any more."""
        self.stop()
        super().hideEvent(event)

    @property
    def _channel(self) -> int:
        return 0 if self._trace is None else self._trace.unit.channel

    def _play(self, is_playing: bool) -> None:  # noqa: FBT001  # a slot
        if is_playing:
            if self._is_last():
                self.move_to_first()
            self._timer.start(round(1000 / self.bar.rate))
        else:
            self._timer.stop()

    def _is_last(self) -> bool:
        if self._step is None or self._trace is None:
            return False
        return self._trace.unit == last_unit(self._step.output, self._trace.unit.channel)

    def _slide(self) -> None:
        if self._step is None or self._is_last():
            self.stop()
        else:
            self.move_by(1)

    def _show_place(self, *, is_pinned: bool) -> None:
        step, trace = self._step, self._trace
        is_here = step is not None and trace is not None and trace.index == step.index
        text = progress_text(step.output, trace.unit) if is_here and step and trace else ""
        self.bar.show_place(text, can_step=step is not None, is_pinned=is_pinned)

    def _show_calculation(self) -> None:
        trace = self._trace
        if trace is None:
            return
        is_symbols = self.notation is Notation.SYMBOLS
        sentences = (dependence_sentence(trace), padding_sentence(trace), COUNTED_FROM_0 if is_symbols else "")
        self.dependence.setText(" ".join(filter(None, sentences)))
        if is_symbols:
            # a long formula would leave no room for the grids, where every letter is
            most = MOST_TERMS if trace.taps.values.size <= MOST_TERMS else FEW_TERMS
            self.sum.setText(formula(trace, Style.TEXT, Notation.SYMBOLS, most=most))
        else:
            self.sum.setText(sum_line(trace))
        with_grids = has_grids(trace) and trace.operation not in (Operation.CURVE, Operation.COPY)
        self._scroll.setVisible(with_grids)
        self._space.setVisible(not with_grids)
        self.grids.show_trace(trace if with_grids else None, self.notation)

    def show_trace(self, trace: Trace | None, *, is_pinned: bool = False) -> None:
        """Show the calculation of one output; None shows how to get one."""
        self._trace = trace
        self._step = trace.step if trace is not None else self._step
        self._show_place(is_pinned=is_pinned)
        has_trace = trace is not None
        for widget in (self.copy, self.dependence, self.sum):
            widget.setVisible(has_trace)
        self.terms.setVisible(trace is not None and not has_grids(trace))
        if trace is None:
            self._scroll.hide()
            self._space.show()
            self.grids.show_trace(None)
            self.lead.setText(EMPTY)
            return
        self.lead.setText(unit_sentence(trace))
        self._show_calculation()
        self.terms.setText("" if has_grids(trace) else strongest_lines(trace))

    def _add_keys(self) -> None:
        for key, slot in (
            ("S", self.bar.symbols.toggle),
            (",", lambda: self.move_by(-1)),
            (".", lambda: self.move_by(1)),
            ("/", self.toggle_play),
        ):
            # a shortcut, for the list of speeds would take a letter for a search
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrange the grids for the room there is."""
        if event.type() is QEvent.Type.Resize and watched is self._scroll.viewport():
            self.grids.show_room(self._scroll.viewport().width())
        return super().eventFilter(watched, event)

    def _copy_latex(self) -> None:
        if self._trace is not None:
            QGuiApplication.clipboard().setText(formula(self._trace, Style.LATEX, self.notation))

    def _copy(self) -> None:
        if self._trace is not None:
            QGuiApplication.clipboard().setText(full_text(self._trace))
