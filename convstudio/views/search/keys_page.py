"""The page of keys: what the window, the flow, the pictures and the kernel can be asked for without a mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from convstudio.views.fields import tool_button
from convstudio.views.style_sheet import set_kind

Keys = Sequence[tuple[str, str]]  # a key, and what it does
COLUMN, MARGIN = 320, 32  # pixels


class KeysPage(QFrame):
    """A card over the window with a table for each place where keys mean something; Escape closes it."""

    def __init__(self, sections: Sequence[tuple[str, Keys]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keys-page")
        self.setAccessibleName("Keys")
        set_kind(self, "card")
        self._window = parent
        self._sections = sections
        self._columns = 0
        title = QLabel("Keys", self)
        set_kind(title, "title")
        self.close_button = tool_button("keys-close", "Close", "x", "Close this page (Esc)", self)
        self.close_button.clicked.connect(self.hide)
        self.area = QScrollArea(self)
        self.area.setObjectName("keys-area")
        self.area.setAccessibleName("Keys, by the place where they work")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 16, 16)
        layout.addLayout(head)
        layout.addWidget(self.area)
        parent.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Open the page, or close it."""
        if self.isVisible():
            self.hide()
            return
        self._place()
        self.show()
        self.raise_()
        self.area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the window."""
        if watched is self._window and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        room = self._window.size()
        width, height = min(3 * COLUMN + 80, room.width() - 2 * MARGIN), min(760, room.height() - 2 * MARGIN)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)
        columns = max(1, (width - 40) // COLUMN)
        if columns != self._columns:
            self._columns = columns
            page = self._tables(columns)
            self.area.setWidget(page)
            page.setAutoFillBackground(False)  # the card's ground is the page's
            self.area.viewport().setAutoFillBackground(False)

    def _tables(self, count: int) -> QWidget:
        """The tables in columns, each under the one that is shortest."""
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(24)
        columns = [QVBoxLayout() for _ in range(count)]
        heights = [0] * count
        for title, keys in self._sections:
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(_table(title, keys, page))
            heights[shortest] += len(keys) + 2
        for column in columns:
            column.setSpacing(24)
            column.addStretch(1)
            row.addLayout(column, 1)
        return page


def _table(title: str, keys: Keys, parent: QWidget) -> QWidget:
    table = QWidget(parent)
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    heading = QLabel(title, table)
    set_kind(heading, "title")
    grid.addWidget(heading, 0, 0, 1, 2)
    grid.setColumnStretch(1, 1)
    for line, (key, words) in enumerate(keys, 1):
        name, meaning = QLabel(key, table), QLabel(words, table)
        set_kind(name, "value")
        set_kind(meaning, "caption")
        meaning.setWordWrap(True)
        grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(meaning, line, 1)
    return table
