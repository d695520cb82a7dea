"""The chart of TEACH THE KERNEL: the error on patches never seen against the number of examples, for three maps."""

from math import floor, log10

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from convstudio.core.wording import counted, number, power_of_ten
from convstudio.insight.teach.models import ModelKind
from convstudio.insight.teach.training import COUNTS, Training
from convstudio.views import theme
from convstudio.views.explain.plot import Plot
from convstudio.views.explain.teach.pictures import SYMBOLS, network_colour
from convstudio.views.explain.teach.text import NAMES, error_text

FLOOR = -6  # power of ten: what is below is rounding, and stands on the axis
STEPS = (1, 2, 3, 6)  # powers of ten from one label to the next
DASHES = {
    ModelKind.DENSE: Qt.PenStyle.DashLine,
    ModelKind.LOCAL: Qt.PenStyle.DashDotLine,
    ModelKind.CONVOLUTION: Qt.PenStyle.SolidLine,
}
NAMES_HEIGHT, AXIS_HEIGHT, LABEL_HEIGHT = 20, 28, 20  # pixels that the names of the lines, the axis, a label take
LOW = 64  # pixels: three labels, one above the other
WIDE = 340  # pixels that the names in a row need


class LearningChart(Plot):
    """Both axes are logarithmic; the axes hold the logarithms."""

    examples_chosen = Signal(int)  # a number of examples that was clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("teach-chart", parent, legend_columns=3)
        self.setToolTip(
            "The error on patches that no map has seen, over the size of what was wanted, on a logarithmic scale; "
            "click to choose how many examples the pictures show"
        )
        self.lines = {kind: self.plot(symbol=SYMBOLS[kind], symbolSize=7) for kind in DASHES}
        for kind in ModelKind:
            self.legend.addItem(self.lines[kind], NAMES[kind])
        self.getAxis("bottom").setHeight(AXIS_HEIGHT)
        self.clicked.connect(self._choose)
        self._counts: tuple[int, ...] = ()
        self._bottom, self._top = FLOOR, 0.0  # powers of ten between which the errors lie
        self.take_theme()
        self.show_training(None)

    def show_training(self, training: Training | None) -> None:
        """Draw other curves, or none."""
        self.now.setVisible(training is not None)
        if training is None:
            for line in self.lines.values():
                line.setData([], [])
            self.setAccessibleName("Error against the number of examples: nothing learned yet")
            return
        across = [log10(count) for count in training.counts]
        curves = dict(zip(ModelKind, training.curves, strict=True))
        for kind, line in self.lines.items():
            points = [(at, _power(error)) for at, error in zip(across, curves[kind], strict=True) if error is not None]
            line.setData([at for at, _ in points], [power for _, power in points])
        self.now.setPos(log10(training.examples))
        self._counts = training.counts
        self._show_counts()
        powers = [_power(error) for curve in training.curves for error in curve if error is not None]
        self._top = max(powers, default=0.0)
        self._bottom = min(floor(min(powers, default=FLOOR)), -1)
        self._show_powers()
        self.setXRange(0, max(across[-1], 0.3), padding=0.05)
        texts = "; ".join(
            f"{NAMES[kind]} {', '.join(error_text(error) for error in curves[kind])}" for kind in ModelKind
        )
        counts = ", ".join(map(str, training.counts))
        self.setAccessibleName(f"Errors on patches never seen after {counts} examples: {texts}")

    def sizeHint(self) -> QSize:
        """As low as it can be: what there is more it takes anyway."""
        return QSize(320, LOW)

    def minimumSizeHint(self) -> QSize:
        """Smaller, the numbers of examples would meet; the names stand over the pictures, too."""
        return QSize(176, LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the names of the lines clear of the lines."""
        super().resizeEvent(event)
        if self._has_theme:
            self.legend.setVisible(self.width() >= WIDE)
            self._show_powers()
            self._show_counts()

    def _show_counts(self) -> None:
        named = len(self._counts) // 2 if self.width() >= WIDE else -1
        self.getAxis("bottom").setTicks(
            [
                [
                    (log10(count), f"{count:,}" if place != named else counted(count, "example"))
                    for place, count in enumerate(self._counts)
                ]
            ]
        )

    def _show_powers(self) -> None:
        names = NAMES_HEIGHT if self.width() >= WIDE else 0
        room = max(self.height() - AXIS_HEIGHT, 2 * NAMES_HEIGHT)
        powers = max(self._top, 0.0) - self._bottom
        least = LABEL_HEIGHT * powers / (room - names)
        step = next((step for step in STEPS if step >= least), STEPS[-1])
        ticks = [(float(power), _power_text(power)) for power in range(self._bottom, floor(self._top) + 1, step)]
        self.getAxis("left").setTicks([ticks])
        self.setYRange(self._bottom, self._bottom + powers * room / (room - names), padding=0.05)

    def take_theme(self) -> None:
        """Give each line its colour."""
        super().take_theme()
        for kind, line in self.lines.items():
            line.setPen(network_colour(self, kind), width=2, style=DASHES[kind])
            line.setSymbolBrush(network_colour(self, kind))
            line.setSymbolPen(None)
        self.now.setPen(theme.tokens(self).text, width=1, style=Qt.PenStyle.DashLine)

    def _choose(self, place: float) -> None:
        self.examples_chosen.emit(min(COUNTS, key=lambda count: abs(log10(count) - place)))


def _power(error: float) -> float:
    return max(log10(error), FLOOR) if error > 0 else FLOOR


def _power_text(power: int) -> str:
    text = number(10.0**power) if power > -4 else power_of_ten(power)
    return f"≤ {text}" if power == FLOOR else text
