"""The field at the right of the menus: it opens the search, and says by which key that is done sooner."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from convstudio.views import icons
from convstudio.views.measures import Measures

WIDE, NARROW = 280, 200


class SearchField(QPushButton):
    """A button that looks like the field it opens."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search-field")
        self.setProperty("kind", "field")
        self.setAccessibleName("Search")
        self.setToolTip(action.toolTip())
        self._icon = QLabel(self)
        self._words = QLabel(self)
        self._words.setProperty("kind", "caption")
        key = QLabel(action.shortcut().toString().replace("+", " "), self)
        key.setProperty("kind", "caption")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)
        layout.addWidget(key)
        self.clicked.connect(action.trigger)
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew in the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icons.icon("search").pixmap(14, 14))

    def show_measures(self, measures: Measures) -> None:
        """Take the room that the menus leave."""
        self._words.setText("Search presets, commands …" if measures.has_second_line else "Search")
        self.setFixedSize(WIDE if measures.has_second_line else NARROW, measures.menu_row - 4)
