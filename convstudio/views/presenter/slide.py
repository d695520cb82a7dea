"""Parts of the window that slide out over its edges: pictures of what has gone already, painted over what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QRect, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QStyle, QWidget

from convstudio.views.painting import painting

DURATION = 280  # milliseconds
Parts = Mapping[Qt.Edge, Sequence[QWidget]]


@dataclass(frozen=True, eq=False)
class Leaving:
    """One part: how it looked, where it was seen from its edge, and how far it has to go."""

    picture: QPixmap
    edge: Qt.Edge
    place: QRect  # from the upper left corner; from the right or lower edge for one that leaves over that
    way: int

    def corner(self, room: QRect, share: float) -> QPoint:
        """Where its upper left corner is after a share of the way."""
        gone = round(share * self.way)
        match self.edge:
            case Qt.Edge.TopEdge:
                return self.place.topLeft() - QPoint(0, gone)
            case Qt.Edge.BottomEdge:
                return QPoint(self.place.x(), room.height() - self.place.y() + gone)
            case Qt.Edge.RightEdge:
                return QPoint(room.width() - self.place.x() + gone, self.place.y())
            case _:
                return self.place.topLeft() - QPoint(gone, 0)


class Slide(QWidget):
    """Lies over the window while its parts leave, lets the mouse through, and is gone with them."""

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("slide")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._window = window
        self._parts = [part for edge, widgets in parts.items() for part in _leaving(edge, widgets, window)]
        self._time = QVariantAnimation(self)
        self._time.setStartValue(0.0)
        self._time.setEndValue(1.0)
        self._time.setDuration(DURATION)
        self._time.setEasingCurve(QEasingCurve.Type.InCubic)
        self._time.valueChanged.connect(lambda _: self.update())
        self._time.finished.connect(self._end)
        self.hide()

    def start(self) -> None:
        """Let them leave; at once where the desktop wants no motion."""
        if not self._parts or self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) == 0:
            self._end()
            return
        self._window.installEventFilter(self)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._time.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay over all of the window, which may grow to the screen meanwhile."""
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The parts, as far as they have come."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            for part in self._parts:
                painter.drawPixmap(part.corner(self.rect(), float(self._time.currentValue())), part.picture)

    def _end(self) -> None:
        self._window.removeEventFilter(self)
        self.hide()
        self.deleteLater()


def _leaving(edge: Qt.Edge, widgets: Sequence[QWidget], window: QWidget) -> list[Leaving]:
    """What is seen of some widgets, which leave together."""
    room = window.rect()
    places = {
        widget: QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()) for widget in widgets if widget.isVisible()
    }
    whole = QRect()
    for place in places.values():
        whole = whole.united(place)
    if whole.isEmpty():
        return []
    way = {
        Qt.Edge.TopEdge: whole.bottom() + 1,
        Qt.Edge.BottomEdge: room.height() - whole.top(),
        Qt.Edge.RightEdge: room.width() - whole.left(),
        Qt.Edge.LeftEdge: whole.right() + 1,
    }[edge]
    leaving = []
    for widget, place in places.items():
        corner = place.topLeft()
        if edge is Qt.Edge.BottomEdge:
            corner = QPoint(place.x(), room.height() - place.y())
        elif edge is Qt.Edge.RightEdge:
            corner = QPoint(room.width() - place.x(), place.y())
        leaving.append(Leaving(widget.grab(), edge, QRect(corner, place.size()), way))
    return leaving
