"""The inspector of an activation: its kind, its slope, and its curve drawn from the operation itself."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.ops.reference import activate
from convstudio.core.recipe.layers import (
    Activation,
    Layer,
)
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.fields import ChoiceBox, FractionBox
from convstudio.views.inspector.step_panel import StepPanel
from convstudio.views.painting import painting

REACH = 4.0  # the curve is drawn for inputs from −4 to 4, where the bends of all five lie
SAMPLES = 129


def curve_points(layer: Activation) -> list[tuple[float, float]]:
    """Inputs from −4 to 4 with their outputs."""
    values = np.linspace(-REACH, REACH, SAMPLES)
    return list(zip(values.tolist(), activate(values, layer.kind, layer.slope).tolist(), strict=True))


class CurveView(QWidget):
    """The curve of an activation: output over input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activation-curve")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layer = Activation()

    def show_activation(self, layer: Activation) -> None:
        """Draw another curve."""
        self._layer = layer
        self.setAccessibleName(f"Curve of {ACTIVATIONS[layer.kind].title} for inputs from −4 to 4")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the numbers at the ends of the axes."""
        return QSize(240, 144)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axes through 0, the ends of both, and the curve."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            points = curve_points(self._layer)
            low = min(-1.0, *(y for _, y in points))
            high = max(1.0, *(y for _, y in points))
            line = self.fontMetrics().height()
            area = QRectF(self.rect()).adjusted(8, 8, -8, -8 - line)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)

            def place(x: float, y: float) -> QPointF:
                across, up = (x + REACH) / (2 * REACH), (y - low) / (high - low)
                return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(place(-REACH, 0), place(REACH, 0))
            painter.drawLine(place(0, low), place(0, high))
            painter.setPen(QPen(colours.accent, 2))
            painter.drawPolyline(QPolygonF([place(x, y) for x, y in points]))
            painter.setPen(colours.muted)
            below = QRectF(area.left(), area.bottom() + 4, area.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"in {number(-REACH)}")
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "0")
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(REACH))
            top = place(0, high) + QPointF(6, 0)
            painter.drawText(QRectF(top, QSize(120, line)), Qt.AlignmentFlag.AlignLeft, f"out {number(high)}")


class ActivationPanel(StepPanel):
    """Kind and slope, with the curve and its formula."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("activation-panel", parent)
        self.kind = ChoiceBox({kind: row.title for kind, row in ACTIVATIONS.items()}, self)
        self.kind.setObjectName("activation-kind")
        self.slope = FractionBox(0.0, 1.0, 0.01, self)
        self.slope.setObjectName("activation-slope")
        self.curve = CurveView(self)
        self.formula = QLabel(self)
        self.formula.setObjectName("activation-formula")
        self.add_row("Kind", self.kind, "What becomes of every value")
        self.add_row("Slope", self.slope, "The factor for negative values")
        self.form.addRow(self.curve)
        self.form.addRow(self.formula)
        self.kind.chosen.connect(self._choose_kind)
        self.slope.valueChanged.connect(self._change_slope)
        self.slope.editingFinished.connect(self.gesture_ended)
        self.show_step(None)

    def show_layer(self, layer: Layer, step: Step) -> None:  # a curve is the same for every shape
        """Put an activation into the controls."""
        if not isinstance(layer, Activation):
            return
        self.kind.show_choice(layer.kind)
        self.slope.show_number(layer.slope)
        self.form.setRowVisible(self.slope, ACTIVATIONS[layer.kind].has_slope)
        self.curve.show_activation(layer)
        self.formula.setText(ACTIVATIONS[layer.kind].formula.format(slope=number(layer.slope)))

    def _choose_kind(self, kind: ActivationKind) -> None:
        if self.step is not None and isinstance(layer := self.step.layer, Activation):
            self.offer(lambda: replace(layer, kind=kind))

    def _change_slope(self, slope: float) -> None:
        if self.step is not None and isinstance(layer := self.step.layer, Activation):
            self.offer(lambda: replace(layer, slope=slope), "slope")
