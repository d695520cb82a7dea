"""The upper half of the column for layers that make each output of the numbers at its own place."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from convstudio.core.recipe.layers import Magnitude, Normalisation, ScaleShift, Softmax
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.controls.switch import Switch
from convstudio.views.inspector.boxes import MapBox, RealBox
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.painting import painting

FULL = 255.0  # the brightness that the line goes to
MOST = 1e9
CAPTION = 64  # pixels, so that the two fields stand under one another
ROWS = 6  # maps that are listed
LONGEST = 40  # letters of a label


class LineView(QWidget):
    """What becomes of 0 and of 255: a straight line, as for every scale and shift."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scale-line")
        self._ends = 0.0, 1.0

    def show_line(self, scale: float, shift: float) -> None:
        """Draw another line."""
        self._ends = shift, FULL * scale + shift
        self.setAccessibleName(f"0 becomes {number(self._ends[0])}, 255 becomes {number(self._ends[1])}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line over both axes, and its two ends in numbers."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            _paint_ground(painter, self)
            line = painter.fontMetrics().height()
            area = QRectF(self.rect()).adjusted(16, 16 + line, -16, -16 - line)
            low, high = min(*self._ends, 0.0), max(*self._ends, 0.0)
            reach = (high - low) or 1.0

            def place(share: float, value: float) -> QPointF:
                return QPointF(
                    area.left() + share * area.width(), area.bottom() - (value - low) / reach * area.height()
                )

            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(place(0, 0), place(1, 0))
            painter.setPen(QPen(colours.accent, 2))
            painter.drawLine(place(0, self._ends[0]), place(1, self._ends[1]))
            painter.setBrush(colours.accent)
            for share, value in zip((0.0, 1.0), self._ends, strict=True):
                painter.drawEllipse(place(share, value), 3, 3)
            painter.setPen(colours.muted)
            texts = (f"0 → {number(self._ends[0])}", f"255 → {number(self._ends[1])}")
            painter.drawText(
                QRectF(8, self.height() - line - 6, self.width() - 16, line), Qt.AlignmentFlag.AlignLeft, texts[0]
            )
            painter.drawText(QRectF(8, 6, self.width() - 16, line), Qt.AlignmentFlag.AlignRight, texts[1])


class ScalePanel(LayerPage):
    """The two numbers of a scale and shift, or of a normalisation: for all maps, or for one of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("scale-panel", parent)
        self._layer: ScaleShift | Normalisation | None = None
        self._channels = 1
        self.boxes = tuple(RealBox(name, -MOST, MOST, 0.1, self) for name in ("scale-first", "scale-second"))
        self.captions = tuple(QLabel(self) for _ in self.boxes)
        for caption, box in zip(self.captions, self.boxes, strict=True):
            caption.setBuddy(box)
            caption.setFixedWidth(CAPTION)
        self.map = MapBox("scale-map", self)
        self.each = Switch("Each map", "scale-each", self)
        self.each.setToolTip("Every map has numbers of its own; without, all have the same")
        self.view = LineView(self)
        self.fill(
            first={self.captions[0]: 0, self.boxes[0]: 1, self.map: 1},
            second={self.captions[1]: 0, self.boxes[1]: 1},
            box=self.view,
            third={self.each: 1},
        )
        self.map.valueChanged.connect(lambda _: self._show_numbers())
        self.each.clicked.connect(self._change_each)
        for place, box in enumerate(self.boxes):
            box.value_edited.connect(lambda value, place=place: self._change(place, value))
            box.gesture_ended.connect(self.gesture_ended)
            box.refused.connect(self.edit_refused)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, ScaleShift | Normalisation):
            self._layer = step.layer

    def show_step(self, step: Step) -> None:
        """Put the numbers into the controls."""
        layer = step.layer
        if not isinstance(layer, ScaleShift | Normalisation):
            return
        self._layer, self._channels = layer, step.input.channels
        count = max(map(len, _numbers(layer)))
        self.map.show_maps(count)
        self.each.show_on(count > 1)
        self.each.setEnabled(self._channels > 1)
        names = ("Mean", "Deviation") if isinstance(layer, Normalisation) else ("Scale", "Shift")
        tips = (
            ("Is taken from every value", "What is left is divided by it")
            if isinstance(layer, Normalisation)
            else ("Every value is multiplied by it", "Is added to the product")
        )
        for caption, box, name, tip in zip(self.captions, self.boxes, names, tips, strict=True):
            caption.setText(name)
            box.setAccessibleName(name)
            box.setToolTip(tip)
        self._show_numbers()

    def _show_numbers(self) -> None:
        layer, at = self._layer, self.map.index
        if layer is None:
            return
        first, second = (values[at % len(values)] for values in _numbers(layer))
        self.boxes[0].show_value(first)
        self.boxes[1].show_value(second)
        self.view.show_line(layer.scale[at % len(layer.scale)], layer.shift[at % len(layer.shift)])
        before, after = _signed(-first), _signed(second)
        formula = (
            f"(v {before}) ÷ {number(second)}" if isinstance(layer, Normalisation) else f"v·{number(first)} {after}"
        )
        self.sentence.setText(f"f(v) = {formula}")

    def _change(self, place: int, value: float) -> None:
        if self._layer is None:
            return
        if isinstance(self._layer, Normalisation) and place == 1 and value == 0:
            self.edit_refused.emit("The deviation divides, so it cannot be 0; choose another number.")
            return
        numbers = [list(values) for values in _numbers(self._layer)]
        numbers[place][self.map.index % len(numbers[place])] = value
        self.layer_edited.emit(_with(self._layer, numbers), f"number {place} of map {self.map.index}")

    def _change_each(self, is_on: bool) -> None:  # noqa: FBT001  # a slot
        if self._layer is None:
            return
        numbers = [
            [values[at % len(values)] for at in range(self._channels)] if is_on else [values[0]]
            for values in _numbers(self._layer)
        ]
        self.layer_edited.emit(_with(self._layer, numbers), "")


class LabelsView(QWidget):
    """The maps with what they are called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("softmax-labels")
        self._labels: tuple[str, ...] = ()

    def show_labels(self, labels: tuple[str, ...]) -> None:
        """List other labels."""
        self._labels = labels
        self.setAccessibleName(", ".join(f"map {place + 1}: {label}" for place, label in enumerate(labels[:ROWS])))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As many rows as have room; the last says how many follow."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            _paint_ground(painter, self)
            line = painter.fontMetrics().height() + 8
            room = max(1, min(int((self.height() - 16) / line), ROWS + 1))
            names = [f"{place + 1}   {label}" for place, label in enumerate(self._labels[:room])]
            if len(self._labels) > room:
                names[-1] = f"… and {len(self._labels) - room + 1:,} more"
            top = (self.height() - line * len(names)) / 2
            for place, name in enumerate(names):
                area = QRectF(16, top + place * line, self.width() - 32, line)
                painter.setPen(colours.text)
                text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()))
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class SoftmaxPanel(LayerPage):
    """What each map is called, and whether the photograph is lit by the map that is looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("softmax-panel", parent)
        self._layer: Softmax | None = None
        self._channels = 1
        self.map = MapBox("softmax-map", self)
        self.label = QLineEdit(self)
        self.label.setObjectName("softmax-label")
        self.label.setAccessibleName("Label of this map")
        self.label.setToolTip("What a high share in this map means")
        self.label.setMaxLength(LONGEST)
        self.lit = Switch("Light up the photograph", "softmax-lit", self)
        self.lit.setToolTip("The output shows the photograph, bright where the share is high")
        self.view = LabelsView(self)
        self.fill(first={self.map: 1}, second={self.label: 1}, box=self.view, third={self.lit: 1})
        self.sentence.setText("The shares at a place sum to 1")
        self.map.valueChanged.connect(lambda _: self._show_label())
        self.label.editingFinished.connect(self._change_label)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, Softmax):
            self._layer = step.layer

    def show_step(self, step: Step) -> None:
        """Put the labels into the controls."""
        layer = step.layer
        if not isinstance(layer, Softmax):
            return
        self._layer, self._channels = layer, step.output.channels
        self.map.show_maps(self._channels)
        self.view.show_labels(layer.labels or tuple(f"map {place + 1}" for place in range(self._channels)))
        self._show_label()

    def _show_label(self) -> None:
        if self._layer is not None:
            labels = self._layer.labels
            self.label.setText(labels[self.map.index] if labels else "")

    def _change_label(self) -> None:
        if self._layer is None:
            return
        labels = list(self._layer.labels or ("",) * self._channels)
        labels[self.map.index] = self.label.text().strip()
        new = tuple(labels) if any(labels) else ()
        if new != self._layer.labels:
            self.layer_edited.emit(replace(self._layer, labels=new), "")


class TriangleView(QWidget):
    """Two numbers at a right angle, and how long they are together."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """3, 4 and 5."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            _paint_ground(painter, self)
            side = min(self.width(), self.height()) * 0.15
            left, bottom = self.width() / 2 - 2 * side, self.height() / 2 + 1.5 * side
            corner, right = QPointF(left, bottom), QPointF(left + 4 * side, bottom)
            top = QPointF(right.x(), bottom - 3 * side)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for ends, colour in (((corner, right), colours.padding), ((right, top), colours.stride)):
                painter.setPen(QPen(colour, 2))
                painter.drawPolyline(QPolygonF(ends))
            painter.setPen(QPen(colours.accent, 3))
            painter.drawLine(corner, top)
            around = QRectF(0, 0, 3 * side, 20)
            for text, middle, colour in (
                ("a", (corner + right) / 2 + QPointF(0, 14), colours.padding),
                ("b", (right + top) / 2 + QPointF(14, 0), colours.stride),
                ("√(a² + b²)", (corner + top) / 2 + QPointF(-side, -14), colours.accent),
            ):
                around.moveCenter(middle)
                painter.setPen(QColor(colour))
                painter.drawText(around, Qt.AlignmentFlag.AlignCenter, text)


class MagnitudePanel(LayerPage):
    """There is nothing to choose; it says which map goes with which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("magnitude-panel", parent)
        self.view = TriangleView(self)
        self.view.setObjectName("magnitude-triangle")
        self.view.setAccessibleName("The root of a squared plus b squared")
        self.fill(first={}, second={}, box=self.view)

    def show_step(self, step: Step) -> None:
        """Say how the maps are paired."""
        if isinstance(step.layer, Magnitude):
            half = step.input.channels // 2
            pairs = f"Map 1 goes with map {half + 1}"
            self.sentence.setText(f"{pairs}, and so on: the strength, whichever way it points" if half > 1 else pairs)


def _numbers(layer: ScaleShift | Normalisation) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return (layer.mean, layer.deviation) if isinstance(layer, Normalisation) else (layer.scale, layer.shift)


def _with(layer: ScaleShift | Normalisation, numbers: list[list[float]]) -> ScaleShift | Normalisation:
    first, second = map(tuple, numbers)
    if isinstance(layer, Normalisation):
        return replace(layer, mean=first, deviation=second)
    return replace(layer, scale=first, shift=second)


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {number(abs(value))}"


def _paint_ground(painter: QPainter, widget: QWidget) -> None:
    """The box, and the type that its words have."""
    colours = theme.tokens(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.line, 1))
    painter.setBrush(colours.card)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    font = theme.numbers_font(widget)
    font.setPixelSize(12)
    painter.setFont(font)
