"""The mouse on the screen's server. No test lives here."""

from time import monotonic

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

AGAIN = 1.0  # seconds until a hand that did not arrive moves on
PATIENCE = 20.0  # seconds; generous, because the machine may be busy


class Pointer(QObject):
    """Where a widget was last told that the mouse is."""

    place: QPoint | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note, and let the widget have the event."""
        if isinstance(event, QMouseEvent):
            self.place = event.position().toPoint()
        return False


def point_at(widget: QWidget, place: QPoint) -> None:
    """Move the mouse to a place, even if it is there already, and wait until the server has told the widget."""
    pointer = Pointer()
    widget.installEventFilter(pointer)
    deadline, moved = monotonic() + PATIENCE, 0.0
    while pointer.place != place:
        assert monotonic() < deadline, f"the mouse never came to {place.toTuple()}"
        if monotonic() > moved + AGAIN:  # the widget itself may have moved meanwhile
            QTest.mouseMove(widget, place + QPoint(1, 1))
            QTest.mouseMove(widget, place)
            moved = monotonic()
        QTest.qWait(1)
    widget.removeEventFilter(pointer)
