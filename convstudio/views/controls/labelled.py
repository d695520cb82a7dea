"""A field under its label, both in the colour of its term in the size formula where it has one."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from convstudio.views import theme
from convstudio.views.painting import painting
from convstudio.views.style_sheet import set_kind

LABEL, BAR, INSET, ROOM = 16, 3, 5, 10  # pixels


class TermBar(QWidget):
    """A bar of colour at the left of a field, inside of its outline."""

    def __init__(self, role: str, field: QWidget) -> None:
        super().__init__(field)
        self._role = role
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        field.installEventFilter(self)
        self._place(field)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        """Follow the field's size."""
        if event.type() is QEvent.Type.Resize and isinstance(field, QWidget):
            self._place(field)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One colour."""
        with painting(self) as painter:
            colour: QColor = getattr(theme.tokens(self), self._role)
            painter.fillRect(self.rect(), colour if self.isEnabled() else theme.tokens(self).line)

    def _place(self, field: QWidget) -> None:
        self.setGeometry(3, INSET, BAR, field.height() - 2 * INSET)


def show_role(field: QWidget, role: str) -> None:
    """Give the field of a term the term's colour; `labelled` does so for a field that it sets under a label."""
    for box in (field, *field.findChildren(QWidget)):
        if isinstance(box, QAbstractSpinBox | QComboBox) or (
            isinstance(box, QLineEdit) and not isinstance(box.parentWidget(), QAbstractSpinBox | QComboBox)
        ):
            if isinstance(box, QAbstractSpinBox):
                box.lineEdit().setTextMargins(ROOM, 0, 0, 0)
            else:
                set_kind(box, "term")  # leaves room for the bar
            TermBar(role, box)


def labelled(text: str, field: QWidget, colour_role: str = "", parent: QWidget | None = None) -> QWidget:
    """A label above a field. `colour_role` is "kernel", "padding", "stride" or "dilation", or "" for none."""
    column = QWidget(parent)
    label = QLabel(text, column)
    label.setBuddy(field)
    label.setFixedHeight(LABEL)
    set_kind(label, colour_role or "caption")
    if colour_role:
        show_role(field, colour_role)
    if not field.accessibleName():
        field.setAccessibleName(text)
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(2)
    rows.addWidget(label)
    rows.addWidget(field)
    return column
