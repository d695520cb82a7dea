"""The finder: one line to search commands in, or to answer a question; it closes by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

WIDTH = 480


@dataclass(frozen=True)
class Entry:
    """One line of the list: what it is called, what stands beside it, and what is sent when it is chosen."""

    name: str
    text: str
    detail: str
    is_enabled: bool = True


class Finder(QFrame):
    """A panel over the window; Escape closes it."""

    chosen = Signal(str)  # the name of an entry

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("finder")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.caption = QLabel(self)
        self.line = QLineEdit(self)
        self.line.setObjectName("finder-line")
        self.list = QListWidget(self)
        self.list.setObjectName("finder-list")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._entries: Sequence[Entry] = ()
        self._answer: Callable[[str], None] | None = None
        self._window = parent
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        for widget in (self.caption, self.line, self.list):
            layout.addWidget(widget)
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._accept)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda _: self._accept())
        self.hide()

    def search(self, entries: Sequence[Entry]) -> None:
        """Open with a list to search in."""
        self._entries, self._answer = entries, None
        self.caption.setText("Search commands by any part of their names")
        self.line.setPlaceholderText("for example: undo")
        self.list.show()
        self._open("")

    def ask(self, question: str, example: str, answer: Callable[[str], None]) -> None:
        """Open with a question; `answer` gets what was typed."""
        self._entries, self._answer = (), answer
        self.caption.setText(question)
        self.line.setPlaceholderText(example)
        self.list.hide()
        self._open("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while the line keeps the keyboard; losing it closes the finder."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up:
                    step = 1 if event.key() == Qt.Key.Key_Down else -1
                    self._move(step)
                    return True
                case Qt.Key.Key_Escape:
                    self.close()
                    return True
        if watched is self.line and event.type() is QEvent.Type.FocusOut and self.isActiveWindow():
            self.hide()
        return super().eventFilter(watched, event)

    def _open(self, text: str) -> None:
        parent = self._window
        self.line.setText(text)
        self._filter(text)
        width = min(WIDTH, parent.width() - 32)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(QPoint((parent.width() - width) // 2, 56))
        self.show()
        self.raise_()
        self.line.setFocus()

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        self.list.clear()
        for entry in self._entries:
            if all(word in f"{entry.text} {entry.detail}".casefold() for word in words):
                item = QListWidgetItem(f"{entry.text}    {entry.detail}", self.list)
                item.setData(Qt.ItemDataRole.UserRole, entry.name)
                if not entry.is_enabled:
                    item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._move(1)

    def _move(self, step: int) -> None:
        count, row = self.list.count(), self.list.currentRow()
        for _ in range(count):
            row = (row + step) % count
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return

    def _accept(self) -> None:
        answer, item = self._answer, self.list.currentItem()
        text = self.line.text().strip()
        self.hide()
        if answer is not None:
            if text:
                answer(text)
        elif self.list.count() and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
