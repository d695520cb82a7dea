"""Canvas: one picture that can be zoomed, panned, probed and wiped. Titles and colour bars live elsewhere."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.core.geometry.regions import Region
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.pictures.canvas.placement import View
from convstudio.views.pictures.canvas.surface import PictureSurface

ZOOM_STEP = 1.25
GRIP = 8  # screen pixels around the divider of the wipe that take hold of it

Place = tuple[int, int]


class Canvas(PictureSurface):
    """A picture under the mouse and the keys."""

    pixel_hovered = Signal(object)  # (row, column) or None
    pixel_pinned = Signal(object)  # (row, column)
    view_changed = Signal(object)  # View, after the person zoomed or panned
    fit_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered: Place | None = None
        self._grabbed: QPointF | None = None
        self._has_moved = False
        self._is_sliding = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)  # a dropped file is for the window
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def hovered(self) -> Place | None:
        """The pixel under the mouse, or chosen with the arrow keys."""
        return self._hovered

    def zoom(self, factor: float) -> None:
        """Enlarge around the hovered pixel, or the middle."""
        right = down = 0.0
        if self._hovered is not None:
            row, column = self._hovered
            centre = self._placing().rectangle(Region(row, row + 1, column, column + 1)).center()
            right, down = centre.x() - self.width() / 2, centre.y() - self.height() / 2
        self._change_view(self._view.zoomed(factor, right, down))

    # what the person does

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
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while held, else probe."""
        at = event.position()
        if self._grabbed is None:
            on_divider = self._is_on_divider(at.x())
            self.setCursor(Qt.CursorShape.SplitHCursor if on_divider else Qt.CursorShape.CrossCursor)
            self._hover(self._pixel_at(at))
        elif self._is_sliding:
            self._slide(at.x() / max(self.width(), 1))
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the probed pixel, Enter pins it, + − and F are the view; Alt with arrows moves the divider."""
        key, step = event.key(), arrow_step(event)
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and self._wipe is not None:
            self._slide(self._divider + 0.02 * step[1])
        elif step is not None and self._picture is not None:
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

    # small steps

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
        return self._wipe is not None and abs(x - self._divider * self.width()) <= GRIP

    def _slide(self, share: float) -> None:
        self._divider = min(max(share, 0.0), 1.0)
        self.update()
