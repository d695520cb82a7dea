"""Canvas: one picture that can be zoomed, panned, probed and wiped. Titles, colour bars and other panes live elsewhere.

pyqtgraph draws the pixels; its menus, exporters and mouse modes are left out, because the mouse has other work here.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.core.display import Picture
from convstudio.core.region import Region
from convstudio.views.pictures.images import stage
from convstudio.views.pictures.marks import Box, Placing, paint_box, paint_lines, paint_values
from convstudio.views.pictures.placement import View, fitted
from convstudio.views.pictures.wipe import Wipe, paint_wipe

ZOOM_STEP = 1.25
GRIP = 8  # screen pixels around the divider of the wipe that take hold of it
ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}

Place = tuple[int, int]


class Canvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph is not typed
    """One picture with marks over it."""

    pixel_hovered = Signal(object)  # (row, column) or None
    pixel_pinned = Signal(object)  # (row, column)
    view_changed = Signal(object)  # View, after the person zoomed or panned
    fit_asked = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self._picture: Picture | None = None
        self._planes: NDArray[np.float32] | None = None
        self._view = View(0, 0, 1, 1)
        self._has_view = False
        self._is_fitted = False
        self._boxes: tuple[Box, ...] = ()
        self._hovered: Place | None = None
        self._grabbed: QPointF | None = None
        self._has_moved = False
        self._wipe: Wipe | None = None
        self._divider = 0.5
        self._is_sliding = False
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0)
        self._box.disableAutoRange()
        self.setCentralItem(self._box)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._box.addItem(self._image, ignoreBounds=True)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)  # a dropped file is for the window
        self.setMinimumSize(80, 60)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._take_palette()

    @property
    def view(self) -> View:
        """What part is shown."""
        return self._view

    @property
    def hovered(self) -> Place | None:
        """The pixel under the mouse, or chosen with the arrow keys."""
        return self._hovered

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The marks over the picture."""
        return self._boxes

    @property
    def divider(self) -> float:
        """Where the wipe's divider is, as a share of the width."""
        return self._divider

    def show_picture(self, picture: Picture, planes: NDArray[np.float32]) -> None:
        """Paint a picture; `planes` (1 or 3, H, W) are the values behind it, printed when a pixel has room for them."""
        self._picture, self._planes = picture, planes
        self._image.setImage(picture.pixels, autoLevels=False)
        if not self._has_view:
            self.show_whole()
        self.viewport().update()

    def show_view(self, view: View) -> None:
        """Show this part."""
        self._view = view
        self._has_view = True
        self._is_fitted = False
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
        self._wipe = wipe
        self.viewport().update()

    def fitting(self) -> View:
        """The view of the whole picture."""
        width, height = self._size()
        return fitted(width, height, self.viewport().width(), self.viewport().height())

    def zoom(self, factor: float) -> None:
        """Enlarge around the hovered pixel, or the middle."""
        right = down = 0.0
        if self._hovered is not None:
            row, column = self._hovered
            centre = self._placing().rectangle(Region(row, row + 1, column, column + 1)).center()
            right, down = centre.x() - self.viewport().width() / 2, centre.y() - self.viewport().height() / 2
        self._change_view(self._view.zoomed(factor, right, down))

    # what the person does

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        at = event.position()
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        width, height = self.viewport().width(), self.viewport().height()
        self._change_view(self._view.zoomed(factor, at.x() - width / 2, at.y() - height / 2))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture, or of the divider."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed = event.position()
            self._has_moved = False
            self._is_sliding = self._is_on_divider(event.position().x())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while held, else probe."""
        at = event.position()
        if self._grabbed is None:
            on_divider = self._is_on_divider(at.x())
            self.setCursor(Qt.CursorShape.SplitHCursor if on_divider else Qt.CursorShape.CrossCursor)
            self._hover(self._pixel_at(at))
        elif self._is_sliding:
            self._slide(at.x() / max(self.viewport().width(), 1))
        else:
            moved = at - self._grabbed
            if self._has_moved or moved.manhattanLength() >= QApplication.startDragDistance():
                self._has_moved = True
                self._grabbed = at
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._change_view(self._view.moved(moved.x(), moved.y()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pin the pixel, unless the picture was moved."""
        was_held = self._grabbed is not None and not self._has_moved and not self._is_sliding
        self._grabbed = None
        self._is_sliding = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        place = self._pixel_at(event.position())
        if was_held and event.button() is Qt.MouseButton.LeftButton and place is not None:
            self._hover(place)
            self.pixel_pinned.emit(place)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole picture."""
        self.fit_asked.emit()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Nothing yet: the move that follows tells where."""
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is elsewhere."""
        self._hover(None)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the probed pixel, Enter pins it, + − and F are the view; Alt with arrows moves the divider."""
        key = Qt.Key(event.key())
        if key in ARROWS and event.modifiers() & Qt.KeyboardModifier.AltModifier and self._wipe is not None:
            self._slide(self._divider + 0.02 * ARROWS[key][1])
        elif key in ARROWS and self._picture is not None:
            self._step(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._hovered is not None:
            self.pixel_pinned.emit(self._hovered)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_F and not event.modifiers():
            self.fit_asked.emit()
        else:
            event.ignore()
            return
        event.accept()

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

    # painting

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        """Draw what lies over the pixels, in screen pixels."""
        if self._picture is None or self._planes is None:
            return
        painter.save()
        painter.resetTransform()
        painter.setFont(self.font())
        placing = self._placing()
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        _, height, width = self._planes.shape
        paint_lines(painter, placing, height, width)
        paint_values(painter, placing, self._planes, self._picture.pixels)
        if self._wipe is not None:
            paint_wipe(painter, self._wipe, placing, self._divider * placing.width, self.palette())
        taken: list[QRectF] = []  # by labels
        for box in self._boxes:
            paint_box(painter, placing, box, accent, (height, width), taken)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2.0))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))
        painter.restore()

    # small steps

    def _size(self) -> tuple[int, int]:
        if self._picture is None:
            return 1, 1
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
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.wide < 1)
        self.viewport().update()

    def _take_palette(self) -> None:
        self.setBackgroundBrush(stage(self.palette()))

    def _change_view(self, view: View) -> None:
        if self._picture is not None:
            self.show_view(view)
            self.view_changed.emit(view)

    def _pixel_at(self, at: QPointF) -> Place | None:
        if self._picture is None:
            return None
        row, column = self._placing().pixel_at(at.x(), at.y())
        width, height = self._size()
        return (row, column) if 0 <= row < height and 0 <= column < width else None

    def _hover(self, place: Place | None) -> None:
        if place != self._hovered:
            self._hovered = place
            self.pixel_hovered.emit(place)

    def _step(self, down: int, right: int) -> None:
        width, height = self._size()
        row, column = self._hovered or (int(self._view.y), int(self._view.x))
        if self._hovered is not None:
            row, column = row + down, column + right
        self._hover((min(max(row, 0), height - 1), min(max(column, 0), width - 1)))

    def _is_on_divider(self, x: float) -> bool:
        return self._wipe is not None and abs(x - self._divider * self.viewport().width()) <= GRIP

    def _slide(self, share: float) -> None:
        self._divider = min(max(share, 0.0), 1.0)
        self.viewport().update()
