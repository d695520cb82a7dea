"""ARITHMETIC: every product behind one output, the sum, the bias and the result."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from convstudio.insight.trace import Operation, Trace
from convstudio.views.explain.arithmetic_text import (
    dependence_sentence,
    full_text,
    has_grids,
    padding_sentence,
    strongest_lines,
    sum_line,
    unit_sentence,
)
from convstudio.views.explain.product_grids import ProductGrids

EMPTY = (
    "Hover the output picture: the calculation of the output under the mouse appears here, number by number. "
    "Click to keep it while you look at it."
)


class ArithmeticPanel(QWidget):
    """Why one output has its value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmetic-panel")
        self._trace: Trace | None = None
        self.lead = self._label("arithmetic-lead")
        font = self.lead.font()
        font.setBold(True)
        self.lead.setFont(font)
        self.dependence = self._label("arithmetic-dependence")
        self.sum = self._label("arithmetic-sum")
        self.terms = self._label("arithmetic-terms")
        self.copy = QPushButton("Copy", self)
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
        head = QHBoxLayout()
        head.addWidget(self.lead, 1)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.dependence)
        layout.addWidget(self.sum)
        layout.addWidget(self.terms)
        layout.addWidget(self._scroll, 1)
        self._space = QWidget(self)
        layout.addWidget(self._space, 1)
        self.copy.clicked.connect(self._copy)
        self.show_trace(None)

    def show_trace(self, trace: Trace | None) -> None:
        """Show the calculation of one output; None shows how to get one."""
        self._trace = trace
        has_trace = trace is not None
        with_grids = trace is not None and has_grids(trace) and trace.operation not in (Operation.CURVE, Operation.COPY)
        for widget in (self.copy, self.dependence, self.sum):
            widget.setVisible(has_trace)
        self.terms.setVisible(trace is not None and not has_grids(trace))
        self._scroll.setVisible(with_grids)
        self._space.setVisible(not with_grids)
        self.grids.show_trace(trace if with_grids else None)
        if trace is None:
            self.lead.setText(EMPTY)
            return
        self.lead.setText(unit_sentence(trace))
        self.dependence.setText(" ".join(filter(None, (dependence_sentence(trace), padding_sentence(trace)))))
        self.sum.setText(sum_line(trace))
        self.terms.setText("" if has_grids(trace) else strongest_lines(trace))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrange the grids for the room there is."""
        if event.type() is QEvent.Type.Resize and watched is self._scroll.viewport():
            self.grids.show_room(self._scroll.viewport().width())
        return super().eventFilter(watched, event)

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return label

    def _copy(self) -> None:
        if self._trace is not None:
            QGuiApplication.clipboard().setText(full_text(self._trace))
