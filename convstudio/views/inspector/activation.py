"""The upper half of the column for an activation: its kind, its slope, and its curve."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.ops.reference import activate
from convstudio.core.recipe.layers import Activation
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.fields import ChoiceBox
from convstudio.views.inspector.boxes import RealBox
from convstudio.views.kernel.box_page import BoxPage
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
        self._layer = Activation()

    def show_activation(self, layer: Activation) -> None:
        """Draw another curve."""
        self._layer = layer
        self.setAccessibleName(f"Curve of {ACTIVATIONS[layer.kind].title} for inputs from −4 to 4")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axes through 0, the ends of both, and the curve."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            points = curve_points(self._layer)
            low = min(-1.0, *(y for _, y in points))
            high = max(1.0, *(y for _, y in points))
            font = theme.numbers_font(self)
            font.setPixelSize(12)
            painter.setFont(font)
            line = painter.fontMetrics().height()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.card)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            area = QRectF(self.rect()).adjusted(12, 12, -12, -12 - line)

            def place(x: float, y: float) -> QPointF:
                across, up = (x + REACH) / (2 * REACH), (y - low) / (high - low)
                return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

            painter.drawLine(place(-REACH, 0), place(REACH, 0))
            painter.drawLine(place(0, low), place(0, high))
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([place(x, y) for x, y in points]))
            painter.setPen(colours.muted)
            below = QRectF(area.left(), area.bottom() + 4, area.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"in {number(-REACH)}")
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "0")
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(REACH))
            top = place(0, high) + QPointF(6, 0)
            painter.drawText(QRectF(top, QSize(120, line)), Qt.AlignmentFlag.AlignLeft, f"out {number(high)}")


class ActivationPanel(BoxPage):
    """Kind and slope, with the curve and its formula."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    edit_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("activation-panel", parent)
        self._layer: Activation | None = None
        self.kind = ChoiceBox({kind: row.title for kind, row in ACTIVATIONS.items()}, self)
        self.kind.setObjectName("activation-kind")
        self.kind.setAccessibleName("Kind")
        self.kind.setToolTip("What becomes of every value")
        self.slope = RealBox("activation-slope", 0.0, 1.0, 0.01, self)
        self.slope.setAccessibleName("Slope")
        self.slope.setToolTip("The factor for negative values")
        caption = QLabel("Slope", self)
        caption.setBuddy(self.slope)
        self.curve = CurveView(self)
        self.fill(first={self.kind: 1}, second={caption: 0, self.slope: 1}, box=self.curve)
        self.sentence.setObjectName("activation-formula")
        self.kind.chosen.connect(self._choose_kind)
        self.slope.value_edited.connect(self._change_slope)
        self.slope.gesture_ended.connect(self.gesture_ended)
        self.slope.refused.connect(self.edit_refused)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, Activation):
            self._layer = step.layer

    def show_step(self, step: Step) -> None:
        """Put an activation into the controls."""
        layer = step.layer
        if not isinstance(layer, Activation):
            return
        self._layer = layer
        row = ACTIVATIONS[layer.kind]
        self.kind.show_choice(layer.kind)
        self.slope.show_value(layer.slope)
        self.slope.show_meaningless("" if row.has_slope else "Leaky ReLU only")
        self.curve.show_activation(layer)
        self.sentence.setText(row.formula.format(slope=number(layer.slope)))

    def _choose_kind(self, kind: ActivationKind) -> None:
        if self._layer is not None and kind is not self._layer.kind:
            self.layer_edited.emit(replace(self._layer, kind=kind), "")

    def _change_slope(self, slope: float) -> None:
        if self._layer is not None:
            self.layer_edited.emit(replace(self._layer, slope=slope), "slope")
