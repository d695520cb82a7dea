"""What the charts that pyqtgraph draws have in common: a legend, the present place, the theme, and clicks."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.views import theme

ABOVE = 12  # pixels that pyqtgraph leaves free over a legend


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph is not typed
    """Lines between two axes that nobody can drag or scale; `now` marks what the controls are set to.

    Whoever derives from it calls `take_theme` once its lines are there, and gives them their pens in it.
    """

    clicked = Signal(float)  # a place along the lower axis

    def __init__(
        self, name: str, parent: QWidget | None, *, legend_columns: int, axes: dict[str, pg.AxisItem] | None = None
    ) -> None:
        self._has_theme = False  # Qt sends changes of the palette before the lines are there
        super().__init__(parent, background=None, axisItems=axes)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        for axis in ("left", "bottom", "right", "top"):
            # else every change of size or range writes the axis' label anew, which once ended the process inside of Qt
            self.getAxis(axis).enableAutoSIPrefix(False)
        self.setMouseEnabled(x=False, y=False)
        self.legend = self.addLegend(colCount=legend_columns, verSpacing=-4)
        self.legend.anchor((1, 0), (1, 0), offset=(0, -ABOVE))
        self.now = pg.InfiniteLine(0, angle=90)
        self.now.setZValue(1)  # over the lines
        self.addItem(self.now)
        self.scene().sigMouseClicked.connect(self._click)

    def take_theme(self) -> None:
        """Take the colours of the theme and the size of the text."""
        self._has_theme = True
        colours, font = theme.tokens(self), self.font()
        self.setBackground(colours.panel)  # its own would stay that of the theme in which it began
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(colours.line)
            axis.setTextPen(colours.muted)
            axis.setStyle(tickFont=font, tickTextOffset=4, tickLength=-4)
        self.legend.setBrush(colours.panel)  # lines that leave the chart at its top pass behind the names
        self.legend.setLabelTextColor(colours.text)
        self.legend.setLabelTextSize(f"{font.pixelSize()}px" if font.pixelSize() > 0 else "10pt")
        for _, label in self.legend.items:  # names take another colour only when they are written anew
            label.setText(label.text, color=colours.text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the size of the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._has_theme:
            self.take_theme()

    def _click(self, event: object) -> None:
        place: QPointF = self.getPlotItem().vb.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        self.clicked.emit(place.x())
