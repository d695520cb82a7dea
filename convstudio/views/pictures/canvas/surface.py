"""Surface: one picture as it is painted, with what lies over it. What the mouse and the keys do to it is `canvas`'s."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.planes import Picture
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import stage
from convstudio.views.pictures.canvas.marks import Box, Placing, paint_box, paint_lines, paint_values
from convstudio.views.pictures.canvas.parts import Parts, paint_mark, paint_picture
from convstudio.views.pictures.canvas.placement import View, fitted
from convstudio.views.pictures.canvas.wipe import Wipe, paint_wipe


class PictureSurface(QWidget):
    """One picture with marks over it."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._planes: NDArray[np.float32] | None = None
        self._parts: Parts | None = None
        self._view = View(0, 0, 1, 1)
        self._has_view = False
        self._is_fitted = False
        self._boxes: tuple[Box, ...] = ()
        self._wipe: Wipe | None = None
        self._divider = 0.5
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)

    @property
    def view(self) -> View:
        """What part is shown."""
        return self._view

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The marks over the picture."""
        return self._boxes

    @property
    def divider(self) -> float:
        """Where the wipe's divider is, as a share of the width."""
        return self._divider

    @property
    def wipe(self) -> Wipe | None:
        """What is left of the divider, if there is one."""
        return self._wipe

    def show_picture(self, picture: Picture, planes: NDArray[np.float32] | None, parts: Parts | None = None) -> None:
        """Paint a picture; `planes` (1 or 3, H, W) are the values behind it, printed when a pixel has room for them.

        With `parts` the picture is a preview, and the values are theirs.
        """
        is_same = picture is self._picture and parts == self._parts
        self._planes = planes
        if is_same:
            return
        self._picture, self._parts = picture, parts
        if not self._has_view:
            self.show_whole()
        self.update()

    def show_view(self, view: View) -> None:
        """Show this part."""
        is_same, self._view = self._has_view and view == self._view, view
        self._has_view = True
        self._is_fitted = False
        if not is_same:
            self.update()

    def show_whole(self) -> None:
        """Show the whole picture, also after the pane changes its size."""
        self.show_view(self.fitting())
        self._is_fitted = True

    def show_boxes(self, boxes: tuple[Box, ...]) -> None:
        """Outline regions, in the place of those that were outlined."""
        if boxes != self._boxes:
            self._boxes = boxes
            self.update()

    def show_wipe(self, wipe: Wipe | None) -> None:
        """Show another picture left of a divider, or only this one."""
        if wipe is not self._wipe:
            self._wipe = wipe
            self.update()

    def fitting(self) -> View:
        """The view of the whole picture."""
        width, height = self._size()
        return fitted(width, height, self.width(), self.height())

    def sizeHint(self) -> QSize:
        """Room for something to see; it takes all that there is."""
        return QSize(256, 192)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle in the middle."""
        super().resizeEvent(event)
        if self._has_view:
            if self._is_fitted:
                self.show_whole()
            self.resized.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and what lies over it, in screen pixels."""
        with painting(self) as painter:
            ground = stage(self.palette())
            painter.fillRect(self.rect(), ground)
            if self._picture is None:
                return
            placing = self._placing()
            accent = self.palette().color(QPalette.ColorRole.Highlight)
            width, height = self._size()
            paint_picture(painter, placing, self._picture, self._parts)
            paint_lines(painter, placing, height, width, ground)
            self._paint_values(painter, placing)
            taken: list[QRectF] = []  # by labels
            if self._wipe is not None:
                paint_wipe(painter, self._wipe, placing, self._divider * placing.width, self.palette())
                for box in self._wipe.boxes:
                    paint_box(painter, self._wipe.placing(placing), box, accent, self._wipe.size, taken)
            if not self._is_exact(placing):
                paint_mark(painter, placing, self.palette())
            for box in self._boxes:
                paint_box(painter, placing, box, accent, (height, width), taken)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(accent, 2.0))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # small steps

    def _paint_values(self, painter: QPainter, placing: Placing) -> None:
        """Print the values of large pixels on them."""
        if self._picture is not None and self._planes is not None:
            paint_values(painter, placing, self._planes, self._picture.pixels)
        for patch in self._parts.patches if self._parts is not None else ():
            if patch.planes is not None:
                paint_values(painter, placing, patch.planes, patch.pixels, (patch.region.top, patch.region.left))

    def _is_exact(self, placing: Placing) -> bool:
        ratio, wipe = self.devicePixelRatioF(), self._wipe
        is_exact = self._parts is None or self._parts.is_exact(placing, ratio)
        is_exact_below = wipe is None or wipe.parts is None or wipe.parts.is_exact(wipe.placing(placing), ratio)
        return is_exact and is_exact_below

    def _size(self) -> tuple[int, int]:
        if self._picture is None:
            return 1, 1
        if self._parts is not None:
            return self._parts.columns, self._parts.rows
        height, width, _ = self._picture.pixels.shape
        return width, height

    def _placing(self) -> Placing:
        return Placing(self._view, self.width(), self.height())
