"""The chart of THE SHIFT TEST: the error against shifts along one axis, the interior apart from the border."""

from collections.abc import Sequence
from math import nan

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from convstudio.core.wording import number
from convstudio.insight.shift.comparison import REACH, Curve
from convstudio.views import theme
from convstudio.views.explain.colours import GREEN, VERMILION
from convstudio.views.explain.plot import Plot
from convstudio.views.explain.shift.text import curve_sentence

INTERIOR, BORDER = GREEN, VERMILION
LEAST_TOP = 0.1  # of the vertical axis, so that rounding is not blown up into a curve
HEADROOM = 1.4  # above the highest point that has to be seen, for the legend


class ShortNumbersAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """An axis with real minus signs and the fewest digits."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [number(value * scale, digits=3) for value in values]


class ShiftChart(Plot):
    """Errors against shifts, and where the present shift stands among them."""

    shift_chosen = Signal(int)  # a shift that was clicked, along the axis of the curve

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {side: ShortNumbersAxis(side) for side in ("left", "bottom")}
        super().__init__("shift-chart", parent, legend_columns=2, axes=axes)
        self.setXRange(-REACH, REACH, padding=0.03)
        self.getAxis("bottom").setTicks(
            [[(at, number(at)) for at in range(-REACH, REACH + 1, step)] for step in (4, 1)]
        )
        self.border = self.plot(symbol="t", symbolSize=6, connect="finite")
        self.interior = self.plot(symbol="o", symbolSize=5, connect="finite")
        self.clicked.connect(self._choose)
        self.take_theme()
        self.show_curve(None)

    def show_curve(self, curve: Curve | None) -> None:
        """Draw other curves, or none."""
        self.legend.clear()
        self.now.setVisible(curve is not None)
        if curve is None:
            self.interior.setData([], [])
            self.border.setData([], [])
            self.setAccessibleName("Errors against the shift: nothing worked out yet")
            return
        shifts = list(curve.shifts)
        is_placeless = curve.baseline.is_placeless
        inside = [errors.everything if is_placeless else errors.interior for errors in curve.errors]
        edge = [None if is_placeless else errors.border for errors in curve.errors]
        # the border may be wrong by many times what it is: the interior's comb decides how tall the chart is
        most_inside, most_at_edge = (max((error or 0.0 for error in errors), default=0.0) for errors in (inside, edge))
        top = HEADROOM * max(most_inside or most_at_edge, LEAST_TOP)
        beyond = f", up to {number(most_at_edge, digits=2)}" if most_at_edge > top else ""
        for line, errors, name in (
            (self.interior, inside, "all outputs" if is_placeless else "interior"),
            (self.border, edge, f"border{beyond}"),
        ):
            if any(error is not None for error in errors):
                line.setData(shifts, [nan if error is None else error for error in errors])
                self.legend.addItem(line, name)
            else:
                line.setData([], [])
        self.setYRange(0, top, padding=0.04)
        self.setAccessibleName(curve_sentence(curve))

    def show_shift(self, pixels: float) -> None:
        """Mark the present shift."""
        self.now.setPos(pixels)

    def sizeHint(self) -> QSize:
        """Wide enough to tell 33 shifts apart, and as low as it can be: what there is more it takes anyway."""
        return QSize(400, 96)

    def minimumSizeHint(self) -> QSize:
        """Smaller, odd and even shifts would run together."""
        return QSize(240, 96)

    def take_theme(self) -> None:
        """Give each line its colour."""
        super().take_theme()
        self.interior.setPen(INTERIOR, width=2)
        self.interior.setSymbolBrush(INTERIOR)
        self.interior.setSymbolPen(None)
        self.border.setPen(BORDER, width=2, style=Qt.PenStyle.DashLine)
        self.border.setSymbolBrush(BORDER)
        self.border.setSymbolPen(None)
        self.now.setPen(theme.tokens(self).accent, width=2)

    def _choose(self, place: float) -> None:
        self.shift_chosen.emit(min(max(round(place), -REACH), REACH))
