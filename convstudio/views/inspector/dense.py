"""The upper half of the column for a dense layer: its units, the weights of one of them as a picture, and its bias."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from convstudio.core.display.colours import limit_of, signed_colours
from convstudio.core.ops import dense_weights, dense_weights_from
from convstudio.core.recipe.layers import Dense, Weights
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted
from convstudio.views import theme
from convstudio.views.fields import NumberBox
from convstudio.views.inspector.boxes import MapBox, RealBox
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.kernel.grid import KernelGrid
from convstudio.views.measures import Measures
from convstudio.views.painting import painting

MOST_UNITS = 100_000
MOST_SEED = 2**31 - 1
MOST_BIAS = 1e9
MOST_DRAWN = 2**20  # weights of a unit that are made for a picture
MOST_EDITED = 2**22  # weights of a layer that are kept so that one can be edited
MOST_CELLS = 12  # rows and columns of a plane whose weights are numbers to be typed over
CAPTION = 40

Numbers = NDArray[np.float64]


def weights_sentence(step: Step) -> str:
    """What the layer costs."""
    return f"{counted(step.weights, 'weight')}, {counted(step.biases, 'bias', 'biases')}"


def unit_weights(step: Step, layer: Dense, unit: int) -> Numbers | None:
    """The weights of one unit, (channels, height, width); None where they are too many for a picture."""
    if layer.weight is not None:
        return np.asarray(layer.weight.array[unit], np.float64)
    size = step.input.size
    if size > MOST_DRAWN:
        return None
    weights = dense_weights_from(unit * size, size, inputs=size, seed=layer.seed)
    return weights.astype(np.float64).reshape(step.input)


def as_plane(weights: Numbers) -> Numbers:
    """The planes of a unit side by side near a square; numbers without places in one."""
    channels, height, width = weights.shape
    across = max(1, round((channels * height / width) ** 0.5))
    down = -(-channels // across)
    padded = np.full((down * across, height, width), np.nan)
    padded[:channels] = weights
    return padded.reshape(down, across, height, width).swapaxes(1, 2).reshape(down * height, across * width)


class WeightsView(QWidget):
    """The weights of one unit as a picture: what it looks for in its input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dense-picture")
        self._plane: Numbers | None = None

    def show_weights(self, weights: Numbers | None, name: str) -> None:
        """Show the weights (channels, height, width) of another unit, or that they are too many."""
        self._plane = None if weights is None else as_plane(weights)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cells in the colours of signed numbers."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.window)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            area = QRectF(self.rect()).adjusted(8, 8, -8, -8)
            if self._plane is None:
                painter.setPen(colours.muted)
                words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(area, words, "Too many weights for a picture")
                return
            is_weight = ~np.isnan(self._plane)
            limit = limit_of(self._plane[is_weight])
            colour = signed_colours(np.where(is_weight, self._plane, 0.0), limit, theme.signed_scale(self))
            pixels = np.dstack([colour, np.where(is_weight, np.uint8(255), np.uint8(0))]).astype(np.uint8)
            rows, columns, _ = pixels.shape
            image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
            scale = min(area.width() / columns, area.height() / rows)
            place = QRectF(0, 0, columns * scale, rows * scale)
            place.moveCenter(area.center())
            painter.drawImage(place, image)


class DensePanel(LayerPage):
    """Units and the seed of the weights; one unit's weights and its bias, to be looked at and edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dense-panel", parent)
        self._layer: Dense | None = None
        self._step: Step | None = None
        self.units, self.seed = NumberBox(1, MOST_UNITS, self), NumberBox(0, MOST_SEED, self)
        captions = []
        for box, name, text, tip in (
            (self.units, "dense-units", "Units", "How many outputs; each sees every input"),
            (self.seed, "dense-seed", "Seed", "Draws all weights anew; the same seed gives the same ones"),
        ):
            box.setObjectName(name)
            box.setAccessibleName(text)
            box.setToolTip(tip)
            captions.append(QLabel(text, self))
            captions[-1].setBuddy(box)
            captions[-1].setFixedWidth(CAPTION)
            box.editingFinished.connect(self.gesture_ended)
        self.unit = MapBox("dense-unit", self)
        self.unit.setPrefix("Unit ")
        self.unit.setAccessibleName("Unit")
        self.bias = RealBox("dense-bias", -MOST_BIAS, MOST_BIAS, 0.1, self)
        self.bias.setAccessibleName("Bias of this unit")
        self.bias.setToolTip("Is added to the sum of this unit")
        captions.append(QLabel("Bias", self))
        captions[-1].setBuddy(self.bias)
        captions[-1].setFixedWidth(CAPTION)
        self.picture, self.grid = WeightsView(self), KernelGrid(self)
        self.grid.setObjectName("dense-grid")
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.picture)
        self.stack.addWidget(self.grid)
        self.fill(
            first={captions[0]: 0, self.units: 1, self.unit: 1},
            second={captions[1]: 0, self.seed: 1},
            box=self.stack,
            third={captions[2]: 0, self.bias: 1},
        )
        self.weights = self.sentence
        self.weights.setObjectName("dense-weights")
        self.units.valueChanged.connect(self._change_units)
        self.seed.valueChanged.connect(self._change_seed)
        self.unit.valueChanged.connect(lambda _: self._show_unit())
        self.bias.value_edited.connect(self._change_bias)
        self.bias.gesture_ended.connect(self.gesture_ended)
        self.bias.refused.connect(self.edit_refused)
        self.grid.plane_edited.connect(self._change_weights)
        self.grid.gesture_ended.connect(self.gesture_ended)
        self.grid.message.connect(self.edit_refused)

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """What tells the cost of the layer, for a lesson that asks for it."""
        return (self.weights,)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        super().show_measures(measures)
        self.grid.setFixedSize(measures.kernel_box, measures.kernel_box)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, Dense):
            self._layer, self._step = step.layer, step

    def show_step(self, step: Step) -> None:
        """Put a dense layer into the controls."""
        layer = step.layer
        if not isinstance(layer, Dense):
            return
        self._layer, self._step = layer, step
        self.units.show_number(layer.units)
        self.seed.show_number(layer.seed)
        for box in (self.units, self.seed):
            box.setEnabled(layer.weight is None)  # what a network learned, or somebody typed, is not drawn
        with QSignalBlocker(self.unit):
            self.unit.show_maps(layer.units)
        self.unit.setToolTip(f"One of {counted(layer.units, 'unit')}, whose weights and bias are shown")
        self.weights.setText(weights_sentence(step) if layer.enabled else "")
        self._show_unit()

    def _show_unit(self) -> None:
        layer, step = self._layer, self._step
        if layer is None or step is None:
            return
        unit = min(self.unit.index, layer.units - 1)
        weights = unit_weights(step, layer, unit)
        self.bias.show_value(layer.bias_of(unit))
        plane = None if weights is None else as_plane(weights)
        is_small = plane is not None and max(plane.shape) <= MOST_CELLS and not np.isnan(plane).any()
        if is_small and plane is not None and step.weights <= MOST_EDITED:
            self.grid.show_plane(plane, limit_of(plane), None)
            self.stack.setCurrentWidget(self.grid)
            return
        self.picture.show_weights(weights, f"Weights of unit {unit + 1}")
        self.stack.setCurrentWidget(self.picture)

    def _change_units(self, units: int) -> None:
        layer = self._layer
        if layer is not None:
            bias = (*layer.bias[:units], *(0.0,) * (units - len(layer.bias))) if layer.bias else ()
            self.layer_edited.emit(replace(layer, units=units, bias=bias), "units")

    def _change_seed(self, seed: int) -> None:
        if self._layer is not None:
            self.layer_edited.emit(replace(self._layer, seed=seed), "seed")

    def _change_bias(self, value: float) -> None:
        if self._layer is None:
            return
        bias = list(self._layer.bias or (0.0,) * self._layer.units)
        bias[self.unit.index] = value
        self.layer_edited.emit(replace(self._layer, bias=tuple(bias)), f"bias {self.unit.index}")

    def _change_weights(self, plane: Numbers, key: str) -> None:
        """Keep all weights from now on, those of this unit as they were typed."""
        layer, step = self._layer, self._step
        if layer is None or step is None:
            return
        size = step.input.size
        if layer.weight is not None:
            weights = np.array(layer.weight.array)
        else:
            weights = dense_weights(layer.units, size, layer.seed).astype(np.float64).reshape(layer.units, *step.input)
        channels, height, width = step.input
        across = plane.shape[1] // width
        down = plane.shape[0] // height
        planes = plane.reshape(down, height, across, width).swapaxes(1, 2).reshape(channels, height, width)
        weights[self.unit.index] = planes
        self.layer_edited.emit(
            replace(layer, weight=Weights(weights)), f"{key} of unit {self.unit.index}" if key else ""
        )
