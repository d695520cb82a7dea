"""Widgets that scroll: putting one into a scroll area, and scrolling until one is in sight."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolling(widget: QWidget) -> QScrollArea:
    """A widget that scrolls up and down where there is too little room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it, which then is in sight
    area.setWidget(widget)
    return area


def scroll_to(widget: QWidget, *, across: int = 0, down: int = 0) -> None:
    """Scroll every area around a widget until it is in sight, with a margin of so many pixels."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, across, down)
        above = above.parentWidget()
