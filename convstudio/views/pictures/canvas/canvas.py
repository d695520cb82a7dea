"""Canvas: one picture that is painted, zoomed, panned, probed and wiped. Titles and colour bars live elsewhere."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.geometry.regions import Region, unit
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.cells import Ring, is_readable, paint_ring, paint_values
from convstudio.views.pictures.canvas.images import mask_image, stage
from convstudio.views.pictures.canvas.light import Light, paint_light
from convstudio.views.pictures.canvas.marks import Box, paint_box, paint_lines
from convstudio.views.pictures.canvas.patches import Parts, paint_mark, paint_picture
from convstudio.views.pictures.canvas.placement import View, ViewTransform, fitted
from convstudio.views.pictures.canvas.wipe import Wipe, paint_wipe
from convstudio.views.probe.probed import Shade

ZOOM_STEP = 1.25
CTRL = Qt.KeyboardModifier.ControlModifier
GRIP = 8  # screen pixels around the divider of the wipe that take hold of it

Place = tuple[int, int]


class Canvas(QWidget):
    """A picture with marks over it, under the mouse and the keys."""

    pixel_hovered = Signal(object)  # (row, column) or None
    pixel_pinned = Signal(object)  # (row, column)
    cursor_moved = Signal(object)  # QPointF, or None where the mouse has left
    channel_stepped = Signal(int)  # up or down, while the mouse points
    view_changed = Signal(object)  # View, after the person zoomed or panned
    fit_asked = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._planes: NDArray[np.float32] | None = None
        self._parts: Parts | None = None
        self._view = View(0, 0, 1, 1)
        self._has_view = False
        self._is_fitted = False
        self._clipped: QImage | None = None
        self._boxes: tuple[Box, ...] = ()
        self._wipe: Wipe | None = None
        self._light: Light | None = None
        self._divider = 0.5
        self._hovered: Place | None = None
        self._is_pointed = False  # at with the mouse, and not with the keys
        self._has_channels = False  # to choose from
        self._shades: tuple[Shade, ...] = ()
        self._ring: Ring | None = None
        self._grabbed: QPointF | None = None
        self._has_moved = False
        self._is_sliding = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)  # a dropped file is for the window
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def view(self) -> View:
        """Which part of the picture is shown, and how large."""
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
        """The other picture, to the left of the divider, while there is one."""
        return self._wipe

    @property
    def hovered(self) -> Place | None:
        """The pixel under the mouse, or chosen with the arrow keys."""
        return self._hovered

    def rectangle_of(self, place: Place) -> QRectF:
        """Where a pixel is on the widget."""
        return self.rectangle_of_region(unit(*place))

    def rectangle_of_region(self, region: Region) -> QRectF:
        """Where a part of the picture is on the widget."""
        return self._transform().rectangle(region)

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

    def show_clipped(self, clipped: NDArray[np.bool_] | None) -> None:
        """Mark the pixels whose values lie outside of the display range."""
        if clipped is None and self._clipped is None:
            return
        self._clipped = None if clipped is None else mask_image(clipped, theme.tokens(self).accent)
        self.update()

    def show_boxes(self, boxes: tuple[Box, ...]) -> None:
        """Outline regions, in the place of those that were outlined."""
        if boxes != self._boxes:
            self._boxes = boxes
            self.update()

    def show_shades(self, shades: tuple[Shade, ...]) -> None:
        """On a small grid tint what takes part, and veil the rest."""
        if shades != self._shades:
            self._shades = shades
            self.update()

    def show_channels(self, count: int) -> None:
        """How many channels there are to be looked into: more than one are chosen with up and down."""
        self._has_channels = count > 1

    def show_ring(self, ring: Ring | None) -> None:
        """Show the values of the padding around the picture, where cells are readable."""
        if ring != self._ring:
            self._ring = ring
            self.update()

    @property
    def light(self) -> Light | None:
        """The photograph that the picture lights up, while there is one."""
        return self._light

    def show_light(self, light: Light | None) -> None:
        """Lay a photograph over the picture, bright where that is bright, or show the picture alone."""
        if light is not self._light:
            self._light = light
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

    def zoom(self, factor: float) -> None:
        """Enlarge around the hovered pixel, or the middle."""
        right = down = 0.0
        if self._hovered is not None:
            row, column = self._hovered
            centre = self._transform().rectangle(Region(row, row + 1, column, column + 1)).center()
            right, down = centre.x() - self.width() / 2, centre.y() - self.height() / 2
        self._change_view(self._view.zoomed(factor, right, down))

    # mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        at = event.position()
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        width, height = self.width(), self.height()
        self._change_view(self._view.zoomed(factor, at.x() - width / 2, at.y() - height / 2))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture, or of the divider."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed = event.position()
            self._has_moved = False
            self._is_sliding = self._is_on_divider(event.position().x())
            if self._is_sliding:  # nothing may lie over what is compared
                self._hover(None)
                self.cursor_moved.emit(None)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while held, else probe."""
        at = event.position()
        if self._grabbed is None:
            on_divider = self._is_on_divider(at.x())
            self.setCursor(Qt.CursorShape.SplitHCursor if on_divider else Qt.CursorShape.CrossCursor)
            self._is_pointed = True
            self._hover(self._pixel_at(at))
            self.cursor_moved.emit(at)
        elif self._is_sliding:
            self._slide(at.x() / max(self.width(), 1))
        else:
            moved = at - self._grabbed
            if self._has_moved or moved.manhattanLength() >= QApplication.startDragDistance():
                self._has_moved = True
                self._grabbed = at
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._change_view(self._view.moved(moved.x(), moved.y()))
                self.cursor_moved.emit(at)
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
            self.cursor_moved.emit(event.position())
            self.pixel_pinned.emit(place)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole picture."""
        self.fit_asked.emit()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Do nothing yet: the mouse move that follows has the position."""
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is elsewhere."""
        self._is_pointed = False
        self._hover(None)
        self.cursor_moved.emit(None)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the probed pixel, Enter pins it, + − and F are the view; Alt with arrows moves the divider.

        While the mouse points, up and down choose the channel that is looked into; Ctrl with them always does.
        """
        key, step = event.key(), arrow_step(event)
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and self._wipe is not None:
            self._slide(self._divider + 0.02 * step[1])
        elif step is not None and step[0] and self._chooses_channel(event):
            self.channel_stepped.emit(step[0])
        elif step is not None and self._picture is not None:
            self._is_pointed = False
            self._step(*step)
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

    def _change_view(self, view: View) -> None:
        if self._picture is not None:
            self.show_view(view)
            self.view_changed.emit(view)

    def _pixel_at(self, at: QPointF) -> Place | None:
        if self._picture is None:
            return None
        row, column = self._transform().pixel_at(at.x(), at.y())
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

    def _chooses_channel(self, event: QKeyEvent) -> bool:
        return self._has_channels and (self._is_pointed or bool(event.modifiers() & CTRL))

    def _is_on_divider(self, x: float) -> bool:
        return self._wipe is not None and abs(x - self._divider * self.width()) <= GRIP

    def _slide(self, share: float) -> None:
        self._divider = min(max(share, 0.0), 1.0)
        self.update()

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the centre of the view, or show the whole picture again."""
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
            transform = self._transform()
            tokens = theme.tokens(self)
            width, height = self._size()
            paint_picture(painter, transform, self._picture, self._parts)
            if self._light is not None:
                paint_light(painter, self._light, transform, transform.rectangle(Region(0, height, 0, width)))
            if self._clipped is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
                place = transform.rectangle(Region(0, height, 0, width))
                painter.drawImage(
                    place if self._parts is None else transform.rectangle_of(self._parts.place), self._clipped
                )
            has_ring = self._light is None and self._paint_values(painter, transform, tokens)
            paint_lines(painter, transform, height, width, ground)
            occupied: list[QRectF] = []  # by labels
            if self._wipe is not None:
                paint_wipe(painter, self._wipe, transform, self._divider * transform.width, self.palette())
                for box in self._wipe.boxes:
                    paint_box(painter, self._wipe.transform_under(transform), box, tokens, self._wipe.size, occupied)
            if not self._is_exact(transform):
                paint_mark(painter, transform, self.palette())
            for box in self._boxes:
                paint_box(painter, transform, box, tokens, (height, width), occupied, has_ring=has_ring)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(tokens.accent, 2.0))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_values(self, painter: QPainter, transform: ViewTransform, tokens: theme.Tokens) -> bool:
        """Print the values of large pixels on them, and those of the padding around; whether these are there."""
        has_ring = False
        if self._picture is not None and self._planes is not None:
            planes, pixels = self._planes, self._picture.pixels
            paint_values(painter, transform, planes, pixels, shades=self._shades, tokens=tokens)
            if self._ring is not None and is_readable(transform, len(planes)):
                has_ring = True
                paint_ring(painter, transform, planes, pixels, self._ring, tokens, shades=self._shades)
        for patch in self._parts.patches if self._parts is not None else ():
            if patch.planes is not None:
                paint_values(painter, transform, patch.planes, patch.pixels, (patch.region.top, patch.region.left))
        return has_ring

    def _is_exact(self, transform: ViewTransform) -> bool:
        ratio, wipe = self.devicePixelRatioF(), self._wipe
        is_exact = self._parts is None or self._parts.is_exact(transform, ratio)
        if wipe is None or wipe.parts is None:
            return is_exact
        return is_exact and wipe.parts.is_exact(wipe.transform_under(transform), ratio)

    def _size(self) -> tuple[int, int]:
        if self._picture is None:
            return 1, 1
        if self._parts is not None:
            return self._parts.columns, self._parts.rows
        height, width, _ = self._picture.pixels.shape
        return width, height

    def _transform(self) -> ViewTransform:
        return ViewTransform(self._view, self.width(), self.height())
