"""The page that the Count stage has on demand: every number, and two charts on logarithmic scales."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from convstudio.core.recipe.counts import Comparison
from convstudio.insight.parameters.what_if import CurvePoint
from convstudio.views import theme
from convstudio.views.explain.parameters.chart import BarsView, CurveChart
from convstudio.views.explain.parameters.table import CountsTable
from convstudio.views.style_sheet import set_kind


class TablePage(QWidget):
    """The table over bars of the weights and their growth with the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("count-page")
        self.table = CountsTable(self)
        self.bars, self.curve = BarsView(self), CurveChart(self)
        charts = QHBoxLayout()
        charts.setSpacing(5 * theme.SPACE)
        for title, chart in (("Weights, on a logarithmic scale", self.bars), ("For larger pictures", self.curve)):
            column = QVBoxLayout()
            column.setSpacing(theme.SPACE)
            head = QLabel(title, self)
            set_kind(head, "title")
            column.addWidget(head)
            column.addWidget(chart)
            if chart is self.bars:
                column.addStretch(1)
            charts.addLayout(column, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(5 * theme.SPACE, 2 * theme.SPACE, 3 * theme.SPACE, 3 * theme.SPACE)
        rows.setSpacing(4 * theme.SPACE)
        rows.addWidget(self.table)
        rows.addLayout(charts, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write as many digits as there is room for."""
        super().resizeEvent(event)
        self.table.show_room(event.size().width())

    def show_counts(
        self, comparison: Comparison | None, points: tuple[CurvePoint, ...], now: CurvePoint | None
    ) -> None:
        """Show other counts; None shows dashes and no charts."""
        self.table.show_comparison(comparison)
        self.bars.show_comparison(comparison)
        self.curve.show_curve(points, now)
