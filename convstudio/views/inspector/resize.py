"""The upper half of the column for a resized picture: how, by how much or to which size, and both sizes at scale."""

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStackedWidget, QWidget

from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.layers import Resize
from convstudio.core.recipe.limits import MOST_FACTOR, MOST_PIXELS
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.controls.segments import Segments
from convstudio.views.controls.switch import Switch
from convstudio.views.fields import ChoiceBox
from convstudio.views.inspector.boxes import PairBox, RealBox
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.painting import painting

MODES = {ResizeMode.AREA: "Area", ResizeMode.BILINEAR: "Bilinear", ResizeMode.NEAREST: "Nearest"}
SENTENCES = {
    ResizeMode.AREA: "A pixel is the mean of all that go into it.",
    ResizeMode.BILINEAR: "A pixel is a mean of the four around it.",
    ResizeMode.NEAREST: "A pixel is the one that lies there.",
}
ADVICE = "A smaller factor lets a network find larger things."
LEAST_FACTOR = 0.001
SMALLEST = 3.0  # pixels of the screen for the smaller of the two areas


class SizesView(QWidget):
    """The picture before and after, one in the other at one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resize-sizes")
        self._before, self._after = Shape(1, 1, 1), Shape(1, 1, 1)

    def show_sizes(self, before: Shape, after: Shape) -> None:
        """Draw two other sizes."""
        self._before, self._after = before, after
        self.setAccessibleName(f"{_across(before)} becomes {_across(after)}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The larger one fills the box."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.window)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            font = theme.numbers_font(self)
            font.setPixelSize(12)
            painter.setFont(font)
            line = painter.fontMetrics().height()
            room = QRectF(self.rect()).adjusted(14, 14 + line, -14, -14 - line)
            wide = max(self._before.width, self._after.width)
            high = max(self._before.height, self._after.height)
            scale = min(room.width() / wide, room.height() / high)
            corner = room.center().x() - wide * scale / 2, room.center().y() - high * scale / 2
            areas = [
                QRectF(*corner, max(shape.width * scale, SMALLEST), max(shape.height * scale, SMALLEST))
                for shape in (self._before, self._after)
            ]
            painter.setBrush(colours.line)
            painter.setPen(QPen(colours.outline, 1))
            painter.drawRect(areas[0])
            painter.setBrush(colours.tint)
            painter.setPen(QPen(colours.accent, 2))
            painter.setOpacity(0.85)
            painter.drawRect(areas[1])
            painter.setOpacity(1.0)
            above = QRectF(8, 6, self.width() - 16, line)
            below = QRectF(8, self.height() - line - 6, self.width() - 16, line)
            painter.setPen(colours.muted)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, f"from {_across(self._before)}")
            painter.setPen(colours.accent)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"to {_across(self._after)}")


class ResizePanel(LayerPage):
    """Way, and factor or size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("resize-panel", parent)
        self._layer: Resize | None = None
        self._step: Step | None = None
        self.mode = ChoiceBox(MODES, self)
        self.mode.setObjectName("resize-mode")
        self.mode.setAccessibleName("Way")
        self.mode.setToolTip("How a new pixel comes from those that were there; area is the one for making smaller")
        self.by = Segments("resize-by", (("factor", "Factor"), ("size", "Size")), "Resize by", self)
        self.factor = RealBox("resize-factor", LEAST_FACTOR, float(MOST_FACTOR), 0.01, self)
        self.factor.setAccessibleName("Factor")
        self.factor.setToolTip("How many times as wide and as high; the wheel and the arrows change it by 0.01")
        self.size_box = PairBox("resize-size", 1, MOST_PIXELS, self)
        self.size_box.setAccessibleName("Size, height × width")
        self.size_box.setToolTip("Height × width in pixels")
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.factor)
        self.stack.addWidget(self.size_box)
        self.align = Switch("Align", "resize-align", self)
        self.align.setAccessibleName("Align corners")
        self.align.setToolTip("Align corners: the corners lie on the corners, as in PyTorch's align_corners=True")
        self.view = SizesView(self)
        self.fill(first={self.mode: 1, self.align: 0}, second={self.by: 1, self.stack: 1}, box=self.view)
        self.mode.chosen.connect(lambda mode: self._edit("", mode=mode))
        self.by.chosen.connect(self._choose_by)
        self.factor.value_edited.connect(lambda value: self._edit("factor", factor=(value, value), size=None))
        self.size_box.pair_edited.connect(lambda pair: self._edit("size", size=pair))
        self.align.clicked.connect(lambda is_on: self._edit("", align_corners=is_on))
        for box in (self.factor, self.size_box):
            box.gesture_ended.connect(self.gesture_ended)
            box.refused.connect(self.edit_refused)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, Resize):
            self._layer, self._step = step.layer, step

    def show_step(self, step: Step) -> None:
        """Put a resize into the controls."""
        layer = step.layer
        if not isinstance(layer, Resize):
            return
        self._layer, self._step = layer, step
        self.mode.show_choice(layer.mode)
        self.by.show_choice("factor" if layer.size is None else "size")
        self.stack.setCurrentWidget(self.factor if layer.size is None else self.size_box)
        self.factor.show_value(layer.factor[1])
        self.size_box.show_pair(layer.size or Pair(step.output.height, step.output.width))
        self.align.show_on(layer.align_corners)
        self.align.setEnabled(layer.mode is ResizeMode.BILINEAR)
        self.view.show_sizes(step.input, step.output)
        self.sentence.setText(f"{SENTENCES[layer.mode]} {ADVICE}")

    def _choose_by(self, key: str) -> None:
        if self._step is not None:
            output = self._step.output
            self._edit("", size=None if key == "factor" else Pair(output.height, output.width))

    def _edit(self, key: str, **changes: object) -> None:
        if self._layer is not None:
            self.layer_edited.emit(replace(self._layer, **changes), key)  # type: ignore[arg-type]  # its fields by name


def _across(shape: Shape) -> str:
    return f"{number(shape.width)} × {number(shape.height)}"
