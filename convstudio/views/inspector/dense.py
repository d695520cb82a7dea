"""The upper half of the column for a dense layer: its units, its seed, and every line of a small one."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from convstudio.core.recipe.layers import Dense
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted
from convstudio.views import theme
from convstudio.views.fields import NumberBox
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.painting import painting

MOST_UNITS = 100_000
MOST_SEED = 2**31 - 1
INPUTS, UNITS = 9, 6  # that are drawn; a real one has more


def weights_sentence(step: Step, layer: Dense) -> str:
    """What the layer costs, and where its weights come from."""
    origin = "The same seed draws the same ones." if layer.weight is None else "They came with the network."
    return (
        f"{layer.units:,} × {step.input.size:,} = {counted(step.weights, 'weight')}, and "
        f"{counted(step.biases, 'bias', 'biases')}. {origin}"
    )


class LinesView(QWidget):
    """Every input joined to every unit, as far as they can be drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dense-lines")
        self._units = UNITS

    def show_units(self, units: int) -> None:
        """Draw so many units, at most six."""
        self._units = min(units, UNITS)
        self.setAccessibleName(f"Every input is joined to each of {counted(units, 'unit')}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines first, dots over them."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.card)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            inputs = self._dots(self.width() * 0.2, INPUTS)
            units = self._dots(self.width() * 0.8, self._units)
            faint = QColor(colours.dense)
            faint.setAlpha(130)
            painter.setPen(QPen(faint, 1))
            for start in inputs:
                for end in units:
                    painter.drawLine(start, end)
            painter.setPen(QPen(colours.card, 1))
            for dots, colour, radius in ((inputs, colours.muted, 5), (units, colours.accent, 7)):
                painter.setBrush(colour)
                for dot in dots:
                    painter.drawEllipse(dot, radius, radius)

    def _dots(self, across: float, count: int) -> list[QPointF]:
        return [QPointF(across, self.height() * (place + 1) / (count + 1)) for place in range(count)]


class DensePanel(LayerPage):
    """Units and the seed of the weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dense-panel", parent)
        self._layer: Dense | None = None
        self.units, self.seed = NumberBox(1, MOST_UNITS, self), NumberBox(0, MOST_SEED, self)
        captions = []
        for box, name, text, tip in (
            (self.units, "dense-units", "Units", "How many outputs; each sees every input"),
            (self.seed, "dense-seed", "Seed", "The same seed gives the same weights"),
        ):
            box.setObjectName(name)
            box.setAccessibleName(text)
            box.setToolTip(tip)
            caption = QLabel(text, self)
            caption.setBuddy(box)
            caption.setFixedWidth(40)
            captions.append(caption)
            box.editingFinished.connect(self.gesture_ended)
        self.lines = LinesView(self)
        self.fill(first={captions[0]: 0, self.units: 1}, second={captions[1]: 0, self.seed: 1}, box=self.lines)
        self.weights = self.sentence
        self.weights.setObjectName("dense-weights")
        self.units.valueChanged.connect(self._change_units)
        self.seed.valueChanged.connect(self._change_seed)

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """What tells the cost of the layer, for a lesson that asks for it."""
        return (self.weights,)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, Dense):
            self._layer = step.layer

    def show_step(self, step: Step) -> None:
        """Put a dense layer into the controls."""
        layer = step.layer
        if not isinstance(layer, Dense):
            return
        self._layer = layer
        self.units.show_number(layer.units)
        self.seed.show_number(layer.seed)
        for box in (self.units, self.seed):
            box.setEnabled(layer.weight is None)  # what somebody's network learned is not drawn
        self.lines.show_units(layer.units)
        self.weights.setText(weights_sentence(step, layer) if layer.enabled else "")

    def _change_units(self, units: int) -> None:
        if self._layer is not None:
            self.layer_edited.emit(replace(self._layer, units=units), "units")

    def _change_seed(self, seed: int) -> None:
        if self._layer is not None:
            self.layer_edited.emit(replace(self._layer, seed=seed), "seed")
