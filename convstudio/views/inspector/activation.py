"""The upper half of the column for an activation: its kind, its slope, and its curve."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.ops.reference import activate
from convstudio.core.recipe.layers import Activation
from convstudio.core.recipe.new_layers import new_activation
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.fields import ChoiceBox
from convstudio.views.inspector.boxes import MapBox, RealBox
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.painting import painting

REACH = 4.0  # the curve is drawn for inputs from −4 to 4, where the bends of nearly all lie
SAMPLES = 129


def curve_points(layer: Activation, slope: float | None = None) -> list[tuple[float, float]]:
    """Inputs from −reach to reach with their outputs; `slope` is the number of one map."""
    slope = layer.numbers[0] if slope is None else slope
    reach = reach_of(layer, slope)
    values = np.linspace(-reach, reach, SAMPLES)
    return list(zip(values.tolist(), activate(values, layer.kind, slope).tolist(), strict=True))


def reach_of(layer: Activation, slope: float) -> float:
    """The largest input that the curve is drawn for: a threshold stands in the middle of its half."""
    is_threshold = layer.kind in (ActivationKind.THRESHOLD, ActivationKind.STEP)
    return max(REACH, 2 * abs(slope)) if is_threshold else REACH


class CurveView(QWidget):
    """The curve of an activation: output over input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activation-curve")
        self._layer, self._slope = Activation(), 0.01

    def show_activation(self, layer: Activation, slope: float | None = None) -> None:
        """Draw another curve; `slope` is the number of the map that is looked at."""
        self._layer, self._slope = layer, layer.numbers[0] if slope is None else slope
        reach = number(reach_of(layer, self._slope))
        self.setAccessibleName(f"Curve of {ACTIVATIONS[layer.kind].title} for inputs from −{reach} to {reach}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the axes through 0, the ends of both, and the curve."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            points, reach = curve_points(self._layer, self._slope), reach_of(self._layer, self._slope)
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
                across, up = (x + reach) / (2 * reach), (y - low) / (high - low)
                return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

            painter.drawLine(place(-reach, 0), place(reach, 0))
            painter.drawLine(place(0, low), place(0, high))
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([place(x, y) for x, y in points]))
            painter.setPen(colours.muted)
            below = QRectF(area.left(), area.bottom() + 4, area.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"in {number(-reach)}")
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "0")
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(reach))
            top = place(0, high) + QPointF(6, 0)
            painter.drawText(QRectF(top, QSize(120, line)), Qt.AlignmentFlag.AlignLeft, f"out {number(high)}")


class ActivationPanel(LayerPage):
    """Kind and number, with the curve and its formula; a PReLU has one number for each map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("activation-panel", parent)
        self._layer: Activation | None = None
        self._channels = 1
        self.kind = ChoiceBox({kind: row.title for kind, row in ACTIVATIONS.items()}, self)
        self.kind.setObjectName("activation-kind")
        self.kind.setAccessibleName("Kind")
        self.kind.setToolTip("What becomes of every value")
        self.slope = RealBox("activation-slope", 0.0, 1.0, 0.01, self)
        self.caption = QLabel("Slope", self)
        self.caption.setBuddy(self.slope)
        self.map = MapBox("activation-map", self)
        self.curve = CurveView(self)
        self.fill(first={self.kind: 3, self.map: 2}, second={self.caption: 0, self.slope: 1}, box=self.curve)
        self.sentence.setObjectName("activation-formula")
        self.kind.chosen.connect(self._choose_kind)
        self.map.valueChanged.connect(lambda _: self._show_layer())
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
        self._layer, self._channels = layer, step.input.channels
        self.kind.show_choice(layer.kind)
        self.map.show_maps(len(layer.numbers))
        self._show_layer()

    def _show_layer(self) -> None:
        layer = self._layer
        if layer is None:
            return
        row = ACTIVATIONS[layer.kind]
        value = layer.number_of(self.map.index)
        name = "Slope" if row.number is None else row.number.name
        self.caption.setText(name)
        self.slope.setAccessibleName(name)
        if row.number is not None:
            self.slope.set_range(row.number.low, row.number.high, row.number.step)
            self.slope.setToolTip(row.number.tip)
        self.slope.show_value(value)
        self.slope.show_meaningless("" if row.number else "None")
        self.curve.show_activation(layer, value)
        self.sentence.setText(row.formula.format(slope=number(value)))

    def _choose_kind(self, kind: ActivationKind) -> None:
        if self._layer is not None and kind is not self._layer.kind:
            new = new_activation(kind, self._channels)
            self.layer_edited.emit(replace(self._layer, kind=kind, slope=new.slope, slopes=new.slopes), "")

    def _change_slope(self, slope: float) -> None:
        if self._layer is None:
            return
        if not self._layer.slopes:
            self.layer_edited.emit(replace(self._layer, slope=slope), "slope")
            return
        slopes = list(self._layer.slopes)
        slopes[self.map.index] = slope
        self.layer_edited.emit(replace(self._layer, slopes=tuple(slopes)), f"slope {self.map.index}")
