"""What the charts of explanations have in common: colours, and a dress that follows the theme."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from convstudio.views import theme

if TYPE_CHECKING:
    import pyqtgraph as pg  # slow to import, and not every chart is drawn by it

# Okabe and Ito's colours that keep their distance on light and on dark ground; lines also differ in dashes or names
VERMILION, SKY_BLUE, GREEN = QColor(213, 94, 0), QColor(86, 160, 220), QColor(0, 158, 115)
DENSE, LOCAL, CONV = VERMILION, SKY_BLUE, GREEN


def dress(plot: "pg.PlotWidget", legend: "pg.LegendItem") -> None:
    """Give a chart, its axes and its legend the colours and the font of the widget that it is."""
    colours, font = theme.tokens(plot), plot.font()
    plot.setBackground(colours.panel)  # its own would stay that of the theme it was made in
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(colours.line)
        axis.setTextPen(colours.muted)
        axis.setStyle(tickFont=font, tickTextOffset=4, tickLength=-4)
    legend.setBrush(colours.panel)  # lines that leave the chart at its top pass behind the names
    legend.setLabelTextColor(colours.text)
    legend.setLabelTextSize(f"{font.pixelSize()}px" if font.pixelSize() > 0 else "10pt")
    for _, label in legend.items:  # names take another colour only when they are written anew
        label.setText(label.text, color=colours.text)
