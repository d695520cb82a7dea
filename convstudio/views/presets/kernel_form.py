"""A card over the window in which a kernel gets its name and a note."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from convstudio.views import theme
from convstudio.views.style_sheet import set_kind

WIDTH = 320
KEEP = "Keep"
LONGEST_NAME, LONGEST_NOTE = 60, 400


class KernelForm(QFrame):
    """Two fields and a button. It lies beside what it is about, and Escape closes it."""

    entered = Signal(str, str)  # name, note

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-form")
        set_kind(self, "card")
        self.setAutoFillBackground(True)
        self._before: QWidget | None = None  # gets the keyboard back
        self.title = QLabel(self)
        set_kind(self.title, "title")
        self.name = self._field("kernel-form-name", "Name", LONGEST_NAME)
        self.note = self._field("kernel-form-note", "Note", LONGEST_NOTE)
        self.note.setPlaceholderText("What it is good for")
        self.hint = QLabel(self)
        self.hint.setObjectName("kernel-form-hint")
        set_kind(self.hint, "caption")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setObjectName("kernel-form-cancel")
        self.cancel.setToolTip("Change nothing (Esc)")
        self.button = QPushButton(KEEP, self)
        self.button.setObjectName("kernel-form-enter")
        self.button.setToolTip("Enter does the same")
        set_kind(self.button, "primary")
        self._taken: frozenset[str] = frozenset()
        self._word = KEEP
        self._lay_out()
        self.setFixedWidth(WIDTH)
        self.name.textChanged.connect(lambda _: self._show_hint())
        for field in (self.name, self.note):
            field.returnPressed.connect(self._enter)
        self.button.clicked.connect(self._enter)
        self.cancel.clicked.connect(self.hide)
        self._window = parent
        parent.installEventFilter(self)
        self.hide()

    def ask(self, title: str, word: str, name: str, note: str, *, beside: QWidget) -> None:
        """Open beside a widget."""
        self.title.setText(title)
        self.setAccessibleName(title)
        self._word = word
        self.name.setText(name)
        self.note.setText(note)
        self._show_hint()
        self._before = QApplication.focusWidget()
        self._place(beside)
        self.show()
        self.raise_()
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)
        self.name.selectAll()

    def show_taken(self, names: frozenset[str]) -> None:
        """Where a new kernel gets one of these names, in small letters, it replaces the one that has it."""
        self._taken = names
        self._show_hint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another size of the window moves what it lies beside."""
        if watched is self._window and event.type() is QEvent.Type.Resize and self.isVisible():
            self._stay_inside(self.pos())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if self.name.text().strip():
            self._leave()
            self.entered.emit(self.name.text(), self.note.text())

    def _leave(self) -> None:
        before = self._before
        self.hide()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show_hint(self) -> None:
        name = self.name.text().strip()
        is_taken = self._word == KEEP and " ".join(name.split()).casefold() in self._taken
        self.button.setEnabled(bool(name))
        self.button.setText("Replace" if is_taken else self._word)
        self.hint.setText(f"There is a kernel “{name}”; it gets these numbers." if is_taken else "")
        self.hint.setVisible(is_taken)
        self.adjustSize()

    def _field(self, name: str, title: str, longest: int) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setAccessibleName(title)
        field.setMaxLength(longest)
        return field

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.title)
        for caption, field in (("Name", self.name), ("Note", self.note)):
            label = QLabel(caption, self)
            label.setBuddy(field)
            set_kind(label, "caption")
            layout.addWidget(label)
            layout.addWidget(field)
        layout.addWidget(self.hint)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.button)
        layout.addLayout(foot)

    def _place(self, beside: QWidget) -> None:
        self.adjustSize()
        right = beside.mapTo(self._window, QPoint(beside.width(), 0))
        self._stay_inside(QPoint(right.x() - self.width(), right.y() + theme.SPACE))

    def _stay_inside(self, place: QPoint) -> None:
        room = self._window.rect().adjusted(theme.SPACE, theme.SPACE, -theme.SPACE, -theme.SPACE)
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(x, y)
