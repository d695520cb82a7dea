"""The finder: a line that searches commands, or takes the answer to a question. It closes by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from convstudio.views import theme

WIDTH = 640
HeaderMode = QHeaderView.ResizeMode
NAME_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class SearchEntry:
    """One line of the list: what is sent when it is chosen, what it is called, what it does, and its key."""

    name: str
    text: str
    tip: str
    key: str
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
        self.list = QTreeWidget(self)
        self.list.setObjectName("finder-list")
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        header = self.list.header()
        header.setStretchLastSection(False)
        for column, mode in enumerate((HeaderMode.ResizeToContents, HeaderMode.Stretch, HeaderMode.ResizeToContents)):
            header.setSectionResizeMode(column, mode)
        self.list.setUniformRowHeights(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._entries: Sequence[SearchEntry] = ()
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

    def search(self, entries: Sequence[SearchEntry]) -> None:
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
        # a match in the name comes before one in the tooltip
        for entry in sorted(self._entries, key=lambda entry: not _has(entry.text, words)):
            if _has(f"{entry.text} {entry.tip} {entry.key}", words):
                item = QTreeWidgetItem(self.list, [entry.text, entry.tip, entry.key])
                item.setData(0, NAME_ROLE, entry.name)
                item.setForeground(1, theme.tokens(self).muted)
                item.setDisabled(not entry.is_enabled)
        if self._entries and not self.list.topLevelItemCount():
            QTreeWidgetItem(self.list, ["Nothing is called like that."]).setDisabled(True)
            self.list.setFirstColumnSpanned(0, QModelIndex(), True)
        self._move(1)

    def _move(self, step: int) -> None:
        count, row = self.list.topLevelItemCount(), self.list.currentIndex().row()
        for _ in range(count):
            row = (row + step) % count
            item = self.list.topLevelItem(row)
            if item is not None and not item.isDisabled():
                self.list.setCurrentItem(item)
                return

    def _accept(self) -> None:
        answer, item = self._answer, self.list.currentItem()
        text = self.line.text().strip()
        self.hide()
        if answer is not None:
            if text:
                answer(text)
        elif item is not None and not item.isDisabled():
            self.chosen.emit(item.data(0, NAME_ROLE))


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text.casefold() for word in words)
