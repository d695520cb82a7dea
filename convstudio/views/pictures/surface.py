"""Surface: one picture as it is painted, with what lies over it. What the mouse and the keys do to it is `canvas`'s.

pyqtgraph draws the pixels; its menus, exporters and mouse modes are left out, because the mouse has other work here.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from convstudio.core.display import Picture
from convstudio.views.pictures.images import image_of, stage
from convstudio.views.pictures.marks import Box, Placing, paint_box, paint_lines, paint_values
from convstudio.views.pictures.parts import Parts, paint_mark, paint_patches
from convstudio.views.pictures.placement import View, fitted
from convstudio.views.pictures.wipe import Wipe, paint_wipe


class ScreenImage(pg.ImageItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """pyqtgraph's image, painted from `Picture.screen` and without a border; nothing is converted for it."""

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self._picture: Picture | None = None

    def show_picture(self, picture: Picture) -> None:
        """Paint this picture from now on."""
        self._picture = picture
        self.setImage(picture.screen, autoLevels=False)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw it where it lies."""
        if self._picture is not None:
            painter.drawImage(self.boundingRect(), image_of(self._picture))


class PictureSurface(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph is not typed
    """One picture with marks over it."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self._picture: Picture | None = None
        self._planes: NDArray[np.float32] | None = None
        self._parts: Parts | None = None
        self._view = View(0, 0, 1, 1)
        self._has_view = False
        self._is_fitted = False
        self._boxes: tuple[Box, ...] = ()
        self._wipe: Wipe | None = None
        self._divider = 0.5
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0)
        self._box.disableAutoRange()
        self.setCentralItem(self._box)
        self._image = ScreenImage()
        self._box.addItem(self._image, ignoreBounds=True)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setMinimumSize(80, 60)
        self._take_palette()

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
        if picture is not self._picture:
            self._image.show_picture(picture)
        self._picture, self._parts = picture, parts
        width, height = self._size()
        self._image.setRect(QRectF(0, 0, width, height) if parts is None else parts.place)
        self._smooth()
        if not self._has_view:
            self.show_whole()
        self.viewport().update()

    def show_view(self, view: View) -> None:
        """Show this part."""
        is_same, self._view = self._has_view and view == self._view, view
        self._has_view = True
        self._is_fitted = False
        if not is_same:
            self._place()

    def show_whole(self) -> None:
        """Show the whole picture, also after the pane changes its size."""
        self.show_view(self.fitting())
        self._is_fitted = True

    def show_boxes(self, boxes: tuple[Box, ...]) -> None:
        """Outline regions, in the place of those that were outlined."""
        if boxes != self._boxes:
            self._boxes = boxes
            self.viewport().update()

    def show_wipe(self, wipe: Wipe | None) -> None:
        """Show another picture left of a divider, or only this one."""
        if wipe is not self._wipe:
            self._wipe = wipe
            self.viewport().update()

    def fitting(self) -> View:
        """The view of the whole picture."""
        width, height = self._size()
        return fitted(width, height, self.viewport().width(), self.viewport().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the middle in the middle."""
        super().resizeEvent(event)
        if getattr(self, "_has_view", False):  # pyqtgraph calls this before it is built
            if self._is_fitted:
                self.show_whole()
            self._place()
            self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._take_palette()

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        """Draw what lies over the pixels, in screen pixels."""
        if self._picture is None:
            return
        painter.save()
        painter.resetTransform()
        painter.setFont(self.font())
        placing = self._placing()
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        width, height = self._size()
        self._paint_pixels(painter, placing)
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
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))
        painter.restore()

    # small steps

    def _paint_pixels(self, painter: QPainter, placing: Placing) -> None:
        """Lay exact patches over a preview, part large pixels and print their values."""
        width, height = self._size()
        if self._parts is not None:
            paint_patches(painter, placing, self._parts)
        paint_lines(painter, placing, height, width)
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
        return Placing(self._view, self.viewport().width(), self.viewport().height())

    def _place(self) -> None:
        view, width, height = self._view, self.viewport().width(), self.viewport().height()
        half_width, half_height = width / view.wide / 2, height / view.high / 2
        self._box.setRange(
            xRange=(view.x - half_width, view.x + half_width),
            yRange=(view.y - half_height, view.y + half_height),
            padding=0,
        )
        self._smooth()
        self.viewport().update()

    def _smooth(self) -> None:
        """Pixels are told apart where they are the picture's own, and large."""
        is_smooth = self._view.wide < 1 or self._parts is not None
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)

    def _take_palette(self) -> None:
        self.setBackgroundBrush(stage(self.palette()))
