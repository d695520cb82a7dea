"""The chart of TEACH THE KERNEL: the error on patches never seen against the number of examples, for three maps."""

from math import floor, log10

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from convstudio.core.wording import counted, number, power_of_ten
from convstudio.insight.teach.models import ModelKind
from convstudio.insight.teach.training import COUNTS, Training
from convstudio.views.explain.line_chart import ChartAxis, ChartLine, LineChart
from convstudio.views.explain.teach.pictures import SYMBOLS, network_colour
from convstudio.views.explain.teach.text import NAMES, error_text

FLOOR = -6  # power of ten: what is below is rounding, and stands on the axis
STEPS = (1, 2, 3, 6)  # powers of ten from one label to the next
DASHES = {
    ModelKind.DENSE: Qt.PenStyle.DashLine,
    ModelKind.LOCAL: Qt.PenStyle.DashDotLine,
    ModelKind.CONVOLUTION: Qt.PenStyle.SolidLine,
}
FRAME, LABEL = 64, 20  # pixels above and below the lines, and that a label takes
LOW = 96  # pixels: three labels, one above the other
NAMED = 128  # and from which on they stand at the ends of the lines; below, the pictures' heads say which is which
NOTHING = ChartAxis(0.0, 1.0, ())


class LearningChart(LineChart):
    """Both axes are logarithmic; the axes hold the logarithms."""

    examples_chosen = Signal(int)  # a number of examples that was clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("teach-chart", NOTHING, NOTHING, parent)
        self.setToolTip(
            "The error on patches that no map has seen, over the size of what was wanted, on a logarithmic scale; "
            "click to choose how many examples the pictures show"
        )
        self.chosen.connect(self._choose)
        self._training: Training | None = None
        self.show_training(None)

    def show_training(self, training: Training | None) -> None:
        """Draw other curves, or none."""
        self._training = training
        if training is None:
            self.show_now(None)
            self.show_lines((), "Error against the number of examples: nothing learned yet")
            return
        curves = dict(zip(ModelKind, training.curves, strict=True))
        lines = tuple(self._line(kind, training.counts, curves[kind]) for kind in DASHES)
        texts = "; ".join(f"{NAMES[kind]} {', '.join(map(error_text, curves[kind]))}" for kind in ModelKind)
        counts = ", ".join(map(str, training.counts))
        self._scale(training)
        self.show_now(log10(training.examples))
        self.show_lines(lines, f"Errors on patches never seen after {counts} examples: {texts}")

    def sizeHint(self) -> QSize:
        """As low as it can be: what there is more it takes anyway."""
        return QSize(320, LOW)

    def minimumSizeHint(self) -> QSize:
        """Smaller, the numbers of examples would meet."""
        return QSize(208, LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label as many powers as there is room for, and the lines where their names do not push each other away."""
        super().resizeEvent(event)
        if self._training is not None:
            self.show_training(self._training)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._training is not None:
            self.show_training(self._training)

    def _line(self, kind: ModelKind, counts: tuple[int, ...], curve: tuple[float | None, ...]) -> ChartLine:
        points = tuple(
            (log10(count), _power(error)) for count, error in zip(counts, curve, strict=True) if error is not None
        )
        name = NAMES[kind] if self.height() >= NAMED else ""
        return ChartLine(points, network_colour(self, kind), name, DASHES[kind], SYMBOLS[kind])

    def _scale(self, training: Training) -> None:
        """The axes that go with the errors and the height there is."""
        powers = [_power(error) for curve in training.curves for error in curve if error is not None]
        top, bottom = max(powers, default=0.0), min(floor(min(powers, default=FLOOR)), -1)
        top = max(top, 0.0)
        least = LABEL * (top - bottom) / max(self.height() - FRAME, LABEL)
        step = next((step for step in STEPS if step >= least), STEPS[-1])
        labels = tuple((float(power), _power_text(power)) for power in range(bottom, floor(top) + 1, step))
        named = len(training.counts) // 2
        counts = tuple(
            (log10(count), f"{count:,}" if place != named else counted(count, "example"))
            for place, count in enumerate(training.counts)
        )
        end = max(log10(training.counts[-1]), 0.3)
        self.show_axes(ChartAxis(-0.03 * end, 1.03 * end, counts), ChartAxis(bottom, top, labels))

    def _choose(self, place: float) -> None:
        self.examples_chosen.emit(min(COUNTS, key=lambda count: abs(log10(count) - place)))


def _power(error: float) -> float:
    return max(log10(error), FLOOR) if error > 0 else FLOOR


def _power_text(power: int) -> str:
    text = number(10.0**power) if power > -4 else power_of_ten(power)
    return f"≤ {text}" if power == FLOOR else text
