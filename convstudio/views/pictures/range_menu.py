"""What can be chosen of a display range behind the histogram: how it is found, and its two ends as numbers."""

from collections.abc import Mapping
from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget, QWidgetAction

from convstudio.core.display.pictures import Picture
from convstudio.core.wording import field_text
from convstudio.views import icons


def number_from(text: str) -> float:
    """A typed number.

    Raises
    ------
    ValueError
        If it is none, or not finite.
    """
    value = float(text.strip().replace("−", "-").replace(",", "."))
    if not isfinite(value):
        raise ValueError(text)
    return value


class RangeMenu(QToolButton):
    """A button that opens a menu: ways to find the range, and fields for its ends."""

    way_chosen = Signal(str)  # a key of the ways
    range_typed = Signal(object)  # (low, high)
    clipped_toggled = Signal(bool)

    def __init__(self, side: str, ways: Mapping[str, tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{side}-range")
        self.setIcon(icons.icon("sliders-horizontal"))
        self.setToolTip(f"How the values of the {side} become colours: automatic, stretch, or from here to there")
        self.setAccessibleName(f"Display range of the {side}")
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.open_menu)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        group = QActionGroup(self)
        self.ways = {}
        for key, (text, tip) in ways.items():
            action = self._menu.addAction(text)
            action.setObjectName(f"{side}-range-{key}")
            action.setToolTip(tip)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, key=key: self.way_chosen.emit(key))
            group.addAction(action)
            self.ways[key] = action
        self._menu.addSeparator()
        fields = _Fields(self)
        row = QHBoxLayout(fields)
        row.setContentsMargins(12, 4, 12, 4)
        self.low, self.high = (self._field(f"{side}-range-{end}", fields) for end in ("low", "high"))
        for word, field in (("From", self.low), ("to", self.high)):
            row.addWidget(QLabel(word, fields))
            row.addWidget(field)
        self.low.setAccessibleName(f"Lowest value shown of the {side}")
        self.high.setAccessibleName(f"Highest value shown of the {side}")
        holder = QWidgetAction(self)
        holder.setDefaultWidget(fields)
        self._menu.addAction(holder)
        self._menu.addSeparator()
        self.clipped = self._menu.addAction("")
        self.clipped.setObjectName(f"{side}-range-clipped")
        self.clipped.setCheckable(True)
        self.clipped.toggled.connect(self.clipped_toggled)
        self.clipped.setVisible(False)
        self._ends, self._way = (0.0, 0.0), ""

    def show_words(self, text: str) -> None:
        """Say how values become colours beside the icon; "" says nothing."""
        if text == self.text():
            return
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setText(text)
        self.setToolButtonStyle(beside if text else alone)

    def open_menu(self) -> None:
        """Open it, as a click does."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def show_clipped(self, words: str, *, is_marked: bool) -> None:
        """Offer to mark what lies outside of the range, as the histogram's button does; "" offers nothing."""
        self.clipped.setVisible(bool(words))
        self.clipped.setText(f"Mark the {words}")
        self.clipped.setChecked(is_marked)

    def show_range(self, picture: Picture, way: str) -> None:
        """Show the ends, and how they were found; "" is none of the ways."""
        if (picture.low, picture.high) == self._ends and way == self._way:
            return
        self._ends, self._way = (picture.low, picture.high), way
        for field, end in ((self.low, picture.low), (self.high, picture.high)):
            if not field.hasFocus():
                field.setText(field_text(end))
        for key, action in self.ways.items():
            action.setChecked(key == way)

    def _field(self, name: str, parent: QWidget) -> QLineEdit:
        field = QLineEdit(parent)
        field.setObjectName(name)
        field.setFixedWidth(88)
        field.editingFinished.connect(self._take)
        return field

    def _take(self) -> None:
        if not (self.low.isModified() or self.high.isModified()):
            return
        self.low.setModified(False)
        self.high.setModified(False)
        try:
            low, high = number_from(self.low.text()), number_from(self.high.text())
            if not low < high:
                raise ValueError
        except ValueError:
            for field, end in zip((self.low, self.high), self._ends, strict=True):
                field.setText(field_text(end))
            return
        self.range_typed.emit((low, high))


class _Fields(QWidget):
    """Fields in a menu: Enter is theirs, or the menu would take it for its first row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
