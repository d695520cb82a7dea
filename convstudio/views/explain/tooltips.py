"""A picture whose tooltip says what is under the mouse."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget


class TooltipPicture(QWidget):
    """Whoever derives from it paints, and overrides `sentence_at`."""

    def sentence_at(self, at: QPoint) -> str:
        """What the tooltip says at a point, or "" for none."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Show the sentence at the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.sentence_at(event.pos()), self)
            return True
        return super().event(event)
