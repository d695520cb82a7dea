"""The arrow keys over a picture or a grid of cells: what one step of each is.

Qt itself repaints a widget that gets or loses the focus, so a paint event may draw the focus frame after `hasFocus()`.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


def arrow_step(event: QKeyEvent) -> tuple[int, int] | None:
    """How many rows down and columns to the right an arrow key goes; None for other keys."""
    return _STEPS.get(event.key())
