"""The spotlight: a frame around the control that a step asks to touch. It takes no clicks."""

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.views import theme
from convstudio.views.painting import painting
from convstudio.views.scrolling import scroll_to

MARGIN = 4
FOLLOWING = 100  # milliseconds between looks at where the control is: scrolling and other stages move it


class Spotlight(QWidget):
    """Lies over the window and follows one widget."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("spotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._is_new = False  # not yet scrolled to: a panel that was only just shown has no size
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOWING)
        self._timer.timeout.connect(self._follow)
        self.hide()

    def point_at(self, target: QWidget | None) -> None:
        """Frame a widget, scrolled into view; None frames nothing."""
        self._target, self._is_new = target, True
        if target is None:
            self._timer.stop()
            self.hide()
            return
        self._timer.start()
        self._follow()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A rounded frame in the accent colour."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.tokens(self).accent, 3))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)

    def _follow(self) -> None:
        target, window = self._target, self.parentWidget()
        if target is not None and self._is_new:
            scroll_to(target, across=MARGIN, down=MARGIN)
        region = QRect() if target is None or window is None else _visible_part(target, window)
        if target is None or window is None or not target.isVisible() or region.isEmpty():
            self.hide()
            return
        self._is_new = False
        place = region.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) & window.rect()
        if place != self.geometry():
            self.setGeometry(place)
        self.raise_()
        self.show()


def _visible_part(target: QWidget, window: QWidget) -> QRect:
    """The part of a widget that no scroll area clips, in the window's pixels; what lies over it does not count."""
    place = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
    above = target.parentWidget()
    while above is not None and above is not window:
        place &= QRect(above.mapTo(window, QPoint(0, 0)), above.size())
        above = above.parentWidget()
    return place & window.rect()
